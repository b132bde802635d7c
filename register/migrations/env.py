"""How Alembic runs the revisions: in the transaction of the connection it is given, in batches for SQLite."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from register import tables
from register.columns import UtcDateTime


def _plain(kind: str, value: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """A revision names the database's own types, so that it runs whatever becomes of the tables' module."""
    if kind != "type":
        return False
    if isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(value, AutoString):
        return "sa.String()" if value.length is None else f"sa.String({value.length})"
    return "sa.Text()" if isinstance(value, sa.Text) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.Case.metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    render_item=_plain,
)
with context.begin_transaction():
    context.run_migrations()
