"""By whose link a document came."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("holder", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.alter_column("holder", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_column("holder")
