"""A waiver holds for the sentence that it was given for: the seat of each waiver, and of each finding."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("waiver", "finding"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("seat", sa.String(), nullable=False, server_default=""))

    # Nobody knows which sentence a former waiver was read in. What is not decided yet is looked at once more; what was
    # approved, or sent, was approved on these waivers.
    op.execute(
        """
        UPDATE finding SET waiver_id = NULL WHERE waiver_id IS NOT NULL AND revision_id IN (
            SELECT head_id FROM post WHERE state IN ('draft', 'in_review', 'changes_requested'))
        """
    )


def downgrade() -> None:
    for table in ("finding", "waiver"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("seat")
