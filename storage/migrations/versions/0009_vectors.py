"""Vectors of sources' passages, and of what sections search them with.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _reference(column: str) -> sa.ForeignKey:
    return sa.ForeignKey(column, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "passage_vectors",
        sa.Column("source_id", sa.Text(), _reference("sources.id"), primary_key=True),
        sa.Column("model", sa.Text(), primary_key=True),
        sa.Column("first", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("owner_id", sa.Text(), _reference("users.id"), nullable=False),
    )
    op.create_table(
        "question_vectors",
        sa.Column("document_id", sa.Text(), _reference("documents.id"), primary_key=True),
        sa.Column("model", sa.Text(), primary_key=True),
        sa.Column("sha256", sa.Text(), primary_key=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("owner_id", sa.Text(), _reference("users.id"), nullable=False),
    )
