"""The Merkle tree of RFC 6962 section 2.1, FORMAT 6: roots, proofs, and the frontier that a growing log keeps.

Pure: numbers and bytes in, bytes out. Proofs are checked as RFC 9162 sections 2.1.3.2 and 2.1.4.2 say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The complete subtrees of a log of `size` leaves, largest first: all that is needed to append and to name the root."""

    __slots__ = ("nodes", "size")

    def __init__(self, nodes: Sequence[bytes] = (), size: int = 0) -> None:
        if len(nodes) != size.bit_count():
            raise ValueError(f"{size} leaves have {size.bit_count()} complete subtrees, not {len(nodes)}")
        self.nodes, self.size = list(nodes), size

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        size, nodes = self.size, self.nodes
        while size & 1:
            leaf = hashlib.sha256(b"\x01" + nodes.pop() + leaf).digest()
            size >>= 1
        nodes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        return root_over(self.nodes)

    def copy(self) -> Frontier:
        return Frontier(self.nodes, self.size)


def root_over(nodes: Sequence[bytes]) -> bytes:
    """The root of the tree whose complete subtrees have these hashes, largest first."""
    if not nodes:
        return EMPTY_ROOT
    root, sha256 = nodes[-1], hashlib.sha256
    for node in nodes[-2::-1]:
        root = sha256(b"\x01" + node + root).digest()
    return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def _split(n: int) -> int:
    """The largest power of two below n."""
    return 1 << ((n - 1).bit_length() - 1)


def levels_of(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """All complete nodes, level by level; an odd last node is carried up unchanged. For many paths over few leaves (a batch)."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        level = [node_hash(below[k], below[k + 1]) for k in range(0, len(below) - 1, 2)]
        if len(below) % 2:
            level.append(below[-1])
        levels.append(level)
    return levels


def path_in(levels: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """The inclusion path of a leaf from `levels_of`, leaf sibling first."""
    path = []
    for level in levels[:-1]:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        index >>= 1
    return path


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """RFC 6962 section 2.1.1 over leaf hashes."""
    return path_in(levels_of(leaves), index)


def consistency_path(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """RFC 6962 section 2.1.2 from a tree of the first `old` leaves to the tree of all of them."""

    def sub(m: int, part: Sequence[bytes], whole: bool) -> list[bytes]:
        n = len(part)
        if m == n:
            return [] if whole else [root_of(part)]
        k = _split(n)
        if m <= k:
            return [*sub(m, part[:k], whole), root_of(part[k:])]
        return [*sub(m - k, part[k:], False), root_of(part[:k])]

    if not 0 < old <= len(leaves):
        raise ValueError(f"no consistency path from {old} to {len(leaves)}")
    return sub(old, leaves, True)


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that an inclusion path leads to, or None if the path has the wrong length (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    fn, sn, root = index, size - 1, leaf
    for node in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            root = node_hash(node, root)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            root = node_hash(root, node)
        fn >>= 1
        sn >>= 1
    return root if sn == 0 else None


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `new` leaves extends that of `old` (RFC 9162 section 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path
    nodes = list(path)
    if old & (old - 1) == 0:
        nodes.insert(0, old_root)
    if not nodes:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    first = second = nodes[0]
    for node in nodes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node_hash(node, first), node_hash(node, second)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            second = node_hash(second, node)
        fn >>= 1
        sn >>= 1
    return sn == 0 and first == old_root and second == new_root
