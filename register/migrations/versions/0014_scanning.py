"""When a document was scanned and what was found, and those that were refused for a virus."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("virus", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.alter_column("virus", existing_type=sa.String(), server_default=None)
    op.create_table(
        "refused_documents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("unsent", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("virus", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reference"], ["cases.reference"], name=op.f("fk_refused_documents_reference")),
        sa.ForeignKeyConstraint(["unsent"], ["unsent_applications.id"], name=op.f("fk_refused_documents_unsent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_documents")),
    )
    with op.batch_alter_table("refused_documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refused_documents_reference"), ["reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_refused_documents_unsent"), ["unsent"], unique=False)


def downgrade() -> None:
    op.drop_table("refused_documents")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_column("virus")
        batch_op.drop_column("scanned_at")
