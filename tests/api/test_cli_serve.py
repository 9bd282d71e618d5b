"""`bangfu serve`, `login`, `submit --url`: the command line at both ends of HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from api import cli
from audit import dsse
from tests.support.served import Served, listing, served
from tests.support.world import World


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Served]:
    with World(tmp_path / "ledger") as world, served(world.settle()) as running:
        world.keys["kang"].write(tmp_path / "kang.key")
        yield running


def bangfu(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = cli.run(list(words))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_login_gives_a_link_that_opens_a_browser(
    office: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = bangfu(capsys, "login", "--url", office.url, "--key", str(tmp_path / "kang.key"))
    assert code == 0
    assert out.startswith(f"{office.url}/login?code=")
    assert "村系统管理员" in err
    with httpx.Client(base_url=office.url, follow_redirects=True) as client:
        entered = client.post("/login", data={"code": out.strip().partition("code=")[2]})
        assert "康家村" in entered.text


def test_login_gives_a_token_for_programs(
    office: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("login", "--url", office.url, "--key", str(tmp_path / "kang.key"), "--token")
    _, out, _ = bangfu(capsys, *words)
    answer = office.stranger.get("/api/v1/projects", headers={"Authorization": f"Bearer {out.strip()}"})
    assert answer.status_code == 200
    _, told, _ = bangfu(capsys, *words, "--json")
    assert json.loads(told)["role"] == "village_admin"


def test_login_is_refused_in_words(
    office: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, _ = bangfu(capsys, "keygen", "外人", "--out", str(tmp_path / "stranger.key"))
    assert code == 0
    code, _, err = bangfu(capsys, "login", "--url", office.url, "--key", str(tmp_path / "stranger.key"))
    assert code == 4
    assert "未登记" in err
    key = str(tmp_path / "kang.key")
    for url in ("ftp://x", "x", "http://"):
        code, _, err = bangfu(capsys, "login", "--url", url, "--key", key)
        assert (code, err) == (
            2,
            f"--url “{url}”不是服务的地址，应写作 http://127.0.0.1:8000。用法见 --help\n",
        )


def test_a_server_that_is_not_there_is_told_in_words_that_say_what_to_do(
    office: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, envelope = str(tmp_path / "kang.key"), tmp_path / "envelope.json"
    envelope.write_bytes(dsse.print_envelope(listing(office, "甲")))
    dead, nowhere = "http://127.0.0.1:1", "http://no.such.host.invalid"
    refused = f"连不上 {dead}：那里没有服务在运行。请核对地址和端口，并确认对方已运行 bangfu serve"
    for words in (("login", "--key", key), ("submit", str(envelope)), ("names", "debt:QX-1", "--key", key)):
        code, out, err = bangfu(capsys, *words, "--url", dead)
        assert (code, out, err) == (1, "", refused + "\n")
    code, _, err = bangfu(capsys, "login", "--key", key, "--url", nowhere)
    assert (code, err.strip()) == (1, f"连不上 {nowhere}：找不到这台主机。请核对地址的写法和网络")
    code, out, _ = bangfu(capsys, "login", "--key", key, "--url", dead, "--json")
    assert (code, json.loads(out)["code"], json.loads(out)["message"]) == (1, "unreachable", refused)


def test_submit_over_http_answers_as_at_the_desk(
    office: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "envelope.json"
    file.write_bytes(dsse.print_envelope(listing(office, "甲")))
    code, out, _ = bangfu(capsys, "submit", str(file), "--url", office.url)
    assert code == 0
    assert f"第 {office.world.desk.log.size - 1} 号" in out
    code, out, _ = bangfu(capsys, "submit", str(file), "--url", office.url, "--json")
    told = json.loads(out)
    assert (code, told["ok"], told["replayed"]) == (0, True, True)
    file.write_bytes(dsse.print_envelope(listing(office, "乙", by="shan")))
    code, _, err = bangfu(capsys, "submit", str(file), "--url", office.url)
    assert code == 4
    assert "AUTH-5" in err
    assert bangfu(capsys, "submit", str(file))[0] == 2
    assert bangfu(capsys, "submit", str(file), "--url", office.url, "--data", str(tmp_path))[0] == 2


def test_submit_over_http_takes_a_batch(
    office: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = office.world
    bodies = world.rows([world.project("批一"), world.project("批二")], "kang")
    envelope = world.batch_envelope(bodies, "kang", 227_000_000)
    wire = {"commands": [dsse.b64(body) for body in bodies], "envelope": dsse.envelope_json(envelope)}
    (tmp_path / "batch.json").write_text(json.dumps(wire), encoding="utf-8")
    code, out, _ = bangfu(capsys, "submit", str(tmp_path / "batch.json"), "--url", office.url)
    assert code == 0
    assert "已收第 1 条" in out


def test_serve_runs_until_it_is_told_to_end(tmp_path: Path) -> None:
    with World(tmp_path / "ledger") as world:
        world.settle()
    words = [sys.executable, "-m", "api.cli", "serve", "--data", str(tmp_path / "ledger"), "--port", "0"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        url = said.split("，")[0].removeprefix("台账在 ").strip()
        assert httpx.get(f"{url}/readyz").json()["writable"] is True
        assert httpx.get(f"{url}/login").status_code == 200
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(20) in (0, -signal.SIGTERM)


def test_serve_says_what_is_in_its_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bangfu(capsys, "serve", "--data", str(tmp_path / "nothing"))[0] == 3


def test_serve_says_where_it_is_as_json(tmp_path: Path) -> None:
    with World(tmp_path / "ledger") as world:
        world.settle()
    words = [
        sys.executable,
        "-m",
        "api.cli",
        "serve",
        "--data",
        str(tmp_path / "ledger"),
        "--port",
        "0",
        "--json",
    ]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline() or "{}")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in (0, -signal.SIGTERM)
    assert set(told) == {"url", "docs"}
    assert told["docs"] == told["url"] + "/docs"
