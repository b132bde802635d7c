"""What the tables are made of: their base, instants in UTC, and models kept as JSON text."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from pydantic import BaseModel
from sqlalchemy import DateTime, Dialect, MetaData
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class RegisterTable(SQLModel):
    """The base of every table. A table model does not validate: give it what was validated."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=_NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, given back in UTC by either database; a naive one is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else aware(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def aware(instant: datetime) -> datetime:
    """The same instant in UTC; raises ValueError for one without a time zone."""
    if instant.utcoffset() is None:
        raise ValueError(f"{instant} has no time zone; give it with one, such as 2026-04-02T10:00+01:00.")
    return instant.astimezone(UTC)


def many(models: Sequence[BaseModel]) -> str:
    """Models as one JSON list."""
    return f"[{','.join(model.model_dump_json() for model in models)}]"


def days(values: Mapping[str, date]) -> str:
    """Dates by name as a JSON object of ISO dates."""
    return json.dumps({name: day.isoformat() for name, day in values.items()}, ensure_ascii=False)


def digest(*texts: str) -> str:
    """SHA-256, in hex, of texts; where one ends and the next begins is part of it."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
