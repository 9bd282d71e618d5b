"""Private keys in files that belong to their owners. Never a key of somebody else, never in the ledger.

A key file is JSON {format, name, suite, seed, key, public}, readable by its owner only. `seed` is the secret.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from audit.errors import Malformed
from audit.suites import ED25519, Ed25519Signer

FORMAT = "bangfu-key/1"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A named private key."""

    name: str
    signer: Ed25519Signer

    @property
    def key_id(self) -> str:
        return self.signer.key_id

    @property
    def public(self) -> str:
        """Hexadecimal."""
        return self.signer.public.hex()

    @property
    def fingerprint(self) -> str:
        """For reading aloud at a ceremony: the public key in groups of four."""
        return " ".join(self.public[k : k + 4] for k in range(0, 64, 4))

    def write(self, path: Path) -> None:
        """Refuses to replace a file: a private key is never overwritten. Raises FileExistsError."""
        text = {
            "format": FORMAT,
            "key": self.key_id,
            "name": self.name,
            "public": self.public,
            "seed": self.signer.seed().hex(),
            "suite": ED25519,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(text, file, ensure_ascii=False, indent=1)
            file.write("\n")


def generate(name: str) -> KeyFile:
    return KeyFile(name, Ed25519Signer.generate())


def load(path: Path) -> KeyFile:
    """Raises Malformed, also when the key id or public key written there is not that of the seed."""
    try:
        text = json.loads(path.read_text(encoding="utf-8"))
        if text["format"] != FORMAT or text["suite"] != ED25519:
            raise ValueError
        signer = Ed25519Signer.from_seed(bytes.fromhex(text["seed"]))
        key = KeyFile(str(text["name"]), signer)
    except (ValueError, KeyError, TypeError):
        raise Malformed(f"{path.name} 不是 {FORMAT} 密钥文件") from None
    if (text["key"], text["public"]) != (key.key_id, key.public):
        raise Malformed(f"{path.name} 里的密钥号或公钥与私钥不符")
    return key
