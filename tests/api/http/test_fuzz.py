"""Whatever is sent: no 5xx, and no answer that the description does not name. Bounded, and the same in every run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.compose import sign_command
from api.workroom import SECONDS_MAX
from audit import canonical
from domain.catalogue import catalogue
from domain.values import moving_ids
from tests.api.http.test_matrix import ROUTES
from tests.support import shaped
from tests.support.served import Served
from tests.support.world import project_of

CHECKS = (
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
)
BOUNDED = settings(
    max_examples=15,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def described(office: Served) -> Any:
    return schemathesis.openapi.from_url(f"{office.url}/openapi.json")


THERE = {"id": "QX-0001", "position": 3, "level": 0, "tile": "000.p/5"}


def waited(path: str) -> dict[str, float]:
    """As long as the work room may take: a workbook is read and written in a process of its own. Else as always."""
    return {"timeout": SECONDS_MAX} if path.startswith("/api/v1/workbooks") else {}


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_no_request_breaks_the_server_or_the_description(route: str, described: Any, office: Served) -> None:
    """By somebody who may read all, so that the requests get as far as they can."""
    method, path = route.split(" ")
    operation = described[path][method]

    @BOUNDED
    @given(case=operation.as_strategy(), there=st.booleans())
    def ask(case: Any, there: bool) -> None:
        if there:  # nobody guesses an id: half of the requests are about something that is there
            for name, value in THERE.items():
                if name in (case.path_parameters or {}):
                    case.path_parameters = {**case.path_parameters, name: value}
        if route == "GET /api/v1/events":
            case.query = {**(case.query or {}), "limit": 1}  # a stream without a limit does not end
        if route == "DELETE /api/v1/sessions":
            token = office.log_in(office.world.keys["discipline"]).json()["token"]
        else:
            token = office.as_("discipline").token
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS, **waited(path))

    ask()


COMMANDS = catalogue()["commands"]
REAL = (project_of("油茶基地"), project_of("山背冷库"), "QX-0001")


ANY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.sampled_from(["", " ", "\x00", "\ud800", "area:青溪乡", "code:row:x", "9" * 400, *REAL]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=8), st.integers(), max_size=2),
)


def bent(draw: Callable[[st.SearchStrategy[Any]], Any], value: Any) -> Any:
    """A payload of the right shape with up to three places changed, dropped or added."""
    for _ in range(draw(st.integers(0, 3))):
        place: Any = value
        while True:
            keys: list[Any] = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], (dict, list)) and place[key] and draw(st.booleans()):
                place = place[key]
                continue
            if draw(st.booleans()):
                place[key] = draw(ANY)
            else:
                del place[key]
            break
        if isinstance(place, dict) and draw(st.integers(0, 3)) == 0:
            place[draw(st.text(max_size=8))] = draw(ANY)
    return value


@pytest.mark.parametrize("name", sorted(COMMANDS))
@settings(BOUNDED, max_examples=10)
@given(data=st.data())
def test_no_signed_command_breaks_the_server(name: str, data: st.DataObject, office: Served) -> None:
    """Payloads of the published shape, signed with good keys: every answer is one of the description."""
    right, disclosures = shaped.stated(name)
    payload = bent(data.draw, right)
    who = data.draw(st.sampled_from(["registrar", "kang", "centre", "township", "discipline"]))
    nature = data.draw(st.sampled_from(sorted(COMMANDS[name]["may"])))
    if isinstance(payload.get("project"), str):
        payload["project"] = data.draw(st.sampled_from([payload["project"], *REAL[:2]]))
    stated = {
        "command": name,
        "nature": nature,
        "nonce": "ab" * 16,
        "occurred_on": office.world.clerk(who).desk.ledger._today(),
        "origin": office.world.desk.log.origin,
        "payload": payload,
        "seen": [[subject, 0] for subject in moving_ids(payload)],
        "signed_at": "2026-11-23T01:00:00Z",
        "signers": [office.world.desk.capacity(office.world.keys[who].key_id)],
        "summary": "示例",
        "valid_until": "2099-12-31",
    }
    try:
        body = canonical.encode(stated)
    except Exception:  # noqa: BLE001 - what cannot be written canonically is sent as any other JSON
        body = json.dumps(stated).encode()
    described = office.stranger.get("/openapi.json").json()["paths"]["/api/v1/commands"]["post"]["responses"]
    for query in ("?dry_run=true", ""):
        envelope = sign_command(body, office.world.keys[who].signer)
        answer = office.stranger.submit(envelope, query, data.draw(st.sampled_from([disclosures, []])))
        assert str(answer.status_code) in described, answer.text
        assert answer.status_code < 500, answer.text
