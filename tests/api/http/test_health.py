"""For the watchman: alive, ready, counted; and the vendored page of the description."""

from __future__ import annotations

import re

from tests.support.served import Served


def test_it_is_alive_and_ready(office: Served) -> None:
    assert office.stranger.get("/healthz").json() == {"ok": True}
    told = office.stranger.get("/readyz").json()
    assert told["ready"] is True
    assert told["writable"] is True


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
