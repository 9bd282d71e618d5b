"""Whom a command names (D17): concealed before signing, opened at the desk, kept in the vault, and nowhere else in the clear."""

from __future__ import annotations

import base64
import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from api.compose import sign_command
from api.desk import Desk
from audit import dsse
from audit.commitment import Disclosure, commit
from audit.driver import StoreFailure
from audit.vaultkey import VaultKey
from tests.domain import estate
from tests.support.clocks import WallClock
from tests.support.second import SecondVerifier
from tests.support.world import World
from tests.world.concealed import NAME, REGISTER, concealed, owed, signed


def wire(envelope: dsse.Envelope, *disclosures: Disclosure) -> bytes:
    return json.dumps(
        {"disclosures": [one.json() for one in disclosures], "envelope": dsse.envelope_json(envelope)}
    ).encode()


def test_a_name_goes_into_the_vault_and_its_commitment_into_the_log(
    world: World, tmp_path: Path, second: SecondVerifier
) -> None:
    payload, disclosure = concealed()
    answer = world.desk.submit(wire(signed(world, payload), disclosure))
    assert answer.ok, answer.message
    assert answer.position is not None
    entry = world.desk.reader.entry(answer.position)
    assert entry.state["creditor"]["person"] == disclosure.commitment
    assert world.desk.vault.reveal([disclosure.commitment]) == {disclosure.commitment: disclosure}
    world.check(tmp_path / "scratch", second)


def test_a_command_sent_again_needs_no_disclosure_and_gives_the_same_answer(world: World) -> None:
    payload, disclosure = concealed()
    envelope = signed(world, payload)
    first = world.desk.take(envelope, [disclosure])
    again = world.desk.take(envelope)
    assert (again.position, again.replayed) == (first.position, True)


def test_a_recorded_command_sent_again_brings_nobody_back_who_was_erased(world: World) -> None:
    payload, disclosure = concealed()
    envelope = signed(world, payload)
    first = world.desk.take(envelope, [disclosure])
    world.desk.vault.erase([disclosure.commitment])
    for opening in ([], [disclosure]):
        again = world.desk.take(envelope, opening)
        assert (again.position, again.replayed) == (first.position, True)
        assert world.desk.vault.kept([disclosure.commitment]) == set()


def test_a_vault_that_cannot_be_opened_is_no_fault_of_who_came(world: World) -> None:
    payload, disclosure = concealed()
    VaultKey.generate().write(world.settings.vault_key_path)
    with world.nothing_recorded(), pytest.raises(StoreFailure, match="保管库"):
        world.desk.take(signed(world, payload), [disclosure])


def refused(world: World, text: bytes, code: str) -> None:
    """With the ledger's signature: the signer's own was good."""
    with world.nothing_recorded():
        answer = world.desk.submit(text)
    assert (answer.code, answer.rule) == (code, "FORMAT-5"), answer.message
    assert answer.answer is not None
    assert NAME not in answer.message


def test_a_commitment_that_nobody_can_open_is_refused(world: World) -> None:
    payload, _ = concealed()
    refused(world, wire(signed(world, payload)), "not_disclosed")


def test_a_disclosure_of_something_else_is_refused(world: World) -> None:
    payload, disclosure = concealed()
    envelope = signed(world, payload)
    refused(world, wire(envelope, disclosure, commit("name", NAME)), "wrong_disclosure")
    refused(world, wire(envelope, commit("name", NAME)), "wrong_disclosure")


def test_a_disclosure_of_another_field_is_refused(world: World) -> None:
    phone = commit("phone", "13800000000")
    payload = owed(phone.commitment)
    refused(world, wire(signed(world, payload), phone), "wrong_disclosure")


def test_what_has_another_shape_is_no_statement_at_all(world: World) -> None:
    payload, disclosure = concealed()
    envelope = dsse.envelope_json(signed(world, payload))
    bad = disclosure.json() | {"salt": "0"}
    for value in ({"disclosures": [bad], "envelope": envelope}, {"disclosures": NAME, "envelope": envelope}):
        with world.nothing_recorded():
            answer = world.desk.submit(json.dumps(value).encode())
        assert answer.code == "bad_form"
        assert NAME not in answer.message


def test_a_clear_name_in_signed_bytes_is_refused_by_its_shape(world: World) -> None:
    with world.nothing_recorded():
        body = json.loads(world.clerk("kang").prepare(REGISTER, concealed()[0], nature="opening"))
        body["payload"]["creditor"]["person"] = NAME
        from audit import canonical  # noqa: PLC0415

        answer = world.desk.take(sign_command(canonical.encode(body), world.keys["kang"].signer))
    assert (answer.code, answer.rule) == ("bad_shape", "CMD-2")
    assert NAME not in answer.message
    assert NAME not in str(answer.detail)


def test_the_name_in_a_refused_command_is_swept_after_a_day_and_that_in_a_recorded_one_stays(
    world: World, clock: WallClock
) -> None:
    kept, kept_disclosure = concealed()
    assert world.desk.take(signed(world, kept), [kept_disclosure]).ok
    gone, gone_disclosure = concealed(outstanding_fen=None, paid_fen=13 * estate.WAN)
    gone["obligation"] = estate.obligation_id("另一笔")
    answer = world.desk.take(signed(world, gone), [gone_disclosure])
    assert answer.code == "outstanding_below_zero", answer.message
    both = [kept_disclosure.commitment, gone_disclosure.commitment]
    assert world.desk.vault.kept(both) == set(both)

    clock.forward = timedelta(days=2)
    with Desk(world.settings, clock=clock) as later:
        assert later.vault.kept(both) == {kept_disclosure.commitment}


def test_no_file_and_no_log_line_holds_a_planted_name(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        payload, disclosure = concealed()
        assert world.desk.take(signed(world, payload), [disclosure]).ok
        other, closed = concealed(outstanding_fen=None, paid_fen=13 * estate.WAN)
        other["obligation"] = estate.obligation_id("另一笔")
        assert not world.desk.take(signed(world, other), [closed]).ok
        assert world.desk.projections is not None
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in written} >= {"ledger.db", "vault.db", "vault.key"}
    clear = {NAME.encode(), NAME.encode("gb18030"), NAME.encode("utf-16-le")}
    clear |= {base64.b64encode(b" " * pad + NAME.encode())[4:-4] for pad in range(3)}
    clear |= {json.dumps(NAME)[1:-1].encode()}
    for path in written:
        body = path.read_bytes()
        assert not [one for one in clear if one in body], path.name
    assert NAME not in caplog.text
