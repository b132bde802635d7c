"""The threshold for a review (s.104(4), s.104(5)): complaint by complaint, counted or not, and why.

Every route of the policy is tried, the Act's own floor first, and every doubt is read in the applicant's
favour: a day in time on either reading of "within one month" is in time, a complaint of which an agency has
no record counts at the applicant's date, and behaviour that went on counts from its last day.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

from domain.application import Carried, Category, Incident
from domain.calendar import Reading, Unit, add_months, within, words
from domain.policy import Exclusion, Limit, Policy, Route, Scope, Source

_MOST = 3
_MONTH = Limit(limit=1, unit=Unit.MONTHS)
_SIX_MONTHS = Limit(limit=6, unit=Unit.MONTHS)
_LONGEST_IN_DAYS = {1: 31, 6: 184}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_BY = {
    Scope.ANYONE: "",
    Scope.SAME_PERSON: " by one person",
    Scope.DIFFERENT_PEOPLE: " by different people",
    Scope.DIFFERENT_PROPERTIES: " from different properties",
}
_RECORD = {
    "persistence": "how persistent the behaviour is (s.104(5)(a))",
    "harm": "what harm the behaviour causes or could cause (s.104(5)(b))",
    "adequacy": "how adequate the response to the reports was (s.104(5)(c))",
    "alternative_action": "what will be done instead (DOV-23)",
    "decided_by": "who decided it",
    "approved_by": "which second person agreed to it",
}


class Complaint(Carried):
    """One report on one route, with ``why`` in the applicant's words; ``reported_to`` is as they gave it.

    ``reading`` is the least strict one a counted complaint needed, None where it is not counted.
    """

    incident: str
    occurred: date
    reported: date
    reported_to: str
    counted: bool
    why: str
    reading: Reading | None = None


class RouteTried(Carried):
    """One route with every complaint held against it: ``counted`` count together, ``needed`` are enough."""

    route: str
    title: str
    met: bool
    counted: int
    needed: int
    complaints: tuple[Complaint, ...]
    why: str


class ExclusionRead(Carried):
    """A published caveat held against the floor: it never defeats s.104(4), and below it a person decides."""

    id: str
    title: str = ""
    applies: Literal["never", "may be considered"]
    words: str


class Assessment(Carried):
    """Whether the threshold is met, by which ``route``, and how each complaint was read.

    ``statutory``: the floor of s.104(4) is met, so the application cannot be refused. ``complaints`` are
    those of the route met, or of the floor when none is. ``nearest_expiry`` is the last day on which an
    application would still make all the complaints counted there count; None when none counts.
    """

    met: bool
    route: str | None = None
    statutory: bool = False
    routes: tuple[RouteTried, ...]
    complaints: tuple[Complaint, ...]
    exclusions: tuple[ExclusionRead, ...] = ()
    why: str
    nearest_expiry: date | None = None


class Refusal(Protocol):
    """What a decision that the threshold is not met must record (s.104(5), invariant 3)."""

    @property
    def persistence(self) -> str: ...
    @property
    def harm(self) -> str: ...
    @property
    def adequacy(self) -> str: ...
    @property
    def alternative_action(self) -> str: ...
    @property
    def decided_by(self) -> str: ...
    @property
    def approved_by(self) -> str: ...


def assess(
    policy: Policy, incidents: Sequence[Incident], made_on: date, *, denied: Mapping[str, str] = {}
) -> Assessment:
    """Hold ``incidents``, in any order, against every route for an application made on the day ``made_on``.

    ``denied`` maps an incident's id to the note of an agency that found no record of it; it still counts.
    Raises ValueError for a route whose periods are not in days, weeks or months.
    """
    floor = statutory_route(policy)
    reports = _reports(policy, incidents)
    trials = [
        _Trial(route, made_on, reports, denied, policy.definitions.crimes_may_count).run()
        for route in (floor, *(route for route in policy.routes if route is not floor))
    ]
    shown, expiry = next((trial for trial in trials if trial[0].met), trials[0])
    statutory = trials[0][0].met
    return Assessment(
        met=shown.met,
        route=shown.route if shown.met else None,
        statutory=statutory,
        routes=tuple(result for result, _ in trials),
        complaints=shown.complaints,
        exclusions=tuple(_read(exclusion, floor, statutory) for exclusion in policy.exclusions),
        why=" ".join(_paragraph(shown, expiry, statutory, policy.discretion.exercised_by, denied)),
        nearest_expiry=expiry,
    )


def statutory_route(policy: Policy) -> Route:
    """The floor of s.104(4): three complaints or the council's fewer, by anybody, in one month and six.

    It is the policy's own statutory route where that is no narrower than the Act; otherwise it is built.
    """
    own = [
        route
        for route in policy.routes
        if route.statutory and route.minimum <= _MOST and route.scope is Scope.ANYONE and not route.category
    ]
    minimum = min((route.minimum for route in own), default=_MOST)
    for route in own:
        if route.minimum == minimum and _no_narrower(route):
            return route
    return Route(
        id="s104-4",
        title=f"{_reports_of(minimum).capitalize()} by anyone (the Act)",
        minimum=minimum,
        report_within=_MONTH,
        apply_within=_SIX_MONTHS,
        statutory=True,
        source=Source(choice="Section 104(4) of the 2014 Act holds whatever the council's page says."),
    )


def refusal_gaps(assessment: Assessment, decision: Refusal) -> tuple[str, ...]:
    """What is missing before "not met" can be recorded, a sentence each; empty when nothing is (invariant 3).

    A threshold that is met gives one sentence: nothing that could be added allows a refusal (s.104(4)).
    """
    if assessment.met:
        met = next(tried for tried in assessment.routes if tried.route == assessment.route)
        name = "section 104(4)" if assessment.statutory else f"the council's own route “{met.title}”"
        return (
            f"{_reports_of(met.counted).capitalize()} {_counts(met.counted)} and {_needed(met.needed)}: "
            f"{name} is met and cannot be recorded as not met; record that the threshold is met.",
        )
    gaps = [
        f"The refusal does not say {what}: give it in {field}."
        for field, what in _RECORD.items()
        if not str(getattr(decision, field)).strip()
    ]
    if decision.approved_by.strip() and _same(decision.approved_by) == _same(decision.decided_by):
        gaps.append("The officer who decided the refusal also approved it: name another in approved_by.")
    return tuple(gaps)


@dataclass(frozen=True, eq=False)
class _Report:
    """An incident with whose it is, from where and to which body; compared by identity."""

    incident: Incident
    person: str
    premises: str
    body: str

    @property
    def name(self) -> str:
        return self.incident.id or f"the one of {words(self.incident.reported)}"

    @property
    def end(self) -> date:
        """The day its time to be reported runs from: behaviour may have gone on after the report."""
        return min(self.incident.last_day, self.incident.reported)

    @property
    def behaviour(self) -> Hashable:
        """The same for one behaviour reported twice by one person on one day to one body."""
        said = self.incident
        days = (said.occurred, said.last_day, said.reported)
        return (*days, self.body, self.person, self.premises, _same(said.what))


@dataclass(frozen=True)
class _Group:
    """Reports that one route may count together; ``newest`` is the newest of all, counted or not."""

    counted: tuple[_Report, ...] = ()
    newest: date = date.min
    met: bool = False


@dataclass(frozen=True)
class _Trial:
    """One route held against the reports."""

    route: Route
    made_on: date
    reports: Sequence[_Report]
    denied: Mapping[str, str]
    crimes_may_count: bool

    def run(self) -> tuple[RouteTried, date | None]:
        """The result, and the last day on which an application would still make what counts count."""
        route = self.route
        against = {report: reason for report in self.reports if (reason := self._outside(report))}
        eligible = [report for report in self.reports if report not in against]
        first: dict[Hashable, _Report] = {}
        for report in eligible:
            if late := self._late(report):
                against[report] = late
            elif (same := first.setdefault(report.behaviour, report)) is not report:
                against[report] = (
                    "Not counted again: it is the same behaviour, reported on the same day to the same body, "
                    f"as {same.name}."
                )
        best = self._best_group(eligible, against)
        counted = [report for report in self.reports if report in best.counted]
        ends = [_last(report.incident.reported, route.apply_within) for report in counted]
        if best.met and route.recent:
            ends.append(_last(best.newest, route.recent))
        result = RouteTried(
            route=route.id,
            title=route.title,
            met=best.met,
            counted=len(counted),
            needed=route.minimum,
            complaints=tuple(
                self._complaint(report, counted, against.get(report)) for report in self.reports
            ),
            why=self._why(best),
        )
        return result, min(ends, default=None)

    def _outside(self, report: _Report) -> str:
        """Why a report is no matter for this route, whatever its dates; empty if it is one."""
        route, said = self.route, report.incident
        if said.reported > self.made_on:
            return (
                f"Not counted on its own: reported on {words(said.reported)}, after the application of "
                f"{words(self.made_on)}; it can count in a new application made by "
                f"{words(_last(said.reported, route.apply_within))}."
            )
        if route.category and said.category is not route.category:
            return f"Not counted on this route: it counts only reports recorded as {route.category.value}."
        crimes = self.crimes_may_count or route.statutory or route.category is Category.CRIME
        if said.category is Category.CRIME and not crimes:
            return "Not counted on this route: the council's page does not count reports of crime here."
        return ""

    def _late(self, report: _Report) -> str:
        route, said, reasons = self.route, report.incident, []
        if route.report_within and not _within(report.end, route.report_within, said.reported):
            by = _last(report.end, route.report_within)
            behaviour = f"{'that ended on' if said.occurred_until else 'of'} {_short(report.end, by)}"
            reasons.append(f"to count, the behaviour {behaviour} had to be reported by {words(by)}")
        if not _within(said.reported, route.apply_within, self.made_on):
            by = _last(said.reported, route.apply_within)
            applied = words(self.made_on)
            reasons.append(f"for it to count, the application of {applied} had to be made by {words(by)}")
        if not reasons:
            return ""
        return f"Not counted on its own: reported on {words(said.reported)}; {'; and '.join(reasons)}."

    def _best_group(self, eligible: Sequence[_Report], against: Mapping[_Report, str]) -> _Group:
        route = self.route
        groups: dict[str, list[_Report]] = {}
        for report in eligible:
            groups.setdefault(report.person if route.scope is Scope.SAME_PERSON else "", []).append(report)
        found = [_Group()]
        for group in groups.values():
            counted = self._together([report for report in group if report not in against])
            newest = max(report.incident.reported for report in group)
            recent = not route.recent or _within(newest, route.recent, self.made_on)
            found.append(_Group(counted, newest, len(counted) >= route.minimum and bool(recent)))
        return max(found, key=lambda group: (group.met, len(group.counted), group.newest))

    def _source(self, report: _Report) -> Hashable:
        """What may count once: the person, the premises (unnamed, their own home), or else each report."""
        home = (report.premises, "" if report.premises else report.person)
        of: dict[Scope, Hashable] = {
            Scope.DIFFERENT_PEOPLE: report.person,
            Scope.DIFFERENT_PROPERTIES: home,
        }
        return of.get(self.route.scope, report)

    def _together(self, qualifying: Sequence[_Report]) -> tuple[_Report, ...]:
        """The most reports that count together, newest first, where a source or a day may count once."""
        by_source: dict[Hashable, list[_Report]] = {}
        for report in sorted(qualifying, key=lambda report: report.incident.reported, reverse=True):
            by_source.setdefault(self._source(report), []).append(report)
        seats: dict[Hashable, _Report] = {}

        def seat(source: Hashable, tried: set[Hashable]) -> bool:
            for report in by_source[source]:
                day = report.incident.last_day if self.route.distinct_days else report
                if day in tried:
                    continue
                tried.add(day)
                if day not in seats or seat(self._source(seats[day]), tried):
                    seats[day] = report
                    return True
            return False

        for source in by_source:
            seat(source, set())
        return tuple(seats.values())

    def _complaint(self, report: _Report, counted: Sequence[_Report], against: str | None) -> Complaint:
        said, reading = report.incident, None
        if report in counted:
            why = self._why_counted(report, counted)
            start, limit = report.end, self.route.report_within
            readings = {_within(said.reported, self.route.apply_within, self.made_on)}
            readings |= {_within(start, limit, said.reported)} if limit else set()
            reading = Reading.GENEROUS if Reading.GENEROUS in readings else Reading.STRICT
        else:
            why = against or self._why_beside(report, counted)
        if said.id in self.denied:
            note = " ".join(self.denied[said.id].split())
            why += f" An agency found no record of this report{f' (“{note}”)' if note else ''}; "
            why += "the date you gave stands unless it is disproved."
        return Complaint(
            incident=said.id,
            occurred=said.occurred,
            reported=said.reported,
            reported_to=said.reported_to,
            counted=report in counted,
            why=why,
            reading=reading,
        )

    def _why_counted(self, report: _Report, counted: Sequence[_Report]) -> str:
        said, limit = report.incident, self.route.report_within
        why = (
            f"Counted: {'it was reported' if report.person else 'you reported it'} on {words(said.reported)}"
        )
        if said.last_day > said.reported:
            why += ", while the behaviour was going on"
        elif limit:
            last = "its last day, " if said.occurred_until else ""
            why += f", within {_span(limit)} of {last}{words(report.end)}"
            why += _longer(_within(report.end, limit, said.reported))
        applied = _within(said.reported, self.route.apply_within, self.made_on)
        if applied is Reading.GENEROUS or not limit:
            why += (
                f". The application of {words(self.made_on)} is within {_span(self.route.apply_within)} of it"
            )
            why += _longer(applied)
        like = (report.person, said.last_day)
        twin = next(other for other in counted if (other.person, other.incident.last_day) == like)
        if self.route.statutory and twin is not report:
            why += f". It is about the same day as {twin.name}: the Act counts complaints, and read in your "
            why += "favour each is one"
        return f"{why}."

    def _why_beside(self, report: _Report, counted: Sequence[_Report]) -> str:
        """Why a report that is in time does not count beside those that do."""
        scope, source = self.route.scope, self._source(report)
        once = next((other for other in counted if self._source(other) == source), None)
        day = next((other for other in counted if other.incident.last_day == report.incident.last_day), None)
        if scope is Scope.SAME_PERSON and all(report.person != other.person for other in counted):
            why = "it counts the reports of one person, and those of another person are counted"
        elif once:
            each = "person" if scope is Scope.DIFFERENT_PEOPLE else "property"
            why = f"each {each} counts once, and {once.name} is counted"
        else:
            why = f"each day of behaviour counts once, and {day.name if day else 'another report'} is counted"
        return f"Not counted on this route: {why}."

    def _why(self, best: _Group) -> str:
        counted, route = len(best.counted), self.route
        tally = f"{_reports_of(counted).capitalize()}{_BY[route.scope]} {_counts(counted)} and "
        tally += _needed(route.minimum)
        if best.met or counted < route.minimum or not route.recent:
            return f"{tally}."
        by = words(_last(best.newest, route.recent))
        return f"{tally}, but the newest report, of {words(best.newest)}, needed an application by {by}."


def _reports(policy: Policy, incidents: Sequence[Incident]) -> list[_Report]:
    bodies = {_same(agency.name): agency.id for agency in policy.agencies}

    def in_order(said: Incident) -> tuple[date, date, int, str, str]:
        return said.occurred, said.reported, len(said.id), said.id, said.model_dump_json()

    return [
        _Report(
            incident=said,
            person=_same(said.reporter),
            premises=_same(said.premises),
            body=bodies.get(_same(said.reported_to), _same(said.reported_to)),
        )
        for said in sorted(incidents, key=in_order)
    ]


def _paragraph(
    shown: RouteTried, expiry: date | None, statutory: bool, who: str, denied: Mapping[str, str]
) -> list[str]:
    given = len(shown.complaints)
    of = f"of {_reports_of(given)}" if given else "yet"
    tally = f"{_number(shown.counted) if shown.counted else 'none'} {of} {_counts(shown.counted)}"
    tally += f" and {_needed(shown.needed)}"
    if statutory:
        sentences = [
            f"The threshold, the number of reports that gives a right to a review, is met: {tally}.",
            "Section 104(4) of the Anti-social Behaviour, Crime and Policing Act 2014 "
            "makes a review your right.",
        ]
    elif shown.met:
        sentences = [f"The threshold for a review is met on the council's route “{shown.title}”: {tally}."]
    else:
        sentences = [
            f"The threshold, the number of reports that gives a right to a review, is not reached: {tally}.",
            f"That alone is not a refusal: {who} must consider how persistent the behaviour is, the harm it "
            "causes or could cause, and how adequate the response was (section 104(5)).",
        ]
        if expiry:
            by = words(expiry)
            sentences.append(f"What counts now would still count in a new application made by {by}.")
    if any(complaint.reading is Reading.GENEROUS for complaint in shown.complaints):
        sentences.append("Where a period can be read in two ways, we used the longer one.")
    if any(complaint.counted and complaint.incident in denied for complaint in shown.complaints):
        sentences.append("Where an agency found no record of a report, we used the date you gave.")
    return sentences


def _read(exclusion: Exclusion, floor: Route, statutory: bool) -> ExclusionRead:
    number = f"{_number(floor.minimum)} or more" if statutory else f"fewer than {_number(floor.minimum)}"
    because = f"{number} qualifying complaints were made"
    never = f"cannot be applied: {because}, and section 104(4) then says that the threshold is met."
    may = f"may be considered, because {because}; it decides nothing by itself and a refusal needs reasons."
    return ExclusionRead(
        id=exclusion.id,
        title=exclusion.title,
        applies="never" if statutory else "may be considered",
        words=f"“{exclusion.title}” {never if statutory else may}",
    )


def _within(start: date, limit: Limit, day: date) -> Reading | None:
    if limit.unit is Unit.WEEKS:
        return within(start, limit.limit * 7, Unit.DAYS, day)
    return within(start, limit.limit, limit.unit, day)


def _last(start: date, limit: Limit) -> date:
    """The last day within ``limit`` of ``start`` on the generous reading."""
    if limit.unit is Unit.MONTHS:
        return add_months(start, limit.limit)
    return start + timedelta(days=limit.limit * (7 if limit.unit is Unit.WEEKS else 1))


def _no_narrower(route: Route) -> bool:
    """Whether a route for anybody's complaints counts all that s.104(11) makes qualifying."""
    reported = not route.report_within or _covers(route.report_within, _MONTH)
    return reported and _covers(route.apply_within, _SIX_MONTHS) and not (route.recent or route.distinct_days)


def _covers(limit: Limit, months: Limit) -> bool:
    if limit.unit is Unit.MONTHS:
        return limit.limit >= months.limit
    return {Unit.DAYS: 1, Unit.WEEKS: 7}.get(limit.unit, 0) * limit.limit >= _LONGEST_IN_DAYS[months.limit]


def _same(value: str) -> str:
    return " ".join(value.split()).casefold()


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _reports_of(number: int) -> str:
    return f"{_number(number)} {'report' if number == 1 else 'reports'}"


def _counts(number: int) -> str:
    return "counts" if number == 1 else "count"


def _needed(number: int) -> str:
    return f"{_number(number)} {'is' if number == 1 else 'are'} needed"


def _span(limit: Limit) -> str:
    name = limit.unit.value
    return f"{_number(limit.limit)} {name.removesuffix('s') if limit.limit == 1 else name}"


def _longer(reading: Reading | None) -> str:
    return " on the longer of two readings" if reading is Reading.GENEROUS else ""


def _short(day: date, beside: date) -> str:
    whole = words(day, weekday=False)
    return whole.removesuffix(f" {day.year}") if day.year == beside.year else whole
