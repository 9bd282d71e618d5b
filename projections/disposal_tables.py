"""Rows of documents, meetings, notices and disposals; tables.py has them with all the others."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from projections.shared_columns import areas, checked, counted, identity, links, metadata, recorded

# 材料
document = Table(
    "document",
    metadata,
    identity(),
    Column("kind", String(20), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("number", Text, nullable=False, index=True),
    Column("issuer", Text, nullable=False),
    Column("issued_on", String(10), nullable=False),
    Column("quality", String(20), nullable=False),
    Column("hash", String(64), nullable=False),  # salted; "" where there is no file
    Column("pages", Integer, nullable=False),
    Column("amount_fen", BigInteger),
    *areas(),
    Column("subjects", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    counted(),
    Column("said", Text, nullable=False),
    *recorded(),
)

document_subject = links("document_subject", "document", "subject")

# 会议
meeting = Table(
    "meeting",
    metadata,
    identity(),
    Column("name", Text, nullable=False),
    Column("body", String(20), nullable=False),
    *areas(),
    Column("area_label", Text, nullable=False),
    Column("entitled", Integer, nullable=False),
    Column("present", Integer, nullable=False),
    Column("notified_on", String(10), nullable=False),
    Column("party_discussed", Boolean),
    Column("authorised", Boolean),
    Column("no_rceo", Boolean),
    Column("minutes", String(200), nullable=False),
    Column("evidence", String(20), nullable=False),
    *checked(),
    Column("notes", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    counted(),
    Column("said", Text, nullable=False),
    *recorded(),
)

# 决议
meeting_resolution = Table(
    "meeting_resolution",
    metadata,
    identity("meeting"),
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
    identity(),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("subject", String(200), nullable=False, index=True),
    *areas(),
    Column("board", Text, nullable=False),
    Column("reviewed", Boolean),
    Column("posted_on", String(10), nullable=False),
    Column("until", String(10), nullable=False),
    Column("closed_on", String(10), nullable=False),  # "" while it runs
    Column("objections", BigInteger, nullable=False),
    Column("answered", BigInteger, nullable=False),
    Column("proof", String(200), nullable=False),
    *checked(),
    Column("notes", Text, nullable=False),
    counted(),
    Column("said", Text, nullable=False),
    *recorded(),
)

# 处置. What a step has not said yet is "" or null.
disposal = Table(
    "disposal",
    metadata,
    identity(),
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
    *areas(),
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
    *checked(),
    Column("notes", Text, nullable=False),  # of all its steps
    Column("occurred_on", String(10), nullable=False),
    counted(),
    Column("said", Text, nullable=False),
    *recorded(),
)

# Which of the open ones have run out of time.
Index("disposal_term", disposal.c.open, disposal.c.expires_on)

disposal_asset = links("disposal_asset", "disposal", "asset")
