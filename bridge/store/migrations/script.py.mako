"""${message.capitalize()}."""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """TODO: what changes, on SQLite and on PostgreSQL."""
    ${upgrades if upgrades else "pass"}
