"""Runs revisions on the connection, and in the transaction, that bridge.store.schema hands in. Alembic executes it."""

from alembic import context

from bridge.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
