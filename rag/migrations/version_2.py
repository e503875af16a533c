"""Sentences keep where they stand on the page, and which of their numbers a scan left in doubt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(operations: Operations) -> None:
    """From version 1. What was read before stays without places: its file would have to be read again."""
    operations.add_column("sentences", sa.Column("boxes", sa.JSON, nullable=False, server_default="[]"))
    operations.add_column("sentences", sa.Column("scanned", sa.Boolean, nullable=False, server_default="0"))
    operations.add_column("sentences", sa.Column("doubtful", sa.JSON, nullable=False, server_default="[]"))
