"""Rows of areas, parameters, load sessions, batches and proposals; tables.py has them with all the others."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from projections.shared_columns import areas, identity, metadata, recorded

# 区域
area = Table(
    "area",
    metadata,
    identity(),
    Column("name", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("parent", String(200), nullable=False, index=True),
    Column("successors", Text, nullable=False),  # what has taken its place
    Column("division_code", String(12), nullable=False),
    Column("said", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("last_position", BigInteger, nullable=False),
)

# 参数
parameter = Table(
    "parameter",
    metadata,
    identity(),
    Column("name", String(80), nullable=False, index=True),
    Column("settings", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("last_position", BigInteger, nullable=False),
)

# 集中登记场次
load = Table(
    "load",
    metadata,
    identity(),
    Column("number", Text, nullable=False),  # "" until it is open
    Column("name", Text, nullable=False),
    *areas(),
    Column("under", Text, nullable=False),  # what is counted in it, see load.py
    Column("area_label", Text, nullable=False),
    Column("cut_over_on", String(10), nullable=False),
    Column("phase", String(20), nullable=False, index=True),  # proposed | open | closing | closed
    Column("proposal", String(200), nullable=False),  # the one made last
    Column("population", Text, nullable=False),  # as stated
    Column("loaded", Text, nullable=False),  # as signed at the closing
    Column("difference", Text, nullable=False),
    Column("explanation", Text, nullable=False),
    Column("opened_at", BigInteger),
    Column("closing_at", BigInteger),
    Column("said", Text, nullable=False),
    *recorded(),
)

# 批次
batch = Table(
    "batch",
    metadata,
    identity(),
    Column("rows", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("sum_fen", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("endorsed_at", BigInteger),
    Column("excepted", Text, nullable=False),
    *recorded(),
)

# 提议. Whether an open one has expired depends on the day of the reader.
proposal = Table(
    "proposal",
    metadata,
    identity(),
    Column("kind", String(40), nullable=False),
    Column("label", Text, nullable=False),
    Column("subject", String(200), nullable=False, index=True),
    Column("subject_version", Integer, nullable=False),
    Column("expires_on", String(10), nullable=False),
    Column("needs", Text, nullable=False),
    Column("endorsed", Integer, nullable=False),  # how many of the needs are met
    Column("status", String(20), nullable=False, index=True),  # open | completed | withdrawn
    *recorded(),
)
