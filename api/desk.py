"""The desk: one open ledger with everything that works on it. The one place where domain, audit and projections are wired."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import Engine

from api import erasing
from api.archive import own_archive
from api.compose import china_today
from api.keeper import Keeper
from api.keyfile import load
from api.personal import People, apart, names_somebody
from api.read_tables import ReadTables, is_kept_file
from api.settings import Settings
from audit import canonical, dsse
from audit.admission import NotAdmitted, admit, admit_batch, batch_of
from audit.commitment import Disclosure
from audit.driver import Driver, StoreFailure
from audit.errors import Malformed
from audit.group import TooLarge
from audit.log import ForeignKey, Log, ReadOnly, now
from audit.reader import Reader
from audit.recorder import LedgerFactory
from audit.sealer import Sealer
from audit.together import Together
from audit.vault import Vault
from domain.errors import Refused
from domain.ledger import Ledger
from domain.record import Signed, SignedBatch


class OverLimit(Refused):
    """An entry that would be larger than FORMAT 16 allows."""

    code, rule, title = "too_large", "FORMAT-16", "超出限额"


TOGETHER = 64  # commands that are decided and recorded together, at most


def open_driver(url: str) -> Driver:
    """The driver of a URL. Raises StoreFailure, and Malformed for a database that is not supported."""
    if url.startswith("sqlite:"):
        from audit.drivers.sqlite import SqliteDriver  # noqa: PLC0415 - each driver needs its own DB-API module

        return SqliteDriver(url)
    if url.startswith("postgresql"):
        from audit.drivers.postgresql import PostgresqlDriver  # noqa: PLC0415

        return PostgresqlDriver(url)
    raise Malformed(f"不支持的数据库：{url.partition(':')[0]}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a statement. `answer` is signed by the ledger once a good signature was established (FORMAT 5.4)."""

    command: str = ""
    position: int | None = None
    n: int = 0
    replayed: bool = False
    code: str = ""
    rule: str = ""
    message: str = ""
    detail: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] | None = None
    accepted: tuple[tuple[int, int], ...] = ()
    refused: tuple[tuple[int, str, str, str], ...] = ()

    @property
    def ok(self) -> bool:
        return not self.code

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"ok": self.ok, "command": self.command, "position": self.position}
        if self.ok:
            found |= {"n": self.n, "replayed": self.replayed}
            if self.accepted or self.refused:
                found["accepted"] = [list(pair) for pair in self.accepted]
                found["refused"] = [
                    {"index": index, "code": code, "rule": rule, "message": message}
                    for index, code, rule, message in self.refused
                ]
        else:
            found |= {
                "code": self.code,
                "rule": self.rule,
                "message": self.message,
                "detail": dict(self.detail or {}),
            }
        found["answer"] = self.answer
        return found


class Handed:
    """One command on its way in, and what became of it."""

    __slots__ = ("disclosures", "envelope", "outcome", "people")

    def __init__(self, envelope: dsse.Envelope, disclosures: Sequence[Disclosure] = ()) -> None:
        self.envelope, self.disclosures = envelope, disclosures
        self.people: Mapping[str, People] = {}  # whom it names, by the id of the command
        self.outcome: Answer | Exception | None = None

    def answer(self) -> Answer:
        """Raises what kept it from being answered."""
        assert self.outcome is not None
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def _is_recorded(one: Handed) -> bool:
    return isinstance(one.outcome, Answer) and one.outcome.ok


def _locked(settings: Settings) -> str:
    """Why nothing can be recorded here; "" when nothing keeps from it."""
    if is_kept_file(settings.log_url):
        return f"{settings.data} 只能读，不能登记：请在台账原来的地方办理"
    if not settings.key_path.exists():
        return f"没有台账密钥 {settings.key_path}，只能查阅：请放回 ledger.key"
    return ""


class Desk:
    """One ledger, open. Threads share it."""

    def __init__(
        self, settings: Settings, *, clock: Callable[[], datetime] = now, driver: Driver | None = None
    ) -> None:
        """Without the ledger's key, where nothing can be written, or with rules that no epoch has adopted, the desk can only read."""
        self.settings = settings
        self.driver = driver or open_driver(settings.log_url)
        self.locked = _locked(settings)
        self.sealer = None if self.locked else Sealer(load(settings.key_path).signer)
        try:
            self.log = Log(self.driver, self.sealer, clock)
        except ForeignKey as error:
            self.sealer, self.locked = None, str(error)
            self.log = Log(self.driver, None, clock)
        self.reader = Reader(self.log)
        self.ledger = Ledger(
            factory=LedgerFactory(self.log),
            books=self.reader,
            today=lambda: china_today(clock()),
            archive=own_archive()[0],
        )
        self._clock = clock
        self._tables = ReadTables(settings.read_url)
        self.keeper = Keeper(settings, self.log, self.reader, self.ledger, clock)
        self._together = Together(self._handle, TOGETHER, len)

    def close(self) -> None:
        self.ledger.close()
        self._tables.close()
        self.keeper.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def projections(self) -> Engine:
        """The read tables."""
        return self._tables.engine

    @property
    def vault(self) -> Vault:
        """The names behind commitments. Raises WrongVaultKey."""
        return self.keeper.vault

    def now(self) -> datetime:
        return self._clock()

    # --- who is who -----------------------------------------------------------------------------------

    def public_key(self, key: str) -> bytes | None:
        """The public key of a key id that the ledger knows, good or not."""
        found = self.ledger.directory.keys.get(key)
        if found is None:
            self.ledger.refresh()
            found = self.ledger.directory.keys.get(key)
        return None if found is None else bytes.fromhex(found.public)

    def capacity(self, key: str, post: str = "") -> dict[str, str]:
        """The signer row of a key, as a command states it: in its own post, or as a deputy (代理) in another.

        Raises LookupError for a key that is not enrolled or a post that is not there.
        """
        if self.public_key(key) is None:
            raise LookupError(f"密钥 {key} 未登记")
        found = self.ledger.directory.keys[key]
        if not post:
            return {"key": key, "organisation": found.organisation, "post": found.post}
        there = self.ledger.refresh().posts.get(post)
        if there is None:
            raise LookupError(f"没有岗位 {post}")
        return {"key": key, "organisation": there.organisation, "post": post}

    # --- the way in -----------------------------------------------------------------------------------

    def submit(self, text: bytes) -> Answer:
        """Take what came over the wire: the envelope of a command, or a batch as FORMAT 5.3 has it (`apart`)."""
        try:
            value, disclosures = apart(dsse.strict_json(text))
            if isinstance(value, dict) and "commands" in value:
                return self.take_batch(*batch_of(value), disclosures)
            return self.take(dsse.envelope_of(value), disclosures)
        except Malformed as error:
            return Answer(code="bad_form", rule="FORMAT-5", message=str(error))

    def take(self, envelope: dsse.Envelope, disclosures: Sequence[Disclosure] = ()) -> Answer:
        """Take one command. Raises StoreFailure: what became of it is unknown."""
        one = Handed(envelope, disclosures)
        self.take_all([one])
        return one.answer()

    def take_all(self, handed: Sequence[Handed]) -> None:
        """Take commands that came at the same time. Each is told what became of it, and none suffers for another.

        Every caller checks the signatures of its own, which holds up nobody; then all who are here are decided together.
        """
        if able := [(one, signed) for one, signed in self._admit(handed) if self._names_settled(one, signed)]:
            self._together.do(able)
        for one, signed in able:
            if erasing.is_order(signed):
                self._follow(one.outcome)

    def _handle(self, group: Sequence[list[tuple[Handed, Signed]]]) -> None:
        """Have the commands of some callers recorded, or their refusals signed."""
        able = list(chain(*group))
        try:
            outcomes = self.ledger.handle_all([signed for _, signed in able])
        except (ReadOnly, StoreFailure) as error:
            outcomes = [error] * len(able)
        for (one, signed), outcome in zip(able, outcomes, strict=True):
            one.outcome = (
                self._answer_to(signed.id, outcome)
                if isinstance(outcome, Exception)
                else Answer(signed.id, outcome.position, outcome.n, outcome.replayed)
            )
        if people := [command for one, _ in able if _is_recorded(one) for command in one.people]:
            self.keeper.confirm(people)

    def _admit(self, handed: Sequence[Handed]) -> list[tuple[Handed, Signed]]:
        found = []
        for one in handed:
            try:
                found.append((one, admit(one.envelope, self.public_key)))
            except NotAdmitted as error:
                one.outcome = Answer(code=error.code, rule=error.rule, message=error.message)
            except Exception as error:  # noqa: BLE001 - its caller raises it
                one.outcome = error
        return found

    def _names_settled(self, one: Handed, signed: Signed) -> bool:
        """Whether a command may be handled: whom it names, if anybody, is in the vault now; whom it erases is listed whole."""
        try:
            if erasing.is_order(signed) and self.reader.find(signed.id) is None:
                self.ledger.preview(signed)
                self.keeper.require_whole(signed)
            if one.disclosures or names_somebody(signed):
                one.people = self.keeper.keep(signed.id, [signed], one.disclosures)
        except Exception as error:  # noqa: BLE001 - its caller is told
            one.outcome = self._answer_to(signed.id, error)
            return False
        return True

    def _follow(self, outcome: Answer | Exception | None) -> None:
        """What became of an order to erase is known by its answer, or later from the log."""
        if not isinstance(outcome, Answer):
            self.keeper.look_again()
        elif outcome.position is not None:
            self.keeper.follow(outcome.position)

    def take_batch(
        self, envelope: dsse.Envelope, bodies: Sequence[bytes], disclosures: Sequence[Disclosure] = ()
    ) -> Answer:
        try:
            batch: SignedBatch = admit_batch(envelope, list(bodies), self.public_key)
        except NotAdmitted as error:
            return Answer(code=error.code, rule=error.rule, message=error.message)
        people: Mapping[str, People] = {}
        try:
            if disclosures or any(map(names_somebody, batch.members)):
                people = self.keeper.keep(batch.id, batch.members, disclosures)
            found = self.ledger.handle_batch(batch)
        except Exception as error:
            answer = self._answer_to(batch.id, error)
            if isinstance(answer, Exception):
                raise
            return answer
        if people:
            self.keeper.confirm(list(people))
        return Answer(
            batch.id,
            found.position,
            1,
            found.replayed,
            accepted=tuple((first, last) for first, last in found.accepted),
            refused=tuple((row.index, row.code, row.rule, row.message) for row in found.refused),
        )

    def _answer_to(self, statement: str, error: Exception) -> Answer | Exception:
        """What is said to a statement with good signatures that was not recorded; the error itself when that is a failure of ours."""
        if isinstance(error, Refused):
            return self._refused(statement, error)
        if isinstance(error, TooLarge):
            return self._refused(statement, OverLimit(str(error)))
        if isinstance(error, ReadOnly):
            return Answer(statement, code="read_only", rule="FORMAT-12", message=self.locked)
        return error

    def _refused(self, command: str, refusal: Refused) -> Answer:
        """A refusal after a good signature is a statement of the ledger's (D1)."""
        answer = None
        if self.sealer is not None:
            body = canonical.encode(
                {
                    "code": refusal.code,
                    "command": command,
                    "origin": self.log.origin,
                    "position": None,
                    "rule": refusal.rule,
                    "size": self.log.size,
                }
            )
            answer = dsse.envelope_json(dsse.signed(dsse.ANSWER, body, self.sealer.signer))
        return Answer(
            command,
            code=refusal.code,
            rule=refusal.rule,
            message=refusal.message,
            detail=refusal.detail,
            answer=answer,
        )
