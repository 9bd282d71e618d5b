"""Columns that registers of every noun may have: where a row belongs, and what of a table is left alone."""

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
