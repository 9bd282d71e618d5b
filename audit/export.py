"""Writing a log as files that anybody can verify: FORMAT 13. Exact stored bytes, nothing re-encoded."""

from __future__ import annotations

import hashlib
from pathlib import Path

from audit import canonical
from audit.log import Log
from audit.tiles import WIDTH, bundle, levels, tile_hash, tile_path, tiles_of


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _archives_named(log: Log, size: int) -> list[str]:
    """The archives of the epochs, as the ledger's own stream names them; one that was kept and never adopted is not the log's."""
    genesis = next(log.driver.rows(0, 1))
    rows = [row for row in log.driver.stream(genesis.stream) if row.position < size]
    states = [canonical.decode(row.sections().state) for row in rows]
    return [state["archive"] for state in states if "archive" in state]


def export_log(log: Log, out: Path) -> int:
    """Write the sealed log under `out`, a new or empty directory; its size. Raises FileExistsError, LookupError."""
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(out)
    seal = log.seal
    if seal is None:
        raise LookupError("台账还没有分录")
    size = seal.size
    level0: list[bytes] = []  # one hash a block: the tiles above level 0 are made of these
    for number, width in tiles_of(0, size):
        first = number * WIDTH
        rows = list(log.driver.rows(first, first + width))
        _write(out / tile_path("entries", number, width), bundle([row.entry for row in rows]))
        tile = b"".join(row.leaf for row in rows)
        _write(out / tile_path(0, number, width), tile)
        if width == WIDTH:
            level0.append(tile_hash(tile))
    below = level0
    for level in levels(size)[1:]:
        above: list[bytes] = []
        for number, width in tiles_of(level, size):
            tile = b"".join(below[number * WIDTH : number * WIDTH + width])
            _write(out / tile_path(level, number, width), tile)
            if width == WIDTH:
                above.append(tile_hash(tile))
        below = above
    with (out / "seals").open("wb") as file:
        for one in log.driver.seals():
            if one.size <= size:
                file.write(one.line())
    kept = log.driver.archives()
    for sha256 in _archives_named(log, size):
        # The name becomes a path: it is believed only when it is what the bytes hash to.
        if (
            sha256 in kept and hashlib.sha256(kept[sha256]).hexdigest() == sha256
        ):  # step 50 reports one that is lost; the entries can be exported all the same
            _write(out / "rules" / f"{sha256}.zip", kept[sha256])
    _write(out / "vkey", f"{log.vkey()}\n".encode())
    _write(out / "checkpoint", seal.note(log.origin))
    return size
