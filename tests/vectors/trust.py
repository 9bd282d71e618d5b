"""FORMAT 14: what somebody who has seen the ledger before finds out. Steps 3 and 4; `books_` are good in themselves."""

from __future__ import annotations

from audit import canonical
from audit.checkpoint import VerifierKey
from tests.support import town
from tests.support.town import STRANGER, book_asset
from tests.vectors.forged import another_origin, noted_for, second_set
from tests.vectors.history import OK, Files, trusted


@trusted(OK, (3, None))
def trust_of_another_ledger() -> tuple[Files, bytes]:
    book, other = town.worked(), town.worked()
    other.origin = book.origin.replace("999901", "999902")
    return book.files(), canonical.encode(book.trust(1, policy=other.trust()["policy"]))


@trusted(OK, (3, None))
def trust_not_canonical() -> tuple[Files, bytes]:
    book = town.worked()
    return book.files(), canonical.encode(book.trust(1)) + b"\n"


@trusted(OK, (3, None))
def trust_of_unknown_format() -> tuple[Files, bytes]:
    book = town.worked()
    return book.files(), canonical.encode(book.trust(1, format="bangfu-trust/2"))


@trusted(OK, (3, None))
def trust_with_archives_not_ascending() -> tuple[Files, bytes]:
    book = town.worked()
    return book.files(), canonical.encode(book.trust(1, rules=["b" * 64, "a" * 64]))


@trusted(OK, OK)
def trust_with_witnesses_and_comments() -> tuple[Files, bytes]:
    book = town.worked()
    one, two = (
        str(VerifierKey(f"witness.example/{name}", town.signer(k).public))
        for name, k in (("w1", 8), ("w2", 9))
    )
    policy = (
        f"# 示例\n\nlog {book.vkey()} https://log.example/\nwitness w1 {one}\nwitness w2 {two} https://w2.example/\n"
        "group both all w1 w2\nquorum none\n"
    )
    return book.files(), canonical.encode(book.trust(6, policy=policy, rules=["a" * 64, "b" * 64]))


@trusted(OK, OK)
def trust_that_has_seen_nothing() -> tuple[Files, bytes]:
    book = town.worked()
    return book.files(), canonical.encode(book.trust(None))


@trusted(OK, OK)
def trust_that_has_seen_all() -> tuple[Files, bytes]:
    book = town.worked()
    return book.files(), canonical.encode(book.trust(11))


@trusted(OK, (4, None))
def trust_has_seen_more_than_there_is() -> tuple[Files, bytes]:
    """The end is removed together with its checkpoint: consistent in itself."""
    book, whole = town.settled(), town.worked()
    return book.files(), canonical.encode(whole.trust(11))


@trusted(OK, (4, None))
def trust_has_seen_a_note_with_a_wrong_signature() -> tuple[Files, bytes]:
    book = town.worked()
    seen = {book.origin: book.note(3, by=STRANGER.key).decode()}
    return book.files(), canonical.encode(book.trust(None) | {"seen": seen})


@trusted(OK, (4, 4))
def books_second_set() -> tuple[Files, bytes]:
    shown, true = second_set(("仓库", "办公楼")), second_set(("冷库", "办公楼"))
    return shown.files(), canonical.encode(true.trust(5))


@trusted(OK, (4, 3))
def books_second_set_seen_earlier() -> tuple[Files, bytes]:
    shown, true = second_set(("仓库", "办公楼")), second_set(("冷库", "办公楼"))
    return shown.files(), canonical.encode(true.trust(4))


@trusted(OK, (4, 4))
def books_middle_removed_and_resealed() -> tuple[Files, bytes]:
    """A stream that ends in its first entry can be left out by a forger who seals everything anew."""
    whole, less = town.settled(), town.settled()
    for book, names in ((whole, "甲乙丙"), (less, "甲丙丁")):
        for name in names:
            book_asset(book, name)
            book.seal()
    return less.files(), canonical.encode(whole.trust(5))


@trusted(OK, (4, None))
def trust_has_seen_a_note_of_65_signature_lines() -> tuple[Files, bytes]:
    book = town.worked()
    note = book.note(6).decode() + "— witness.example/w1 AAAAAAAAAAAAAAAA\n" * 64
    return book.files(), canonical.encode(book.trust(None) | {"seen": {book.origin: note}})


@trusted(OK, (3, None))
def trust_with_a_policy_whose_last_line_has_no_end() -> tuple[Files, bytes]:
    book = town.worked()
    return book.files(), canonical.encode(book.trust(1, policy=f"log {book.vkey()}\nquorum none"))


@trusted(OK, (3, None))
def trust_with_a_witness_key_of_no_bytes() -> tuple[Files, bytes]:
    book = town.worked()
    policy = f"log {book.vkey()}\nwitness w1 x+12345678+BA==\nquorum none\n"
    return book.files(), canonical.encode(book.trust(1, policy=policy))


@trusted(OK, (4, None))
def trust_has_seen_a_checkpoint_of_size_0() -> tuple[Files, bytes]:
    book = town.worked()
    return book.files(), canonical.encode(book.trust(0))


@trusted(OK, (4, None))
def trust_has_seen_something_that_is_no_note() -> tuple[Files, bytes]:
    book = town.worked()
    return book.files(), canonical.encode(book.trust(None) | {"seen": {book.origin: "note"}})


@trusted(OK, OK)
def trust_has_seen_no_note_of_another_ledger() -> tuple[Files, bytes]:
    book = town.worked()
    return book.files(), canonical.encode(book.trust(None) | {"seen": {"another": "note"}})


@trusted(OK, (3, None))
def trust_with_a_policy_without_quorum() -> tuple[Files, bytes]:
    book = town.worked()
    return book.files(), canonical.encode(book.trust(1, policy=f"log {book.vkey()}\n"))


@trusted(OK, (4, None))
def trust_has_seen_a_checkpoint_of_another_origin() -> tuple[Files, bytes]:
    """Signed with this ledger's key and under its name."""
    book = town.worked()
    note = noted_for(book, another_origin(book)).decode()
    return book.files(), canonical.encode(book.trust(None) | {"seen": {book.origin: note}})
