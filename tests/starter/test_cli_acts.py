"""The commands of acts are made from the bodies of events, so that neither can be ahead of the other."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel
from typer.main import get_command

from domain import events as e
from domain.application import Incident
from office.faults import WrongInput
from starter.cli import application
from starter.commands.options import filled, parts

SHORT = {
    "details": {"--contact"},
    "changed": {"--contact"},
    "confirmations": {"--confirm", "--deny"},
    "recommendations": {"--recommend"},
    "members": {"--member"},
    "panel": {"--member"},
    "issues": {"--issue"},
    "address_lines": {"--address-line"},
}
OF_THE_SERVICE = {"news"}
CALENDAR = {"--holiday", "--closure", "--newest"}


def flags(act: str) -> set[str]:
    command = get_command(application()).commands[act]  # type: ignore[attr-defined]
    return {flag for option in command.params for flag in option.opts}


@pytest.mark.parametrize("act", e.acts())
def test_every_act_has_a_command_with_an_option_for_every_field(act: str) -> None:
    found, body = flags(act), e.acts()[act]
    for name in set(body.model_fields) - {"kind"} - OF_THE_SERVICE:
        if (act, name) == ("report-undelivered", "address"):
            continue  # what came back says which
        wanted = SHORT.get(name) or {"--" + name.replace("_", "-")}
        if act == "renew-link":
            wanted = {"--link"}
        elif (act, name) == ("decide-threshold", "grounds"):
            wanted = {"--ground"}
        elif name == "calendar":
            wanted = CALENDAR
        elif name == "incident":
            wanted = {"--" + field.replace("_", "-") for field in set(Incident.model_fields) - {"id"}}
        elif name == "documents":
            wanted = {"--document"}
        assert wanted <= found, name
    assert {"--by", "--id", "--role", "--file", "--json"} <= found
    assert not set(body.model_fields) & {"by", "id", "role", "file", "json"}, "an option would be two things"


def made(act: str, file: Mapping[str, Any] | None = None, **given: Any) -> BaseModel:
    body = e.acts()[act]
    return filled(body, parts(body), {f"in_{name}": value for name, value in given.items()}, file or {})


def test_options_become_the_body_of_the_act() -> None:
    assert made("decide-threshold", met=True, decided_by="J Ward") == e.ThresholdDecided(met=True, decided_by="J Ward")
    assert made("complete-action", recommendation="R1", on="2026-04-02", evidence="seen") == e.ActionDone(
        recommendation="R1",
        on=date(2026, 4, 2),
        evidence="seen",  # Thu
    )
    assert made("answer-recommendation", recommendation="R1", response="In part", reasons="x") == (
        e.RecommendationAnswered(recommendation="R1", response=e.Response.IN_PART, reasons="x")
    )


def test_confirmations_carry_their_notes() -> None:
    confirmed = ["i1", "i3 on 2026-10-05: by phone"]
    answer = made("answer-enquiry", enquiry="verification:police", confirm=confirmed, deny=["I2: no record: none"])
    assert isinstance(answer, e.EnquiryAnswered)
    assert answer.confirmations == (
        e.Confirmation(incident="I1", confirmed=True),
        e.Confirmation(incident="I3", confirmed=True, reported=date(2026, 10, 5), note="by phone"),  # Mon
        e.Confirmation(incident="I2", confirmed=False, note="no record: none"),
    )


def test_a_panel_is_named_in_short_forms() -> None:
    panel = made(
        "arrange-panel", on="2026-04-02", chair="A Chair, Kent Police, chair@example.org", member=["B Member, Council"]
    )
    assert isinstance(panel, e.PanelArranged)
    assert panel.chair == e.Seat(name="A Chair", organisation="Kent Police", email="chair@example.org")
    assert panel.members == (e.Seat(name="B Member", organisation="Council"),)


def test_recommendations_name_a_body_a_day_and_a_text() -> None:
    held = made(
        "record-panel-decision", on="2026-04-02", findings="x",
        recommend=["police by 2026-05-01: patrol: nightly", "council: mend the gate"],
    )  # fmt: skip
    assert isinstance(held, e.PanelHeld)
    assert held.recommendations == (
        e.Recommendation(to="police", text="patrol: nightly", due=date(2026, 5, 1)),  # Fri
        e.Recommendation(to="council", text="mend the gate"),
    )


def test_an_incident_is_given_field_by_field() -> None:
    added = made("add-incident", occurred="2026-04-01", reported="2026-04-02", reported_to="police", what="shouting")
    assert isinstance(added, e.IncidentAdded)
    assert added.incident.reported_to == "police"
    with pytest.raises(WrongInput, match="is before what happened"):
        made("add-incident", occurred="2026-04-02", reported="2026-04-01", reported_to="police", what="shouting")


def test_an_option_comes_before_the_same_field_of_a_file() -> None:
    file = {"on": "2026-04-01", "behaviour_stopped": False, "findings": "from the file"}
    held = made("hold-follow-up", file, behaviour_stopped=True)
    assert held == e.FollowUpHeld(on=date(2026, 4, 1), behaviour_stopped=True, findings="from the file")  # Wed


def test_the_help_of_the_command_line_names_every_act_under_its_role(capsys: pytest.CaptureFixture[str]) -> None:
    from starter.cli import run

    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(act in shown for act in e.acts())
    for panel in ("Acts of the officer", "Acts of the chair", "Acts of an agency", "Acts of the applicant"):
        assert panel in shown
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 80
