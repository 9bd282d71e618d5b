"""FORMAT 4.3 and 5.2: the proof of a command. Steps 8 and 18."""

from __future__ import annotations

import base64
from collections.abc import Callable

from audit import canonical, dsse
from tests.support import town
from tests.support.logbook import Logbook, Piece, proof_by
from tests.support.town import CLERK, HEAD, asset, book_asset
from tests.vectors.forged import forged, key_under_id
from tests.vectors.history import settled, vector


def in_proof(change: Callable[[str], str]) -> Logbook:
    def forge(piece: Piece) -> None:
        key, text = canonical.decode(piece.proof)[0]
        piece.proof = canonical.encode([[key, change(text)]])

    return forged(forge)


@vector(8, 3)
def bad_proof_not_padded() -> Logbook:
    return in_proof(lambda text: text[:-2])


@vector(8, 3)
def bad_proof_unused_bits() -> Logbook:
    return in_proof(lambda text: text[:85] + chr(ord(text[85]) + 1) + "==")


@vector(8, 3)
def bad_proof_url_base64() -> Logbook:
    return in_proof(lambda text: "-" + text[1:])


@settled(18, 3)
def bad_signature_by_another_key(book: Logbook) -> None:
    command = book.command("asset.book.v1", (CLERK,), {"asset": asset("仓库")})
    body = canonical.encode(command)
    forged_by = town.Person("丙", "clerk", key_under_id(CLERK.key.key_id, HEAD.key))
    book_asset(book, "仓库", body=body, proof=proof_by((forged_by,), dsse.COMMAND, body))


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


@settled(18, 3)
def bad_signatures_in_another_order(book: Logbook) -> None:
    body = canonical.encode(book.command("asset.book.v1", (CLERK, HEAD), {"asset": asset("仓库")}))
    book_asset(book, "仓库", (CLERK, HEAD), body=body, proof=proof_by((HEAD, CLERK), dsse.COMMAND, body))


@settled(18, 3)
def bad_second_signature_missing(book: Logbook) -> None:
    body = canonical.encode(book.command("asset.book.v1", (CLERK, HEAD), {"asset": asset("仓库")}))
    book_asset(book, "仓库", (CLERK, HEAD), body=body, proof=proof_by((CLERK,), dsse.COMMAND, body))


@vector(18, 200)
def bad_signature_far_inside() -> Logbook:
    """The earliest of two bad signatures is named, and not the structural failure after them."""
    book = town.worked()
    while book.size < 400:
        liar = book.size in (200, 201)
        signers = (
            (town.Person("丙", "clerk", key_under_id(CLERK.key.key_id, HEAD.key)),) if liar else (CLERK,)
        )
        change = (lambda piece: piece.header.update(position=0)) if book.size == 300 else None
        book_asset(book, f"资产{book.size}", signers, change=change)
    book.seal()
    return book


@vector(18, 3)
def bad_proof_without_signatures() -> Logbook:
    return forged(lambda piece: setattr(piece, "proof", b"[]"))


@vector(8, 3)
def bad_signature_of_63_bytes() -> Logbook:
    return in_proof(lambda text: base64.b64encode(base64.b64decode(text)[:63]).decode())
