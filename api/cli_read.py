"""`bangfu trace diff verify export-log backup restore rebuild register loads demo`: what is read, and why it may be believed."""

from __future__ import annotations

import sys
import time
from contextlib import redirect_stdout
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from api import names, trustfile
from api.backing import Backup, back_up, restore
from api.cli_names import reader_at
from api.cli_say import EXIT_OK, EXIT_VERIFY, AsJson, Data, add, day, open_desk, out, out_json, say
from api.compose import china_today
from api.desk import Desk
from api.keyfile import load
from api.lines import register_lines, session_lines, verdict_lines
from api.lookup import DIGITS_MAX, found_as
from api.settings import settings_of
from api.verifying import check
from audit.export import export_log
from audit.trust import Trust
from domain.errors import BadShape
from projections import project
from projections.diff import diff as diff_of
from projections.follow import catch_up
from projections.load import sessions
from projections.named import commitments_of
from projections.rebuild import rebuild
from projections.register import register as register_of
from projections.story import Link, known_position
from projections.trace import Trace, trace
from projections.wanted import Wanted


def _known(desk: Desk, text: str) -> str | int | None:
    """A position, a day or a moment, which is not still to come."""
    if text.isdecimal() and len(text) > DIGITS_MAX:
        raise typer.BadParameter(f"--known-at “{text[:DIGITS_MAX]}…”不是号")
    known = int(text) if text.isdecimal() else text or None
    try:
        known_position(desk.reader, known, desk.now())
    except BadShape as refusal:
        raise typer.BadParameter(f"--known-at {refusal.message}") from None
    return known


def trace_subject(
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="如 project:QX-0007、area:青溪乡，或编号")
    ],
    data: Data,
    as_of: Annotated[
        str,
        typer.Option(metavar="DATE", callback=day, help="看这个业务日期的情况，如 2026-11-23；不写则为现状"),
    ] = "",
    known_at: Annotated[
        str,
        typer.Option(
            metavar="TIME", help="看当时已知的情况：第几号，或日期，或带时区的入账时间；不写则为现在"
        ),
    ] = "",
    key: Annotated[
        Path | None,
        typer.Option("--names", metavar="KEY", help="用这把密钥的岗位读取姓名：须有权，读取另行记录"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """一个事项（项目、资产、债权债务、处置、区域等）的来龙去脉：两个时钟、签名人、更正，都来自分录。"""
    with open_desk(data) as desk:
        known = _known(desk, known_at)
        found = trace(desk.reader, found_as(desk, subject), as_of or None, known, china_today())
        if key is not None:
            reader = reader_at(desk, load(key))
            areas = {one: names.areas_now(desk, one) for one in commitments_of(found)}
            names.require(reader, found.subject, names.areas_now(desk, found.subject))
            found, _ = names.told(desk, reader, found, areas)
        if as_json:
            out_json(found.as_dict() | {"verified_to": desk.log.size})
        else:
            out(_without_rows(found).as_text().rstrip())


def diff_subject(
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="如 project:QX-0007、asset:QX-ZC-1，或编号")
    ],
    data: Data,
    before: Annotated[str, typer.Option("--from", metavar="DATE", callback=day, help="较早的业务日期")],
    after: Annotated[str, typer.Option("--to", metavar="DATE", callback=day, help="较晚的业务日期")],
    as_json: AsJson = False,
) -> None:
    """同一对象在两个业务日期之间有何不同，依据哪些分录。"""
    if before > after:
        raise typer.BadParameter(f"--from {before} 应不晚于 --to {after}")
    with open_desk(data) as desk:
        found = diff_of(desk.reader, found_as(desk, subject), before, after)
        if as_json:
            out_json(found.as_dict() | {"verified_to": desk.log.size})
        else:
            out(found.as_text().rstrip())


def _without_rows(found: Trace) -> Trace:
    """Rows of sheets are named by codes that mean nothing to a reader: the entries say sheet and row in words."""

    def named(links: tuple[Link, ...]) -> tuple[Link, ...]:
        return tuple(one for one in links if not one.id.startswith("code:row:"))

    return replace(found, followed=named(found.followed), not_followed=named(found.not_followed))


def verify_target(
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="数据目录或导出的账本")],
    trust: Annotated[
        Path | None, typer.Option(metavar="FILE", help="手里的信任文件；不给则只证明自洽，不证明身份")
    ] = None,
    event: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="核验通过后，另外显示第 N 号分录")
    ] = None,
    replay: Annotated[bool, typer.Option("--replay", help="按各版规则重新执行（使用本程序的代码）")] = False,
    raise_trust: Annotated[
        bool, typer.Option("--raise", help="核验通过后，把信任文件提高到新检查点")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """核验：没有改动，没有缺漏，没有另起炉灶。"""
    if raise_trust and trust is None:
        raise typer.BadParameter("--raise 须与 --trust 一起使用：提高的是信任文件")
    began = time.monotonic()
    found = check(target, trust, with_replay=replay, event=event)
    if as_json:
        out_json(found.json())
    else:
        for line in verdict_lines(found, time.monotonic() - began):
            out(line)
    if found.ok and trust is not None and raise_trust:
        trustfile.write(trust, Trust.load(trust.read_bytes()).raised(found.verdict.note))
        say(f"信任文件已提高到大小 {found.verdict.size}")
    return 0 if found.ok else EXIT_VERIFY


def export(
    out_dir: Annotated[Path, typer.Argument(metavar="OUT", help="写到哪个目录")],
    data: Data,
    as_json: AsJson = False,
) -> None:
    """导出账本（C2SP tlog-tiles），任何人可用自己的程序核验。"""
    with open_desk(data) as desk:
        size = export_log(desk.log, out_dir)
        if as_json:
            out_json({"size": size, "origin": desk.log.origin, "out": str(out_dir)})
        else:
            out(f"已导出 {size} 条到 {out_dir}，标识 {desk.log.origin}")


def backup(
    out_file: Annotated[Path, typer.Argument(metavar="OUT", help="写到哪个新文件")],
    data: Data,
    as_json: AsJson = False,
) -> int:
    """备份台账和姓名保管库，服务开着也可以；先核验，再写出。密钥不在其内，须另存一处。"""
    began = time.monotonic()
    found = back_up(settings_of(data), out_file)
    done = f"已备份到 {out_file}：{'、'.join(found.files)}。密钥（ledger.key、vault.key）不在内，请另存一处，不与备份放在一起"
    return _of_backup(found, as_json, done, time.monotonic() - began)


def restore_backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="bangfu backup 所写的备份")],
    data: Data,
    as_json: AsJson = False,
) -> int:
    """把备份放回一个还没有台账的目录；先核验，再放回。密钥另外放回。"""
    began = time.monotonic()
    found = restore(file, settings_of(data))
    done = (
        f"已恢复到 {data}：{'、'.join(found.files)}。请放回 ledger.key、vault.key，再用各自手里的信任文件核验"
    )
    return _of_backup(found, as_json, done, time.monotonic() - began)


def _of_backup(found: Backup, as_json: bool, done: str, seconds: float) -> int:
    if as_json:
        told = {"files": found.files, "ok": found.checked.ok, "size": found.checked.verdict.size}
        out_json(told)
    else:
        for line in verdict_lines(found.checked, seconds):
            out(line)
        out(done if found.checked.ok else "核验不通过，什么也没有写")
    return EXIT_OK if found.checked.ok else EXIT_VERIFY


def rebuild_tables(data: Data, as_json: AsJson = False) -> None:
    """把查阅用的读表从零重建，并与现有的比较。读表不是凭据，丢了、错了都可以重建。"""
    with open_desk(data) as desk:
        catch_up(desk.reader, desk.projections)
        began = time.monotonic()
        found = rebuild(desk.reader, desk.projections)
        seconds = time.monotonic() - began
    if as_json:
        differences = [asdict(one) for one in found.differences]
        out_json({"entries": found.next, "seconds": round(seconds, 3), "differences": differences})
        return
    out(f"已重建：{found.next} 条，{seconds:.2f} 秒，{'与原来不同' if found.differences else '与原来一致'}")
    for one in found.differences:
        say(f"  {one.table}：原有 {one.live.rows} 行，重建 {one.replayed.rows} 行")


def register_list(
    data: Data,
    area: Annotated[str, typer.Option(metavar="NAME", help="区域名称或编号")] = "",
    as_json: AsJson = False,
) -> None:
    """项目台账：已核、未核两栏合计；外部来源另计。"""
    with open_desk(data) as desk:
        catch_up(desk.reader, desk.projections)
        named = area if area.startswith(("area_", "area:")) else f"area:{area}"
        chosen = Wanted(areas=frozenset({found_as(desk, named)}) if area else None)
        found = register_of(desk.projections, project.NOUN, chosen, limit=100_000)
        if as_json:
            out_json(found.as_dict() | {"verified_to": desk.log.size})
            return
        for line in register_lines(found):
            out(line)


def load_sessions(data: Data, as_json: AsJson = False) -> None:
    """集中登记场次（建账）：每场一段，应登记与已登记相对照。"""
    with open_desk(data) as desk:
        catch_up(desk.reader, desk.projections)
        found = sessions(desk.projections, china_today())
        if as_json:
            out_json({"loads": [asdict(one) for one in found], "verified_to": desk.log.size})
            return
        for line in session_lines(found):
            out(line)


def demo(
    data: Data,
    tamper: Annotated[bool, typer.Option("--tamper", help="在副本里改动一个数字，再核验")] = False,
    rewrite: Annotated[
        bool, typer.Option("--rewrite", help="在副本里扮作内部人，删去一个项目并重写全账，再核验")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="先清除上一次的示例，再做一遍")] = False,
    as_json: AsJson = False,
) -> int:
    """示例：真实登记表和虚构的示例县青溪乡的账，登记、封印、追溯、核验。"""
    from api.demo.attacks import run_rewrite, run_tamper  # noqa: PLC0415 - the demo is no part of the program
    from api.demo.site import Site  # noqa: PLC0415
    from api.demo.story import run_demo  # noqa: PLC0415

    if tamper + rewrite + fresh > 1:
        raise typer.BadParameter("--tamper、--rewrite、--fresh 每次只用一个")
    site = Site(data)
    if fresh:
        site.clear()
    act, made = run_demo, site.data
    if tamper:
        act, made = run_tamper, site.tampered
    if rewrite:
        act, made = run_rewrite, site.rewritten
    if not as_json:
        return act(data)
    with redirect_stdout(sys.stderr):  # what is told is no data
        code = act(data)
    out_json({"ok": code == EXIT_OK, "data": str(made), "trust": str(site.trust)})
    return code


def register(app: typer.Typer) -> None:
    add(app, "trace", trace_subject)
    add(app, "diff", diff_subject)
    add(app, "verify", verify_target)
    add(app, "export-log", export)
    add(app, "backup", backup)
    add(app, "restore", restore_backup)
    add(app, "rebuild", rebuild_tables)
    add(app, "register", register_list)
    add(app, "loads", load_sessions)
    add(app, "demo", demo)
