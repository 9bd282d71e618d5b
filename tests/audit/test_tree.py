"""FORMAT 6.1: the tree over tiles proves what the plain tree of RFC 6962 proves, at any size."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest

from audit.merkle import inclusion_path, is_consistent, root_from_path, root_of
from audit.tree import Tree

SIZES = (1, 2, 3, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 66_000)


def test_6_1_a_tree_far_beyond_one_level_of_tiles_proves_what_the_plain_tree_proves() -> None:
    leaves = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(SIZES[-1])]
    tree = Tree(lambda start, stop: leaves[start:stop])
    tree.extend(leaves)
    roots = {}
    for size in SIZES:
        roots[size] = tree.root(size)
        for index in {0, size // 2, size - 1, min(255, size - 1), min(256, size - 1)}:
            assert root_from_path(leaves[index], index, size, tree.inclusion(index, size)) == roots[size]
    assert roots[513] == root_of(leaves[:513])
    assert tree.inclusion(300, 513) == inclusion_path(leaves[:513], 300)
    for old, new in [*pairwise(SIZES), (1, 66_000), (257, 65_537), (66_000, 66_000)]:
        assert is_consistent(old, new, roots[old], roots[new], tree.consistency(old, new))
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion(66_000, 66_000)
    with pytest.raises(ValueError, match="consistency"):
        tree.consistency(5, 66_001)
