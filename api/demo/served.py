"""The demo's ledger behind HTTP: `bangfu serve` in a process of its own on a free loopback port, and a client that signs."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.ceremony import NotDone
from api.keyfile import KeyFile
from api.remote import SECONDS, call, log_in
from api.settings import plain_environment
from audit import dsse

_ENDS_IN_SECONDS = 20
_READY = "台账在 "


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of the ledger at a place while it is served. Raises NotDone when the server does not start."""
    words = [sys.executable, "-P", "-m", "api.cli", "serve", "--data", str(data.resolve()), "--port", "0"]
    environment = plain_environment() | {"PYTHONUTF8": "1"}
    with subprocess.Popen(  # noqa: S603 - our own program
        words, stderr=subprocess.PIPE, encoding="utf-8", env=environment
    ) as process:
        assert process.stderr is not None
        try:
            said = process.stderr.readline()
            if not said.startswith(_READY):
                raise NotDone(f"示例中断，服务没有启动：{said}{process.stderr.read()}")
            yield said.removeprefix(_READY).partition("，")[0]
        finally:
            process.terminate()
            process.wait(_ENDS_IN_SECONDS)


@dataclass(frozen=True, slots=True)
class Told:
    """What a server answered: the status, and the JSON."""

    status: int
    body: Mapping[str, Any]

    @property
    def refusal(self) -> str:
        """Raises NotDone when what should have been refused was not."""
        if self.status < 400:
            raise NotDone(f"示例中断，本应拒绝的却入账为第 {self.body['position']} 号")
        return f"{self.status} 不予受理（{self.body['code']}，{self.body['rule']}）：{self.body['detail']}"


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody elsewhere with a key and the address of the ledger."""

    url: str
    key: KeyFile
    token: str

    @classmethod
    def of(cls, url: str, key: KeyFile) -> Client:
        return cls(url, key, log_in(url, key).token)

    def prepare(self, command: str, payload: Mapping[str, Any]) -> bytes:
        """The exact bytes to sign, as the server writes them."""
        wish = {"command": command, "nature": "act", "payload": dict(payload)}
        return base64.b64decode(
            call(f"{self.url}/api/v1/commands:prepare", wish, token=self.token)["payload"]
        )

    def sign(self, body: bytes) -> dict[str, Any]:
        """The envelope around these bytes."""
        return dsse.envelope_json(dsse.signed(dsse.COMMAND, body, self.key.signer))

    def post(self, envelope: Mapping[str, Any]) -> Told:
        request = urllib.request.Request(  # noqa: S310 - the address is that of our own server
            f"{self.url}/api/v1/commands",
            json.dumps(envelope).encode(),
            {"Content-Type": "application/json"},
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
                return Told(answer.status, json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                return Told(error.code, json.load(error))

    def leaf(self, noun: str, subject: str, position: int) -> str:
        """The hash of the entry at a position, as the timeline of its subject gives it (`noun` in the plural)."""
        request = urllib.request.Request(  # noqa: S310 - as above
            f"{self.url}/api/v1/{noun}/{subject}/timeline", headers={"Authorization": f"Bearer {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
            items = json.load(answer)["items"]
        return next(str(one["leaf"]) for one in items if one["position"] == position)

    def do(self, command: str, payload: Mapping[str, Any]) -> Told:
        return self.post(self.sign(self.prepare(command, payload)))


def size_at(url: str) -> int:
    """How many entries the checkpoint that the server publishes covers."""
    with urllib.request.urlopen(f"{url}/log/checkpoint", timeout=SECONDS) as answer:  # noqa: S310 - as above
        return int(answer.read().decode().splitlines()[1])
