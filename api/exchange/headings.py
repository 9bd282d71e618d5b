"""Headings (栏目) of tables: which canonical field a heading means, and the unit it may carry.

The table is closed: an unknown heading is reported and its column left alone, never guessed at.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from api.exchange.text import folded
from domain.money import Unit

Key = Literal[
    "ordinal",  # 序号, 编号: of this table only, no identity
    "number",  # 项目编号
    "name",  # 项目名称
    "place",  # 地点, as one text
    "county",
    "town",
    "village",
    "build_year",  # 建设年度
    "operator",  # 经营主体
    "scale",  # 规模
    "category",  # 项目类别
    "content",  # 建设内容
    "source",  # 资金来源
    "document",  # 文号
    "amount",  # 金额: the one that adds up to the total
    "grant",  # 中央补助, where a total investment stands beside it
    "own",  # 自筹
    "department",  # 主管部门
    "former_poor_village",  # 是否脱贫村
    "subsisting",  # 存续期
    "operating_assets",  # 经营性资产
    "contact",  # 联系人: personal data, never read
    "remark",  # 备注
]

_ALIASES: dict[Key, str] = {
    "ordinal": "序号 编号 顺序号 No.",
    "number": "项目编号 项目编码 项目代码 项目库编号",
    "name": "项目名称 项目 项目名 工程名称 建设项目 所属项目",
    "place": "村名 建设地点 实施地点 项目地点 项目实施地点 建设地址 地点 项目所在地",
    "county": "区县 县区 县 县(区)",
    "town": "乡镇 乡(镇) 镇 乡 乡镇街道 乡镇(街道) 乡(镇街) 镇街 所在乡镇 乡镇名称",
    "village": "村 行政村 所在村 项目村 村(社区) 村社区 项目所在村",
    "build_year": "建设年度 年度 建设年份 实施年度 年份 建设年限(年) 项目年度",
    "operator": "经营主体 建设单位 实施主体 实施单位 运营主体 承担单位",
    "scale": "规模 规模大小 建设规模 项目规模",
    "category": "类别 项目类别 项目类型 类型",
    "content": "建设内容 建设主要内容 主要建设内容 项目内容 建设任务 建设内容及规模 项目建设内容 内容",
    "source": "资金来源 资金类别 资金性质",
    "document": "文号 资金文号 下达文号 资金文件 文件号",
    "amount": "资金金额 金额 资金 投资规模 总投资 资金规模 投资金额 投入资金 项目资金 投入帮扶资金 帮扶资金 整合资金 "
    "投资总额 总投资额 项目总投资 资金总额 投入",
    "grant": "中央补助 中央补助资金 中央资金 中央财政补助",
    "own": "自筹 自筹资金 企业自筹",
    "department": "责任单位 主管部门 项目实施主管部门 项目主管部门 主管单位 责任部门 实施主管部门",
    "former_poor_village": "是否脱贫村 项目所在村是否为脱贫村 是否为脱贫村 脱贫村",
    "subsisting": "存续期 是否存续 是否处于存续期 处于存续期",
    "operating_assets": "经营性资产 是否形成经营性资产 形成经营性资产",
    "contact": "联系人 联系电话 联系人及电话 电话 负责人 责任人 项目负责人",
    "remark": "备注 说明",
}
MONEY: tuple[Key, ...] = ("amount", "grant", "own")
# Columns in which offices merge equal cells downwards: an empty cell means "as above" (READ-10).
MERGED_DOWN: tuple[Key, ...] = ("county", "town", "category")

_KEYS: dict[str, Key] = {folded(alias): key for key, aliases in _ALIASES.items() for alias in aliases.split()}
assert set(_ALIASES) == set(get_args(Key))
assert len(_KEYS) == sum(len(aliases.split()) for aliases in _ALIASES.values()), "an alias means one thing"

_UNIT = re.compile(r"(?:\((?:单位:?)?(?P<inside>万元|亿元|元)\)|/(?P<after>万元|亿元|元))\Z")
_UNIT_LINE = re.compile(r"\(?(?:金额)?单位:?(?P<unit>万元|亿元|元)\)?(?=\Z|[^\u4e00-\u9fff])")
_REMARK = re.compile(r"\([^()]*\)\Z")
_UNITS: dict[str, Unit] = {"元": "元", "万元": "万元", "亿元": "亿元"}


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: as read, what it means (None: not known), and the unit in it."""

    text: str
    key: Key | None
    unit: Unit | None


def read_heading(text: str) -> Heading:
    """ "总投资 (万元)" means `amount` in 万元; "建設內容(摘)" means `content`."""
    bare, unit = folded(text), None
    if found := _UNIT.search(bare):
        bare, unit = bare[: found.start()], _UNITS[found["inside"] or found["after"]]
    key = _KEYS.get(bare) or _KEYS.get(_REMARK.sub("", bare))
    return Heading(text=text, key=key, unit=unit)


def read_unit_line(text: str) -> Unit | None:
    """The unit of "单位:万元", which stands above many tables; None for every other text."""
    found = _UNIT_LINE.search(folded(text))
    return _UNITS[found["unit"]] if found else None
