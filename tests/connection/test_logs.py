"""What is logged says which case, act and event, and nothing that anybody wrote."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from connection import logs
from connection.logs import AsJson, ForPeople, Ours

WORDS = "Asha Example"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(False)


def told(form: logging.Formatter, message: object, *arguments: object, **more: object) -> str:
    record = logging.getLogger("activities.test").makeRecord(
        "activities.test", logging.WARNING, __file__, 1, message, arguments, more.pop("exc_info", None), extra=more
    )
    return form.format(record)


def test_a_record_is_one_line_of_json_with_time_level_logger_case_act_and_event() -> None:
    line = told(
        AsJson(), "An act on %s is refused.", "DOV-2026-0001", case="DOV-2026-0001", act="add-note", event="0f3d"
    )
    said = json.loads(line)
    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "warning",
        "logger": "activities.test",
        "message": "An act on DOV-2026-0001 is refused.",
        "case": "DOV-2026-0001",
        "act": "add-note",
        "event": "0f3d",
    }
    plain = told(ForPeople(), "An act is refused.", case="DOV-2026-0001", act="add-note")
    assert plain.endswith("WARNING activities.test: An act is refused. case=DOV-2026-0001 act=add-note")


@pytest.mark.parametrize("form", [AsJson(), ForPeople()])
def test_words_are_hidden_wherever_they_are_put(form: logging.Formatter) -> None:
    try:
        try:
            raise ValueError(WORDS)
        except ValueError as cause:
            raise RuntimeError(f"about {WORDS}") from cause
    except RuntimeError as error:
        found = (type(error), error, error.__traceback__)
    lines = [
        told(form, "It says %s.", WORDS),
        told(form, "It says %(what)s.", {"what": WORDS}),
        told(form, "It is at %s.", "asha.example@example.org"),
        told(form, "It is a %s.", {"name": WORDS}),
        told(form, "It broke.", exc_info=found),
        told(form, f"Task exception was never retrieved\nfuture: <Task exception=ValueError({WORDS!r})>"),
        told(form, "It is known.", case=WORDS, act=WORDS, event=WORDS, name_of_somebody=WORDS),
    ]
    assert not [line for line in lines if "Asha" in line or "example.org" in line or "\n" in line]
    assert "RuntimeError from ValueError" in lines[4]
    assert "test_logs.py:" in lines[4]
    assert told(form, "It says %s.", Ours("what we say")).count("what we say") == 1


def test_a_process_logs_to_standard_error_in_the_form_that_was_set(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("json")
    logging.getLogger("office.acting").info("An act was sent.", extra={"case": "DOV-2026-0001"})
    assert json.loads(capsys.readouterr().err)["case"] == "DOV-2026-0001"
    logs.set_up("plain")
    logging.getLogger("office.acting").info("An act was sent.")
    logging.getLogger("office.acting").warning("Nobody answers.")
    told_people = capsys.readouterr().err
    assert told_people.endswith("WARNING office.acting: Nobody answers.\n")
    assert "was sent" not in told_people
