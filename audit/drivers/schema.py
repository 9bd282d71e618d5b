"""The tables of a log, the same on every database. Nothing in them is believed that is not in an entry or a seal."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

# Byte order on every database: ranges over ids must not follow a locale.
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
_WHOLE = BigInteger().with_variant(Integer, "sqlite")

METADATA = MetaData()

ENTRIES = Table(
    "entries",
    METADATA,
    Column("position", _WHOLE, primary_key=True, autoincrement=False),
    Column("stream", _TEXT, nullable=False),
    Column("version", _WHOLE, nullable=False),
    Column("command", LargeBinary, unique=True),
    Column("leaf", LargeBinary, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    UniqueConstraint("stream", "version"),
)

SUBJECTS = Table(
    "subjects",
    METADATA,
    Column("subject", _TEXT, primary_key=True),
    Column("count", _WHOLE, primary_key=True, autoincrement=False),
    Column("position", _WHOLE, nullable=False),
    Column("earlier", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""The index of subjects (`audit.driver.Posting`): derived from the entries, and renewed not in every commit."""

SEALS = Table(
    "seals",
    METADATA,
    Column("size", _WHOLE, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("indexed", _WHOLE, nullable=False),
)
"""One row for each commit: its seal, and how far the index of subjects reaches since."""

ARCHIVES = Table(
    "archives",
    METADATA,
    Column("sha256", _TEXT, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

WRITER = Table("writer", METADATA, Column("id", Integer, primary_key=True, autoincrement=False))
"""One row, locked by whoever appends, on databases that lock rows."""
