"""FORMAT 14: the trust file."""

from __future__ import annotations

import pytest

from audit import canonical
from audit.checkpoint import VerifierKey
from audit.errors import Malformed
from audit.trust import Policy, Trust
from tests.support import town
from tests.support.logbook import Logbook, signer

W1, W2, W3 = (str(VerifierKey(f"witness.example/w{k}", signer(20 + k).public)) for k in (1, 2, 3))
LOG = str(VerifierKey("log.example/one", signer(30).public))


@pytest.fixture(scope="module")
def book() -> Logbook:
    return town.worked()


def trust_of(book: Logbook, seen: int | None = 1) -> Trust:
    return Trust.load(canonical.encode(book.trust(seen)))


def test_14_what_is_dumped_is_loaded_again(book: Logbook) -> None:
    document = canonical.encode(book.trust(3, rules=["a" * 64, "b" * 64]))
    assert Trust.load(document).dump() == document


@pytest.mark.parametrize(
    "change",
    [
        {"format": "bangfu-trust/2"},
        {"policy": 1},
        {"rules": {}},
        {"rules": ["A" * 64]},
        {"rules": ["b" * 64, "a" * 64]},
        {"rules": ["a" * 64, "a" * 64]},
        {"seen": []},
        {"seen": {"origin": 1}},
        {"more": 1},
    ],
    ids=str,
)
def test_14_another_form_is_refused(book: Logbook, change: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        Trust.load(canonical.encode(book.trust(1) | change))


def test_14_a_missing_key_is_refused(book: Logbook) -> None:
    value = book.trust(1)
    del value["rules"]
    with pytest.raises(Malformed, match="rules"):
        Trust.load(canonical.encode(value))


def test_14_bytes_that_are_not_canonical_are_refused(book: Logbook) -> None:
    with pytest.raises(canonical.NotCanonical):
        Trust.load(canonical.encode(book.trust(1)) + b"\n")


def test_14_a_trust_file_is_raised_to_a_higher_checkpoint(book: Logbook) -> None:
    raised = trust_of(book, 3).raised(book.note(6))
    assert raised == trust_of(book, 6)
    assert Trust.load(raised.dump()) == raised


def test_14_a_trust_file_that_has_seen_nothing_takes_the_first_checkpoint(book: Logbook) -> None:
    assert trust_of(book, None).raised(book.note(3)) == trust_of(book, 3)


def test_14_a_lower_checkpoint_is_refused(book: Logbook) -> None:
    with pytest.raises(Malformed, match="不能取代"):
        trust_of(book, 6).raised(book.note(3))


def test_14_another_root_of_the_same_size_is_refused(book: Logbook) -> None:
    other = town.settled()
    town.book_asset(other, "另一")
    assert other.size == 4
    with pytest.raises(Malformed, match="不能取代"):
        trust_of(book, 4).raised(other.note(4))


def test_14_a_checkpoint_by_a_log_that_the_policy_does_not_name_is_refused(book: Logbook) -> None:
    with pytest.raises(Malformed, match="policy"):
        trust_of(book, 3).raised(book.note(6, by=town.STRANGER.key))


def test_tlog_policy_a_policy_with_two_levels_of_groups() -> None:
    policy = Policy.parse(
        f"# 见证\nlog {LOG} https://log.example/\n\twitness a {W1}\nwitness b {W2} https://b.example/\nwitness c {W3}\n"
        "group inner 1 a b\ngroup outer all inner c\nquorum outer\n"
    )
    assert policy.logs == (LOG,)
    assert dict(policy.witnesses) == {"a": W1, "b": W2, "c": W3}
    assert dict(policy.groups) == {"inner": (1, ("a", "b")), "outer": (2, ("inner", "c"))}
    assert policy.quorum == "outer"


def test_tlog_policy_any_is_one_of_the_members() -> None:
    policy = Policy.parse(f"witness a {W1}\nwitness b {W2}\ngroup g any a b\nquorum g\n")
    assert policy.groups["g"] == (1, ("a", "b"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"log {LOG}\n",
        "quorum none\nquorum none\n",
        "quorum none",
        "quorum a\n",
        f"quorum a\nwitness a {W1}\n",
        f"log {LOG}\nlog {LOG} https://log.example/\nquorum none\n",
        "log log.example\nquorum none\n",
        f"witness none {W1}\nquorum none\n",
        f"witness a {W1}\nwitness a {W2}\nquorum none\n",
        f"witness a {W1}\nwitness b {W1}\nquorum none\n",
        f"witness a {W1}\ngroup g 2 a\nquorum g\n",
        f"witness a {W1}\ngroup g 0 a\nquorum g\n",
        f"witness a {W1}\ngroup g any\nquorum none\n",
        f"witness a {W1}\ngroup g any b\nquorum g\n",
        f"witness a {W1}\ngroup g any a a\nquorum g\n",
        f"witness a {W1}\ngroup g any a\ngroup h any a\nquorum g\n",
        "group g any g\nquorum g\n",
        "witnes a\nquorum none\n",
        "quorum none\r\n",
    ],
)
def test_tlog_policy_a_text_that_breaks_it_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="policy"):
        Policy.parse(text)
