"""Makes the quirk workbooks beside this file: one content, written by three programs. Kept with what made them.

    python tests/data/workbooks/make.py          # xlsxwriter and openpyxl
    python tests/data/workbooks/make.py --office # and LibreOffice (soffice on PATH), which saves openpyxl's again

`encrypted.xlsx` is a workbook of one row that msoffcrypto-tool 6 locked with the password 1234. Tests read the results only. Everything in them is invented: 示例县青溪乡 (示例数据).
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Formula:
    """A formula. `result` None: left to whoever opens the file."""

    text: str
    result: float | str | None = None


@dataclass(frozen=True)
class Formatted:
    value: float
    format: str


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: Sequence[Sequence[Any]]
    merges: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    is_hidden: bool = False
    planted: Mapping[str, str] = field(default_factory=dict)  # cell → rule
    of_formulas: Mapping[str, str] = field(
        default_factory=dict
    )  # faults only where the writer cannot calculate
    outcomes: Mapping[str, Sequence[int]] = field(default_factory=dict)
    sum_fen: int = 0
    printed_fen: int | None = None


TITLE = "示例县青溪乡2021年帮扶产业项目登记表（示例数据）"

GOOD = Sheet(
    "项目",
    rows=[
        [TITLE],
        [None] * 11 + ["单位：万元"],
        [
            "序号",
            "项目编号",
            "项目名称",
            "项目地点",
            None,
            "建设年度",
            "投入资金",
            None,
            None,
            "经营主体",
            "是否\n脱贫村",
            "备注",
        ],
        [None, None, None, "乡镇", "村", None, "合计", "中央", "自筹"],
        ["一、加工类"],
        [1, "QX-0101", "冷藏库", "青溪乡", "示例一村", 2021, 100, 60, 40, "示例种植专业合作社", "是"],
        [2, "QX-0102", "茶叶加工厂", None, "示例二村", "２０２１", "５０.５", None, None, None, "√"],
        [3, "QX-0103", "养鱼塘", None, "示例三村", date(2021, 5, 1), "二十万元", None, None, None, "×"],
        ["小计", None, None, None, None, None, Formula("G6+50.5+20", 170.5)],
        [4, "QX-0104", "蔬菜大棚", "东溪乡", "示例四村", "2021年", Formatted(38, '0.00"万元"')],
        [5, "QX-0105", "果園", None, "示例五村", "二〇二一年", "12.5(其中,自筹2万元)"],
        [6, None, "菌棚", None, "示例六村", 2021, Formula("10+5.25", 15.25)],
        [],
        [7, None, "水电站维修", None, "示例六村", 2021, Formatted(200000, '0\\.0,"万元"')],
        [8, None, "贷款贴息", None, "示例六村", 2021, "壹拾贰万元整"],
        ["合 计", None, None, None, None, None, Formula("G9+38+12.5+G12+20+12", 268.25)],
        ["备注：示例数据，不对应任何真实项目"],
        ["制表人：示例"],
    ],
    merges=[
        "A1:L1",
        "A3:A4",
        "B3:B4",
        "C3:C4",
        "D3:E3",
        "F3:F4",
        "G3:I3",
        "J3:J4",
        "K3:K4",
        "L3:L4",
        "D6:D8",
        "A5:L5",
    ],
    hidden_rows=[10],
    hidden_columns=[10],
    of_formulas={"G12": "READ-17"},
    outcomes={"skip": [1, 2, 3, 4, 5, 9, 13, 16, 17, 18], "ask": [15], "new": [6, 7, 8, 10, 11, 12, 14]},
    sum_fen=268_250_000,
    printed_fen=268_250_000,
)

FAULTY = Sheet(
    "有误",
    rows=[
        ["项目编号", "项目名称", "村", "建设年度", "资金金额(万元)", "是否脱贫村", "建设内容", "备注"],
        ["QX-0201", "好的项目一", "示例一村", 2020, 10, "是", "续建"],
        ["QX-0202", "负数", "示例一村", 2020, -5],
        ["QX-0203", "约数", "示例一村", 2020, "约20"],
        ["QX-0204", "空金额", "示例一村", 2020, None],
        ["QX-0205", "两个数", "示例一村", "2018-2020年", "20-30", "大概"],
        ["QX-0206", "好的项目二", "示例一村", "2019年3月", "1,234.5", "否"],
        ["QX-0207", "重号一", "示例一村", 2020, 1],
        ["QX-0207", "重号二", "示例一村", 2020, 2],
        [512330198001011234, "编号成了数值", "示例一村", 2020, 3],
        ["QX-0209", "没有结果的公式", "示例一村", 2020, Formula("E2*2")],
        ["QX-0210", "错误值", "示例一村", 2020, Formula("1/0", "#DIV/0!")],
        ["QX-0211", Formula('_xlfn.DISPIMG("ID_0123456789ABCDEF",1)'), "示例一村", 2020, 4],
        ["QX 0212", "编号有空格", "示例一村", 2020, 5],
        ["QX-0213", "不到分", "示例一村", 2020, 0.12345678],
        ["QX-0214", "单位不明的字", "示例一村", 2020, "20美元"],
        ["QX-0215", "内容太长", "示例一村", 2020, 6, None, "长" * 1801],
        ["QX-0216", "尾差", "示例一村", 2020, 0.1 + 0.2],
        ["QX-0217", "备注里的公式不读", "示例一村", 2020, 7, None, None, Formula("A1")],
    ],
    planted={
        "E3": "READ-5", "E4": "READ-5", "E5": "READ-5", "D6": "READ-6", "E6": "READ-5", "F6": "READ-7",
        "A8": "READ-9", "A9": "READ-9", "A10": "READ-17", "E12": "READ-17", "B13": "READ-17", "A14": "READ-9",
        "E15": "READ-5", "E16": "READ-5", "G17": "READ-8",
    },
    of_formulas={"E11": "READ-17"},
    outcomes={"skip": [1], "new": [2, 7, 11, 18, 19], "fault": [3, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 16, 17]},
    sum_fen=10_000_000 + 1_234_500_000 + 1_000_000 + 2_000_000 + 3_000_000 + 20_000_000 + 4_000_000
    + 5_000_000 + 6_000_000 + 300_000 + 7_000_000,
)  # fmt: skip

HIDDEN = Sheet(
    "往年",
    rows=[["2019年项目清单"], ["项目名称", "村名", "资金（元）"], ["旧鱼塘", "示例一村", 12345.67]],
    is_hidden=True,
    outcomes={"skip": [1, 2], "new": [3]},
    sum_fen=1_234_567,
)
NOTES = Sheet(
    "填表说明",
    rows=[["填表说明"], ["一、每个项目一行", "见附件"], ["二、金额以万元计"]],
    outcomes={"skip": [1, 2, 3]},
)
FORM = Sheet(
    "表单",
    rows=[
        ["示例县青溪乡帮扶产业项目摸底调查表（示例数据）"],
        ["项目名称", "示例油茶加工项目", "项目编号", "QX-0301"],
        ["项目地点", "示例一村", "建设年度", "2016年"],
        ["经营主体", "示例油茶专业合作社", "联系人及电话", "（不读入）"],
        ["投入帮扶资金(万元)", 45.5, "是否脱贫村", "是"],
        ["建设内容", "厂房一座，榨油设备两套"],
    ],
    merges=["A1:D1", "B6:D6"],
    outcomes={"skip": [1, 3, 4, 5, 6], "new": [2]},
    sum_fen=45_500_000,
)
SHEETS = [GOOD, FAULTY, HIDDEN, NOTES, FORM]


def by_xlsxwriter(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy/m/d"})
    for sheet in SHEETS:
        page = book.add_worksheet(sheet.name)
        for merge in sheet.merges:
            page.merge_range(merge, "")
        for row, values in enumerate(sheet.rows):
            for column, value in enumerate(values):
                if isinstance(value, Formula):
                    page.write_formula(
                        row, column, f"={value.text}", None, 0 if value.result is None else value.result
                    )
                elif isinstance(value, Formatted):
                    page.write_number(row, column, value.value, book.add_format({"num_format": value.format}))
                elif isinstance(value, date):
                    page.write_datetime(row, column, value, day)
                elif isinstance(value, str):
                    page.write_string(row, column, value)
                elif value is not None:
                    page.write_number(row, column, value)
        for row in sheet.hidden_rows:
            page.set_row(row - 1, None, None, {"hidden": True})
        for column in sheet.hidden_columns:
            page.set_column(column - 1, column - 1, None, None, {"hidden": True})
        if sheet.is_hidden:
            page.hide()
    book.close()


def by_openpyxl(path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in SHEETS:
        page = book.create_sheet(sheet.name)
        for row, values in enumerate(sheet.rows, start=1):
            for column, value in enumerate(values, start=1):
                cell = page.cell(row, column)
                if isinstance(value, Formula):
                    cell.value = f"={value.text}"
                elif isinstance(value, Formatted):
                    cell.value, cell.number_format = value.value, value.format
                elif value is not None:
                    cell.value = value
                if row == 1:
                    cell.font = Font(bold=True)
        for merge in sheet.merges:
            page.merge_cells(merge)
        for row in sheet.hidden_rows:
            page.row_dimensions[row].hidden = True
        for column in sheet.hidden_columns:
            page.column_dimensions[get_column_letter(column)].hidden = True
        if sheet.is_hidden:
            page.sheet_state = "hidden"
    book.save(path)


def by_office(source: Path) -> None:
    """LibreOffice opens what openpyxl wrote, calculates, and saves it in its own three ways."""
    for kind in ("xlsx", "ods", "xls"):
        command = [
            "soffice",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(HERE / "office"),
            str(source),
        ]
        subprocess.run(command, check=True, capture_output=True)
        (HERE / "office" / f"{source.stem}.{kind}").replace(HERE / f"libreoffice.{kind}")
    (HERE / "office").rmdir()


def expected(*, results: str) -> dict[str, Any]:
    """What a reading of the content must find, where the writer keeps the results of all formulas, of those given, or of none."""
    found = {}
    for sheet in SHEETS:
        without = {
            cell: rule
            for cell, rule in sheet.of_formulas.items()
            if results == "none" or (results == "given" and _formula_at(sheet, cell).result is None)
        }
        rows = {row_of(cell) for cell in without}
        outcomes = {row: name for name, some in sheet.outcomes.items() for row in some} | dict.fromkeys(
            rows, "fault"
        )
        found[sheet.name] = {
            "faults": dict(sheet.planted) | without,
            "outcomes": {str(row): outcomes[row] for row in sorted(outcomes)},
        }
        if results == "all":
            found[sheet.name] |= {"sum_fen": sheet.sum_fen, "printed_fen": sheet.printed_fen}
    return found


def row_of(cell: str) -> int:
    return int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _formula_at(sheet: Sheet, cell: str) -> Formula:
    found = sheet.rows[row_of(cell) - 1][ord(cell[0]) - ord("A")]
    assert isinstance(found, Formula)
    return found


def main() -> None:
    by_xlsxwriter(HERE / "xlsxwriter.xlsx")
    by_openpyxl(HERE / "openpyxl.xlsx")
    if "--office" in sys.argv:
        by_office(HERE / "openpyxl.xlsx")
    facts = {
        "xlsxwriter.xlsx": expected(results="given"),
        "openpyxl.xlsx": expected(results="none"),
        "libreoffice.xlsx": expected(results="all"),
        "libreoffice.ods": expected(results="all"),
        "libreoffice.xls": expected(results="all"),
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (HERE / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
