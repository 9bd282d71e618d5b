"""Everything that a careless or a malicious client may hand in: how it is made, and the code and rule that it must get."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.cli_say import EXIT_CONFLICT, EXIT_NOT_ALLOWED
from api.compose import china_today, sign_command
from api.keyfile import load
from audit import canonical, dsse
from domain.values import days_after
from tests.support.world import World, key_of, post, project_of

Json = dict[str, Any]
STRANGER = key_of("外人")


def listing(world: World, by: str = "kang", payload: Json | None = None, **header: Any) -> Json:
    """A good listing as a value, with header fields changed."""
    made = world.project("茶园") if payload is None else payload
    body = world.clerk(by).prepare("project.list.v1", made, nature="fact")
    value: Json = canonical.decode(body)
    return value | header


def act(world: World, name: str, payload: Json, by: str, **header: Any) -> Json:
    value: Json = canonical.decode(world.clerk(by).prepare(name, payload))
    return value | header


def signed(value: Json | bytes, *by: str) -> bytes:
    """On the wire, signed by these, whatever it is."""
    body = value if isinstance(value, bytes) else canonical.encode(value)
    return dsse.print_envelope(sign_command(body, *(key_of(name).signer for name in by)))


def with_payload(value: Json, **changed: Any) -> Json:
    """The payload changed after it was summarised, and without the fields that are `...`."""
    payload = {key: inner for key, inner in (value["payload"] | changed).items() if inner is not ...}
    return value | {"payload": payload}


def replaced(value: Json, before: bytes, after: bytes) -> bytes:
    body = canonical.encode(value)
    assert body.count(before) >= 1
    return body.replace(before, after, 1)


def checking(world: World, name: str = "养蜂场", **changed: Any) -> Json:
    entry = next(iter(world.desk.reader.of_subject(project_of(name))))
    return {
        "leaf": entry.leaf,
        "name": name,
        "position": entry.position,
        "project": project_of(name),
        "version": 1,
    } | changed


def batch(world: World, by: str = "recorder", rows: int = 2, **changed: Any) -> bytes:
    """A batch on the wire; `bodies` changes what travels, anything else the statement."""
    payloads = [world.project(f"批量{k}", place="town", fen=100) for k in range(rows)]
    bodies = world.rows(payloads, by)
    travelling = changed.pop("bodies", bodies)
    key = changed.pop("key", key_of(by))
    statement = canonical.decode(world.batch_envelope(bodies, by, 100 * rows).body) | changed
    envelope = dsse.signed(dsse.BATCH, canonical.encode(statement), key.signer)
    commands = [dsse.b64(body) for body in travelling]
    return json.dumps({"commands": commands, "envelope": dsse.envelope_json(envelope)}).encode()


def by_ledger(world: World) -> bytes:
    own = load(world.settings.key_path)
    value = listing(world, signers=[{"key": own.key_id, "organisation": "", "post": ""}])
    return dsse.print_envelope(sign_command(canonical.encode(value), own.signer))


def broken_signature(wire: bytes) -> bytes:
    value = json.loads(wire)
    value["envelope"]["signatures"][0]["sig"] = dsse.b64(bytes(64))
    return json.dumps(value).encode()


def one_row_less(wire: bytes) -> bytes:
    value = json.loads(wire)
    return json.dumps(value | {"commands": value["commands"][:-1]}).encode()


def wrong_sum(world: World) -> bytes:
    bodies = world.rows([world.project("批量", place="town", fen=100)], "recorder")
    envelope = world.batch_envelope(bodies, "recorder", 101)
    wire = {"commands": [dsse.b64(body) for body in bodies], "envelope": dsse.envelope_json(envelope)}
    return json.dumps(wire).encode()


@dataclass(frozen=True)
class Bad:
    make: Callable[[World], bytes]
    code: str
    rule: str
    exit: int = EXIT_CONFLICT

    @property
    def is_answered(self) -> bool:
        """Whether the refusal is the domain's, so that a good signature stood before it."""
        return not self.rule.startswith("FORMAT") and self.code != "unknown_key"


YESTERDAY = days_after(china_today(), -1)
TOMORROW = days_after(china_today(), 1)
NOT_ALLOWED = EXIT_NOT_ALLOWED
BAD: dict[str, Bad] = {
    # No good signature: nobody answers.
    "no JSON at all": Bad(lambda w: b"{", "bad_form", "FORMAT-5"),
    "no envelope": Bad(lambda w: b'{"payload":"e30="}', "bad_form", "FORMAT-5"),
    "a key twice in the envelope": Bad(
        lambda w: signed(listing(w), "kang").replace(b"{", b'{"payload":"e30=",', 1), "bad_form", "FORMAT-5"
    ),
    "no signature": Bad(
        lambda w: json.dumps(
            {"payload": dsse.b64(canonical.encode(listing(w))), "payloadType": dsse.COMMAND, "signatures": []}
        ).encode(),
        "bad_form",
        "FORMAT-5",
    ),
    "an answer handed in as a command": Bad(
        lambda w: dsse.print_envelope(dsse.signed(dsse.ANSWER, b"{}", key_of("kang").signer)),
        "bad_form",
        "FORMAT-5",
    ),
    "an unknown key": Bad(
        lambda w: signed(
            listing(w, signers=[{"key": STRANGER.key_id, "organisation": "", "post": ""}]), "外人"
        ),
        "unknown_key",
        "AUTH-1",
        NOT_ALLOWED,
    ),
    "another's signature under a name": Bad(
        lambda w: signed(listing(w), "kang").replace(
            dsse.envelope_json(dsse.signed(dsse.COMMAND, b"", key_of("kang").signer))["signatures"][0][
                "keyid"
            ].encode(),
            key_of("recorder").key_id.encode(),
        ),
        "wrong_signers",
        "FORMAT-5",
    ),
    "a wrong signature": Bad(
        lambda w: dsse.print_envelope(
            dsse.Envelope(
                dsse.COMMAND,
                canonical.encode(listing(w)),
                ((key_of("kang").key_id, STRANGER.signer.sign(b"something else")),),
            )
        ),
        "bad_signature",
        "FORMAT-4",
        NOT_ALLOWED,
    ),
    "a missing second signature": Bad(
        lambda w: signed(
            listing(w, signers=[w.desk.capacity(key_of(n).key_id) for n in ("kang", "recorder")]), "kang"
        ),
        "wrong_signers",
        "FORMAT-5",
    ),
    "an unknown header field": Bad(lambda w: signed(listing(w, urgent=True), "kang"), "bad_form", "FORMAT-5"),
    "a missing header field": Bad(
        lambda w: signed({k: v for k, v in listing(w).items() if k != "nonce"}, "kang"),
        "bad_form",
        "FORMAT-5",
    ),
    "a day that is none": Bad(
        lambda w: signed(listing(w, occurred_on="2026-02-30"), "kang"), "bad_form", "FORMAT-5"
    ),
    "a field twice": Bad(
        lambda w: signed(replaced(listing(w), b'"nature":"fact"', b'"nature":"fact","nature":"act"'), "kang"),
        "not_canonical",
        "FORMAT-2",
    ),
    "a float": Bad(
        lambda w: signed(replaced(listing(w), b'"build_year":2016', b'"build_year":2016.0'), "kang"),
        "not_canonical",
        "FORMAT-2",
    ),
    "2^53": Bad(
        lambda w: signed(
            replaced(listing(w), b'"build_year":2016', b'"build_year":9007199254740992'), "kang"
        ),
        "not_canonical",
        "FORMAT-2",
    ),
    "a space between": Bad(
        lambda w: signed(replaced(listing(w), b'"nature":"fact"', b'"nature": "fact"'), "kang"),
        "not_canonical",
        "FORMAT-2",
    ),
    "text that is not NFC": Bad(
        lambda w: signed(listing(w, payload=w.project("茶园", content="cafe\u0301")), "kang"),
        "not_nfc",
        "FORMAT-2",
    ),
    "more than 32,000 bytes": Bad(
        lambda w: signed(with_payload(listing(w), content="茶" * 11_000), "kang"), "too_large", "FORMAT-16"
    ),
    "a weak key to be enrolled": Bad(
        lambda w: signed(
            act(w, "key.enrol.v1", w.enrolment("kang", "village_admin", "kang"), "registrar")
            | {"payload": w.enrolment("kang", "village_admin", "kang") | {"public": "01" + "00" * 31}},
            "registrar",
        ),
        "bad_key",
        "FORMAT-4",
        NOT_ALLOWED,
    ),
    # A good signature: the ledger answers.
    "a revoked key": Bad(
        lambda w: signed(act(w, "project.endorse.v1", checking(w), "centre2"), "centre2"),
        "key_not_good",
        "AUTH-2",
        NOT_ALLOWED,
    ),
    "a closed post": Bad(
        lambda w: signed(listing(w, "shan", w.project("茶园", place="shan")), "shan"),
        "capacity_not_held",
        "AUTH-3",
        NOT_ALLOWED,
    ),
    "another's post": Bad(
        lambda w: signed(
            listing(w, signers=[w.desk.capacity(key_of("kang").key_id) | {"post": post("recorder")}]), "kang"
        ),
        "capacity_not_held",
        "AUTH-3",
        NOT_ALLOWED,
    ),
    "no authority": Bad(
        lambda w: signed(act(w, "project.endorse.v1", checking(w), "kang"), "kang"),
        "role_not_allowed",
        "AUTH-4",
        NOT_ALLOWED,
    ),
    "another's village": Bad(
        lambda w: signed(listing(w, payload=w.project("茶园", place="shan")), "kang"),
        "outside_area",
        "AUTH-5",
        NOT_ALLOWED,
    ),
    "discipline does no business": Bad(
        lambda w: signed(act(w, "project.endorse.v1", checking(w), "discipline"), "discipline"),
        "discipline_independent",
        "AUTH-6",
        NOT_ALLOWED,
    ),
    "two where one signs": Bad(
        lambda w: signed(
            listing(w, signers=[w.desk.capacity(key_of(n).key_id) for n in ("kang", "recorder")]),
            "kang",
            "recorder",
        ),
        "wrong_signers",
        "AUTH-8",
        NOT_ALLOWED,
    ),
    "an unknown command": Bad(
        lambda w: signed(listing(w, command="project.praise.v1"), "kang"), "unknown_command", "CMD-1"
    ),
    "an unknown payload field": Bad(
        lambda w: signed(with_payload(listing(w), mood="good"), "kang"), "bad_shape", "CMD-2"
    ),
    "a missing payload field": Bad(
        lambda w: signed(with_payload(listing(w), scale=...), "kang"), "bad_shape", "CMD-2"
    ),
    "a number written as text": Bad(
        lambda w: signed(with_payload(listing(w), build_year="2016"), "kang"), "bad_shape", "CMD-2"
    ),
    "text over its limit": Bad(
        lambda w: signed(with_payload(listing(w), scale="亩" * 201), "kang"), "bad_shape", "CMD-2"
    ),
    "another ledger": Bad(
        lambda w: signed(listing(w, origin="bangfu/999999001/" + "0" * 32), "kang"), "wrong_origin", "CMD-3"
    ),
    "expired": Bad(lambda w: signed(listing(w, valid_until=YESTERDAY), "kang"), "expired", "CMD-4"),
    "a wrong summary": Bad(
        lambda w: signed(listing(w, summary="登记项目：别的"), "kang"), "wrong_summary", "CMD-5"
    ),
    "a fact said as an act": Bad(lambda w: signed(listing(w, nature="act"), "kang"), "wrong_nature", "CMD-6"),
    "a day to come": Bad(lambda w: signed(listing(w, occurred_on=TOMORROW), "kang"), "future_date", "CMD-7"),
    "late without a reason": Bad(
        lambda w: signed(listing(w, occurred_on="2020-01-01"), "kang"), "late_reason_missing", "CMD-8"
    ),
    "seen too little": Bad(lambda w: signed(listing(w, seen=[]), "kang"), "wrong_seen", "SEEN-1"),
    "moved since it was seen": Bad(
        lambda w: signed(
            act(w, "project.endorse.v1", checking(w), "centre", seen=[[project_of("养蜂场"), 0]]), "centre"
        ),
        "subject_moved",
        "SEEN-2",
    ),
    "a name that is taken": Bad(
        lambda w: signed(listing(w, payload=w.project("茶园", number="QX-0001")), "kang"), "taken", "ID-1"
    ),
    "nothing of that id": Bad(
        lambda w: signed(
            act(w, "project.endorse.v1", checking(w, project=project_of("没有")), "centre"), "centre"
        ),
        "not_found",
        "ID-2",
    ),
    "a wrong label": Bad(
        lambda w: signed(listing(w, payload=w.project("茶园", area_label="山背村")), "kang"),
        "label_differs",
        "ID-3",
    ),
    "a natural person": Bad(
        lambda w: signed(with_payload(listing(w), operator="示例某甲"), "kang"),
        "personal_text",
        "PROJ-6",
    ),
    "checked twice": Bad(
        lambda w: signed(act(w, "project.endorse.v1", checking(w, "油茶基地"), "centre"), "centre"),
        "already_checked",
        "PROJ-8",
    ),
    "the ledger's key for others' business": Bad(
        by_ledger,
        "ledger_key_limited",
        "AUTH-7",
        NOT_ALLOWED,
    ),
    # Batches.
    "a batch by an unknown key": Bad(
        lambda w: batch(w, signers=[{"key": STRANGER.key_id, "organisation": "", "post": ""}], key=STRANGER),
        "unknown_key",
        "AUTH-1",
        NOT_ALLOWED,
    ),
    "a batch with a wrong signature": Bad(
        lambda w: broken_signature(batch(w)),
        "bad_signature",
        "FORMAT-4",
        NOT_ALLOWED,
    ),
    "a batch whose rows are not those of its root": Bad(
        lambda w: batch(w, root="0" * 64), "wrong_root", "FORMAT-5"
    ),
    "a batch with a row less": Bad(lambda w: one_row_less(batch(w)), "bad_form", "FORMAT-5"),
    "a batch with another file's summary": Bad(
        lambda w: batch(w, summary="批量 2 行"), "wrong_summary", "FORMAT-5"
    ),
    "a batch of 1,001": Bad(
        lambda w: json.dumps(
            {"commands": ["e30="] * 1001, "envelope": json.loads(batch(w))["envelope"]}
        ).encode(),
        "bad_form",
        "FORMAT-5",
    ),
    "a batch for another ledger": Bad(
        lambda w: batch(w, origin="bangfu/999999001/" + "0" * 32), "bad_form", "FORMAT-5"
    ),
    "a batch that has expired": Bad(lambda w: batch(w, valid_until=YESTERDAY), "expired", "CMD-4"),
    "a batch with a wrong sum": Bad(wrong_sum, "wrong_sum", "BATCH-2"),
}
