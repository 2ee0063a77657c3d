"""PostgreSQL keeps JSON in its binary form, which it can search."""

from typing import Final

from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

# The binary form takes no NUL; an escaped backslash before `u0000` is none.
_WITHOUT_NUL: Final = r"""regexp_replace({column}::text, '(?<!\\)((?:\\\\)*)\\u0000', '\1\\ufffd', 'g')::jsonb"""


def upgrade() -> None:
    """Converts; SQLite has one form only."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in (("facts", "body"), ("contents", "value")):
        op.alter_column(table, column, type_=JSONB(), postgresql_using=_WITHOUT_NUL.format(column=column))
