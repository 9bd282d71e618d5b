"""FORMAT 8 and 5.3: a batch, its outcome and its members. Steps 8 and 16 to 20."""

from __future__ import annotations

from typing import Any

from audit import canonical, dsse
from tests.support import town
from tests.support.logbook import Event, Logbook, Piece, hash_of, proof_by
from tests.support.town import CLERK, HEAD, LEDGER, STRANGER, asset, book_asset, row
from tests.vectors.forged import liar
from tests.vectors.history import cases, settled, vector


@settled()
def good_batch_all_refused(book: Logbook) -> None:
    town.batch(book, [row(book, "甲行"), row(book, "乙行")], refused=[0, 1])
    book_asset(book, "仓库")


@settled()
def good_batch_of_one_by_two(book: Logbook) -> None:
    town.batch(book, [row(book, "甲行", (CLERK, HEAD))], signers=(CLERK, HEAD))


@vector(8, 3)
def bad_batch_with_another_event() -> Logbook:
    return batched(change=lambda piece: piece.header.update(event="asset.booked.v1"))


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


WORKBOOK = hash_of("workbook")
BAD_BATCHES: dict[str, dict[str, Any]] = {
    "rows_0": {"rows": 0, "summary": f"批量 0 行，合计 1234.56 元，文件 {WORKBOOK[:16]}"},
    "rows_1001_said": {"rows": 1001, "summary": f"批量 1001 行，合计 1234.56 元，文件 {WORKBOOK[:16]}"},
    "root_no_hash": {"root": "0" * 63},
    "source_with_more": {"source": {"sha256": WORKBOOK, "sum_fen": 123456, "name": "台账.xlsx"}},
    "source_sum_text": {"source": {"sha256": WORKBOOK, "sum_fen": "123456"}},
    "too_long": {"origin": "x" * 32_000},
    "with_nature": {"nature": "act"},
    "signers_empty": {"signers": []},
    "valid_until": {"valid_until": "2026-02-30"},
}
BAD_MEMBERSHIPS: dict[str, dict[str, Any]] = {
    "batch_negative": {"batch": -1},
    "index_true": {"index": True},
    "path_null": {"path": None},
}
cases("bad_batch", 8, 3, lambda values: batched(statement=values), BAD_BATCHES)
cases("bad_member", 8, 5, lambda values: in_membership(**values), BAD_MEMBERSHIPS)


@vector(8, 3)
def bad_batch_of_two_events() -> Logbook:
    return batched(change=lambda piece: piece.header.update(n=2))


@vector(8, 3)
def bad_batch_proved_like_a_member() -> Logbook:
    return batched(proof=canonical.encode({"batch": 3, "index": 0, "path": []}))


@vector(8, 3)
def bad_batch_summary() -> Logbook:
    return batched(statement={"summary": "批量 3 行"})


@vector(8, 3)
def bad_batch_id_of_another_kind() -> Logbook:
    return batched(statement={"batch": asset("仓库")})


@vector()
def good_batch_with_negative_sum() -> Logbook:
    source = {"sha256": WORKBOOK, "sum_fen": -5}
    summary = f"批量 3 行，合计 -0.05 元，文件 {WORKBOOK[:16]}"
    return batched(statement={"source": source, "summary": summary}, state={"sum_fen": -5})


@vector(16, 3)
def bad_batch_for_another_ledger() -> Logbook:
    return batched(statement={"origin": "bangfu/999902/" + "0" * 32})


@vector(16, 3)
def bad_batch_expired() -> Logbook:
    return batched(statement={"valid_until": "2026-03-01"})


@settled(16, 7)
def bad_member_replayed_as_a_command(book: Logbook) -> None:
    rows = [row(book, name) for name in ("甲行", "乙行", "丙行")]
    town.batch(book, rows)
    body = canonical.encode(rows[0])
    book.act({}, [town.row_event(rows[0])], (CLERK,), body=body, proof=proof_by((CLERK,), dsse.COMMAND, body))


@vector(16, 5)
def bad_member_twice_in_a_batch() -> Logbook:
    return batched(("甲行", "甲行"))


@settled(16, 5)
def bad_member_expired(book: Logbook) -> None:
    town.batch(book, [row(book, "甲行"), row(book, "乙行", valid_until="2026-03-01")])


@settled(17, 3)
def bad_batch_by_a_stranger(book: Logbook) -> None:
    town.batch(book, [row(book, "甲行", (STRANGER,))], signers=(STRANGER,))


@settled(17, 3)
def bad_batch_by_the_ledger(book: Logbook) -> None:
    town.batch(book, [row(book, "甲行", (LEDGER,))], signers=(LEDGER,))


@settled(17, 5)
def bad_member_with_another_signer(book: Logbook) -> None:
    town.batch(book, [row(book, "甲行"), row(book, "乙行", (HEAD,))])


@settled(17, 5)
def bad_member_with_another_post(book: Logbook) -> None:
    signers = [{**CLERK.line(), "post": ""}]
    town.batch(book, [row(book, "甲行"), row(book, "乙行") | {"signers": signers}])


@settled(17, 4)
def bad_key_enrolled_in_a_batch(book: Logbook) -> None:
    """A clerk's batch whose only row enrols a registrar: nobody entitled has signed it."""
    signers = (CLERK,)
    state = {**STRANGER.row(), "role": "registrar"}
    command = book.command("key.enrol.v1", signers, state)
    town.batch(book, [command], events=[Event("key.enrolled.v1", STRANGER.key.key_id, state)])


@vector(17, 5)
def bad_member_that_the_outcome_refused() -> Logbook:
    """It follows when no member is due any more: there is no batch that its origin and signers could be those of."""
    return batched(("甲行", "乙行"), refused=[1], members=[0, 1])


@settled(18, 3)
def bad_batch_signature(book: Logbook) -> None:

    def change(piece: Piece) -> None:
        piece.proof = proof_by((liar(),), dsse.BATCH, piece.statement)

    town.batch(book, [row(book, "甲行")], change=change)


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


BAD_OUTCOMES: dict[str, dict[str, Any]] = {
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
cases("bad_outcome", 19, 3, lambda values: batched(("甲行",), state=values), BAD_OUTCOMES)


@vector(19, 3)
def bad_outcome_refused_not_ascending() -> Logbook:
    state = {"accepted": [], "refused": [[1, "a", "b"], [0, "a", "b"]]}
    return batched(("甲行", "乙行"), state=state)


@vector(19, 3)
def bad_outcome_in_another_stream() -> Logbook:
    return batched(change=lambda piece: piece.header.update(stream=another_stream(piece)))


def another_stream(piece: Piece) -> str:
    """Another id that the entry names already, so that its subjects stay right."""
    return CLERK.person if CLERK.person in piece.statement.decode() else CLERK.post


@settled(19, 5)
def bad_command_between_members(book: Logbook) -> None:
    town.batch(book, [row(book, "甲行"), row(book, "乙行")], members=[0])
    book_asset(book, "冷库")
