"""The ledger's own signature: one root for one size, for ever (FORMAT 12.4)."""

from __future__ import annotations

from audit.checkpoint import Checkpoint, Seal, sign_checkpoint
from audit.suites import Signer


class Forked(Exception):
    """The database no longer holds what was released from it. Nothing may be signed until a person has looked."""


class Sealer:
    """Signs tree heads with the ledger's key.

    The seals in the database, written under its head lock, are the memory across processes; what this process has
    released is a second memory, so that a database put back to an older state under a running server is noticed.
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._released: Seal | None = None

    @property
    def public(self) -> bytes:
        return self._signer.public

    @property
    def key_id(self) -> str:
        return self._signer.key_id

    @property
    def signer(self) -> Signer:
        """For answers; never for a tree head."""
        return self._signer

    def check(self, head: Seal | None) -> None:
        """Raises Forked unless the head that the database states still holds what was released."""
        released = self._released
        if released is None:
            return
        if head is None or head.size < released.size:
            stated = 0 if head is None else head.size
            raise Forked(f"已封印至 {released.size}，数据库却只有 {stated}：数据库被换回旧状态")
        if head.size == released.size and head.root != released.root:
            raise Forked(f"大小 {head.size} 已封印另一个根：数据库被改写")

    def seal(self, origin: str, size: int, root: bytes, head: Seal | None) -> Seal:
        """The seal of a grown log. Not released: it may be discarded and another signed if it never became durable."""
        self.check(head)
        if head is not None and size <= head.size:
            raise Forked(f"大小 {size} 不大于已封印的 {head.size}")
        return Seal(size, root, sign_checkpoint(Checkpoint(origin, size, root), self._signer))

    def release(self, seal: Seal) -> None:
        """The commit that holds the seal is durable: from here on it binds."""
        if self._released is None or self._released.size < seal.size:
            self._released = seal
