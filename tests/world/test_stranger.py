"""An auditor's own machine: the verifying core alone, an exported log, the trust file. Nothing else of ours is there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.world import World
from tests.test_architecture import core
from tests.world.history import tell


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """A directory with the files of the core, and no other package of ours."""
    package = tmp_path / "alone" / "audit"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    for path in core().values():
        shutil.copy(path, package)
    return package.parent


def verify_alone(stranger: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-B", "-m", "audit", *words],
        cwd=stranger,
        env={"PYTHONPATH": str(stranger), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def test_the_core_alone_verifies_and_finds_a_changed_byte(
    world: World, stranger: Path, tmp_path: Path
) -> None:
    tell(world)
    log, trust = world.export(tmp_path / "log"), tmp_path / "before.trust"
    trust.write_bytes(world.trust.dump())

    code, said = verify_alone(stranger, str(log), "--trust", str(trust), "--json")
    found = json.loads(said)
    assert (code, found["ok"], found["trust"], found["size"]) == (0, True, "policy+seen", world.desk.log.size)

    code, said = verify_alone(stranger, str(log))
    assert code == 0
    assert "只证明自洽，未证明身份" in said

    (entries,) = (log / "tile" / "entries").rglob("000.p/*")
    changed = bytearray(entries.read_bytes())
    changed[-1] ^= 1
    entries.write_bytes(changed)
    code, said = verify_alone(stranger, str(log), "--trust", str(trust), "--json")
    assert code == 7
    (failure,) = json.loads(said)["failures"]
    assert failure["position"] == world.desk.log.size - 1


def test_the_core_alone_loads_nothing_else_of_ours(stranger: Path) -> None:
    """Even where the other packages are installed, and nothing that it does not name besides `cryptography`."""
    program = (
        "import json, sys, audit.__main__; "
        "print(json.dumps([audit.__file__, sorted({name.split('.')[0] for name in sys.modules})]))"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program],
        cwd=stranger,
        env={"PYTHONPATH": str(stranger)},
        capture_output=True,
        check=True,
        timeout=60,
        encoding="utf-8",
    )
    file, loaded = json.loads(done.stdout)
    assert Path(file).parent == stranger / "audit"
    assert not {"domain", "projections", "api", "sqlalchemy", "eventsourcing", "pydantic"} & set(loaded)
    assert "cryptography" in loaded
