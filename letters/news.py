"""What has been done in a case since the applicant was written to last, and what comes next, in their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain import events as e
from domain.calendar import words
from domain.case import Case, Stage
from domain.heartbeat import told_last
from domain.keys import DeadlineKey
from domain.policy import Rung

_NEXT: Mapping[Stage, str] = {
    Stage.RECEIVED: "We will pass your application on to everybody who must look at it.",
    Stage.VERIFYING: "The agencies are checking your reports. Then we will decide whether to hold a review.",
    Stage.THRESHOLD: "We will decide whether to hold a review, and write to you with the reasons.",
    Stage.GATHERING: "The agencies are writing down what they know and what they did. Then a panel will meet.",
    Stage.ARRANGING: "We will find a day for the panel to meet, and write to you with it.",
    Stage.PANEL: "The panel will meet and look at your case.",
    Stage.PLAN: "We will read what you say about the draft plan, and write to you with the outcome.",
    Stage.OUTCOME: "We will write to you with the outcome of your review.",
    Stage.APPEAL_WINDOW: "The agencies are answering what the panel recommends. We will check what they do.",
    Stage.APPEAL: "The people who decide your appeal will look at it, and we will write to you with the result.",
    Stage.FOLLOW_UP: "The agencies are doing what was agreed. We will check that they have done it.",
}


@dataclass(frozen=True)
class News:
    """``done`` are sentences, the oldest first, empty where nothing has happened; ``coming`` says what comes next."""

    done: tuple[str, ...]
    coming: str


def news(case: Case) -> News:
    """The news of a case, as it stands."""
    since = case.events[told_last(case) :]
    done = dict.fromkeys(line for event in since for line in _lines(case, event.what))
    return News(tuple(done), _NEXT.get(case.stage, ""))


def _lines(case: Case, what: e.What) -> Iterator[str]:
    """What an event is to the applicant; nothing for what is not theirs to hear here."""
    called = case.policy.called
    match what:
        case e.PassedOn():
            yield "We passed your application on to every body that must have it."
        case e.EnquirySent(agency=agency, purpose=e.Purpose.VERIFICATION):
            yield f"We asked {called(agency)} to check your reports."
        case e.EnquirySent(agency=agency):
            yield f"We asked {called(agency)} what it knows and what it did."
        case e.EnquiryAnswered(enquiry=key) if key in case.enquiries:
            yield f"{called(case.enquiries[key].agency)} answered us."
        case e.EnquiryClosed(enquiry=key) if key in case.enquiries:
            yield f"{called(case.enquiries[key].agency)} did not answer, so we went on without it."
        case e.Chased(rung=rung, deadline=key):
            yield from _chased(case, rung, key)
        case e.PapersSent():
            yield "We sent the papers to the panel."
        case e.RecommendationAnswered(recommendation=id, response=response) if response is not e.Response.DECLINED:
            yield f"{called(case.items[id].recommendation.to)} accepted recommendation {id}."
        case e.BundleSent():
            yield "We sent the papers to the people who decide your appeal."
        case e.AppealHeard(on=on):
            yield f"Your appeal was heard on {words(on)}."


def _chased(case: Case, rung: Rung, key: str) -> Iterator[str]:
    named = DeadlineKey.read(key)
    item = case.items.get(named.item) if named else None
    enquiry = case.enquiries.get(key)
    agency = enquiry.agency if enquiry else item.recommendation.to if item else ""
    if agency and rung is Rung.REMINDER:
        yield f"We reminded {case.policy.called(agency)} that we need its answer."
    elif agency and rung is Rung.ESCALATION:
        yield f"We told a senior manager of {case.policy.called(agency)} that it is late."
