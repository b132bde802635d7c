"""Days of reports that nobody knows for sure."""

import sqlalchemy as sa
from alembic import op

revision = "0017_unsure_days"
down_revision = "0016_surveys"
branch_labels = None
depends_on = None

_UNSURE = ("occurred_unsure", "reported_unsure")


def upgrade() -> None:
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reported_until", sa.Date(), nullable=True))
        for name in _UNSURE:
            batch_op.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        for name in _UNSURE:
            batch_op.alter_column(name, existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        for name in ("reported_until", *_UNSURE):
            batch_op.drop_column(name)
