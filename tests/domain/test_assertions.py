"""D7: what holds on a day, as known at an order; late entries never hide what holds later."""

from hypothesis import given
from hypothesis import strategies as st

from domain.assertions import Assertion, Dated, chosen

DAYS = [f"2024-01-{day:02d}" for day in range(1, 10)]


def said(*assertions: tuple[str, str]) -> Dated[str]:
    dated: Dated[str] = Dated()
    for order, (value, day) in enumerate(assertions, 1):
        dated = dated.asserted(value, day, order)
    return dated


def test_d7_a_late_fact_does_not_hide_what_holds_later() -> None:
    field = said(("weak", "2025-03-01"), ("advantaged", "2024-05-01"))
    assert field.at("2025-06-01") == "weak"
    assert field.at("2024-06-01") == "advantaged"


def test_d7_before_anything_holds_nothing_is_known() -> None:
    assert said(("weak", "2025-03-01")).at("2025-02-28") is None
    assert said(("weak", "2025-03-01")).at("2025-03-01") == "weak"


def test_d7_of_one_day_the_later_word_holds() -> None:
    assert said(("weak", "2025-03-01"), ("idle", "2025-03-01")).at("2025-03-01") == "idle"


def test_d12_a_withdrawn_word_holds_no_more_but_was_known() -> None:
    field = said(("weak", "2025-03-01")).withdrawn(1, by=2).asserted("idle", "2025-03-01", 2)
    assert field.at("2025-03-01") == "idle"
    assert field.at("2025-03-01", known=1) == "weak"
    assert field.made_at(1) is None


def naive(assertions: list[Assertion[int]], day: str, known: int | None) -> int | None:
    """The sentence of D7, word for word."""
    known = 10**9 if known is None else known
    holding = [
        one
        for one in assertions
        if one.valid_from <= day
        and one.order <= known
        and not (one.withdrawn is not None and one.withdrawn <= known)
    ]
    return max(holding, key=lambda one: (one.valid_from, one.order)).value if holding else None


@given(
    st.lists(st.tuples(st.sampled_from(DAYS), st.one_of(st.none(), st.integers(1, 12))), max_size=12),
    st.sampled_from(DAYS),
    st.one_of(st.none(), st.integers(0, 13)),
)
def test_d7_the_choice_is_the_sentence(
    entries: list[tuple[str, int | None]], day: str, known: int | None
) -> None:
    field: Dated[int] = Dated()
    for order, (valid_from, withdraws) in enumerate(entries, 1):
        if withdraws is not None and withdraws < order:
            field = field.withdrawn(withdraws, by=order)
        field = field.asserted(order, valid_from, order)
    assert field.at(day, known) == naive(list(field.assertions), day, known)
    found = chosen(field.assertions, day, known)
    assert (None if found is None else found.value) == field.at(day, known)
