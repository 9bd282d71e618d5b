"""An order to erase (D17): recorded by the log, carried out by the vault, whatever happens in between."""

from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from api import erasing
from api.compose import sign_command
from api.desk import Desk
from api.endorsing import endorsement
from api.names import Named, reveal
from api.personal import conceal
from api.serving import vault_trouble
from audit.admission import admit
from audit.driver import StoreFailure
from audit.vaultkey import WrongVaultKey
from tests.domain import estate
from tests.support.clocks import WallClock
from tests.support.households import (
    CONFIRM,
    ORDER,
    REGISTER,
    TWO,
    Owed,
    confirmation,
    copied,
    files_holding,
    forms_of,
    order,
    owed,
    repaid,
    staff,
)
from tests.support.second import SecondVerifier
from tests.support.world import World, area, new_id, post

OLD, LIVE, HANDLER = "示例旧户甲乙", "示例现户丙丁", "示例经手戊己"


@pytest.fixture
def world(world: World) -> World:
    """With those who order and those who confirm."""
    return staff(world)


@pytest.fixture
def old(world: World) -> Owed:
    return repaid(world, owed(world, "旧1", OLD, handler=HANDLER))


@pytest.fixture
def live(world: World) -> Owed:
    return owed(world, "现1", LIVE)


class Clerk:
    """Somebody of the village, to the eyes of `reveal`."""

    key, role, title = "key_clerk", "village_admin", "村系统管理员"

    def may_name(self, areas: object) -> bool:
        return True


def states(desk: Desk, debt: Owed) -> list[str]:
    found = reveal(desk, Clerk(), debt.id, debt.commitments)
    assert all(isinstance(one, Named) for one in found.values())
    return [one.state for one in found.values()]


def test_what_is_ordered_is_erased_at_once_and_the_rest_stays(
    world: World, old: Owed, live: Owed, tmp_path: Path, second: SecondVerifier
) -> None:
    assert states(world.desk, old) == ["kept", "kept"]
    world.accepted(ORDER, order(old), *TWO)
    assert world.desk.vault.kept(old.commitments) == set()
    assert world.desk.vault.reveal(live.commitments) == {one.commitment: one for one in live.disclosures}
    assert states(world.desk, live) == ["kept"]
    world.check(tmp_path / "scratch", second)


def test_on_postgresql_where_log_and_vault_lie_in_one_database_the_same_is_done(
    tmp_path: Path, postgresql_url: str, second: SecondVerifier
) -> None:
    url = make_url(postgresql_url).set(drivername="postgresql+psycopg")
    with World(tmp_path / "ledger", url.render_as_string(hide_password=False)) as world:
        staff(world.settle())
        gone, left = repaid(world, owed(world, "旧1", OLD)), owed(world, "现1", LIVE)
        world.accepted(ORDER, order(gone), *TWO)
        assert (states(world.desk, gone), states(world.desk, left)) == (["erasing"], ["kept"])
        with Desk(world.settings) as other:
            assert (states(other, gone), states(other, left)) == (["erasing"], ["kept"])
            assert [one.times for one in other.vault.readings.after(0, 9)] == [2]
        world.accepted(CONFIRM, confirmation(), "county")
        assert states(world.desk, gone) == ["erased"]
        world.check(tmp_path / "scratch", second)


def test_it_reads_as_being_erased_until_the_last_copy_is_confirmed(world: World, old: Owed) -> None:
    copies = [{"medium": medium, "post": post("county")} for medium in ("异地备份", "县级镜像")]
    world.accepted(ORDER, order(old, copies=copies), *TWO)
    assert states(world.desk, old) == ["erasing", "erasing"]
    world.accepted(CONFIRM, confirmation(), "county")
    assert states(world.desk, old) == ["erasing", "erasing"]
    world.accepted(CONFIRM, confirmation(medium="县级镜像"), "county")
    assert states(world.desk, old) == ["erased", "erased"]


def test_who_may_not_order_it_learns_nothing_of_the_vault(world: World, old: Owed) -> None:
    part = order(old, commitments=old.commitments[:1])
    answer = world.refuses("two_roles_needed", ORDER, part, "township")
    assert old.commitments[1] not in str(answer)
    answer = world.refuses("role_not_allowed", ORDER, part, "township", "kang")
    assert old.commitments[1] not in str(answer)


def test_name_2_all_that_a_matter_states_of_the_same_person_goes_together(world: World) -> None:
    creditor = {"kind": "household", "name": "", "organisation": "", "person": OLD}
    both = repaid(world, owed(world, "旧2", OLD, debtor=creditor | {"person": LIVE}))
    first, other = both.commitments
    # Two persons: one may go without the other, whom the matter needs no longer either.
    world.accepted(ORDER, order(both, commitments=[first]), *TWO)
    assert world.desk.vault.kept([first, other]) == {other}


def test_name_2_another_matter_that_states_the_same_commitment_is_listed_too(world: World, old: Owed) -> None:
    creditor = {"kind": "household", "name": "", "organisation": "", "person": old.disclosures[0].commitment}
    again = owed(world, "同1", "", creditor=creditor, beside=old.disclosures[:1])
    answer = world.refuses("erasure_not_whole", ORDER, order(old), *TWO)
    assert (answer.detail or {})["missing_subjects"] == [again.id]
    both = order(old, subjects=sorted([old.id, again.id]))
    world.refuses("name_still_needed", ORDER, both, *TWO)
    repaid(world, again)
    world.accepted(ORDER, both, *TWO)


def test_name_2_what_a_matter_does_not_state_is_not_listed(world: World, old: Owed, live: Owed) -> None:
    repaid(world, live)
    world.refuses("erasure_not_whole", ORDER, order(old, subjects=sorted([old.id, live.id])), *TWO)
    stray = "commit:" + "0" * 64
    world.refuses("erasure_not_whole", ORDER, order(old, commitments=sorted([*old.commitments, stray])), *TWO)


def test_a_name_that_a_correction_took_out_is_erased_and_the_right_one_stays(
    world: World, live: Owed
) -> None:
    wrong = estate.party("household", person=live.disclosures[0].commitment)
    right = conceal(REGISTER, estate.owed("x", creditor=estate.party("household", person=OLD)))
    asked = {
        "changes": [{"field": "creditor", "now": right.payload["creditor"], "was": wrong}],
        "paper": "",
        "instead": "",
        "instead_name": "",
        "kind": "slip",
        "expires_on": "2026-12-31",
        "name": "示例流转金现1",
        "obligation": live.id,
        "proposal": new_id("proposal", "更正"),
        "reason": "录错了人",
        "version": 1,
    }
    body = world.clerk("kang").prepare("obligation.correct.v1", asked)
    answer = world.take(body, "kang", disclosures=right.disclosures)
    assert answer.ok, answer.message
    world.refuses("name_still_needed", ORDER, order(live, ground="mistaken"), *TWO)
    assert answer.position is not None
    name, payload = endorsement(world.desk, answer.position + 1, "checks", ())
    world.accepted(name, payload, "centre")
    world.accepted(ORDER, order(live, ground="mistaken"), *TWO)
    (now,) = right.disclosures
    assert world.desk.vault.reveal([*live.commitments, now.commitment]) == {now.commitment: now}


def test_nobody_is_brought_back_by_a_command_that_names_them_again(world: World, old: Owed) -> None:
    world.accepted(ORDER, order(old), *TWO)
    one = next(one for one in old.disclosures if one.value == OLD)
    creditor = {"kind": "household", "name": "", "organisation": "", "person": one.commitment}
    payload = estate.owed(
        "示例再记", obligation=new_id("obligation", "再记"), areas=[area("kang")], creditor=creditor
    )
    body = world.clerk("kang").prepare(REGISTER, payload | {"area_label": "康家村"}, nature="opening")
    with world.nothing_recorded():
        answer = world.take(body, "kang", disclosures=[one])
    assert (answer.code, answer.rule) == ("erased", "FORMAT-5"), answer.message
    assert OLD not in answer.message
    assert world.desk.vault.kept(old.commitments) == set()


def test_two_orders_for_the_same_name_at_once_are_one_order(world: World, old: Owed) -> None:
    envelopes = [
        sign_command(
            world.clerk(*TWO).prepare(ORDER, order(old, name=name)), *(world.keys[one].signer for one in TWO)
        )
        for name in ("甲", "乙")
    ]
    with Desk(world.settings) as other, ThreadPoolExecutor(2) as hands:
        answers = list(hands.map(lambda desk, one: desk.take(one), (world.desk, other), envelopes))
        [refused] = [answer.code for answer in answers if not answer.ok]
        assert refused in ("subject_moved", "taken")  # by which of the two it was noticed
        assert states(world.desk, old) == states(other, old) == ["erasing", "erasing"]
        assert other.vault.kept(old.commitments) == set()
    world.desk.log.refresh()
    ledger = world.desk.ledger.refresh().ledger
    assert ledger is not None
    assert len(list(erasing.orders(world.desk.reader, ledger.id))) == 1


def test_an_order_that_comes_while_a_command_brings_its_names_leaves_none_of_them(
    world: World, old: Owed, clock: WallClock, tmp_path: Path
) -> None:
    """Another process orders between the question whether anybody here is erased and the keeping."""
    one = old.disclosures[0]
    creditor = {"kind": "household", "name": "", "organisation": "", "person": one.commitment}
    payload = estate.owed(
        "再记", obligation=new_id("obligation", "再记"), areas=[area("kang")], creditor=creditor
    )
    body = world.clerk("kang").prepare(REGISTER, payload | {"area_label": "康家村"}, nature="opening")
    ordered = world.clerk(*TWO).prepare(ORDER, order(old))
    envelope = sign_command(ordered, *(world.keys[one].signer for one in TWO))
    with Desk(world.settings) as other:
        clock.meanwhile.append(lambda: other.take(envelope))
        answer = world.take(body, "kang", disclosures=[one])
        assert not clock.meanwhile
        assert (answer.code, answer.rule) == ("erased", "FORMAT-5"), answer.message
        assert other.vault.kept(old.commitments) == set()
    assert files_holding(tmp_path, [OLD, HANDLER]) == {}


def test_an_order_that_the_vault_could_not_follow_is_carried_out_when_it_is_next_opened(
    world: World, old: Owed, live: Owed, tmp_path: Path
) -> None:
    """What happens when the process dies between the two: the log has the order, the vault knows nothing of it."""
    body = world.clerk(*TWO).prepare(ORDER, order(old))
    envelope = sign_command(body, *(world.keys[one].signer for one in TWO))
    world.desk.vault.close()
    shutil.copy(world.settings.data / "vault.db", tmp_path / "vault.db")
    accepted = world.desk.ledger.handle(admit(envelope, world.desk.public_key))
    assert not accepted.replayed
    with Desk(world.settings) as later:
        assert states(later, old) == ["erasing", "erasing"]
        assert later.vault.kept(old.commitments) == set()
        assert states(later, live) == ["kept"]


def test_an_order_sent_again_carries_out_what_was_left_undone(world: World, old: Owed) -> None:
    body = world.clerk(*TWO).prepare(ORDER, order(old))
    envelope = sign_command(body, *(world.keys[one].signer for one in TWO))
    world.desk.ledger.handle(admit(envelope, world.desk.public_key))
    assert world.desk.vault.kept(old.commitments) == set(old.commitments)
    answer = world.desk.take(envelope)
    assert (answer.ok, answer.replayed) == (True, True)
    assert world.desk.vault.kept(old.commitments) == set()


def test_a_recorded_order_stands_though_the_vault_is_away_and_is_followed_by_the_next_look(
    world: World, old: Owed
) -> None:
    body = world.clerk(*TWO).prepare(ORDER, order(old))
    envelope = sign_command(body, *(world.keys[one].signer for one in TWO))
    in_the_way = world.settings.vault_key_path.with_suffix(".new")
    in_the_way.mkdir()  # where the turned key would be put
    answer = world.desk.take(envelope)
    assert answer.ok, answer.message
    with pytest.raises(StoreFailure):  # nobody looks into a vault that holds what is to be erased
        states(world.desk, old)
    in_the_way.rmdir()
    assert states(world.desk, old) == ["erasing", "erasing"]
    assert world.desk.vault.kept(old.commitments) == set()


def test_a_vault_that_is_put_back_from_before_the_order_cannot_be_opened(
    world: World, old: Owed, tmp_path: Path
) -> None:
    data = world.settings.data
    world.desk.vault.close()
    for file in ("vault.db", "vault.key"):
        shutil.copy(data / file, tmp_path / file)
    world.accepted(ORDER, order(old), *TWO)
    world.desk.vault.close()
    shutil.copy(tmp_path / "vault.db", data / "vault.db")
    with Desk(world.settings) as later:
        with pytest.raises(WrongVaultKey):
            assert later.vault
        assert "换钥之后的备份" in vault_trouble(later)  # as whoever starts a server is told
    # With its key, which nobody should have kept, it is brought to what was ordered since, before anybody asks.
    shutil.copy(tmp_path / "vault.key", data / "vault.key")
    with Desk(world.settings) as later:
        assert vault_trouble(later) == ""
    shown = sqlite3.connect(f"file:{data / 'vault.db'}?mode=ro", uri=True)
    with closing(shown):
        assert not {one for (one,) in shown.execute("SELECT commitment FROM vault_values")} & set(
            old.commitments
        )


def test_who_starts_a_server_without_a_vault_makes_none(tmp_path: Path) -> None:
    with World(tmp_path / "ledger") as world:
        world.settle()
        before = {path.name for path in world.settings.data.iterdir()}
        assert vault_trouble(world.desk) == ""
        assert {path.name for path in world.settings.data.iterdir()} == before


def test_a_process_that_was_open_before_shows_nothing_of_what_another_erased(world: World, old: Owed) -> None:
    assert states(world.desk, old) == ["kept", "kept"]
    with Desk(world.settings) as other:
        body = world.clerk(*TWO).prepare(ORDER, order(old))
        assert other.take(sign_command(body, *(world.keys[one].signer for one in TWO))).ok
    assert states(world.desk, old) == ["erasing", "erasing"]


def test_orders_are_found_from_the_ledger(world: World, old: Owed) -> None:
    ledger = world.desk.ledger.directory.ledger
    assert ledger is not None
    assert list(erasing.orders(world.desk.reader, ledger.id)) == []
    position = world.accepted(ORDER, order(old), *TWO)
    (found,) = erasing.orders(world.desk.reader, ledger.id)
    assert (found.position, found.confirmed) == (position, False)
    assert found.commitments == tuple(old.commitments)


@pytest.mark.parametrize("closed", [False, True])
def test_after_an_erasure_no_file_holds_the_name_and_no_key_at_hand_opens_what_is_left_of_it(
    world: World, old: Owed, live: Owed, tmp_path: Path, closed: bool
) -> None:
    """While the process runs, with its write-ahead logs and journals, and after it has ended."""
    before = {path.name for path in world.settings.data.iterdir()}
    world.accepted(ORDER, order(old), *TWO)
    assert world.desk.projections is not None
    if closed:
        world.desk.close()
    assert {"ledger.db", "vault.db", "vault.key"} <= before
    assert not (world.settings.data / "vault.new").exists()
    assert files_holding(tmp_path, [OLD, HANDLER, LIVE]) == {}
    salts = [one.salt.hex() for one in old.disclosures]
    assert files_holding(tmp_path, salts) == {}
    with copied(world.settings.data) as copy:
        for path in copy.glob("vault.db*"):
            body = path.read_bytes()
            assert not [one for one in old.commitments if one.encode() in body], path.name


@pytest.mark.parametrize("form", sorted(set(forms_of(OLD))))
def test_the_search_finds_a_name_in_whatever_form(tmp_path: Path, form: bytes) -> None:
    (tmp_path / "file").write_bytes(b"\x00" * 5 + form + b"\xff")
    assert files_holding(tmp_path, [OLD, LIVE]) == {"file": [OLD]}
