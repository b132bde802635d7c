"""A meeting as a calendar file (RFC 5545, iTIP of RFC 5546) that goes with the letter about it.

The panel and the hearing of an appeal each have one UID for good; every change raises SEQUENCE, so that a calendar
moves the entry it has. Nothing in the file names anybody but the council and its reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from domain import events as e
from domain.application import Means
from domain.calendar import LONDON
from domain.case import Case
from domain.catalogue import Audience, CalendarEntry, kind_of
from domain.messages import Party
from domain.policy import Policy, StepId
from letters.addressees import Addressed, Readers
from letters.case_at_event import CaseAtEvent
from register.letter_rows import LetterFile

_DOMAIN = "casereview.example.org"
_LINK = re.compile(r"https?://\S+")
_HOUR = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)
_NAMED = {"midday": time(12), "noon": time(12)}
_ZONE = Timezone.from_ical(
    "\r\n".join(
        (
            *("BEGIN:VTIMEZONE", "TZID:Europe/London"),
            *("BEGIN:DAYLIGHT", "DTSTART:19810329T010000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
            *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0100", "TZNAME:BST", "END:DAYLIGHT"),
            *("BEGIN:STANDARD", "DTSTART:19961027T020000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
            *("TZOFFSETFROM:+0100", "TZOFFSETTO:+0000", "TZNAME:GMT", "END:STANDARD"),
            *("END:VTIMEZONE", ""),
        )
    )
)


@dataclass(frozen=True)
class Meeting:
    """A panel or a hearing: ``name`` is its own within the case, ``changes`` how often it was arranged anew."""

    name: str
    title: str
    on: date
    time: str
    place: str
    changes: int


def invitations(at_event: CaseAtEvent, readers: Readers) -> tuple[LetterFile, ...]:
    """The calendar files that go with a letter: none where it goes by post, to an agency, and none for other letters.

    A letter that a meeting does not take place, or not with this reader, takes the entry back (METHOD:CANCEL).
    """
    kind, to = kind_of(readers.order.letter), readers.order.to
    if readers.by is not Means.EMAIL or kind.entry is None or to.party is Party.AGENCY:
        return ()
    acts_no_more = kind.reader is Audience.ACTING and bool(to.id)
    off = kind.entry is CalendarEntry.TAKEN_BACK or acts_no_more
    left_the_panel = kind.entry is CalendarEntry.TAKEN_BACK and isinstance(readers.event.what, e.PanelArranged)
    known = at_event.before(readers.event) if left_the_panel else at_event.case
    invited = known.panel is None or known.panel.invited
    meetings = (meeting for meeting in _ahead(known, at_event.today) if _concerns(to.party, meeting, invited))
    return tuple(_file(meeting, at_event, readers, off) for meeting in meetings)


def _ahead(case: Case, today: date) -> Iterator[Meeting]:
    """The meetings that are arranged and have not been, in the case as it stands."""
    if case.panel and case.held is None and case.panel.on >= today:
        changes = _arranged(case, StepId.PANEL) - 1
        panel = case.panel
        yield Meeting(f"panel-{case.round}", "panel meeting", panel.on, panel.time, panel.place, changes)
    appeal = case.appeals[-1] if case.appeals else None
    if appeal and appeal.hearing and appeal.heard_on is None and appeal.hearing.on >= today:
        changes = _arranged(case, StepId.APPEAL_HEARING) - 1
        hearing = appeal.hearing
        number = len(case.appeals)
        yield Meeting(f"hearing-{number}", "hearing of an appeal", hearing.on, hearing.time, hearing.place, changes)


def _arranged(case: Case, meeting: StepId) -> int:
    """How often a meeting of that step was given a day; a case taken up again put it back after it was taken away."""
    days = sum(event.what.does is not None and event.what.does.meeting is meeting for event in case.events)
    return days + 2 * sum(isinstance(event.what, e.CaseRestored) for event in case.events)


def _concerns(party: Party, meeting: Meeting, invited: bool) -> bool:
    """The panel meets without the appeal body and a victim it did not invite, the appeal body without the panel."""
    panel = meeting.name.startswith("panel")
    if panel and not invited and party in (Party.APPLICANT, Party.REPRESENTATIVE):
        return False
    if party in (Party.CHAIR, Party.MEMBER):
        return panel
    return not panel if party is Party.APPEAL_BODY else True


def _file(meeting: Meeting, at_event: CaseAtEvent, readers: Readers, off: bool) -> LetterFile:
    method = "CANCEL" if off else "REQUEST"
    calendar = Calendar()
    calendar.add("prodid", "-//ASB Case Review//letters//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_ZONE)
    calendar.add_component(_entry(meeting, at_event, readers, off))
    name = f"{meeting.name}{'-cancelled' if off else ''}.ics"
    return LetterFile(name, f"text/calendar; method={method}; charset=utf-8", calendar.to_ical())


def _entry(meeting: Meeting, at_event: CaseAtEvent, readers: Readers, off: bool) -> Event:
    reference = readers.order.reference
    entry = Event()
    entry.add("uid", f"{reference.lower()}-{meeting.name}@{_DOMAIN}")
    entry.add("sequence", meeting.changes + off)
    entry.add("dtstamp", at_event.as_of.astimezone(UTC).replace(microsecond=0))
    starts = _hour(meeting.time)
    if starts:
        begin = datetime.combine(meeting.on, starts, tzinfo=LONDON)
        entry.add("dtstart", begin)
        entry.add("dtend", begin + timedelta(minutes=at_event.policy.participation.minutes))
    else:
        entry.add("dtstart", meeting.on)
        entry.add("dtend", meeting.on + timedelta(days=1))
    entry.add("summary", f"{_title(meeting, at_event.policy, readers.order.to.party)} ({reference})")
    entry.add("description", _words(meeting, starts, off))
    if meeting.place:
        entry.add("location", meeting.place)
    if link := _LINK.search(meeting.place):
        entry.add("url", link[0])
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    entry.add("class", "PRIVATE")
    entry.add("organizer", _address(readers.contact.email, readers.contact.team), encode=False)
    entry.add("attendee", _attendee(readers.recipient, off), encode=False)
    return entry


def _title(meeting: Meeting, policy: Policy, party: Party) -> str:
    """What a calendar shows. Others may see the applicant's: it does not say what the meeting is about."""
    private = party in (Party.APPLICANT, Party.REPRESENTATIVE)
    return f"{policy.identity.council}: meeting" if private else f"ASB Case Review: {meeting.title}"


def _words(meeting: Meeting, starts: time | None, off: bool) -> str:
    if off:
        return "You do not need to come. The letter that came with this file says why."
    hour = "" if starts else f" Time: {meeting.time}."
    return f"The letter that came with this file says more.{hour} The meeting may take longer than is shown here."


def _hour(words: str) -> time | None:
    """The hour that people wrote: "14:00", "2pm", "10.30 am", "midday"; None where it says something else."""
    if words.strip().lower() in _NAMED:
        return _NAMED[words.strip().lower()]
    match = _HOUR.fullmatch(words.strip())
    if match is None or not (match["minute"] or match["half"]):
        return None
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), (match["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(name)
    return address


def _attendee(reader: Addressed, off: bool) -> vCalAddress:
    address = _address(reader.email or "", reader.name)
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    if not off:
        address.params["PARTSTAT"] = vText("NEEDS-ACTION")
        address.params["RSVP"] = vText("TRUE")
    return address
