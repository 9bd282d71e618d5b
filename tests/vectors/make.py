"""Makes the vectors of FORMAT 17: histories, good and bad, each with the verdict it must get. Fixed keys, ids and dates.

`python -m tests.vectors.make` writes `manifest.json` (for every vector the hash of each file, and what is expected), the vectors
named in `KEPT` in full, and `values.json`. The tests make all of them again and compare.

A bad history differs from a good one in one place; its name says in which. "resealed" histories are by a forger who holds the
ledger's key: everything after the change is hashed and sealed anew.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit import canonical, dsse
from audit.checkpoint import VerifierKey, note_key_id
from audit.ids import key_id
from audit.suites import Ed25519Signer
from tests.support import town
from tests.support.logbook import Event, Logbook, Piece, bundle, hash_of, new_id, proof_by, tile_name, write
from tests.support.town import CLERK, FIRST, HEAD, LEDGER, LEDGER_ID, SECOND, STRANGER, asset, book_asset, row
from tests.vectors.values import values

HERE = Path(__file__).parent
KEPT = ("good_worked", "bad_replayed_command", "bad_key_of_small_order", "books_second_set")

Files = dict[str, bytes]
OK = (None, None)


@dataclass(frozen=True)
class Vector:
    """A history: its files, its trust file, and the first failure (step, position) without and with the trust file."""

    name: str
    files: Files
    trust: bytes
    without: tuple[int | None, int | None]
    with_trust: tuple[int | None, int | None]
    doubtful: tuple[int, ...] = ()

    def expected(self) -> dict[str, Any]:
        def verdict(failure: tuple[int | None, int | None]) -> dict[str, Any]:
            step, position = failure
            return {"ok": step is None, "step": step, "position": position, "doubtful": list(self.doubtful)}

        return {"without": verdict(self.without), "with": verdict(self.with_trust)}


_MADE: dict[str, Callable[[], Vector]] = {}


def vector(
    step: int | None = None, position: int | None = None, doubtful: tuple[int, ...] = ()
) -> Callable[[Callable[[], Logbook | Files | tuple[Files, Logbook]]], None]:
    """Register a history whose verdict is the same with its trust file, which has seen the checkpoint of size 1."""

    def register(make: Callable[[], Logbook | Files | tuple[Files, Logbook]]) -> None:
        def made() -> Vector:
            found = make()
            files, book = found if isinstance(found, tuple) else (found, None)
            if isinstance(files, Logbook):
                files, book = files.files(), files
            book = town.open_books() if book is None else book
            trust = canonical.encode(book.trust(1))
            return Vector(make.__name__, files, trust, (step, position), (step, position), doubtful)

        assert make.__name__ not in _MADE, make.__name__
        _MADE[make.__name__] = made

    return register


def trusted(
    without: tuple[int | None, int | None], with_trust: tuple[int | None, int | None]
) -> Callable[..., None]:
    """Register a history with a trust file of its own."""

    def register(make: Callable[[], tuple[Files, bytes]]) -> None:
        def made() -> Vector:
            files, trust = make()
            return Vector(make.__name__, files, trust, without, with_trust)

        assert make.__name__ not in _MADE, make.__name__
        _MADE[make.__name__] = made

    return register


def names() -> list[str]:
    return list(_MADE)


def vectors() -> Iterator[Vector]:
    """Every vector, made anew."""
    for make in _MADE.values():
        yield make()


# Good histories.


@vector()
def good_opened() -> Logbook:
    return town.open_books()


@vector()
def good_worked() -> Logbook:
    return town.worked()


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


@vector()
def good_batch_all_refused() -> Logbook:
    book = town.settled()
    town.batch(book, [row(book, "甲行"), row(book, "乙行")], refused=[0, 1])
    book_asset(book, "仓库")
    book.seal()
    return book


@vector()
def good_batch_of_one_by_two() -> Logbook:
    book = town.settled()
    town.batch(book, [row(book, "甲行", (CLERK, HEAD))], signers=(CLERK, HEAD))
    book.seal()
    return book


@vector()
def good_rules_adopted() -> Logbook:
    book = town.settled()
    town.adopt(book)
    book_asset(book, "仓库", command="asset.mark.v1", event="asset.marked.v1")
    book.seal()
    return book


@vector()
def good_key_revoked() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库")
    town.revoke(book, CLERK)
    book_asset(book, "冷库", (HEAD,))
    book.seal()
    return book


@vector()
def good_key_lost_said_by_itself() -> Logbook:
    book = town.settled()
    town.end_key(book, "key.report_lost.v1", "key.lost.v1", CLERK, (CLERK,))
    book.seal()
    return book


@vector(doubtful=(4, 5, 6, 7, 8, 9, 10))
def good_key_compromised() -> Logbook:
    book = town.worked()
    town.end_key(book, "key.report_compromise.v1", "key.compromised.v1", CLERK, (FIRST,), from_position=4)
    book.seal()
    return book


@vector(doubtful=(5,))
def good_key_compromised_from_the_second_event() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库")
    town.dispose(book, "仓库", (HEAD, CLERK))
    town.end_key(book, "key.report_compromise.v1", "key.compromised.v1", HEAD, (SECOND,), from_position=5)
    book.seal()
    return book


@vector()
def good_registrar_enrols_registrar() -> Logbook:
    book = town.settled()
    town.enrol(book, THIRD, (FIRST, SECOND))
    town.revoke(book, FIRST, (SECOND, THIRD))
    book.seal()
    return book


THIRD = town.Person("己", "registrar", town.signer(7))


@vector(17, 3)
def bad_registrar_enrolled_by_one() -> Logbook:
    book = town.settled()
    town.enrol(book, THIRD)
    book.seal()
    return book


@vector(17, 4)
def bad_registrar_revoked_by_one() -> Logbook:
    book = town.settled()
    town.enrol(book, THIRD, (FIRST, SECOND))
    town.revoke(book, FIRST, (THIRD,))
    book.seal()
    return book


@vector(17, 4)
def bad_registrar_revoked_by_another_and_itself() -> Logbook:
    book = town.settled()
    town.enrol(book, THIRD, (FIRST, SECOND))
    town.revoke(book, FIRST, (THIRD, FIRST))
    book.seal()
    return book


@vector()
def good_registrar_reports_its_own_loss() -> Logbook:
    book = town.settled()
    town.end_key(book, "key.report_lost.v1", "key.lost.v1", FIRST, (FIRST,))
    book.seal()
    return book


@vector()
def good_note_by_the_ledger() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库", (LEDGER,), command="log.note.v1", event="log.noted.v1")
    book.seal()
    return book


@vector()
def good_recorded_on_the_last_day() -> Logbook:
    book = town.settled()
    book.at = "2026-12-31T15:59:59.999999Z"
    book_asset(book, "仓库")
    book.seal()
    return book


@vector()
def good_code_as_stream() -> Logbook:
    book = town.settled()
    event = Event(
        "asset.booked.v1", "code:asset:青溪-0007", {"asset": asset("仓库"), "text": "code:asset:不算 "}
    )
    payload = {"code": "code:asset:青溪-0007", "asset": asset("仓库"), "quoted": '"[" \\ \n'}
    book.act(book.command("asset.book.v1", (CLERK,), payload), [event], (CLERK,))
    book.seal()
    return book


@vector()
def good_other_signature_line_in_the_checkpoint() -> Files:
    files = town.worked().files()
    files["checkpoint"] += "— witness.example/w1 AAAAAAAAAAAAAAAA\n".encode()
    return files


# Steps 1 to 4.


def changed(name: str, change: Callable[[bytes], bytes]) -> Files:
    files = town.worked().files()
    files[name] = change(files[name])
    return files


def without(name: str) -> Files:
    files = town.worked().files()
    del files[name]
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


def second_set(names: tuple[str, str]) -> Logbook:
    """Two sets of books with the same keys and the same opening differ at position 3."""
    book = town.settled()
    for name in names:
        book_asset(book, name)
        book.seal()
    return book


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


# Steps 6 and 7: bundles and tiles.


def tampered(position: int, change: Callable[[bytes], bytes]) -> Files:
    """An entry changed in its bundle after it was sealed."""
    book = town.worked()
    files = book.files()
    entries = [*book.entries]
    entries[position] = change(entries[position])
    return files | {tile_name("entries", 0, 11): bundle(entries)}


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


def _one_byte(mark: bytes) -> Callable[[bytes], bytes]:
    """Change the byte after a mark to another of its kind."""

    def change(entry: bytes) -> bytes:
        at = entry.index(mark) + len(mark)
        return entry[:at] + (b"3" if entry[at : at + 1] != b"3" else b"4") + entry[at + 1 :]

    return change


def _register_changed_bytes() -> None:
    # A changed byte anywhere in an entry is noticed in the hash tile, whatever it stands for.
    marks = {
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
    for name, mark in marks.items():

        def make(mark: bytes = mark) -> Files:
            return tampered(4, _one_byte(mark))

        make.__name__ = f"bad_byte_in_{name}"
        vector(7, 4)(make)


_register_changed_bytes()


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


# Step 8: forms. The forger holds every key: the changed piece is hashed and sealed.


def forged(change: Callable[[Piece], None], **other: Any) -> Logbook:
    """Position 3 is one command with one event, changed before it is hashed."""
    book = town.settled()
    book_asset(book, "仓库", change=change, **other)
    book.seal()
    return book


def in_header(**values: Any) -> Logbook:
    return forged(lambda piece: piece.header.update(values))


def in_state(old: bytes, new: bytes) -> Logbook:
    def change(piece: Piece) -> None:
        assert old in piece.state
        piece.state = piece.state.replace(old, new)

    return forged(change)


def in_body(**values: Any) -> Logbook:
    """Position 3 with a signed command that has other values."""
    book = town.settled()
    payload = {"asset": asset("仓库")}
    book_asset(book, "仓库", payload=payload, **values)
    book.seal()
    return book


def raw_body(change: Callable[[bytes], bytes]) -> Logbook:
    book = town.settled()
    body = change(canonical.encode(book.command("asset.book.v1", (CLERK,), {"asset": asset("仓库"), "n": 1})))
    book_asset(book, "仓库", body=body, proof=proof_by((CLERK,), dsse.COMMAND, body))
    book.seal()
    return book


def _simple(name: str, step: int | None, position: int | None, make: Callable[[], Logbook]) -> None:
    def named() -> Logbook:
        return make()

    named.__name__ = name
    vector(step, position)(named)


def _register_forms() -> None:
    long_name = "a" + "b" * 74
    headers: dict[str, dict[str, Any]] = {
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
        "event_too_long": {"event": f"{long_name}.bc.v1"},
        "position_negative": {"position": -1},
        "position_as_text": {"position": "3"},
        "stream_no_id": {"stream": "warehouse"},
        "version_0": {"version": 0},
        "key_more": {"w": 1},
        "subjects_no_array": {"subjects": {}},
        "subjects_row_of_two": {"subjects": [[asset("仓库"), 1]]},
        "subjects_short_hash": {"subjects": [[asset("仓库"), 1, "00"]]},
    }
    for name, given in headers.items():
        _simple(f"bad_header_{name}", 8, 3, lambda given=given: in_header(**given))  # type: ignore[misc]
    states = {
        "float": (b":1000", b":1000.0"),
        "exponent": (b":1000", b":1e3"),
        "minus_zero": (b":1000", b":-0"),
        "leading_zero": (b":1000", b":01000"),
        "too_large": (b":1000", b":9007199254740992"),
        "white_space": (b":1000", b": 1000"),
        "duplicate_key": (b'"value_fen"', b'"asset":"x","value_fen"'),
        "keys_not_sorted": (b'{"asset"', b'{"zzz":1,"asset"'),
        "empty_key": (b'{"asset"', b'{"":1,"asset"'),
        "key_not_ascii": (b'"value_fen":1000', '"值":1000'.encode()),
        "key_with_space": (b'"value_fen"', b'"value fen"'),
        "escaped_slash": (b":1000", b':"\\/"'),
        "escaped_letter": (b":1000", b':"\\u4ed3"'),
        "upper_case_escape": (b":1000", b':"\\u001F"'),
        "surrogate": (b":1000", b':"\\ud800"'),
        "surrogate_in_utf8": (b":1000", b':"\xed\xa0\x80"'),
        "broken_utf8": (b":1000", b':"\xff"'),
        "byte_order_mark": (b'{"asset"', b'\xef\xbb\xbf{"asset"'),
        "nan": (b":1000", b":NaN"),
        "something_after": (b":1000}", b":1000}{}"),
        "too_deep": (b":1000", b":" + b"[" * 16 + b"1" + b"]" * 16),
        "originator_topic": (b'"value_fen"', b'"originator_topic":"x","value_fen"'),
        "type_wrapper_inside": (b":1000", b':{"_type_":"datetime"}'),
        "data_wrapper_inside": (b":1000", b':[{"_data_":"datetime"}]'),
    }
    for name, (old, new) in states.items():
        _simple(f"bad_state_{name}", 8, 3, lambda old=old, new=new: in_state(old, new))  # type: ignore[misc]
    good_states = {
        "largest_integer": (b":1000", b":9007199254740991"),
        "smallest_integer": (b":1000", b":-9007199254740991"),
        "lower_case_escape": (b":1000", b':"\\u001f\\b\\t\\n\\f\\r\\"\\\\/\x7f"'),
        "wide_letters": (b":1000", ':"𠮷︎é"'.encode()),
        "depth_16": (b":1000", b":" + b"[" * 15 + b"1" + b"]" * 15),
        "sixteen_digits_in_text": (b":1000", b':"9007199254740992"'),
        "wrapper_as_value": (b":1000", b':"_type_"'),
    }
    for name, (old, new) in good_states.items():
        _simple(f"good_state_{name}", None, None, lambda old=old, new=new: in_state(old, new))  # type: ignore[misc]
    _simple("bad_state_no_object", 8, 3, lambda: forged(lambda piece: setattr(piece, "state", b"[1]")))
    bodies: dict[str, dict[str, Any]] = {
        "command_without_version": {"command": "asset.book"},
        "nature": {"nature": "rumour"},
        "nonce": {"nonce": "0" * 31},
        "nonce_upper_case": {"nonce": "A" * 32},
        "occurred_on": {"occurred_on": "2026-02-29"},
        "occurred_on_1899": {"occurred_on": "1899-12-31"},
        "origin_null": {"origin": None},
        "seen_not_ascending": {"seen": [[asset("b"), 0], [asset("a"), 0]] if asset("a") < asset("b") else []},
        "seen_twice": {"seen": [[asset("a"), 0], [asset("a"), 0]]},
        "seen_negative": {"seen": [[asset("a"), -1]]},
        "seen_true": {"seen": [[asset("a"), True]]},
        "seen_no_id": {"seen": [["a", 1]]},
        "seen_object": {"seen": {}},
        "payload_array": {"payload": []},
        "signed_at": {"signed_at": "2026-03-02T00:30:00+08:00"},
        "signed_at_hour_24": {"signed_at": "2026-03-02T24:00:00Z"},
        "signers_empty": {"signers": []},
        "signers_nine": {"signers": [CLERK.line()] * 9},
        "signers_twice": {"signers": [CLERK.line(), CLERK.line()]},
        "signers_more_keys": {"signers": [{**CLERK.line(), "name": "丙"}]},
        "signers_post_no_id": {"signers": [{**CLERK.line(), "post": "站长"}]},
        "signers_key_no_key": {"signers": [{**CLERK.line(), "key": CLERK.person}]},
        "summary_empty": {"summary": ""},
        "summary_401": {"summary": "账" * 401},
        "summary_two_lines": {"summary": "一\n二"},
        "valid_until": {"valid_until": "2026-13-01"},
        "valid_until_as_number": {"valid_until": 20261231},
        "key_more": {"zeal": 1},
    }
    for name, given in bodies.items():
        _simple(f"bad_command_{name}", 8, 3, lambda given=given: with_command(given))  # type: ignore[misc]
    for name, given in {
        "summary_400": {"summary": "𠮷" * 400},
        "leap_day": {"occurred_on": "2024-02-29"},
        "seen_ascending": {
            "seen": [[one, 0] for one in sorted([asset("a"), "code:asset:青", "code:asset:a"])]
        },
        "post_empty": {"signers": [{**CLERK.line(), "post": ""}]},
        "fact": {"nature": "fact"},
    }.items():
        _simple(f"good_command_{name}", None, None, lambda given=given: with_command(given))  # type: ignore[misc]


def with_command(values: dict[str, Any]) -> Logbook:
    book = town.settled()
    body = canonical.encode(book.command("asset.book.v1", (CLERK,), {"asset": asset("仓库")}) | values)
    book_asset(book, "仓库", body=body, proof=proof_by((CLERK,), dsse.COMMAND, body))
    book.seal()
    return book


def in_raw_header(old: bytes, new: bytes) -> Logbook:
    """A header that no encoder of ours would print."""

    def change(piece: Piece) -> None:
        header = canonical.encode(piece.header)
        assert old in header
        piece.raw_header = header.replace(old, new, 1)

    return forged(change)


def _register_raw_headers() -> None:
    for name, (old, new) in {
        "not_utf8": (b'"stream":"', b'"stream":"code:asset:\xff'),
        "position_too_large": (b'"position":3', b'"position":9007199254740992'),
        "count_too_large": (b'",1,"', b'",9007199254740992,"'),
        "count_as_float": (b'",1,"', b'",1.0,"'),
        "white_space": (b'"v":1', b'"v": 1'),
        "keys_in_another_order": (b'"v":1,"version":1', b'"version":1,"v":1'),
        "suite_twice": (b'"v":1', b'"suite":"ed25519","v":1'),
        "something_after": (b'"version":1}', b'"version":1}{}'),
    }.items():
        _simple(f"bad_header_{name}", 8, 3, lambda old=old, new=new: in_raw_header(old, new))  # type: ignore[misc]

    def reversed_subjects(piece: Piece) -> None:
        piece.header["subjects"].reverse()

    def no_id(piece: Piece) -> None:
        piece.header["subjects"][0][0] = "Asset"

    def twice(piece: Piece) -> None:
        piece.header["subjects"].insert(0, piece.header["subjects"][0])

    for change in (reversed_subjects, no_id, twice):
        name = f"bad_header_subjects_{change.__name__.removesuffix('_subjects')}"
        _simple(name, 8, 3, lambda change=change: forged(change))  # type: ignore[misc]


_register_forms()
_register_raw_headers()


@vector(8, 3)
def bad_command_without_summary() -> Logbook:
    book = town.settled()
    command = book.command("asset.book.v1", (CLERK,), {"asset": asset("仓库")})
    del command["summary"]
    body = canonical.encode(command)
    book_asset(book, "仓库", body=body, proof=proof_by((CLERK,), dsse.COMMAND, body))
    book.seal()
    return book


@vector(8, 3)
def bad_command_not_canonical() -> Logbook:
    return raw_body(lambda body: body.replace(b'"n":1', b'"n":1.0'))


@vector(8, 3)
def bad_command_of_32001_bytes() -> Logbook:
    return long_body(32_001)


@vector()
def good_command_of_32000_bytes() -> Logbook:
    return long_body(32_000)


def long_body(size: int) -> Logbook:
    def change(body: bytes) -> bytes:
        return body.replace(b'"n":1', b'"n":"' + b"x" * (size - len(body) - 1) + b'"')

    return raw_body(change)


@vector(8, 3)
def bad_first_event_without_statement() -> Logbook:
    def change(piece: Piece) -> None:
        piece.statement = piece.proof = b""

    return forged(change)


@vector(8, 5)
def bad_second_event_with_statement() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库")

    def change(piece: Piece) -> None:
        piece.statement = canonical.encode(book.command("asset.dispose.v1", (CLERK,), {}))
        piece.proof = proof_by((CLERK,), dsse.COMMAND, piece.statement)

    town.dispose(book, "仓库", changes={2: change})
    book.seal()
    return book


@vector(8, 3)
def bad_outcome_event_with_a_command() -> Logbook:
    return forged(lambda piece: piece.header.update(event="batch.recorded.v1"))


@vector(8, 3)
def bad_batch_with_another_event() -> Logbook:
    return batched(change=lambda piece: piece.header.update(event="asset.booked.v1"))


def _proof(change: Callable[[str], str]) -> Logbook:
    def forge(piece: Piece) -> None:
        key, text = canonical.decode(piece.proof)[0]
        piece.proof = canonical.encode([[key, change(text)]])

    return forged(forge)


@vector(8, 3)
def bad_proof_not_padded() -> Logbook:
    return _proof(lambda text: text[:-2])


@vector(8, 3)
def bad_proof_unused_bits() -> Logbook:
    return _proof(lambda text: text[:85] + chr(ord(text[85]) + 1) + "==")


@vector(8, 3)
def bad_proof_url_base64() -> Logbook:
    return _proof(lambda text: "-" + text[1:])


# Steps 9 to 15.


@vector(9, 3)
def bad_position() -> Logbook:
    return in_header(position=4)


def founded(**other: Any) -> Logbook:
    return town.open_books(town.opening(**other))


@vector(10, 0)
def bad_genesis_one_registrar() -> Logbook:
    payload = town.opening(keys=[one.row() for one in (LEDGER, FIRST)])
    return town.open_books(payload, signers=(LEDGER, FIRST))


@vector(10, 0)
def bad_genesis_registrars_are_one_person() -> Logbook:
    twin = {**SECOND.row(), "person": FIRST.person}
    return founded(keys=[LEDGER.row(), FIRST.row(), twin])


@vector(10, 0)
def bad_genesis_ledger_key_not_first() -> Logbook:
    payload = town.opening(keys=[one.row() for one in (FIRST, LEDGER, SECOND)])
    return town.open_books(payload, signers=(FIRST, LEDGER, SECOND))


@vector(10, 0)
def bad_genesis_a_clerk_among_the_keys() -> Logbook:
    payload = town.opening(keys=[one.row() for one in (LEDGER, FIRST, SECOND, CLERK)])
    return town.open_books(payload, signers=(LEDGER, FIRST, SECOND, CLERK))


@vector(10, 0)
def bad_genesis_ledger_key_of_a_person() -> Logbook:
    return founded(keys=[{**LEDGER.row(), "person": FIRST.person}, FIRST.row(), SECOND.row()])


@vector(10, 0)
def bad_genesis_area_code() -> Logbook:
    return founded(area_code="99990")


@vector(10, 0)
def bad_genesis_epoch_2() -> Logbook:
    return founded(rules=town.rules(2))


@vector(10, 0)
def bad_genesis_table_not_ascending() -> Logbook:
    rules = town.rules(1)
    rules["table"]["commands"].reverse()
    return founded(rules=rules)


@vector(10, 0)
def bad_genesis_table_row_without_events() -> Logbook:
    rules = town.rules(1)
    rules["table"]["commands"][0]["events"] = []
    return founded(rules=rules)


@vector(10, 0)
def bad_genesis_state_differs() -> Logbook:
    payload = town.opening()
    return town.open_books(payload, {**town.opened_state(payload), "area_name": "另一乡"})


@vector(10, 0)
def bad_genesis_state_true_for_1() -> Logbook:
    payload = town.opening()
    return town.open_books(payload, {**town.opened_state(payload), "epoch": True})


def _register_genesis() -> None:
    rows = [LEDGER.row(), FIRST.row(), SECOND.row()]
    table = town.table()["commands"]
    first = table[0]
    payloads: dict[str, dict[str, Any]] = {
        "payload_with_more": {"zeal": 1},
        "area_code_of_13": {"area_code": "9" * 13},
        "area_code_with_letter": {"area_code": "99990a"},
        "area_name_null": {"area_name": None},
        "ledger_of_another_kind": {"ledger": asset("仓库")},
        "keys_empty": {"keys": []},
        "keys_null": {"keys": None},
        "key_with_more": {"keys": [*rows[:2], {**rows[2], "name": "乙"}]},
        "key_person_no_id": {"keys": [*rows[:2], {**rows[2], "person": "乙"}]},
        "key_person_empty": {"keys": [*rows[:2], {**rows[2], "person": ""}]},
        "key_role_empty": {"keys": [*rows[:2], {**rows[2], "role": ""}]},
        "key_suite_unknown": {"keys": [*rows[:2], {**rows[2], "suite": "sm2-sm3"}]},
        "key_suite_null": {"keys": [*rows[:2], {**rows[2], "suite": None}]},
        "key_public_upper_case": {"keys": [*rows[:2], {**rows[2], "public": rows[2]["public"].upper()}]},
        "ledger_key_with_post": {"keys": [{**rows[0], "post": rows[1]["post"]}, *rows[1:]]},
        "ledger_key_with_organisation": {
            "keys": [{**rows[0], "organisation": rows[1]["organisation"]}, *rows[1:]]
        },
        "rules_with_more": {"rules": {**town.rules(1), "zeal": 1}},
        "rules_archive_no_hash": {"rules": {**town.rules(1), "archive": "a" * 63}},
        "rules_epoch_true": {"rules": {**town.rules(1), "epoch": True}},
        "rules_versions_array": {"rules": {**town.rules(1), "versions": []}},
        "rules_version_number": {"rules": {**town.rules(1), "versions": {"python": 3}}},
        "table_with_more": {"rules": {**town.rules(1), "table": {"commands": table, "zeal": 1}}},
        "table_empty": _table([]),
        "table_object": _table({}),
        "table_row_with_more": _table([{**first, "zeal": 1}, *table[1:]]),
        "table_command_no_name": _table([{**first, "command": "asset"}, *table[1:]]),
        "table_command_twice": _table([first, first, *table[1:]]),
        "table_event_no_name": _table([{**first, "events": ["asset.booked"]}, *table[1:]]),
        "table_event_twice": _table([{**first, "events": first["events"] * 2}, *table[1:]]),
        "table_events_text": _table([{**first, "events": "asset.booked.v1"}, *table[1:]]),
        "table_nature_unknown": _table([{**first, "natures": ["rumour"]}, *table[1:]]),
        "table_natures_descending": _table([{**first, "natures": ["fact", "act"]}, *table[1:]]),
        "table_nature_number": _table([{**first, "natures": [1]}, *table[1:]]),
    }
    for name, given in payloads.items():
        _simple(f"bad_genesis_{name}", 10, 0, lambda given=given: founded(**given))  # type: ignore[misc]
    _simple(
        "good_genesis_without_versions", None, None, lambda: founded(rules={**town.rules(1), "versions": {}})
    )


def _table(rows: object) -> dict[str, Any]:
    return {"rules": {**town.rules(1), "table": {"commands": rows}}}


_register_genesis()


@vector(10, 0)
def bad_genesis_with_another_event() -> Logbook:
    return town.open_books(change=lambda piece: piece.header.update(event="asset.booked.v1"))


@vector(10, 0)
def bad_genesis_of_two_events() -> Logbook:
    return town.open_books(change=lambda piece: piece.header.update(n=2))


@vector(10, 0)
def bad_genesis_in_another_stream() -> Logbook:
    return town.open_books(change=lambda piece: piece.header.update(stream=FIRST.person))


@vector(10, 0)
def bad_genesis_is_a_batch() -> Logbook:
    book = Logbook(LEDGER)
    town.batch(book, [row(book, "甲行")])
    book.origin = f"bangfu/999901/{book.leaves[0].hex()[:32]}"
    book.seal()
    return book


@vector(10, 0)
def bad_genesis_key_id() -> Logbook:
    return founded(keys=[LEDGER.row(), FIRST.row(), {**SECOND.row(), "public": CLERK.key.public.hex()}])


@vector(10, 0)
def bad_origin() -> Logbook:
    """The whole log is written under an origin that entry 0 does not give."""
    return town.settled(town.open_books(origin="bangfu/999901/" + "0" * 32))


@vector(10, 0)
def bad_genesis_key_is_not_the_vkey() -> Logbook:
    book = town.open_books()
    other = Logbook(STRANGER_LEDGER, origin=book.origin, entries=book.entries, leaves=book.leaves)
    other.seal()
    return other


STRANGER_LEDGER = town.Person("ledger", "ledger", town.signer(10))


@vector(10, 3)
def bad_second_opening() -> Logbook:
    book = town.settled()
    payload = town.opening()
    event = Event("ledger.opened.v1", LEDGER_ID, town.opened_state(payload))
    book.act(book.command("ledger.open.v1", (FIRST,), payload), [event], (FIRST,))
    book.seal()
    return book


@vector(11, 3)
def bad_epoch_too_high() -> Logbook:
    return in_header(epoch=2)


@vector(11, 4)
def bad_epoch_of_before_the_adoption() -> Logbook:
    book = town.settled()
    town.adopt(book)
    book.epoch -= 1
    book_asset(book, "仓库")
    book.seal()
    return book


@vector(11, 3)
def bad_command_not_in_the_table() -> Logbook:
    return in_body(command="asset.mark.v1")


@vector(11, 3)
def bad_event_not_in_the_table() -> Logbook:
    return in_header(event="asset.lost.v1")


@vector(11, 3)
def bad_nature_not_in_the_table() -> Logbook:
    rules = town.rules(1)
    rules["table"]["commands"][0]["natures"] = ["fact", "opening"]
    book = town.settled(founded(rules=rules))
    book_asset(book, "仓库")
    book.seal()
    return book


@vector(11, 3)
def bad_own_event_by_another_command() -> Logbook:
    """A table that lets a clerk's command revoke keys does not make it so."""
    book = town.settled(founded(rules=town.rules(1, ("asset.book.v1", "key.revoked.v1"))))
    state = {"key": HEAD.key.key_id, "reason": "示例"}
    event = Event("key.revoked.v1", HEAD.key.key_id, state)
    book.act(book.command("asset.book.v1", (CLERK,), {}), [event], (CLERK,))
    book.seal()
    return book


@vector(11, 3)
def bad_adoption_of_the_same_epoch() -> Logbook:
    book = town.settled()
    town.adopt(book, rules=town.rules(1))
    book.seal()
    return book


@vector(11, 3)
def bad_adoption_state() -> Logbook:
    book = town.settled()
    town.adopt(book, state={"archive": hash_of("another archive"), "epoch": 2})
    book.seal()
    return book


@vector(12, 5)
def bad_second_half_withheld() -> Logbook:
    """The second event of a disposal is left out, everything after it sealed anew."""
    book = town.settled()
    book_asset(book, "仓库")
    town.dispose(book, "仓库", only=[1])
    book_asset(book, "冷库")
    book.seal()
    return book


@vector(12, 4)
def bad_n_changes_inside_a_command() -> Logbook:
    book = town.settled()
    town.dispose(book, "仓库", changes={2: lambda piece: piece.header.update(n=3, i=2)})
    book.seal()
    return book


@vector(11, 4)
def bad_third_event_of_two() -> Logbook:
    """Step 11 judges it by the command at p − 2, which is another; else step 12 would say that i does not continue."""
    book = town.settled()
    town.dispose(book, "仓库", changes={2: lambda piece: piece.header.update(i=1 + 2, n=3)})
    book.seal()
    return book


@vector(13, 3)
def bad_time_falls() -> Logbook:
    book = town.settled()
    book.wait(-30)
    book_asset(book, "仓库")
    book.seal()
    return book


@vector(13, 4)
def bad_time_moves_inside_a_commit() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库")
    book.wait(1)
    book_asset(book, "冷库")
    book.seal()
    return book


@vector(13, 4)
def bad_seal_left_out() -> Files:
    book = second_set(("仓库", "冷库"))
    files = book.files()
    files["seals"] = b"".join(line for line in book.seal_lines if not line.startswith(b"4 "))
    return files


@vector(14, 4)
def bad_version_skipped() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库")
    book_asset(book, "仓库", change=lambda piece: piece.header.update(version=3), summary="再记")
    book.seal()
    return book


@vector(14, 4)
def bad_version_repeated() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库")
    book_asset(book, "仓库", change=lambda piece: piece.header.update(version=1), summary="再记")
    book.seal()
    return book


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


@vector(15, 4)
def bad_middle_entry_withheld_and_resealed() -> Logbook:
    """The second entry about an asset is left out; the third still counts it."""
    book = town.settled()
    book_asset(book, "仓库")
    heads = dict(book.heads)
    book_asset(book, "仓库", summary="更正")
    book.entries.pop()
    book.leaves.pop()
    book.versions[asset("仓库")] = 1
    book.heads = {one: (heads.get(one, (0, ""))[0] + 1, head[1]) for one, head in book.heads.items()}
    book_asset(book, "仓库", summary="再记")
    book.seal()
    return book


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


# Steps 16 to 20.


@vector(16, 3)
def bad_command_for_another_ledger() -> Logbook:
    return in_body(origin="bangfu/999902/" + "0" * 32)


@vector(16, 0)
def bad_genesis_with_an_origin() -> Logbook:
    book = Logbook(LEDGER)
    payload = town.opening()
    signers = (LEDGER, FIRST, SECOND)
    command = book.command("ledger.open.v1", signers, payload) | {"origin": "bangfu/999901/"}
    book.act(command, [Event("ledger.opened.v1", LEDGER_ID, town.opened_state(payload))], signers)
    book.origin = f"bangfu/999901/{book.leaves[0].hex()[:32]}"
    book.seal()
    return book


@vector(16, 3)
def bad_command_expired() -> Logbook:
    return in_body(valid_until="2026-03-01")


@vector(16, 3)
def bad_command_expired_at_midnight_of_the_east() -> Logbook:
    book = town.settled()
    book.at = "2026-12-31T16:00:00.000000Z"
    book_asset(book, "仓库")
    book.seal()
    return book


@vector(16, 5)
def bad_replayed_command() -> Logbook:
    """A good command, recorded once more under a new position with right counts."""
    book = town.settled()
    body = book_asset(book, "仓库")
    book_asset(book, "冷库")
    book_asset(book, "仓库", body=body, proof=proof_by((CLERK,), dsse.COMMAND, body))
    book.seal()
    return book


@vector(17, 3)
def bad_signer_never_enrolled() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库", (STRANGER,))
    book.seal()
    return book


@vector(17, 5)
def bad_signer_revoked() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库")
    town.revoke(book, CLERK)
    book_asset(book, "冷库")
    book.seal()
    return book


@vector(17, 4)
def bad_signer_lost() -> Logbook:
    book = town.settled()
    town.end_key(book, "key.report_lost.v1", "key.lost.v1", CLERK, (CLERK,))
    book_asset(book, "冷库")
    book.seal()
    return book


@vector(17, 4)
def bad_signer_compromised() -> Logbook:
    book = town.settled()
    town.end_key(book, "key.report_compromise.v1", "key.compromised.v1", CLERK, (FIRST,), from_position=3)
    book_asset(book, "冷库")
    book.seal()
    return book


@vector(17, 3)
def bad_ledger_key_signs_a_command() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库", (LEDGER,))
    book.seal()
    return book


@vector(17, 3)
def bad_ledger_key_enrols() -> Logbook:
    book = town.settled()
    town.enrol(book, STRANGER, (LEDGER,))
    book.seal()
    return book


@vector(17, 3)
def bad_clerk_enrols() -> Logbook:
    book = town.settled()
    town.enrol(book, STRANGER, (CLERK,))
    book.seal()
    return book


@vector(17, 3)
def bad_enrolment_without_the_new_key() -> Logbook:
    book = town.settled()
    event = Event("key.enrolled.v1", STRANGER.key.key_id, STRANGER.row())
    book.act(book.command("key.enrol.v1", (FIRST, SECOND), STRANGER.row()), [event], (FIRST, SECOND))
    book.seal()
    return book


@vector(17, 3)
def bad_enrolment_by_three() -> Logbook:
    book = town.settled()
    town.enrol(book, STRANGER, (FIRST, SECOND))
    book.seal()
    return book


@vector(17, 3)
def bad_enrolment_of_a_key_twice() -> Logbook:
    book = town.settled()
    town.enrol(book, CLERK)
    book.seal()
    return book


@vector(17, 4)
def bad_enrolment_of_a_revoked_key() -> Logbook:
    book = town.settled()
    town.revoke(book, CLERK)
    town.enrol(book, CLERK)
    book.seal()
    return book


@vector(17, 3)
def bad_enrolment_state_with_more() -> Logbook:
    book = town.settled()
    town.enrol(book, STRANGER, state={**STRANGER.row(), "name": "戊"})
    book.seal()
    return book


@vector(17, 3)
def bad_enrolment_of_unknown_suite() -> Logbook:
    book = town.settled()
    town.enrol(book, STRANGER, state={**STRANGER.row(), "suite": "sm2-sm3"})
    book.seal()
    return book


@vector(17, 3)
def bad_enrolment_with_the_role_ledger() -> Logbook:
    return _enrolled({**STRANGER.row(), "role": "ledger"})


@vector(17, 3)
def bad_enrolment_recorded_otherwise_than_signed() -> Logbook:
    book = town.settled()
    event = Event("key.enrolled.v1", STRANGER.key.key_id, {**STRANGER.row(), "role": "registrar"})
    signers = (FIRST, STRANGER)
    book.act(book.command("key.enrol.v1", signers, STRANGER.row()), [event], signers)
    book.seal()
    return book


@vector(11, 3)
def bad_revocation_of_two_keys_in_one_command() -> Logbook:
    book = town.settled()
    states = [{"key": who.key.key_id, "reason": "示例"} for who in (CLERK, HEAD)]
    events = [Event("key.revoked.v1", state["key"], state) for state in states]
    book.act(book.command("key.revoke.v1", (FIRST,), states[0]), events, (FIRST,))
    book.seal()
    return book


@vector(17, 3)
def bad_enrolment_in_another_stream() -> Logbook:
    book = town.settled()
    town.enrol(book, STRANGER, stream=asset("仓库"))
    book.seal()
    return book


def enrolled_key(public: bytes) -> Logbook:
    """An enrolment, by a registrar, of a public key that no private key belongs to."""
    book = town.settled()
    key = key_id("ed25519", public)
    state = {**STRANGER.row(), "key": key, "public": public.hex()}
    command = book.command("key.enrol.v1", (FIRST,), state)
    command["signers"].append({**STRANGER.line(), "key": key})
    body = canonical.encode(command)
    first = canonical.decode(proof_by((FIRST,), dsse.COMMAND, body))
    # R is the identity and S is zero: good under a small-order key for a verifier that multiplies by the cofactor.
    second = [key, base64.b64encode(bytes([1]) + bytes(63)).decode()]
    event = Event("key.enrolled.v1", key, state)
    book.act(command, [event], (FIRST,), body=body, proof=canonical.encode([*first, second]))
    book.seal()
    return book


@vector(17, 3)
def bad_key_of_small_order() -> Logbook:
    return enrolled_key(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"))


@vector(17, 3)
def bad_key_is_the_identity() -> Logbook:
    return enrolled_key(bytes([1]) + bytes(31))


@vector(17, 3)
def bad_key_not_canonical() -> Logbook:
    return enrolled_key((2**255 - 19 + 3).to_bytes(32, "little"))


@vector(17, 3)
def bad_key_not_on_the_curve() -> Logbook:
    return enrolled_key(bytes([2]) + bytes(31))


@vector(17, 3)
def bad_key_minus_zero() -> Logbook:
    return enrolled_key(bytes([1]) + bytes(30) + bytes([0x80]))


@vector(17, 3)
def bad_revocation_by_a_clerk() -> Logbook:
    book = town.settled()
    town.revoke(book, HEAD, (CLERK,))
    book.seal()
    return book


@vector(17, 3)
def bad_revocation_by_the_key_itself() -> Logbook:
    book = town.settled()
    town.revoke(book, CLERK, (CLERK,))
    book.seal()
    return book


@vector(17, 3)
def bad_loss_said_by_a_colleague() -> Logbook:
    book = town.settled()
    town.end_key(book, "key.report_lost.v1", "key.lost.v1", CLERK, (HEAD,))
    book.seal()
    return book


def _register_key_events() -> None:
    row_of = STRANGER.row()
    for name, given in {
        "person_no_id": {"person": "戊"},
        "role_null": {"role": None},
        "public_too_short": {"public": row_of["public"][:62]},
        "key_of_another": {"public": CLERK.key.public.hex()},
    }.items():
        _simple(f"bad_enrolment_{name}", 17, 3, lambda given=given: _enrolled({**row_of, **given}))  # type: ignore[misc]
    endings: dict[str, tuple[str, str, dict[str, Any]]] = {
        "revocation_reason_number": ("key.revoke.v1", "key.revoked.v1", {"reason": 1}),
        "loss_of_another_key": ("key.report_lost.v1", "key.lost.v1", {"key": HEAD.key.key_id}),
        "compromise_from_true": ("key.report_compromise.v1", "key.compromised.v1", {"from_position": True}),
        "compromise_from_negative": ("key.report_compromise.v1", "key.compromised.v1", {"from_position": -1}),
    }
    for name, (command, event, more) in endings.items():

        def ended(command: str = command, event: str = event, more: dict[str, Any] = more) -> Logbook:
            book = town.settled()
            town.end_key(book, command, event, CLERK, (FIRST,), **more)
            book.seal()
            return book

        _simple(f"bad_{name}", 17, 3, ended)


def _enrolled(state: dict[str, Any]) -> Logbook:
    book = town.settled()
    town.enrol(book, STRANGER, state=state)
    book.seal()
    return book


_register_key_events()


@vector(17, 3)
def bad_compromise_without_position() -> Logbook:
    book = town.settled()
    town.end_key(book, "key.report_compromise.v1", "key.compromised.v1", CLERK, (FIRST,))
    book.seal()
    return book


@vector(17, 3)
def bad_adoption_by_one_registrar() -> Logbook:
    book = town.settled()
    town.adopt(book, (FIRST,))
    book.seal()
    return book


@vector(17, 3)
def bad_adoption_by_a_registrar_and_a_clerk() -> Logbook:
    book = town.settled()
    town.adopt(book, (FIRST, CLERK))
    book.seal()
    return book


@vector(17, 4)
def bad_adoption_by_two_keys_of_one_person() -> Logbook:
    book = town.settled()
    spare = town.Person("甲", "registrar", town.signer(11))
    town.enrol(book, spare, (FIRST, SECOND))
    town.adopt(book, (FIRST, spare))
    book.seal()
    return book


@vector(17, 3)
def bad_adoption_in_another_stream() -> Logbook:
    book = town.settled()
    town.adopt(book, stream=new_id("ledger", "另一乡"))
    book.seal()
    return book


@vector(17, 0)
def bad_genesis_not_signed_by_every_key() -> Logbook:
    return town.open_books(signers=(LEDGER, FIRST))


@vector(18, 3)
def bad_signature_by_another_key() -> Logbook:
    book = town.settled()
    command = book.command("asset.book.v1", (CLERK,), {"asset": asset("仓库")})
    body = canonical.encode(command)
    forged_by = town.Person("丙", "clerk", _as(CLERK.key.key_id, HEAD.key))
    book_asset(book, "仓库", body=body, proof=proof_by((forged_by,), dsse.COMMAND, body))
    book.seal()
    return book


def _as(id_: str, key: Ed25519Signer) -> Ed25519Signer:
    """A signer that gives itself another key's id."""
    return Ed25519Signer(key._private, key.public, id_)


@vector(18, 0)
def bad_genesis_registrar_did_not_sign() -> Logbook:
    book = Logbook(LEDGER)
    payload = town.opening()
    signers = (LEDGER, FIRST, SECOND)
    body = canonical.encode(book.command("ledger.open.v1", signers, payload))
    liar = town.Person("乙", "registrar", _as(SECOND.key.key_id, FIRST.key))
    event = Event("ledger.opened.v1", LEDGER_ID, town.opened_state(payload))
    book.act({}, [event], signers, body=body, proof=proof_by((LEDGER, FIRST, liar), dsse.COMMAND, body))
    book.origin = f"bangfu/999901/{book.leaves[0].hex()[:32]}"
    book.seal()
    return book


@vector(18, 3)
def bad_signature_over_the_bare_body() -> Logbook:
    def change(piece: Piece) -> None:
        signature = CLERK.key.sign(piece.statement)
        piece.proof = canonical.encode([[CLERK.key.key_id, base64.b64encode(signature).decode()]])

    return forged(change)


@vector(18, 3)
def bad_signature_over_another_type() -> Logbook:
    def change(piece: Piece) -> None:
        piece.proof = proof_by((CLERK,), dsse.BATCH, piece.statement)

    return forged(change)


@vector(18, 3)
def bad_signature_with_s_plus_l() -> Logbook:
    def change(piece: Piece) -> None:
        raw = CLERK.key.sign(dsse.pae(dsse.COMMAND, piece.statement))
        s = int.from_bytes(raw[32:], "little") + 2**252 + 27742317777372353535851937790883648493
        text = base64.b64encode(raw[:32] + s.to_bytes(32, "little")).decode()
        piece.proof = canonical.encode([[CLERK.key.key_id, text]])

    return forged(change)


@vector(18, 3)
def bad_signatures_in_another_order() -> Logbook:
    book = town.settled()
    body = canonical.encode(book.command("asset.book.v1", (CLERK, HEAD), {"asset": asset("仓库")}))
    book_asset(book, "仓库", (CLERK, HEAD), body=body, proof=proof_by((HEAD, CLERK), dsse.COMMAND, body))
    book.seal()
    return book


@vector(18, 3)
def bad_second_signature_missing() -> Logbook:
    book = town.settled()
    body = canonical.encode(book.command("asset.book.v1", (CLERK, HEAD), {"asset": asset("仓库")}))
    book_asset(book, "仓库", (CLERK, HEAD), body=body, proof=proof_by((CLERK,), dsse.COMMAND, body))
    book.seal()
    return book


@vector(18, 200)
def bad_signature_far_inside() -> Logbook:
    """The earliest of two bad signatures is named, and not the structural failure after them."""
    book = town.worked()
    while book.size < 400:
        liar = book.size in (200, 201)
        signers = (town.Person("丙", "clerk", _as(CLERK.key.key_id, HEAD.key)),) if liar else (CLERK,)
        change = (lambda piece: piece.header.update(position=0)) if book.size == 300 else None
        book_asset(book, f"资产{book.size}", signers, change=change)
    book.seal()
    return book


def batched(names: tuple[str, ...] = ("甲行", "乙行", "丙行"), **other: Any) -> Logbook:
    book = town.settled()
    town.batch(book, [row(book, name) for name in names], **other)
    book.seal()
    return book


@vector(8, 3)
def bad_batch_rows_1001() -> Logbook:
    return batched(statement={"rows": 1001})


def in_membership(**values: Any) -> Logbook:
    def change(piece: Piece) -> None:
        piece.proof = canonical.encode(canonical.decode(piece.proof) | values)

    return batched(member_changes={1: change})


def _register_batches() -> None:
    sha256 = hash_of("workbook")
    for name, given in {
        "rows_0": {"rows": 0, "summary": f"批量 0 行，合计 1234.56 元，文件 {sha256[:16]}"},
        "rows_1001_said": {"rows": 1001, "summary": f"批量 1001 行，合计 1234.56 元，文件 {sha256[:16]}"},
        "root_no_hash": {"root": "0" * 63},
        "source_with_more": {"source": {"sha256": sha256, "sum_fen": 123456, "name": "台账.xlsx"}},
        "source_sum_text": {"source": {"sha256": sha256, "sum_fen": "123456"}},
        "too_long": {"origin": "x" * 32_000},
        "with_nature": {"nature": "act"},
        "signers_empty": {"signers": []},
        "valid_until": {"valid_until": "2026-02-30"},
    }.items():
        _simple(f"bad_batch_{name}", 8, 3, lambda given=given: batched(statement=given))  # type: ignore[misc]
    for name, given in {
        "batch_negative": {"batch": -1},
        "index_true": {"index": True},
        "path_null": {"path": None},
    }.items():
        _simple(f"bad_member_{name}", 8, 5, lambda given=given: in_membership(**given))  # type: ignore[misc]
    _simple("bad_batch_of_two_events", 8, 3, lambda: batched(change=lambda piece: piece.header.update(n=2)))
    membership = canonical.encode({"batch": 3, "index": 0, "path": []})
    _simple("bad_batch_proved_like_a_member", 8, 3, lambda: batched(proof=membership))


_register_batches()


@vector(8, 3)
def bad_batch_summary() -> Logbook:
    return batched(statement={"summary": "批量 3 行"})


@vector(8, 3)
def bad_batch_id_of_another_kind() -> Logbook:
    return batched(statement={"batch": asset("仓库")})


@vector()
def good_batch_with_negative_sum() -> Logbook:
    source = {"sha256": hash_of("workbook"), "sum_fen": -5}
    summary = f"批量 3 行，合计 -0.05 元，文件 {hash_of('workbook')[:16]}"
    return batched(statement={"source": source, "summary": summary}, state={"sum_fen": -5})


@vector(16, 3)
def bad_batch_for_another_ledger() -> Logbook:
    return batched(statement={"origin": "bangfu/999902/" + "0" * 32})


@vector(16, 3)
def bad_batch_expired() -> Logbook:
    return batched(statement={"valid_until": "2026-03-01"})


@vector(16, 7)
def bad_member_replayed_as_a_command() -> Logbook:
    book = town.settled()
    rows = [row(book, name) for name in ("甲行", "乙行", "丙行")]
    town.batch(book, rows)
    body = canonical.encode(rows[0])
    book.act({}, [town.row_event(rows[0])], (CLERK,), body=body, proof=proof_by((CLERK,), dsse.COMMAND, body))
    book.seal()
    return book


@vector(16, 5)
def bad_member_twice_in_a_batch() -> Logbook:
    return batched(("甲行", "甲行"))


@vector(16, 5)
def bad_member_expired() -> Logbook:
    book = town.settled()
    town.batch(book, [row(book, "甲行"), row(book, "乙行", valid_until="2026-03-01")])
    book.seal()
    return book


@vector(17, 3)
def bad_batch_by_a_stranger() -> Logbook:
    book = town.settled()
    town.batch(book, [row(book, "甲行", (STRANGER,))], signers=(STRANGER,))
    book.seal()
    return book


@vector(17, 3)
def bad_batch_by_the_ledger() -> Logbook:
    book = town.settled()
    town.batch(book, [row(book, "甲行", (LEDGER,))], signers=(LEDGER,))
    book.seal()
    return book


@vector(17, 5)
def bad_member_with_another_signer() -> Logbook:
    book = town.settled()
    town.batch(book, [row(book, "甲行"), row(book, "乙行", (HEAD,))])
    book.seal()
    return book


@vector(17, 5)
def bad_member_with_another_post() -> Logbook:
    book = town.settled()
    signers = [{**CLERK.line(), "post": ""}]
    town.batch(book, [row(book, "甲行"), row(book, "乙行") | {"signers": signers}])
    book.seal()
    return book


@vector(17, 4)
def bad_key_enrolled_in_a_batch() -> Logbook:
    """A clerk's batch whose only row enrols a registrar: nobody entitled has signed it."""
    book = town.settled()
    signers = (CLERK,)
    state = {**STRANGER.row(), "role": "registrar"}
    command = book.command("key.enrol.v1", signers, state)
    town.batch(book, [command], events=[Event("key.enrolled.v1", STRANGER.key.key_id, state)])
    book.seal()
    return book


@vector(17, 5)
def bad_member_that_the_outcome_refused() -> Logbook:
    """It follows when no member is due any more: there is no batch that its origin and signers could be those of."""
    return batched(("甲行", "乙行"), refused=[1], members=[0, 1])


@vector(18, 3)
def bad_batch_signature() -> Logbook:
    book = town.settled()

    def change(piece: Piece) -> None:
        piece.proof = proof_by((_liar(),), dsse.BATCH, piece.statement)

    town.batch(book, [row(book, "甲行")], change=change)
    book.seal()
    return book


def _liar() -> town.Person:
    return town.Person("丙", "clerk", _as(CLERK.key.key_id, HEAD.key))


@vector(18, 5)
def bad_member_path() -> Logbook:
    return in_membership(path=["0" * 64, "1" * 64])


@vector(18, 5)
def bad_member_path_too_short() -> Logbook:
    return in_membership(path=[])


@vector(18, 5)
def bad_member_index() -> Logbook:
    return in_membership(index=2)


@vector(18, 5)
def bad_member_of_another_batch() -> Logbook:
    return in_membership(batch=2)


@vector(8, 5)
def bad_member_path_no_hash() -> Logbook:
    return in_membership(path=["0"])


@vector(8, 5)
def bad_member_with_more() -> Logbook:
    return in_membership(root="0" * 64)


@vector(18, 5)
def bad_member_changed_after_signing() -> Logbook:
    def change(piece: Piece) -> None:
        piece.statement = piece.statement.replace(b'"value_fen":5', b'"value_fen":6')

    return batched(member_changes={1: change})


@vector(18, 5)
def bad_members_in_another_order() -> Logbook:
    return batched(members=[0, 2, 1])


@vector(18, 5)
def bad_member_withheld() -> Logbook:
    return batched(members=[0, 2])


@vector(19, 3)
def bad_outcome_forgets_a_row() -> Logbook:
    return batched(state={"accepted": [[0, 1]]}, members=[0, 1])


@vector(19, 3)
def bad_outcome_row_both_ways() -> Logbook:
    return batched(state={"refused": [[1, "x", "y"]]})


@vector(19, 3)
def bad_outcome_ranges_adjacent() -> Logbook:
    return batched(state={"accepted": [[0, 0], [1, 2]]})


@vector(19, 3)
def bad_outcome_sum() -> Logbook:
    return batched(state={"sum_fen": 1})


def _register_outcomes() -> None:
    states: dict[str, dict[str, Any]] = {
        "rows_true": {"rows": True},
        "sum_as_text": {"sum_fen": "123456"},
        "more": {"zeal": 1},
        "accepted_object": {"accepted": {}},
        "accepted_null": {"accepted": None},
        "accepted_row_of_one": {"accepted": [[0]]},
        "accepted_backwards": {"accepted": [[0, -1], [0, 0]]},
        "accepted_beyond": {"accepted": [[0, 1]]},
        "refused_null": {"refused": None},
        "refused_without_rule": {"accepted": [], "refused": [[0, "asset.exists"]]},
        "refused_code_number": {"accepted": [], "refused": [[0, 1, "ASSET-1"]]},
        "refused_twice": {"accepted": [], "refused": [[0, "a", "b"], [0, "a", "b"]]},
    }
    for name, given in states.items():
        _simple(f"bad_outcome_{name}", 19, 3, lambda given=given: batched(("甲行",), state=given))  # type: ignore[misc]
    wrong_order = {"accepted": [], "refused": [[1, "a", "b"], [0, "a", "b"]]}
    _simple("bad_outcome_refused_not_ascending", 19, 3, lambda: batched(("甲行", "乙行"), state=wrong_order))


_register_outcomes()


@vector(19, 3)
def bad_outcome_in_another_stream() -> Logbook:
    return batched(change=lambda piece: piece.header.update(stream=_batch_other(piece)))


def _batch_other(piece: Piece) -> str:
    """Another id that the entry names already, so that its subjects stay right."""
    return CLERK.person if CLERK.person in piece.statement.decode() else CLERK.post


@vector(19, 5)
def bad_command_between_members() -> Logbook:
    book = town.settled()
    town.batch(book, [row(book, "甲行"), row(book, "乙行")], members=[0])
    book_asset(book, "冷库")
    book.seal()
    return book


@vector(20, 4)
def bad_seal_inside_a_batch() -> Logbook:
    book = town.settled()
    town.batch(book, [row(book, "甲行"), row(book, "乙行")], members=[0])
    book.seal()
    return book


@vector(20, 4)
def bad_seal_inside_a_command() -> Logbook:
    book = town.settled()
    book_asset(book, "仓库")
    town.dispose(book, "仓库", only=[1])
    book.seal()
    return book


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


# Corners of the text.


@vector(12, 4)
def bad_second_event_after_a_batch() -> Logbook:
    """No command stands at p − 1 by which step 11 could judge the event; step 12 says that i does not continue."""
    book = town.settled()
    town.batch(book, [row(book, "甲行")], refused=[0])
    town.dispose(book, "仓库", only=[2])
    book.seal()
    return book


@vector(10, 0)
def bad_genesis_third_registrar_is_the_first_person() -> Logbook:
    spare = town.Person("甲", "registrar", town.signer(11))
    payload = town.opening(keys=[one.row() for one in (LEDGER, FIRST, SECOND, spare)])
    return town.open_books(payload, signers=(LEDGER, FIRST, SECOND, spare))


@vector(18, 3)
def bad_proof_without_signatures() -> Logbook:
    return forged(lambda piece: setattr(piece, "proof", b"[]"))


@vector(8, 3)
def bad_signature_of_63_bytes() -> Logbook:
    return _proof(lambda text: base64.b64encode(base64.b64decode(text)[:63]).decode())


@vector(17, 3)
def bad_enrolment_of_a_key_of_the_opening() -> Logbook:
    """A registrar's key has no entry in its own stream, yet it is on the books since entry 0."""
    book = town.settled()
    town.enrol(book, town.Person("戊", "registrar", SECOND.key), (FIRST,))
    book.seal()
    return book


@vector(17, 3)
def bad_revocation_of_an_unknown_key() -> Logbook:
    book = town.settled()
    town.revoke(book, STRANGER)
    book.seal()
    return book


@vector()
def good_compromise_from_a_later_position() -> Logbook:
    book = town.settled()
    town.end_key(book, "key.report_compromise.v1", "key.compromised.v1", CLERK, (FIRST,), from_position=99)
    book.seal()
    return book


@vector(17, 3)
def bad_enrolment_of_a_registrar_without_a_person() -> Logbook:
    return _enrolled({**STRANGER.row(), "role": "registrar", "person": ""})


def _noted(lines: int) -> Files:
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


@trusted(OK, (4, None))
def trust_has_seen_a_note_of_65_signature_lines() -> tuple[Files, bytes]:
    book = town.worked()
    note = book.note(6).decode() + "— witness.example/w1 AAAAAAAAAAAAAAAA\n" * 64
    return book.files(), canonical.encode(book.trust(None) | {"seen": {book.origin: note}})


def _long(width: int) -> Files:
    book = town.worked()
    files = book.files()
    line = "— w AAAAAAAA\n".encode()
    room = width - len(files["checkpoint"]) - len(line)
    files["checkpoint"] += line.replace(b"w", b"w" * (room + 1))
    assert len(files["checkpoint"]) == width
    return files


@vector()
def good_checkpoint_of_100000_bytes() -> Files:
    return _long(100_000)


@vector(1)
def bad_checkpoint_of_100001_bytes() -> Files:
    return _long(100_001)


@vector()
def good_checkpoint_of_64_signature_lines() -> Files:
    return _noted(63)


@vector(1)
def bad_checkpoint_of_65_signature_lines() -> Files:
    return _noted(64)


@trusted(OK, (3, None))
def trust_with_a_policy_whose_last_line_has_no_end() -> tuple[Files, bytes]:
    book = town.worked()
    return book.files(), canonical.encode(book.trust(1, policy=f"log {book.vkey()}\nquorum none"))


@trusted(OK, (3, None))
def trust_with_a_witness_key_of_no_bytes() -> tuple[Files, bytes]:
    book = town.worked()
    policy = f"log {book.vkey()}\nwitness w1 x+12345678+BA==\nquorum none\n"
    return book.files(), canonical.encode(book.trust(1, policy=policy))


@vector(20, 3)
def bad_seal_with_another_key_id() -> Files:
    book = town.settled()
    book_asset(book, "仓库")
    book.seal()
    size, root, blob = book.seal_lines[-1].split(b" ")
    raw = base64.b64decode(blob)
    book.seal_lines[-1] = b" ".join([size, root, base64.b64encode(bytes(4) + raw[4:]) + b"\n"])
    return book.files()


@vector()
def good_state_empty_array_in_15() -> Logbook:
    return in_state(b":1000", b":" + b"[" * 15 + b"]" * 15)


@vector(8, 3)
def bad_state_empty_array_in_16() -> Logbook:
    """The object of the state and fifteen arrays around an empty one: what it could hold would have depth 17."""
    return in_state(b":1000", b":" + b"[" * 16 + b"]" * 16)


@vector(11, 3)
def bad_adoption_for_another_ledger() -> Logbook:
    book = town.settled()
    new = town.rules(2)
    event = Event("rules.adopted.v1", LEDGER_ID, {"archive": new["archive"], "epoch": 2})
    payload = {"ledger": new_id("ledger", "另一乡"), "rules": new}
    book.act(book.command("rules.adopt.v1", (FIRST, SECOND), payload), [event], (FIRST, SECOND))
    book.seal()
    return book


@vector(21)
def bad_no_seal_at_all() -> Files:
    return town.open_books().files() | {"seals": b""}


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


# Step 21.


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


def digest(files: Files) -> str:
    """One hash over the names and contents of files."""
    lines = "".join(f"{hashlib.sha256(data).hexdigest()} {name}\n" for name, data in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def manifest() -> dict[str, Any]:
    """What must come out again, byte for byte."""
    return {
        one.name: {
            "log": digest(one.files),
            "trust": hashlib.sha256(one.trust).hexdigest(),
            "expected": one.expected(),
        }
        for one in vectors()
    }


def keep(one: Vector, directory: Path) -> None:
    """A vector in full."""
    shutil.rmtree(directory, ignore_errors=True)
    write(one.files, directory / "log")
    write({"trust": one.trust, "expected.json": _json(one.expected())}, directory)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def main() -> None:
    (HERE / "manifest.json").write_bytes(_json(manifest()))
    (HERE / "values.json").write_bytes(_json(values()))
    for one in vectors():
        if one.name in KEPT:
            keep(one, HERE / one.name)


if __name__ == "__main__":
    main()
