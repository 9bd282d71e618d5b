"""What the histories of several subjects are made by: a good history that is changed in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audit import merkle
from audit.checkpoint import Checkpoint, note_key_id
from audit.suites import Ed25519Signer
from tests.support import town
from tests.support.logbook import Logbook, Piece, bundle, tile_name
from tests.support.town import CLERK, HEAD, LEDGER, asset, book_asset
from tests.vectors.history import Files


def changed(name: str, change: Callable[[bytes], bytes]) -> Files:
    files = town.worked().files()
    files[name] = change(files[name])
    return files


def without(name: str) -> Files:
    files = town.worked().files()
    del files[name]
    return files


def tampered(position: int, change: Callable[[bytes], bytes]) -> Files:
    """An entry changed in its bundle after it was sealed."""
    book = town.worked()
    files = book.files()
    entries = [*book.entries]
    entries[position] = change(entries[position])
    return files | {tile_name("entries", 0, 11): bundle(entries)}


def second_set(names: tuple[str, str]) -> Logbook:
    """Two sets of books with the same keys and the same opening differ at position 3."""
    book = town.settled()
    for name in names:
        book_asset(book, name)
        book.seal()
    return book


def forged(change: Callable[[Piece], None], **other: Any) -> Logbook:
    """Position 3 is one command with one event, changed before it is hashed."""
    book = town.settled()
    book_asset(book, "仓库", change=change, **other)
    book.seal()
    return book


def in_header(**values: Any) -> Logbook:
    return forged(lambda piece: piece.header.update(values))


def in_body(**values: Any) -> Logbook:
    """Position 3 with a signed command that has other values."""
    book = town.settled()
    payload = {"asset": asset("仓库")}
    book_asset(book, "仓库", payload=payload, **values)
    book.seal()
    return book


def founded(**other: Any) -> Logbook:
    return town.open_books(town.opening(**other))


def key_under_id(id_: str, key: Ed25519Signer) -> Ed25519Signer:
    """A signer that gives itself another key's id."""
    return Ed25519Signer(key._private, key.public, id_)


def liar() -> town.Person:
    return town.Person("丙", "clerk", key_under_id(CLERK.key.key_id, HEAD.key))


def another_origin(book: Logbook) -> str:
    return book.origin.replace("999901", "999902")


def noted_for(book: Logbook, origin: str, size: int | None = None) -> bytes:
    """The checkpoint for another origin or of another size than that of the book; its signature line is the book's own."""
    checkpoint = Checkpoint(origin, book.size if size is None else size, merkle.root_of(book.leaves))
    signature = LEDGER.key.sign(checkpoint.text())
    return checkpoint.note((book.origin, note_key_id(book.origin, LEDGER.key.public) + signature))
