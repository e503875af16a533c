"""Several files may be sources of one text, and each run that brings letters has a number, by which it can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(operations: Operations) -> None:
    """From version 3. What was there before counts as having come one by one; it stays as it was chosen."""
    operations.add_column("versions", sa.Column("source_of", sa.Integer))
    operations.add_column("versions", sa.Column("ingestion", sa.Integer, nullable=False, server_default="0"))
    operations.execute("UPDATE versions SET ingestion = version_id")
    operations.create_table(
        "ingestions",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("began_at", sa.Text, nullable=False),
        sa.Column("undone_at", sa.Text),
    )
