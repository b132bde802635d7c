"""What a council's figures are made of: dated duties, decisions on the threshold, reviews, how long agencies took.

Filled for every case from its events, and from its dates as they were last planned from these.
"""

import json
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from alembic import op
from pydantic import TypeAdapter

from domain.calendar import Calendar
from domain.case import Case
from domain.deadlines import Deadline
from domain.events import Actor, Event, Role
from domain.fold import fold
from domain.policy import Policy
from register import figure_rows
from register.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CASES = sa.table(
    "cases", sa.column("reference"), sa.column("policy_hash"), sa.column("calendar_hash"), sa.column("deadlines_json")
)  # fmt: skip
_PLANNED = TypeAdapter(tuple[Deadline, ...])
_EVENTS = sa.table(
    "events", sa.column("reference"), sa.column("seq"), sa.column("id"), sa.column("at", UtcDateTime()),
    sa.column("role"), sa.column("actor"), sa.column("body"),
)  # fmt: skip
_DOCUMENTS = {
    name: sa.table(name, sa.column("hash"), sa.column("document")) for name in ("policies", "calendars")
}  # fmt: skip
_ENQUIRIES = sa.table("enquiries", sa.column("reference"), sa.column("key"), sa.column("took", sa.Integer()))


def upgrade() -> None:
    duties = op.create_table(
        "deadlines",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("promised", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("breached", sa.Boolean(), nullable=False),
        sa.Column("spare", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["reference"], ["cases.reference"], name=op.f("fk_deadlines_reference")),
        sa.PrimaryKeyConstraint("reference", "key", name=op.f("pk_deadlines")),
    )
    decisions = op.create_table(
        "decisions",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reference"], ["cases.reference"], name=op.f("fk_decisions_reference")),
        sa.PrimaryKeyConstraint("reference", "number", name=op.f("pk_decisions")),
    )
    reviews = op.create_table(
        "reviews",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("recommendations", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reference"], ["cases.reference"], name=op.f("fk_reviews_reference")),
        sa.PrimaryKeyConstraint("reference", "number", name=op.f("pk_reviews")),
    )
    op.create_index("ix_deadlines_running_due", "deadlines", ["running", "due"])
    op.create_index(op.f("ix_deadlines_ended_on"), "deadlines", ["ended_on"])
    op.create_index(op.f("ix_decisions_decided_on"), "decisions", ["decided_on"])
    op.create_index(op.f("ix_reviews_held_on"), "reviews", ["held_on"])
    with op.batch_alter_table("enquiries") as enquiries:
        enquiries.add_column(sa.Column("took", sa.Integer(), nullable=True))
    connection = op.get_bind()
    for name, case, planned in _cases(connection):
        _insert(connection, duties, name, figure_rows.deadlines(case, planned))
        _insert(connection, decisions, name, figure_rows.decisions(case))
        _insert(connection, reviews, name, figure_rows.reviews(case))
        for enquiry in case.enquiries.values():
            mine = sa.and_(_ENQUIRIES.c.reference == name, _ENQUIRIES.c.key == enquiry.key)
            connection.execute(sa.update(_ENQUIRIES).where(mine).values(took=figure_rows.took(case, enquiry)))


def downgrade() -> None:
    with op.batch_alter_table("enquiries") as enquiries:
        enquiries.drop_column("took")
    for table in ("reviews", "decisions", "deadlines"):
        op.drop_table(table)


def _insert(connection: sa.Connection, table: sa.Table, reference: str, given: Iterable[figure_rows.Row]) -> None:
    """Only what this revision's table has: later ones bring their own."""
    known = {column.name for column in table.columns}
    rows = [{name: value for name, value in row.items() if name in known} | {"reference": reference} for row in given]
    if rows:
        connection.execute(table.insert(), rows)


def _cases(connection: sa.Connection) -> Iterator[tuple[str, Case, tuple[Deadline, ...]]]:
    """Every case that has events, with its dates as last planned from them."""
    policies = {
        hash: Policy.model_validate_json(text, extra="ignore") for hash, text in _documents(connection, "policies")
    }
    calendars = {hash: Calendar.model_validate_json(text) for hash, text in _documents(connection, "calendars")}
    for reference, policy, calendar, planned in connection.execute(sa.select(*_CASES.c)).all():
        if events := _events(connection, reference):
            case = fold(policies[policy], calendars[calendar], events)
            yield reference, case, _PLANNED.validate_json(planned)


def _documents(connection: sa.Connection, name: str) -> Iterator[tuple[str, str]]:
    known = connection.execute(sa.select(*_DOCUMENTS[name].c)).all()
    return ((hash, text) for hash, text in known if text != "{}")


def _events(connection: sa.Connection, reference: str) -> list[Event]:
    wanted = sa.select(*_EVENTS.c).where(_EVENTS.c.reference == reference)
    events = connection.execute(wanted.order_by(_EVENTS.c.seq, _EVENTS.c.at, _EVENTS.c.id)).all()
    return [
        Event(id=row.id, at=row.at, by=Actor(role=Role(row.role), name=row.actor), what=json.loads(row.body))
        for row in events
    ]
