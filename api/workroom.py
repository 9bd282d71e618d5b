"""The work room: a workbook that somebody sent is read, planned and marked, and one that is asked for written, in a
process of its own.

What comes from outside may be made to cost memory or time without end, and the register of a whole town costs seconds.
There it costs a process with limits, which has no key of anybody, records nothing, and is ended when it takes too long;
the server only carries bytes.

`python -m api.workroom` is that process: a line of JSON and the file come in, a line of JSON and an answer go out.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any, Literal, NoReturn

from api.exchange.errors import TooLarge, Unreadable
from api.fair import Places

SECONDS_MAX = 90  # by the clock, from start to end
CPU_SECONDS_MAX = 60
MEMORY_MAX = 2_000_000_000  # of addresses: what is mapped and not touched counts too
ANSWER_MAX = 200_000_000
TOGETHER = 2  # at work at once
WAITING_MAX = 6  # files that lie here and wait
OF_ONE_MAX = 2  # of one key: one at work, one that waits for it
RECEIVING_SECONDS = (
    240.0  # the largest file on a line of 1 Mbit/s; who sends slower keeps a place from others
)
SENDING_SECONDS = 240.0  # the same way back
_EXHAUSTED = b'{"status": "exhausted"}\n'
_LINE_MAX = 10_000  # of JSON before the answer
# Where the process finds no key: it opens the ledger to look at it only.
_NO_KEY = "/nonexistent/bangfu"


# What is done: a file that is previewed, or marked; or what holds now, as a workbook or as CSV.
Task = Literal["preview", "annotated", "xlsx", "csv"]
EXPORTS: frozenset[Task] = frozenset({"xlsx", "csv"})


class Unclear(Exception):
    """What was said of the file, or of what is wanted, does not do. The message says what is missing."""


class TooMuch(Exception):
    """What is wanted takes more time or memory than there is for it."""


class Away(Exception):
    """The database does not answer."""


class CalledOff(Exception):
    """Nobody waits for the answer any more."""


class Broke(Exception):
    """The process ended without an answer: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done: which ledger to look at, for whom, and what was said of the file, or of what is wanted."""

    settings: Mapping[str, Any]  # fields of `Settings`
    signer: Mapping[str, str]
    areas: Sequence[str] | None  # what the signer may look at; None: all
    wish: Mapping[str, Any]  # fields of `api.importing.Wish`; of an export, of `api.exporting.Wanted`
    name: str  # of the file; of an export, its noun
    task: Task = "preview"

    def line(self) -> bytes:
        stated = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return json.dumps(stated, ensure_ascii=True).encode("ascii") + b"\n"


class Errand:
    """The work at one order, which whoever no longer waits for it may call off at any time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.called_off = False

    def begin(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._process = process
            if self.called_off:
                process.kill()

    def call_off(self) -> None:
        with self._lock:
            self.called_off = True
            if self._process is not None:
                self._process.kill()


class WorkRoom:
    """Takes orders from many threads; `close` ends what is at work."""

    def __init__(self, receiving: float = RECEIVING_SECONDS, sending: float = SENDING_SECONDS) -> None:
        """`receiving`, `sending`: seconds within which a file has to have arrived, and an answer to have been taken."""
        self.receiving, self.sending = receiving, sending
        self._hands = ThreadPoolExecutor(TOGETHER, "workroom")
        self._lock = threading.Lock()
        self.places = Places(TOGETHER + WAITING_MAX, OF_ONE_MAX)  # of those who have a file here
        self._running: set[Errand] = set()
        self._closed = False

    @property
    def hands(self) -> ThreadPoolExecutor:
        """Whose threads call `done`: as many as may work together."""
        return self._hands

    @property
    def at_work(self) -> int:
        """How many processes run."""
        return len(self._running)

    def done(
        self, order: Order, data: bytes, seconds: float = SECONDS_MAX, errand: Errand | None = None
    ) -> bytes:
        """The answer to an order. Raises Unreadable, Unclear, TooMuch, Away, Broke, CalledOff."""
        errand = errand or Errand()
        if errand.called_off:
            raise CalledOff
        with TemporaryFile() as given, TemporaryFile() as answer:
            given.write(order.line())
            given.write(data)
            given.seek(0)
            code = self._run(given, answer, seconds, errand)
            answer.seek(0)
            told = _told(answer.readline())
            if told.get("status") == "done":
                return answer.read(ANSWER_MAX)
        if errand.called_off:
            raise CalledOff
        if code is None or code < 0 or told.get("status") == "exhausted":
            if order.task in EXPORTS:
                raise TooMuch
            raise TooLarge(
                f"文件 {order.name} 用时或所占内存超过本机为一个文件所留的限额，没有读入；请分成几个文件",
                seconds=seconds,
            )
        if told.get("status") == "unclear":
            raise Unclear(told["message"])
        if told.get("status") == "away":
            raise Away
        if told.get("status") == "unreadable":
            raise _unreadable(told)
        raise Broke(f"the work room ended with {code}")

    def _run(self, given: IO[bytes], answer: IO[bytes], seconds: float, errand: Errand) -> int | None:
        """The exit code of the process; None when it took too long."""
        from api.settings import plain_environment  # noqa: PLC0415 - the process itself needs no settings at first

        process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "api.workroom",
            ],  # nothing is imported from where the server was started
            stdin=given,
            stdout=answer,
            stderr=subprocess.DEVNULL,  # what goes wrong there may hold what somebody sent
            env=plain_environment(),
        )
        errand.begin(process)
        with self._lock:
            self._running.add(errand)
            if self._closed:
                errand.call_off()
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None
        finally:
            with self._lock:
                self._running.discard(errand)

    def close(self) -> None:
        """Nobody waits for what is still at work."""
        with self._lock:
            self._closed = True
            for errand in self._running:
                errand.call_off()
        self._hands.shutdown()


def _told(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _unreadable(told: Mapping[str, Any]) -> Unreadable:
    kind = next(one for one in Unreadable.__subclasses__() if one.code == told["code"])
    return kind(told["message"], **told["detail"])


# --- in the process -----------------------------------------------------------------------------------


def limit() -> None:
    """Bind this process, as far as its system can: there is no way back."""
    try:
        import resource  # noqa: PLC0415 - not on every system, and of no use to the server
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_MAX),
        (resource.RLIMIT_CPU, CPU_SECONDS_MAX),
        (resource.RLIMIT_FSIZE, ANSWER_MAX),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
    signal.alarm(SECONDS_MAX + 1)  # when nobody is left who would end it


def _imported(order: Mapping[str, Any], data: bytes) -> bytes:
    """What would become of a file."""
    from api.exchange.workbook import read_workbook  # noqa: PLC0415 - a file that is none costs no more than this

    book = read_workbook(data, order["name"])

    from api.importing import Importing, Wish  # noqa: PLC0415

    areas = order["areas"]

    def may_read(lies: Sequence[str]) -> bool:
        return areas is None or not set(areas).isdisjoint(lies)

    with _desk(order) as desk:
        one = Importing(desk, [order["signer"]], Wish(**order["wish"]), may_read)
        one.read(book, data)
        parts = one.preview()
    found = one.result()
    if order["task"] == "annotated":
        return found.annotated()
    told = found.json() | {"prepared": [one.prepared(part) for part in parts]}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _exported(order: Mapping[str, Any], _data: bytes) -> bytes:
    """What holds now of a noun, as far as its reader may look at it."""
    from api.exporting import Wanted, export_register  # noqa: PLC0415 - as above

    seen = None if order["areas"] is None else frozenset(order["areas"])
    with _desk(order) as desk:
        wanted = Wanted(**order["wish"], seen=seen)
        content, _ = export_register(desk, order["name"], wanted, csv=order["task"] == "csv")
    return content


@contextmanager
def _desk(order: Mapping[str, Any]) -> Iterator[Any]:
    """The ledger, to be looked at without any key. Raises Unclear, Away for what its user raises."""
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - as above

    from api.ceremony import NotDone  # noqa: PLC0415
    from api.desk import Desk  # noqa: PLC0415
    from api.settings import Settings  # noqa: PLC0415
    from audit.driver import StoreFailure  # noqa: PLC0415
    from projections.database import is_fault_of_ours  # noqa: PLC0415
    from projections.follow import FollowedElsewhere  # noqa: PLC0415

    try:
        with Desk(Settings(**order["settings"] | {"ledger_key": _NO_KEY, "vault_key": _NO_KEY})) as desk:
            yield desk
    except NotDone as why:
        raise Unclear(str(why)) from None
    except (StoreFailure, DBAPIError, FollowedElsewhere) as why:
        if isinstance(why, DBAPIError) and is_fault_of_ours(why):
            raise
        raise Away from why


_TASKS: Mapping[Task, Callable[[Mapping[str, Any], bytes], bytes]] = {
    "preview": _imported,
    "annotated": _imported,
    "xlsx": _exported,
    "csv": _exported,
}


def _give_up() -> NoReturn:
    """Say so and end at once: there may be no memory left for anything else."""
    os.write(sys.stdout.fileno(), _EXHAUSTED)
    os._exit(0)


def main() -> int:
    limit()
    order = json.loads(sys.stdin.buffer.readline())
    told: dict[str, Any] = {"status": "done"}
    answer = b""
    try:
        answer = _TASKS[order["task"]](order, sys.stdin.buffer.read())
    except Unreadable as why:
        told = {"status": "unreadable", "code": why.code, "message": why.message, "detail": why.detail}
    except Unclear as why:
        told = {"status": "unclear", "message": str(why)}
    except Away:
        told = {"status": "away"}
    except MemoryError:
        _give_up()
    if len(answer) > ANSWER_MAX - _LINE_MAX:
        _give_up()
    sys.stdout.buffer.write(json.dumps(told).encode("ascii") + b"\n" + answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
