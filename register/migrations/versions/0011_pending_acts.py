"""Acts on their way to their cases, and those that were refused when nobody was there to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pending_acts",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("refused", sa.String(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["reference"], ["cases.reference"], name=op.f("fk_pending_acts_reference")),
        sa.PrimaryKeyConstraint("reference", "id", name=op.f("pk_pending_acts")),
    )
    op.create_index("ix_pending_acts_reference_kept_at", "pending_acts", ["reference", "kept_at"])


def downgrade() -> None:
    op.drop_index("ix_pending_acts_reference_kept_at", table_name="pending_acts")
    op.drop_table("pending_acts")
