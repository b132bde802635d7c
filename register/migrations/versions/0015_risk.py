"""The risk of each case, by which the work list is ordered."""

import sqlalchemy as sa
from alembic import op

revision = "0015_risk"
down_revision = "0014"
branch_labels = None
depends_on = None

_BEFORE = ("council", "stage", "next_due", "reference", "officer", "demo", "as_of")


def upgrade() -> None:
    op.add_column("cases", sa.Column("risk", sa.Integer(), nullable=False, server_default="3"))
    op.drop_index("ix_cases_work_list", table_name="cases")
    op.create_index("ix_cases_work_list", "cases", [*_BEFORE, "risk"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_cases_work_list", table_name="cases")
    op.drop_column("cases", "risk")
    op.create_index("ix_cases_work_list", "cases", list(_BEFORE), unique=False)
