"""FORMAT 10: who may sign, and how keys come and go. Step 17."""

from __future__ import annotations

from typing import Any

from tests.support import town
from tests.support.logbook import Event, Logbook
from tests.support.town import CLERK, FIRST, HEAD, LEDGER, SECOND, STRANGER, asset, book_asset
from tests.vectors.history import cases, settled, vector


@settled()
def good_key_revoked(book: Logbook) -> None:
    book_asset(book, "仓库")
    town.revoke(book, CLERK)
    book_asset(book, "冷库", (HEAD,))


@settled()
def good_key_lost_said_by_itself(book: Logbook) -> None:
    town.end_key(book, "key.report_lost.v1", "key.lost.v1", CLERK, (CLERK,))


@vector(doubtful=(4, 5, 6, 7, 8, 9, 10))
def good_key_compromised() -> Logbook:
    book = town.worked()
    town.end_key(book, "key.report_compromise.v1", "key.compromised.v1", CLERK, (FIRST,), from_position=4)
    book.seal()
    return book


@settled(doubtful=(5,))
def good_key_compromised_from_the_second_event(book: Logbook) -> None:
    book_asset(book, "仓库")
    town.dispose(book, "仓库", (HEAD, CLERK))
    town.end_key(book, "key.report_compromise.v1", "key.compromised.v1", HEAD, (SECOND,), from_position=5)


THIRD = town.Person("己", "registrar", town.signer(7))


@settled()
def good_registrar_enrols_registrar(book: Logbook) -> None:
    town.enrol(book, THIRD, (FIRST, SECOND))
    town.revoke(book, FIRST, (SECOND, THIRD))


@settled(17, 3)
def bad_registrar_enrolled_by_one(book: Logbook) -> None:
    town.enrol(book, THIRD)


@settled(17, 4)
def bad_registrar_revoked_by_one(book: Logbook) -> None:
    town.enrol(book, THIRD, (FIRST, SECOND))
    town.revoke(book, FIRST, (THIRD,))


@settled(17, 4)
def bad_registrar_revoked_by_another_and_itself(book: Logbook) -> None:
    town.enrol(book, THIRD, (FIRST, SECOND))
    town.revoke(book, FIRST, (THIRD, FIRST))


@settled(17, 3)
def bad_registrar_enrolled_by_one_and_a_clerk(book: Logbook) -> None:
    town.enrol(book, THIRD, (FIRST, CLERK))


@settled(17, 3)
def bad_registrar_enrolled_by_a_clerk_and_one(book: Logbook) -> None:
    town.enrol(book, THIRD, (CLERK, FIRST))


# The same person as the first registrar, on a second device.
FIRST_AGAIN = town.Person(FIRST.name, "registrar", town.signer(8))


@settled(17, 4)
def bad_registrar_enrolled_by_two_keys_of_one_person(book: Logbook) -> None:
    town.enrol(book, FIRST_AGAIN, (FIRST, SECOND))
    town.enrol(book, THIRD, (FIRST, FIRST_AGAIN))


@settled(17, 4)
def bad_registrar_enrolled_by_three_keys_of_two_persons(book: Logbook) -> None:
    town.enrol(book, FIRST_AGAIN, (FIRST, SECOND))
    town.enrol(book, THIRD, (FIRST, SECOND, FIRST_AGAIN))


@settled(17, 4)
def bad_registrar_enrolled_by_one_that_is_lost(book: Logbook) -> None:
    town.end_key(book, "key.report_lost.v1", "key.lost.v1", SECOND, (SECOND,))
    town.enrol(book, THIRD, (FIRST, SECOND))


@settled(17, 4)
def bad_enrolment_by_a_registrar_that_is_lost(book: Logbook) -> None:
    town.end_key(book, "key.report_lost.v1", "key.lost.v1", SECOND, (SECOND,))
    town.enrol(book, STRANGER, (SECOND,))


@settled(17, 4)
def bad_registrar_revoked_by_one_and_a_clerk(book: Logbook) -> None:
    town.enrol(book, THIRD, (FIRST, SECOND))
    town.revoke(book, FIRST, (THIRD, CLERK))


@settled(17, 4)
def bad_registrar_revoked_by_two_keys_of_one_person(book: Logbook) -> None:
    town.enrol(book, FIRST_AGAIN, (FIRST, SECOND))
    town.revoke(book, SECOND, (FIRST, FIRST_AGAIN))


@settled(doubtful=(3,))
def good_key_compromised_twice_is_doubtful_from_the_earlier_position(book: Logbook) -> None:
    book_asset(book, "仓库")
    town.end_key(book, "key.report_compromise.v1", "key.compromised.v1", CLERK, (FIRST,), from_position=3)
    town.end_key(book, "key.report_compromise.v1", "key.compromised.v1", CLERK, (SECOND,), from_position=99)


@settled()
def good_registrar_reports_its_own_loss(book: Logbook) -> None:
    town.end_key(book, "key.report_lost.v1", "key.lost.v1", FIRST, (FIRST,))


@settled()
def good_note_by_the_ledger(book: Logbook) -> None:
    book_asset(book, "仓库", (LEDGER,), command="log.note.v1", event="log.noted.v1")


@settled(17, 3)
def bad_signer_never_enrolled(book: Logbook) -> None:
    book_asset(book, "仓库", (STRANGER,))


@settled(17, 5)
def bad_signer_revoked(book: Logbook) -> None:
    book_asset(book, "仓库")
    town.revoke(book, CLERK)
    book_asset(book, "冷库")


@settled(17, 4)
def bad_signer_lost(book: Logbook) -> None:
    town.end_key(book, "key.report_lost.v1", "key.lost.v1", CLERK, (CLERK,))
    book_asset(book, "冷库")


@settled(17, 4)
def bad_signer_compromised(book: Logbook) -> None:
    town.end_key(book, "key.report_compromise.v1", "key.compromised.v1", CLERK, (FIRST,), from_position=3)
    book_asset(book, "冷库")


@settled(17, 3)
def bad_ledger_key_signs_a_command(book: Logbook) -> None:
    book_asset(book, "仓库", (LEDGER,))


@settled(17, 3)
def bad_ledger_key_enrols(book: Logbook) -> None:
    town.enrol(book, STRANGER, (LEDGER,))


@settled(17, 3)
def bad_clerk_enrols(book: Logbook) -> None:
    town.enrol(book, STRANGER, (CLERK,))


@settled(17, 3)
def bad_enrolment_without_the_new_key(book: Logbook) -> None:
    event = Event("key.enrolled.v1", STRANGER.key.key_id, STRANGER.row())
    book.act(book.command("key.enrol.v1", (FIRST, SECOND), STRANGER.row()), [event], (FIRST, SECOND))


@settled(17, 3)
def bad_enrolment_by_three(book: Logbook) -> None:
    town.enrol(book, STRANGER, (FIRST, SECOND))


@settled(17, 3)
def bad_enrolment_of_a_key_twice(book: Logbook) -> None:
    town.enrol(book, CLERK)


@settled(17, 4)
def bad_enrolment_of_a_revoked_key(book: Logbook) -> None:
    town.revoke(book, CLERK)
    town.enrol(book, CLERK)


@settled(17, 3)
def bad_enrolment_state_with_more(book: Logbook) -> None:
    town.enrol(book, STRANGER, state={**STRANGER.row(), "name": "戊"})


@settled(17, 3)
def bad_enrolment_of_unknown_suite(book: Logbook) -> None:
    town.enrol(book, STRANGER, state={**STRANGER.row(), "suite": "sm2-sm3"})


@vector(17, 3)
def bad_enrolment_with_the_role_ledger() -> Logbook:
    return enrolled({**STRANGER.row(), "role": "ledger"})


@settled(17, 3)
def bad_enrolment_recorded_otherwise_than_signed(book: Logbook) -> None:
    event = Event("key.enrolled.v1", STRANGER.key.key_id, {**STRANGER.row(), "role": "registrar"})
    signers = (FIRST, STRANGER)
    book.act(book.command("key.enrol.v1", signers, STRANGER.row()), [event], signers)


@settled(17, 3)
def bad_enrolment_of_another_person_than_signed(book: Logbook) -> None:
    """Of the same form, and by the right hands: only that it is not what they signed."""
    event = Event("key.enrolled.v1", STRANGER.key.key_id, {**STRANGER.row(), "person": HEAD.row()["person"]})
    signers = (FIRST, STRANGER)
    book.act(book.command("key.enrol.v1", signers, STRANGER.row()), [event], signers)


@settled(17, 3)
def bad_revocation_of_another_key_than_signed(book: Logbook) -> None:
    signed, recorded = ({"key": one.key.key_id, "reason": "示例"} for one in (CLERK, HEAD))
    event = Event("key.revoked.v1", HEAD.key.key_id, recorded)
    book.act(book.command("key.revoke.v1", (FIRST,), signed), [event], (FIRST,))


@settled(17, 3)
def bad_compromise_from_a_later_position_than_signed(book: Logbook) -> None:
    signed, recorded = (
        {"from_position": position, "key": CLERK.key.key_id, "reason": "示例"} for position in (2, 99)
    )
    event = Event("key.compromised.v1", CLERK.key.key_id, recorded)
    book.act(book.command("key.report_compromise.v1", (FIRST,), signed), [event], (FIRST,))


@settled(17, 3)
def bad_enrolment_in_another_stream(book: Logbook) -> None:
    town.enrol(book, STRANGER, stream=asset("仓库"))


@settled(17, 3)
def bad_revocation_by_a_clerk(book: Logbook) -> None:
    town.revoke(book, HEAD, (CLERK,))


@settled(17, 3)
def bad_revocation_by_the_key_itself(book: Logbook) -> None:
    town.revoke(book, CLERK, (CLERK,))


@settled(17, 3)
def bad_loss_said_by_a_colleague(book: Logbook) -> None:
    town.end_key(book, "key.report_lost.v1", "key.lost.v1", CLERK, (HEAD,))


def enrolled(state: dict[str, Any]) -> Logbook:
    book = town.settled()
    town.enrol(book, STRANGER, state=state)
    book.seal()
    return book


def ended(given: tuple[str, str, dict[str, Any]]) -> Logbook:
    command, event, more = given
    book = town.settled()
    town.end_key(book, command, event, CLERK, (FIRST,), **more)
    book.seal()
    return book


BAD_ROWS: dict[str, dict[str, Any]] = {
    "person_no_id": {"person": "戊"},
    "role_null": {"role": None},
    "role_empty": {"role": ""},
    "role_number": {"role": 1},
    "role_array": {"role": ["clerk"]},
    "suite_null": {"suite": None},
    "public_too_short": {"public": STRANGER.row()["public"][:62]},
    "key_of_another": {"public": CLERK.key.public.hex()},
}
BAD_ENDINGS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "revocation_reason_number": ("key.revoke.v1", "key.revoked.v1", {"reason": 1}),
    "loss_of_another_key": ("key.report_lost.v1", "key.lost.v1", {"key": HEAD.key.key_id}),
    "compromise_from_true": ("key.report_compromise.v1", "key.compromised.v1", {"from_position": True}),
    "compromise_from_negative": ("key.report_compromise.v1", "key.compromised.v1", {"from_position": -1}),
}
cases("bad_enrolment", 17, 3, lambda values: enrolled({**STRANGER.row(), **values}), BAD_ROWS)
cases("bad", 17, 3, ended, BAD_ENDINGS)


@settled(17, 3)
def bad_compromise_without_position(book: Logbook) -> None:
    town.end_key(book, "key.report_compromise.v1", "key.compromised.v1", CLERK, (FIRST,))


@settled(17, 3)
def bad_enrolment_of_a_key_of_the_opening(book: Logbook) -> None:
    """A registrar's key has no entry in its own stream, yet it is on the books since entry 0."""
    town.enrol(book, town.Person("戊", "registrar", SECOND.key), (FIRST,))


@settled(17, 3)
def bad_revocation_of_an_unknown_key(book: Logbook) -> None:
    town.revoke(book, STRANGER)


@settled()
def good_compromise_from_a_later_position(book: Logbook) -> None:
    town.end_key(book, "key.report_compromise.v1", "key.compromised.v1", CLERK, (FIRST,), from_position=99)


@vector(17, 3)
def bad_enrolment_of_a_registrar_without_a_person() -> Logbook:
    return enrolled({**STRANGER.row(), "role": "registrar", "person": ""})


def noted_by_the_ledger(name: str) -> Logbook:
    """What the ledger says itself: `log.`, `time.` and `index.` commands, and no other."""
    command, event = f"{name}.note.v1", f"{name}.noted.v1"
    book = town.settled(town.open_books(town.opening(rules=town.rules(1, (command, event)))))
    book_asset(book, "仓库", (LEDGER,), command=command, event=event)
    book.seal()
    return book


cases("good_ledger_key_signs", None, None, noted_by_the_ledger, {one: one for one in ("index", "time")})
cases(
    "bad_ledger_key_signs",
    17,
    3,
    noted_by_the_ledger,
    {one: one for one in ("timer", "catalogue_index", "logs")},
)


@settled(17, 3)
def bad_enrolment_by_the_new_key_alone(book: Logbook) -> None:
    town.enrol(book, STRANGER, ())


@settled(17, 3)
def bad_registrar_enrolled_by_its_new_key_alone(book: Logbook) -> None:
    town.enrol(book, THIRD, ())
