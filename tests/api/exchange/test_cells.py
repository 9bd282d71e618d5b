"""Single cells that are no amounts: headings, units, years, yes and no, organisations, and what a row is about."""

import pytest

from api.exchange.amounts import read_amount
from api.exchange.cells import is_organisation, read_year, read_yes_no, year_in
from api.exchange.project import SCHEMA as PROJECT
from api.exchange.rules import Problem
from api.exchange.schema import read_heading, read_unit_line
from api.exchange.scope import fund_source, no_project
from api.exchange.text import folded, one_line
from domain.party import require_body


@pytest.mark.parametrize(
    ("text", "key", "unit"),
    [
        ("项目名称", "name", None),
        ("项 目 名 称", "name", None),
        ("項目名稱", "name", None),
        ("项目", "name", None),
        ("村名", "place", None),
        ("建设地点", "place", None),
        ("鄉鎮", "town", None),
        ("乡（镇）", "town", None),
        ("村", "village", None),
        ("村（社区）", "village", None),
        ("資金", "amount", None),
        ("投资 规模", "amount", None),
        ("总投资 (万元)", "amount", "万元"),
        ("總投資（萬元）", "amount", "万元"),
        ("资金金额/万元", "amount", "万元"),
        ("金额(单位:元)", "amount", "元"),
        ("中央补助 (万元)", "grant", "万元"),
        ("自籌資金（萬元）", "own", "万元"),
        ("建设内容(摘)", "content", None),
        ("建设年限\n(年)", "build_year", None),
        ("责任 单位", "department", None),
        ("建设单位", "operator", None),
        ("联系人及电话", "contact", None),
        ("编号", "ordinal", None),
        ("项目编号", "number", None),
        ("年租金(万元)", None, "万元"),
        ("项目结余", "rest", None),
        ("*项目名称①", "name", None),
        ("绩效目标", None, None),
        ("", None, None),
    ],
)
def test_read_2_a_heading_is_known_by_the_table_of_aliases_or_not_at_all(
    text: str, key: str | None, unit: str | None
) -> None:
    heading = read_heading(PROJECT, text)
    assert (heading.text, heading.key, heading.unit) == (text, key, unit)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位:万元", "万元"),
        ("單位：萬元", "万元"),
        ("（金额单位：元）", "元"),
        ("项目清单(单位:亿元)", "亿元"),
        ("责任单位", None),
        ("填报单位:元坝村", None),
        ("万元", None),
    ],
)
def test_read_4_the_unit_of_a_table_stands_in_a_line_of_its_own(text: str, unit: str | None) -> None:
    assert read_unit_line(text) == unit


@pytest.mark.parametrize(
    "text",
    [
        "2019",
        "2019年",
        "2019年度",
        "2019.0",
        "２０１９",
        "二〇一九年",
        "二○一九年",
        "二零一九年度",
        "2019/3",
        "2019年3月",
        "2019-03-01",
        "2019.3.1",
    ],
)
def test_read_6_a_year_is_read_as_clerks_and_number_cells_write_it(text: str) -> None:
    assert read_year(text) == 2019


@pytest.mark.parametrize(
    "text",
    ["2018-2020年", "19年", "1948", "2019.5", "2019年13月", "2019/3/1-2020/2/1", "待定", "2100年", "20190"],
)
def test_read_6_what_is_not_one_year_is_a_fault(text: str) -> None:
    read = read_year(text)
    assert isinstance(read, Problem)
    assert read.rule == "READ-6"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("彰北办事处周家营村2018年度财政扶贫建设人行道地面硬化项目", 2018),
        ("北塔区2020年第一批中央财政扶贫专项资金", 2020),
        ("2019年项目（2019年第二批）", 2019),
        ("2018-2020年产业项目", None),
        ("2018年至2020年产业项目", None),
        ("2018年结转2019年项目", None),
        ("管道2000米", None),
        ("120181年", None),
    ],
)
def test_read_6_a_name_gives_a_year_only_when_it_speaks_of_one(text: str, year: int | None) -> None:
    assert year_in(text) == year


@pytest.mark.parametrize(
    ("text", "answer"), [("是", True), ("√", True), ("有", True), ("否", False), ("×", False)]
)
def test_read_7_yes_and_no_are_read(text: str, answer: bool) -> None:
    assert read_yes_no(text) is answer


def test_read_7_what_is_neither_yes_nor_no_is_a_fault() -> None:
    read = read_yes_no("基本是")
    assert isinstance(read, Problem)
    assert read.rule == "READ-7"


@pytest.mark.parametrize(
    "text",
    [
        "浙江康诚菌业有限公司",
        "青溪示例一村股份经济合作联合社",
        "示例县青溪食品加工厂",
        "示例一村村民委员会",
        "彰北办事处",
        "示例农业银行",
        "示例银行青溪支行",
        "青溪信用社",
        "示例农商行",
        "示例县青溪茶业合伙企业(有限合伙)",
    ],
)
def test_read_14_an_organisation_is_taken_and_the_ledger_takes_it_too(text: str) -> None:
    assert is_organisation(text)
    require_body(text)


@pytest.mark.parametrize(
    "text",
    [
        "张三",
        "张三、李四",
        "张会",
        "王村",
        "张三行",
        "刘银行",
        "下符桥镇(张三)",
        "大户张三丰",
        "示例公司张三",
    ],
)
def test_read_14_what_may_be_a_natural_person_is_not_taken(text: str) -> None:
    assert not is_organisation(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("小额信贷贴息", "贷款贴息"),
        ("5.扶贫小额贷款贴息项目", "贷款贴息"),
        ("7.雨露计划项目", "培训补助"),
        ("8.就业务工补贴项目", "务工补贴"),
        ("外出務工補貼", "务工补贴"),
        ("小額信貸貼息", "贷款贴息"),
        ("贴面砖工程", None),
        ("6.大同区农村道路改造项目1个", None),
        ("人行道地面硬化项目", None),
        ("饮水工程项目", None),
        ("水果基地", None),
    ],
)
def test_read_11_a_small_table_says_what_is_no_project(text: str, kind: str | None) -> None:
    assert no_project(text) == kind


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("北塔区2020年第一批中央财政扶贫专项资金安排表", "fiscal"),
        ("北关区2018年专项扶贫资金分配表", "fiscal"),
        ("2023年衔接资金安排项目", "fiscal"),
        ("财政衔接推进乡村振兴补助资金", "fiscal"),
        ("统筹整合财政扶贫资金", "integrated"),
        ("东西部协作资金", "cooperation"),
        ("中央单位定点帮扶资金", "designated"),
        ("2022年金东区农业产业化联合体项目立项计划清单", "other"),
        ("市级", "other"),
        ("", "other"),
    ],
)
def test_the_words_of_a_title_name_the_group_of_funds(text: str, source: str) -> None:
    assert fund_source(text) == source


def test_text_is_compared_folded_and_kept_as_read_on_one_line() -> None:
    assert folded(" 赤溪鎮\u3000（Ａ１）\u200b ") == "赤溪镇(A1)"
    assert one_line(" 赤溪鎮\r\n（Ａ１）\ufeff ") == "赤溪鎮 （Ａ１）"
    assert one_line("e\u0301") == "\u00e9"


@pytest.mark.parametrize("text", ["20¹", "96.5②", "½", "20Ⅻ", "96.5²万元"])
def test_read_5_a_footnote_mark_is_no_digit_of_an_amount(text: str) -> None:
    assert isinstance(read_amount(text, "万元"), Problem)
    assert not isinstance(read_amount("２０．５", "万元"), Problem)
