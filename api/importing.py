"""Workbooks in: a register becomes batches of facts or openings to be signed, or a list of what stands in the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.ceremony import NotDone
from api.clerk import Clerk
from api.compose import compose_batch, new_id
from api.desk import Answer, Desk
from api.exchange.grid import Workbook
from api.exchange.limits import BYTES_MAX
from api.exchange.nouns import NOUNS
from api.exchange.outcome import Plan, PlannedRow
from api.exchange.plan import plan
from api.exchange.workbook import read_workbook
from api.headings import remember, remembered, standing_in
from api.held import held_of
from api.imported import Imported, RowRefused, noted_of
from api.places import all_within, areas_by_name, areas_called
from audit import canonical, dsse
from audit.admission import NotAdmitted, check_command
from audit.entry import BATCH_ROWS_MAX
from domain.base import state_of
from domain.errors import Refused
from domain.money import Unit
from domain.natures import Nature
from domain.record import Signed, SignedBatch
from domain.standing import AreaFacts

LATE_REASON = "导入既有登记表"
Progress = Callable[[int, int], None]  # rows done, rows in all


class UnclearArea(NotDone):
    """Nobody said which area's register it is, and the post does not tell."""

    code = "unclear_area"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody says about a file beside the file itself; "" where the file, or the post of the signer, tells."""

    area: str = ""
    occurred_on: str = ""
    notice: str = ""
    late_reason: str = LATE_REASON
    unit: Unit | None = None
    noun: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)
    opening: bool = False
    as_new: bool = False

    @property
    def nature(self) -> Nature:
        return "opening" if self.opening else "fact"


def import_register(
    clerk: Clerk,
    path: Path,
    wish: Wish,
    *,
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
) -> Imported:
    """Read a register, plan every row, and enter the new ones. Raises NotDone when the area is not clear, Unreadable for the file."""
    one = Importing(clerk.desk, [clerk.desk.capacity(key.key_id) for key in clerk.keys], wish)
    data = read_limited(path)
    one.read(read_workbook(data, path.name), data)
    remember(clerk.desk.settings.data, one.signers[0]["organisation"], wish.aliases)
    if dry_run:
        one.preview()
    else:
        one.enter(clerk, progress)
    return one.result()


def read_limited(path: Path) -> bytes:
    """A file up to the size that is read, and a little more, so that it can be said how large it is."""
    with path.open("rb") as file:
        return file.read(BYTES_MAX + 1)


@dataclass(frozen=True, slots=True)
class Part:
    """As many new rows as one batch takes, each with the exact bytes of its command."""

    rows: Sequence[PlannedRow]  # by the index in the batch
    bodies: Sequence[bytes]

    @property
    def sum_fen(self) -> int:
        return sum((row.payload or {})[NOUNS[row.noun].sum] or 0 for row in self.rows)


class Importing:
    """One file on its way in, for those who will sign: read, then previewed or entered."""

    def __init__(
        self,
        desk: Desk,
        signers: Sequence[Mapping[str, str]],
        wish: Wish,
        may_read: Callable[[Sequence[str]], bool] = lambda _areas: True,
    ) -> None:
        """What lies in no area that `may_read` admits is not held against a row: who asks learns nothing of it."""
        self.desk, self.signers, self.wish = desk, signers, wish
        self._may_read = may_read
        self.refused: list[RowRefused] = []
        self.answers: list[Answer] = []
        self._states: list[Mapping[str, Any]] = []  # of the entries of the accepted rows

    def read(self, book: Workbook, data: bytes) -> Plan:
        """The plan of a file that was read. Raises NotDone, Unreadable."""
        self.book, self.data = book, data
        known = remembered(self.desk.settings.data, self.signers[0]["organisation"])
        self.recalled = {
            heading: column
            for heading, column in standing_in(book, known).items()
            if heading not in self.wish.aliases
        }
        home = _home(self.desk, self.signers[0]["post"], self.wish.area)
        self.plan = plan(
            self.book,
            area_ids=(home.id,),
            area_label=home.name,
            villages=None
            if home.kind == "external"
            else areas_by_name(self.desk.ledger.directory, home.id, "village"),
            areas=areas_by_name(self.desk.ledger.directory, home.id),
            organisations={one.name: one.id for one in self.desk.ledger.directory.organisations.values()},
            sha256=hashlib.sha256(data).hexdigest(),
            notice=self.wish.notice,
            late_reason=self.wish.late_reason,
            nature=self.wish.nature,
            as_new=self.wish.as_new,
            seen=self.desk.reader.moves,
            held=self._held,
            new_id=new_id,
            unit=self.wish.unit,
            noun=self.wish.noun,
            aliases=self.recalled | dict(self.wish.aliases),
        )
        return self.plan

    def _held(self, code: str) -> Mapping[str, Any] | None:
        held = held_of(self.desk, code)
        return held if held is not None and self._may_read(held["areas"]) else None

    def result(self) -> Imported:
        return Imported(
            self.plan,
            self.book,
            self.data,
            tuple(self.answers),
            tuple(sorted(self.refused, key=lambda one: (one.sheet, one.row))),
            noted_of(self._states),
            self.wish.opening,
            self.recalled,
        )

    # --- the new rows, in the order in which they may name each other ---

    def _prepared(self) -> list[tuple[PlannedRow, bytes]]:
        """Every new row with its command: projects, then what belongs to them."""
        order = list(NOUNS)
        new = sorted(
            (row for row in self.plan.rows if row.payload is not None), key=lambda row: order.index(row.noun)
        )
        seen = self._seen([row.payload or {} for row in new])
        nobody, found = Clerk(self.desk), []
        for row in new:
            assert row.payload is not None
            try:
                body = nobody.prepare(
                    NOUNS[row.noun].command,
                    row.payload,
                    nature=self.wish.nature,
                    occurred_on=self.wish.occurred_on,
                    seen=seen,
                    signers=self.signers,
                )
            except Refused as why:
                self._refuse(row, why.code, why.rule, why.message)
                continue
            found.append((row, body))
        return found

    def _seen(self, payloads: Sequence[Mapping[str, Any]]) -> Mapping[str, int]:
        """What the ledger holds now of what rows belong to; of their own ids and codes, which are new, nothing was seen."""
        named = {one for said in payloads for key in ("projects", "assets") for one in said.get(key, ())}
        return self.desk.reader.moves(sorted(named)) if named else {}

    # --- what becomes of them ---

    def preview(self) -> list[Part]:
        """Decide without recording: a dry run says what the ledger would say. The batches that it would take."""
        prepared = self._prepared()
        decided = self._decide(prepared) if prepared else []
        return [
            Part(*zip(*decided[start : start + BATCH_ROWS_MAX], strict=True))
            for start in range(0, len(decided), BATCH_ROWS_MAX)
        ]

    def _decide(self, prepared: Sequence[tuple[PlannedRow, bytes]]) -> list[tuple[PlannedRow, bytes]]:
        """All rows as if they were one batch, however many: so that each sees those before it."""
        bodies = [body for _, body in prepared]
        try:
            members = tuple(
                Signed(dsse.statement_id(dsse.COMMAND, body).hex(), body, check_command(body), ())
                for body in bodies
            )
            body = self.statement(Part([row for row, _ in prepared], bodies))
            batch = SignedBatch("", body, canonical.decode(body), (), members)
            decision = self.desk.ledger.preview_batch(batch)
        except NotAdmitted as why:
            self.answers.append(Answer(code=why.code, rule=why.rule, message=why.message))
            return []
        except Refused as why:
            self.answers.append(Answer(code=why.code, rule=why.rule, message=why.message))
            for row in why.detail.get("rows", ()):  # BATCH-6
                self._refuse(prepared[row["index"]][0], row["code"], row["rule"], row["message"])
            return []
        _, *listed = decision.events
        self._states += [state_of(made) for made in listed]
        for index, one in decision.refused:
            self._refuse(prepared[index][0], one.code, one.rule, one.message)
        return [prepared[index] for index in decision.indexes]

    def enter(self, clerk: Clerk, progress: Progress) -> None:
        """Sign and hand in, a thousand rows at a time."""
        prepared = self._prepared()
        for start in range(0, len(prepared), BATCH_ROWS_MAX):
            part = Part(*zip(*prepared[start : start + BATCH_ROWS_MAX], strict=True))
            signers = [key.signer for key in clerk.keys]
            envelope = dsse.signed(dsse.BATCH, self.statement(part), *signers)
            answer = self.desk.take_batch(envelope, list(part.bodies))
            self.answers.append(answer)
            if answer.position is not None:
                entered = sum(last - first + 1 for first, last in answer.accepted)
                first = answer.position + 1
                self._states += [entry.state for entry in self.desk.reader.entries(first, first + entered)]
            of_all = (answer.detail or {}).get("rows", ())  # BATCH-6
            more = ((one["index"], one["code"], one["rule"], one["message"]) for one in of_all)
            for index, code, rule, message in (*answer.refused, *more):
                self._refuse(part.rows[index], code, rule, message)
            progress(start + len(part.rows), len(prepared))

    def statement(self, part: Part) -> bytes:
        """The canonical bytes of a batch, to be signed."""
        return compose_batch(
            new_id("batch"),
            part.bodies,
            origin=self.desk.log.origin,
            signers=self.signers,
            sha256=self.plan.sha256,
            sum_fen=part.sum_fen,
        )

    def prepared(self, part: Part) -> dict[str, Any]:
        """A batch that waits for its signature: the exact bytes of its commands and of its statement, in base64."""
        body = self.statement(part)
        return {
            "command": dsse.statement_id(dsse.BATCH, body).hex(),
            "commands": [dsse.b64(one) for one in part.bodies],
            "pae": dsse.b64(dsse.pae(dsse.BATCH, body)),
            "payload": dsse.b64(body),
            "payloadType": dsse.BATCH,
            "rows": [[row.sheet, row.row] for row in part.rows],
            "sum_fen": part.sum_fen,
            "summary": canonical.decode(body)["summary"],
        }

    def _refuse(self, row: PlannedRow, code: str, rule: str, message: str) -> None:
        self.refused.append(RowRefused(row.sheet, row.row, code, rule, message))


def _all(areas: Sequence[AreaFacts]) -> str:
    return "、".join(area.name for area in areas)


def _home(desk: Desk, post: str, wanted: str) -> AreaFacts:
    """The area whose register it is: as it is said, or the only one of a post, or the least that all of a post lie in.

    Raises UnclearArea.
    """
    directory = desk.ledger.directory
    own = [directory.areas[area] for area in directory.posts[post].areas if area in directory.areas]
    found = all_within(directory, own)
    if wanted:
        found = areas_called(directory, wanted.removeprefix("area:"))
    if len(found) != 1:
        unknown = (
            ""
            if not wanted
            else f"没有登记区域“{wanted}”；"
            if not found
            else f"“{wanted}”可指{_all(found)}；"
        )
        raise UnclearArea(
            f"{unknown}请说明这是哪个区域的登记表（命令行 --area，HTTP 地址里 area=）（本岗位辖区：{_all(own) or '无'}）"
        )
    return found[0]
