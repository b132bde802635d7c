"""The threshold for a review (s.104(4), s.104(5)): complaint by complaint, counted or not, and why.

Every route of the policy is tried, the Act's own floor first, and every doubt is read in the applicant's
favour: a day in time on either reading of "within one month" is in time, a complaint of which an agency has
no record counts at the applicant's date, and behaviour that went on counts from its last day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, Protocol

from domain.application import Carried, Incident
from domain.calendar import Reading, Unit, words
from domain.complaint import Complaint as Complaint
from domain.complaint import (
    RouteTried,
    Trial,
    counts,
    needed_in_words,
    number_in_words,
    plain,
    reports_in_words,
    tally,
)
from domain.policy import Exclusion, Limit, Policy, Route, Scope, Source
from domain.report import reports_of
from domain.substance import says_something

_MOST = 3
_MONTH = Limit(limit=1, unit=Unit.MONTHS)
_SIX_MONTHS = Limit(limit=6, unit=Unit.MONTHS)
_LONGEST_IN_DAYS = {1: 31, 6: 184}
_RECORD = {
    "persistence": "how persistent the behaviour is (s.104(5)(a))",
    "harm": "what harm the behaviour causes or could cause (s.104(5)(b))",
    "adequacy": "how adequate the response to the reports was (s.104(5)(c))",
    "alternative_action": "what will be done instead (DOV-23)",
    "decided_by": "who decided it",
    "approved_by": "which second person agreed to it",
}


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
    application would still make all the complaints counted there count; None when none counts. ``notes`` are for who
    decides: reports that are one and the same, and doubts whether they are about one problem.
    """

    met: bool
    route: str | None = None
    statutory: bool = False
    routes: tuple[RouteTried, ...]
    complaints: tuple[Complaint, ...]
    exclusions: tuple[ExclusionRead, ...] = ()
    why: str
    nearest_expiry: date | None = None
    notes: tuple[str, ...] = ()


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
    policy: Policy,
    incidents: Sequence[Incident],
    made_on: date,
    *,
    denied: Mapping[str, str] = {},
    recorded: Mapping[str, Sequence[date]] = {},
    same_problem: bool = True,
) -> Assessment:
    """Hold ``incidents``, in any order, against every route for an application made on the day ``made_on``.

    ``denied`` maps an incident's id to the note of an agency that found no record of it; it still counts. ``recorded``
    maps it to the days on which agencies say that it was reported to them. ``same_problem`` is what the applicant says.
    Raises ValueError for a route whose periods are not in days, weeks or months.
    """
    floor = statutory_route(policy)
    reports = reports_of(policy, incidents, recorded)
    trials = [
        Trial(route, made_on, reports, denied, policy.definitions.crimes_may_count).run()
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
        notes=tuple(_notes(shown, same_problem)),
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
        title=f"{reports_in_words(minimum).capitalize()} by anyone (the Act)",
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
            f"{tally(met.counted, met.needed)}: "
            f"{name} is met and cannot be recorded as not met; record that the threshold is met.",
        )
    gaps = [
        f"The refusal does not say {what}: give it in {field}."
        for field, what in _RECORD.items()
        if not says_something(str(getattr(decision, field)))
    ]
    if decision.approved_by.strip() and plain(decision.approved_by) == plain(decision.decided_by):
        gaps.append("The officer who decided the refusal also approved it: name another in approved_by.")
    return tuple(gaps)


def _paragraph(
    shown: RouteTried, expiry: date | None, statutory: bool, who: str, denied: Mapping[str, str]
) -> list[str]:
    given = len(shown.complaints)
    of = f"of {reports_in_words(given)}" if given else "yet"
    tallied = f"{number_in_words(shown.counted) if shown.counted else 'none'} {of} {counts(shown.counted)}"
    tallied += f" and {needed_in_words(shown.needed)}"
    if statutory:
        sentences = [
            f"The threshold, the number of reports that gives a right to a review, is met: {tallied}.",
            "Section 104(4) of the Anti-social Behaviour, Crime and Policing Act 2014 makes a review your right.",
        ]
    elif shown.met:
        sentences = [f"The threshold for a review is met on the council's route “{shown.title}”: {tallied}."]
    else:
        sentences = [
            f"The threshold, the number of reports that gives a right to a review, is not reached: {tallied}.",
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


def _notes(shown: RouteTried, same_problem: bool) -> Iterator[str]:
    repeated = [complaint for complaint in shown.complaints if complaint.same_as]
    for complaint in repeated:
        yield f"{complaint.incident} is the same report as {complaint.same_as}, so the two count once."
    if not same_problem and len(shown.complaints) > 1:
        yield (
            "The applicant says that these reports are not all about the same problem. Section 104(4) counts the "
            "complaints about the behaviour that the application is about, so ask the applicant which belong "
            "together. Until they have said so, each is counted, in their favour."
        )


def _read(exclusion: Exclusion, floor: Route, statutory: bool) -> ExclusionRead:
    minimum = number_in_words(floor.minimum)
    number = f"{minimum} or more" if statutory else f"fewer than {minimum}"
    because = f"{number} qualifying complaints were made"
    never = f"cannot be applied: {because}, and section 104(4) then says that the threshold is met."
    may = f"may be considered, because {because}; it decides nothing by itself and a refusal needs reasons."
    return ExclusionRead(
        id=exclusion.id,
        title=exclusion.title,
        applies="never" if statutory else "may be considered",
        words=f"“{exclusion.title}” {never if statutory else may}",
    )


def _no_narrower(route: Route) -> bool:
    """Whether a route for anybody's complaints counts all that s.104(11) makes qualifying."""
    reported = not route.report_within or _covers(route.report_within, _MONTH)
    return reported and _covers(route.apply_within, _SIX_MONTHS) and not (route.recent or route.distinct_days)


def _covers(limit: Limit, months: Limit) -> bool:
    if limit.unit is Unit.MONTHS:
        return limit.limit >= months.limit
    return {Unit.DAYS: 1, Unit.WEEKS: 7}.get(limit.unit, 0) * limit.limit >= _LONGEST_IN_DAYS[months.limit]
