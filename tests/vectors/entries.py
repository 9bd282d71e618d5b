"""FORMAT 7: the frame, the header, the sections, and an entry's place in its command and in time. Steps 6, 8, 9, 12 and 13."""

from __future__ import annotations

from typing import Any

from audit import canonical, dsse
from tests.support import town
from tests.support.logbook import Logbook, Piece, proof_by
from tests.support.town import CLERK, asset, book_asset, row
from tests.vectors.forged import forged, in_header, tampered
from tests.vectors.history import Files, cases, settled, vector


@vector()
def good_worked() -> Logbook:
    return town.worked()


@vector(6, 4)
def bad_magic() -> Files:
    return tampered(4, lambda entry: b"bfe2" + entry[4:])


@vector(6, 4)
def bad_section_length() -> Files:
    return tampered(4, lambda entry: entry[:7] + bytes([entry[7] ^ 1]) + entry[8:])


@vector(6, 4)
def bad_bytes_after_the_proof() -> Files:
    return tampered(4, lambda entry: entry + b"\x00")


@vector(6, 3)
def bad_entry_of_60001_bytes() -> Logbook:
    return padded(60_001)


@vector()
def good_entry_of_60000_bytes() -> Logbook:
    return padded(60_000)


def padded(size: int) -> Logbook:
    """The entry at 3 has so many bytes."""
    book = town.settled()

    def change(piece: Piece) -> None:
        room = size - len(piece.entry()) - len(b'"fill":"",')
        piece.state = piece.state.replace(b'"value_fen"', b'"fill":"' + b"x" * room + b'","value_fen"')
        assert len(piece.entry()) == size

    book_asset(book, "仓库", change=change)
    book.seal()
    return book


def in_raw_header(given: tuple[bytes, bytes]) -> Logbook:
    """A header that no encoder of ours would print."""
    old, new = given

    def change(piece: Piece) -> None:
        header = canonical.encode(piece.header)
        assert old in header
        piece.raw_header = header.replace(old, new, 1)

    return forged(change)


BAD_HEADERS: dict[str, dict[str, Any]] = {
    "v": {"v": 2},
    "suite_unknown": {"suite": "sm2-sm3"},
    "suite_empty": {"suite": ""},
    "at_without_fraction": {"at": "2026-03-02T01:02:00Z"},
    "at_not_a_day": {"at": "2026-02-30T01:02:00.000000Z"},
    "at_second_60": {"at": "2026-03-02T01:02:60.000000Z"},
    "epoch_0": {"epoch": 0},
    "i_0": {"i": 0},
    "i_above_n": {"i": 2, "n": 1},
    "n_17": {"n": 17},
    "event_without_version": {"event": "asset.booked"},
    "event_version_0": {"event": "asset.booked.v0"},
    "event_too_long": {"event": f"a{'b' * 74}.bc.v1"},
    "position_negative": {"position": -1},
    "position_as_text": {"position": "3"},
    "stream_no_id": {"stream": "warehouse"},
    "version_0": {"version": 0},
    "key_more": {"w": 1},
    "subjects_no_array": {"subjects": {}},
    "subjects_row_of_two": {"subjects": [[asset("仓库"), 1]]},
    "subjects_short_hash": {"subjects": [[asset("仓库"), 1, "00"]]},
}
# What is replaced in the bytes of a good header, and what by.
RAW_HEADERS = {
    "not_utf8": (b'"stream":"', b'"stream":"code:asset:\xff'),
    "position_too_large": (b'"position":3', b'"position":9007199254740992'),
    "count_too_large": (b'",1,"', b'",9007199254740992,"'),
    "count_as_float": (b'",1,"', b'",1.0,"'),
    "white_space": (b'"v":1', b'"v": 1'),
    "keys_in_another_order": (b'"v":1,"version":1', b'"version":1,"v":1'),
    "suite_twice": (b'"v":1', b'"suite":"ed25519","v":1'),
    "something_after": (b'"version":1}', b'"version":1}{}'),
}
cases("bad_header", 8, 3, lambda values: in_header(**values), BAD_HEADERS)
cases("bad_header", 8, 3, in_raw_header, RAW_HEADERS)


@vector(8, 3)
def bad_first_event_without_statement() -> Logbook:
    def change(piece: Piece) -> None:
        piece.statement = piece.proof = b""

    return forged(change)


@settled(8, 5)
def bad_second_event_with_statement(book: Logbook) -> None:
    book_asset(book, "仓库")

    def change(piece: Piece) -> None:
        piece.statement = canonical.encode(book.command("asset.dispose.v1", (CLERK,), {}))
        piece.proof = proof_by((CLERK,), dsse.COMMAND, piece.statement)

    town.dispose(book, "仓库", changes={2: change})


@vector(8, 3)
def bad_outcome_event_with_a_command() -> Logbook:
    return forged(lambda piece: piece.header.update(event="batch.recorded.v1"))


@vector(9, 3)
def bad_position() -> Logbook:
    return in_header(position=4)


@settled(12, 5)
def bad_second_half_withheld(book: Logbook) -> None:
    """The second event of a disposal is left out, everything after it sealed anew."""
    book_asset(book, "仓库")
    town.dispose(book, "仓库", only=[1])
    book_asset(book, "冷库")


@settled(12, 4)
def bad_n_changes_inside_a_command(book: Logbook) -> None:
    town.dispose(book, "仓库", changes={2: lambda piece: piece.header.update(n=3, i=2)})


@settled(12, 5)
def bad_second_event_twice(book: Logbook) -> None:
    """Another payment on the word of the same command."""
    town.dispose(book, "仓库")
    town.dispose(book, "仓库", only=[2])


@settled(11, 4)
def bad_third_event_of_two(book: Logbook) -> None:
    """Step 11 judges it by the command at p − 2, which is another; else step 12 would say that i does not continue."""
    town.dispose(book, "仓库", changes={2: lambda piece: piece.header.update(i=1 + 2, n=3)})


@settled(13, 3)
def bad_time_falls(book: Logbook) -> None:
    book.wait(-30)
    book_asset(book, "仓库")


@settled(13, 4)
def bad_time_moves_inside_a_commit(book: Logbook) -> None:
    book_asset(book, "仓库")
    book.wait(1)
    book_asset(book, "冷库")


@settled(12, 4)
def bad_second_event_after_a_batch(book: Logbook) -> None:
    """No command stands at p − 1 by which step 11 could judge the event; step 12 says that i does not continue."""
    town.batch(book, [row(book, "甲行")], refused=[0])
    town.dispose(book, "仓库", only=[2])


@settled(8, 4)
def bad_second_event_with_a_statement_alone(book: Logbook) -> None:
    def change(piece: Piece) -> None:
        piece.statement = canonical.encode(book.command("asset.dispose.v1", (CLERK,), {}))

    town.dispose(book, "仓库", changes={2: change})


@settled(8, 4)
def bad_second_event_with_a_proof_alone(book: Logbook) -> None:
    def change(piece: Piece) -> None:
        piece.proof = proof_by((CLERK,), dsse.COMMAND, b"{}")

    town.dispose(book, "仓库", changes={2: change})


@settled(11, 3)
def bad_fourth_event_of_the_opening(book: Logbook) -> None:
    """The command at p − 3 is the opening, and that has one event."""
    book_asset(book, "仓库", change=lambda piece: numbered(piece, 4))


@settled(12, 3)
def bad_fifth_event_of_four_entries(book: Logbook) -> None:
    """Nothing stands at p − 4: step 11 has no command to judge it by."""
    book_asset(book, "仓库", change=lambda piece: numbered(piece, 5))


@settled(12, 5)
def bad_second_event_of_three_left_out(book: Logbook) -> None:
    """Step 11 finds, at p − 2, a command that may have this event."""
    town.dispose(book, "仓库", only=[1], changes={1: lambda piece: piece.header.update(n=1)})
    places = {1: lambda piece: piece.header.update(n=3), 2: lambda piece: piece.header.update(i=3, n=3)}
    town.dispose(book, "冷库", changes=places)


def numbered(piece: Piece, i: int) -> None:
    """The last of so many events of a command."""
    piece.header.update(i=i, n=i)
    piece.statement = piece.proof = b""
