"""Workbooks over HTTP: a preview with every row, the marked copy, batches to be signed; and whatever is no workbook."""

from __future__ import annotations

import base64
import io
import json
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx2 as httpx
import openpyxl
import pytest

from api.exchange.errors import TooLarge
from api.exchange.limits import BYTES_MAX
from api.http.workbooks import XLSX
from api.workroom import (
    OF_ONE_MAX,
    SECONDS_MAX,
    TOGETHER,
    WAITING_MAX,
    CalledOff,
    Order,
    WorkRoom,
)
from audit import dsse
from tests.api.exchange.inventories import ASSETS, DEBTS, PROJECTS
from tests.api.exchange.ledgers import workbook
from tests.api.http import neighbours
from tests.support.served import Served, Visitor, served
from tests.support.world import World

WORKBOOKS = Path(__file__).parents[2] / "data" / "workbooks"
PREVIEW, MARKED = "/api/v1/workbooks", "/api/v1/workbooks:annotated"
CSV = "项目编号,项目名称,项目地点,投入帮扶资金(万元)\r\nW-1,交来的,康家村,5\r\n".encode()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with World(tmp_path_factory.mktemp("workbooks") / "ledger") as world:
        world.settle()
        neighbours.settle(world)
        world.listed("油茶基地", number="QX-0001")
        far = world.project("远村大棚", number="YUAN-1", areas=[neighbours.area("far")], area_label="远村")
        world.accepted("project.list.v1", far, "far", nature="fact")
        with served(world) as running:
            running.projected()
            yield running


def send(who: Visitor, data: bytes, path: str = PREVIEW, kind: str = XLSX, **asked: Any) -> httpx.Response:
    return who.client.post(path, params=asked, content=data, headers={"Content-Type": kind}, timeout=60)


def problem(answer: httpx.Response, status: int, code: str, rule: str = "READ-1") -> dict[str, Any]:
    told: dict[str, Any] = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), (
        answer.text
    )
    assert (told["code"], told["rule"]) == (code, rule)
    return told


def sign(office: Served, batch: dict[str, Any], who: str) -> dict[str, Any]:
    """As a client does, by nothing but the bytes it was given."""
    key, pae = office.world.keys[who], base64.b64decode(batch["pae"])
    assert pae == dsse.pae(batch["payloadType"], base64.b64decode(batch["payload"]))
    signature = {"keyid": key.key_id, "sig": base64.b64encode(key.signer.sign(pae)).decode()}
    envelope = {name: batch[name] for name in ("payload", "payloadType")} | {"signatures": [signature]}
    return {"commands": batch["commands"], "envelope": envelope}


def test_a_workbook_is_previewed_signed_by_its_sender_and_recorded(office: Served, tmp_path: Path) -> None:
    sheets = (("债权债务", DEBTS), ("资产", ASSETS), ("项目", PROJECTS))
    data = workbook(tmp_path / "清册.xlsx", *sheets).read_bytes()
    asked = {"nature": "opening", "occurred_on": "2026-10-31", "area": "青溪乡", "name": "清册.xlsx"}
    with office.world.nothing_recorded():
        answer = send(office.as_("centre"), data, **asked)
        assert answer.status_code == 200, answer.text
        told = answer.json()
    assert [row["outcome"] for row in told["rows"] if row["outcome"] != "skip"] == [
        "new", "ask", "fault", "new", "new", "new", "ask", "fault", "new", "new",
    ]  # fmt: skip
    said = {(row["noun"], row["row"]): row["fields"] for row in told["rows"] if row["outcome"] == "new"}
    project, asset, debt = said["project", 3], said["asset", 3], said["obligation", 2]
    assert (project["project_no"], project["amount_fen"]) == ("QX-1", 96_500_000)
    assert (asset["asset_no"], asset["original_value_fen"]) == (asset["number"], asset["amount_fen"])
    assert (debt["number"], debt["principal_fen"], debt["amount_fen"]) == ("ZW-1", 3_000_000, 3_000_000)
    assert not {"original_value_fen", "principal_fen"} & project.keys()
    [fault] = next(row["faults"] for row in told["rows"] if (row["sheet"], row["row"]) == ("债权债务", 4))
    assert (fault["cell"], fault["value"], fault["rule"]) == ("I4", "2026年1", "READ-25")
    assert "2026-03-01 1.5" in fault["fix"]
    assert (told["complete"], told["refused"], told["file"]) == (False, [], "清册.xlsx")
    [batch] = told["prepared"]
    assert [tuple(row) for row in batch["rows"]] == [
        ("项目", 3), ("项目", 4), ("资产", 3), ("资产", 4), ("资产", 5), ("债权债务", 2),
    ]  # fmt: skip
    assert "批量 6 行" in batch["summary"]

    done = office.stranger.post("/api/v1/commands:batch", sign(office, batch, "centre"))
    assert done.status_code == 201, done.text
    assert {row["status"] for row in done.json()["results"]} == {"recorded"}
    entry = office.world.entry(done.json()["position"] + 3)
    assert (entry.state["number"], entry.state["nature"]) == ("ZC-1", "opening")

    again = send(office.as_("centre"), data, **asked).json()
    assert [row["outcome"] for row in again["rows"] if row["outcome"] != "skip"].count("same") == 6
    assert again["prepared"] == []


def test_the_marked_copy_is_the_workbook_as_it_came(office: Served, tmp_path: Path) -> None:
    data = workbook(tmp_path / "清册.xlsx", ("资产", ASSETS)).read_bytes()
    answer = send(office.as_("centre"), data, MARKED, area="青溪乡")
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["检查结果", "资产"]
    page = book["资产"]
    assert [page.cell(row, 12).value.partition("：")[0] for row in (6, 7)] == ["待问", "有误"]
    assert "READ-5" in page["F7"].comment.text


def test_a_row_that_the_ledger_would_refuse_is_told_and_stands_in_no_batch(office: Served) -> None:
    data = CSV + "W-2,别村的,山背村,5\r\n".encode()
    told = send(office.as_("kang"), data, kind="text/csv", name="表.csv").json()
    assert [(one["row"], one["code"], one["rule"]) for one in told["refused"]] == [
        (3, "outside_area", "AUTH-5")
    ]
    [batch] = told["prepared"]
    assert batch["rows"] == [["表", 2]]


def test_who_may_not_enter_gets_the_refusal_of_the_ledger_and_no_batch(office: Served) -> None:
    told = send(office.as_("township"), CSV, kind="text/csv", area="康家村").json()
    assert ({one["rule"] for one in told["refused"]}, told["prepared"]) == ({"AUTH-4"}, [])


def test_what_lies_elsewhere_is_not_told(office: Served) -> None:
    """The number is taken, as any command would be told; what bears it is not."""
    data = "项目编号,项目名称,项目地点,投入帮扶资金(万元)\r\nYUAN-1,探问,康家村,5\r\n".encode()
    answer = send(office.as_("kang"), data, kind="text/csv")
    assert "远村" not in answer.text
    [refused] = answer.json()["refused"]
    assert refused["code"] == "taken"
    seen = send(office.as_("discipline"), data, kind="text/csv", area="康家村")
    assert "远村大棚" in seen.text


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", b" " * 310_000_000)
    return stream.getvalue()


def macros() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/vbaProject.bin", b"x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "status", "code", "rule"),
    [
        (b"", 422, "empty_file", "READ-1"),
        (b"PK\x03\x04junk", 422, "damaged_file", "READ-1"),
        (b"%PDF-1.7", 422, "wrong_kind", "READ-1"),
        ((WORKBOOKS / "encrypted.xlsx").read_bytes(), 422, "encrypted_file", "READ-1"),
        (macros(), 422, "has_macros", "READ-1"),
        (b"\xff\x81\xff\x81", 422, "unknown_encoding", "READ-1"),
        ("项目名称,\"金额\r\n".encode(), 422, "broken_csv", "READ-1"),
        ("项目名称,建设内容\r\n甲,乙\r\n".encode(), 422, "no_heading", "READ-2"),
        (bomb(), 413, "file_too_large", "READ-1"),
    ],
)  # fmt: skip
def test_read_1_what_is_no_workbook_is_refused_with_the_code_of_the_importer(
    office: Served, data: bytes, status: int, code: str, rule: str
) -> None:
    told = problem(send(office.as_("kang"), data, name="送来的.xlsx"), status, code, rule)
    assert "送来的" in told["detail"]


def test_of_what_is_no_workbook_there_is_no_marked_copy(office: Served) -> None:
    problem(send(office.as_("kang"), b"PK\x03\x04junk", MARKED), 422, "damaged_file")


def test_a_file_over_the_limit_is_refused_by_its_length_and_when_it_says_none(office: Served) -> None:
    who = office.as_("kang")
    problem(send(who, b"x" * (BYTES_MAX + 1)), 413, "file_too_large")

    def pieces() -> Iterator[bytes]:
        for _ in range(21):
            yield b"x" * 1_000_000

    answer = who.client.post(PREVIEW, content=pieces(), headers={"Content-Type": XLSX})
    problem(answer, 413, "file_too_large")


def test_half_a_file_is_nothing(office: Served) -> None:
    with office.world.nothing_recorded():
        host, _, port = office.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as line:
            token = office.as_("kang").token
            head = f"POST {PREVIEW} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
            line.sendall(f"{head}Content-Type: {XLSX}\r\nContent-Length: 1000\r\n\r\nPK".encode())
        assert send(office.as_("kang"), CSV, kind="text/csv").status_code == 200


def test_who_sends_without_end_keeps_no_place(tmp_path: Path) -> None:
    room = WorkRoom(receiving=1.0)
    with World(tmp_path / "ledger") as world, served(world.settle(), workroom=room) as office:
        host, _, port = office.url.removeprefix("http://").partition(":")
        token = office.as_("kang").token
        head = f"POST {PREVIEW} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        lines = [socket.create_connection((host, int(port))) for _ in range(OF_ONE_MAX)]
        for line in lines:
            line.sendall(f"{head}Content-Type: text/csv\r\nContent-Length: 1000\r\n\r\nx".encode())
        for line in lines:
            line.settimeout(20)
            assert line.recv(100).startswith(b"HTTP/1.1 400")
        assert send(office.as_("centre"), CSV, kind="text/csv", area="青溪乡").status_code == 200
        for line in lines:
            line.close()


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"unit": "美元"}, "unit"),
        ({"noun": "person"}, "noun"),
        ({"nature": "act"}, "nature"),
        ({"alias": "资金=没有这一栏"}, "alias"),
        ({"occurred_on": "昨天"}, "occurred_on"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_word_beside_the_file_is_named(office: Served, asked: dict[str, str], named: str) -> None:
    told = problem(send(office.as_("kang"), CSV, kind="text/csv", **asked), 400, "bad_request", "")
    assert named in told["errors"][0]["parameter"]


def test_an_area_that_is_not_clear_is_asked_for(office: Served) -> None:
    told = problem(send(office.as_("recorder"), CSV, kind="text/csv"), 422, "unclear_area", "")
    assert told["errors"][0]["parameter"] == "area"
    told = problem(send(office.as_("kang"), CSV, kind="text/csv", area="没有村"), 422, "unclear_area", "")
    assert "没有登记区域" in told["detail"]


def test_a_heading_of_this_file_may_be_explained(office: Served) -> None:
    data = "项目名称,项目地点,资金总额度(万元)\r\n说明的,康家村,5\r\n".encode()
    problem(send(office.as_("kang"), data, kind="text/csv"), 422, "no_heading", "READ-2")
    told = send(office.as_("kang"), data, kind="text/csv", alias="资金总额度=资金总额").json()
    assert told["totals"]["sum_fen"] == 5_000_000


def test_a_file_needs_a_session_and_its_type(office: Served) -> None:
    problem(send(office.stranger, CSV), 401, "unauthenticated", "")
    problem(send(office.as_("kang"), CSV, kind="application/json"), 415, "unsupported_media_type", "")


# --- the work room ------------------------------------------------------------------------------------------


def order(office: Served, **changed: Any) -> Order:
    key = office.world.keys["kang"].key_id
    made: dict[str, Any] = {
        "settings": office.world.settings.model_dump(mode="json"),
        "signer": office.world.desk.capacity(key),
        "areas": None,
        "wish": {},
        "name": "表.csv",
    }
    return Order(**made | changed)


def test_a_file_that_takes_too_long_is_given_up_and_said_to_be_too_large(office: Served) -> None:
    room = WorkRoom(receiving=1.0)
    with pytest.raises(TooLarge, match="请分成几个文件"):
        room.done(order(office), CSV, seconds=0.01)
    assert json.loads(room.done(order(office), CSV))["totals"]["data_rows"] == 1
    room.close()


def test_the_process_of_the_work_room_ends_though_nobody_is_left_to_end_it() -> None:
    code = "from api.workroom import limit; import signal; limit(); print(signal.alarm(0))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert SECONDS_MAX <= int(done.stdout) <= SECONDS_MAX + 5


def test_the_process_of_the_work_room_cannot_take_all_memory() -> None:
    code = "from api.workroom import limit; limit(); bytearray(3_000_000_000)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert "MemoryError" in done.stderr


def test_a_work_room_that_closes_ends_what_is_at_work(office: Served) -> None:
    room = WorkRoom(receiving=1.0)
    work = room.hands.submit(room.done, order(office), CSV)
    room.close()
    with pytest.raises(CalledOff):
        work.result()


def test_the_work_room_looks_at_the_ledger_without_any_key(postgresql_url: str, tmp_path: Path) -> None:
    """On a server's database too; and what it is asked for alone does not make the server itself read."""
    with World(tmp_path / "ledger", postgresql_url) as world:
        world.settle()
        world.listed("油茶基地", number="QX-0001")
        world.settings.key_path.rename(tmp_path / "elsewhere.key")
        made = Order(
            settings=world.settings.model_dump(mode="json"),
            signer=world.desk.capacity(world.keys["kang"].key_id),
            areas=None,
            wish={},
            name="表.csv",
        )
        room = WorkRoom(receiving=1.0)
        told = json.loads(room.done(made, CSV))
        room.close()
    assert [len(one["commands"]) for one in told["prepared"]] == [1]


def test_only_so_many_files_lie_in_the_work_room_at_once(office: Served) -> None:
    room = office.server.config.app.state.service.workroom  # type: ignore[union-attr]
    with ExitStack() as stack:
        for number in range(TOGETHER + WAITING_MAX):
            stack.enter_context(room.places.of(f"key {number // OF_ONE_MAX}"))
        answer = send(office.as_("kang"), CSV, kind="text/csv")
        problem(answer, 429, "too_many", "")
        assert answer.headers["retry-after"] == "1"
    assert send(office.as_("kang"), CSV, kind="text/csv").status_code == 200


def test_the_server_answers_others_while_it_reads(office: Served, tmp_path: Path) -> None:
    """A large workbook takes seconds; a question beside it takes none of them."""
    rows = [PROJECTS[1], *([f"L-{n}", f"项目{n}", "康家村", "2019", 1, ""] for n in range(3_000))]
    data = workbook(tmp_path / "大.xlsx", ("项目", rows)).read_bytes()
    answered = 0
    with httpx.Client(base_url=office.url, timeout=60) as other, ThreadPoolExecutor(1) as hands:
        reading = hands.submit(send, office.as_("kang"), data)
        while not reading.done():
            assert other.get("/healthz").status_code == 200
            answered += 1
            time.sleep(0.02)
        answer = reading.result()
    assert answer.status_code == 200, answer.text
    assert [len(one["commands"]) for one in answer.json()["prepared"]] == [1_000, 1_000, 1_000]
    assert answered > 10


def slow() -> bytes:
    """A workbook of 60 kB that takes many seconds to be read: millions of texts that nothing names."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(WORKBOOKS / "xlsxwriter.xlsx") as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            is_large = name == "xl/sharedStrings.xml"
            new.writestr(name, b"<sst>" + b"<si/>" * 10_000_000 + b"</sst>" if is_large else old.read(name))
    return stream.getvalue()


SLOW = slow()


def sending(office: Served, who: str, data: bytes) -> socket.socket:
    """A line on which somebody has sent a file and waits for the answer."""
    host, port = office.server.bound
    line = socket.create_connection((host, port), timeout=30)
    head = f"POST {PREVIEW} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {office.as_(who).token}\r\n"
    line.sendall(f"{head}Content-Type: {XLSX}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
    return line


def until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_files_of_one_key_keep_no_other_key_waiting(office: Served) -> None:
    """Each key has one file at work and one that waits, whatever it sends."""
    room = office.server.config.app.state.service.workroom  # type: ignore[union-attr]
    office.as_("centre")
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(sending(office, "kang", SLOW))) for _ in range(OF_ONE_MAX)]
        until(lambda: room.at_work == 1)
        told = problem(send(office.as_("kang"), CSV, kind="text/csv"), 429, "too_many", "")
        assert "你方" in told["detail"]
        assert send(office.as_("centre"), CSV, kind="text/csv", area="青溪乡").status_code == 200
        for line in lines:
            line.setblocking(False)
            with pytest.raises(BlockingIOError):  # neither has been answered
                line.recv(1)
    key = office.world.keys["kang"].key_id
    until(lambda: room.places.taken(key) == 0)  # a little later than its process has ended
    assert send(office.as_("kang"), CSV, kind="text/csv").status_code == 200


def test_who_goes_away_leaves_no_process_and_no_place(office: Served) -> None:
    room = office.server.config.app.state.service.workroom  # type: ignore[union-attr]
    for _ in range(3):
        with closing(sending(office, "kang", SLOW)):
            until(lambda: room.at_work == 1)
        until(lambda: room.at_work == 0, seconds=3)
    until(lambda: room.places.taken(office.world.keys["kang"].key_id) == 0)
    assert send(office.as_("kang"), CSV, kind="text/csv").status_code == 200


def test_who_takes_no_answer_keeps_a_place_for_a_while_and_then_none(tmp_path: Path) -> None:
    """A large answer is given out as fast as it is taken: what waits for a slow reader waits in a place of his own."""
    room = WorkRoom(sending=1.0)
    row = ",".join(["1", "长" * 40_000, "康家村", "（" * 40_000])
    data = CSV + f"{row}\r\n".encode() * 60
    with World(tmp_path / "ledger") as world, served(world.settle(), workroom=room) as office:
        key = world.keys["kang"].key_id
        with closing(sending(office, "kang", data)):
            until(lambda: room.at_work == 1)
            until(lambda: room.at_work == 0)
            time.sleep(0.2)
            assert room.places.taken(key) == 1
            until(lambda: room.places.taken(key) == 0)


def test_a_key_that_ends_while_its_file_comes_in_is_told_nothing(office: Served) -> None:
    world = office.world
    world.employ("leaver", "village_admin", "kang", ["kang"])
    host, port = office.server.bound
    head = (
        f"POST {PREVIEW} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {office.as_('leaver').token}\r\n"
    )
    with socket.create_connection((host, port), timeout=30) as line:
        line.sendall(
            f"{head}Content-Type: text/csv\r\nContent-Length: {len(CSV)}\r\n\r\n".encode() + CSV[:-1]
        )
        time.sleep(0.2)
        world.accepted("key.revoke.v1", {"key": world.keys["leaver"].key_id, "reason": "离岗"}, "registrar")
        line.sendall(CSV[-1:])
        assert line.recv(12) == b"HTTP/1.1 401"
