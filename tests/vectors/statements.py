"""FORMAT 5.1: the body of a command, and that it is for this ledger, in time and recorded once. Steps 8 and 16."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audit import canonical, dsse
from tests.support import town
from tests.support.logbook import Logbook, proof_by
from tests.support.town import CLERK, asset, book_asset
from tests.vectors.forged import in_body
from tests.vectors.history import cases, settled, vector


@settled()
def good_recorded_on_the_last_day(book: Logbook) -> None:
    book.at = "2026-12-31T15:59:59.999999Z"
    book_asset(book, "仓库")


def raw_body(change: Callable[[bytes], bytes]) -> Logbook:
    book = town.settled()
    body = change(canonical.encode(book.command("asset.book.v1", (CLERK,), {"asset": asset("仓库"), "n": 1})))
    book_asset(book, "仓库", body=body, proof=proof_by((CLERK,), dsse.COMMAND, body))
    book.seal()
    return book


def with_command(values: dict[str, Any]) -> Logbook:
    """Position 3 with a command whose values are signed as they are, good or bad."""
    book = town.settled()
    body = canonical.encode(book.command("asset.book.v1", (CLERK,), {"asset": asset("仓库")}) | values)
    book_asset(book, "仓库", body=body, proof=proof_by((CLERK,), dsse.COMMAND, body))
    book.seal()
    return book


GOOD_VALUES: dict[str, dict[str, Any]] = {
    "summary_400": {"summary": "𠮷" * 400},
    "leap_day": {"occurred_on": "2024-02-29"},
    "seen_ascending": {"seen": [[one, 0] for one in sorted([asset("a"), "code:asset:青", "code:asset:a"])]},
    "post_empty": {"signers": [{**CLERK.line(), "post": ""}]},
    "fact": {"nature": "fact"},
}
BAD_VALUES: dict[str, dict[str, Any]] = {
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
cases("good_command", None, None, with_command, GOOD_VALUES)
cases("bad_command", 8, 3, with_command, BAD_VALUES)


@settled(8, 3)
def bad_command_without_summary(book: Logbook) -> None:
    command = book.command("asset.book.v1", (CLERK,), {"asset": asset("仓库")})
    del command["summary"]
    body = canonical.encode(command)
    book_asset(book, "仓库", body=body, proof=proof_by((CLERK,), dsse.COMMAND, body))


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


@vector(16, 3)
def bad_command_for_another_ledger() -> Logbook:
    return in_body(origin="bangfu/999902/" + "0" * 32)


@vector(16, 3)
def bad_command_expired() -> Logbook:
    return in_body(valid_until="2026-03-01")


@settled(16, 3)
def bad_command_expired_at_midnight_of_the_east(book: Logbook) -> None:
    book.at = "2026-12-31T16:00:00.000000Z"
    book_asset(book, "仓库")


@settled(16, 5)
def bad_replayed_command(book: Logbook) -> None:
    """A good command, recorded once more under a new position with right counts."""
    body = book_asset(book, "仓库")
    book_asset(book, "冷库")
    book_asset(book, "仓库", body=body, proof=proof_by((CLERK,), dsse.COMMAND, body))


@settled()
def good_recorded_after_midnight_of_the_east(book: Logbook) -> None:
    """In UTC it is the day before the last one still."""
    book.at = "2026-12-30T16:00:00.000000Z"
    book_asset(book, "仓库", valid_until="2026-12-31")


LAST_DAY = "9999-12-31"


@settled()
def good_recorded_on_the_last_day_that_there_is(book: Logbook) -> None:
    book.at = f"{LAST_DAY}T15:59:59.999999Z"
    book_asset(book, "仓库", valid_until=LAST_DAY)


@settled(16, 3)
def bad_command_recorded_after_the_last_day_that_there_is(book: Logbook) -> None:
    """At UTC+8 it is the first day of the year 10000, to which no command is good."""
    book.at = f"{LAST_DAY}T16:00:00.000000Z"
    book_asset(book, "仓库", valid_until=LAST_DAY)
