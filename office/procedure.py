"""A council's procedure as a page it could publish (s.104(2)): blocks, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain import calendar
from domain.calendar import ClosedDayRule, Direction, Unit
from domain.case import words
from domain.policy import (
    AppealRoute,
    Clock,
    Combine,
    Consultation,
    Effect,
    Figures,
    Measure,
    Owner,
    Policy,
    Route,
    Scope,
    Step,
    Subject,
    Verification,
)


@dataclass(frozen=True)
class Title:
    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Points:
    items: Sequence[str]


@dataclass(frozen=True)
class Table:
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = Title | Paragraph | Points | Table

_SUBJECTS = {
    Subject.THRESHOLD: "a decision that the threshold is not met",
    Subject.HANDLING: "the way a review was carried out",
    Subject.OUTCOME: "the outcome of a review",
    Subject.PLAN_DELIVERY: "a plan that is not carried out",
}
_SCOPES = {
    Scope.ANYONE: "Reports by anybody about the same problem count together.",
    Scope.SAME_PERSON: "The reports are one person's.",
    Scope.DIFFERENT_PEOPLE: "The reports are different people's.",
    Scope.DIFFERENT_PROPERTIES: "The reports come from different properties.",
}
_OWNERS = {
    Owner.OFFICER: "us",
    Owner.AGENCY: "each agency",
    Owner.CHAIR: "the panel",
    Owner.ADDRESSEE: "the body addressed",
    Owner.APPEAL_BODY: "the appeal body",
    Owner.APPLICANT: "you",
}
_EFFECTS = {
    Effect.REFUSE: "may be refused",
    Effect.TO_AGENCY: "may be passed to the agency concerned",
    Effect.TO_COMPLAINTS: "may be passed to a complaints procedure",
    Effect.DEFER: "may wait",
}
_MEASURES = {
    Measure.APPLICATIONS: "Applications",
    Measure.NOT_MET: "Threshold not met",
    Measure.REVIEWS: "Reviews carried out",
    Measure.RECOMMENDATIONS: "With recommendations",
    Measure.APPEALS: "Appeals",
}


def page(policy: Policy) -> tuple[Block, ...]:
    """The whole procedure in plain words, in the order an applicant needs it."""
    return (
        *_opening(policy),
        *_applying(policy),
        *_threshold(policy),
        *_dates(policy),
        *_review(policy),
        *_appeals(policy),
        *_redress(policy),
        *_figures(policy),
    )


def markdown(blocks: Sequence[Block]) -> str:
    """The page in Markdown (CommonMark with tables)."""
    return "\n\n".join(_as_markdown(block) for block in blocks) + "\n"


def rule(clock: Clock) -> str:
    """ "25 working days after application received"."""
    before = clock.direction is Direction.BEFORE
    start = "at least " if before and clock.unit is not Unit.MEETING else ""
    return f"{start}{clock.words} {'before' if before else 'after'} {words(clock.anchor)}"


def _as_markdown(block: Block) -> str:
    match block:
        case Title(text, level):
            return f"{'#' * level} {text}"
        case Paragraph(text):
            return text
        case Points(items):
            return "\n".join(f"- {item}" for item in items)
        case Table(heads, rows):
            lines = [heads, ["---"] * len(heads), *rows]
            return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _opening(policy: Policy) -> Iterator[Block]:
    who = policy.identity
    yield Title(f"{who.council}: ASB Case Review", 1)
    yield Paragraph(
        f"If you have reported anti-social behaviour in {who.area} and it goes on, you can ask for a review of "
        "what has been done. The council, the police, the health body and the landlords concerned then look at your "
        "case together. This is your right under section 104 of the Anti-social Behaviour, Crime and Policing Act 2014."
    )
    start = calendar.words(policy.effective_from, weekday=False)
    until = f" until {calendar.words(policy.effective_to, weekday=False)}" if policy.effective_to else ""
    review = f" It is reviewed by {calendar.words(who.next_review, weekday=False)}." if who.next_review else ""
    yield Paragraph(
        f"Version {policy.version}, in force from {start}{until}.{review} "
        f"Kept by {who.lead_body}, for {who.partnership}."
        f"{f' Its duties pass to {who.successor}.' if who.successor else ''}"
    )
    if policy.consulted:
        yield Paragraph("These bodies were consulted on it:")
        yield Points([_consulted(body) for body in policy.consulted])


def _consulted(asked: Consultation) -> str:
    evidence = f" ({asked.evidence})" if asked.evidence else ""
    return f"{asked.body}, on {calendar.words(asked.on, weekday=False)}{evidence}"


def _applying(policy: Policy) -> Iterator[Block]:
    yield Title("How to apply")
    if policy.channels:
        yield Points([f"{_name(intake.channel)}: {intake.detail}" for intake in policy.channels])
    yield Paragraph(
        "You can apply for yourself, or somebody can apply for you if you agree. Your application keeps the date on "
        "which it reached us, even if something is still missing."
    )
    if policy.contact:
        contact = policy.contact
        yield Title("Point of contact", 3)
        phone = [f"Telephone: {contact.phone}"] if contact.phone else []
        yield Points(
            [
                f"{contact.role}, {contact.team}",
                *phone,
                f"E-mail: {contact.email}",
                f"Post: {', '.join(contact.address)}",
            ]
        )


def _threshold(policy: Policy) -> Iterator[Block]:
    yield Title("When you have a right to a review")
    yield Paragraph(
        f"Anti-social behaviour is {policy.definitions.asb}. You can report it to {policy.definitions.reports_to}."
    )
    intro = "Any one of these is enough:" if len(policy.routes) > 1 else "You have a right to a review if this is so:"
    yield Paragraph(intro)
    yield Points([_route(route) for route in policy.routes])
    yield Paragraph(
        f"If you have made fewer reports, that alone is not a refusal: {policy.discretion.exercised_by} decides, "
        "and considers how persistent the behaviour is, the harm it causes or could cause, and how adequate the "
        "response was."
    )
    if policy.discretion.guidance:
        yield Paragraph(policy.discretion.guidance)
    yield Paragraph(
        "Reports to one body on one day under one reference, or without references in the same words, are one report. "
        "If you are not sure of a day, tell us the first and the last day it can have been. We read it in your favour; "
        f"“about” a day is up to {policy.definitions.about_days} days either way."
    )
    if policy.hate_line:
        yield Paragraph(f"You can also report hate to {policy.hate_line.name} on {policy.hate_line.phone}.")
    if policy.exclusions:
        yield Paragraph(
            "These are considered when fewer reports count than the number above. They never defeat an "
            "application with three qualifying complaints."
        )
        yield Points(
            [
                f"{exclusion.title}: {_EFFECTS[exclusion.effect]}. {exclusion.paragraph}"
                for exclusion in policy.exclusions
            ]
        )


def _route(route: Route) -> str:
    parts = [f"{route.title}."]
    if route.report_within:
        parts.append(f"Each was reported within {route.report_within.words} of the behaviour.")
    parts.append(f"You apply within {route.apply_within.words} of the report.")
    if route.recent:
        parts.append(f"The newest report is at most {route.recent.words} old.")
    if route.category:
        parts.append(f"They are about {route.category}.")
    if route.distinct_days:
        parts.append("Reports of one day count once.")
    return " ".join([*parts, _SCOPES[route.scope]])


def _dates(policy: Policy) -> Iterator[Block]:
    yield Title("What happens, and by when")
    if policy.verification is Verification.FORM_ONLY:
        yield Paragraph("We decide on the threshold from what you tell us on the form.")
    rows = [
        (
            step.title,
            _OWNERS[step.owner],
            _rules(step),
            _promises([clock.source.promise for clock in step.clocks]),
        )
        for step in policy.steps
    ]
    yield Table(["Step", "By", "At the latest", "Promise"], rows)
    yield Paragraph(_counting(policy))
    yield Paragraph(_more_time(policy))
    if policy.restoring:
        yield Paragraph(
            "An applicant who withdraws can change their mind: for "
            f"{_working_days(policy.restoring.working_days)} the same case goes on, and keeps its date."
        )


def _more_time(policy: Policy) -> str:
    """By how much a date may move, by whose hand: the numbers that the rules keep."""
    moves, days = policy.extensions, policy.extensions.by_the_clock
    text = (
        "If we need more time we write to you before the date passes, with the reason and the new date. The date we "
        f"first gave you stays on record. More time is approved by {moves.approver}: at most "
        f"{_working_days(moves.at_most)} at a time, counted from the day it is given where the date has passed "
        f"already, and {_times(moves.times)}."
    )
    if moves.by_the_clock_times is None:
        return text
    if moves.by_the_clock_times == 0:
        itself = "No date moves by itself"
    else:
        itself = (
            f"Where nobody has written to you in time, a date moves by itself by {_working_days(days)} at a time, and "
            f"by at most {_working_days(days * moves.by_the_clock_times)} in all, or to the day on which your meeting "
            "is arranged"
        )
    return (
        f"{text} {itself}. After that only a person can move it. If nobody does, we write to you before the date "
        "passes that we are not keeping it, and the person in charge is told until it is done."
    )


def _working_days(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _rules(step: Step) -> str:
    join = ", or " if step.combine is Combine.EARLIEST else ", and "
    text = join.join(rule(clock) for clock in step.clocks)
    if len(step.clocks) > 1:
        text += f", whichever is {'earlier' if step.combine is Combine.EARLIEST else 'later'}"
    if step.opens:
        text += f"; not before {rule(step.opens)}"
    if step.target:
        text += f"; planned for {rule(step.target)}"
    return text


def _counting(policy: Policy) -> str:
    rules = policy.calendar
    closed = "the next working day" if rules.closed_day is ClosedDayRule.NEXT_WORKING_DAY else "that day"
    text = (
        "Working days are Monday to Friday, without the bank holidays of England and Wales. The day something "
        f"happens is day 0. What reaches us on a closed day counts from {closed}."
    )
    if rules.cut_off:
        text += f" What reaches us after {rules.cut_off:%H:%M} counts from the next working day."
    if rules.closed:
        days = ", ".join(f"{calendar.words(day.date)} ({day.name})" for day in rules.closed)
        text += f" These days are not counted either: {days}."
    return text


def _review(policy: Policy) -> Iterator[Block]:
    yield Title("The panel, and how you take part")
    panel = policy.panel
    yield Paragraph(
        f"A panel of at least {panel.quorum} services looks at your case. It is chaired by {panel.chair}"
        f"{', who had no part in the case' if panel.independent_chair else ''}. Its members are:"
    )
    yield Points(list(panel.members))
    yield Paragraph(
        f"You choose how you are heard, for up to {policy.participation.minutes} minutes: "
        f"{', '.join(policy.participation.modes)}."
    )
    yield Paragraph(
        "We write to you with the outcome and the recommendations. A body that gets a recommendation must have "
        "regard to it, and gives its reasons if it does not carry it out."
    )


def _appeals(policy: Policy) -> Iterator[Block]:
    yield Title("If you disagree")
    for route in policy.appeals:
        yield Title(route.title, 3)
        yield Paragraph(f"Against {' or '.join(_SUBJECTS[subject] for subject in route.subjects)}.")
        yield Points(list(_layer(route, policy)))


def _layer(route: AppealRoute, policy: Policy) -> Iterator[str]:
    if before := next((layer.title for layer in policy.appeals if layer.id == route.after), ""):
        begins = f", from {calendar.words(route.since, weekday=False)}" if route.since else ""
        yield f"After “{before}” was decided{begins}"
    if not route.while_plan_live:
        yield "Not while an agreed action is open"
    if not {"applicant", "representative"} & set(route.who_may_lodge):
        yield f"Only {' or '.join(route.who_may_lodge)} can take a case there"
    if route.grounds:
        yield f"Grounds: {'; '.join(route.grounds)}"
    yield f"Ask {route.lodged_with}, at the latest {rule(route.window)}"
    yield f"It can be made by: {', '.join(route.who_may_lodge)}"
    for body in route.bodies:
        since = f" from {calendar.words(body.since, weekday=False)}" if body.since else ""
        until = f" until {calendar.words(body.until, weekday=False)}" if body.until else ""
        own = "" if body.independent else ", which is not independent of the council"
        yield f"Heard by {body.name} ({body.kind}){own}{since}{until}"
    if route.hearing:
        yield f"Heard at the latest {rule(route.hearing)}"
    yield f"Result at the latest {rule(route.decision)}"
    if route.consent_to_transfer:
        yield "Your papers go to the body that hears it only if you agree"
    if numbers := ", ".join(route.source.promise):
        yield f"Promise: {numbers}"


def _redress(policy: Policy) -> Iterator[Block]:
    if policy.redress:
        yield Title("Complaints")
        yield Table(
            ["About", "First", "Then"],
            [(route.about, route.first, f"{route.ombudsman} ({route.how})") for route in policy.redress],
        )


def _figures(policy: Policy) -> Iterator[Block]:
    yield Title("Published figures")
    told = policy.publication
    to = f" They are sent to {', '.join(told.recipients)}." if told.recipients else ""
    yield Paragraph(f"We publish these figures every {told.period}.{to}")
    if policy.figures:
        heads = ["Year", *(_MEASURES[measure] for measure in told.measures)]
        yield Table(heads, [_year(year, told.measures) for year in policy.figures])


def _year(year: Figures, measures: Sequence[Measure]) -> tuple[str, ...]:
    figures = (getattr(year, measure.value) for measure in measures)
    return (year.period, *("not published" if figure is None else str(figure) for figure in figures))


def _promises(numbers: Sequence[Sequence[str]]) -> str:
    return ", ".join(dict.fromkeys(number for some in numbers for number in some))


def _name(text: str) -> str:
    return text.replace("_", " ").capitalize()
