"""Step 40: each epoch's rules, run again over the commands that they decided, where nobody has the database (D6)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from api.archive import own_archive
from api.ceremony import trust_of
from api.cli import run as bangfu
from api.compose import china_today
from api.desk import Desk
from api.keyfile import load
from audit.suites import Ed25519Signer
from audit.trust import Trust
from domain.values import days_after
from tests.support.second import SecondVerifier
from tests.support.world import World, both_verify, replayed_log
from tests.world import rules
from tests.world.forger import Forger, put

PLACES = [
    {"PYTHONHASHSEED": "0", "TZ": "Asia/Shanghai"},
    {"PYTHONHASHSEED": "20261123", "TZ": "America/New_York"},
]


@dataclass(frozen=True)
class Elsewhere:
    """A machine that never saw the database: an exported log and the trust file, and what the test knows besides."""

    log: Path
    trust: Trust
    key: Ed25519Signer
    adopted: int
    listed: int
    later: str  # the archive of the second epoch

    @property
    def only_ours(self) -> Trust:
        return replace(self.trust, rules=(own_archive()[0],))


def two_epochs(directory: Path, later: Path) -> Elsewhere:
    """Work under our rules, adopt the later ones, work on under them; then only the export is left."""
    data = directory / "ledger"
    with World(data) as world:
        world.settle()
        twenty_days_ago = days_after(china_today(), -20)
        first = world.accepted(
            "project.list.v1", world.project(), "kang", nature="fact", occurred_on=twenty_days_ago
        )
        before = world.desk.log.size
        assert rules.run(later, str(data), "list", "茶园", "5")["code"] == "rules_not_adopted"
        world.desk.log.refresh()
        assert world.desk.log.size == before

        adopted = rules.run(later, str(data), "adopt")
        assert adopted["ok"], adopted
        refused = rules.run(later, str(data), "list", "茶园", "20")
        assert (refused["code"], refused["rule"]) == ("late_reason_missing", "CMD-8")
        listed = rules.run(later, str(data), "list", "茶园", "5")
        assert listed["ok"], listed
        endorsed = rules.run(later, str(data), "endorse", str(first))
        assert endorsed["ok"], endorsed

        world.desk.log.refresh()
        assert world.entry(listed["position"]).event == "project.listed.v2"
        assert world.entry(listed["position"]).epoch == 2
        world.refuses("rules_not_adopted", "project.list.v1", world.project("桑园"), "kang", nature="fact")
        trust = trust_of(world.desk)
        world.export(directory / "log")
        (archive,) = set(world.desk.driver.archives()) - {own_archive()[0]}
    key = load(data / "ledger.key").signer
    shutil.rmtree(data)
    return Elsewhere(directory / "log", trust, key, adopted["position"], listed["position"], archive)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    directory = tmp_path_factory.mktemp("epochs")
    return two_epochs(directory, rules.copied(directory / "later", rules.STRICTER))


def test_both_epochs_replay_from_the_export_alone_whatever_the_hash_seed_and_time_zone(
    elsewhere: Elsewhere, second: SecondVerifier
) -> None:
    assert both_verify(elsewhere.log, elsewhere.trust.dump(), second).ok
    found = [replayed_log(elsewhere.log, elsewhere.trust, environment) for environment in PLACES]
    assert found[0] == found[1]
    assert found[0].failures == ()
    assert found[0].epochs == (1, 2)
    assert found[0].skipped == {}
    size = both_verify(elsewhere.log, None, second).size
    assert found[0].decided == size, "every command of this history has one event"


def test_an_epoch_whose_archive_is_neither_trusted_nor_our_own_is_reported_and_not_run(
    elsewhere: Elsewhere, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    found = replayed_log(elsewhere.log, elsewhere.only_ours)
    assert (found.epochs, dict(found.skipped), found.failures) == ((1,), {2: elsewhere.later}, ())
    trust = tmp_path / "only-ours.trust"
    trust.write_bytes(elsewhere.only_ours.dump())
    assert bangfu(["verify", str(elsewhere.log), "--trust", str(trust), "--replay"]) == 0
    assert f"第 2 版规则未重放：存档不在信任之列（{elsewhere.later[:16]}）" in capsys.readouterr().out


def test_without_a_trust_file_only_our_own_rules_are_run(elsewhere: Elsewhere) -> None:
    found = replayed_log(elsewhere.log, None)
    assert (found.epochs, dict(found.skipped)) == ((1,), {2: elsewhere.later})
    assert replayed_log(elsewhere.log, None, own=False).epochs == ()


def test_a_planted_archive_runs_only_for_a_verifier_who_trusts_it(tmp_path: Path) -> None:
    marker = tmp_path / "planted"
    plant = f'\n\nopen({str(marker)!r}, "w").write("run")\nprint("planted")\n'
    later = tmp_path / "later"
    rules.copied(later, rules.STRICTER)
    with (later / "domain" / "__init__.py").open("a", encoding="utf-8") as file:
        file.write(plant)
    found = two_epochs(tmp_path, later)
    assert marker.exists(), "the plant works where the rules are run"
    marker.unlink()

    skipped = replayed_log(found.log, found.only_ours)
    assert dict(skipped.skipped) == {2: found.later}
    assert not marker.exists()

    run = replayed_log(found.log, found.trust)
    assert not marker.exists()
    assert "writes no file" in run.failures[0].detail, (
        "the nearest neighbour: a trusted archive is run, in its cell"
    )
    assert [(failure.step, failure.position) for failure in run.failures] == [(40, None)]


def test_a_changed_archive_is_not_run(elsewhere: Elsewhere, tmp_path: Path) -> None:
    log = shutil.copytree(elsewhere.log, tmp_path / "log")
    path = log / "rules" / f"{own_archive()[0]}.zip"
    body = bytearray(path.read_bytes())
    body[-1] ^= 1
    path.write_bytes(body)
    found = replayed_log(log, elsewhere.trust)
    assert [(failure.step, failure.position) for failure in found.failures] == [(40, None)]
    assert found.epochs == (2,)


@pytest.mark.parametrize("epoch", [1, 2])
def test_a_state_that_the_rules_would_not_have_given_is_named_by_replay_alone(
    elsewhere: Elsewhere, tmp_path: Path, second: SecondVerifier, epoch: int
) -> None:
    """The forger has the ledger's key: the log verifies without what was seen before. Only its rules give it away."""
    forger = Forger(elsewhere.log, elsewhere.key)
    listings = [part.header for part in forger.parts if part.header["event"].startswith("project.listed.")]
    position = listings[epoch - 1]["position"]
    assert forger.parts[position].header["epoch"] == epoch
    forger.parts[position].state["total_fen"] -= 100
    log = put(forger.resealed(), tmp_path / "log")
    blind = replace(elsewhere.trust, seen={})
    assert both_verify(log, blind.dump(), second).ok
    found = replayed_log(log, blind)
    # What follows from the forged state may differ too; the forged entry is the first.
    assert (found.failures[0].step, found.failures[0].position) == (40, position)
    seen = both_verify(log, elsewhere.trust.dump(), second)
    assert [failure.step for failure in seen.failures] == [4]


def test_rules_are_not_adopted_by_one_registrar_alone(world: World) -> None:
    book = world.desk.ledger.directory.ledger
    assert book is not None
    edition = world.entry(0).command["payload"]["rules"] | {"epoch": 2}  # type: ignore[index]
    payload = {"ledger": book.id, "rules": edition}
    world.refuses("wrong_signers", "rules.adopt.v1", payload, "registrar")
    world.accepted("rules.adopt.v1", payload, "registrar", "registrar2")
    world.listed()


def test_a_process_with_other_rules_reads_but_does_not_record(tmp_path: Path) -> None:
    """The nearest neighbour of adoption: the same process, the same data, before the two registrars have signed."""
    later = rules.copied(tmp_path / "later", rules.STRICTER)
    with World(tmp_path / "ledger") as world:
        world.settle()
        answer = rules.run(later, str(world.settings.data), "list", "茶园", "1")
        assert (answer["ok"], answer["code"], answer["rule"]) == (False, "rules_not_adopted", "LEDGER-4")
        assert answer["answer"] is not None, "said by the ledger, with its key"
        with Desk(world.settings) as fresh:
            assert fresh.log.size == world.desk.log.size
