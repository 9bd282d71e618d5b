"""FORMAT 5.3: batches at the border, with their members."""

from __future__ import annotations

from typing import Any

import pytest

from audit import canonical, dsse
from audit.admission import admit_batch, batch_of, batch_summary
from audit.errors import Malformed
from audit.merkle import leaf_hash, root_of
from domain.record import SignedBatch
from tests.audit.door import KNOWN, ORIGIN, door, good, refusal
from tests.support.logbook import Person, hash_of, new_id
from tests.support.submissions import CLERK, COLLEAGUE, project


def rows(number: int, *by: Person) -> list[bytes]:
    return [canonical.encode(good(*by, nonce=f"{n:032x}")) for n in range(number)]


def statement(bodies: list[bytes], *by: Person, **other: Any) -> dict[str, Any]:
    file = hash_of("file")
    return {
        "batch": new_id("batch", "x"),
        "nonce": "0" * 32,
        "origin": ORIGIN,
        "root": root_of([leaf_hash(body) for body in bodies]).hex(),
        "rows": len(bodies),
        "signed_at": "2026-11-23T01:00:00Z",
        "signers": [one.line() for one in by or (CLERK,)],
        "source": {"sha256": file, "sum_fen": 12_345},
        "summary": batch_summary(len(bodies), 12_345, file),
        "valid_until": "2099-12-31",
        **other,
    }


def batch_door(value: dict[str, Any], bodies: list[bytes], *by: Person) -> SignedBatch:
    signed = dsse.signed(dsse.BATCH, canonical.encode(value), *(one.key for one in by or (CLERK,)))
    return admit_batch(signed, bodies, KNOWN.get)


def test_5_3_a_good_batch_comes_in_with_its_members_unsigned() -> None:
    bodies = rows(3)
    admitted = batch_door(statement(bodies), bodies)
    assert [member.body for member in admitted.members] == bodies
    assert all(member.signatures == () for member in admitted.members)
    assert admitted.statement["summary"] == f"批量 3 行，合计 123.45 元，文件 {hash_of('file')[:16]}"


@pytest.mark.parametrize(
    ("fen", "yuan"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-12_345, "-123.45"), (100, "1.00")]
)
def test_5_3_the_summary_says_the_sum_in_yuan(fen: int, yuan: str) -> None:
    assert f"合计 {yuan} 元" in batch_summary(1, fen, "0" * 64)


SOURCE = {"sha256": hash_of("file"), "sum_fen": 12_345}
BATCHES: dict[str, tuple[dict[str, Any], str]] = {
    "a key too many": ({"x": 1}, "bad_form"),
    "an id of another kind": ({"batch": project("a")}, "bad_form"),
    "an id that is none": ({"batch": "batch"}, "bad_form"),
    "no rows": ({"rows": 0}, "bad_form"),
    "rows of a truth": ({"rows": True}, "bad_form"),
    "another number of rows": ({"rows": 4}, "bad_form"),
    "a root that is none": ({"root": "0"}, "wrong_root"),
    "another root": ({"root": "0" * 64}, "wrong_root"),
    "a source with a key too many": ({"source": {**SOURCE, "name": "x"}}, "bad_form"),
    "a sum that is a truth": ({"source": {**SOURCE, "sum_fen": True}}, "bad_form"),
    "a hash that is none": ({"source": {**SOURCE, "sha256": "x"}}, "bad_form"),
    "another sum": ({"source": {**SOURCE, "sum_fen": 12_346}}, "wrong_summary"),
    "another summary": ({"summary": "批量"}, "wrong_summary"),
    "a nonce of 31": ({"nonce": "0" * 31}, "bad_form"),
    "a day that is not": ({"valid_until": "2026-02-30"}, "bad_form"),
    "no signers": ({"signers": []}, "bad_form"),
    "another origin": ({"origin": ORIGIN + "0"}, "bad_form"),
    "other signers": ({"signers": [COLLEAGUE.line()]}, "wrong_signers"),
    "a signer whose post is no id": ({"signers": [{**CLERK.line(), "post": "乡长"}]}, "bad_form"),
}


@pytest.mark.parametrize(("other", "code"), BATCHES.values(), ids=BATCHES)
def test_5_3_a_bad_batch_is_refused(other: dict[str, Any], code: str) -> None:
    bodies = rows(3)
    assert refusal(lambda: batch_door(statement(bodies, **other), bodies)) == code


def test_5_3_a_batch_has_at_most_1000_rows() -> None:
    bodies = rows(1_000)
    assert len(batch_door(statement(bodies), bodies).members) == 1_000
    bodies = rows(1_001)
    assert refusal(lambda: batch_door(statement(bodies), bodies)) == "bad_form"


def test_5_3_the_members_are_those_of_the_root_in_its_order() -> None:
    bodies = rows(3)
    for wrong in (bodies[::-1], [*bodies[:2], bodies[0]]):
        assert refusal(lambda wrong=wrong: batch_door(statement(bodies), wrong)) == "wrong_root"


def test_5_3_a_member_has_the_origin_and_the_signers_of_its_batch_and_a_good_form() -> None:
    for other in ({"origin": "bangfu/511599102/" + "0" * 32}, {"signers": [COLLEAGUE.line()]}):
        bodies = [*rows(1), canonical.encode(good(**other))]
        assert refusal(lambda bodies=bodies: batch_door(statement(bodies), bodies)) == "bad_form"
    bodies = [*rows(1), b"{} "]
    assert refusal(lambda: batch_door(statement(bodies), bodies)) == "not_canonical"


def test_5_3_a_batch_is_no_command_and_a_command_no_batch() -> None:
    bodies = rows(1)
    signed = dsse.signed(dsse.COMMAND, canonical.encode(statement(bodies)), CLERK.key)
    assert refusal(lambda: admit_batch(signed, bodies, KNOWN.get)) == "bad_form"
    assert refusal(lambda: door(statement(bodies))) == "bad_form"


def test_5_3_a_batch_is_parsed_from_the_wire() -> None:
    bodies = rows(2)
    envelope = dsse.signed(dsse.BATCH, canonical.encode(statement(bodies)), CLERK.key)
    value = {"commands": [dsse.b64(body) for body in bodies], "envelope": dsse.envelope_json(envelope)}
    assert batch_of(value) == (envelope, bodies)
    for wrong in ({**value, "x": 1}, {"commands": []}, {**value, "commands": {}}, {**value, "commands": [1]}):
        with pytest.raises(Malformed):
            batch_of(wrong)
    with pytest.raises(Malformed):
        batch_of({**value, "commands": ["A"]})
    with pytest.raises(Malformed):
        batch_of({**value, "commands": [""] * 1_001})
