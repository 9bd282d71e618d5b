"""FORMAT 13, 15: the tree that grows beside the tiles a log keeps of it (steps 7 and 21), beyond the sizes that the vectors have."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import pytest

from audit.errors import Malformed
from audit.tiled import TiledTree
from audit.tree import Tree

LEAVES = [hashlib.sha256(b"%d" % number).digest() for number in range(256 * 256 + 300)]
Kept = Callable[[int, int, int], bytes | None]


@pytest.fixture(scope="module")
def whole() -> Tree:
    tree = Tree(lambda start, stop: LEAVES[start:stop])
    tree.extend(LEAVES)
    return tree


def kept_of(tree: Tree, level: int = -1, number: int = 0, tile: bytes | None = None) -> Kept:
    """The tiles of a tree, one of them replaced."""
    return lambda l, n, width: tile if (l, n) == (level, number) else b"".join(tree.tile(l, n, width))  # noqa: E741


def grown(kept: Kept, leaves: Sequence[bytes] = LEAVES) -> TiledTree:
    tree = TiledTree(kept, len(leaves))
    for leaf in leaves:
        tree.add(leaf)
    return tree


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 700])
def test_7_the_root_is_that_of_the_tree_at_every_size(size: int) -> None:
    tree = Tree(lambda start, stop: LEAVES[start:stop])
    tree.extend(LEAVES[:size])
    tiled = TiledTree(kept_of(tree), size)
    for number, leaf in enumerate(LEAVES[:size], 1):
        tiled.add(leaf)
        assert tiled.root() == tree.root(number)
    assert tiled.first_wrong() is None


def test_21_right_tiles_of_three_levels_are_right(whole: Tree) -> None:
    tree = grown(kept_of(whole))
    assert tree.root() == whole.root(len(LEAVES))
    assert tree.first_wrong() is None


@pytest.mark.parametrize(
    ("level", "number", "tile", "said"),
    [
        (1, 0, None, "1/0（宽 256）"),
        (1, 0, bytes(32 * 256), "1/0（宽 256）"),
        (1, 1, bytes(32), "1/1（宽 1）"),
        (2, 0, None, "2/0（宽 1）"),
        (2, 0, bytes(32), "2/0（宽 1）"),
    ],
)
def test_21_a_tile_above_level_0_that_is_not_right_is_named(
    whole: Tree, level: int, number: int, tile: bytes | None, said: str
) -> None:
    assert grown(kept_of(whole, level, number, tile)).first_wrong() == said


@pytest.mark.parametrize("tile", [None, b"", bytes(32 * 44), bytes(32 * 45)])
def test_7_a_tile_of_level_0_that_is_missing_or_wrong_fails_at_its_first_leaf(
    tile: bytes | None,
) -> None:
    tree = Tree(lambda start, stop: LEAVES[start:stop])
    tree.extend(LEAVES[:300])
    tiled = TiledTree(kept_of(tree, 0, 1, tile), 300)
    for leaf in LEAVES[:256]:
        tiled.add(leaf)
    with pytest.raises(Malformed):
        tiled.add(LEAVES[256])


def test_7_a_leaf_that_its_tile_does_not_have_there_is_refused() -> None:
    tree = Tree(lambda start, stop: LEAVES[start:stop])
    tree.extend(LEAVES[:10])
    tiled = TiledTree(kept_of(tree), 10)
    tiled.add(LEAVES[0])
    with pytest.raises(Malformed):
        tiled.add(LEAVES[0])
