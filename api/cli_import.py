"""`bangfu import template export`: workbooks in and out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from api.cli_say import (
    EXIT_IMPORT,
    EXIT_OK,
    AsJson,
    Data,
    KeyPath,
    add,
    clerk_at,
    day,
    open_desk,
    out,
    out_json,
    say,
    say_refused,
)
from api.exchange.nouns import NOUNS
from api.exchange.outcome import Plan
from api.exchange.rules import quoted
from api.exchange.template import template
from api.exchange.text import folded
from api.exporting import Wanted, export_register
from api.imported import Imported
from api.importing import LATE_REASON, Progress, Wish, import_register
from domain.classification import CLASSES
from domain.money import Money, Unit

_OUTCOMES = {
    "new": "新登记",
    "changed": "有改动",
    "same": "相同",
    "ask": "待问",
    "fault": "有误",
    "skip": "略过",
}
_RANGES_MAX = 30
_SCHEMAS = tuple(noun.schema for noun in NOUNS.values())
_UNITS: dict[str, Unit] = {"元": "元", "万元": "万元", "亿元": "亿元"}


def _unit(text: str) -> str:
    if text and text not in _UNITS:
        raise typer.BadParameter(f"“{text}”不是金额单位，应为 {'、'.join(_UNITS)}")
    return text


_NAMED = "、".join(f"{name} {noun.label}" for name, noun in NOUNS.items())


def _noun(text: str) -> str:
    """The noun that its word, its name or the kind of its numbers means."""
    found = [name for name, noun in NOUNS.items() if text in (name, noun.label, noun.code)]
    if text and not found:
        raise typer.BadParameter(f"“{text}”不是登记对象，应为 {_NAMED}")
    return found[0] if found else ""


def _alias(text: str) -> tuple[str, str]:
    heading, _, known = text.replace("＝", "=").rpartition("=")
    if not heading.strip() or not any(schema.by_heading.get(folded(known)) for schema in _SCHEMAS):
        raise typer.BadParameter(f"--alias 应为 表上的栏目=认识的栏目，所写是 {text}")
    return heading.strip(), known.strip()


def _new_file(path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"{path} 应以 .xlsx 结尾")
    return path


def _new_export(path: Path) -> Path:
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise typer.BadParameter(f"{path} 应以 .xlsx 或 .csv 结尾")
    return path


def _class(text: str) -> str:
    """The class that a label or its value names; `未认定` is none."""
    if text in ("", "未认定", *CLASSES):
        return text
    found = [value for value, label in CLASSES.items() if text in (label, label.removesuffix("类"))]
    if not found:
        raise typer.BadParameter(f"“{text}”不是分类，应为 {'、'.join(CLASSES.values())}、未认定")
    return found[0]


NounOption = Annotated[
    str, typer.Option("--noun", metavar="NOUN", callback=_noun, help=f"登记对象：{_NAMED}")
]
OutFile = Annotated[
    Path, typer.Argument(metavar="OUT.xlsx", callback=_new_file, help="写到哪里；已有的不覆盖")
]
ExportFile = Annotated[
    Path,
    typer.Argument(metavar="OUT.xlsx|OUT.csv", callback=_new_export, help="写到哪里；已有的不覆盖"),
]


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="登记表：.xlsx、.xls、.ods 或 .csv")],
    key: KeyPath,
    data: Data,
    area: Annotated[
        str, typer.Option(metavar="NAME", help="哪个区域的登记表；不写则为本岗位辖区所在的区域")
    ] = "",
    occurred_on: Annotated[
        str, typer.Option(metavar="DATE", callback=day, help="登记表所载之事的日期，默认今天")
    ] = "",
    notice: Annotated[str, typer.Option(metavar="TEXT", help="表本身没有标题时，其所附公告的标题")] = "",
    unit: Annotated[
        str, typer.Option(metavar="UNIT", callback=_unit, help="表上没有写明时的金额单位：元、万元、亿元")
    ] = "",
    noun: NounOption = "",
    alias: Annotated[
        list[str] | None,
        typer.Option(
            "--alias",
            metavar="HEADING=KNOWN",
            help="表上的栏目名就是哪个认识的栏目，如 资金总额度=资金金额；可多次给出",
        ),
    ] = None,
    opening: Annotated[
        bool,
        typer.Option("--opening", help="期初建账：各行是 --occurred-on 那一天的实况，不是那一天发生的事"),
    ] = False,
    as_new: Annotated[
        bool, typer.Option("--as-new", help="台账编号是另一个台账的：本台账没有的，当作新的登记")
    ] = False,
    late_reason: Annotated[str, typer.Option(metavar="TEXT", help="迟登原因")] = LATE_REASON,
    annotated: Annotated[
        Path | None,
        typer.Option(
            "--annotated", metavar="OUT.xlsx", callback=_new_file, help="交回原表：标出问题，加一栏导入结果"
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看结果，不入账")] = False,
    as_json: AsJson = False,
) -> int:
    """导入登记表：每个新行是一条事实（或期初建账），新行每一千行由一个签名成批入账。"""
    if annotated is not None and annotated.exists():
        raise FileExistsError(str(annotated))
    with open_desk(data) as desk, _progress("预演" if dry_run else "入账") as progress:
        found = import_register(
            clerk_at(desk, [key]),
            file,
            Wish(
                area=area,
                occurred_on=occurred_on,
                notice=notice,
                late_reason=late_reason,
                unit=_UNITS.get(unit),
                noun=noun,
                aliases=dict(map(_alias, alias or [])),
                opening=opening,
                as_new=as_new,
            ),
            dry_run=dry_run,
            progress=progress,
        )
    if annotated is not None:
        annotated.write_bytes(found.annotated())
    if as_json:
        out_json(found.json())
    else:
        _tell(found, dry_run)
        if annotated is not None:
            say(f"标注后的表在 {annotated}：改好后导入同一个文件即可")
    return EXIT_OK if found.is_complete else EXIT_IMPORT


def template_file(
    file: OutFile,
    noun: NounOption = "project",
    as_json: AsJson = False,
) -> None:
    """写出一个空的登记表模板：有下拉选项、示例行和填表说明。"""
    _write_new(file, template(NOUNS[noun].schema))
    if as_json:
        out_json({"file": str(file), "noun": noun})
    else:
        out(f"模板在 {file}")


def export_file(
    file: ExportFile,
    data: Data,
    area: Annotated[str, typer.Option(metavar="NAME", help="只要这个区域及其下级的")] = "",
    class_: Annotated[
        str,
        typer.Option(
            "--class",
            metavar="CLASS",
            callback=_class,
            help="只要这一类的项目，和属于这些项目的资产、债权债务",
        ),
    ] = "",
    body: Annotated[
        str,
        typer.Option(metavar="NAME", help="只要这个单位的：经营主体、所有权人、管护责任单位、债权人或债务人"),
    ] = "",
    noun: NounOption = "project",
    as_json: AsJson = False,
) -> None:
    """按模板的栏目导出台账现状；原样再导入，每行都是相同。"""
    wanted = Wanted(area, None if not class_ else class_.replace("未认定", ""), body)
    with open_desk(data) as desk:
        content, count = export_register(desk, noun, wanted, csv=file.suffix.lower() == ".csv")
    _write_new(file, content)
    if as_json:
        out_json({"file": str(file), "noun": noun, "rows": count})
    else:
        out(f"已导出 {count} 个{NOUNS[noun].label}到 {file}")


def _write_new(file: Path, content: bytes) -> None:
    with file.open("xb") as stream:
        stream.write(content)


@contextmanager
def _progress(label: str) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    with typer.progressbar(length=1_000, label=label, file=sys.stderr) as bar:
        at = 0

        def advance(done: int, of: int) -> None:
            nonlocal at
            now = 1_000 * done // max(of, 1)
            bar.update(now - at)
            at = now

        yield advance


def _tell(found: Imported, dry_run: bool) -> None:
    plan, totals = found.plan, found.plan.totals
    several = len(plan.sheets) > 1
    reasons: dict[str, list[int]] = {}

    def put(sheet: str, reason: str, *rows: int) -> None:
        reasons.setdefault(f"{sheet}\n{reason}" if several else f"\n{reason}", []).extend(rows)

    for row in plan.rows:
        if row.outcome in ("ask", "fault", "changed"):
            put(row.sheet, f"{_OUTCOMES[row.outcome]}：{row.reason}", row.row)
    for one in found.refused:
        put(one.sheet, f"台账不收（{one.code}，{one.rule}）：{one.message}", one.row)
    for noted in found.noted:
        met = "是否符合不详" if noted.unknown else "不符合"
        put(noted.sheet, f"照录并记明，{met} {noted.rule}：{noted.statement}", *noted.rows)
    for told, rows in reasons.items():
        sheet, _, reason = told.partition("\n")
        say(f"{f'“{sheet}”' if sheet else ''}第 {row_ranges(rows)} 行 {reason}")
    _tell_sums(plan)
    _tell_of_notes(plan)
    _tell_recalled(found)
    for note in plan.notes:
        say(note)
    counts = "，".join(
        f"{_OUTCOMES[outcome]} {count}" for outcome, count in totals.by_outcome.items() if count
    )
    empty = "" if totals.data_rows else "。没有可登记的行：请在表头下面一行一项填写，再导入"
    # By its hash the batch, and each row of it later, names the file: what the file is called nobody signs.
    out(
        f"{plan.file}（文件 {plan.sha256[:16]}）：{totals.data_rows} 个数据行，{_sums(plan)}；{counts}{empty}"
    )
    if totals.printed_fen is not None and not totals.difference_fen:
        out("与表上所印合计一致")
    for batch in found.answers:
        if not batch.ok:
            say_refused(batch.code, batch.rule, batch.message, batch.detail)
            continue
        entered = sum(last - first + 1 for first, last in batch.accepted)
        what = "，期初建账" if found.opening else ""
        out(
            f"已入账：批次是第 {batch.position} 号，{entered} 行{what}，都未核；由另一人核对：endorse {batch.position}"
        )
    if dry_run:
        left = totals.by_outcome["new"] - len(found.refused) if not found.answers else 0
        out(f"预演：没有入账；正式导入将入账 {left} 行")


def _tell_sums(plan: Plan) -> None:
    for sheet in plan.sheets:
        where = f"“{sheet.sheet}”" if len(plan.sheets) > 1 else ""
        for printed in sheet.sums:
            read = f" 读到{quoted(printed.value)}" if printed.value else ""
            say(f"{where}第 {printed.row} 行{printed.told}（READ-13，{printed.cell}{read}）")


def _tell_of_notes(plan: Plan) -> None:
    """That there are some, not what they say: most rows of a register may have the same one, and a few speak of persons."""
    for sheet in plan.sheets:
        rows = [row.row for row in plan.rows if row.sheet == sheet.sheet and row.notes]
        where = f"“{sheet.sheet}”" if len(plan.sheets) > 1 else ""
        if rows:
            say(f"{where}第 {row_ranges(rows)} 行读入时另有说明，写在 --annotated 的“导入结果”栏和 --json 里")


def _tell_recalled(found: Imported) -> None:
    if found.recalled:
        said = "、".join(f"{heading}={known}" for heading, known in found.recalled.items())
        say(f"按本单位以前的说明读入的栏：{said}；不对的请用 --alias 重新说明")


def _sums(plan: Plan) -> str:
    """Of each noun for itself: what a project cost is no asset's value and nobody's debt."""
    fen: dict[str, int] = {}
    for sheet in plan.sheets:
        if sheet.totals.data_rows:
            fen[sheet.noun] = fen.get(sheet.noun, 0) + sheet.totals.sum_fen
    if len(fen) < 2:
        return f"合计 {Money(plan.totals.sum_fen)}"
    return "，".join(f"{NOUNS[noun].label}合计 {Money(fen[noun])}" for noun in NOUNS if noun in fen)


def row_ranges(rows: Iterable[int]) -> str:
    """Rows of a sheet for people: 2 3 4 7 is "2至4、7"; of very many the first."""
    found: list[list[int]] = []
    for row in sorted(rows):
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    named = [str(first) if first == last else f"{first}至{last}" for first, last in found]
    more = f"……共 {sum(last - first + 1 for first, last in found)} " if len(named) > _RANGES_MAX else ""
    return "、".join(named[:_RANGES_MAX]) + more


def register(app: typer.Typer) -> None:
    add(app, "import", import_file)
    add(app, "template", template_file)
    add(app, "export", export_file)
