"""What no program that keeps FORMAT can leave out of a signed command: the same bytes read, checked, hashed and stored, and nothing else.

No rule is asked, no subject counted, no tree grown, no receipt given: only the calls of C that each of these would stand on. A door
that misses its target beside a floor that misses it too cannot be mended in the interpreter.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections.abc import Sequence
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit import canonical, dsse
from audit.checkpoint import Seal
from audit.driver import Driver, Row
from audit.log import Log
from benchmarks.office import Office, Things
from benchmarks.verifying import copied
from domain.command import spec_of

_decode = json.JSONDecoder().decode
_ROOT, _LISTING = bytes(32), spec_of("project.list.v1").payload


class _Handed(NamedTuple):
    """A command as it arrives, with the row that it will be: what lies between is not in the floor."""

    wire: str
    signature: bytes
    row: Row


class Floor:
    """Commands of the office, brought to a database of their own by the shortest way that there is."""

    def __init__(self, office: Office, driver: Driver) -> None:
        self._office, self._driver = office, driver
        self._likes: Log = copied(office)
        self._ledger = Ed25519PrivateKey.generate()
        self._clerk = Ed25519PrivateKey.generate()
        self._public: Ed25519PublicKey = self._clerk.public_key()

    def _handed(self, number: int) -> list[_Handed]:
        start = self._likes.size
        self._office.grow(self._likes, start + number)
        rows = list(self._likes.driver.rows(start, start + number))
        found = []
        for row in rows:
            body = row.sections().statement
            signature = self._clerk.sign(dsse.pae(dsse.COMMAND, body))
            found.append(_Handed(json.dumps({"payload": dsse.b64(body)}), signature, row))
        return found

    def _read(self, one: _Handed) -> bytes:
        """The document of a command, of canonical form and good shape, and the bytes of its event."""
        body = b64decode(_decode(one.wire)["payload"])
        text = body.decode()
        command = _decode(text)
        if canonical.encode_trusted(command) != body:
            raise AssertionError("the office writes canonical documents")
        _LISTING.model_validate(command["payload"])
        hashlib.sha256(body).digest()
        hashlib.sha256(one.row.entry).digest()
        canonical.encode_trusted(command["payload"])
        return body

    def _store(self, rows: Sequence[Row]) -> None:
        self._driver.begin()
        seal = Seal(rows[-1].position + 1, _ROOT, self._ledger.sign(_ROOT))
        self._driver.write(rows, seal, 0)

    def one_caller(self, number: int) -> Things:
        """One commit, one signature and one seal each."""
        ready = self._handed(number)

        def work() -> None:
            for one in ready:
                body = self._read(one)
                self._public.verify(one.signature, dsse.pae(dsse.COMMAND, body))
                self._store([one.row])

        return number, work

    def batch(self, number: int) -> Things:
        """One commit, one signature and one seal for all."""
        ready = self._handed(number)

        def work() -> None:
            for one in ready:
                body = self._read(one)
            self._public.verify(one.signature, dsse.pae(dsse.COMMAND, body))
            self._store([one.row for one in ready])

        return number, work
