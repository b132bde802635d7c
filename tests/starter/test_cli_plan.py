"""`casereview plan` and `casereview threshold`: every date and every complaint, without starting anything."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

import policies
from policies import ids
from starter.cli import run

DOVER = ["plan", "--policy", "dover", "--received", "2026-12-23"]  # Wed


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def printed(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    assert run(arguments) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    return shown.out


def planned(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> dict[str, dict[str, Any]]:
    found = json.loads(printed(capsys, [*arguments, "--json"]))
    return {deadline["step"]: deadline for deadline in found["deadlines"]}


def test_the_json_of_a_plan_has_the_documented_keys(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(capsys, [*DOVER, "--json"]))
    assert list(found) == ["policy", "version", "received", "deadlines"]
    assert (found["policy"], found["version"], found["received"]) == ("dover", "2026.1", "2026-12-23")
    for deadline in found["deadlines"]:
        assert list(deadline) == [
            *("step", "title", "due", "promised", "opens", "target", "anchor", "limit", "source", "working")
        ]
        assert list(deadline["source"]) == ["promise", "says", "choice"]
        assert all(list(day) == ["date", "counted", "why"] for day in deadline["working"])
        assert deadline["working"][-1]["date"] == deadline["due"]


def test_the_response_to_an_application_before_christmas_skips_its_bank_holidays(
    capsys: pytest.CaptureFixture[str],
) -> None:
    response = planned(capsys, DOVER)["response"]
    assert response["due"] == "2027-02-01"  # Mon
    skipped = {day["date"]: day["why"] for day in response["working"] if not day["counted"]}
    assert skipped["2026-12-23"] == "day 0: application received"  # Wed
    assert skipped["2026-12-25"] == "skipped: Christmas Day"  # Fri
    assert skipped["2026-12-28"] == "skipped: Boxing Day (substitute day)"  # Mon
    assert skipped["2027-01-01"] == "skipped: New Year's Day"  # Fri
    assert sum(day["counted"] for day in response["working"]) == 25


@pytest.mark.parametrize("policy", ids())
def test_every_policy_can_be_planned_and_its_dates_are_in_order(
    policy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = planned(capsys, ["plan", "--policy", policy, "--received", "2027-01-14"])  # Thu
    due = [date.fromisoformat(deadline["due"]) for deadline in found.values()]
    assert all(earlier <= later for earlier, later in pairwise(due))
    assert {"acknowledgement", "threshold", "panel", "response", "follow_up"} <= set(found)


@pytest.mark.parametrize("policy", ids())
def test_a_plan_fits_80_columns(
    policy: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns in ("80", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        plain = ["plan", "--policy", policy, "--received", "2027-01-14"]
        for arguments in (plain, [*plain, "--extend", "response=5"], [*plain, "--working", "follow_up"]):
            assert max(len(line) for line in printed(capsys, arguments).splitlines()) <= 80


def test_an_extended_step_keeps_its_first_promised_date_beside_the_new_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before, after = planned(capsys, DOVER), planned(capsys, [*DOVER, "--extend", "response=5"])
    assert after["response"]["due"] == "2027-02-08"  # Mon
    assert after["response"]["promised"] == before["response"]["due"] == "2027-02-01"  # Mon
    assert after["panel"] == before["panel"]
    assert after["appeal_window"]["due"] > before["appeal_window"]["due"]
    assert after["appeal_window"]["promised"] == after["appeal_window"]["due"]
    assert "(Mon 1 Feb 2027)" in printed(capsys, [*DOVER, "--extend", "response=5"])


def test_a_step_extended_twice_is_extended_by_the_sum(capsys: pytest.CaptureFixture[str]) -> None:
    twice = planned(capsys, [*DOVER, "--extend", "response=2", "--extend", "response=3"])
    assert twice["response"]["due"] == "2027-02-08"  # Mon


def test_a_step_that_the_policy_does_not_let_anybody_move_is_shown_with_a_caution(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "does not let anybody move information" in printed(capsys, [*DOVER, "--extend", "information=2"])


def test_closure_days_are_left_out_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    response = planned(capsys, [*DOVER, "--closure", "2026-12-29..2026-12-31=Christmas closure"])["response"]
    assert response["due"] == "2027-02-04"  # Thu
    days = {day["date"]: day["why"] for day in response["working"]}
    assert days["2026-12-30"] == "skipped: council closed: Christmas closure"  # Wed


def test_one_step_is_shown_day_by_day(capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(capsys, [*DOVER, "--working", "response"])
    assert "Outcome letter to the applicant: Mon 1 Feb 2027" in shown
    assert "maximum 25 working days” (DOV-26, DOV-27)" in " ".join(shown.split())
    lines = [line.rstrip() for line in shown.splitlines()]
    assert "Fri 25 Dec 2026     skipped: Christmas Day" in lines
    assert "Thu 24 Dec 2026  ✓  working day 1" in lines


def test_a_day_and_time_is_received_by_the_policys_cut_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = (Path(policies.__file__).parent / "dover.toml").read_text(encoding="utf-8")
    file = tmp_path / "dover.toml"
    file.write_text(source.replace('closed_day = "same_day"', 'closed_day = "same_day"\ncut_off = 16:30:00'))
    plain = ["plan", "--policy", str(file), "--received"]
    before = planned(capsys, [*plain, "2027-01-14T16:30"])["response"]["due"]  # Thu
    after = planned(capsys, [*plain, "2027-01-14T16:31"])["response"]["due"]  # Thu
    assert (before, after) == ("2027-02-18", "2027-02-19")  # Thu, Fri
    assert planned(capsys, [*plain, "2027-01-14"])["response"]["due"] == before
    shown = " ".join(printed(capsys, [*plain, "2027-01-14T17:00"]).split())
    assert "after 16:30: counts from Friday 15 January 2027" in shown


def test_the_calendar_file_holds_every_date_under_a_uid_that_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "dates.ics"
    found = planned(capsys, [*DOVER, "--ics", str(file)])
    entries = {str(entry["uid"]): entry for entry in Calendar.from_ical(file.read_bytes()).walk("VEVENT")}
    assert entries["dover-2026-12-23-response@casereview.example.org"].decoded("dtstart") == date(2027, 2, 1)  # Mon
    assert len(entries) == len(found)
    printed(capsys, [*DOVER, "--extend", "response=5", "--ics", str(file)])
    again = {str(entry["uid"]): entry for entry in Calendar.from_ical(file.read_bytes()).walk("VEVENT")}
    assert set(again) == set(entries)
    assert again["dover-2026-12-23-response@casereview.example.org"].decoded("dtstart") == date(2027, 2, 8)  # Mon


def application(tmp_path: Path, reported: tuple[str, ...]) -> str:
    file = tmp_path / "application.toml"
    incidents = "".join(
        f'[[incidents]]\noccurred = {day}\nreported = {day}\nreported_to = "police"\nwhat = "shouting on {day}"\n'
        for day in reported
    )
    file.write_text(f'made_at = 2026-11-10T09:30:00\n[applicant]\nname = "Jo Example"\n{incidents}')
    return str(file)


def test_three_complaints_meet_the_threshold_and_nothing_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEREVIEW_HOME", str(tmp_path / "home"))
    file = application(tmp_path, ("2026-09-01", "2026-10-01", "2026-11-02"))
    found = json.loads(printed(capsys, ["threshold", "--policy", "dover", file, "--json"]))
    assert (found["met"], found["route"], found["statutory"]) == (True, "three-in-six-months", True)
    assert [(one["incident"], one["counted"], one["reading"]) for one in found["complaints"]] == [
        ("I1", True, "strict"),
        ("I2", True, "strict"),
        ("I3", True, "strict"),
    ]
    assert {"incident", "occurred", "reported", "counted", "why", "reading"} <= set(found["complaints"][0])
    assert not (tmp_path / "home").exists()


def test_too_few_complaints_are_shown_with_why_each_counts_or_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = application(tmp_path, ("2026-01-05", "2026-10-01"))
    shown = " ".join(printed(capsys, ["threshold", "--policy", "kent-district", file]).split())
    assert "threshold not met" in shown
    assert "That alone is not a refusal" in shown
    assert "Other routes Route" in shown
    assert "Published caveats" in shown
