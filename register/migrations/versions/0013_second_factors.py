"""Second factors, invitations, where somebody is signed in, and what was done to accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("offered", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_second_factors_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id")),
        sa.PrimaryKeyConstraint("user_id", "hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "invitations",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_invitations_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("hash", name=op.f("uq_invitations_hash")),
    )
    op.create_table(
        "account_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_account_entries_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_entries")),
    )
    op.create_index("ix_account_entries_user_id_at", "account_entries", ["user_id", "at"])
    with op.batch_alter_table("sign_ins") as table:
        table.add_column(sa.Column("browser", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("address", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("half_way", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("sign_ins") as table:
        for name in ("browser", "address", "half_way"):
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("sign_ins") as table:
        for name in ("half_way", "address", "browser"):
            table.drop_column(name)
    op.drop_index("ix_account_entries_user_id_at", table_name="account_entries")
    for name in ("account_entries", "invitations", "recovery_codes", "second_factors"):
        op.drop_table(name)
