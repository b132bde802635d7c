"""What a field of an act can be in this case: enquiries still open, dates that may move, letters to settle."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from console.questions.fields import Choice
from console.web import languages
from console.web.pages import day, long_day
from domain.application import Authority, Means, Part
from domain.assessment import assessment
from domain.breaches import missed
from domain.case import Case, Item, Letter, words
from domain.deadlines import Deadline
from domain.directory import named
from domain.events import Cause, Purpose, Response, RiskLevel
from domain.letters import ANSWERS, CATALOGUE, SUBJECTS
from domain.policy import Decision, Policy, Subject
from domain.powers import POWERS
from domain.refusals.deferral import grounds
from domain.refusals.explanation import explainable
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
AUTHORITIES = tuple(Choice(right.value, f"{right.words[:1].upper()}{right.words[1:]}") for right in Authority)
PARTS = (
    Choice(Part.JOINT.value, "They apply too", "A further victim: what they reported counts like the applicant’s."),
    Choice(Part.SUPPORTER.value, "They support the applicant"),
)
CATEGORIES = (Choice("asb", "Anti-social behaviour"), Choice("hate", "Hate incident"), Choice("crime", "Crime"))
_CAUSES = (
    Choice(Cause.DIED.value, "The applicant has died"),
    Choice(Cause.MOVED.value, "The applicant has moved to another council’s area"),
    Choice(Cause.DUPLICATE.value, "It is the same as another case"),
    Choice(Cause.OUTSIDE_AREA.value, "It is for another council"),
    Choice(Cause.OTHER.value, "Another cause", "Somebody else must agree."),
)
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
        case "ask-to-explain", "about":
            return tuple(_explained(case, about) for about in explainable(case))
        case "give-explanation", "about":
            return tuple(_explained(case, about) for about, asked in case.explanations.items() if not asked.given)
        case "unlink-case", "other":
            return tuple(Choice(other, other, link.reason) for other, link in case.linked.items())
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
        case "decide-threshold", "grounds":
            published = () if assessment(case).met else policy.exclusions
            return tuple(Choice(ground.id, ground.title, ground.paragraph) for ground in published)
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
        case "defer-threshold", "agency":
            return tuple(Choice(agency.id, agency.name) for agency in policy.agencies)
        case "defer-threshold", "ground":
            return tuple(Choice(ground.id, ground.title) for ground in grounds(policy))
        case "apologise", "deadline":
            late = (Choice(d.key, d.title, f"Was due {long_day(d.due)}") for d in missed(case, tuple(deadlines)))
            return (*late, Choice("", "Something else"))
        case "assess-risk", "level":
            return tuple(Choice(level.value, level.words.capitalize()) for level in RiskLevel)
        case "refer-safety", "to":
            return protectors(policy)
        case "end-case", "cause":
            return _CAUSES
        case "send-outcome", "issues.reports":
            return incidents(case)
        case "record-panel-decision" | "decide-appeal", "recommendations.power":
            return (Choice("", "None of the menu"), *(Choice(power.id, power.words) for power in POWERS.values()))
        case "record-panel-decision" | "decide-appeal", "recommendations.to":
            return tuple(Choice(agency.id, agency.name) for agency in policy.agencies)
        case "change-representative", "person.authority":
            return AUTHORITIES
        case "add-person", "person.part":
            return PARTS
        case "report-undelivered", "how":
            return (Choice("bounced", "An e-mail or a text message did not get there"),
                    Choice("returned", "An envelope came back"))  # fmt: skip
        case "correct-agency", "agency":
            return tuple(Choice(id, name) for id, name in named(policy))
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
        case "arrange-panel" | "arrange-hearing", "chair.agency" | "members.agency" | "panel.agency":
            return (Choice("", "None of these"), *(Choice(agency.id, agency.name) for agency in policy.agencies))
        case _:
            return ()


def _explained(case: Case, about: str) -> Choice:
    """A recommendation or an enquiry that a body is to explain."""
    if about in case.items:
        return _item(case.items[about], case.policy)
    return Choice(about, f"Why {party(case.enquiries[about].agency, case.policy)} gave no answer")


def protectors(policy: Policy) -> tuple[Choice, ...]:
    """Whom a safety referral can go to: those the policy names for it first, then the agencies."""
    named = (Choice(c.id, c.name, f"{c.role}{', with consent only' if c.support else ''}") for c in policy.care.safety)
    known = {contact.id for contact in policy.care.safety}
    others = (Choice(agency.id, agency.name, agency.role) for agency in policy.agencies if agency.id not in known)
    return (*named, *others)


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
            incident.id,
            f"{incident.id}: {day(incident.happened_on)}, reported {day(incident.reported_on)}",
            incident.what,
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
