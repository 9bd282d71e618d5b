"""For the watchman: alive, ready, counted; and the vendored page of the description."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import update

from projections import tables
from projections.database import prepare
from projections.follow import catch_up
from tests.api.pages.conftest import browser
from tests.support.served import Served, served
from tests.support.world import World


def test_it_is_alive_and_ready(office: Served) -> None:
    assert office.stranger.get("/healthz").json() == {"ok": True}
    told = office.stranger.get("/readyz").json()
    assert told["ready"] is True
    assert told["writable"] is True


def test_it_is_not_ready_while_another_version_of_the_program_has_the_rows(tmp_path: Path) -> None:
    """A program of before writes nothing into them: they stand still, or are nobody's to be believed."""
    with World(tmp_path / "ledger") as world, served(world) as office:
        world.settle()
        office.projected()
        assert office.stranger.get("/readyz").status_code == 200
        for shape, status in (("of next year", 503), (tables.shape(), 200)):
            with world.desk.projections.begin() as connection:
                connection.execute(update(tables.position).values(shape=shape))
            answer = office.stranger.get("/readyz")
            assert answer.status_code == status
            if status != 200:
                assert answer.json()["code"] == "not_ready"
                assert "另一版本的程序" in answer.json()["detail"]


@pytest.mark.parametrize("changed", ["ALTER TABLE project DROP COLUMN scale", "DROP TABLE project"])
def test_rows_that_a_hand_has_changed_are_503_with_what_to_do(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], changed: str
) -> None:
    with World(tmp_path / "ledger") as world:
        world.settle()
        world.listed("在册", number="QX-0001")
        with served(world) as office:
            office.projected()
            with world.desk.projections.begin() as connection:
                connection.exec_driver_sql(changed)
            with browser(office, "kang") as client:
                shown = client.get("/projects")
            for answer in (office.as_("kang").get("/api/v1/projects"), office.stranger.get("/readyz")):
                assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
                assert "bangfu rebuild" in answer.json()["detail"]
                assert "SELECT" not in answer.text
            assert (shown.status_code, "bangfu rebuild" in shown.text) == (503, True)
            assert "SELECT" not in shown.text
            said = "".join(capfd.readouterr())
            assert "in list_of" in said
            assert "SELECT" not in said
            # As every start of a program does, that of `bangfu rebuild` too; the server goes on by itself.
            catch_up(world.desk.reader, prepare(world.desk.projections))
            assert office.stranger.get("/readyz").status_code == 200
            assert len(office.as_("kang").get("/api/v1/projects").json()["items"]) == 1


def test_it_counts(office: Served) -> None:
    office.stranger.client.post(
        "/api/v1/commands", content=b"{}", headers={"Content-Type": "application/json"}
    )
    text = office.stranger.get("/metrics").text
    assert f"bangfu_log_size {float(office.world.desk.log.size)}" in text
    assert "bangfu_command_seconds_count" in text


def test_the_page_of_the_description_fetches_nothing_from_elsewhere(office: Served) -> None:
    page = office.stranger.get("/docs")
    assert page.status_code == 200
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert named
    for address in named:
        assert address.startswith("/")
        assert office.stranger.get(address).status_code == 200
    assert "'self'" in page.headers["content-security-policy"]


def test_every_answer_says_that_it_is_what_it_is(office: Served) -> None:
    for path in ("/healthz", "/docs", "/nothing", "/api/v1/projects", "/docs/assets/swagger-ui.css"):
        assert office.stranger.get(path).headers["x-content-type-options"] == "nosniff"
