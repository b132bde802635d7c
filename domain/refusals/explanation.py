"""What stands against asking a body to explain itself, and against its answer."""

from __future__ import annotations

from domain import calendar
from domain import events as e
from domain.case import Case
from domain.parts import Item
from domain.refusals.circumstances import Circumstances, against, idle, listed


@idle(e.ExplanationAsked)
def nothing_to_explain(case: Case) -> bool:
    return not explainable(case)


@against(e.ExplanationAsked)
def explanation_asked(circumstances: Circumstances, body: e.ExplanationAsked) -> str | None:
    case, possible = circumstances.case, explainable(circumstances.case)
    if body.about not in possible:
        return (
            f"nobody has to explain {body.about}: it was not declined, nor left without an answer; what can be asked "
            f"about: {listed(possible)}"
        )
    known = case.explanations.get(body.about)
    if known and known.given is None:
        asked = f"{case.policy.called(known.agency)} was asked already, to answer by"
        return f"{asked} {calendar.words(known.asked.answer_by)}; give-explanation records what it says"
    if body.answer_by <= circumstances.today:
        return f"{calendar.words(body.answer_by)} leaves the body no time to answer; give a day to come"
    return None


@idle(e.ExplanationGiven)
def nobody_asked(case: Case) -> bool:
    return all(asked.given for asked in case.explanations.values())


@against(e.ExplanationGiven)
def explanation_given(circumstances: Circumstances, body: e.ExplanationGiven) -> str | None:
    case = circumstances.case
    known = case.explanations.get(body.about)
    if known is None or known.given:
        asked = listed(about for about, one in case.explanations.items() if not one.given)
        return f"nobody is asked to explain {body.about}; what was asked and is not answered: {asked}"
    if circumstances.by.role is e.Role.AGENCY and circumstances.by.name != known.agency:
        return f"{case.policy.called(known.agency)} was asked to explain {body.about}; only they can"
    return None


def explainable(case: Case) -> tuple[str, ...]:
    """What a body can be asked to explain: a recommendation declined, whole or in part, or not answered, and an enquiry
    that the review went on without."""
    items = (item.id for item in case.items.values() if _withheld(item))
    silent = (key for key, enquiry in case.enquiries.items() if enquiry.proceeded_on and enquiry.answer is None)
    return (*items, *silent)


def _withheld(item: Item) -> bool:
    return item.answer is None or item.answer.response is not e.Response.ACCEPTED
