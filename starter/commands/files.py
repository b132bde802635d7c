"""The files people write: an application, a person, the body of an act. Taken whole, or every fault told."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from domain import calendar
from domain.application import ApplicationForm, with_a_name
from domain.calendar import LONDON
from office import faults
from office.faults import WrongInput

_LARGEST = 5_000_000
Model = TypeVar("Model", bound=BaseModel)


def document(file: Path) -> Mapping[str, Any]:
    """What a JSON or TOML file says. Raises WrongInput."""
    text = _text(file)
    try:
        content = json.loads(text) if _is_json(file, text) else tomllib.loads(text)
    except json.JSONDecodeError as error:
        raise WrongInput(f"{file} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongInput(f"{file} is not TOML: {error}.") from None
    except RecursionError:
        raise WrongInput(f"{file} is nested too deeply to be read.") from None
    if not isinstance(content, dict):
        raise WrongInput(f"{file} must hold named fields, not {type(content).__name__}.")
    return content


def form(file: Path, *, made_at: str | None = None, now: datetime) -> tuple[ApplicationForm, datetime]:
    """The application in a file and the aware instant it was made; ``made_at`` replaces the file's own.

    Raises WrongInput with every fault at once: of each field, and of dates that cannot be so.
    """
    content = dict(with_a_name(document(file)))
    if made_at is not None:
        content["made_at"] = made_at
    wrong: list[str] = []
    try:
        application = ApplicationForm.model_validate(content)
    except ValidationError as error:
        wrong = list(faults.of(error, ApplicationForm))
        wrong += _impossible_in(content, now, [fault.split()[0].rstrip(":") for fault in wrong])
    else:
        made = _aware(application.made_at) if application.made_at else now
        wrong = list(_impossible(application, made, now))
        if not wrong:
            return application, made
    raise _faulty(f"The application {file}", wrong)


def model(file: Path, shape: type[Model]) -> Model:
    """A file read as ``shape``. Raises WrongInput with every fault at once."""
    try:
        return shape.model_validate(document(file))
    except ValidationError as error:
        raise _faulty(str(file), list(faults.of(error, shape))) from None


def instant(given: str, what: str) -> datetime:
    """An ISO 8601 date or date and time, in Europe/London where it has no offset. Raises WrongInput."""
    try:
        return _aware(datetime.fromisoformat(given))
    except ValueError:
        raise WrongInput(f"{what} must be a date or a date and time such as 2027-01-14T09:30, not “{given}”.") from None


def day(given: str, what: str) -> date:
    """An ISO 8601 date. Raises WrongInput."""
    try:
        return date.fromisoformat(given.strip())
    except ValueError:
        raise WrongInput(f"{what} must be a date such as 2027-01-14, not “{given}”.") from None


def _faulty(what: str, wrong: list[str]) -> WrongInput:
    if len(wrong) == 1:
        return WrongInput(f"{what} cannot be taken: {wrong[0].rstrip('.')}.")
    return WrongInput(f"{what} cannot be taken, {len(wrong)} things are wrong:", wrong)


def _impossible(form: ApplicationForm, made: datetime, now: datetime) -> Iterator[str]:
    """What no calendar allows: an application from the future, a report that came after it."""
    yield from _ahead(made, now)
    made_on = made.astimezone(LONDON).date()
    for number, incident in enumerate(form.incidents, start=1):
        days = {
            "reported": incident.reported,
            "reported_until": incident.reported_until,
            "occurred_until": incident.occurred_until,
        }
        for name, on in days.items():
            if on and on > made_on:
                yield (
                    f"incidents.{number}.{name}: {calendar.words(on)} is after the application was made, "
                    f"{calendar.words(made_on)}; correct one of the dates"
                )


def _impossible_in(content: Mapping[str, Any], now: datetime, known: list[str]) -> Iterator[str]:
    """The same of a form that has other faults too, as far as it can be read."""
    given = content.get("made_at")
    if "made_at" in known or given is None:
        return
    try:
        made = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError:
        return
    yield from _ahead(_aware(made), now)


def _ahead(made: datetime, now: datetime) -> Iterator[str]:
    if made > now:
        local = made.astimezone(LONDON)
        yield (
            f"made_at: {calendar.words(local.date())}, {local:%H:%M}, has not come yet; "
            "give the day the application reached the council"
        )


def _aware(instant: datetime) -> datetime:
    return instant.replace(tzinfo=LONDON) if instant.utcoffset() is None else instant


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _LARGEST:
            raise WrongInput(f"{file} is larger than {_LARGEST // 1_000_000} MB; it is not what is asked for.")
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise WrongInput(
            f"{file} cannot be read ({error.strerror or error}); give the path of a JSON or TOML file."
        ) from None
    except UnicodeDecodeError:
        raise WrongInput(f"{file} is not text in UTF-8; save it as UTF-8 and try again.") from None


def _is_json(file: Path, text: str) -> bool:
    suffix = file.suffix.lower()
    return suffix == ".json" or (suffix != ".toml" and text.lstrip().startswith("{"))
