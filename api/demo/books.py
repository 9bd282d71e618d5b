"""The workbooks of the demo: what a township has in its drawers, written as .xlsx files. All invented (示例数据)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook

_FILES = Path(__file__).parents[1] / "data" / "demo"
PROJECTS = _FILES / "qingxi_projects.csv"  # a title, a heading, twelve projects and their total
_MORE = _FILES / "qingxi_more.csv"  # a heading and twenty-eight projects
_AMOUNT, _DOCUMENT = "投入帮扶资金(万元)", "文号"

Cell = str | Decimal

_ASSET_HEADING = (
    "资产编号",
    "资产名称",
    "村",
    "资产类型",
    "资产原值(万元)",
    "使用状态",
    "权属类型",
    "所有权人",
    "是否确权",
    "是否有争议",
    "是否抵押担保",
    "入账日期",
    "依据质量",
)
_ASSETS: tuple[tuple[Cell, ...], ...] = (
    (
        "QX-ZC-0001", "示例一村油茶晾晒场", "示例一村", "经营性", Decimal("18.6"), "在用", "村集体",
        "青溪示例一村股份经济合作联合社", "是", "否", "否", "2017-03-20", "复印件",
    ),
    (
        "QX-ZC-0002", "示例三村旧茶叶仓库", "示例三村", "经营性", Decimal("32"), "出租", "村集体",
        "青溪示例三村股份经济合作联合社", "是", "否", "否", "2015-11-08", "复印件",
    ),
    (
        "QX-ZC-0003", "示例二村粪污处理设施", "示例二村", "公益性", Decimal("24.5"), "管护中", "村集体",
        "青溪示例二村股份经济合作联合社", "是", "否", "否", "2018-12-10", "原件",
    ),
    (
        "QX-ZC-0004", "示例五村停车场", "示例五村", "公益性", Decimal("15.8"), "在用", "村集体",
        "青溪示例五村股份经济合作联合社", "否", "否", "否", "2021-10-15", "复印件",
    ),
    (
        "QX-ZC-0005", "示例六村分拣棚", "示例六村", "经营性", Decimal("21"), "在用", "村集体",
        "青溪示例六村股份经济合作联合社", "否", "否", "否", "2022-09-30", "追忆",
    ),
    (
        "QX-ZC-0006", "示例六村烘干房", "示例六村", "经营性", Decimal("12.4"), "闲置", "村集体",
        "青溪示例六村股份经济合作联合社", "否", "否", "否", "2023-08-12", "复印件",
    ),
)  # fmt: skip
# Row of the sheet, heading, what somebody typed there instead.
_SLIPS: tuple[tuple[int, str, Cell], ...] = (
    (5, "资产原值(万元)", "二十四万左右"),
    (6, "入账日期", "2021-13-15"),
    (7, "权属类型", "村里的"),
    (8, "村", "示例七村"),
)
LEASED = "QX-ZC-0002"


def opening(path: Path) -> tuple[int, int]:
    """Write the survey of forty projects; how many there are, and for how many no document of their funds is at hand."""
    title, heading, *first, _ = _rows(PROJECTS)
    rows = [*first, *_rows(_MORE)[1:]]
    amount, document = heading.index(_AMOUNT), heading.index(_DOCUMENT)
    total = ["" for _ in heading]
    total[0], total[amount] = "合计", str(sum(Decimal(row[amount]) for row in rows))
    table = [
        [Decimal(cell) if place == amount else cell for place, cell in enumerate(row)]
        for row in (*rows, total)
    ]
    _write(path, "项目摸底表", title[0], heading, table)
    return len(rows), sum(not row[document] for row in rows)


def assets(path: Path, *, slips: bool) -> list[str]:
    """Write the list of six assets, with the slips of whoever typed it or put right; the cells that were wrong."""
    table = [list(row) for row in _ASSETS]
    wrong = []
    for row, heading, typed in _SLIPS:
        place = _ASSET_HEADING.index(heading)
        wrong.append(f"第 {row} 行 {heading}：“{typed}”应为“{table[row - 3][place]}”")
        if slips:
            table[row - 3][place] = typed
    _write(path, "资产清册", "示例县青溪乡帮扶资产清册（示例数据）", _ASSET_HEADING, table)
    return wrong


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _write(
    path: Path, sheet: str, title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    book = Workbook()
    page = book.active
    page.title = sheet
    page.append([title])
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(heading))
    page.append(list(heading))
    for row in rows:
        page.append([None if cell == "" else cell for cell in row])
    book.save(path)
