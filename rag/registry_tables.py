"""The tables of the registry. A change of them is a new schema version: a step in rag/migrations brings older stores up to it."""

from __future__ import annotations

import sqlalchemy as sa

from rag.rows import LISTS, TEXTS

SCHEMA_VERSION = 4

metadata = sa.MetaData()

facts = sa.Table("facts", metadata, sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("version_id", sa.Integer, primary_key=True),
    sa.Column("letter_id", sa.Text, nullable=False, index=True),
    sa.Column("content_hash", sa.Text, nullable=False, unique=True),
    sa.Column("is_current", sa.Boolean, nullable=False),
    sa.Column("source_of", sa.Integer),  # the version whose text is used in place of this one's, being the same
    sa.Column("ingestion", sa.Integer, nullable=False, server_default="0"),
    sa.Column("arrived_at", sa.Text, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    *(sa.Column(name, sa.JSON, nullable=False) for name in LISTS),
    sa.Column("kind", sa.Text, nullable=False),
    *(sa.Column(name, sa.Text) for name in TEXTS),
    sa.Column("issued_on", sa.Date),
    sa.Column("printed_on", sa.Date),
    sa.Column("reissue", sa.Boolean, nullable=False),
    sa.Index("versions_by_day", "is_current", "issued_on"),
    sqlite_autoincrement=True,  # numbers are never used again, so that a cached version is never another one
)


ingestions = sa.Table(  # runs that brought something; a version of an earlier schema has a number that is not in here
    "ingestions",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("began_at", sa.Text, nullable=False),
    sa.Column("undone_at", sa.Text),
)


def _of_version() -> sa.Column[int]:
    return sa.Column("version_id", sa.ForeignKey("versions.version_id", ondelete="CASCADE"), primary_key=True)


sentences = sa.Table(
    "sentences",
    metadata,
    _of_version(),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("section", sa.JSON, nullable=False),
    sa.Column("page", sa.Integer),
    sa.Column("table_number", sa.Integer),
    sa.Column("caption", sa.Text),
    sa.Column("boxes", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("scanned", sa.Boolean, nullable=False, server_default="0"),
    sa.Column("doubtful", sa.JSON, nullable=False, server_default="[]"),
)

figures = sa.Table(
    "figures",
    metadata,
    _of_version(),
    sa.Column("position", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "value", "unit", "value_base", "unit_base")),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("comparator", "period", "status", "measure")),
    *(sa.Column(name, sa.Integer, nullable=False) for name in ("sentence", "start", "end")),
    *(sa.Column(name, sa.Integer) for name in ("year", "header")),
    *(sa.Column(name, sa.Text) for name in ("subject", "place", "high", "high_base", "doubt")),
    sa.Column("revoked", sa.Boolean, nullable=False),
    sa.Column("name_group", sa.Text, nullable=False),
    # computed from the others by rag.figure_columns, to filter, group and pair by
    *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in ("indicator", "scope", "part")),
    sa.Column("number", sa.Float, nullable=False, server_default="0"),
    sa.Index("figures_by_indicator", "indicator", "scope", "year"),
)

chunks = sa.Table(
    "chunks",
    metadata,
    sa.Column("chunk_key", sa.Integer, primary_key=True),
    sa.Column("version_id", sa.ForeignKey("versions.version_id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("vector_key", sa.Text, nullable=False, unique=True),
    sa.Column("chunk_id", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("context", sa.Text, nullable=False),
    *(sa.Column(name, sa.Integer, nullable=False) for name in ("first_sentence", "last_sentence", "tokens")),
    sqlite_autoincrement=True,
)

vectors = sa.Table(  # of a chunk and each of its sentences, packed; `series` tells which embedding run they are of
    "vectors",
    metadata,
    sa.Column("series", sa.Integer, primary_key=True),
    sa.Column("chunk_key", sa.ForeignKey("chunks.chunk_key", ondelete="CASCADE"), primary_key=True, index=True),
    sa.Column("packed", sa.LargeBinary, nullable=False),
)

pending = sa.Table(  # keys that the vector index may hold and the registry does not: swept by the next writer
    "pending", metadata, sa.Column("vector_key", sa.Text, primary_key=True)
)
