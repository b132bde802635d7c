"""The risk of each case, by which the work list is ordered."""

import sqlalchemy as sa
from alembic import op

revision = "0015_risk"
down_revision = "0014"
branch_labels = None
depends_on = None

_BEFORE = ("council", "stage", "next_due", "reference", "officer", "demo", "as_of")


def upgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("risk", sa.Integer(), nullable=False, server_default="3"))
        batch_op.drop_index("ix_cases_work_list")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.alter_column("risk", existing_type=sa.Integer(), server_default=None)
        batch_op.create_index("ix_cases_work_list", [*_BEFORE, "risk"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_cases_work_list")
        batch_op.drop_column("risk")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_work_list", list(_BEFORE), unique=False)
