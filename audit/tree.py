"""The growing tree of a log: its root, and proofs about any leaf, from O(n / 256) bytes of memory.

Level l holds the root of every complete block of 256^l leaves, as the hash tiles of FORMAT 13 do; single leaves are read
from the store when a proof needs their block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from audit.merkle import Frontier, consistency_path, levels_of, node_hash, path_in, root_of
from audit.tiles import WIDTH

LeafReader = Callable[[int, int], Sequence[bytes]]
"""(start, stop) → the leaf hashes from start to stop; what the store committed."""


class Tree:
    """Append-only. Not locked: the log that owns it appends under its own lock and proves sizes it has released."""

    def __init__(self, leaves: LeafReader) -> None:
        self._leaves = leaves
        # Of the last blocks that proofs were asked of: the commands of one commit ask of one block, one after another.
        self._levels = lru_cache(maxsize=4)(lambda start, stop: levels_of(self._at_hand(start, stop)))
        self._blocks: list[list[bytes]] = []  # _blocks[l][k]: root of block k of 256^(l+1) leaves
        self._open: list[list[bytes]] = [[]]  # hashes of the block that is not complete yet, level by level
        self.frontier = Frontier()

    @property
    def size(self) -> int:
        return self.frontier.size

    def grown(self, leaves: Sequence[bytes]) -> Frontier:
        """The frontier as it will be with more leaves; nothing changes yet."""
        frontier = self.frontier.copy()
        for leaf in leaves:
            frontier.append(leaf)
        return frontier

    def extend(self, leaves: Sequence[bytes], frontier: Frontier | None = None) -> None:
        """Add leaves; `frontier`: as `grown` gave it for them."""
        self.frontier = self.grown(leaves) if frontier is None else frontier
        for leaf in leaves:
            self._add(leaf)

    def _add(self, hash_: bytes, level: int = 0) -> None:
        block = self._open[level]
        block.append(hash_)
        if len(block) < WIDTH:
            return
        root = root_of(block)
        block.clear()
        if len(self._blocks) == level:
            self._blocks.append([])
            self._open.append([])
        self._blocks[level].append(root)
        self._add(root, level + 1)

    def _at_hand(self, start: int, stop: int) -> Sequence[bytes]:
        """Leaves, those of the block that is not complete yet without asking the store."""
        first = self.size - len(self._open[0])
        return self._open[0][start - first : stop - first] if start >= first else self._leaves(start, stop)

    def _root(self, start: int, stop: int) -> bytes:
        """Root of the leaves from start to stop, a subtree of RFC 6962 section 2.1."""
        length = stop - start
        for level in range(len(self._blocks), 0, -1):
            if length == 256**level and start % length == 0:
                return self._blocks[level - 1][start // length]
        if length <= WIDTH:
            return root_of(self._leaves(start, stop))
        split = 1 << ((length - 1).bit_length() - 1)
        return node_hash(self._root(start, start + split), self._root(start + split, stop))

    def root(self, size: int) -> bytes:
        return self.frontier.root() if size == self.size else self._root(0, size) if size else root_of([])

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The inclusion path of a leaf in the tree of `size` leaves, RFC 6962 section 2.1.1."""
        if not 0 <= index < size <= self.size:
            raise ValueError(f"no leaf {index} in a tree of {size} of {self.size}")
        path: list[bytes] = []
        start, stop = 0, size
        while stop - start > WIDTH:
            split = start + (1 << ((stop - start - 1).bit_length() - 1))
            if index < split:
                path.append(self._root(split, stop))
                stop = split
            else:
                path.append(self._root(start, split))
                start = split
        return path_in(self._levels(start, stop), index - start) + path[::-1]

    def tile(self, level: int, number: int, width: int) -> list[bytes]:
        """The hashes of a tile of FORMAT 13. Raises ValueError when the tree has not so many."""
        first = number * WIDTH
        if not 1 <= width <= WIDTH or (first + width) << (8 * level) > self.size:
            raise ValueError(f"no tile {level}/{number}.p/{width} in a tree of {self.size}")
        if level == 0:
            return list(self._leaves(first, first + width))
        return self._blocks[level - 1][first : first + width]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The consistency path between two sizes, RFC 6962 section 2.1.2."""
        if not 0 < old <= new <= self.size:
            raise ValueError(f"no consistency path from {old} to {new} of {self.size}")
        if new <= WIDTH:
            return consistency_path(self._leaves(0, new), old)

        def sub(m: int, start: int, stop: int, whole: bool) -> list[bytes]:
            if m == stop - start:
                return [] if whole else [self._root(start, stop)]
            split = 1 << ((stop - start - 1).bit_length() - 1)
            if m <= split:
                return [*sub(m, start, start + split, whole), self._root(start + split, stop)]
            return [*sub(m - split, start + split, stop, False), self._root(start, start + split)]

        return sub(old, 0, new, True)
