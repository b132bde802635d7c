"""What somebody who came by a link has typed so far and not sent."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unfinished",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reference"], ["cases.reference"], name=op.f("fk_unfinished_reference")),
        sa.PrimaryKeyConstraint("reference", "purpose", "holder", "about", "task", name=op.f("pk_unfinished")),
    )


def downgrade() -> None:
    op.drop_table("unfinished")
