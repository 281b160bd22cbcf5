"""Alembic asks this file how to migrate; ``storage.migrate`` gives it the connection."""

from __future__ import annotations

from alembic import context

from storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot change most of a table; Alembic then copies it.
    render_as_batch=True,
    transaction_per_migration=False,
    transactional_ddl=False,  # the caller's transaction is around all of it
)
context.run_migrations()
