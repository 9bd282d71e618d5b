"""Opening a ledger: what is refused leaves nothing behind, and a key of another ledger never seals."""

from __future__ import annotations

from pathlib import Path

import pytest

from api import trustfile
from api.ceremony import NotDone, check_opening, open_ledger, trust_of
from api.clerk import Clerk
from api.compose import china_today, sign_command
from api.desk import Desk
from api.keyfile import generate
from api.settings import Settings
from api.verifying import check
from audit.export import export_log
from domain.errors import BadShape

AREA = ("999999001", "示例县青溪乡")
FIELDS = {
    "area": "area_" + "a" * 26,
    "division_code": "",
    "kind": "county",
    "name": "示例县",
    "parent": "",
}


def opened(data: Path) -> tuple[Settings, Clerk, Path]:
    """A ledger with two registrars; its settings, its first registrar at a desk, its trust file."""
    settings = Settings(data=data)
    registrars = [generate("甲"), generate("乙")]
    assert open_ledger(settings, *AREA, registrars).ok
    desk = Desk(settings)
    trust = data.with_suffix(".trust")
    trust.write_bytes(trust_of(desk).dump())
    return settings, Clerk(desk, registrars[0]), trust


def test_an_opening_of_wrong_form_writes_nothing(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "ledger")
    with pytest.raises(BadShape):
        open_ledger(settings, "abc", "示例县青溪乡", [generate("甲"), generate("乙")])
    assert list(tmp_path.iterdir()) == []
    assert open_ledger(settings, *AREA, [generate("甲"), generate("乙")]).ok


def test_a_ledger_is_never_opened_over_another(tmp_path: Path) -> None:
    settings, clerk, trust = opened(tmp_path / "ledger")
    settings.key_path.unlink()
    with pytest.raises(FileExistsError):
        check_opening(settings, *AREA)
    assert not settings.key_path.exists()
    assert check(settings.data, trust).ok
    clerk.desk.close()


def test_an_opening_that_crashed_before_entry_0_goes_on_with_its_key(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "ledger")
    settings.data.mkdir()
    left = generate("台账")
    left.write(settings.key_path)
    assert open_ledger(settings, *AREA, [generate("甲"), generate("乙")]).ok
    with Desk(settings) as desk:
        assert desk.log.vkey().public == left.signer.public


def test_format_12_the_key_of_another_ledger_seals_nothing(tmp_path: Path) -> None:
    settings, clerk, trust = opened(tmp_path / "ledger")
    other, _, _ = opened(tmp_path / "other")
    clerk.desk.close()
    own = settings.key_path.read_bytes()
    settings.key_path.write_bytes(other.key_path.read_bytes())
    with Desk(settings) as desk:
        refused = Clerk(desk, *clerk.keys).do("area.register.v1", FIELDS)
        assert (refused.code, desk.log.size) == ("read_only", 1)
    settings.key_path.write_bytes(own)
    with Desk(settings) as desk:
        assert Clerk(desk, *clerk.keys).do("area.register.v1", FIELDS).ok
    assert check(settings.data, trust).ok


def test_a_decoy_export_in_a_data_directory_is_not_verified_in_its_stead(tmp_path: Path) -> None:
    settings, clerk, trust = opened(tmp_path / "ledger")
    export_log(clerk.desk.log, tmp_path / "out")
    clerk.desk.close()
    assert check(tmp_path / "out", trust).ok
    (settings.data / "vkey").write_bytes((tmp_path / "out" / "vkey").read_bytes())
    with pytest.raises(NotDone, match="分开放"):
        check(settings.data, trust)


def test_a_trust_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    _, clerk, trust = opened(tmp_path / "ledger")
    assert clerk.do("area.register.v1", FIELDS).ok
    trustfile.write(trust, trust_of(clerk.desk))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert check(clerk.desk.settings.data, trust).verdict.trust == "policy+seen"
    clerk.desk.close()


def test_d1_an_accepted_command_gives_the_same_answer_at_a_desk_that_can_only_read(tmp_path: Path) -> None:
    """Its guards would pass again, and nothing could be recorded: so it must be looked for before it is decided."""
    settings, clerk, _ = opened(tmp_path / "ledger")
    payload = {
        "document": "示例文〔2026〕1号",
        "effective_on": china_today(),
        "name": "late_days",
        "parameter": "parameter_" + "a" * 26,
        "value": 20,
    }
    envelope = sign_command(clerk.prepare("parameter.set.v1", payload), clerk.keys[0].signer)
    first = clerk.desk.take(envelope)
    assert first.ok
    clerk.desk.close()
    settings.key_path.unlink()
    with Desk(settings) as desk:
        again = desk.take(envelope)
        assert (again.position, again.n, again.replayed) == (first.position, first.n, True)
