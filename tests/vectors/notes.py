"""FORMAT 12: the vkey, the checkpoint and the seals. Steps 1, 2, 20 and 21, and step 13 for a seal that is left out."""

from __future__ import annotations

import base64

from audit.checkpoint import VerifierKey, note_key_id
from tests.support import town
from tests.support.logbook import Logbook
from tests.support.town import LEDGER, STRANGER, book_asset, row
from tests.vectors.forged import another_origin, changed, noted_for, second_set, without
from tests.vectors.history import Files, cases, settled, vector


@vector()
def good_other_signature_line_in_the_checkpoint() -> Files:
    files = town.worked().files()
    files["checkpoint"] += "— witness.example/w1 AAAAAAAAAAAAAAAA\n".encode()
    return files


@vector(1)
def bad_vkey_missing() -> Files:
    return without("vkey")


@vector(1)
def bad_vkey_without_line_feed() -> Files:
    return changed("vkey", bytes.rstrip)


@vector(1)
def bad_vkey_key_id() -> Files:
    return changed("vkey", lambda line: line.replace(line.split(b"+")[1], b"00000000"))


@vector(1)
def bad_vkey_of_small_order() -> Files:
    book = town.worked()
    point = bytes([1]) + bytes(31)
    public = base64.b64encode(bytes([1]) + point).decode()
    line = f"{book.origin}+{note_key_id(book.origin, point).hex()}+{public}\n"
    return book.files() | {"vkey": line.encode()}


@vector(1)
def bad_checkpoint_missing() -> Files:
    return without("checkpoint")


@vector(1)
def bad_checkpoint_extension_line() -> Files:
    return changed("checkpoint", lambda note: note.replace(b"\n\n", b"\nmore\n\n", 1))


@vector(1)
def bad_checkpoint_leading_zero() -> Files:
    return changed("checkpoint", lambda note: note.replace(b"\n11\n", b"\n011\n", 1))


@vector(1)
def bad_checkpoint_of_size_0() -> Files:
    book = town.worked()
    return book.files() | {"checkpoint": book.note(0)}


@vector(1)
def bad_seals_missing() -> Files:
    return without("seals")


@vector(1)
def bad_seals_out_of_order() -> Files:
    return changed("seals", lambda text: b"".join(sorted(text.splitlines(keepends=True), reverse=True)))


@vector(1)
def bad_seals_twice_the_same_size() -> Files:
    return changed("seals", lambda text: text + text.splitlines(keepends=True)[-1])


@vector(1)
def bad_seals_without_last_line_feed() -> Files:
    return changed("seals", lambda text: text[:-1])


@vector(1)
def bad_seals_unused_bits() -> Files:
    def change(text: bytes) -> bytes:
        lines = text.splitlines(keepends=True)
        size, root, blob = lines[0].split(b" ")
        letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        last = letters[letters.index(root[42:43]) + 1 :][:1]
        return b" ".join([size, root[:42] + last + b"=", blob]) + b"".join(lines[1:])

    return changed("seals", change)


@vector(2)
def bad_checkpoint_of_another_origin() -> Files:
    book = town.worked()
    other = town.worked()
    other.origin = book.origin.replace("999901", "999902")
    return book.files() | {"checkpoint": other.note()}


@vector(2)
def bad_checkpoint_signature() -> Files:
    book = town.worked()
    return book.files() | {"checkpoint": book.note(by=STRANGER.key)}


@vector(2)
def bad_checkpoint_signed_twice_once_wrongly() -> Files:
    def change(note: bytes) -> bytes:
        head, line = note[: note.index(b"\n\n") + 2], note[note.index(b"\n\n") + 2 :]
        name, blob = line.rstrip(b"\n").rsplit(b" ", 1)
        raw = bytearray(base64.b64decode(blob))
        raw[10] ^= 1
        return head + line + name + b" " + base64.b64encode(raw) + b"\n"

    return changed("checkpoint", change)


@vector(2)
def bad_checkpoint_size_changed() -> Files:
    return changed("checkpoint", lambda note: note.replace(b"\n11\n", b"\n10\n", 1))


@vector(13, 4)
def bad_seal_left_out() -> Files:
    book = second_set(("仓库", "冷库"))
    files = book.files()
    files["seals"] = b"".join(line for line in book.seal_lines if not line.startswith(b"4 "))
    return files


@settled(20, 4)
def bad_seal_inside_a_batch(book: Logbook) -> None:
    town.batch(book, [row(book, "甲行"), row(book, "乙行")], members=[0])


@settled(20, 4)
def bad_seal_inside_a_command(book: Logbook) -> None:
    book_asset(book, "仓库")
    town.dispose(book, "仓库", only=[1])


@vector(20, 3)
def bad_seal_by_another_key() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库")
    book.seal(by=STRANGER.key)
    return book


@vector(20, 3)
def bad_seal_root() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库")
    book.seal(root=bytes(32))
    return book


@vector(20, 3)
def bad_history_changed_without_new_seals() -> Files:
    """Entry 3 is written anew, with its tile, its checkpoint and the last seal; the old seal of size 4 stays and speaks."""
    true, shown = second_set(("仓库", "办公楼")), second_set(("冷库", "办公楼"))
    return shown.files() | {"seals": b"".join([*true.seal_lines[:3], *shown.seal_lines[3:]])}


def noted(lines: int) -> Files:
    book = town.worked()
    files = book.files()
    files["checkpoint"] += "— witness.example/w1 AAAAAAAAAAAAAAAA\n".encode() * lines
    return files


@vector(1)
def bad_vkey_with_a_character_that_is_not_seen() -> Files:
    """The name turns round what a terminal shows; its key id is right."""
    book = town.worked()
    name = f"{book.origin}\u202e"
    return book.files() | {"vkey": f"{VerifierKey(name, LEDGER.key.public)}\n".encode()}


def noted_wide(width: int) -> Files:
    book = town.worked()
    files = book.files()
    line = "— w AAAAAAAA\n".encode()
    room = width - len(files["checkpoint"]) - len(line)
    files["checkpoint"] += line.replace(b"w", b"w" * (room + 1))
    assert len(files["checkpoint"]) == width
    return files


@vector()
def good_checkpoint_of_100000_bytes() -> Files:
    return noted_wide(100_000)


@vector(1)
def bad_checkpoint_of_100001_bytes() -> Files:
    return noted_wide(100_001)


@vector()
def good_checkpoint_of_64_signature_lines() -> Files:
    return noted(63)


@vector(1)
def bad_checkpoint_of_65_signature_lines() -> Files:
    return noted(64)


@vector(20, 3)
def bad_seal_with_another_key_id() -> Files:
    book = town.settled()
    book_asset(book, "仓库")
    book.seal()
    size, root, blob = book.seal_lines[-1].split(b" ")
    raw = base64.b64decode(blob)
    book.seal_lines[-1] = b" ".join([size, root, base64.b64encode(bytes(4) + raw[4:]) + b"\n"])
    return book.files()


@vector(21)
def bad_no_seal_at_all() -> Files:
    return town.open_books().files() | {"seals": b""}


@vector(21)
def bad_last_seal_missing() -> Files:
    book = second_set(("仓库", "冷库"))
    book.at = "2026-03-02T05:00:00.000000Z"
    files = book.files()
    files["seals"] = b"".join(book.seal_lines[:-1])
    return files


@vector(21)
def bad_seal_beyond_the_checkpoint() -> tuple[Files, Logbook]:
    less, more = second_set(("仓库", "冷库")), second_set(("仓库", "冷库"))
    book_asset(more, "祠堂")
    more.seal()
    return less.files() | {"seals": b"".join(more.seal_lines)}, less


@vector(21)
def bad_checkpoint_root() -> tuple[Files, Logbook]:
    book, other = second_set(("仓库", "冷库")), second_set(("仓库", "凉亭"))
    return book.files() | {"checkpoint": other.note()}, book


@vector(2)
def bad_checkpoint_of_another_origin_under_this_name() -> Files:
    book = town.worked()
    return book.files() | {"checkpoint": noted_for(book, another_origin(book))}


LARGEST = 2**53 - 1


@vector(6, 0)
def bad_checkpoint_of_the_largest_size() -> Files:
    """Of good form. The bundle of that size would have 256 entries."""
    book = town.worked()
    return book.files() | {"checkpoint": noted_for(book, book.origin, LARGEST)}


@vector(1)
def bad_checkpoint_larger_than_the_largest_size() -> Files:
    book = town.worked()
    return book.files() | {"checkpoint": noted_for(book, book.origin, LARGEST + 1)}


def sealed_to(size: int) -> tuple[Files, Logbook]:
    """One more seal, of so many entries."""
    book = town.worked()
    last = book.seal_lines[-1].partition(b" ")[2]
    return book.files() | {"seals": b"".join([*book.seal_lines, b"%d %s" % (size, last)])}, book


@vector(21)
def bad_seal_of_the_largest_size() -> tuple[Files, Logbook]:
    return sealed_to(LARGEST)


@vector(1)
def bad_seal_larger_than_the_largest_size() -> tuple[Files, Logbook]:
    return sealed_to(LARGEST + 1)


@vector(1)
def bad_seals_of_size_0() -> tuple[Files, Logbook]:
    book = town.worked()
    first = b"0 " + book.seal_lines[0].partition(b" ")[2]
    return book.files() | {"seals": b"".join([first, *book.seal_lines])}, book


def named(template: str) -> Files:
    """The vkey, with the key id that is right for the name written in it."""
    book = town.worked()
    name, _, end = template.replace("NAME", book.origin).partition("+")
    public = LEDGER.key.public
    key = base64.b64encode(b"\x01" + public).decode()
    return book.files() | {"vkey": f"{name}+{note_key_id(name, public).hex()}+{key}{end}".encode()}


BAD_LINES = {
    "of_two_lines": "NAME+\nmore\n",
    "with_an_empty_line": "NAME+\n\n",
    "with_a_line_feed_in_its_name": "NAME\nmore+\n",
    "with_its_line_feed_in_its_name": "NAME\nmore+;",
    "ended_by_another_character": "NAME+;",
    "with_a_space": "NAME more+\n",
    "with_a_tab": "NAME\tmore+\n",
    "with_a_delete": "NAME\x7f+\n",
    "ended_by_cr_lf": "NAME+\r\n",
}
cases("bad_vkey", 1, None, named, BAD_LINES)
