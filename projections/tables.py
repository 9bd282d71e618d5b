"""Every read table. Portable SQL; the columns named in `JSON` hold compact JSON; money is integer fen.

Nothing here is believed: rows are made from entries and may be made again (D14). A row is changed only by
entries that name it, so a row knows the first (`position`) and last (`last_position`) entry that made it.
"""

import hashlib
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.schema import CreateIndex, CreateTable

from projections.tally import Tally, tally_of

metadata = MetaData()

JSON = frozenset(
    {
        "areas",
        "assets",
        "counterparty",
        "creditor",
        "debtor",
        "difference",
        "done",
        "entries",
        "excepted",
        "fund_lines",
        "loaded",
        "needs",
        "notes",
        "population",
        "projects",
        "row",
        "said",
        "shares",
        "subjects",
        "successors",
    }
)


def _id(name: str = "id", *, primary_key: bool = True, index: bool = False) -> Column[str]:
    return Column(name, String(200), primary_key=primary_key, index=index, nullable=False)


def _recorded() -> tuple[Column[Any], ...]:
    """When the subject was first recorded, and by which entries the row was made."""
    return (
        Column("recorded_at", String(27), nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("last_position", BigInteger, nullable=False),
    )


def _checked() -> tuple[Column[Any], ...]:
    """已核 / 未核; who must check what, see entered.py; the batch of the entry that says what the subject is."""
    return (
        Column("checked", Boolean, nullable=False),
        Column("entries", Text, nullable=False),
        Column("batch", String(200), nullable=False, index=True),
    )


def _areas() -> tuple[Column[Any], ...]:
    """In which areas the subject lies, and the territory that these are together (territory.py)."""
    return Column("areas", Text, nullable=False), Column("territory", String(32), nullable=False)


def _counted() -> Column[str]:
    """What it was registered a second time of (CORR-6): not counted then; "" otherwise."""
    return Column("duplicate_of", String(200), nullable=False)


def _links(name: str, owner: str, other: str) -> Table:
    """Lines of an owner that name others: areas, projects, assets."""
    return Table(
        name,
        metadata,
        _id(owner),
        Column(other, String(200), primary_key=True, nullable=False, index=True),
        sqlite_with_rowid=False,
    )


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
    _id(),
    Column("name", String(80), nullable=False, index=True),
    Column("settings", Text, nullable=False),
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
    *_recorded(),
)

# 帮扶产业项目. Text that nobody stated is "", a number or yes-or-no that nobody stated is null.
project = Table(
    "project",
    metadata,
    _id(),
    Column("number", Text, nullable=False),  # 项目编号
    Column("name", Text, nullable=False),
    *_areas(),
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
    *_checked(),
    Column("row", Text, nullable=False),
    Column("notes", Text, nullable=False),
    _counted(),
    Column("said", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    *_recorded(),
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
    *_recorded(),
)

# 集中登记场次
load = Table(
    "load",
    metadata,
    _id(),
    Column("number", Text, nullable=False),  # "" until it is open
    Column("name", Text, nullable=False),
    *_areas(),
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
    *_recorded(),
)

# 资产. Money is what was said of it, carrying what follows; null where nobody knows the original value.
asset = Table(
    "asset",
    metadata,
    _id(),
    Column("number", Text, nullable=False, index=True),  # 资产编号
    Column("name", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("category", Text, nullable=False),
    *_areas(),
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
    *_checked(),
    Column("row", Text, nullable=False),
    Column("notes", Text, nullable=False),  # of its opening
    _counted(),
    Column("said", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    *_recorded(),
)

asset_project = _links("asset_project", "asset", "project")

# 债权债务: one row with two sides. What follows from what was said is as of now.
obligation = Table(
    "obligation",
    metadata,
    _id(),
    Column("number", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("category", String(20), nullable=False),
    *_areas(),
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
    *_checked(),
    Column("row", Text, nullable=False),
    Column("notes", Text, nullable=False),  # of its registration
    _counted(),
    Column("said", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    *_recorded(),
)

# What an obligation is about: projects and assets.
obligation_about = _links("obligation_about", "obligation", "subject")

# 材料
document = Table(
    "document",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("number", Text, nullable=False, index=True),
    Column("issuer", Text, nullable=False),
    Column("issued_on", String(10), nullable=False),
    Column("quality", String(20), nullable=False),
    Column("hash", String(64), nullable=False),  # salted; "" where there is no file
    Column("pages", Integer, nullable=False),
    Column("amount_fen", BigInteger),
    *_areas(),
    Column("subjects", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    _counted(),
    Column("said", Text, nullable=False),
    *_recorded(),
)

document_subject = _links("document_subject", "document", "subject")

# 会议
meeting = Table(
    "meeting",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("body", String(20), nullable=False),
    *_areas(),
    Column("area_label", Text, nullable=False),
    Column("entitled", Integer, nullable=False),
    Column("present", Integer, nullable=False),
    Column("notified_on", String(10), nullable=False),
    Column("party_discussed", Boolean),
    Column("authorised", Boolean),
    Column("no_rceo", Boolean),
    Column("minutes", String(200), nullable=False),
    Column("evidence", String(20), nullable=False),
    *_checked(),
    Column("notes", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    _counted(),
    Column("said", Text, nullable=False),
    *_recorded(),
)

# 决议
meeting_resolution = Table(
    "meeting_resolution",
    metadata,
    _id("meeting"),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("matter", String(20), nullable=False),
    Column("subject", String(200), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("agreed", BigInteger, nullable=False),
    Column("against", BigInteger, nullable=False),
    Column("abstained", BigInteger, nullable=False),
    Column("amount_fen", BigInteger),
    Column("passed", Boolean, nullable=False),  # by the law of the day of the meeting
)

# 公示
notice = Table(
    "notice",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("subject", String(200), nullable=False, index=True),
    *_areas(),
    Column("board", Text, nullable=False),
    Column("reviewed", Boolean),
    Column("posted_on", String(10), nullable=False),
    Column("until", String(10), nullable=False),
    Column("closed_on", String(10), nullable=False),  # "" while it runs
    Column("objections", BigInteger, nullable=False),
    Column("answered", BigInteger, nullable=False),
    Column("proof", String(200), nullable=False),
    *_checked(),
    Column("notes", Text, nullable=False),
    _counted(),
    Column("said", Text, nullable=False),
    *_recorded(),
)

# 处置. What a step has not said yet is "" or null.
disposal = Table(
    "disposal",
    metadata,
    _id(),
    Column("number", Text, nullable=False, index=True),  # 处置编号
    Column("name", Text, nullable=False),
    Column("method", String(20), nullable=False, index=True),
    Column("owner_type", String(20), nullable=False),
    Column("ground", String(20), nullable=False),
    Column("project", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("months", Integer),
    Column("expires_on", String(10), nullable=False),  # "" of a fact
    Column("land_house_vehicle", Boolean, nullable=False),
    *_areas(),
    Column("assets", Text, nullable=False),
    Column("stage", String(20), nullable=False),  # the furthest step taken
    Column("ending", String(20), nullable=False, index=True),  # "" while it is open
    Column("open", Boolean, nullable=False),
    Column("done", Text, nullable=False),  # step -> [day, position, nature]
    Column("has_facts", Boolean, nullable=False),
    Column("handled", String(20), nullable=False),
    Column("meeting", String(200), nullable=False),
    Column("resolution", Integer),
    Column("document", String(200), nullable=False),
    Column("assurance", String(1), nullable=False),
    Column("level", String(20), nullable=False),
    Column("approval", String(200), nullable=False),
    Column("notice", String(200), nullable=False),
    Column("expected_fen", BigInteger),
    Column("fixed_fen", BigInteger),
    Column("appraised_fen", BigInteger),
    Column("deal_fen", BigInteger),
    Column("received_fen", BigInteger),
    Column("allocated_fen", BigInteger),
    Column("retained_fen", BigInteger),
    Column("account", String(20), nullable=False),
    Column("counterparty", Text, nullable=False),
    Column("voucher", String(200), nullable=False),
    *_checked(),
    Column("notes", Text, nullable=False),  # of all its steps
    Column("occurred_on", String(10), nullable=False),
    _counted(),
    Column("said", Text, nullable=False),
    *_recorded(),
)

# Which of the open ones have run out of time.
Index("disposal_term", disposal.c.open, disposal.c.expires_on)

disposal_asset = _links("disposal_asset", "disposal", "asset")

# Of which subjects a batch brought a later entry that still waits.
awaiting = _links("awaiting", "subject", "batch")

# Which areas make up a territory.
territory_area = _links("territory_area", "territory", "area")


TALLIES: dict[Table, Tally] = {}


def _tallied(rows: Table, *by: str, fen: tuple[str, ...] = ()) -> None:
    TALLIES[rows] = tally_of(rows, by, fen)


_tallied(project, "class", "external", "checked", fen=("total_fen", "stated_fen"))
_tallied(asset, "owner_type", "open", "external", "checked", fen=("original_fen", "carrying_fen"))
_tallied(obligation, "category", "open", "external", "checked", fen=("principal_fen", "outstanding_fen"))
_tallied(disposal, "stage", "open", "checked", fen=("expected_fen",))
_tallied(meeting, "body", "checked")
_tallied(notice, "kind", "checked")
_tallied(document, "kind")
_tallied(load, "phase")


def shape() -> str:
    """What changes when a table or an index changes; then the rows are made anew."""
    made = [CreateTable(table) for table in metadata.sorted_tables]
    found = [CreateIndex(one) for table in metadata.sorted_tables for one in sorted(table.indexes, key=str)]
    text = "".join(str(one) for one in (*made, *found))
    return hashlib.sha256(text.encode()).hexdigest()


# The tables whose rows are made from entries alone: what a rebuild compares.
DERIVED: tuple[Table, ...] = tuple(
    table for table in metadata.sorted_tables if table not in (position, lease)
)
