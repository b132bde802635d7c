"""The case that goes on in place of one that was the same: the figures count the two once (s.104(9))."""

import sqlalchemy as sa
from alembic import op

revision = "0018_same_as"
down_revision = "0017_unsure_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("same_as", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "same_as")
