"""D7 and D20 by enumeration: late entries and corrections in any order, against the sentences read naively.

Every history is made by real commands; after each of them every field is asked for every day as known at every
version, and the sums are the identities.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.asset_card import figures
from domain.errors import NothingCorrected
from domain.errors_asset import CarryingBelowZero
from domain.errors_obligation import AlreadySettled, OutstandingBelowZero
from domain.obligation_card import sums
from tests.domain import estate
from tests.domain.story import Json, Town, identity, settled

OPENED = "2026-11-12"
DAYS = [f"2026-11-{day:02d}" for day in range(9, 17)]
CONDITIONS = ["in_operation", "idle", "damaged", "missing"]


@dataclass
class Word:
    """One value of one field, as an event said it."""

    order: int
    day: str
    name: str
    value: Any
    withdrawn: int | None = None

    def counts(self, day: str, known: int) -> bool:
        alive = self.withdrawn is None or self.withdrawn > known
        return self.day <= day and self.order <= known and alive


@dataclass
class Naive:
    """The sentences of D7 and D20, word for word."""

    words: list[Word] = field(default_factory=list)

    def say(self, order: int, day: str, **values: Any) -> None:
        self.words += [Word(order, day, name, value) for name, value in values.items()]

    def correct(self, order: int, corrects: int, name: str, now: Any) -> None:
        for one in list(self.words):
            if (one.order, one.name) == (corrects, name) and one.withdrawn is None:
                one.withdrawn = order
                self.words.append(Word(order, one.day, name, now))

    def at(self, name: str, day: str, known: int) -> Any:
        holding = [one for one in self.words if one.name == name and one.counts(day, known)]
        return max(holding, key=lambda one: (one.day, one.order)).value if holding else None

    def moved(self, day: str, known: int) -> list[Json]:
        since = OPENED if day >= OPENED else ""
        words = [one for one in self.words if one.name == "movement" and one.counts(day, known)]
        return [one.value for one in words if one.day >= since and one.value is not None]

    def correctable(self, name: str) -> list[Word]:
        return [one for one in self.words if one.name == name and one.withdrawn is None]

    def copy(self) -> "Naive":
        return Naive([Word(**vars(one)) for one in self.words])


def carrying(model: Naive, day: str, known: int) -> int | None:
    original = model.at("original_fen", day, known)
    if original is None:
        return None
    base = (model.at("additions_fen", day, known) or 0) - (model.at("depreciation_fen", day, known) or 0)
    signs = {"additions": 1, "depreciation": -1}
    return int(
        original + base + sum(signs[one["kind"]] * one["amount_fen"] for one in model.moved(day, known))
    )


def outstanding(model: Naive, day: str, known: int) -> int | None:
    principal = model.at("principal_fen", day, known)
    if principal is None:
        return None
    moved = model.moved(day, known)
    accrued = sum(one["accrued_fen"] for one in moved)
    settled_fen = sum(one["principal_fen"] + one["interest_fen"] for one in moved)
    return int(principal + accrued - settled_fen - (model.at("paid_fen", day, known) or 0))


LATEST = 10**6  # known: everything


def below_zero(model: Naive, amount: Any) -> bool:
    return any((amount(model, day, LATEST) or 0) < 0 for day in DAYS)


def told(town: Town, name: str, payload: Json, day: str) -> int:
    """A fact of a day; the version of its entry."""
    accepted = town.when(name, payload | {"late_reason": "补登"}, "clerk", nature="fact", occurred_on=day)
    return town.only(accepted).version


def corrected(town: Town, subject: str, name: str, number: int, word: Word, now: Any) -> int:
    estate.correct(
        town, subject, name, (word.name, word.value, now), version=word.order, proposal=f"更正{number}"
    )
    return town.books.stream(subject)[-1].version


days = st.sampled_from(DAYS)
pick = st.integers(0, 99)
OF_ASSET = st.one_of(
    st.tuples(st.just("report"), days, st.sampled_from(CONDITIONS)),
    st.tuples(st.just("additions"), days, st.integers(1, 40)),
    st.tuples(st.just("depreciation"), days, st.integers(1, 40)),
    st.tuples(st.just("condition"), pick, st.sampled_from(CONDITIONS)),
    st.tuples(st.just("original_fen"), pick, st.integers(0, 120)),
    st.tuples(st.just("movement"), pick, st.integers(0, 40)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(OF_ASSET, min_size=1, max_size=12))
def test_d7_an_asset_holds_what_the_sentence_says(history: list[tuple[str, Any, Any]]) -> None:
    town, model = settled(), Naive()
    opened = {"condition": "idle", "original_fen": 100, "additions_fen": 0, "depreciation_fen": 20}
    asset = estate.opened(town, on=OPENED, carrying_fen=None, **opened)
    model.say(1, OPENED, **opened)
    for number, (what, when, value) in enumerate(history):
        trial = model.copy()
        order = town.books.stream(asset)[-1].version + 1
        if what == "report":
            trial.say(
                told(town, "asset.report_condition.v1", estate.report(value), when), when, condition=value
            )
        elif what in ("additions", "depreciation"):
            version = told(town, "asset.book.v1", estate.booking(what, value), when)
            trial.say(version, when, movement={"amount_fen": value, "kind": what})
        else:
            words = trial.correctable(what)
            word = words[when % len(words)] if words else None
            if word is None or (what == "movement" and word.value is None):
                continue
            now = value
            if what == "movement":
                now = None if value == 0 else word.value | {"amount_fen": value}
            if now == word.value:
                continue
            trial.correct(order + 1, word.order, what, now)
            try:
                corrected(town, asset, estate.COLD_STORE, number, word, now)
            except CarryingBelowZero:
                assert below_zero(trial, carrying)
                continue
            assert not below_zero(trial, carrying)
        model = trial
        agrees_of_asset(town, model)
    town.check()


def agrees_of_asset(town: Town, model: Naive) -> None:
    held = estate.asset(town)
    for day in DAYS:
        for known in range(held.version + 1):
            assert held.field("condition").at(day, known) == model.at("condition", day, known)
            stood = figures(held.field, held.opened_on, day, known)
            assert stood.carrying_fen == carrying(model, day, known)
        stood = held.figures(day)
        if stood.original_fen is not None:
            parts = stood.original_fen + stood.additions_fen - stood.depreciation_fen - stood.disposed_fen
            assert held.carrying_fen(day) == parts


OF_OBLIGATION = st.one_of(
    st.tuples(st.just("repay"), days, st.tuples(st.integers(0, 40), st.integers(0, 9), st.integers(0, 9))),
    st.tuples(st.just("demand"), days, st.booleans()),
    st.tuples(st.just("principal_fen"), pick, st.integers(0, 120)),
    st.tuples(st.just("movement"), pick, st.integers(0, 40)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(OF_OBLIGATION, min_size=1, max_size=12))
def test_d20_an_obligation_is_its_identity_after_every_entry(history: list[tuple[str, Any, Any]]) -> None:
    town, model = settled(), Naive()
    registered = {"principal_fen": 100, "paid_fen": 20}
    subject = estate.owing(town, on=OPENED, outstanding_fen=None, **registered)
    model.say(1, OPENED, **registered)
    for number, (what, when, value) in enumerate(history):
        trial = model.copy()
        order = town.books.stream(subject)[-1].version + 1
        try:
            if what == "repay":
                paid = {"principal_fen": value[0], "interest_fen": value[1], "accrued_fen": value[2]}
                if value[0] + value[1] == 0:
                    continue
                trial.say(order, when, movement=paid | {"kind": "paid"})
                told(town, "obligation.repay.v1", estate.repayment(**paid), when)
            elif what == "demand":
                receipt = "回证" if value else ""
                trial.say(order, when, demand={"channel": "served", "served": value})
                told(town, "obligation.demand.v1", estate.demand(receipt=receipt), when)
            else:
                words = [one for one in trial.correctable(what) if one.value is not None]
                if not words:
                    continue
                word = words[when % len(words)]
                now = value
                if what == "movement":
                    now = None if value == 0 else word.value | {"principal_fen": value}
                if now == word.value:
                    continue
                trial.correct(order + 1, word.order, what, now)
                corrected(town, subject, estate.LAND_RENT, number, word, now)
        except OutstandingBelowZero:
            assert below_zero(trial, outstanding)
            continue
        except AlreadySettled:
            assert outstanding(model, when, LATEST) == 0
            continue
        assert not below_zero(trial, outstanding)
        model = trial
        agrees_of_obligation(town, model)
    town.check()


def agrees_of_obligation(town: Town, model: Naive) -> None:
    held = estate.obligation(town)
    for day in DAYS:
        for known in range(held.version + 1):
            assert held.field("demand").at(day, known) == model.at("demand", day, known)
            assert sums(held.field, held.opened_on, day, known).outstanding_fen == outstanding(
                model, day, known
            )
        stood = held.sums(day)
        if stood.principal_fen is not None:
            settled_fen = stood.paid_fen + stood.offset_fen + stood.written_off_fen
            assert held.outstanding_fen(day) == stood.principal_fen + stood.interest_fen - settled_fen


def test_d7_the_proposals_of_corrections_stand_apart(town: Town) -> None:
    """Two corrections of one word: the second finds it withdrawn (CORR-1) whatever the order of their days."""
    estate.checked(town)
    first = estate.correction_of(
        estate.asset_id(), estate.COLD_STORE, ("condition", "idle", "damaged"), proposal="甲"
    )
    town.when("asset.correct.v1", first, "clerk")
    second = first | {"proposal": identity("proposal", "乙")}
    town.when("asset.correct.v1", second, "clerk")
    town.when("proposal.endorse.v1", estate.signature(town, "checks", "乙"), "centre")
    with town.refused(NothingCorrected):
        town.when("proposal.endorse.v1", estate.signature(town, "checks", "甲"), "centre")
    assert estate.asset(town).state(estate.SINCE) == "damaged"
