"""The tables of the first stores, which were made without revisions: what such a store has already is left as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_OFFERED = sa.text("state = 'offered'")
_TALKING = sa.text("state IN ('accepted', 'active') AND medium = 'voice'")


def upgrade() -> None:
    """Makes what is missing."""
    _facts()
    _what_follows_from_them()
    _people()
    _marks()
    _indices()


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("journal", sa.String(36), nullable=False),
        sa.Column("sequence", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("interaction_id", sa.String(36), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("journal", "sequence", name="pk_facts"),
        if_not_exists=True,
    )
    op.create_table(
        "contents",
        sa.Column("journal", sa.String(36), nullable=False),
        sa.Column("sequence", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("journal", "sequence", "field", name="pk_contents"),
        sa.ForeignKeyConstraint(["journal", "sequence"], ["facts.journal", "facts.sequence"], name="fk_contents_facts"),
        if_not_exists=True,
    )


def _what_follows_from_them() -> None:
    op.create_table(
        "interactions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("opened_at", sa.String(32), nullable=False),
        sa.Column("closed_at", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_interactions"),
        if_not_exists=True,
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("interaction_id", sa.String(36), nullable=False),
        sa.Column("medium", sa.String(16), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("queue", sa.String(64)),
        sa.Column("sequence", sa.BigInteger),
        sa.Column("arrived_at", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        if_not_exists=True,
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contact_id", sa.String(36), nullable=False),
        sa.Column("interaction_id", sa.String(36), nullable=False),
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("queue", sa.String(64), nullable=False),
        sa.Column("medium", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("offered_at", sa.String(32), nullable=False),
        sa.Column("accepted_at", sa.String(32)),
        sa.Column("ended_at", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
        if_not_exists=True,
    )


def _people() -> None:
    op.create_table(
        "presences",
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("agent", name="pk_presences"),
        if_not_exists=True,
    )
    op.create_table(
        "seats",
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("phone", sa.String(64), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("agent", name="pk_seats"),
        if_not_exists=True,
    )


def _marks() -> None:
    op.create_table(
        "set_aside",
        sa.Column("journal", sa.String(36), nullable=False),
        sa.Column("sequence", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("journal", "sequence", name="pk_set_aside"),
        if_not_exists=True,
    )
    op.create_table(
        "progress",
        sa.Column("journal", sa.String(36), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("journal", name="pk_progress"),
        if_not_exists=True,
    )


def _indices() -> None:
    for table, column in (
        ("facts", "interaction_id"),
        ("contacts", "interaction_id"),
        ("assignments", "interaction_id"),
        ("assignments", "contact_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column], if_not_exists=True)
    for name, column, where in (
        ("one_open_offer_per_contact", "contact_id", _OFFERED),
        ("one_talk_per_agent", "agent", _TALKING),
    ):
        op.create_index(
            name,
            "assignments",
            [column],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
            if_not_exists=True,
        )
