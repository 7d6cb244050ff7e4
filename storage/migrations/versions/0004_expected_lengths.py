"""Which rows of a batch are begun first.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "dataset_rows", sa.Column("expected", sa.Integer(), nullable=False, server_default="0")
    )
    op.drop_index("ix_dataset_rows_dataset_id_status", table_name="dataset_rows")
    op.create_index(
        "ix_dataset_rows_dataset_id_status_expected",
        "dataset_rows",
        ["dataset_id", "status", "expected"],
    )
