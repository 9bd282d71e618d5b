"""docs/api.zh.md without any program of ours: the script for curl and openssl lists a project and proposes a disposal at a running server."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.api.http.test_guide import DISPOSAL, PROJECT, cold_store, desk, run
from tests.support.served import Served

__all__ = ["desk"]


def test_the_shell_script_lists_a_project(desk: Path, office: Served) -> None:
    text = (desk / "project.json").read_text("utf-8")
    (desk / "project.json").write_text(text.replace("QX-0100", "QX-0101"), encoding="utf-8")
    done = run(desk, shutil.which("bash") or "bash", "post.sh", office.url, "clerk.key", *PROJECT)
    assert done.returncode == 0, done.stderr
    position = office.world.desk.log.size - 1
    assert f'"position":{position}' in done.stdout
    assert office.world.entry(position).state["number"] == "QX-0101"
    assert not (desk / "key.der").exists()


def test_the_shell_script_proposes_a_disposal(desk: Path, office: Served) -> None:
    cold_store(office.world, "ZC-0002", "另一冷库")
    text = (desk / "disposal.json").read_text("utf-8")
    text = text.replace("-0001", "-0002").replace("示例冷库", "另一冷库")
    (desk / "disposal.json").write_text(text, encoding="utf-8")
    done = run(desk, shutil.which("bash") or "bash", "post.sh", office.url, "clerk.key", *DISPOSAL)
    assert done.returncode == 0, done.stderr + done.stdout
    assert office.as_("kang").get("/api/v1/disposals/CZ-0002").status_code == 200
