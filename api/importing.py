"""`bangfu import`: a register becomes signed batches of facts, or a list of what stands in the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from api.ceremony import NotDone
from api.clerk import Clerk
from api.compose import new_id
from api.desk import Answer, Desk
from api.exchange.annotate import Verdict, annotated
from api.exchange.grid import Workbook
from api.exchange.limits import BYTES_MAX
from api.exchange.nouns import NOUNS
from api.exchange.outcome import Plan, PlannedRow
from api.exchange.plan import Villages, plan
from api.exchange.workbook import read_workbook
from audit.admission import NotAdmitted, admit_batch
from audit.entry import BATCH_ROWS_MAX
from domain.assertions import FOREVER
from domain.authority import Directory
from domain.base import state_of
from domain.errors import Refused
from domain.money import Unit
from domain.rules import RULES
from domain.standing import AreaFacts
from domain.values import kind_of

LATE_REASON = "导入既有登记表"
Progress = Callable[[int, int], None]  # rows done, rows in all


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A new row of a sheet that the ledger does not take."""

    sheet: str
    row: int
    code: str
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class RowsNoted:
    """A rule that entered rows do not meet, or of which nobody knows whether they meet it (D9)."""

    rule: str
    unknown: bool
    sheet: str
    rows: tuple[int, ...]

    @property
    def statement(self) -> str:
        return RULES[self.rule].statement


@dataclass(frozen=True, slots=True)
class Imported:
    """The plan of a file with what the ledger says of its new rows: entered, or in a dry run only decided."""

    plan: Plan
    book: Workbook
    data: bytes
    answers: tuple[
        Answer, ...
    ] = ()  # of the batches; in a dry run only those that would be refused as a whole
    refused: tuple[RowRefused, ...] = ()
    noted: tuple[RowsNoted, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every data row is in the ledger now, or would be."""
        left = any(row.outcome in ("ask", "fault", "changed") for row in self.plan.rows)
        return not left and not self.refused and all(answer.ok for answer in self.answers)

    def annotated(self) -> bytes:
        """The workbook as it came, with everything that was found: an .xlsx."""
        refused = [
            Verdict(one.sheet, one.row, f"{one.message}（{one.code}，{one.rule}）") for one in self.refused
        ]
        return annotated(self.data, self.book, self.plan, refused)

    def json(self) -> dict[str, Any]:
        return self.plan.as_json() | {
            "batches": [answer.json() for answer in self.answers],
            "complete": self.is_complete,
            "noted": [asdict(one) | {"statement": one.statement} for one in self.noted],
            "refused": [asdict(one) for one in self.refused],
        }


def import_register(
    clerk: Clerk,
    path: Path,
    *,
    area: str = "",
    occurred_on: str = "",
    notice: str = "",
    late_reason: str = LATE_REASON,
    unit: Unit | None = None,
    noun: str = "",
    aliases: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
) -> Imported:
    """Read a register, plan every row, and enter the new ones. Raises NotDone when the area is not clear, Unreadable for the file."""
    data = read_limited(path)
    sha256 = hashlib.sha256(data).hexdigest()
    home = _home(clerk, area)
    book = read_workbook(data, path.name)
    planned = plan(
        book,
        area_ids=(home.id,),
        area_label=home.name,
        villages=None if home.kind == "external" else _villages(clerk.desk),
        sha256=sha256,
        notice=notice,
        late_reason=late_reason,
        seen=clerk.desk.reader.moves,
        held=lambda code: held_of(clerk.desk, code),
        new_id=new_id,
        unit=unit,
        noun=noun,
        aliases=aliases or {},
    )
    new = [row for row in planned.rows if row.payload is not None]
    parts = [
        _Part(clerk, new[start : start + BATCH_ROWS_MAX], sha256, occurred_on)
        for start in range(0, len(new), BATCH_ROWS_MAX)
    ]
    done = 0
    for part in parts:
        part.preview() if dry_run else part.enter()
        done += part.taken
        progress(done, len(new))
    return Imported(
        planned,
        book,
        data,
        tuple(part.answer for part in parts if part.answer is not None),
        tuple(
            sorted(chain.from_iterable(part.refused for part in parts), key=lambda one: (one.sheet, one.row))
        ),
        _noted(chain.from_iterable(part.states for part in parts)),
    )


def read_limited(path: Path) -> bytes:
    """A file up to the size that is read, and a little more, so that it can be said how large it is."""
    with path.open("rb") as file:
        return file.read(BYTES_MAX + 1)


class _Part:
    """As many new rows as one batch takes: signed, then decided or handed in."""

    def __init__(self, clerk: Clerk, rows: Sequence[PlannedRow], sha256: str, occurred_on: str) -> None:
        self.desk = clerk.desk
        self.answer: Answer | None = None
        self.refused: list[RowRefused] = []
        self.states: list[Mapping[str, Any]] = []  # of the entries of the accepted rows
        self.taken = len(rows)
        self.rows: list[PlannedRow] = []  # by the index in the batch
        self.bodies: list[bytes] = []
        total = 0
        for row in rows:
            assert row.payload is not None
            try:
                # A new row's ids are new, and its codes were looked up when it was planned: it has seen none of them.
                body = clerk.prepare(
                    NOUNS[row.noun].command, row.payload, nature="fact", occurred_on=occurred_on, seen={}
                )
            except Refused as why:
                self.refused.append(RowRefused(row.sheet, row.row, why.code, why.rule, why.message))
                continue
            self.rows.append(row)
            self.bodies.append(body)
            total += row.payload[NOUNS[row.noun].sum] or 0
        self.envelope = clerk.sign_batch(self.bodies, sha256=sha256, sum_fen=total)

    def enter(self) -> None:
        if not self.bodies:
            return
        answer = self.answer = self.desk.take_batch(self.envelope, self.bodies)
        if answer.position is not None:
            entered = sum(last - first + 1 for first, last in answer.accepted)
            entries = self.desk.reader.entries(answer.position + 1, answer.position + 1 + entered)
            self.states = [entry.state for entry in entries]
        of_all = (answer.detail or {}).get("rows", ())  # BATCH-6
        self._refuse(
            [*answer.refused, *((one["index"], one["code"], one["rule"], one["message"]) for one in of_all)]
        )

    def preview(self) -> None:
        """Decide without recording: a dry run says what the ledger would say."""
        if not self.bodies:
            return
        try:
            batch = admit_batch(self.envelope, self.bodies, self.desk.public_key)
            decision = self.desk.ledger.preview_batch(batch)
        except (NotAdmitted, Refused) as why:
            self.answer = Answer(code=why.code, rule=why.rule, message=why.message)
            return
        _, *listed = decision.events
        self.states = [state_of(made) for made in listed]
        self._refuse([(index, why.code, why.rule, why.message) for index, why in decision.refused])

    def _refuse(self, refused: Iterable[tuple[int, str, str, str]]) -> None:
        self.refused += [
            RowRefused(self.rows[index].sheet, self.rows[index].row, *why) for index, *why in refused
        ]


def _noted(states: Iterable[Mapping[str, Any]]) -> tuple[RowsNoted, ...]:
    rows: dict[tuple[str, str], list[int]] = {}
    for state in states:
        for note in state["notes"]:
            rows.setdefault((note, state["row"]["sheet"]), []).append(state["row"]["row"])
    return tuple(
        RowsNoted(note.partition(":")[0], note.endswith(":unknown"), sheet, tuple(sorted(some)))
        for (note, sheet), some in sorted(rows.items())
    )


def _home(clerk: Clerk, wanted: str) -> AreaFacts:
    """The area whose register it is."""
    directory = clerk.desk.ledger.directory
    post = directory.posts[clerk.desk.capacity(clerk.keys[0].key_id)["post"]]
    if wanted:
        called = directory.area_called(wanted.removeprefix("area:"))
        found = [] if called is None else directory.heirs_of(called.id, FOREVER)
        if len(found) > 1:
            heirs = "、".join(area.name for area in found)
            raise NotDone(f"“{wanted}”已拆分为{heirs}，请用 --area 说明这是哪个区域的登记表")
    else:
        found = [directory.areas[area] for area in post.areas if area in directory.areas]
    if len(found) != 1:
        names = (
            "、".join(directory.areas[area].name for area in post.areas if area in directory.areas) or "无"
        )
        unknown = f"没有登记区域“{wanted}”；" if wanted else ""
        raise NotDone(f"{unknown}请用 --area 说明这是哪个区域的登记表（本岗位辖区：{names}）")
    return found[0]


def _villages(desk: Desk) -> Villages:
    """Every village of now under each name that is its own: alone, and with those of the town and the county before it.

    An old name, an alias and the name of a village that it has taken in are its own too; the names of a village that was
    divided are nobody's: the rows have to be asked about.
    """
    directory = desk.ledger.directory
    found: dict[str, tuple[str, str]] = {}
    for area in directory.areas.values():
        heirs = directory.heirs_of(area.id, FOREVER)
        if area.kind == "village" and len(heirs) == 1:
            for name in _written(directory, area):
                found[name] = heirs[0].name, heirs[0].id
    return found


def _written(directory: Directory, area: AreaFacts) -> Iterator[str]:
    """How papers may write a place: by each of its names, with those of what it lies in before it or without."""
    names = set(area.known_as)
    yield from names
    above = directory.areas.get(area.parents.at(FOREVER) or "")
    while above is not None:
        names = {before + name for before in above.known_as for name in names}
        yield from names
        above = directory.areas.get(above.parents.at(FOREVER) or "")


def held_of(desk: Desk, code: str) -> Mapping[str, Any] | None:
    """What holds now of the subject that a code or an id names, corrections included."""
    for entry in desk.reader.of_subject(code):
        noun = NOUNS.get(kind_of(entry.stream))
        if noun is not None:
            subject: Any = desk.ledger.repository.get(entry.stream)
            fields = [field for field in noun.compared if field != "number"]
            return {"id": entry.stream, "number": subject.number} | {
                field: subject.at(field, FOREVER) for field in fields
            }
    return None
