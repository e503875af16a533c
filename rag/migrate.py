"""Brings the registry of an earlier version of this program up to the present schema: step by step, in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from alembic.migration import MigrationContext
from alembic.operations import Operations

from rag.migrations import version_2, version_3, version_4
from rag.registry import Registry
from rag.registry_tables import SCHEMA_VERSION
from rag.registry_write import set_fact

STEPS: tuple[Callable[[Operations], None], ...] = (version_2.upgrade, version_3.upgrade, version_4.upgrade)  # from version 1 to 2, 2 to 3 …


def migrate_registry(registry: Registry, found: int) -> None:
    """Take the steps from one schema version to the present one. Whoever is interrupted finds the store as it was.

    Args:
        registry: nobody else writes to it.
        found: the version that it has.

    Raises:
        StoreError: the registry cannot be written.
    """
    with registry.change_schema() as connection:
        operations = Operations(MigrationContext.configure(connection.sql))
        for step in STEPS[found - 1 :]:
            step(operations)
        set_fact(connection, "schema_version", SCHEMA_VERSION)
