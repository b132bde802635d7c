"""A complaint held against a route: counted or not, and why, in words for the applicant (s.104(11))."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.application import Carried, Category, Incident
from domain.calendar import Reading, Unit, add_months, within, words
from domain.policy import Limit, Policy, Route, Scope

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_BY = {
    Scope.ANYONE: "",
    Scope.SAME_PERSON: " by one person",
    Scope.DIFFERENT_PEOPLE: " by different people",
    Scope.DIFFERENT_PROPERTIES: " from different properties",
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


@dataclass(frozen=True, eq=False)
class Report:
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
        return (*days, self.body, self.person, self.premises, plain(said.what))

    def repeats(self, other: Report) -> bool:
        """Whether the two are one report; a body that gave each a reference of its own took down two."""
        given, known = plain(self.incident.reference), plain(other.incident.reference)
        return self.behaviour == other.behaviour and not (given and known and given != known)


@dataclass(frozen=True)
class _Group:
    """Reports that one route may count together; ``newest`` is the newest of all, counted or not."""

    counted: tuple[Report, ...] = ()
    newest: date = date.min
    met: bool = False


@dataclass(frozen=True)
class Trial:
    """One route held against the reports."""

    route: Route
    made_on: date
    reports: Sequence[Report]
    denied: Mapping[str, str]
    crimes_may_count: bool

    def run(self) -> tuple[RouteTried, date | None]:
        """The result, and the last day on which an application would still make what counts count."""
        route = self.route
        against = {report: reason for report in self.reports if (reason := self._outside(report))}
        eligible = [report for report in self.reports if report not in against]
        first: list[Report] = []
        for report in eligible:
            if late := self._late(report):
                against[report] = late
            elif same := next((earlier for earlier in first if report.repeats(earlier)), None):
                against[report] = (
                    "Not counted again: it is the same behaviour, reported on the same day to the same body, "
                    f"as {same.name}."
                )
            else:
                first.append(report)
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
            complaints=tuple(self._complaint(report, counted, against.get(report)) for report in self.reports),
            why=self._why(best),
        )
        return result, min(ends, default=None)

    def _outside(self, report: Report) -> str:
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

    def _late(self, report: Report) -> str:
        route, said, reasons = self.route, report.incident, []
        if route.report_within and not in_time(report.end, route.report_within, said.reported):
            by = _last(report.end, route.report_within)
            behaviour = f"{'that ended on' if said.occurred_until else 'of'} {_short(report.end, by)}"
            reasons.append(f"to count, the behaviour {behaviour} had to be reported by {words(by)}")
        if not in_time(said.reported, route.apply_within, self.made_on):
            by = _last(said.reported, route.apply_within)
            applied = words(self.made_on)
            reasons.append(f"for it to count, the application of {applied} had to be made by {words(by)}")
        if not reasons:
            return ""
        return f"Not counted on its own: reported on {words(said.reported)}; {'; and '.join(reasons)}."

    def _best_group(self, eligible: Sequence[Report], against: Mapping[Report, str]) -> _Group:
        route = self.route
        groups: dict[str, list[Report]] = {}
        for report in eligible:
            groups.setdefault(report.person if route.scope is Scope.SAME_PERSON else "", []).append(report)
        tallied = [_Group()]
        for group in groups.values():
            counted = self._together([report for report in group if report not in against])
            newest = max(report.incident.reported for report in group)
            recent = not route.recent or in_time(newest, route.recent, self.made_on)
            tallied.append(_Group(counted, newest, len(counted) >= route.minimum and bool(recent)))
        return max(tallied, key=lambda group: (group.met, len(group.counted), group.newest))

    def _source(self, report: Report) -> Hashable:
        """What may count once: the person, the premises (unnamed, their own home), or else each report."""
        home = (report.premises, "" if report.premises else report.person)
        of: dict[Scope, Hashable] = {
            Scope.DIFFERENT_PEOPLE: report.person,
            Scope.DIFFERENT_PROPERTIES: home,
        }
        return of.get(self.route.scope, report)

    def _together(self, qualifying: Sequence[Report]) -> tuple[Report, ...]:
        """The most reports that count together, newest first, where a source or a day may count once."""
        by_source: dict[Hashable, list[Report]] = {}
        for report in sorted(qualifying, key=lambda report: report.incident.reported, reverse=True):
            by_source.setdefault(self._source(report), []).append(report)
        seats: dict[Hashable, Report] = {}

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

    def _complaint(self, report: Report, counted: Sequence[Report], against: str | None) -> Complaint:
        said, reading = report.incident, None
        if report in counted:
            why = self._why_counted(report, counted)
            start, limit = report.end, self.route.report_within
            readings = {in_time(said.reported, self.route.apply_within, self.made_on)}
            readings |= {in_time(start, limit, said.reported)} if limit else set()
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

    def _why_counted(self, report: Report, counted: Sequence[Report]) -> str:
        said, limit = report.incident, self.route.report_within
        why = f"Counted: {'it was reported' if report.person else 'you reported it'} on {words(said.reported)}"
        if said.last_day > said.reported:
            why += ", while the behaviour was going on"
        elif limit:
            last = "its last day, " if said.occurred_until else ""
            why += f", within {_span(limit)} of {last}{words(report.end)}"
            why += _longer(in_time(report.end, limit, said.reported))
        applied = in_time(said.reported, self.route.apply_within, self.made_on)
        if applied is Reading.GENEROUS or not limit:
            why += f". The application of {words(self.made_on)} is within {_span(self.route.apply_within)} of it"
            why += _longer(applied)
        like = (report.person, said.last_day)
        twin = next(other for other in counted if (other.person, other.incident.last_day) == like)
        if self.route.statutory and twin is not report:
            why += f". It is about the same day as {twin.name}: the Act counts complaints, and read in your "
            why += "favour each is one"
        return f"{why}."

    def _why_beside(self, report: Report, counted: Sequence[Report]) -> str:
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
        tallied = tally(counted, route.minimum, _BY[route.scope])
        if best.met or counted < route.minimum or not route.recent:
            return f"{tallied}."
        by = words(_last(best.newest, route.recent))
        return f"{tallied}, but the newest report, of {words(best.newest)}, needed an application by {by}."


def reports_of(policy: Policy, incidents: Sequence[Incident]) -> list[Report]:
    """The incidents as reports, in order of date whatever order they came in."""
    bodies = {plain(agency.name): agency.id for agency in policy.agencies}

    def in_order(said: Incident) -> tuple[date, date, int, str, str]:
        return said.occurred, said.reported, len(said.id), said.id, said.model_dump_json()

    return [
        Report(
            incident=said,
            person=plain(said.reporter),
            premises=plain(said.premises),
            body=bodies.get(plain(said.reported_to), plain(said.reported_to)),
        )
        for said in sorted(incidents, key=in_order)
    ]


def in_time(start: date, limit: Limit, day: date) -> Reading | None:
    """The least strict reading on which a day is within a limit of another; None where it is on none."""
    if limit.unit is Unit.WEEKS:
        return within(start, limit.limit * 7, Unit.DAYS, day)
    return within(start, limit.limit, limit.unit, day)


def _last(start: date, limit: Limit) -> date:
    """The last day within ``limit`` of ``start`` on the generous reading."""
    if limit.unit is Unit.MONTHS:
        return add_months(start, limit.limit)
    return start + timedelta(days=limit.limit * (7 if limit.unit is Unit.WEEKS else 1))


def plain(value: str) -> str:
    """A name or a text with its spaces and capitals put aside, to compare it by."""
    return " ".join(value.split()).casefold()


def number_in_words(number: int) -> str:
    """ "three", or "11" from eleven on."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def reports_in_words(number: int) -> str:
    """ "one report", "three reports"."""
    return f"{number_in_words(number)} {'report' if number == 1 else 'reports'}"


def counts(number: int) -> str:
    """The verb that goes with a number of reports."""
    return "counts" if number == 1 else "count"


def needed_in_words(number: int) -> str:
    """ "three are needed"."""
    return f"{number_in_words(number)} {'is' if number == 1 else 'are'} needed"


def tally(counted: int, needed: int, by: str = "") -> str:
    """ "Two reports count and three are needed"; ``by`` says whose they are."""
    return f"{reports_in_words(counted).capitalize()}{by} {counts(counted)} and {needed_in_words(needed)}"


def _span(limit: Limit) -> str:
    name = limit.unit.value
    return f"{number_in_words(limit.limit)} {name.removesuffix('s') if limit.limit == 1 else name}"


def _longer(reading: Reading | None) -> str:
    return " on the longer of two readings" if reading is Reading.GENEROUS else ""


def _short(day: date, beside: date) -> str:
    whole = words(day, weekday=False)
    return whole.removesuffix(f" {day.year}") if day.year == beside.year else whole
