"""Callers whose call was cut off, or who were turned away: they may want to be called back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the table; what happened before it is in the facts' story only."""
    op.create_table(
        "cut_offs",
        sa.Column("contact_id", sa.String(36), nullable=False),
        sa.Column("interaction_id", sa.String(36), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("queue", sa.String(64)),
        sa.PrimaryKeyConstraint("contact_id", name="pk_cut_offs"),
    )
    op.create_index("ix_cut_offs_interaction_id", "cut_offs", ["interaction_id"])
