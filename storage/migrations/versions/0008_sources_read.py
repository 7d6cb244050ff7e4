"""Which sources a document draws on, where their blocks stand, and what was noted of them.

Revision ID: 0008
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _reference(column: str, cascade: bool = True) -> sa.ForeignKey:
    return sa.ForeignKey(column, ondelete="CASCADE" if cascade else None)


def upgrade() -> None:
    json = sa.JSON().with_variant(JSONB(), "postgresql")
    op.add_column("sources", sa.Column("blocks", json, nullable=False, server_default="[]"))
    op.create_table(
        "document_sources",
        sa.Column("document_id", sa.Text(), _reference("documents.id"), primary_key=True),
        sa.Column(
            "source_id", sa.Text(), _reference("sources.id", False), primary_key=True, index=True
        ),
        sa.Column("owner_id", sa.Text(), _reference("users.id"), nullable=False),
    )
    op.create_table(
        "notes",
        sa.Column("document_id", sa.Text(), _reference("documents.id"), primary_key=True),
        sa.Column("owner_id", sa.Text(), _reference("users.id"), nullable=False),
        sa.Column("data", json, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
