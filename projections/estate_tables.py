"""Rows of projects, of assets and of what is owed; tables.py has them with all the others."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, Text

from projections.shared_columns import areas, checked, counted, identity, links, metadata, recorded

# 帮扶产业项目. Text that nobody stated is "", a number or yes-or-no that nobody stated is null.
project = Table(
    "project",
    metadata,
    identity(),
    Column("number", Text, nullable=False),  # 项目编号
    Column("name", Text, nullable=False),
    *areas(),
    Column("area_label", Text, nullable=False),
    Column("build_year", Integer),
    Column("operator", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("scale", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("former_poor_village", Boolean),
    Column("subsisting", Boolean),
    Column("operating_assets", Boolean),
    Column("fund_lines", Text, nullable=False),  # 资金明细
    Column("total_fen", BigInteger, nullable=False),  # the sum of the fund lines
    Column("stated_fen", BigInteger),  # the total that somebody stated
    Column("class", String(20), nullable=False),  # determined; "" 未认定
    Column("class_stage", String(40), nullable=False),
    Column("opined_class", String(20), nullable=False),  # the latest opinion, determined or not
    Column("opined_stage", String(40), nullable=False),
    Column("external", Boolean, nullable=False),  # 外部来源: counted apart
    *checked(),
    Column("row", Text, nullable=False),
    Column("notes", Text, nullable=False),
    counted(),
    Column("said", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    Column("begun_on", String(10), nullable=False),  # as it was first entered, whatever it is rewritten to
    *recorded(),
)

# 资产. Money is what was said of it, carrying what follows; null where nobody knows the original value.
asset = Table(
    "asset",
    metadata,
    identity(),
    Column("number", Text, nullable=False, index=True),  # 资产编号
    Column("name", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("category", Text, nullable=False),
    *areas(),
    Column("area_label", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("projects", Text, nullable=False),
    Column("custodian", String(200), nullable=False),
    Column("condition", String(20), nullable=False, index=True),  # "" when nobody has said
    Column("owner_type", String(20), nullable=False),
    Column("shares", Text, nullable=False),
    Column("registered", Boolean, nullable=False),  # 确权登记
    Column("certificate", Text, nullable=False),
    Column("disputed", Boolean),
    Column("encumbered", Boolean),
    Column("booked_on", String(10), nullable=False),
    Column("original_fen", BigInteger),
    Column("additions_fen", BigInteger, nullable=False),
    Column("depreciation_fen", BigInteger, nullable=False),
    Column("disposed_fen", BigInteger, nullable=False),
    Column("carrying_fen", BigInteger),
    Column("stated_carrying_fen", BigInteger),  # as somebody stated it for the day of the opening
    Column("open_disposal", String(200), nullable=False),
    Column("gone_on", String(10), nullable=False),  # 核销日期; "" while it is in the books
    Column("open", Boolean, nullable=False),  # in the books: not derecognised
    Column("external", Boolean, nullable=False),
    *checked(),
    Column("row", Text, nullable=False),
    Column("notes", Text, nullable=False),  # of its opening
    counted(),
    Column("said", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    *recorded(),
)

asset_project = links("asset_project", "asset", "project")

# 债权债务: one row with two sides. What follows from what was said is as of now.
obligation = Table(
    "obligation",
    metadata,
    identity(),
    Column("number", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("category", String(20), nullable=False),
    *areas(),
    Column("area_label", Text, nullable=False),
    Column("assets", Text, nullable=False),
    Column("projects", Text, nullable=False),
    Column("creditor", Text, nullable=False),
    Column("creditor_kind", String(20), nullable=False),  # "" when nobody knows the creditor
    Column("creditor_name", Text, nullable=False, index=True),  # of a body
    Column("debtor", Text, nullable=False),
    Column("debtor_kind", String(20), nullable=False),
    Column("debtor_name", Text, nullable=False, index=True),
    Column("principal_fen", BigInteger),
    Column("interest_fen", BigInteger, nullable=False),
    Column("paid_fen", BigInteger, nullable=False),
    Column("offset_fen", BigInteger, nullable=False),
    Column("written_off_fen", BigInteger, nullable=False),
    Column("outstanding_fen", BigInteger),
    Column("open", Boolean, nullable=False),  # owing: what nobody knows the sum of is not settled
    Column("stated_outstanding_fen", BigInteger),  # as somebody stated it for the day of the registration
    Column("due_on", String(10), nullable=False),  # of the last instalment, where there are any
    Column("limitation_until", String(10), nullable=False, index=True),
    Column("confirmed", Boolean, nullable=False),  # 双方确认
    Column("external", Boolean, nullable=False),
    *checked(),
    Column("row", Text, nullable=False),
    Column("notes", Text, nullable=False),  # of its registration
    counted(),
    Column("said", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    *recorded(),
)

# What an obligation is about: projects and assets.
obligation_about = links("obligation_about", "obligation", "subject")
