"""What a worker or a console logs: one line each on standard error, for people or as JSON, and nothing anybody wrote.

A message is taken as it stands in the code; of what is put into it only numbers, references, single names without
spaces and what is marked as Ours are shown. An error is told by its name and by where it came from, never by its words.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal

_CALLS = 6
_HIDDEN = "…"
_ARGUMENT = re.compile(r"[A-Za-z0-9_.:/=~+#-]{1,120}")
_FIELDS: Mapping[str, re.Pattern[str]] = {
    "case": re.compile(r"[A-Z]{2,4}-[0-9]{4}-[0-9]{4,12}"),
    "act": re.compile(r"[a-z]+(?:[.-][a-z]+)*"),
    "event": re.compile(r"[A-Za-z0-9_.:/=~#-]{1,160}"),
    "outcome": re.compile(r"[a-z_]{1,40}"),
}
"""What a record may carry beside its message, and the form it must have to be logged."""
_PLACE = "{} ({}:{})"
_TOO_MUCH = ("uvicorn.access", "aiosmtpd", "mail.log", "httpx", "httpcore")
"""Loggers that write down whole requests."""


class Ours(str):
    """Words of the code's own, which may be logged whole: nothing that somebody wrote stands in them."""

    __slots__ = ()


def set_up(form: Literal["plain", "json"]) -> None:
    """Have everything this process logs go to standard error in that form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson() if form == "json" else ForPeople())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if form == "json" else logging.WARNING)
    for name in _TOO_MUCH:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)


def facts(record: logging.LogRecord) -> dict[str, str]:
    """What a record says, and nothing of what somebody wrote."""
    said = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": _message(record),
    }
    for name, form in _FIELDS.items():
        value = getattr(record, name, None)
        if isinstance(value, str) and form.fullmatch(value):
            said[name] = value
    if record.exc_info and (error := record.exc_info[1]) is not None:
        said["error"] = named(error)
        said["where"] = where(error.__traceback__)
    return said


class AsJson(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(facts(record), ensure_ascii=False)


class ForPeople(logging.Formatter):
    """The same as a line of words."""

    def format(self, record: logging.LogRecord) -> str:
        said = facts(record)
        about = " ".join(f"{name}={said[name]}" for name in _FIELDS if name in said)
        error = f"{said['error']} in {said['where']}" if "error" in said else ""
        parts = (said["time"], said["level"].upper(), f"{said['logger']}:", said["message"], about, error)
        return " ".join(part for part in parts if part)


def named(error: BaseException) -> str:
    """An error's name and those of what caused it, without their words."""
    names: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(names) < _CALLS:
        names.append(type(seen).__name__)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return " from ".join(names)


def where(trace: TracebackType | None) -> str:
    """The last calls before an error, the last first."""
    calls = traceback.extract_tb(trace)[-_CALLS:]
    return " < ".join(_PLACE.format(call.name, call.filename.rpartition("/")[2], call.lineno) for call in calls[::-1])


def _message(record: logging.LogRecord) -> str:
    template = str(record.msg)
    arguments: Any = record.args
    if isinstance(arguments, Mapping):
        arguments = {name: _shown(value) for name, value in arguments.items()}
    elif arguments:
        arguments = tuple(_shown(value) for value in arguments)
    try:
        text = template % arguments if arguments else template
    except (TypeError, ValueError):
        text = template
    return text.partition("\n")[0]


def _shown(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float, Ours)):
        return value
    text = str(value) if isinstance(value, str) else ""
    return text if _ARGUMENT.fullmatch(text) and "@" not in text else _HIDDEN
