"""What a field of an act can be in this case: enquiries still open, dates that may move, letters to settle."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from console.questions.fields import Choice
from console.web import languages
from console.web.pages import day, long_day
from domain.application import Means
from domain.case import Case, Item, Letter, words
from domain.deadlines import Deadline
from domain.events import Purpose, Response
from domain.letters import ANSWERS, CATALOGUE, SUBJECTS
from domain.policy import Decision, Policy, Subject
from domain.refusals.intake import assessment
from domain.refusals.record import CORRECTABLE
from domain.ways import WITHOUT_TEXT
from office.timeline import party

LANGUAGES = tuple(Choice(code, words) for code, words in languages.LANGUAGES.items())
UNSAFE = (
    Choice("email", "E-mail"),
    Choice("post", "Post"),
    Choice("text", "Text message"),
    Choice("phone", "Telephone, so no text message either"),
    Choice("voicemail", "Voicemail"),
)
CATEGORIES = (Choice("asb", "Anti-social behaviour"), Choice("hate", "Hate incident"), Choice("crime", "Crime"))
_DECISIONS = {
    Decision.UPHELD: "Upheld: the applicant is right",
    Decision.DISMISSED: "Dismissed: the decision stands",
    Decision.REMITTED: "Remitted: the council must look again",
}


_WAYS = {
    Means.EMAIL: Choice("email", "By e-mail"),
    Means.POST: Choice("post", "By post"),
    Means.TEXT: Choice("text", "By text message", "It says that there is news and links to it. Mobiles only."),
}


def choices(
    case: Case, deadlines: Iterable[Deadline], act: str, path: str, ways: Collection[Means] = WITHOUT_TEXT
) -> tuple[Choice, ...]:
    """The choices of one field; none where anything may be typed. ``ways`` are those letters go here."""
    policy = case.policy
    match act, path:
        case _, "enquiry":
            return tuple(_enquiries(case))
        case "answer-recommendation", "recommendation":
            return tuple(_item(item, policy) for item in case.items.values() if item.done is None)
        case "complete-action", "recommendation":
            return tuple(_item(item, policy) for item in case.items.values() if item.accepted and item.done is None)
        case _, "response":
            return tuple(Choice(response.value, ANSWERS[response].capitalize()) for response in Response)
        case "undo-extension", "step":
            moved = (deadline for deadline in deadlines if deadline.running and deadline.key in case.extensions)
            return tuple(
                Choice(deadline.key, deadline.title, f"First promised {long_day(deadline.promised)}")
                for deadline in moved
            )
        case _, "step":
            running = (
                deadline for deadline in deadlines if deadline.running and deadline.step in policy.extensions.steps
            )
            return tuple(Choice(deadline.key, deadline.title, f"Due {long_day(deadline.due)}") for deadline in running)
        case _, "milestone":
            known = (milestone for milestone in CORRECTABLE if milestone in case.reached)
            return tuple(
                Choice(
                    milestone.value,
                    words(milestone).capitalize(),
                    f"Recorded as {long_day(case.reached[milestone].on)}",
                )
                for milestone in known
            )
        case "settle-letter", "key":
            return tuple(_letters(case, policy, lambda letter: letter.needs_somebody))
        case "post-letter", "key":
            return tuple(_letters(case, policy, lambda letter: letter.in_tray))
        case "report-undelivered", "key":
            return tuple(_letters(case, policy, lambda letter: letter.arrived))
        case "decide-threshold", "route":
            return tuple(Choice(route.route, route.title) for route in assessment(case).routes if route.met)
        case _, "mode":
            return tuple(Choice(mode, mode[:1].upper() + mode[1:]) for mode in policy.participation.modes)
        case _, "subject":
            return tuple(
                Choice(subject.value, SUBJECTS[subject][:1].upper() + SUBJECTS[subject][1:])
                for subject in _subjects(policy)
            )
        case _, "decision":
            allowed = case.appeals[-1].route.outcomes if case.appeals else tuple(Decision)
            return tuple(Choice(decision.value, _DECISIONS[decision]) for decision in allowed)
        case "confirm-receipt", "letter":
            return (Choice("threshold", "The threshold decision"), Choice("outcome", "The outcome of the review"))
        case "record-panel-decision" | "decide-appeal", "recommendations.to":
            return tuple(Choice(agency.id, agency.name) for agency in policy.agencies)
        case _, "person.prefers" | "prefers":
            return preferences(ways)
        case _, "person.unsafe" | "unsafe":
            return UNSAFE
        case _, "category" | "incident.category":
            return CATEGORIES
        case _, "language":
            return LANGUAGES
        case "change-calendar", "day_kind":
            return (Choice("holiday", "A bank holiday that was declared"), Choice("closure", "The council is closed"))
        case "arrange-panel", "chair.agency" | "members.agency":
            return (Choice("", "None of these"), *(Choice(agency.id, agency.name) for agency in policy.agencies))
        case _:
            return ()


def preferences(ways: Collection[Means]) -> tuple[Choice, ...]:
    """How somebody may want their letters, of the ways they go here."""
    return tuple(_WAYS[way] for way in Means if way in ways)


def language(code: str) -> tuple[Choice, ...]:
    """The languages, and somebody's own where it is none of them."""
    known = code in languages.LANGUAGES
    return LANGUAGES if known else (*LANGUAGES, Choice(code, code))


def offered(policy: Policy, path: str) -> tuple[str, ...]:
    """What is suggested for a field in which anything may be typed."""
    return tuple(agency.name for agency in policy.agencies) if path.endswith("reported_to") else ()


def incidents(case: Case) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            incident.id, f"{incident.id}: {day(incident.occurred)}, reported {day(incident.reported)}", incident.what
        )
        for incident in case.incidents
    )


def _enquiries(case: Case) -> Iterable[Choice]:
    for enquiry in case.enquiries.values():
        if enquiry.answer is None:
            asked = "confirm the reports" if enquiry.purpose is Purpose.VERIFICATION else "give its full account"
            name = party(enquiry.agency, case.policy)
            yield Choice(enquiry.key, f"{name}: {asked}", f"Asked {long_day(enquiry.asked.on)}")


def _item(item: Item, policy: Policy) -> Choice:
    due = f" Due {long_day(item.due)}." if item.due else ""
    return Choice(item.id, f"{item.id}, {party(item.recommendation.to, policy)}", f"{item.recommendation.text}{due}")


def _letters(case: Case, policy: Policy, wanted: Callable[[Letter], bool]) -> Iterable[Choice]:
    for key, letter in case.letters.items():
        if wanted(letter):
            kind = CATALOGUE.get(letter.posted.letter)
            title = kind.title if kind else letter.posted.letter
            yield Choice(key, f"{title}, to {party(letter.posted.to, policy)}", f"Written {long_day(letter.on)}")


def _subjects(policy: Policy) -> tuple[Subject, ...]:
    return tuple(subject for subject in Subject if any(subject in route.subjects for route in policy.appeals))
