"""One module a schema version: `upgrade(operations)` brings a store of the version before up to it. Never changed once released."""
