"""The township of the domain's stories behind a real server: the same words, each command signed by a real key and posted.

What the server refuses is raised as the refusal whose code the answer states, after the answer itself was looked at.
示例数据: every place, post and deed here is invented.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.keyfile import KeyFile
from audit import canonical, dsse
from audit.directory import DatabaseLog
from audit.verify import verify
from domain.errors import Refused, refusals
from domain.ledger import Accepted
from domain.record import Recorded, Signed
from projections.follow import follow
from projections.rebuild import rebuild
from tests.domain import story
from tests.domain.story import Actor, Json, Town
from tests.support.served import Served, served
from tests.support.world import World, key_of

PROBLEM = "application/problem+json"
REGISTRARS = ("registrar", "registrar2")  # whose posts came with the opening
AUTHORITY, CONFLICT, RULE = 403, 409, 422


def status_of(refusal: type[Refused]) -> int:
    """What the guide says of statuses (docs/api.zh.md), said again: no authority, a lost race or taken name, a rule."""
    if refusal.code in ("subject_moved", "taken"):
        return CONFLICT
    return AUTHORITY if refusal.rule.startswith("AUTH-") else RULE


class RemoteBooks:
    """What the people of a story know of the log, and what day it is."""

    def __init__(self, world: World, today: str) -> None:
        self.world, self.today = world, today

    def moves(self, subjects: Sequence[str]) -> dict[str, int]:
        return self.world.desk.reader.moves(list(subjects))

    def stream(self, identity: str) -> list[Recorded]:
        return [one for one in self.world.desk.reader.of_subject(identity) if one.stream == identity]

    def located(self, stream: str, version: int) -> tuple[int, str] | None:
        found = [one for one in self.stream(stream) if one.version == version]
        return (found[0].position, found[0].leaf) if found else None


class RemoteLedger:
    """The way in, by HTTP; `repository` looks into the ledger behind it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.office: Served | None = None  # while the town is being settled its people are at the desk
        self.refusal: Mapping[str, Any] = {}

    @property
    def repository(self) -> Any:
        self.world.desk.ledger.refresh()
        return self.world.desk.ledger.repository

    @property
    def origin(self) -> str:
        return self.world.desk.log.origin

    def refresh(self) -> RemoteLedger:
        return self

    @staticmethod
    def envelope(signed: Signed) -> dsse.Envelope:
        signatures = tuple((key, base64.b64decode(text)) for key, text in signed.signatures)
        return dsse.Envelope(dsse.COMMAND, signed.body, signatures)

    def handle(self, signed: Signed) -> Accepted:
        envelope = self.envelope(signed)
        if self.office is None:
            taken = self.world.desk.take(envelope)
            assert taken.position is not None, taken
            return Accepted(taken.position, taken.n, taken.command, taken.replayed)
        answer = self.office.stranger.submit(envelope, headers={"Prefer": "wait=0"})
        told = answer.json()
        if answer.status_code == 201:
            return Accepted(told["position"], told["n"], told["command"], told["replayed"])
        self.refusal = told
        refusal = refusals()[told["code"]]
        assert answer.headers["content-type"] == PROBLEM
        assert (told["rule"], told["title"]) == (refusal.rule, refusal.title)
        assert answer.status_code == told["status"] == status_of(refusal), told
        assert told["answer"], "no refusal signed by the ledger"
        raise refusal(told["detail"])


class RemoteTown(Town):
    """`Town`, elsewhere."""

    books: Any
    ledger: Any

    def __init__(self, directory: Path, nonce: int = 0) -> None:
        """Over a directory in which a town has been settled, or none yet; `nonce` is the last one used there."""
        self.nonce, self.extra = nonce, {}
        self.keyring: dict[str, KeyFile] = {}
        self.to_check = False
        self.world = World(directory, clock=self._now)
        self.books = RemoteBooks(self.world, story.TODAY)
        self.ledger = RemoteLedger(self.world)
        if not nonce:
            story.settle(self)
            super().people()

    def _now(self) -> datetime:
        books = getattr(self, "books", None)
        day = story.TODAY if books is None else books.today
        return datetime.fromisoformat(day).replace(hour=1, tzinfo=UTC)

    def people(self) -> None:
        """They are there already."""

    def known(self, name: str) -> Actor:
        one, key = super().known(name), key_of(name)
        self.keyring[key.key_id] = key
        one = replace(one, key=key.key_id, public=key.public)
        if name not in REGISTRARS:
            return one
        capacity = self.world.desk.capacity(key.key_id)
        return replace(one, organisation=capacity["organisation"], post=capacity["post"])

    def sign(self, command: Json) -> Signed:  # type: ignore[override]
        body = canonical.encode(command)
        message = dsse.pae(dsse.COMMAND, body)
        signatures = tuple(
            (one["key"], dsse.b64(self.keyring[one["key"]].signer.sign(message)))
            for one in command["signers"]
        )
        return Signed(dsse.statement_id(dsse.COMMAND, body).hex(), body, command, signatures)

    def entries_of(self, accepted: Accepted) -> list[Recorded]:
        reader = self.world.desk.reader
        return list(reader.entries(accepted.position, accepted.position + accepted.n))

    @contextmanager
    def refused(
        self, refusal: type[Refused], says: str | None = None
    ) -> Iterator[pytest.ExceptionInfo[Refused]]:
        before = self.world.desk.reader.size()
        with pytest.raises(refusal) as caught:
            yield caught
        assert type(caught.value) is refusal
        assert says is None or re.search(says, str(caught.value))
        assert self.world.desk.reader.size() == before

    def check(self, epoch: int = 1) -> Json:
        """The log verifies from its first byte; when the server has stopped the rows are made again, without a difference."""
        verdict = verify(DatabaseLog(self.world.desk.driver), self.world.trust.dump())
        assert verdict.ok, verdict.failures
        self.to_check = True
        return {}


def settled(directory: Path) -> int:
    """Settle a town in a new directory; its last nonce."""
    town = RemoteTown(directory)
    town.world.close()
    return town.nonce


@contextmanager
def remote_town(directory: Path, nonce: int) -> Iterator[RemoteTown]:
    """A settled town behind a server."""
    town = RemoteTown(directory, nonce)
    with town.world as world:
        with served(world) as office:
            town.ledger.office = office
            yield town
        if town.to_check:
            follow(world.desk.reader, world.desk.projections)
            assert rebuild(world.desk.reader, world.desk.projections).differences == ()
