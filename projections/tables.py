"""Every read table. Portable SQL; the columns named in `JSON` hold compact JSON; money is integer fen.

Nothing here is believed: rows are made from entries and may be made again (D14). A row is changed only by
entries that name it, so a row knows the first (`position`) and last (`last_position`) entry that made it.
"""

import hashlib

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.schema import CreateTable

metadata = MetaData()

JSON = frozenset({"areas", "row", "notes", "needs", "excepted", "said"})


def _id(name: str = "id", *, primary_key: bool = True, index: bool = False) -> Column[str]:
    return Column(name, String(200), primary_key=primary_key, index=index, nullable=False)


# The next position to follow, entries passed over because no handler knows their event, shape of the tables.
position = Table(
    "position",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("next", BigInteger, nullable=False),
    Column("passed_over", BigInteger, nullable=False),
    Column("shape", String(64), nullable=False),
)

# Which process follows, and until when unless it says so again.
lease = Table(
    "lease",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("holder", String(200), nullable=False),
    Column("until", String(27), nullable=False),
)

# 区域
area = Table(
    "area",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("parent", String(200), nullable=False, index=True),
    Column("division_code", String(12), nullable=False),
    Column("said", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("last_position", BigInteger, nullable=False),
)

# 批次
batch = Table(
    "batch",
    metadata,
    _id(),
    Column("rows", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("sum_fen", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("endorsed_at", BigInteger),
    Column("excepted", Text, nullable=False),
    Column("recorded_at", String(27), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("last_position", BigInteger, nullable=False),
)

# 帮扶产业项目. Text that nobody stated is "", a number or yes-or-no that nobody stated is null.
project = Table(
    "project",
    metadata,
    _id(),
    Column("number", Text, nullable=False),  # 项目编号
    Column("name", Text, nullable=False),
    Column("areas", Text, nullable=False),
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
    Column("total_fen", BigInteger, nullable=False),  # the sum of the fund lines
    Column("stated_fen", BigInteger),  # the total that somebody stated
    Column("class", String(20), nullable=False, index=True),  # determined; "" 未认定
    Column("class_stage", String(40), nullable=False),
    Column("opined_class", String(20), nullable=False),  # the latest opinion, determined or not
    Column("opined_stage", String(40), nullable=False),
    Column("external", Boolean, nullable=False),  # 外部来源: counted apart
    Column("checked", Boolean, nullable=False),  # 已核 / 未核
    Column("endorsed_at", BigInteger),  # position of its own endorsement
    Column("batch", String(200), nullable=False, index=True),
    Column("batch_index", Integer),
    Column("row", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    Column("recorded_at", String(27), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("last_position", BigInteger, nullable=False),
)

# 资金明细
fund_line = Table(
    "fund_line",
    metadata,
    _id("project"),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("year", Integer),
    Column("amount_fen", BigInteger, nullable=False),
    Column("as_read", Text, nullable=False),
    sqlite_with_rowid=False,
)

project_area = Table(
    "project_area",
    metadata,
    _id("project"),
    Column("area", String(200), primary_key=True, nullable=False, index=True),
    sqlite_with_rowid=False,
)

# 提议. Whether an open one has expired depends on the day of the reader.
proposal = Table(
    "proposal",
    metadata,
    _id(),
    Column("kind", String(40), nullable=False),
    Column("label", Text, nullable=False),
    Column("subject", String(200), nullable=False, index=True),
    Column("subject_version", Integer, nullable=False),
    Column("expires_on", String(10), nullable=False),
    Column("needs", Text, nullable=False),
    Column("endorsed", Integer, nullable=False),  # how many of the needs are met
    Column("status", String(20), nullable=False, index=True),  # open | completed | withdrawn
    Column("recorded_at", String(27), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("last_position", BigInteger, nullable=False),
)

Index("project_open_to_check", project.c.checked, project.c.external)
Index("project_in_order", project.c.position)
# Sums are read from here alone: rows are long.
Index(
    "project_sums",
    project.c["class"],
    project.c.external,
    project.c.checked,
    project.c.total_fen,
    project.c.id,
)


def shape() -> str:
    """What changes when a table changes; then the rows are made anew."""
    text = "".join(str(CreateTable(table)) for table in metadata.sorted_tables)
    return hashlib.sha256(text.encode()).hexdigest()


# The tables whose rows are made from entries alone: what a rebuild compares.
DERIVED: tuple[Table, ...] = tuple(
    table for table in metadata.sorted_tables if table not in (position, lease)
)
