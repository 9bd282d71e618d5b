"""`bangfu commands prepare sign submit endorse`: the way of a command from a wish to a provable position."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.awaiting import next_lines, shown
from api.ceremony import NotDone
from api.clerk import latest
from api.cli_say import (
    EXIT_OK,
    AsJson,
    Data,
    KeyPath,
    KeyPaths,
    Post,
    UrlOrNone,
    add,
    answer,
    clerk_at,
    exit_of,
    open_desk,
    out,
    out_json,
    read_json,
    read_statement,
    say,
)
from api.columns import columns, explained, left_out, skeleton
from api.compose import compose
from api.endorsing import Member, endorse, member_of, members, would_endorse
from api.filling import completed
from api.keyfile import load
from api.personal import conceal, read_disclosures, write_disclosures
from audit import dsse
from audit.admission import NotAdmitted, check_command
from audit.errors import Malformed
from domain.catalogue import catalogue
from domain.command import COMMANDS, SignerStated, bad_shape
from domain.errors import BadShape
from domain.natures import LABELS as NATURES
from domain.natures import Nature
from domain.proposal import CAPACITIES
from domain.values import IsoDate


class Prepared(BaseModel):
    """FIELDS.json of `prepare` when it says more than the content: the parts of the header that are not to be filled in."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    payload: dict[str, Any]
    nature: Nature | None = None
    occurred_on: IsoDate | None = None
    origin: str | None = None
    seen: list[Annotated[tuple[str, int], Field(strict=False)]] | None = None
    signers: Annotated[list[SignerStated], Field(min_length=1)] | None = None


def commands(
    name: Annotated[str, typer.Argument(metavar="NAME", help="指令名，可不写版本；不给则列出全部指令")] = "",
    as_json: AsJson = False,
) -> None:
    """列出全部指令，或一个指令的各栏：键、名称、可填什么，以及 FIELDS.json 的样子。"""
    if name:
        _show_command(latest(name), as_json)
        return
    if as_json:
        out_json(catalogue()["commands"])
        return
    for known, spec in sorted(COMMANDS.items()):
        natures = "、".join(NATURES[nature] for nature in sorted(spec.may))
        out(f"{known:<28}{spec.title}（{natures}）")


def _show_command(name: str, as_json: bool) -> None:
    if as_json:
        out_json(catalogue()["commands"][name] | {"example": skeleton(name)})
        return
    spec, filled_in = COMMANDS[name], left_out(name)
    natures = "、".join(NATURES[nature] for nature in sorted(spec.may))
    out(f"{name}  {spec.title}（{natures}）。各栏都要写，没有的写空文字、null 或空列表：")
    for column in columns(name):
        note = "；不写则由 prepare 给出" if column.path in filled_in else ""
        out(f"  {column.path:<26} {column.title}：{column.form}{note}")
        for value, label in column.allowed.items():
            out(f"  {'':<29}{value}  {label}".rstrip())
    out("FIELDS.json 的样子：")
    out(json.dumps(skeleton(name), ensure_ascii=False, indent=1))


def prepare(
    name: Annotated[str, typer.Argument(metavar="NAME", help="指令名，可不写版本")],
    fields: Annotated[
        Path,
        typer.Argument(
            metavar="FIELDS.json",
            help="内容；或含 payload、nature（性质）、occurred_on（业务日期）等的对象；- 为标准输入",
        ),
    ],
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="DIR", help="数据目录；不给则 FIELDS.json 里要写全 payload、origin、signers"
        ),
    ] = None,
    key: Annotated[
        list[Path] | None,
        typer.Option("--key", metavar="FILE", help="将由谁签名；须几人共同签名的，按签名次序逐个给出"),
    ] = None,
    post: Post = "",
    disclosures: Annotated[
        Path | None,
        typer.Option(
            "--disclosures", metavar="FILE", help="内容写有自然人时，其姓名等另写入此文件，所签的只有承诺"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """写出待签名的确切字节（JSON）：所见次数、摘要、有效期、新编号都已填好；名称换成编号。"""
    command = latest(name)
    stated = _prepared(fields)
    concealed = conceal(command, stated.payload)
    if concealed.disclosures and disclosures is None:
        raise NotDone("内容写有自然人的信息：请用 --disclosures FILE 给出另存明文的文件，签名内容里只放承诺")
    stated = stated.model_copy(update={"payload": concealed.payload})
    try:
        body = _compose(command, stated, data, key or [], post)
    except BadShape as refusal:
        raise explained(command, refusal) from None
    if disclosures is not None and concealed.disclosures:
        write_disclosures(disclosures, concealed.disclosures)
        say(f"明文 {len(concealed.disclosures)} 项写在 {disclosures}，只随信封交给台账：submit --disclosures")
    sys.stdout.buffer.write(body + b"\n")


def _prepared(fields: Path) -> Prepared:
    value = read_json(fields)
    if not isinstance(value, dict):
        raise Malformed(f"{fields} 应是对象：{{栏: 值}}")
    try:
        return Prepared.model_validate(value if "payload" in value else {"payload": value})
    except ValidationError as error:
        raise bad_shape(error, "", value) from None


def _compose(command: str, stated: Prepared, data: Path | None, keys: Sequence[Path], post: str) -> bytes:
    seen = None if stated.seen is None else dict(stated.seen)
    if data is None:
        if stated.origin is None or stated.signers is None:
            raise NotDone("没有 --data 时，FIELDS.json 要写 payload、origin 和 signers")
        return compose(
            command,
            completed(command, stated.payload, None),
            nature=stated.nature or sorted(COMMANDS[command].may)[0],
            origin=stated.origin,
            signers=stated.signers,  # type: ignore[arg-type] # a TypedDict is read here as any other mapping
            seen=seen or {},
            occurred_on=stated.occurred_on or "",
        )
    with open_desk(data) as desk:
        clerk = clerk_at(desk, keys, post)
        if stated.signers is None and not clerk.keys:
            raise NotDone("请用 --key 说明由谁签名")
        return clerk.prepare(
            command,
            completed(command, stated.payload, desk),
            nature=stated.nature or "",
            occurred_on=stated.occurred_on or "",
            seen=seen,
            signers=stated.signers,  # type: ignore[arg-type] # as above
        )


def sign(
    command: Annotated[
        Path, typer.Argument(metavar="COMMAND.json", help="prepare 的输出，或还缺签名的信封；- 为标准输入")
    ],
    key: KeyPaths,
    as_json: AsJson = False,
) -> None:
    """用密钥签名，写出信封（JSON）；多人签名依次进行。所签的摘要显示在旁。"""
    text, value = read_statement(command)
    keys = [load(path) for path in key]
    if isinstance(value, dict) and "payloadType" in value:
        before = dsse.envelope_of(value)
    else:
        before = dsse.Envelope(dsse.COMMAND, text.removesuffix(b"\n"), ())
    stated = check_command(before.body)
    expected = [signer["key"] for signer in stated["signers"]]
    for one in keys:
        if one.key_id not in expected:
            raise NotAdmitted(
                "wrong_signers",
                "FORMAT-5",
                f"密钥 {one.key_id}（{one.name}）不在签名人之列：{'、'.join(expected)}",
            )
    say(f"摘要  {stated['summary']}")
    for one in keys:
        say(f"签名  {one.name}  {one.key_id}")
    more = dsse.signed(before.kind, before.body, *(one.signer for one in keys))
    envelope = dsse.Envelope(before.kind, before.body, before.signatures + more.signatures)
    sys.stdout.buffer.write(dsse.print_envelope(envelope))


def submit(
    envelope: Annotated[Path, typer.Argument(metavar="ENVELOPE.json", help="sign 的输出；- 为标准输入")],
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="数据目录")] = None,
    url: UrlOrNone = "",
    disclosures: Annotated[
        Path | None,
        typer.Option("--disclosures", metavar="FILE", help="prepare 另存的姓名等，随信封交给保管库"),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """交给台账，在本机或别处。同一指令再交一次，得到同一答复。"""
    if (data is None) == (not url):
        raise typer.BadParameter("--data 和 --url 恰用一个")
    if data is None:
        from api import remote  # noqa: PLC0415 - the other commands start faster without it

        return answer(remote.submit(url, _with(disclosures, read_statement(envelope)[1])), as_json)
    with open_desk(data) as desk:
        text, value = read_statement(envelope)
        if disclosures is not None:
            text = json.dumps(_with(disclosures, value)).encode()
        found = desk.submit(text)
        code = answer(found, as_json)
        if found.ok and found.position is not None and not as_json:
            for line in next_lines(desk, found.position):
                say(line)
        return code


def _with(disclosures: Path | None, envelope: Any) -> Any:
    """What goes over the wire: the envelope, with what opens its commitments beside it."""
    if disclosures is None:
        return envelope
    return {"disclosures": [one.json() for one in read_disclosures(disclosures)], "envelope": envelope}


def endorse_position(
    position: Annotated[int, typer.Argument(metavar="POSITION", help="入账时给出的号", min=0)],
    key: KeyPath,
    data: Data,
    capacity: Annotated[
        str,
        typer.Option(
            "--as", metavar="CAPACITY", help="checks 核查，approves 批准，seals 盖章认定，countersigns 会签"
        ),
    ] = "checks",
    excepted: Annotated[
        list[str] | None,
        typer.Option(
            "--except", metavar="ROW:REASON", help="批次里不予核实的：表中行号或编号，和理由；可多次给出"
        ),
    ] = None,
    post: Post = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只显示要签的是什么、可不可以签，不签")] = False,
    as_json: AsJson = False,
) -> int:
    """签署第 POSITION 号：一批事实、一条事实，或一个提议。先显示所签的是什么，签后说明还须谁签。"""
    capacity = {label: value for value, label in CAPACITIES.items()}.get(capacity, capacity)
    if capacity not in CAPACITIES:
        raise typer.BadParameter(
            f"--as 应为 {'、'.join(f'{one} {label}' for one, label in CAPACITIES.items())}"
        )
    wanted = [_exception(text) for text in excepted or []]
    with open_desk(data) as desk:
        clerk, rows = clerk_at(desk, [key], post), members(desk, position)
        for line in shown(desk, position):
            say(line)
        left = sorted(
            ((member_of(rows, row), reason) for row, reason in wanted), key=lambda one: one[0].index
        )
        asked = [(member.index, reason) for member, reason in left]
        if dry_run:
            would_endorse(clerk, position, capacity, asked)
            for member, reason in left:
                say(f"除外 {member}：{reason}")
            say(f"以{CAPACITIES[capacity]}的身份可以签署；没有签")
            return EXIT_OK
        found = endorse(clerk, position, capacity, asked)
        after = list(next_lines(desk, position)) if found.ok else []
    if as_json:
        told = found.json()
        if found.ok and rows:
            told |= {"checked": len(rows) - len(left), "excepted": [_told(*one) for one in left]}
        out_json(told)
        return EXIT_OK if found.ok else exit_of(found.code, found.rule)
    if found.ok and rows:
        out(f"已核 {len(rows) - len(left)} 行，除外 {len(left)} 行")
        for member, reason in left:
            out(f"  除外 {member}：{reason}")
    code = answer(found, as_json=False)
    for line in after:
        out(line)
    return code


def _told(member: Member, reason: str) -> dict[str, Any]:
    return asdict(member) | {"reason": reason}


def _exception(text: str) -> tuple[str, str]:
    """`13:理由` or `QX-0012:理由`, also with the colon of Chinese text."""
    row, _, reason = text.removeprefix("project:").replace("：", ":").partition(":")
    if not row.strip() or not reason.strip():
        raise typer.BadParameter(f"--except 应为 行号:理由 或 项目编号:理由，所写是 {text}")
    return row.strip(), reason.strip()


def register(app: typer.Typer) -> None:
    add(app, "commands", commands)
    add(app, "prepare", prepare)
    add(app, "sign", sign)
    add(app, "submit", submit)
    add(app, "endorse", endorse_position)
