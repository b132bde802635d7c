"""Letters by post: the way each goes, its files, and what became of it after it was handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FILLED = {"means": "email", "next_means": "", "batch": "", "post_class": ""}


def upgrade() -> None:
    op.create_table(
        "letter_files",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["letters.key"], name=op.f("fk_letter_files_key")),
        sa.PrimaryKeyConstraint("key", "name", name=op.f("pk_letter_files")),
    )
    with op.batch_alter_table("letters") as letters:
        for name, value in _FILLED.items():
            letters.add_column(sa.Column(name, sa.String(), nullable=False, server_default=value))
        letters.add_column(sa.Column("received_on", sa.Date(), nullable=True))
        letters.add_column(sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True))
        letters.add_column(sa.Column("posted_on", sa.Date(), nullable=True))
        letters.alter_column("address", existing_type=sa.String(), type_=sa.Text(), existing_nullable=False)
        letters.create_index(op.f("ix_letters_batch"), ["batch"])
    with op.batch_alter_table("letters") as letters:
        for name in _FILLED:
            letters.alter_column(name, existing_type=sa.String(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("letters") as letters:
        letters.drop_index(op.f("ix_letters_batch"))
        letters.alter_column("address", existing_type=sa.Text(), type_=sa.String(), existing_nullable=False)
        for name in (*_FILLED, "received_on", "printed_at", "posted_on"):
            letters.drop_column(name)
    op.drop_table("letter_files")
