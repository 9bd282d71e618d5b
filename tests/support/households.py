"""Whom 青溪乡 owes: households with names, old debts long repaid, and the order to erase them. 示例数据: all of it is invented."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

from api.compose import china_today, sign_command
from api.desk import Desk
from api.personal import conceal
from api.settings import Settings
from audit import dsse
from audit.commitment import Disclosure
from tests.domain import estate
from tests.support.logbook import new_id
from tests.support.world import WAN, World, area, post

REGISTER, REPAY, ORDER, CONFIRM = (
    "obligation.register.v1",
    "obligation.repay.v1",
    "erasure.order.v1",
    "erasure.confirm.v1",
)
BEGAN, ENDED = "2012-05-01", "2013-06-01"
PLACES = {"kang": "康家村", "shan": "山背村", "far": "远村"}
TWO = ("township", "treasurer")
Json = dict[str, Any]


@dataclass(frozen=True)
class Owed:
    """A debt, and what opens the commitments in it."""

    id: str
    number: str
    disclosures: tuple[Disclosure, ...]

    @property
    def commitments(self) -> list[str]:
        return sorted(one.commitment for one in self.disclosures)


def staff(world: World) -> World:
    """Those who come with erasures, and a county that keeps names for ten years."""
    world.employ("treasurer", "finance", "town", ["town"])
    world.employ("county", "county", "town", ["county"])
    world.employ("chair", "collective", "kang", ["kang"])
    ten = {
        "document": "示例县办〔2026〕3号",
        "effective_on": china_today(world.clock()),
        "name": "names_years",
        "value": 10,
    }
    world.accepted("parameter.set.v1", ten | {"parameter": new_id("parameter", "names")}, "registrar")
    return world


def owed(
    world: World,
    number: str,
    name: str,
    *,
    handler: str = "",
    by: str = "kang",
    beside: Sequence[Disclosure] = (),
    **changed: Any,
) -> Owed:
    """A debt of 2012 to a household of that name, on the way of any client; `beside` opens commitments stated as such."""
    creditor = {"kind": "household", "name": "", "organisation": "", "person": name}
    fields = {"area_label": PLACES[by], "areas": [area(by)], "creditor": creditor, "handler": handler}
    fields |= {"late_reason": "补登", "number": number, "paid_fen": 0, "principal_fen": WAN} | changed
    identity = new_id("obligation", number)
    payload = estate.owed(f"示例流转金{number}", obligation=identity, outstanding_fen=WAN, **fields)
    concealed = conceal(REGISTER, payload)
    body = world.clerk(by).prepare(
        REGISTER, concealed.payload, nature="opening", occurred_on=BEGAN, now=world.clock()
    )
    disclosures = (*concealed.disclosures, *beside)
    answer = world.take(body, by, disclosures=disclosures)
    assert answer.ok, answer.message
    return Owed(identity, number, disclosures)


def repaid(world: World, debt: Owed, by: str = "kang") -> Owed:
    payment = estate.repayment(
        WAN, f"示例流转金{debt.number}", obligation=debt.id, late_reason="补登", voucher="记-1"
    )
    world.accepted(REPAY, payment, by, nature="fact", occurred_on=ENDED)
    return debt


def order(*debts: Owed, name: str = "一", **changed: Any) -> Json:
    """Everything of some debts, and one copy."""
    return {
        "basis": "示例府函〔2026〕9号",
        "commitments": sorted(one for debt in debts for one in debt.commitments),
        "copies": [{"medium": "异地备份", "post": post("county")}],
        "erasure": new_id("erasure", name),
        "ground": "period_over",
        "subjects": sorted(debt.id for debt in debts),
    } | changed


def confirmation(name: str = "一", medium: str = "异地备份") -> Json:
    return {"erasure": new_id("erasure", name), "medium": medium, "record": "示例销毁登记3号"}


# --- whether a name lies about ---------------------------------------------------------------------------


def forms_of(name: str) -> Iterator[bytes]:
    """A name as a file may hold it: UTF-8, GB18030, UTF-16, base64 of these at any offset, hex, JSON and URL escapes."""
    for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
        plain = name.encode(encoding)
        yield plain
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for pad in range(3):
            for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
                yield alphabet(b" " * pad + plain)[4 if pad else 0 : -4]
    yield json.dumps(name)[1:-1].encode()
    yield "".join(f"%{byte:02X}" for byte in name.encode()).encode()
    yield "".join(f"&#{ord(one)};" for one in name).encode()


def holding(body: bytes, names: Iterable[str]) -> list[str]:
    """Those of some names that stand somewhere in these bytes."""
    return [name for name in names if any(form in body for form in forms_of(name))]


def files_holding(directory: Path, names: Sequence[str]) -> Mapping[str, list[str]]:
    """Every file below a directory that holds one of some names. Write-ahead logs and journals are files too."""
    found = {}
    with copied(directory) as copy:
        for path in sorted(copy.rglob("*")):
            file = path.relative_to(copy)
            if path.is_file() and (there := holding(path.read_bytes() + str(file).encode(), names)):
                found[str(file)] = there
    return found


@contextmanager
def copied(directory: Path) -> Iterator[Path]:
    """The files as they are at this moment, copied by another process: a process that itself opens and closes a database file
    loses the locks that SQLite holds on it (sqlite.org/howtocorrupt.html, 2.2)."""
    with TemporaryDirectory() as scratch:
        target = Path(scratch) / "copy"
        program = "import shutil, sys; shutil.copytree(*sys.argv[1:])"
        subprocess.run([sys.executable, "-c", program, str(directory), str(target)], check=True)
        yield target


# --- a process that erases -------------------------------------------------------------------------------


def signed_order(world: World, debt: Owed) -> bytes:
    """An order for one debt, as it goes over the wire."""
    body = world.clerk(*TWO).prepare(ORDER, order(debt, name=debt.number), now=world.clock())
    return dsse.print_envelope(sign_command(body, *(world.keys[one].signer for one in TWO)))


def erase_for_ever(data: Path, orders: Sequence[bytes], answer: Connection) -> None:
    """Hand in one order after another and say each that is answered. Ends when it is killed."""
    with Desk(Settings(data=data)) as desk:
        answer.send(-1)
        for number, envelope in enumerate(orders):
            told = desk.submit(envelope)
            assert told.ok, told.message
            answer.send(number)
    answer.send(len(orders))
    Event().wait()
