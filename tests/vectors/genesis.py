"""FORMAT 11.1 and 11.2: the first entry, and the origin that it gives. Step 10, and 16 to 18 at entry 0."""

from __future__ import annotations

from typing import Any

from audit import canonical, dsse
from tests.support import town
from tests.support.logbook import Event, Logbook, proof_by
from tests.support.town import CLERK, FIRST, LEDGER, LEDGER_ID, SECOND, asset, book_asset, row
from tests.vectors.forged import founded, key_under_id
from tests.vectors.history import case, cases, settled, vector


@vector()
def good_opened() -> Logbook:
    return town.open_books()


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


def with_table(rows: object) -> dict[str, Any]:
    return {"rules": {**town.rules(1), "table": {"commands": rows}}}


ROWS = [LEDGER.row(), FIRST.row(), SECOND.row()]
TABLE = town.table()["commands"]
ROW = TABLE[0]
BAD_PAYLOADS: dict[str, dict[str, Any]] = {
    "payload_with_more": {"zeal": 1},
    "area_code_of_13": {"area_code": "9" * 13},
    "area_code_with_letter": {"area_code": "99990a"},
    "area_name_null": {"area_name": None},
    "ledger_of_another_kind": {"ledger": asset("仓库")},
    "keys_empty": {"keys": []},
    "keys_null": {"keys": None},
    "key_with_more": {"keys": [*ROWS[:2], {**ROWS[2], "name": "乙"}]},
    "key_person_no_id": {"keys": [*ROWS[:2], {**ROWS[2], "person": "乙"}]},
    "key_person_empty": {"keys": [*ROWS[:2], {**ROWS[2], "person": ""}]},
    "key_role_empty": {"keys": [*ROWS[:2], {**ROWS[2], "role": ""}]},
    "key_suite_unknown": {"keys": [*ROWS[:2], {**ROWS[2], "suite": "sm2-sm3"}]},
    "key_suite_null": {"keys": [*ROWS[:2], {**ROWS[2], "suite": None}]},
    "key_public_upper_case": {"keys": [*ROWS[:2], {**ROWS[2], "public": ROWS[2]["public"].upper()}]},
    "ledger_key_with_post": {"keys": [{**ROWS[0], "post": ROWS[1]["post"]}, *ROWS[1:]]},
    "ledger_key_with_organisation": {
        "keys": [{**ROWS[0], "organisation": ROWS[1]["organisation"]}, *ROWS[1:]]
    },
    "rules_with_more": {"rules": {**town.rules(1), "zeal": 1}},
    "rules_archive_no_hash": {"rules": {**town.rules(1), "archive": "a" * 63}},
    "rules_epoch_true": {"rules": {**town.rules(1), "epoch": True}},
    "rules_versions_array": {"rules": {**town.rules(1), "versions": []}},
    "rules_version_number": {"rules": {**town.rules(1), "versions": {"python": 3}}},
    "table_with_more": {"rules": {**town.rules(1), "table": {"commands": TABLE, "zeal": 1}}},
    "table_empty": with_table([]),
    "table_object": with_table({}),
    "table_row_with_more": with_table([{**ROW, "zeal": 1}, *TABLE[1:]]),
    "table_command_no_name": with_table([{**ROW, "command": "asset"}, *TABLE[1:]]),
    "table_command_twice": with_table([ROW, ROW, *TABLE[1:]]),
    "table_event_no_name": with_table([{**ROW, "events": ["asset.booked"]}, *TABLE[1:]]),
    "table_event_twice": with_table([{**ROW, "events": ROW["events"] * 2}, *TABLE[1:]]),
    "table_events_text": with_table([{**ROW, "events": "asset.booked.v1"}, *TABLE[1:]]),
    "table_nature_unknown": with_table([{**ROW, "natures": ["rumour"]}, *TABLE[1:]]),
    "table_natures_descending": with_table([{**ROW, "natures": ["fact", "act"]}, *TABLE[1:]]),
    "table_nature_number": with_table([{**ROW, "natures": [1]}, *TABLE[1:]]),
}
cases("bad_genesis", 10, 0, lambda values: founded(**values), BAD_PAYLOADS)
case("good_genesis_without_versions", None, None, lambda: founded(rules={**town.rules(1), "versions": {}}))


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
    other = Logbook(
        town.Person("ledger", "ledger", town.signer(10)),
        origin=book.origin,
        entries=book.entries,
        leaves=book.leaves,
    )
    other.seal()
    return other


@settled(10, 3)
def bad_second_opening(book: Logbook) -> None:
    payload = town.opening()
    event = Event("ledger.opened.v1", LEDGER_ID, town.opened_state(payload))
    book.act(book.command("ledger.open.v1", (FIRST,), payload), [event], (FIRST,))


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


@vector(17, 0)
def bad_genesis_not_signed_by_every_key() -> Logbook:
    return town.open_books(signers=(LEDGER, FIRST))


@vector(18, 0)
def bad_genesis_registrar_did_not_sign() -> Logbook:
    book = Logbook(LEDGER)
    payload = town.opening()
    signers = (LEDGER, FIRST, SECOND)
    body = canonical.encode(book.command("ledger.open.v1", signers, payload))
    liar = town.Person("乙", "registrar", key_under_id(SECOND.key.key_id, FIRST.key))
    event = Event("ledger.opened.v1", LEDGER_ID, town.opened_state(payload))
    book.act({}, [event], signers, body=body, proof=proof_by((LEDGER, FIRST, liar), dsse.COMMAND, body))
    book.origin = f"bangfu/999901/{book.leaves[0].hex()[:32]}"
    book.seal()
    return book


@vector(10, 0)
def bad_genesis_third_registrar_is_the_first_person() -> Logbook:
    spare = town.Person("甲", "registrar", town.signer(11))
    payload = town.opening(keys=[one.row() for one in (LEDGER, FIRST, SECOND, spare)])
    return town.open_books(payload, signers=(LEDGER, FIRST, SECOND, spare))


@settled(10, 3)
def bad_second_opening_by_another_command(book: Logbook) -> None:
    state = {"asset": asset("仓库")}
    book_asset(book, "仓库", event="ledger.opened.v1", state=state)


@settled(10, 3)
def bad_second_opening_with_another_event(book: Logbook) -> None:
    book_asset(book, "仓库", command="ledger.open.v1")


@vector(10, 0)
def bad_genesis_by_another_command() -> Logbook:
    return town.open_books(command="log.note.v1")


def founded_as(ledger: object) -> Logbook:
    """The opening states this for the ledger's id; it stands in the ledger's stream."""
    payload = town.opening()
    stated = payload | {"ledger": ledger}
    book = Logbook(LEDGER)
    signers = (LEDGER, FIRST, SECOND)
    event = Event("ledger.opened.v1", LEDGER_ID, town.opened_state(stated))
    book.act(book.command("ledger.open.v1", signers, stated), [event], signers)
    book.origin = f"bangfu/999901/{book.leaves[0].hex()[:32]}"
    book.seal()
    return book


LEDGERS: dict[str, object] = {
    "null": None,
    "number": 1,
    "array": [LEDGER_ID],
    "empty": "",
    "of_another": asset(""),
}
cases("bad_genesis_ledger", 10, 0, founded_as, LEDGERS)
