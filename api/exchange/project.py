"""Projects (帮扶产业项目) as registers have them: the columns, and what a row says of its project."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from api.exchange.cells import read_year
from api.exchange.columns import AREA, ORDINAL, PLACES, UNREAD
from api.exchange.schema import NO_FUNDS, Column, Schema
from api.exchange.scope import fund_source
from api.exchange.text import folded
from api.exchange.written import in_wan, listed, yes_no
from domain.money import Money
from domain.scope import FUND_SOURCES
from domain.values import shortened

DOCUMENT_MAX = 100
ASSISTANCE = "投入帮扶资金"

SCHEMA = Schema(
    noun="project",
    title="帮扶产业项目登记表",
    amount="amount",
    stand_ins=("settled", "planned"),
    anchors=("name", "place", "village", "town"),
    named_by="name",
    weak="合计 总计 其中 中央 项目 补助资金 地点",
    columns=(
        ORDINAL,
        Column(
            "number",
            "项目编号",
            "code",
            "项目编码 项目代码 项目库编号 项目序列号",
            hint="没有的留空；有的不得重复",
            example="SL-0001",
        ),
        Column(
            "name",
            "项目名称",
            aliases="项目 项目名 工程名称 建设项目 所属项目 项目(工程)名称 帮扶项目名称",
            required=True,
            example="示例村冷藏库建设项目",
        ),
        *PLACES,
        AREA,
        Column(
            "build_year",
            "建设年度",
            "year",
            "年度 建设年份 实施年度 年份 建设年限(年) 建设年限 项目年度 实施年份 立项年度",
            hint="一个年份；不清楚的写“不详”",
            example="2021",
        ),
        Column(
            "operator",
            "经营主体",
            "organisation",
            "建设单位 实施主体 实施单位 运营主体 承担单位 实施单位及责任人 经营单位",
            hint="单位名称；自然人不填",
            example="示例种植专业合作社",
        ),
        Column("scale", "规模大小", aliases="规模 建设规模 项目规模", example="500立方米"),
        Column("category", "项目类别", aliases="类别 项目类型 类型", merged_down=True, example="加工类"),
        Column(
            "content",
            "建设内容",
            aliases="建设主要内容 主要建设内容 项目内容 建设任务 建设内容及规模 项目建设内容 内容 建设内容与规模 项目主要建设内容",
            length=1800,
            example="冷藏库一座",
        ),
        Column(
            "amount",
            f"{ASSISTANCE}(万元)",
            "money",
            "投入帮扶资金 资金金额 金额 资金 投资规模 总投资 资金规模 投资金额 投入资金 项目资金 帮扶资金 整合资金 "
            "投资总额 总投资额 项目总投资 资金总额 投入 项目概算总投资 概算总投资 村级补助金额 补助金额 安排资金 "
            "安排金额 下达资金 项目投资 资金投入 合计 总计",
            required=True,
            hint="万元，可到小数点后六位（分）",
            example="100",
        ),
        Column(
            "source",
            "资金来源",
            aliases="资金类别 资金性质 补助资金",
            hint="单位或资金名称",
            choices={label: label for label in FUND_SOURCES.values()},
            example="财政衔接资金",
        ),
        Column(
            "document",
            "文号",
            aliases="资金文号 下达文号 资金文件 文件号 文件文号",
            length=100,
            example="示例财〔2021〕1号",
        ),
        Column(
            "lines",
            "各笔金额(万元)",
            aliases="各笔金额",
            hint="只有一笔的留空；几笔的以；分开，资金来源、文号也以；分开",
        ),
        Column(
            "fund_years",
            "资金年度",
            "list",
            hint="与建设年度相同的留空；几笔的以；分开，不详的写“不详”",
        ),
        Column("grant", "中央补助", "money", "中央补助资金 中央资金 中央财政补助 其中 中央", printed=False),
        Column("own", "自筹", "money", "自筹资金 企业自筹 群众自筹", printed=False),
        Column("settled", "结算价", "money", "结算金额 决算金额 决算价 竣工决算 审定金额", printed=False),
        Column(
            "planned", "计划投资", "money", "计划资金 计划总投资 预算投资 批复资金 批复金额", printed=False
        ),
        Column("fee", "管理费", "money", "项目管理费", printed=False),
        Column("rest", "项目结余", "money", "结余 结余资金 资金结余", printed=False),
        Column(
            "group_amount",
            "补助总金额",
            "group_total",
            "分组合计 乡镇合计 乡镇小计 小计金额 镇合计",
            printed=False,
        ),
        Column(
            "department",
            "主管部门",
            aliases="责任单位 项目实施主管部门 项目主管部门 主管单位 责任部门 实施主管部门 行业主管部门",
            example="示例县农业农村委",
        ),
        Column(
            "former_poor_village",
            "是否脱贫村",
            "yes_no",
            "项目所在村是否为脱贫村 是否为脱贫村 脱贫村",
            example="是",
        ),
        Column("subsisting", "是否处于存续期", "yes_no", "存续期 是否存续 处于存续期", example="是"),
        Column(
            "operating_assets",
            "是否形成经营性资产",
            "yes_no",
            "经营性资产 形成经营性资产",
            example="是",
        ),
        Column(
            "project",
            "台账编号",
            "id",
            "台账内部编号",
            hint="由台账填写，用于再次导入时对上；新项目留空",
        ),
        *UNREAD,
    ),
)

# What of a project a row can say, and the columns by which it does; what has none is part of every row.
COMPARED: Mapping[str, tuple[str, ...]] = {
    "number": ("number",),
    "name": (),
    "areas": ("area",),
    "place": (),
    "build_year": (),
    "operator": ("operator",),
    "scale": ("scale",),
    "category": ("category",),
    "content": ("content", "grant", "own", "settled", "planned", "fee", "rest"),
    "department": ("department",),
    "former_poor_village": ("former_poor_village",),
    "subsisting": ("subsisting",),
    "operating_assets": ("operating_assets",),
    "fund_lines": (),
}
_LABELS = {
    "planned": "计划投资",
    "amount": "总投资",
    "settled": "结算价",
    "grant": "中央补助",
    "own": "自筹",
    "fee": "管理费",
    "rest": "项目结余",
}
_SOURCE_BY_LABEL = {folded(label): source for source, label in FUND_SOURCES.items()}


def said(fields: Mapping[str, Any], as_read: Mapping[str, str], paper: str) -> dict[str, Any]:
    """What a row itself says of its project, in the words of `project.list.v1`. `paper` is the title of the table or notice."""
    lines = _fund_lines(fields, as_read, paper)
    return {
        "build_year": fields["build_year"],
        "category": fields.get("category", ""),
        "contact": "",
        "content": _content(fields, as_read),
        "department": fields.get("department", ""),
        "former_poor_village": fields.get("former_poor_village"),
        "fund_lines": lines,
        "name": fields["name"],
        "number": fields.get("number", ""),
        "operating_assets": fields.get("operating_assets"),
        "operator": fields.get("operator", ""),
        "place": fields["place"],
        "scale": fields.get("scale", ""),
        "subsisting": fields.get("subsisting"),
        "total_fen": None if fields.get("funds_unknown") else sum(line["amount_fen"] for line in lines),
    }


def _fund_lines(fields: Mapping[str, Any], as_read: Mapping[str, str], paper: str) -> list[dict[str, Any]]:
    """The assistance funds of a row: the grant where a total investment stands beside it, else the amount."""
    if fields.get("funds_unknown"):
        return []
    years = _years(fields)
    if "lines_fen" in fields:
        return [
            _line(fields, fen, text, source, document, paper, year)
            for fen, text, source, document, year in zip(
                fields["lines_fen"],
                _parts(fields, "lines"),
                _parts(fields, "source"),
                _parts(fields, "document"),
                years,
                strict=True,
            )
        ]
    key = "grant" if "grant_fen" in fields else "amount"
    source, document = str(fields.get("source", "")), str(fields.get("document", ""))
    if not source and key == "grant":
        source = str(fields.get("grant_remark", "")).lstrip("为系，, ")
    return [_line(fields, fields[f"{key}_fen"], as_read[key], source, document, paper, years[0])]


def _years(fields: Mapping[str, Any]) -> list[int | None]:
    """The year of each line of funds: that of the building, unless it is said."""
    count = len(fields.get("lines_fen", (0,)))
    said = fields.get("fund_years", ())
    if len(said) != count:
        return [fields["build_year"]] * count
    found = [read_year(one) for one in said]
    return [year if isinstance(year, int) else None for year in found]


def _parts(fields: Mapping[str, Any], key: str) -> list[str]:
    """The parts of a cell that speaks of several funds, as many as there are amounts."""
    count = len(fields["lines_fen"])
    parts = [part.strip() for part in str(fields.get(key, "")).replace(";", "；").split("；")]
    return parts if len(parts) == count else [""] * count


def _line(
    fields: Mapping[str, Any],
    fen: int,
    text: str,
    cell: str,
    document: str,
    paper: str,
    year: int | None,
) -> dict[str, Any]:
    label = _SOURCE_BY_LABEL.get(folded(cell))
    group = label or (fund_source(cell) if cell else fund_source(paper))
    return {
        "amount_fen": fen,
        "as_read": text,
        "document": _document("" if label else cell, document)
        or ("" if label else shortened(paper, DOCUMENT_MAX)),
        "source": group,
        "year": year,
    }


def _document(cell: str, document: str) -> str:
    """The paper's own words for the funds, then its number: the group that they are held to be is our reading."""
    room = DOCUMENT_MAX - len(document) - 1
    return "，".join(part for part in (shortened(cell, room) if room > 1 else "", document) if part)


def _content(fields: Mapping[str, Any], as_read: Mapping[str, str]) -> str:
    """The content as read; where the funds are a part of the investment, or the plan differs, the other money follows."""
    content = str(fields.get("content", ""))
    others = [key for key in ("planned", "settled", "grant", "own", "fee", "rest") if f"{key}_fen" in fields]
    if not others:
        return content
    stands_in = fields["amount_fen"] in (fields.get("settled_fen"), fields.get("planned_fen"))
    keys = [key for key in _LABELS if f"{key}_fen" in fields and not (key == "amount" and stands_in)]
    parts = [f"{_LABELS[key]}{Money(fields[f'{key}_fen'])}" for key in keys]
    return f"{content}（{'，'.join(parts)}）"


def cells(held: Mapping[str, Any], identity: str) -> dict[str, str | Decimal | None]:
    """What holds of a project as a row of the export; read again, it says the same."""
    lines = held["fund_lines"]
    years = [line["year"] for line in lines]
    several = len(lines) > 1
    return {
        "number": held["number"],
        "name": held["name"],
        "place": held["place"],
        "area": listed(held["area_names"]),
        "build_year": "不详" if held["build_year"] is None else str(held["build_year"]),
        "operator": held["operator"],
        "scale": held["scale"],
        "category": held["category"],
        "content": held["content"],
        "amount": in_wan(sum(line["amount_fen"] for line in lines)) if lines else NO_FUNDS,
        "source": listed(FUND_SOURCES[line["source"]] for line in lines),
        "document": listed(line["document"] for line in lines),
        "lines": listed(str(in_wan(line["amount_fen"])) for line in lines) if several else None,
        "fund_years": ""
        if all(year == held["build_year"] for year in years)
        else listed("不详" if year is None else str(year) for year in years),
        "department": held["department"],
        **{key: yes_no(held[key]) for key in ("former_poor_village", "subsisting", "operating_assets")},
        "project": identity,
    }
