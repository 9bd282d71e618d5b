"""FORMAT 13 and 6: bundles and hash tiles. Steps 6 and 7, and 21 for the tiles above level 0."""

from __future__ import annotations

from collections.abc import Callable

from tests.support import town
from tests.support.logbook import Logbook, bundle, tile_name
from tests.support.town import book_asset
from tests.vectors.forged import changed, tampered, without
from tests.vectors.history import Files, cases, vector


@vector()
def good_long() -> Logbook:
    return town.long()


@vector()
def good_full_tile() -> Logbook:
    book = town.worked()
    while book.size < 256:
        book_asset(book, f"资产{book.size}")
    book.seal()
    return book


@vector(6, 0)
def bad_bundle_missing() -> Files:
    return without(tile_name("entries", 0, 11))


@vector(6, 256)
def bad_second_bundle_missing() -> Files:
    files = town.long().files()
    del files[tile_name("entries", 1, 54)]
    return files


@vector(6, 10)
def bad_bundle_without_its_last_entry() -> Files:
    book = town.worked()
    return book.files() | {tile_name("entries", 0, 11): bundle(book.entries[:-1])}


@vector(6, 10)
def bad_bundle_with_one_entry_more() -> Files:
    book = town.worked()
    return book.files() | {tile_name("entries", 0, 11): bundle([*book.entries, book.entries[0]])}


@vector(6, 10)
def bad_bundle_cut_in_its_last_entry() -> Files:
    return changed(tile_name("entries", 0, 11), lambda data: data[:-1])


def one_byte(mark: bytes) -> Callable[[bytes], bytes]:
    """Change the byte after a mark to another of its kind."""

    def change(entry: bytes) -> bytes:
        at = entry.index(mark) + len(mark)
        return entry[:at] + (b"3" if entry[at : at + 1] != b"3" else b"4") + entry[at + 1 :]

    return change


# A changed byte anywhere in an entry is noticed in the hash tile, whatever it stands for.
MARKS = {
    "at": b'{"at":"202',
    "epoch": b'"epoch":',
    "event": b'"event":"asset.dispose',
    "i": b'"i":',
    "n": b'"n":',
    "position": b'"position":',
    "stream": b'"stream":"asset_',
    "subjects": b'"subjects":[["asset_',
    "suite": b'"suite":"ed2551',
    "version": b'"version":',
    "state": b'{"asset":"asset_',
    "statement": b'"command":"asset.dispose.v',
    "signature": b'=="],["key_',
}
cases("bad_byte_in", 7, 4, lambda mark: tampered(4, one_byte(mark)), MARKS)


@vector(7, 3)
def bad_two_entries_swapped() -> Files:
    book = town.worked()
    entries = [*book.entries]
    entries[3], entries[10] = entries[10], entries[3]
    return book.files() | {tile_name("entries", 0, 11): bundle(entries)}


@vector(7, 3)
def bad_entry_removed_in_the_middle() -> Files:
    book = town.worked()
    return book.files() | {
        tile_name("entries", 0, 11): bundle([*book.entries[:3], *book.entries[4:], book.entries[0]])
    }


@vector(7, 0)
def bad_tile_missing() -> Files:
    return without(tile_name("0", 0, 11))


@vector(7, 256)
def bad_second_tile_too_short() -> Files:
    files = town.long().files()
    files[tile_name("0", 1, 54)] = files[tile_name("0", 1, 54)][:-32]
    return files


@vector(21)
def bad_upper_tile_missing() -> Files:
    files = town.long().files()
    del files[tile_name("1", 0, 1)]
    return files


@vector(21)
def bad_upper_tile() -> Files:
    files = town.long().files()
    files[tile_name("1", 0, 1)] = bytes(32)
    return files
