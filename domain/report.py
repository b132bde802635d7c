"""A report to a body as the threshold reads it: whose, to which body, between which days; and what is the same report.

Days that nobody knows are read in the applicant's favour, and so is the day that a body's own record has where it
differs: s.104(11) counts from the day on which the complaint was made, which each of the two may have right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from unicodedata import normalize

from domain.application import Incident
from domain.calendar import words
from domain.dates import ONE_DAY
from domain.policy import Policy
from domain.span import Span

_NOT_GIVEN = frozenset(
    {"", "na", "nil", "no", "none", "notgiven", "notknown", "notapplicable", "null", "tba", "tbc", "unknown"}
)


@dataclass(frozen=True, eq=False)
class Report:
    """An incident with whose it is, from where and to which body; compared by identity.

    ``happened`` and ``told`` are all the days on which it can have happened and been reported; ``on`` is the day that
    a route reads it as reported, by the body's own record where ``by_record``. ``recorded`` are the days of records.
    """

    incident: Incident
    person: str
    premises: str
    body: str
    happened: Span
    told: Span
    recorded: tuple[date, ...]
    on: date
    by_record: bool = False

    @property
    def name(self) -> str:
        return self.incident.id or f"the one reported {self.incident.reported_on.on}"

    @property
    def end(self) -> date:
        """The day its time to be reported runs from: behaviour may have gone on after the report."""
        return min(self.happened.last, self.on)

    @property
    def days(self) -> Iterator[date]:
        """The days of behaviour it can stand for where each counts once: its last, or any where nobody knows."""
        yield self.happened.last
        if self.happened.unsure:
            yield from (self.happened.last - ONE_DAY * back for back in range(1, _length(self.happened)))

    def read(self, latest: Callable[[date], date]) -> Iterator[Report]:
        """The report on each day on which it may be read as made, the applicant's own before that of a record.

        ``latest`` gives the last day on which it would be in time; of several days the last of those is the best.
        """
        yield replace(self, on=_best(self.told, latest))
        for day in self.recorded:
            yield replace(self, on=day, by_record=True)

    def repeats(self, other: Report) -> bool:
        """Whether the two are one report (s.104(12)): to one body on one day, by one person, under one reference or,
        where one of them has none, in the same words. A body that gave each a reference took down two."""
        if (self.body, self.person) != (other.body, other.person):
            return False
        given, known = reference(self.incident), reference(other.incident)
        if given and known:
            return given == known and self.told.meets(other.told)
        same_words = folded(self.incident.what) == folded(other.incident.what)
        return same_words and self.told == other.told and self.premises == other.premises


def reports_of(
    policy: Policy, incidents: Sequence[Incident], recorded: Mapping[str, Sequence[date]] = {}
) -> list[Report]:
    """The incidents as reports, in order of date whatever order they came in; ``recorded`` has by an incident's id the
    days on which bodies say that it was reported to them."""

    def in_order(said: Incident) -> tuple[date, date, int, str, str]:
        return said.occurred, said.reported, len(said.id), said.id, said.model_dump_json()

    return [
        Report(
            incident=said,
            person=folded(said.reporter),
            premises=folded(said.premises),
            body=body_of(policy, said.reported_to),
            happened=_possible(said.happened_on, policy),
            told=_possible(said.reported_on, policy),
            recorded=tuple(sorted({*recorded.get(said.id, ())} - {said.reported}, reverse=True)),
            on=said.reported,
        )
        for said in sorted(incidents, key=in_order)
    ]


def body_of(policy: Policy, name: str) -> str:
    """The id of the body that people mean by "Kent Police", "police" or "101"; one of another name, folded."""
    known = folded(name)
    return next((agency.id for agency in policy.agencies if known in map(folded, agency.names)), known)


def reference(incident: Incident) -> str:
    """A body's own number for a report, folded; empty where none was given, in whatever word."""
    known = folded(incident.reference)
    return "" if known in _NOT_GIVEN or not any(sign.isalnum() for sign in known) else known


def folded(value: str) -> str:
    """A name, number or text with its spaces, hyphens, capitals and punctuation put aside, to compare it by."""
    plain = normalize("NFKC", value).casefold()
    return "".join(sign for sign in plain if sign.isalnum()) or " ".join(plain.split())


def told_apart(report: Report, other: Report) -> str:
    """Why a report is not counted beside one that it repeats, and what would make it one of its own."""
    where = f"reported {report.incident.reported_on.on} to the same body"
    if reference(report.incident) and reference(other.incident):
        return (
            f"Not counted again: it is the same report as {other.name}, {where} under the same reference. "
            "If they were two reports, the day or the reference of one of them can be corrected."
        )
    return (
        f"Not counted again: it is the same report as {other.name}, {where} in the same words. If they were two "
        "reports, the day, the words or the reference of one of them can be corrected."
    )


def of_the_record(report: Report) -> str:
    """What is said where a body's own day is used because the applicant's would not count."""
    if not report.by_record:
        return ""
    return (
        f" The body’s own record has {words(report.on)} and you gave {report.incident.reported_on}; "
        "we use the one that counts."
    )


def _possible(span: Span, policy: Policy) -> Span:
    """All the days it can have been; "about" a day is some days either way, by the policy."""
    if span.unsure and span.first == span.last:
        way = timedelta(days=policy.definitions.about_days)
        return Span(span.first - way, span.last + way, True)
    return span


def _best(told: Span, latest: Callable[[date], date]) -> date:
    return max(told.first, min(told.last, latest(told.last)))


def _length(span: Span) -> int:
    return (span.last - span.first).days + 1
