"""The log over HTTP: what other people's programs read, and what only some may."""

from __future__ import annotations

import struct

import pytest

from audit.checkpoint import parse_note, parse_tlog_proof
from audit.merkle import leaf_hash, root_of
from tests.support.served import Served


def test_the_checkpoint_and_its_tiles_agree(office: Served) -> None:
    see = office.stranger.get
    note = parse_note(see("/log/checkpoint").content)
    size = note.checkpoint.size
    assert size == office.world.desk.log.size
    tile = see(f"/log/tile/0/000.p/{size}")
    leaves = [tile.content[k : k + 32] for k in range(0, len(tile.content), 32)]
    assert root_of(leaves) == note.checkpoint.root
    assert "immutable" in tile.headers["cache-control"]
    assert see("/log/vkey").text.strip() == str(office.world.desk.log.vkey())


def test_a_partial_tile_of_an_earlier_size_is_there_too(office: Served) -> None:
    assert office.stranger.get("/log/tile/0/000.p/3").content == b"".join(
        office.world.desk.driver.leaves(0, 3)
    )


@pytest.mark.parametrize(
    "path",
    [
        "0/000",
        "0/001",
        "0/000.p/256",
        "0/000.p/0",
        "0/x000/000",
        "0/abc",
        "0/",
        "1/000.p/1",
        "9/000",
        "63/000.p/1",
        "0/000.p/1/..",
        "entries/999",
        "0/x999/x999/x999/x999/x999/999",
    ],
)
def test_a_tile_that_is_not_there_is_404(office: Served, path: str) -> None:
    answer = office.as_("discipline").get(f"/log/tile/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_entries_are_for_who_may_read_all(office: Served) -> None:
    size = office.world.desk.log.size
    path = f"/log/tile/entries/000.p/{size}"
    assert office.stranger.get(path).status_code == 401
    assert office.as_("township").get(path).status_code == 403
    bundle = office.as_("discipline").get(path).content
    entries = []
    while bundle:
        (length,) = struct.unpack(">H", bundle[:2])
        entries.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    assert [leaf_hash(entry) for entry in entries] == office.world.desk.driver.leaves(0, size)


def test_receipts_are_public_and_end_where_the_log_does(office: Served) -> None:
    size = office.world.desk.log.size
    answer = office.stranger.get("/api/v1/receipts/0")
    index, _, note = parse_tlog_proof(answer.content)
    assert (index, parse_note(note).checkpoint.size) == (0, 1)
    newest = office.stranger.get(f"/api/v1/receipts/0?size={size}").content
    assert parse_note(parse_tlog_proof(newest)[2]).checkpoint.size == size
    for path in (f"{size}", f"0?size={size + 1}"):
        assert office.stranger.get(f"/api/v1/receipts/{path}").status_code == 404
    for path in ("-1", "a", str(2**53), "0?size=0"):
        assert office.stranger.get(f"/api/v1/receipts/{path}").status_code == 400
