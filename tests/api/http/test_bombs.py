"""Files made to cost more than they weigh, at the process that reads them: it ends, says so, and leaves nothing behind."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.exchange.errors import TooLarge, Unreadable
from api.workroom import SECONDS_MAX, Order, WorkRoom
from tests.support.world import World

WORKBOOKS = Path(__file__).parents[2] / "data" / "workbooks"
HEADINGS = "项目编号,项目名称,项目地点,投入帮扶资金(万元)\r\n"
BEGUN, ENDED = b"<worksheet><sheetData>", b"</sheetData></worksheet>"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("bombs") / "ledger") as made:
        yield made.settle()


def packed(part: str, content: bytes) -> bytes:
    """The workbook of xlsxwriter with one part replaced."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(WORKBOOKS / "xlsxwriter.xlsx") as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return stream.getvalue()


def sheet(content: bytes) -> bytes:
    return packed("xl/worksheets/sheet1.xml", BEGUN + content + ENDED)


def ods(content: bytes) -> bytes:
    stream = io.BytesIO()
    begun = b'<d xmlns:t="t" xmlns:x="x"><t:table t:name="s"><t:table-row><t:table-cell><x:p>'
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "content.xml", begun + content + b"</x:p></t:table-cell></t:table-row></t:table></d>"
        )
    return stream.getvalue()


def laughs() -> bytes:
    """A billion of them (CWE-776), of which a reader would make 3 GB."""
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    return b'<!DOCTYPE x [<!ENTITY l0 "lol">' + entities + b"]>"


def done(world: World, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **changed: Any) -> bytes:
    """The answer of the work room, which leaves no file where files are left."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    signer = world.desk.capacity(world.keys["kang"].key_id)
    settings = world.settings.model_dump(mode="json")
    order = Order(settings=settings, signer=signer, areas=None, wish={}, name="表.xlsx", **changed)
    room = WorkRoom()
    try:
        return room.done(order, data)
    finally:
        assert room.at_work == 0
        room.close()
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("annotated", [False, True])
@pytest.mark.parametrize(
    "entities",
    [laughs(), b'<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'],
    ids=["many", "outside"],
)
def test_entities_in_a_part_that_only_the_copy_needs_are_never_expanded(
    world: World, entities: bytes, annotated: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = packed("docProps/core.xml", entities + b"<x>&l9;</x>")
    answer = done(world, data, tmp_path, monkeypatch, task="annotated" if annotated else "preview")
    if not annotated:
        assert json.loads(answer)["rows"]
        return
    with zipfile.ZipFile(io.BytesIO(answer)) as copy:
        assert not any(
            b"root:" in copy.read(name) or b"lollol" in copy.read(name) for name in copy.namelist()
        )


LONG: dict[str, Callable[[], bytes]] = {
    "texts that nothing names": lambda: packed(
        "xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 28_000_000 + b"</sst>"
    ),
    "a row without end": lambda: sheet(b"<row>" + b"<c/>" * 30_000_000 + b"</row>"),
    "cells far apart": lambda: sheet(
        b"".join(b'<row r="%d"><c r="BXV%d"><v>1</v></c></row>' % (n, n) for n in range(1, 200_001))
    ),
    "an attribute without end": lambda: sheet(b'<row x="' + b"a" * 100_000_000 + b'"/>'),
    "spaces without end": lambda: ods(b'<x:s x:c="1000"/>' * 5_000_000),
    "as many rows as there may be": lambda: (
        HEADINGS.encode() + b"".join(f"B-{n},好{n},康家村,5\r\n".encode() for n in range(190_000))
    ),
}


@pytest.mark.soak
@pytest.mark.parametrize("annotated", [False, True])
@pytest.mark.parametrize("made", LONG)
def test_what_would_take_all_time_or_memory_is_given_up_and_said_to_be_too_large(
    world: World, made: str, annotated: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = LONG[made]()
    began = time.monotonic()
    with pytest.raises(TooLarge) as caught:
        done(world, data, tmp_path, monkeypatch, task="annotated" if annotated else "preview")
    assert isinstance(caught.value, Unreadable)
    seconds = time.monotonic() - began
    print(f"{made}, {len(data):,} bytes: given up after {seconds:.0f} s")
    assert seconds < SECONDS_MAX + 10
