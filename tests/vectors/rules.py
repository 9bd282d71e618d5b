"""FORMAT 11.3 and 11.4: epochs, their tables of commands and events, their adoption. Step 11."""

from __future__ import annotations

from tests.support import town
from tests.support.logbook import Event, Logbook, hash_of, new_id
from tests.support.town import CLERK, FIRST, HEAD, LEDGER_ID, SECOND, book_asset
from tests.vectors.forged import founded, in_body, in_header
from tests.vectors.history import settled, vector


@settled()
def good_rules_adopted(book: Logbook) -> None:
    town.adopt(book)
    book_asset(book, "仓库", command="asset.mark.v1", event="asset.marked.v1")


@vector(11, 3)
def bad_epoch_too_high() -> Logbook:
    return in_header(epoch=2)


@settled(11, 4)
def bad_epoch_of_before_the_adoption(book: Logbook) -> None:
    town.adopt(book)
    book.epoch -= 1
    book_asset(book, "仓库")


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


@settled(11, 3)
def bad_adoption_of_the_same_epoch(book: Logbook) -> None:
    town.adopt(book, rules=town.rules(1))


@settled(11, 3)
def bad_adoption_state(book: Logbook) -> None:
    town.adopt(book, state={"archive": hash_of("another archive"), "epoch": 2})


@settled(11, 3)
def bad_revocation_of_two_keys_in_one_command(book: Logbook) -> None:
    states = [{"key": who.key.key_id, "reason": "示例"} for who in (CLERK, HEAD)]
    events = [Event("key.revoked.v1", state["key"], state) for state in states]
    book.act(book.command("key.revoke.v1", (FIRST,), states[0]), events, (FIRST,))


@settled(11, 3)
def bad_adoption_for_another_ledger(book: Logbook) -> None:
    new = town.rules(2)
    event = Event("rules.adopted.v1", LEDGER_ID, {"archive": new["archive"], "epoch": 2})
    payload = {"ledger": new_id("ledger", "另一乡"), "rules": new}
    book.act(book.command("rules.adopt.v1", (FIRST, SECOND), payload), [event], (FIRST, SECOND))


@settled(17, 3)
def bad_adoption_by_one_registrar(book: Logbook) -> None:
    town.adopt(book, (FIRST,))


@settled(17, 3)
def bad_adoption_by_two_registrars_and_a_clerk(book: Logbook) -> None:
    town.adopt(book, (FIRST, SECOND, CLERK))


@settled(17, 3)
def bad_adoption_by_a_registrar_and_a_clerk(book: Logbook) -> None:
    town.adopt(book, (FIRST, CLERK))


@settled(17, 4)
def bad_adoption_by_two_keys_of_one_person(book: Logbook) -> None:
    spare = town.Person("甲", "registrar", town.signer(11))
    town.enrol(book, spare, (FIRST, SECOND))
    town.adopt(book, (FIRST, spare))


@settled(17, 3)
def bad_adoption_in_another_stream(book: Logbook) -> None:
    town.adopt(book, stream=new_id("ledger", "另一乡"))
