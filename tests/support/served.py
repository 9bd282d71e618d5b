"""A server on a real port of this machine, and somebody who speaks HTTP to it, with or without a session."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx2 as httpx

from api.compose import sign_command
from api.http import auth
from api.http.lines import Line
from api.keyfile import KeyFile
from api.serving import Server, service_for
from api.workroom import WorkRoom
from audit import dsse
from audit.commitment import Disclosure
from tests.support.world import World


class Visitor:
    """An HTTP client. `token` "" has no session."""

    def __init__(self, url: str, token: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.url, self.token = url, token
        self.client = httpx.Client(base_url=url, headers=headers, timeout=20)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return self.client.post(path, json=json, **options)

    def submit(
        self,
        envelope: dsse.Envelope,
        query: str = "",
        disclosures: Sequence[Disclosure] = (),
        **options: Any,
    ) -> httpx.Response:
        wire: Any = dsse.envelope_json(envelope)
        if disclosures:
            wire = {"disclosures": [one.json() for one in disclosures], "envelope": wire}
        return self.post(f"/api/v1/commands{query}", wire, **options)

    def submit_batch(self, envelope: dsse.Envelope, bodies: list[bytes], query: str = "") -> httpx.Response:
        wire = {"commands": [dsse.b64(body) for body in bodies], "envelope": dsse.envelope_json(envelope)}
        return self.post(f"/api/v1/commands:batch{query}", wire)

    def close(self) -> None:
        self.client.close()


class Served:
    """A running server over the desk of a world."""

    def __init__(self, world: World, server: Server) -> None:
        self.world = world
        self.server = server
        host, port = server.bound
        self.url = f"http://{host}:{port}"
        self.visitors: dict[str, Visitor] = {}
        self.stranger = self._kept("", Visitor(self.url))

    def _kept(self, name: str, visitor: Visitor) -> Visitor:
        self.visitors[name] = visitor
        return visitor

    def as_(self, name: str) -> Visitor:
        """Somebody of the world, logged in."""
        if name not in self.visitors:
            answer = self.log_in(self.world.keys[name])
            assert answer.status_code == 201, answer.text
            self._kept(name, Visitor(self.url, answer.json()["token"]))
        return self.visitors[name]

    def log_in(self, key: KeyFile, /, **changed: str) -> httpx.Response:
        """Take a challenge, sign it, hand it in; `changed` replaces what the statement says."""
        asked = self.stranger.post("/api/v1/challenges").json()
        stated = {
            "audience": asked["audience"],
            "challenge": asked["challenge"],
            "key": key.key_id,
            "origin": asked["origin"],
        }
        return self.stranger.post("/api/v1/sessions", signed_challenge(key, stated | changed))

    def projected(self) -> None:
        """Wait until everything recorded can be read."""
        last = self.world.desk.log.size - 1
        self.stranger.get("/readyz")
        service = self.server.config.app.state.service  # type: ignore[union-attr]
        deadline = threading.Event()
        for _ in range(500):
            if service.projected > last:
                return
            deadline.wait(0.01)
        raise AssertionError("the follower does not follow")


def envelope(office: Served, name: str, payload: dict[str, Any], by: str, **header: Any) -> dsse.Envelope:
    body = office.world.clerk(by).prepare(name, payload, **header)
    return sign_command(body, office.world.keys[by].signer)


def listing(office: Served, name: str, by: str = "kang", **changed: Any) -> dsse.Envelope:
    return envelope(office, "project.list.v1", office.world.project(name, **changed), by, nature="fact")


def signed_challenge(key: KeyFile, stated: Mapping[str, str]) -> dict[str, Any]:
    body = auth.statement(**stated)  # type: ignore[arg-type]
    signature = key.signer.sign(dsse.pae(auth.SESSION, body))
    return {
        "payload": base64.b64encode(body).decode(),
        "payloadType": auth.SESSION,
        "signatures": [{"keyid": key.key_id, "sig": base64.b64encode(signature).decode()}],
    }


@contextmanager
def served(
    world: World, *, verified: bool = False, workroom: WorkRoom | None = None, line: type[Line] = Line
) -> Iterator[Served]:
    """The world's desk on a port that the system chooses, in a thread of this process."""
    service = service_for(world.desk, verified=verified, workroom=workroom)
    server = Server(service, host="127.0.0.1", port=0, line=line)
    thread = threading.Thread(target=server.run, name="server")
    thread.start()
    pause = threading.Event()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        pause.wait(0.005)
    found = Served(world, server)
    try:
        yield found
    finally:
        for visitor in found.visitors.values():
            visitor.close()
        server.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive(), "the server does not end"
