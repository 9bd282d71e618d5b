"""Whose names a reader is told (docs/decisions/0008): by role and area, each reading noted beside the vault, and what of them
is erased told as such.

The one door to `Vault.reveal`: HTTP, pages and command line come through here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from api import erasing
from audit.driver import StoreFailure
from domain.authority import ROLE_LABELS
from domain.errors import NotFound, Refused
from projections.named import commitments_of, named
from projections.trace import Trace, trace

if TYPE_CHECKING:
    from api.desk import Desk

# Role -> why it is told names: it cannot do its work without them (个人信息保护法 6, 51(四)). The areas are those of the post
# (AUTH-5); discipline inspection reads the whole ledger. Who is not here is told none: a registrar handles keys and no
# debts, a recorder types what others have and need not read it again.
READERS: Mapping[str, str] = {
    "village_admin": "录入、核实本村的往来（领域2.1）",
    "collective": "是本集体债权债务、资产的一方",
    "service_centre": "核对所辖的登记（种子 三）",
    "township": "审批并对个人信息的处理负责（个保法9）",
    "finance": "会计核算，查清保存义务（会计法）",
    "county": "审批、监督所辖（种子 三）",
    "discipline": "监督检查（监察法18）",
}
# Whose readings leave no trace here: that an inspector looked is for the reading room alone (D18).
UNNOTED = frozenset({"discipline"})
# Who reads the record of readings: who supervises, and who is answerable for its own posts (个人信息保护法 9, 54).
SUPERVISORS = frozenset({"discipline", "township"})

CLOSED = "〔未获授权〕"
AWAY = "〔保管库不可用〕"
_log = logging.getLogger(__name__)
STATES: Mapping[str, str] = {
    "kept": "",
    "erasing": "〔删除中〕",
    "erased": "〔已删除〕",
    "missing": "〔保管库中没有〕",
}


class NamesClosed(Refused):
    """A reader whose role, or whose areas, are none of those that are told names."""

    code, rule, title = "names_closed", "AUTH-5", "无权读取个人信息"


class Who(Protocol):
    """A reader: `api.http.auth.Reader`."""

    @property
    def key(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def title(self) -> str: ...
    def may_name(self, areas: Iterable[str]) -> bool: ...


@dataclass(frozen=True, slots=True)
class Named:
    """What a reader is told of one commitment. `salt` opens it for whoever wants to check that this very value was meant."""

    commitment: str
    state: str
    field: str = ""
    value: str = ""
    salt: str = ""

    @property
    def told(self) -> str:
        return self.value or STATES[self.state]


def may_read(reader: Who, areas: Iterable[str]) -> bool:
    """Whether a reader is told the names in what lies in these areas."""
    return reader.may_name(areas)


def require(reader: Who, subject: str, areas: Iterable[str]) -> None:
    """Raises NamesClosed."""
    if may_read(reader, areas):
        return
    if reader.role not in READERS:
        raise NamesClosed(
            f"{reader.title}不读取个人信息：可读的是{'、'.join(ROLE_LABELS[role] for role in READERS)}",
            subject=subject,
        )
    raise NamesClosed(f"{subject} 不在本岗位的辖区之内", subject=subject)


def reveal(desk: Desk, reader: Who, subject: str, commitments: Sequence[str]) -> dict[str, Named]:
    """What the commitments of a subject stand for, to a reader who may know it. The reading is noted before anything is told."""
    if not commitments:
        return {}
    ordered = erasing.erased_by(desk.reader, commitments)
    left = [one for one in commitments if one not in ordered]
    with desk.keeper.at_work() as vault:
        kept = vault.kept(list(ordered)) if ordered else set()
        if left and reader.role not in UNNOTED:
            vault.readings.note(reader.key, subject, desk.now())
        opened = vault.reveal(left)
    found = {}
    for one in commitments:
        if one in ordered:
            gone = ordered[one].confirmed and one not in kept
            found[one] = Named(one, "erased" if gone else "erasing")
        elif one in opened:
            disclosure = opened[one]
            found[one] = Named(one, "kept", disclosure.field, disclosure.value, disclosure.salt.hex())
        else:
            found[one] = Named(one, "missing")
    return found


def told(desk: Desk, reader: Who, found: Trace, areas_of: Mapping[str, Iterable[str]]) -> tuple[Trace, bool]:
    """A trace as a reader is told it: with names where they may be known, else with a mark. Whether it holds a name.

    `areas_of`: where its subject lies, and each obligation beside it.
    """
    words: dict[str, dict[str, str]] = {}
    opened = False
    for subject, commitments in commitments_of(found).items():
        words[subject] = dict.fromkeys(commitments, CLOSED)
        if may_read(reader, areas_of.get(subject, ())):
            try:
                revealed = reveal(desk, reader, subject, commitments)
            except StoreFailure as failure:  # the story is told without its names rather than not at all
                _log.warning("%s", failure)
                words[subject] = dict.fromkeys(commitments, AWAY)
                continue
            words[subject] = {one: known.told for one, known in revealed.items()}
            opened = opened or any(known.value for known in revealed.values())
    return named(found, words), opened


def areas_now(desk: Desk, subject: str) -> list[str]:
    """Where a subject lies, from entries; nowhere when it is not known."""
    try:
        return list(trace(desk.reader, subject).value("areas") or ())
    except NotFound:
        return []
