"""`bangfu commands prepare sign submit endorse import`: the way of a command from a wish to a provable position."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from api.ceremony import NotDone
from api.clerk import Clerk, latest
from api.cli_say import (
    EXIT_IMPORT,
    AsJson,
    Data,
    KeyPath,
    KeyPaths,
    answer,
    exits,
    open_desk,
    out,
    out_json,
    read_bytes,
    read_json,
    say,
)
from api.compose import compose
from api.endorsing import endorse
from api.importing import LATE_REASON, Imported, import_register
from api.keyfile import load
from audit import dsse
from audit.errors import Malformed
from domain.catalogue import catalogue
from domain.command import COMMANDS
from domain.natures import LABELS as NATURES

_HEADER = ("nature", "occurred_on", "origin", "seen", "signers")
_OUTCOMES = {
    "new": "新登记",
    "changed": "有改动",
    "same": "相同",
    "ask": "待问",
    "fault": "有误",
    "skip": "略过",
}


def commands(as_json: AsJson = False) -> None:
    """列出全部指令。"""
    if as_json:
        out_json(catalogue()["commands"])
        return
    for name, spec in sorted(COMMANDS.items()):
        natures = "、".join(NATURES[nature] for nature in sorted(spec.may))
        out(f"{name:<28}{spec.title}（{natures}）")


def prepare(
    name: Annotated[str, typer.Argument(metavar="NAME", help="指令名，可不写版本")],
    fields: Annotated[
        Path, typer.Argument(metavar="FIELDS.json", help="内容；或含 payload 和签名头各栏的对象")
    ],
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR")] = None,
    key: Annotated[list[Path] | None, typer.Option("--key", metavar="FILE", help="将由谁签名")] = None,
) -> None:
    """写出待签名的确切字节：所见次数、摘要、有效期都已填好。"""
    value = read_json(fields)
    if not isinstance(value, dict):
        raise Malformed(f"{fields} 应是对象")
    header: dict[str, Any] = (
        {name: value[name] for name in _HEADER if name in value} if "payload" in value else {}
    )
    payload = value.get("payload", value)
    seen = dict(header.get("seen", [])) if "seen" in header else None
    if data is None:
        if "origin" not in header or "signers" not in header:
            raise NotDone("没有 --data 时，FIELDS.json 要写 origin 和 signers")
        body = compose(
            latest(name),
            payload,
            nature=header.get("nature", sorted(COMMANDS[latest(name)].may)[0]),
            origin=header["origin"],
            signers=header["signers"],
            seen=seen or {},
            occurred_on=header.get("occurred_on", ""),
        )
    else:
        with open_desk(data) as desk:
            clerk = Clerk(desk, *(load(path) for path in key or []))
            if "signers" not in header and not clerk.keys:
                raise NotDone("请用 --key 说明由谁签名")
            body = clerk.prepare(
                name,
                payload,
                nature=header.get("nature", ""),
                occurred_on=header.get("occurred_on", ""),
                seen=seen,
                signers=header.get("signers"),
            )
    sys.stdout.buffer.write(body + b"\n")


def sign(
    command: Annotated[Path, typer.Argument(metavar="COMMAND.json", help="prepare 的输出，或还缺签名的信封")],
    key: KeyPaths,
) -> None:
    """用密钥签名，写出信封；多人签名依次进行。"""
    text = read_bytes(command)
    signers = [load(path).signer for path in key]
    value = dsse.strict_json(text)
    if isinstance(value, dict) and "payloadType" in value:
        before = dsse.envelope_of(value)
        more = dsse.signed(before.kind, before.body, *signers)
        envelope = dsse.Envelope(before.kind, before.body, before.signatures + more.signatures)
    else:
        envelope = dsse.signed(dsse.COMMAND, text.removesuffix(b"\n"), *signers)
    sys.stdout.buffer.write(dsse.print_envelope(envelope))


def submit(
    envelope: Annotated[Path, typer.Argument(metavar="ENVELOPE.json|-")], data: Data, as_json: AsJson = False
) -> int:
    """交给台账。同一指令再交一次，得到同一答复。"""
    with open_desk(data) as desk:
        return answer(desk.submit(read_bytes(envelope)), as_json)


def endorse_position(
    position: Annotated[int, typer.Argument(metavar="POSITION")],
    key: KeyPath,
    data: Data,
    capacity: Annotated[
        str, typer.Option("--as", metavar="CAPACITY", help="checks 核查 / seals 盖章认定 …")
    ] = "checks",
    excepted: Annotated[
        list[str] | None, typer.Option("--except", metavar="INDEX:REASON", help="批次里不予核实的行")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """签署第 POSITION 号：一批事实、一条事实，或一个提议。"""
    rows = []
    for text in excepted or []:
        index, _, reason = text.partition(":")
        if not index.isdigit() or not reason:
            raise NotDone(f"--except 应为 行号:理由，所写是 {text}")
        rows.append((int(index), reason))
    with open_desk(data) as desk:
        return answer(endorse(Clerk(desk, load(key)), position, capacity, sorted(rows)), as_json)


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    key: KeyPath,
    data: Data,
    area: Annotated[str, typer.Option(help="哪个区域的登记表；本岗位只辖一个区域时可不写")] = "",
    occurred_on: Annotated[str, typer.Option(metavar="DATE", help="登记表所载之事的日期，默认今天")] = "",
    notice: Annotated[str, typer.Option(help="表本身没有标题时，其所附公告的标题")] = "",
    late_reason: Annotated[str, typer.Option(help="迟登原因")] = LATE_REASON,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看结果，不入账")] = False,
    as_json: AsJson = False,
) -> int:
    """导入登记表：每个新行是一条事实，全部新行由一个签名成批入账。"""
    with open_desk(data) as desk:
        found = import_register(
            Clerk(desk, load(key)),
            file,
            area=area,
            occurred_on=occurred_on,
            notice=notice,
            late_reason=late_reason,
            dry_run=dry_run,
        )
    if as_json:
        out_json(found.json())
    else:
        _tell(found, dry_run)
    return EXIT_IMPORT if found.has_faults else 0


def _tell(found: Imported, dry_run: bool) -> None:
    plan = found.plan
    for row in plan.rows:
        if row.outcome in ("ask", "fault", "changed"):
            say(f"第 {row.row} 行 {_OUTCOMES[row.outcome]}：{row.reason}")
    totals = plan.totals
    counts = "，".join(
        f"{_OUTCOMES[outcome]} {count}" for outcome, count in totals.by_outcome.items() if count
    )
    yuan = f"{totals.sum_fen // 100}.{totals.sum_fen % 100:02d}"
    out(f"{plan.file}：{totals.data_rows} 个数据行，合计 {yuan} 元；{counts}")
    if totals.printed_fen is not None:
        out(
            "与表上所印合计一致"
            if not totals.difference_fen
            else f"与表上所印合计相差 {totals.difference_fen} 分"
        )
    for one in found.answers:
        answer(one, as_json=False)
    if dry_run:
        out("预演：没有入账")


def register(app: typer.Typer) -> None:
    app.command("commands")(exits(commands))
    app.command("prepare")(exits(prepare))
    app.command("sign")(exits(sign))
    app.command("submit")(exits(submit))
    app.command("endorse")(exits(endorse_position))
    app.command("import")(exits(import_file))
