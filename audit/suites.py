"""Suites of signature and hash, FORMAT 4. Unknown suites are refused; Ed25519 with SHA-256 is the first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from audit.checker import is_good
from audit.errors import Malformed
from audit.ids import key_id

ED25519 = "ed25519"

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_SQRT_M1 = pow(2, (_P - 1) // 4, _P)


class BadKey(Malformed):
    """A public key that FORMAT 4.2 refuses."""


class Signer(Protocol):
    """Somebody who can sign: a file, a browser, a UKey. `sign` returns the raw signature of the suite."""

    @property
    def suite(self) -> str: ...
    @property
    def public(self) -> bytes: ...
    @property
    def key_id(self) -> str: ...
    def sign(self, message: bytes) -> bytes: ...


def _x_of(y: int, sign: int) -> int | None:
    """The x of the curve −x² + y² = 1 + d·x²·y² with that sign, or None (RFC 8032 section 5.1.3)."""
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * pow(v, 3, _P) * pow(u * pow(v, 7, _P), (_P - 5) // 8, _P) % _P
    if (v * x * x - u) % _P:
        x = x * _SQRT_M1 % _P
        if (v * x * x - u) % _P:
            return None
    if x == 0 and sign:
        return None
    return x if x % 2 == sign else _P - x


def _double(x: int, y: int) -> tuple[int, int]:
    product = _D * x * x * y * y % _P
    return (
        2 * x * y * pow(1 + product, -1, _P) % _P,
        (y * y + x * x) * pow(1 - product, -1, _P) % _P,
    )


@lru_cache(maxsize=4096)
def check_public_key(suite: str, public: bytes) -> None:
    """Refuse what FORMAT 4.2 refuses: libraries differ here, so every implementation of ours does the same test."""
    if suite != ED25519:
        raise BadKey(f"未知算法套件 {suite}")
    if len(public) != 32:
        raise BadKey(f"公钥应为 32 字节，实为 {len(public)} 字节")
    number = int.from_bytes(public, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if not y < _P:
        raise BadKey("公钥编码不规范（y ≥ p）")
    x = _x_of(y, sign)
    if x is None:
        raise BadKey("公钥不在曲线上")
    for _ in range(3):
        x, y = _double(x, y)
    if (x, y) == (0, 1):
        raise BadKey("公钥属于小阶子群")


def verify(suite: str, public: bytes, signature: bytes, message: bytes) -> bool:
    """FORMAT 4.3. The key must have passed `check_public_key` before."""
    return suite == ED25519 and is_good(public, signature, message)


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """A private key in memory. `seed` is the 32 bytes of RFC 8032 section 5.1.5."""

    _private: Ed25519PrivateKey
    public: bytes
    key_id: str
    suite: str = ED25519

    @classmethod
    def from_seed(cls, seed: bytes) -> Ed25519Signer:
        private = Ed25519PrivateKey.from_private_bytes(seed)
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return cls(private, public, key_id(ED25519, public))

    @classmethod
    def generate(cls) -> Ed25519Signer:
        private = Ed25519PrivateKey.generate()
        return cls.from_seed(private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))

    def seed(self) -> bytes:
        return self._private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)
