"""Columns that registers of every noun may have: where a row belongs, and what of a table is left alone.

And how what holds of a subject stands in a cell of the export.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from api.exchange.schema import Column

ORDINAL = Column("ordinal", "序号", "ordinal", "编号 顺序号 No. NO 序")
PLACES: tuple[Column, ...] = (
    Column(
        "place",
        "项目地点",
        aliases="村名 建设地点 实施地点 项目实施地点 建设地址 地点 项目所在地 实施地址 坐落 坐落地点 存放地点 存放/坐落地点 资产坐落地点 所在地",
        is_place=True,
    ),
    Column(
        "village",
        "村",
        aliases="行政村 所在村 项目村 村(社区) 村社区 项目所在村 村居 村(居)",
        is_place=True,
        printed=False,
        merged_down=False,
    ),
    Column(
        "town",
        "乡镇",
        aliases="乡(镇) 镇 乡 乡镇街道 乡镇(街道) 乡(镇街) 乡(街道) 乡镇(街道办) 镇街 镇(街) 所在乡镇 乡镇名称",
        is_place=True,
        printed=False,
        merged_down=True,
    ),
    Column("county", "区县", aliases="县区 县 县(区) 区(县)", is_place=True, printed=False, merged_down=True),
)
AREA = Column(
    "area",
    "所属区域",
    "area",
    hint="已登记的村或乡镇；几个的以；分开；留空的按项目地点",
)
PAPERS: tuple[Column, ...] = (
    Column(
        "papers_present",
        "已有材料",
        "list",
        "现有材料 已有资料",
        hint="建账时手里有的，各项以；分开",
        example="验收单；移交清单",
    ),
    Column(
        "papers_missing",
        "缺少材料",
        "list",
        "缺失材料 缺少资料",
        hint="应有而没有的，各项以；分开",
        example="不动产权证",
    ),
)
UNREAD: tuple[Column, ...] = (
    Column(
        "contact",
        "联系人",
        "unread",
        "联系电话 联系人及电话 电话 负责人 责任人 项目负责人 身份证号 身份证号码 银行账号 经手人 证明人 管护责任人",
        printed=False,
    ),
    Column("remark", "备注", "unread", "说明", printed=False),
    # Our own, of an annotated copy.
    Column("result", "导入结果", "unread", printed=False, only_exported=True),
)

_QUANTITY = re.compile(r"(?P<number>[0-9]{1,12}(?:\.[0-9]{1,6})?)?(?P<measure>.*)\Z")


def plain(number: Decimal) -> str:
    """Without noughts at the end, and without an exponent."""
    return f"{number.normalize():f}"


def in_wan(fen: int | None) -> Decimal | None:
    """Fen in 万元, without noughts at the end."""
    return None if fen is None else Decimal(plain(Decimal(fen) / 1_000_000))


def yes_no(value: bool | None) -> str | None:
    return {True: "是", False: "否", None: None}[value]


def label_of(labels: Mapping[str, str], value: str) -> str:
    """The first label of a value; nothing for what nobody knows."""
    return next((label for label, one in labels.items() if one == value), "")


def listed(texts: Iterable[str]) -> str:
    return "；".join(texts)


def parted(quantity: str) -> tuple[str, str]:
    """A quantity as its number and what it counts: "1座"; what begins with no number is all of it the latter."""
    found = _QUANTITY.match(quantity)
    return ("", quantity) if found is None else (found["number"] or "", found["measure"])
