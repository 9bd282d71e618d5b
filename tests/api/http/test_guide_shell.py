"""docs/api.zh.md without any program of ours: the script for curl and openssl lists a project at a running server."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.api.http.test_guide import desk, run
from tests.support.served import Served

__all__ = ["desk"]


def test_the_shell_script_lists_a_project(desk: Path, office: Served) -> None:
    text = (desk / "project.json").read_text("utf-8")
    (desk / "project.json").write_text(text.replace("QX-0100", "QX-0101"), encoding="utf-8")
    done = run(desk, shutil.which("bash") or "bash", "post.sh", office.url, "clerk.key", "project.json")
    assert done.returncode == 0, done.stderr
    position = office.world.desk.log.size - 1
    assert f'"position":{position}' in done.stdout
    assert office.world.entry(position).state["number"] == "QX-0101"
    assert not (desk / "key.der").exists()
