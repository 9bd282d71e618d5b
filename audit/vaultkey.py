"""The vault key (保管钥): wraps the keys of persons, and is kept outside the database and its backups (D17).

A file of JSON {format, id, secret}, readable by its owner only. Turning it puts another secret into its place and overwrites
the old one: what only the old key could open is then gone, wherever copies of the database are.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.errors import Malformed

FORMAT = "bangfu-vault-key/1"
_NONCE = 12


class WrongVaultKey(Exception):
    """The vault key at hand is not the one that this vault was closed with."""


def seal(key: bytes, text: bytes, bound: bytes) -> bytes:
    """AES-256-GCM with a random nonce before the ciphertext; `bound` is authenticated with it (NIST SP 800-38D)."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text, bound)


def unseal(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Raises WrongVaultKey when key, ciphertext or what it is bound to is another."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
    except (InvalidTag, ValueError):
        raise WrongVaultKey("保管钥与保管库不符，或库中内容被改动") from None


@dataclass(frozen=True, slots=True, repr=False)
class VaultKey:
    """32 secret bytes and the name that tells keys apart."""

    secret: bytes

    @property
    def id(self) -> str:
        return hashlib.sha256(b"bangfu vault key id" + self.secret).hexdigest()[:16]

    @property
    def matching(self) -> bytes:
        """The key under which equal values get equal tags. It turns with the vault key, so old copies match nothing new."""
        return hashlib.sha256(b"bangfu vault matching" + self.secret).digest()

    @classmethod
    def generate(cls) -> VaultKey:
        return cls(secrets.token_bytes(32))

    def write(self, path: Path) -> None:
        """Whole or not at all, and never in the place of a file. Raises FileExistsError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                json.dump({"format": FORMAT, "id": self.id, "secret": self.secret.hex()}, file)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        finally:
            draft.unlink()


def load(path: Path) -> VaultKey:
    """Raises Malformed, FileNotFoundError."""
    try:
        text = json.loads(path.read_text(encoding="ascii"))
        key = VaultKey(bytes.fromhex(text["secret"]))
        if text["format"] != FORMAT or text["id"] != key.id or len(key.secret) != 32:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise Malformed(f"{path.name} 不是 {FORMAT} 保管钥文件") from None
    return key


def shred(path: Path) -> None:
    """Remove, then overwrite what was there. On disks that move blocks about this is the best that a program can do."""
    with suppress(FileNotFoundError), path.open("r+b") as file:
        path.unlink()
        _overwrite(file)


def _overwrite(file: IO[bytes]) -> None:
    file.write(secrets.token_bytes(max(1, os.fstat(file.fileno()).st_size)))
    file.flush()
    os.fsync(file.fileno())


def begin_turn(path: Path) -> VaultKey:
    """A new key beside the one in use. It takes that one's place when the vault is wrapped by it (`settled`), and not before.

    Only for who holds the vault's lock, in a vault whose key is settled: what lies beside is then of no use to anybody.
    """
    beside, new = _beside(path), VaultKey.generate()
    shred(beside)
    new.write(beside)
    return new


def found(path: Path, wrapped_by: str) -> VaultKey:
    """The key that a vault names: the one in its place, or the one beside it. Changes no file.

    So a crash, or a COMMIT of unknown outcome, leaves a key that opens the vault, whichever of the two it is, and a reader
    may look while somebody else is turning it. Raises WrongVaultKey.
    """
    for one in (path, _beside(path)):
        with suppress(Malformed, FileNotFoundError):
            if (key := load(one)).id == wrapped_by:
                return key
    raise WrongVaultKey(f"{path.name} 不是这个保管库的保管钥（应为 {wrapped_by}）")


def settled(path: Path, wrapped_by: str) -> VaultKey:
    """As `found`, and the key in its place, nothing beside it, and the other one overwritten. Only for who holds the lock."""
    key, beside = found(path, wrapped_by), _beside(path)
    if not _is(path, key):
        with ExitStack() as stack:
            old = stack.enter_context(path.open("r+b")) if path.exists() else None
            beside.replace(path)
            if old is not None:
                _overwrite(old)
    shred(beside)
    return key


def _is(path: Path, key: VaultKey) -> bool:
    with suppress(Malformed, FileNotFoundError):
        return load(path) == key
    return False


def _beside(path: Path) -> Path:
    return path.with_suffix(".new")
