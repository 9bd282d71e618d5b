"""What a row is about, by its words: what is no assistance project (READ-11), and which group of funds pays.

Small tables on purpose. A word that is not here leaves the row a project, and its funds `other` with the paper that
names them; roads, water supply and other public works (公益性项目) are projects.
"""

import re

from api.exchange.text import folded
from domain.scope import FundSource

_NO_PROJECT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("贷款贴息", re.compile(r"贴息")),
    ("培训补助", re.compile(r"雨露计划|培训补[助贴]|技能培训")),
    ("务工补贴", re.compile(r"务工补[助贴]|就业补[助贴]|工资补[助贴]|交通补[助贴]|外出务工")),
)

# 四类帮扶资金 (种子 一(二)). The first that matches counts: 统筹整合 funds are named 扶贫资金 too.
_SOURCES: tuple[tuple[FundSource, re.Pattern[str]], ...] = (
    ("integrated", re.compile(r"统筹整合|整合资金|涉农整合")),
    ("cooperation", re.compile(r"东西部?协作|东西部扶贫协作|对口协作")),
    ("designated", re.compile(r"定点帮扶|定点扶贫")),
    ("fiscal", re.compile(r"衔接.*资金|乡村振兴补助|扶贫(专项)?资金|财政扶贫")),
)


def no_project(text: str) -> str | None:
    """What a row is when it is no project ("贷款贴息"), by its name or, without a name, by its place."""
    plain = folded(text)
    return next((kind for kind, words in _NO_PROJECT if words.search(plain)), None)


def fund_source(text: str) -> FundSource:
    """The group of funds that a title or a cell names; `other` when it names none of the four."""
    plain = folded(text)
    return next((source for source, words in _SOURCES if words.search(plain)), "other")
