"""FORMAT 3 and 9: subjects with their counts and hashes, streams with their versions. Steps 8, 14 and 15."""

from __future__ import annotations

from tests.support import town
from tests.support.logbook import Event, Logbook, Piece, new_id
from tests.support.town import CLERK, asset, book_asset
from tests.vectors.forged import forged
from tests.vectors.history import settled, vector


@settled()
def good_code_as_stream(book: Logbook) -> None:
    event = Event(
        "asset.booked.v1", "code:asset:青溪-0007", {"asset": asset("仓库"), "text": "code:asset:不算 "}
    )
    payload = {"code": "code:asset:青溪-0007", "asset": asset("仓库"), "quoted": '"[" \\ \n'}
    book.act(book.command("asset.book.v1", (CLERK,), payload), [event], (CLERK,))


@settled(14, 4)
def bad_version_skipped(book: Logbook) -> None:
    book_asset(book, "仓库")
    book_asset(book, "仓库", change=lambda piece: piece.header.update(version=3), summary="再记")


@settled(14, 4)
def bad_version_repeated(book: Logbook) -> None:
    book_asset(book, "仓库")
    book_asset(book, "仓库", change=lambda piece: piece.header.update(version=1), summary="再记")


@vector(15, 3)
def bad_subject_omitted() -> Logbook:
    return forged(lambda piece: piece.header["subjects"].pop())


@vector(15, 3)
def bad_subject_that_is_not_named() -> Logbook:
    def change(piece: Piece) -> None:
        piece.header["subjects"] = sorted([*piece.header["subjects"], [asset("另一"), 1, "0" * 64]])

    return forged(change)


@vector(15, 3)
def bad_count() -> Logbook:
    def change(piece: Piece) -> None:
        piece.header["subjects"][0][1] += 1

    return forged(change)


@vector(15, 3)
def bad_previous_hash() -> Logbook:
    def change(piece: Piece) -> None:
        piece.header["subjects"][-1][2] = "0" * 63 + "1"

    return forged(change)


@settled(15, 4)
def bad_middle_entry_withheld_and_resealed(book: Logbook) -> None:
    """The second entry about an asset is left out; the third still counts it."""
    book_asset(book, "仓库")
    heads = dict(book.heads)
    book_asset(book, "仓库", summary="更正")
    book.entries.pop()
    book.leaves.pop()
    book.versions[asset("仓库")] = 1
    book.heads = {one: (heads.get(one, (0, ""))[0] + 1, head[1]) for one, head in book.heads.items()}
    book_asset(book, "仓库", summary="再记")


def subjects(more: int) -> Logbook:
    """An entry with so many subjects beside its own six."""
    book = town.settled()
    many = [new_id("parcel", str(k)) for k in range(more)]
    book_asset(book, "地块", state={"asset": asset("地块"), "parcels": many})
    book.seal()
    return book


@vector()
def good_256_subjects() -> Logbook:
    return subjects(252)


@vector(8, 3)
def bad_257_subjects() -> Logbook:
    return subjects(253)


@vector(8, 3)
def bad_header_subjects_reversed() -> Logbook:
    return forged(lambda piece: piece.header["subjects"].reverse())


@vector(8, 3)
def bad_header_subjects_no_id() -> Logbook:
    def change(piece: Piece) -> None:
        piece.header["subjects"][0][0] = "Asset"

    return forged(change)


@vector(8, 3)
def bad_header_subjects_twice() -> Logbook:
    def change(piece: Piece) -> None:
        piece.header["subjects"].insert(0, piece.header["subjects"][0])

    return forged(change)
