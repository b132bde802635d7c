"""The calendar files of panels and hearings, read back as a calendar program reads them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default as modern
from typing import Any

import pytest
from icalendar import Calendar

import policies
from domain import events as e
from domain.application import Means, Person
from domain.calendar import LONDON
from domain.policy import Decision, Subject
from letters.invitation import _hour
from post.mail import Mail, compose, message_id
from register.letter_rows import LetterFile
from tests.letters.stories import (
    MADE,
    PERSONS,
    REFERENCE,
    ROSE,
    Letter,
    Story,
    application,
    begun,
    held,
    panel,
    to_outcome,
)

DOVER = policies.load("dover")
WEDNESDAY = date(2026, 6, 24)  # Wed


def arranged(**changed: object) -> e.PanelArranged:
    return panel(WEDNESDAY).model_copy(update={"time": "14:00", **changed})


def met(policy: Any = DOVER, applied: Any = None, persons: Any = PERSONS) -> Story:
    story = begun(policy, applied, persons)
    return story.tell(date(2026, 6, 8), e.ThresholdDecided(met=True))  # Mon


def calendar_of(letter: Letter) -> Any:
    (file,) = letter.context.files
    return Calendar.from_ical(file.content)


def entry_of(letter: Letter) -> Any:
    (entry,) = calendar_of(letter).walk("VEVENT")
    return entry


def told(story: Story, kind: str) -> list[Letter]:
    return [letter for letter in story.letters if letter.order.letter == kind]


def test_the_applicant_is_invited_to_the_panel_at_its_hour_in_london() -> None:
    story = met().tell(date(2026, 6, 17), arranged())  # Wed
    letter = story.last("L-05")
    calendar, entry = calendar_of(letter), entry_of(letter)
    assert calendar["METHOD"] == "REQUEST"
    assert calendar["VERSION"] == "2.0"
    assert entry.decoded("dtstart") == datetime(2026, 6, 24, 14, tzinfo=LONDON)
    assert entry["DTSTART"].params["TZID"] == "Europe/London"
    assert entry.decoded("dtend") == datetime(2026, 6, 24, 14, DOVER.participation.minutes, tzinfo=LONDON)
    assert entry["UID"] == "cr-2026-0042-panel-1@casereview.example.org"
    assert entry["SEQUENCE"] == 0
    assert entry["LOCATION"] == "Civic Centre"
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["ATTENDEE"] == "mailto:rose@example.org"
    assert DOVER.contact
    assert entry["ORGANIZER"] == f"mailto:{DOVER.contact.email}"
    assert letter.context.files[0].name == "panel-1.ics"


def test_the_zone_says_when_summer_time_begins_and_ends() -> None:
    story = met().tell(date(2026, 6, 17), arranged())  # Wed
    (zone,) = calendar_of(story.last("L-05")).walk("VTIMEZONE")
    london = zone.to_tz(lookup_tzid=False)
    for day in (date(2026, 3, 29), date(2026, 10, 25)):  # Sun, Sun
        for minute in (30, 59, 61, 90):
            moment = datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=minute)
            assert moment.astimezone(london).utcoffset() == moment.astimezone(LONDON).utcoffset(), moment


def test_what_a_calendar_shows_names_nobody_but_its_reader() -> None:
    story = met().tell(date(2026, 6, 17), arranged(reason="Rose Applicant cannot come in the morning."))  # Wed
    for letter in (*told(story, "L-05"), *told(story, "A-06")):
        entry = entry_of(letter)
        shown = " ".join(str(entry[name]) for name in ("UID", "SUMMARY", "DESCRIPTION", "LOCATION"))
        assert not any(name in shown for name in ("Rose", "Bo", "Ann", "Cy", "rose@")), shown
        assert REFERENCE in entry["SUMMARY"]
    assert "review" not in str(entry_of(story.last("L-05"))["SUMMARY"]).lower()
    assert entry_of(story.last("A-06"))["SUMMARY"] == f"ASB Case Review: panel meeting ({REFERENCE})"


def test_every_member_of_the_panel_has_the_same_meeting_as_its_one_attendee() -> None:
    story = met().tell(date(2026, 6, 17), arranged())  # Wed
    letters = [*told(story, "L-05"), *told(story, "A-06")]
    assert len(letters) == 4
    assert len({str(entry_of(letter)["UID"]) for letter in letters}) == 1
    assert [str(entry_of(letter)["ATTENDEE"]) for letter in letters] == [
        f"mailto:{letter.context.to_email}" for letter in letters
    ]


def test_a_panel_that_moves_moves_its_entry() -> None:
    story = met().tell(date(2026, 6, 17), arranged())  # Wed
    story.tell(date(2026, 6, 18), arranged(time="10.30am", reason="The room."))  # Thu
    story.tell(date(2026, 6, 23), e.PanelAdjourned(until=date(2026, 6, 26), reason="Ill."))  # Tue, Fri
    entries = [entry_of(letter) for letter in told(story, "L-05")]
    assert [entry["SEQUENCE"] for entry in entries] == [0, 1, 2]
    assert len({str(entry["UID"]) for entry in entries}) == 1
    assert entries[-1].decoded("dtstart") == datetime(2026, 6, 26, 10, 30, tzinfo=LONDON)


def test_who_leaves_the_panel_has_the_meeting_taken_back_as_it_was() -> None:
    story = met().tell(date(2026, 6, 17), arranged())  # Wed
    other = arranged(on=date(2026, 6, 26), place="A house", members=panel(WEDNESDAY).members[1:], reason="Bo.")  # Fri
    story.tell(date(2026, 6, 18), other)  # Thu
    (letter,) = told(story, "A-06c")
    assert letter.context.to_email == "bo@example.org"
    assert "It was to meet on Wednesday 24 June 2026." in letter.flat
    entry = entry_of(letter)
    assert calendar_of(letter)["METHOD"] == "CANCEL"
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CANCELLED", 1)
    assert entry.decoded("dtstart") == datetime(2026, 6, 24, 14, tzinfo=LONDON)
    assert entry["LOCATION"] == "Civic Centre"


def test_a_withdrawal_takes_the_meeting_back_from_everybody() -> None:
    story = met().tell(date(2026, 6, 17), arranged())  # Wed
    story.tell(date(2026, 6, 19), e.Withdrawn())  # Fri
    letters = [*told(story, "L-16"), *told(story, "A-06c")]
    assert len(letters) == 4
    assert {(calendar_of(x)["METHOD"], entry_of(x)["SEQUENCE"]) for x in letters} == {("CANCEL", 1)}
    assert letters[0].context.files[0].name == "panel-1-cancelled.ics"
    assert "The panel does not meet on Wednesday 24 June 2026." in story.last("L-16").flat


def test_a_meeting_that_has_been_is_not_taken_back() -> None:
    story = met().tell(date(2026, 6, 17), arranged()).tell(WEDNESDAY, held(WEDNESDAY))  # Wed, Wed
    story.tell(WEDNESDAY, e.Withdrawn())  # Wed, after the panel
    assert story.last("L-16").context.files == ()
    assert told(story, "A-06c") == []


def appealed() -> Story:
    story = to_outcome(DOVER)
    lodged = e.AppealLodged(subject=Subject.HANDLING, grounds="Nobody heard me.", consent_to_transfer=True)
    return story.tell(date(2026, 7, 8), lodged, e.BundleSent())  # Wed


def test_the_hearing_of_an_appeal_is_a_meeting_of_its_own() -> None:
    story = appealed().tell(
        date(2026, 7, 9), e.HearingArranged(on=date(2026, 7, 15), place="https://meet.example.org/a")
    )
    story.tell(date(2026, 7, 10), e.HearingArranged(on=date(2026, 7, 16), reason="Ill."))  # Fri, Thu
    for kind in ("L-20", "A-10h"):
        first, second = (entry_of(letter) for letter in told(story, kind))
        assert first["UID"] == second["UID"] == "cr-2026-0042-hearing-1@casereview.example.org"
        assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
        assert first["URL"] == "https://meet.example.org/a"
        assert second.decoded("dtstart").date() == date(2026, 7, 16)  # Thu
    assert "It was to be on Wednesday 15 July 2026." in story.last("L-20").flat
    story.tell(date(2026, 7, 13), e.Withdrawn())  # Mon
    assert {str(entry_of(x)["STATUS"]) for x in (story.last("L-16"), story.last("A-06c"))} == {"CANCELLED"}
    assert "Your appeal is not heard on Thursday 16 July 2026." in story.last("L-16").flat


def test_a_hearing_that_a_decision_made_needless_is_taken_back() -> None:
    story = appealed().tell(date(2026, 7, 9), e.HearingArranged(on=date(2026, 7, 15)))  # Thu, Wed
    story.tell(date(2026, 7, 10), e.AppealDecided(decision=Decision.UPHELD, reasons="The papers say so."))  # Fri
    assert calendar_of(story.last("L-21"))["METHOD"] == "CANCEL"
    heard = appealed().tell(date(2026, 7, 9), e.HearingArranged(on=date(2026, 7, 10)))  # Thu, Fri
    decided = e.AppealDecided(decision=Decision.UPHELD, reasons="Heard.", heard_on=date(2026, 7, 10))  # Fri
    assert heard.tell(date(2026, 7, 10), decided).last("L-21").context.files == ()


def test_whoever_acts_now_is_invited_and_whoever_acted_before_is_not_any_more() -> None:
    applied = application(representative="P2", victim_consents=True)
    story = met(applied=applied).tell(date(2026, 6, 17), arranged())  # Wed
    story.tell(date(2026, 6, 18), e.RepresentativeChanged(representative="P3", victim_consents=True))  # Thu
    assert calendar_of(story.last("R-02"))["METHOD"] == "REQUEST"
    assert entry_of(story.last("R-02"))["ATTENDEE"] == "mailto:kim@example.org"
    assert calendar_of(story.last("R-03"))["METHOD"] == "CANCEL"
    assert entry_of(story.last("R-03"))["ATTENDEE"] == "mailto:sam@example.org"
    assert "Open it to put the meeting in your calendar." in story.last("R-02").flat
    assert "Open it to take the meeting out of your calendar." in story.last("R-03").flat


def test_a_reader_by_post_and_a_letter_about_no_meeting_have_no_file() -> None:
    for changed in ({"email": None}, {"prefers": Means.POST}):
        paper: dict[str, Person] = {**PERSONS, "P1": ROSE.model_copy(update=changed)}
        story = met(persons=paper).tell(date(2026, 6, 17), arranged())  # Wed
        assert story.last("L-05").context.files == ()
        assert "A file comes with this e-mail" not in story.last("L-05").flat
    story = met().tell(date(2026, 6, 17), arranged())  # Wed
    assert "A file comes with this e-mail" in story.last("L-05").flat
    assert all(bool(x.context.files) is (x.order.letter in ("L-05", "A-06")) for x in story.letters)


@pytest.mark.parametrize(
    ("words", "hour"),
    [
        ("14:00", time(14)),
        ("2pm", time(14)),
        ("10.30 AM", time(10, 30)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("midday", time(12)),
        ("9:05", time(9, 5)),
        ("14", None),
        ("25:00", None),
        ("13pm", None),
        ("after lunch", None),
        ("10:00 to 12:00", None),
        ("", None),
    ],
)
def test_an_hour_is_read_as_people_write_it(words: str, hour: time | None) -> None:
    assert _hour(words) == hour


def test_an_hour_that_cannot_be_read_makes_an_entry_for_the_day_and_is_printed() -> None:
    entry = entry_of(met().tell(date(2026, 6, 17), arranged(time="after lunch")).last("L-05"))  # Wed
    assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (WEDNESDAY, date(2026, 6, 25))  # Wed, Thu
    assert "Time: after lunch." in entry["DESCRIPTION"]


def test_what_people_typed_cannot_add_a_line_to_the_file() -> None:
    place = "Hall; room 2, floor 1\\nATTENDEE:mailto:x@example.org"
    entry = entry_of(met().tell(date(2026, 6, 17), arranged(place=place)).last("L-05"))  # Wed
    assert str(entry["LOCATION"]).startswith("Hall; room 2, floor 1")
    assert entry["ATTENDEE"] == "mailto:rose@example.org"


def test_the_file_travels_as_an_invitation_that_mail_programs_know() -> None:
    letter = met().tell(date(2026, 6, 17), arranged()).last("L-05")  # Wed
    sent = bytes(compose(_mail(letter), "Dover <asb@dover.example.org>"))
    message = message_from_bytes(sent, policy=modern)
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    assert part.get_filename() == "panel-1.ics"
    assert Calendar.from_ical(part.get_payload(decode=True))["METHOD"] == "REQUEST"  # type: ignore[arg-type]


def _mail(letter: Letter) -> Mail:
    mail = Mail(
        message_id(letter.order.key, "example.org"), "rose@example.org", "Rose", "s", "t", "<p>h</p>", "asb@example.org"
    )
    files: tuple[LetterFile, ...] = letter.context.files
    return replace(mail, attachments=files)


def test_the_same_letter_has_the_same_file() -> None:
    story = met().tell(date(2026, 6, 17), arranged())  # Wed
    letter = story.last("L-05")
    again = story.write(letter.order, datetime.combine(letter.on, time(10), tzinfo=LONDON))
    assert again.context.files == letter.context.files
    assert letter.on > MADE


def test_a_hearing_that_is_put_off_is_told_with_its_new_day_and_moves_in_the_calendar() -> None:
    story = appealed().tell(
        date(2026, 7, 9), e.HearingArranged(on=date(2026, 7, 15), time="2pm", place="Room 1")
    )  # Thu, Wed
    story.tell(date(2026, 7, 10), e.HearingAdjourned(until=date(2026, 7, 22), reason="A member is ill."))  # Fri, Wed
    for kind in ("L-20", "A-10h"):
        first, second = (x for x in story.letters if x.order.letter == kind)
        assert (entry_of(first)["SEQUENCE"], entry_of(second)["SEQUENCE"]) == (0, 1)
        assert entry_of(first)["UID"] == entry_of(second)["UID"]
        assert "Wednesday 22 July 2026" in second.flat
        for told in ("Wednesday 15 July 2026", "A member is ill.", "2pm", "Room 1"):
            assert told in second.flat
