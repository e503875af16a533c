"""Figures keep which indicator they measure, of what, and by how much as a number: the ledger is filtered and paired by the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

from rag.figure_columns import indicator_of, part_of

_READ = sa.text("SELECT version_id, position, name, place, subject, period, value_base FROM figures")
_WRITE = sa.text(
    "UPDATE figures SET indicator = :indicator, scope = :scope, part = :part, number = :number"
    " WHERE version_id = :version_id AND position = :position"
)


def upgrade(operations: Operations) -> None:
    """From version 2. The table is spoken to in plain SQL: later versions of it have other columns."""
    for name in ("indicator", "scope", "part"):
        operations.add_column("figures", sa.Column(name, sa.Text, nullable=False, server_default=""))
    operations.add_column("figures", sa.Column("number", sa.Float, nullable=False, server_default="0"))
    operations.create_index("figures_by_indicator", "figures", ["indicator", "scope", "year"])
    operations.create_index("versions_by_day", "versions", ["is_current", "issued_on"])
    connection = operations.get_bind()
    rows = [
        {
            "version_id": row.version_id, "position": row.position, "indicator": indicator_of(row.name, row.place),
            "scope": row.subject or row.place or "", "part": part_of(row.period), "number": float(row.value_base),
        }
        for row in connection.execute(_READ)
    ]  # fmt: skip
    if rows:
        connection.execute(_WRITE, rows)
