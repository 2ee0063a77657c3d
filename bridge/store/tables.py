"""The store's tables. UNIQUE constraints are the backstop of the invariants.

A fact is known by its journal and its sequence there: a journal may be lost, and there will be several.
What is changed here is changed in a new revision in migrations/versions/, too.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
    }
)

_JSON = JSON().with_variant(JSONB(), "postgresql")
_OFFERED = text("state = 'offered'")
_TALKING = text("state IN ('accepted', 'active') AND medium = 'voice'")

facts = Table(
    "facts",
    metadata,
    Column("journal", String(36), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("type", String(40), nullable=False),
    Column("interaction_id", String(36), nullable=False, index=True),
    Column("body", _JSON, nullable=False),
)

contents = Table(
    "contents",
    metadata,
    Column("journal", String(36), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("field", String(40), primary_key=True),
    Column("value", _JSON, nullable=False),
    ForeignKeyConstraint(["journal", "sequence"], ["facts.journal", "facts.sequence"]),
)

interactions = Table(
    "interactions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("opened_at", String(32), nullable=False),
    Column("closed_at", String(32)),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("interaction_id", String(36), nullable=False, index=True),
    Column("medium", String(16), nullable=False),
    Column("address", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("queue", String(64)),
    Column("sequence", BigInteger),
    Column("arrived_at", String(32), nullable=False),
    Column("ended_at", String(32)),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("contact_id", String(36), nullable=False, index=True),
    Column("interaction_id", String(36), nullable=False, index=True),
    Column("agent", String(64), nullable=False),
    Column("queue", String(64), nullable=False),
    Column("medium", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("offered_at", String(32), nullable=False),
    Column("accepted_at", String(32)),
    Column("ended_at", String(32)),
    Index("one_open_offer_per_contact", "contact_id", unique=True, sqlite_where=_OFFERED, postgresql_where=_OFFERED),
    Index("one_talk_per_agent", "agent", unique=True, sqlite_where=_TALKING, postgresql_where=_TALKING),
)

cut_offs = Table(
    "cut_offs",
    metadata,
    Column("contact_id", String(36), primary_key=True),
    Column("interaction_id", String(36), nullable=False, index=True),
    Column("at", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("queue", String(64)),
)

presences = Table(
    "presences",
    metadata,
    Column("agent", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", String(32), nullable=False),
)

seats = Table(
    "seats",
    metadata,
    Column("agent", String(64), primary_key=True),
    Column("phone", String(64), nullable=False),
    Column("since", String(32), nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("username", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("agent", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    Column("changed_at", String(32), nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("username", String(64), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("expires_at", String(32), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("username", String(64), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("user_agent", String(200), nullable=False),
    Column("began_at", String(32), nullable=False),
    Column("seen_at", String(32), nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("expires_at", String(32), nullable=False),
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("journal", String(36), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
)

progress = Table(
    "progress",
    metadata,
    Column("journal", String(36), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
)
