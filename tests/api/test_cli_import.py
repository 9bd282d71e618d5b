"""`bangfu import template export`: workbooks on a real ledger, from the file to the entries and back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.api.county import REGISTRAR, size, submit
from tests.support.shell import Done, Shell, write_json

WORKBOOKS = Path(__file__).parents[1] / "data" / "workbooks"
REGISTERS = Path(__file__).parents[2] / "api" / "data" / "registers"
ROW = ["QX-0001", "油茶项目", "示例一村", "2016", "96.5", "是", "是"]


def workbook(name: str, *sheets: list[list[Any]]) -> str:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        page = book.create_sheet(f"表{number}")
        page.append(["项目编号", "项目名称", "村", "建设年度", "投入帮扶资金(万元)", "存续期", "经营性资产"])
        for row in rows:
            page.append(row)
    book.save(name)
    return name


def run(shell: Shell, file: str, *options: str) -> Done:
    return shell.bangfu("import", file, "--key", "clerk.key", "--data", "county", *options)


def other(**changes: Any) -> list[Any]:
    row = dict(zip(("number", "name", "village", "year", "amount", "left", "assets"), ROW, strict=True))
    return list((row | changes).values())


def test_every_sheet_is_one_import_and_its_rows_say_which_they_come_from(shell: Shell) -> None:
    done = run(shell, workbook("表.xlsx", [ROW], [other(number="QX-0002", name="茶叶", amount=20)]), "--json")
    assert done.code == 0
    told = json.loads(done.out)
    assert [(row["sheet"], row["row"], row["outcome"]) for row in told["rows"]] == [
        ("表1", 1, "skip"), ("表1", 2, "new"), ("表2", 1, "skip"), ("表2", 2, "new"),
    ]  # fmt: skip
    assert told["totals"]["sum_fen"] == 116_500_000
    assert len(told["batches"]) == 1
    again = run(shell, "表.xlsx")
    assert (again.code, "相同 2" in again.out) == (0, True)


def test_that_cells_were_read_in_a_way_of_their_own_is_said_without_what_stands_there(shell: Shell) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["项目名称", "村", "经营主体", "金额(万元)"],
        ["油茶", "示例一村", "某某某", 3],
        ["茶叶", "示例一村", "", 4],
    ):
        book.active.append(row)
    book.save("表.xlsx")
    done = run(shell, "表.xlsx", "--dry-run")
    assert "第 2 行读入时另有说明，写在 --annotated 的“导入结果”栏和 --json 里" in done.err
    assert "某某某" not in done.err + done.out
    assert "另有说明" not in run(shell, workbook("全.xlsx", [ROW]), "--dry-run").err


def test_bad_rows_are_never_in_part_and_good_rows_are_kept(shell: Shell) -> None:
    rows = [ROW, other(number="QX-0002", name="坏", amount="约20"), other(number="QX-0003", name="茶叶")]
    done = run(shell, workbook("表.xlsx", rows), "--annotated", "标注.xlsx")
    assert done.code == 6
    assert "第 3 行 有误：E3：读到“约20”，请只填一个数" in done.err
    assert "（READ-5）" in done.err
    register = shell.bangfu("register", "--data", "county").out
    assert "QX-0001" in register
    assert "QX-0003" in register
    assert "QX-0002" not in register
    page = openpyxl.load_workbook("标注.xlsx")["表1"]
    assert [page.cell(row, 8).value.partition("：")[0] for row in (2, 3, 4)] == ["ok", "有误", "ok"]
    page["E3"].value = 20
    page.parent.save("改好.xlsx")
    done = run(shell, "改好.xlsx")
    assert (done.code, "新登记 1，相同 2" in done.out) == (0, True)


def test_what_the_ledger_refuses_is_marked_in_the_annotated_copy(shell: Shell) -> None:
    done = run(
        shell,
        workbook("表.xlsx", [ROW, other(number="QX-0002", village="示例二村")]),
        "--annotated",
        "标注.xlsx",
    )
    assert done.code == 6
    page = openpyxl.load_workbook("标注.xlsx")["表1"]
    assert page.cell(3, 8).value.startswith("台账不收：")
    assert "outside_area" in page.cell(3, 8).value


def test_a_template_filled_in_is_imported_exported_and_the_same_again(shell: Shell) -> None:
    assert shell.bangfu("template", "模板.xlsx").code == 0
    book = openpyxl.load_workbook("模板.xlsx")
    page = book.worksheets[0]
    titles = {cell.value: cell.column for cell in page[2]}
    for row, (name, amount) in enumerate((("油茶", 96.5), ("茶叶", "0.123456")), start=4):
        for title, value in (
            ("项目名称", name),
            ("项目地点", "示例一村"),
            ("投入帮扶资金(万元)", amount),
            ("资金来源", "财政衔接资金"),
            ("是否处于存续期", "是"),
            ("建设年度", 2019),
        ):
            page.cell(row, titles[title]).value = value
    book.save("填好.xlsx")
    assert run(shell, "填好.xlsx").code == 0
    done = shell.bangfu("export", "导出.xlsx", "--data", "county", "--json")
    assert json.loads(done.out)["rows"] == 2
    before = size(shell)
    again = json.loads(run(shell, "导出.xlsx", "--json").out)
    assert [row["outcome"] for row in again["rows"] if row["outcome"] != "skip"] == ["same", "same"]
    assert again["totals"]["printed_fen"] == again["totals"]["sum_fen"] == 96_500_000 + 123_456
    assert size(shell) == before


def test_an_opening_of_several_nouns_tells_each_sum_for_itself_and_is_exported_as_csv(shell: Shell) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (
        ("资产", [["资产编号", "资产名称", "项目编号", "坐落地点", "资产类型", "原值(万元)", "缺少材料"],
                  ["ZC-1", "冷库", "QX-1", "示例一村", "经营性", "未载明", "决算；发票"]]),
        ("项目", [["项目编号", "项目名称", "村", "投入帮扶资金(万元)"], ["QX-1", "冷链项目", "示例一村", 20]]),
    ):  # fmt: skip
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save("清册.xlsx")
    done = run(shell, "清册.xlsx", "--opening", "--occurred-on", "2025-12-31")
    assert done.code == 0, done.err
    assert "2 个数据行，项目合计 20万元，资产合计 0万元；新登记 2" in done.out
    assert "2 行，期初建账，都未核" in done.out
    told = json.loads(
        shell.bangfu(
            "export", "资产.csv", "--data", "county", "--noun", "资产", "--class", "未认定", "--json"
        ).out
    )
    assert told["rows"] == 1
    assert "决算；发票" in Path("资产.csv").read_text("utf-8-sig")
    again = json.loads(run(shell, "资产.csv", "--json").out)
    assert [row["outcome"] for row in again["rows"] if row["outcome"] != "skip"] == ["same"]
    assert (
        json.loads(shell.bangfu("export", "无.csv", "--data", "county", "--class", "闲置", "--json").out)[
            "rows"
        ]
        == 0
    )


def test_an_export_of_an_area_has_what_lies_in_it(shell: Shell) -> None:
    assert run(shell, workbook("表.xlsx", [ROW])).code == 0
    counts = [
        json.loads(shell.bangfu("export", f"{area}.xlsx", "--data", "county", "--area", area, "--json").out)[
            "rows"
        ]
        for area in ("青溪乡", "示例二村")
    ]
    assert counts == [1, 0]
    assert shell.bangfu("export", "没有.xlsx", "--data", "county", "--area", "没有").code == 1


@pytest.mark.parametrize("words", [("template", "有.xlsx"), ("export", "有.xlsx", "--data", "county"),
                                   ("import", "表.xlsx", "--key", "clerk.key", "--data", "county", "--annotated", "有.xlsx")])  # fmt: skip
def test_what_stands_there_is_not_overwritten(shell: Shell, words: tuple[str, ...]) -> None:
    workbook("表.xlsx", [ROW])
    Path("有.xlsx").write_bytes(b"mine")
    before = size(shell)
    done = shell.bangfu(*words)
    assert (done.code, "不覆盖" in done.err) == (5, True)
    assert Path("有.xlsx").read_bytes() == b"mine"
    assert size(shell) == before


@pytest.mark.parametrize(
    "words",
    [
        ("import", "表.xlsx", "--key", "clerk.key", "--data", "county", "--unit", "美元"),
        ("import", "表.xlsx", "--key", "clerk.key", "--data", "county", "--noun", "人"),
        ("import", "表.xlsx", "--key", "clerk.key", "--data", "county", "--annotated", "标注.xls"),
        ("template", "模板.ods"),
        ("export", "资产.ods", "--data", "county"),
        ("export", "资产.xlsx", "--data", "county", "--noun", "人"),
        ("export", "项目.xlsx", "--data", "county", "--class", "好的"),
    ],
)
def test_a_wrong_word_is_a_wrong_argument(shell: Shell, words: tuple[str, ...]) -> None:
    workbook("表.xlsx", [ROW])
    assert shell.bangfu(*words).code == 2


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("空.xlsx", b"", "empty_file"),
        ("坏.xlsx", b"PK\x03\x04junk", "damaged_file"),
        ("信.docx", b"%PDF-1.7", "wrong_kind"),
        ("表.csv", "项目名称,建设内容\n甲,乙\n".encode(), "no_heading"),
        ("密.xlsx", (WORKBOOKS / "encrypted.xlsx").read_bytes(), "encrypted_file"),
    ],
)
def test_read_1_a_file_that_gives_no_table_is_refused_with_its_code_and_enters_nothing(
    shell: Shell, name: str, data: bytes, code: str
) -> None:
    Path(name).write_bytes(data)
    before = size(shell)
    done = run(shell, name, "--json")
    told = json.loads(done.out)
    assert (done.code, told["code"], told["ok"]) == (6, code, False)
    assert name in told["message"]
    assert size(shell) == before


def test_a_unit_may_be_told_where_the_table_names_none(shell: Shell) -> None:
    shutil.copy(REGISTERS / "14_xianggelila_2022.csv", "表.csv")
    totals = [
        json.loads(run(shell, "表.csv", "--dry-run", "--json", *words).out)["totals"]
        for words in ((), ("--unit", "万元"))
    ]
    assert [one["sum_fen"] for one in totals] == [0, 1_265_000_000]
    assert totals[1]["difference_fen"] == 0


def test_more_than_a_thousand_rows_are_several_batches(shell: Shell) -> None:
    rows = [other(number=f"QX-{number:04d}", name=f"项目{number}") for number in range(1, 1_051)]
    told = json.loads(run(shell, workbook("表.xlsx", rows), "--json").out)
    assert [sum(last - first + 1 for first, last in one["accepted"]) for one in told["batches"]] == [
        1_000,
        50,
    ]
    assert told["complete"]


def test_a_row_of_which_several_sheets_have_one_is_named_with_its_sheet(shell: Shell) -> None:
    assert run(shell, workbook("表.xlsx", [ROW], [other(number="QX-0002", name="茶叶")])).code == 0
    words = ("endorse", "13", "--key", "office.key", "--data", "county", "--except")
    vague = shell.bangfu(*words, "2:未见原件")
    assert (vague.code, "表1!2、表2!2" in vague.err) == (3, True)
    done = shell.bangfu(*words, "表2!2:未见原件")
    assert (done.code, "除外 第 2 行 QX-0002 茶叶" in done.out) == (0, True)


def test_a_heading_that_nobody_knows_is_suggested_and_may_be_told(shell: Shell) -> None:
    Path("表.csv").write_text("项目名称,村,资金总额度(万元)\n甲,示例一村,20\n", "utf-8")
    refused = run(shell, "表.csv", "--dry-run")
    assert (refused.code, "“资金总额度(万元)”是不是“资金总额”？" in refused.err) == (6, True)
    told = json.loads(run(shell, "表.csv", "--dry-run", "--json", "--alias", "资金总额度=资金总额").out)
    assert told["totals"]["sum_fen"] == 20_000_000
    again = run(shell, "表.csv", "--dry-run")  # what was said once is remembered for the office, and told
    assert "合计 20万元" in again.out
    assert "资金总额度=资金总额" in again.err
    for wrong in ("资金总额度", "资金总额度=绩效", "=资金总额"):
        assert run(shell, "表.csv", "--alias", wrong).code == 2


def test_a_post_of_several_areas_gives_the_register_of_what_they_all_lie_in(shell: Shell) -> None:
    """`--area` need not be said: each row says its village; a row that says none is not the post's to enter."""
    key = _of_areas(shell, "示例一村", "示例二村")
    rows = [
        ROW,
        other(number="QX-0002", name="茶叶", village="示例二村"),
        other(number="QX-0003", village=""),
    ]
    words = ("import", workbook("表.xlsx", rows), "--key", key, "--data", "county", "--json", "--dry-run")
    told = json.loads(shell.bangfu(*words).out)
    assert [row["outcome"] for row in told["rows"]] == ["skip", "new", "new", "new"]
    assert [(row["row"], row["code"]) for row in told["refused"]] == [(4, "outside_area")]
    said = json.loads(shell.bangfu(*words, "--area", "青溪乡").out)
    assert said == told


def test_where_nothing_has_all_areas_of_a_post_the_area_is_asked_for(shell: Shell) -> None:
    key = _of_areas(shell, "示例一村", "外地")
    words = ("import", workbook("表.xlsx", [ROW]), "--key", key, "--data", "county", "--dry-run", "--json")
    refused = shell.bangfu(*words)
    told = json.loads(refused.out)
    assert (refused.code, told["code"]) == (2, "unclear_area")
    assert "本岗位辖区：示例一村、外地" in told["message"]
    assert shell.bangfu(*words, "--area", "示例一村").code == 0
    assert json.loads(shell.bangfu(*words, "--area", "没有村").out)["code"] == "unclear_area"


def _of_areas(shell: Shell, *areas: str) -> str:
    """The key of a clerk whose post has these areas; 外地 is a source outside the county."""
    if "外地" in areas:
        write_json("area.json", {"division_code": "", "kind": "external", "name": "外地", "parent": ""})
        assert submit(shell, "area.register", "area.json", REGISTRAR).code == 0
    post = {"title": "几处的", "role": "village_admin", "areas": list(areas)}
    write_json(
        "person.json", {"organisation": {"name": "示例中心", "kind": "other", "area": "青溪乡"}, "post": post}
    )
    words = ("--key", REGISTRAR, "--new-key", "several.key", "--data", "county")
    assert shell.bangfu("enrol", "person.json", *words).code == 0
    return "several.key"
