"""D7, D12, D14: whatever is corrected, struck, taken for a duplicate and given back, and wherever villages go meanwhile: rows,
sums, traces and differences say the same as the entries do."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine

from domain.asset import Asset
from domain.errors import Refused
from domain.errors_correction import UnlikeRemaining
from domain.obligation import Obligation
from domain.record import Recorded
from domain.values import kind_of
from projections.database import prepare
from projections.diff import diff
from projections.follow import follow
from projections.nouns import NOUNS
from projections.pages import Item, page
from projections.rebuild import rebuild
from projections.register import Register, register
from projections.trace import Trace, trace
from projections.wanted import Wanted
from tests.domain import estate
from tests.domain.story import AREAS, WAN, Json, Town, identity, settled
from tests.domain.test_area import succeed
from tests.domain.test_correction_kinds import asked, twice
from tests.projections.told import Told

VILLAGES = ("kang", "shan")
TALLIED = ("project", "asset", "obligation")
STEPS = (
    *["duplicate"] * 4, *["give back"] * 3, *["move money"] * 6, *["strike"] * 6, "slip", "slip", "endorse", "endorse",
    "go", "merge", "restore", "restore", "follow",
)  # fmt: skip
DAYS = ("2026-11-03", "2026-11-10", "2026-11-20")


class Days:
    """Two villages in two towns, and two of each noun in each; what the domain refuses is not done."""

    def __init__(self, engine: Engine) -> None:
        self.town, self.engine = settled(), engine
        self.town.people()
        self.names: dict[str, str] = {}
        self.done = 0
        for village in VILLAGES:
            where: Json = {"areas": [identity("area", village)], "area_label": AREAS[village]}
            by = "clerk" if village == "kang" else "clerk_shan"
            for number in ("1", "2"):
                name = f"{village}{number}"
                self.names[estate.opened(self.town, name, by, **where)] = name
                self.names[estate.owing(self.town, name, by, **where)] = name
                self.town.when(
                    "project.list.v1", self.town.project(name, **where), "typist", nature="opening"
                )
                self.names[identity("project", name)] = name

    def attempt(self, name: str, payload: Json, by: str = "centre", **header: Any) -> bool:
        try:
            self.town.when(name, payload, by, **header)
        except Refused:
            return False
        return True

    def tell(self, step: str, which: int, more: int) -> None:
        subject = sorted(self.names)[which % len(self.names)]
        noun, name = subject.partition("_")[0], self.names[subject]
        others = [one for one in self.names if one.startswith(noun) and one != subject]
        of: Any = self.town.ledger.repository.get(subject)
        self.done += 1
        match step:
            case "follow":
                follow(Told(self.town), self.engine)
            case "duplicate":
                other = others[more % len(others)]
                self.correct(twice(subject, name, other, self.names[other], version=of.registered_at))
            case "give back" if of.duplicate_of:
                made = of.field("duplicate_of").assertions[-1].order
                self.correct(
                    asked(subject, name, "slip", ("duplicate_of", of.duplicate_of, ""), version=made)
                )
            case "move money" if noun == "asset":
                payload = estate.booking(("additions", "depreciation")[more % 4 // 3], WAN, name)
                self.attempt("asset.book.v1", payload, nature="fact", occurred_on=DAYS[more % 2])
            case "move money" if noun == "obligation":
                payload = estate.repayment(WAN, name)
                self.attempt("obligation.repay.v1", payload, nature="fact", occurred_on=DAYS[more % 2])
            case "strike" if noun != "project":
                moved = [one.order for one in of.field("movement").assertions if one.withdrawn is None] or [1]
                version = moved[more % len(moved)]
                if more % 2:
                    self.correct(twice(subject, name, subject, name, version=version))
                else:
                    other = others[0]
                    right = {"instead": other, "instead_name": self.names[other], "version": version}
                    self.correct(asked(subject, name, "wrong_subject", **right))
            case "slip":
                field = {"asset": "original_fen", "obligation": "interest_fen", "project": "build_year"}[noun]
                word = of.field(field).assertions[-1]
                now = 2013 + more % 5 if noun == "project" else word.value + more
                self.correct(asked(subject, name, "slip", (field, word.value, now), version=word.order))
            case "endorse":
                for version in of._entries:
                    located = self.town.books.located(subject, version) or (0, "")
                    seen: Json = {
                        "leaf": located[1],
                        "name": name,
                        "position": located[0],
                        "version": version,
                    }
                    self.attempt(f"{noun}.endorse.v1", seen | {noun: subject}, "centre2")
            case "go":
                to = ("town", "county town")[more % 2]
                if to == "county town":
                    self.attempt(
                        "area.register.v1",
                        {"area": identity("area", to), "division_code": "", "kind": "town", "name": "白石镇"}
                        | {"parent": identity("area", "county")},
                        "registrar",
                        occurred_on="2010-01-01",
                    )
                payload = {
                    "area": identity("area", "shan"),
                    "name": AREAS["shan"],
                    "parent": identity("area", to),
                }
                self.attempt("area.move.v1", payload, "registrar", occurred_on=DAYS[more % 3])
            case "merge" | "restore":
                successors = ("kang",) if step == "merge" else ()
                with suppress(Refused):
                    how = "merged" if successors else "restored"
                    succeed(self.town, *successors, how=how, area="shan", on=DAYS[more % 3])

    def correct(self, payload: Json) -> None:
        """Proposed by one and checked by another, who reads in what two differ."""
        noun = next(one for one in TALLIED if one in payload)
        payload |= {"proposal": identity("proposal", str(self.done))}
        try:
            self.town.when(f"{noun}.correct.v1", payload, "centre")
        except UnlikeRemaining as told:
            if not self.attempt(f"{noun}.correct.v1", payload | {"unlike": told.detail["unlike"]}):
                return
        except Refused:
            return
        signature = estate.signature(self.town, "checks", str(self.done))
        self.attempt("proposal.endorse.v1", signature, "centre2")


class Until(Told):
    """The story as it was when an entry had just been recorded."""

    def __init__(self, town: Town, position: int) -> None:
        self._all: list[Recorded] = town.books.entries[: position + 1]


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 99), st.integers(0, 99)), min_size=8, max_size=24
    )
)
def test_d14_what_was_corrected_is_the_same_wherever_it_is_read(story: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory() as directory:
        engine = prepare(create_engine(f"sqlite:///{Path(directory) / 'read.db'}"))
        days = Days(engine)
        for step, which, more in story:
            days.tell(step, which, more)
        told = Told(days.town)
        follow(told, engine)
        assert rebuild(told, engine).differences == ()
        for noun in TALLIED:
            all_of = register(engine, NOUNS[noun])
            sums_are_those_of_the_rows(all_of)
            rows_say_what_the_domain_does(days.town, all_of)
            for area in ("kang", "shan", "town", "county"):
                wanted = Wanted(areas=frozenset({identity("area", area)}))
                sums_are_those_of_the_rows(register(engine, NOUNS[noun], wanted))
            # Summed up row by row, for a filter that no tally knows.
            sums_are_those_of_the_rows(register(engine, NOUNS[noun], Wanted(known_as="1")))
        days.town.check()
        for subject in days.names:
            the_past_stays_as_it_was(days.town, subject, engine)
        engine.dispose()


def sums_are_those_of_the_rows(found: Register) -> None:
    counted = [row for row in found.rows if not row["duplicate_of"]]
    for checked, column in ((True, found.sums.all.checked), (False, found.sums.all.unchecked)):
        rows = [row for row in counted if row["checked"] is checked]
        assert column.count == len(rows)
        assert column.fen == tuple(sum(row[name] or 0 for row in rows) for name in found.sums.fen)


def rows_say_what_the_domain_does(town: Town, found: Register) -> None:
    for row in found.rows:
        of: Any = town.ledger.repository.get(row["id"])
        assert (row["duplicate_of"], row["areas"]) == (of.duplicate_of, of.last("areas"))
        if isinstance(of, Asset):
            assert row["carrying_fen"] == of.carrying_fen("9999-12-31")
        if isinstance(of, Obligation):
            assert row["outstanding_fen"] == of.outstanding_fen("9999-12-31")


def the_past_stays_as_it_was(town: Town, subject: str, engine: Engine) -> None:
    """Known at any of its entries it is as it was when that had just been recorded, in the rows of now as in the entries of
    then, and `diff` tells what has changed since."""
    told = Told(town)
    positions = [one.position for one in told.of_subject(subject)]
    now = values_of(trace(told, subject))
    for position in positions:
        for day in (None, DAYS[1]):
            past = trace(told, subject, as_of=day, known_at=position)
            then = trace(Until(town, position), subject, as_of=day)
            assert (past.state, past.figures, past.checked) == (then.state, then.figures, then.checked)
            shown = looked_up(engine, subject, Wanted(as_of=day, known_at=position))
            assert ({} if shown is None else shown.fields) == values_of(then)
            assert shown is None or shown.checked == then.checked
            assert shown is None or not then.figures or shown.sums == then.figures
        since = diff(told, subject, from_known_at=position)
        was = values_of(trace(told, subject, known_at=position))
        assert {one.field for one in since.differences} == {
            name
            for name in was.keys() | now.keys()
            if (name in was, was.get(name)) != (name in now, now.get(name))
        }
        assert all(position < by for one in since.differences for by in one.by)
        assert all(one.by for one in since.differences)


def looked_up(engine: Engine, subject: str, wanted: Wanted) -> Item | None:
    """A subject on the pages of its noun."""
    items = page(engine, NOUNS[kind_of(subject)], wanted).items
    return next((one for one in items if one.id == subject), None)


def values_of(found: Trace) -> dict[str, Any]:
    return {one.field: one.value for one in found.state}
