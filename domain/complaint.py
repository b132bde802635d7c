"""A complaint held against a route: counted or not, and why, in words for the applicant (s.104(11))."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.application import Carried, Category
from domain.calendar import Reading, Unit, add_months, within, words
from domain.policy import Limit, Route, Scope
from domain.report import Report, of_the_record, told_apart
from domain.span import Span

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_BY = {
    Scope.ANYONE: "",
    Scope.SAME_PERSON: " by one person",
    Scope.DIFFERENT_PEOPLE: " by different people",
    Scope.DIFFERENT_PROPERTIES: " from different properties",
}


class Complaint(Carried):
    """One report on one route, with ``why`` in the applicant's words; ``reported_to`` and the days are as they gave
    them, and ``on`` is the day that the route reads it as reported.

    ``reading`` is the least strict one a counted complaint needed, None where it is not counted. ``same_as`` is the id
    of the report that it repeats; empty where it is one of its own.
    """

    incident: str
    occurred: date
    occurred_until: date | None = None
    occurred_unsure: bool = False
    reported: date
    reported_until: date | None = None
    reported_unsure: bool = False
    reported_to: str
    on: date
    counted: bool
    why: str
    reading: Reading | None = None
    same_as: str = ""

    @property
    def happened_on(self) -> Span:
        return Span(self.occurred, self.occurred_until or self.occurred, self.occurred_unsure)

    @property
    def reported_on(self) -> Span:
        return Span(self.reported, self.reported_until or self.reported, self.reported_unsure)


class RouteTried(Carried):
    """One route with every complaint held against it: ``counted`` count together, ``needed`` are enough."""

    route: str
    title: str
    met: bool
    counted: int
    needed: int
    complaints: tuple[Complaint, ...]
    why: str


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
        reports = [self._read(report) for report in self.reports]
        against = {report: reason for report in reports if (reason := self._outside(report))}
        eligible = [report for report in reports if report not in against]
        first: list[Report] = []
        same_as: dict[Report, str] = {}
        for report in eligible:
            if late := self._late(report):
                against[report] = late
            elif same := next((earlier for earlier in first if report.repeats(earlier)), None):
                against[report], same_as[report] = told_apart(report, same), same.incident.id
            else:
                first.append(report)
        best = self._best_group(eligible, against)
        counted = [report for report in reports if report in best.counted]
        ends = [_last(report.on, route.apply_within) for report in counted]
        if best.met and route.recent:
            ends.append(_last(best.newest, route.recent))
        result = RouteTried(
            route=route.id,
            title=route.title,
            met=best.met,
            counted=len(counted),
            needed=route.minimum,
            complaints=tuple(
                self._complaint(report, counted, against.get(report), same_as.get(report, "")) for report in reports
            ),
            why=self._why(best),
        )
        return result, min(ends, default=None)

    def _read(self, report: Report) -> Report:
        """The report on the first day that counts, of those on which it may have been made."""
        limit = self.route.report_within

        def latest(day: date) -> date:
            in_time = min(day, _last(report.happened.last, limit)) if limit else day
            return min(in_time, self.made_on)

        readings = list(report.read(latest))
        return next((read for read in readings if not (self._outside(read) or self._late(read))), readings[0])

    def _outside(self, report: Report) -> str:
        """Why a report is no matter for this route, whatever its dates; empty if it is one."""
        route, said = self.route, report.incident
        if report.on > self.made_on:
            return (
                f"Not counted on its own: reported {said.reported_on.on}, after the application of "
                f"{words(self.made_on)}; it can count in a new application made by "
                f"{words(_last(report.on, route.apply_within))}."
            )
        if route.category and said.category is not route.category:
            return f"Not counted on this route: it counts only reports recorded as {route.category.value}."
        crimes = self.crimes_may_count or route.statutory or route.category is Category.CRIME
        if said.category is Category.CRIME and not crimes:
            return "Not counted on this route: the council's page does not count reports of crime here."
        return ""

    def _late(self, report: Report) -> str:
        route, said, reasons = self.route, report.incident, []
        if route.report_within and not in_time(report.end, route.report_within, report.on):
            by = _last(report.end, route.report_within)
            went_on = said.occurred_until and not said.occurred_unsure
            if said.occurred_unsure:
                behaviour = f"that happened {said.happened_on}"
            else:
                behaviour = f"{'that ended on' if went_on else 'of'} {_short(report.end, by)}"
            reasons.append(f"to count, the behaviour {behaviour} had to be reported by {words(by)}")
        if not in_time(report.on, route.apply_within, self.made_on):
            by = _last(report.on, route.apply_within)
            applied = words(self.made_on)
            reasons.append(f"for it to count, the application of {applied} had to be made by {words(by)}")
        if not reasons:
            return ""
        return f"Not counted on its own: reported {said.reported_on.on}; {'; and '.join(reasons)}."

    def _best_group(self, eligible: Sequence[Report], against: Mapping[Report, str]) -> _Group:
        route = self.route
        groups: dict[str, list[Report]] = {}
        for report in eligible:
            groups.setdefault(report.person if route.scope is Scope.SAME_PERSON else "", []).append(report)
        tallied = [_Group()]
        for group in groups.values():
            counted = self._together([report for report in group if report not in against])
            newest = max(report.on for report in group)
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
        for report in sorted(qualifying, key=lambda report: report.on, reverse=True):
            by_source.setdefault(self._source(report), []).append(report)
        seats: dict[Hashable, Report] = {}

        def seat(source: Hashable, tried: set[Hashable]) -> bool:
            for report in by_source[source]:
                for day in report.days if self.route.distinct_days else (report,):
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

    def _complaint(self, report: Report, counted: Sequence[Report], against: str | None, same_as: str) -> Complaint:
        said, reading = report.incident, None
        if report in counted:
            why = self._why_counted(report, counted)
            start, limit = report.end, self.route.report_within
            readings = {in_time(report.on, self.route.apply_within, self.made_on)}
            readings |= {in_time(start, limit, report.on)} if limit else set()
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
            occurred_until=said.occurred_until,
            occurred_unsure=said.occurred_unsure,
            reported=said.reported,
            reported_until=said.reported_until,
            reported_unsure=said.reported_on.unsure,
            reported_to=said.reported_to,
            on=report.on,
            counted=report in counted,
            why=why,
            reading=reading,
            same_as=same_as,
        )

    def _why_counted(self, report: Report, counted: Sequence[Report]) -> str:
        said, limit, on = report.incident, self.route.report_within, report.on
        reported = said.reported_on if not report.by_record else Span(on, on)
        why = f"Counted: {'it was reported' if report.person else 'you reported it'} {reported.on}"
        if said.last_day > on and not said.occurred_unsure:
            why += ", while the behaviour was going on"
        elif limit and (said.occurred_unsure or reported.unsure):
            why += f". It happened {said.happened_on.on}. Read in your favour, that can be within {_span(limit)}"
        elif limit:
            last = "its last day, " if said.occurred_until else ""
            why += f", within {_span(limit)} of {last}{words(report.end)}"
            why += _longer(in_time(report.end, limit, on))
        applied = in_time(on, self.route.apply_within, self.made_on)
        if applied is Reading.GENEROUS or not limit:
            why += f". The application of {words(self.made_on)} is within {_span(self.route.apply_within)} of it"
            why += _longer(applied)
        like = (report.person, report.happened)
        twin = next(other for other in counted if (other.person, other.happened) == like)
        if self.route.statutory and twin is not report and not report.happened.unsure:
            why += f". It is about the same day as {twin.name}: the Act counts complaints, and read in your "
            why += "favour each is one"
        return f"{why}.{of_the_record(report)}"

    def _why_beside(self, report: Report, counted: Sequence[Report]) -> str:
        """Why a report that is in time does not count beside those that do."""
        scope, source = self.route.scope, self._source(report)
        once = next((other for other in counted if self._source(other) == source), None)
        day = next((other for other in counted if other.happened.last == report.happened.last), None)
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
