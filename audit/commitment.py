"""Commitments to personal values, FORMAT 5.5: what stands in signed bytes instead of a name, and what opens it.

A disclosure is value and salt. It travels beside a command and is kept in the vault; without it a commitment tells nothing,
with it anybody can check that this very value was meant.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.errors import Malformed

SALT_BYTES = 32
VALUE_MAX = 200
KIND = "person"
_KEYS = frozenset({"field", "salt", "value"})
_salt = re.compile("[0-9a-f]{64}").fullmatch
_field = re.compile("[a-z_]{1,40}").fullmatch
_commitment = re.compile("commit:[0-9a-f]{64}").fullmatch


def is_commitment(text: str) -> bool:
    return _commitment(text) is not None


def _part(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(4, "big") + data


def commitment_of(kind: str, field: str, salt: bytes, value: str) -> str:
    """FORMAT 5.5."""
    parts = (_part(kind), _part(field), salt, _part(value))
    return f"commit:{hashlib.sha256(b'bangfu commit v1' + b''.join(parts)).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What opens a commitment to a value of a person. `field` says which: name, phone … Validates itself."""

    field: str
    salt: bytes
    value: str

    def __post_init__(self) -> None:
        if not _field(self.field):
            raise Malformed("披露的 field 应为小写英文名")
        if len(self.salt) != SALT_BYTES:
            raise Malformed("披露的盐应为 32 字节")
        value = self.value
        if not 1 <= len(value) <= VALUE_MAX or value != value.strip() or not value.isprintable():
            raise Malformed(f"披露的值应为 1 至 {VALUE_MAX} 字的一行文字，首尾无空白")
        if not unicodedata.is_normalized("NFC", value):
            raise Malformed("披露的值应按 NFC 规范化")

    @property
    def commitment(self) -> str:
        return commitment_of(KIND, self.field, self.salt, self.value)

    def json(self) -> dict[str, str]:
        return {"field": self.field, "salt": self.salt.hex(), "value": self.value}

    @classmethod
    def parse(cls, value: object) -> Disclosure:
        """Of a parsed JSON value. Raises Malformed; the message never repeats the value."""
        if not isinstance(value, Mapping) or set(value) != _KEYS:
            raise Malformed("披露应恰有 field、salt、value")
        if not all(isinstance(text, str) for text in value.values()):
            raise Malformed("披露的各栏应为文字")
        if not _salt(value["salt"]):
            raise Malformed("披露的 salt 应为 64 个小写十六进制字符")
        return cls(value["field"], bytes.fromhex(value["salt"]), value["value"])

    def __repr__(self) -> str:
        """Never the value: what is printed ends in logs."""
        return f"Disclosure({self.field!r}, {self.commitment})"


def commit(field: str, value: str) -> Disclosure:
    """A disclosure with a fresh salt. Raises Malformed for a value that cannot be one."""
    return Disclosure(field, secrets.token_bytes(SALT_BYTES), unicodedata.normalize("NFC", value))


def disclosures_of(value: object) -> list[Disclosure]:
    """The disclosures that travel beside a command. Raises Malformed; two for one commitment are one too many."""
    if not isinstance(value, list):
        raise Malformed("disclosures 应为列表")
    found: list[Any] = [Disclosure.parse(one) for one in value]
    if len({one.commitment for one in found}) < len(found):
        raise Malformed("同一承诺有两份披露")
    return found
