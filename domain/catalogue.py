"""Every kind of letter there is, with what follows from sending it, and the words letters have for steps and answers.

The numbers are those of docs/letters.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain import events as e
from domain.application import Tenure
from domain.policy import Milestone, Redress, StepId, Subject


class Audience(StrEnum):
    """Who reads a letter: the applicant or whoever acts for them, somebody who may act, those who work on the case."""

    APPLICANT = "applicant"
    ACTING = "acting"
    OFFICIAL = "official"

    @property
    def private(self) -> bool:
        """Whether it is somebody at home, who is greeted, told whom to ring and written to in plain words."""
        return self is not Audience.OFFICIAL


class CalendarEntry(StrEnum):
    """What a letter does in its reader's calendar: it puts the meetings ahead there, or takes them back."""

    PUT = "put"
    TAKEN_BACK = "taken back"


class Promised(StrEnum):
    """A day that a letter must print whatever its wording, where that day is still to come."""

    LAST_DAY_TO_APPEAL = "the last day to appeal"
    NEW_DATE = "the new date"


@dataclass(frozen=True)
class LetterKind:
    """One kind of letter: ``to`` and ``when`` in words, ``duty`` the law or the promise it keeps.

    ``milestone`` is reached when it has gone and ``received`` when it counts as received; ``starts`` is the one of them
    from which its reader's time to answer runs. ``farewell``: it says that the case is over. ``day`` is what it must
    print whatever a council's own wording. ``blocks`` are its parts that a council may word and not leave out, each
    with the source of the duty.
    """

    id: str
    title: str
    reader: Audience
    to: str
    when: str
    duty: str
    milestone: Milestone | None = None
    received: Milestone | None = None
    starts: Milestone | None = None
    farewell: bool = False
    entry: CalendarEntry | None = None
    day: Promised | None = None
    blocks: Mapping[str, str] = field(default_factory=dict)

    @property
    def required(self) -> Mapping[str, str]:
        """``blocks`` with those of every letter. A council's own wording of one overrides blocks of
        `templates/letters/<KIND>.md.j2`; these must still print ``{{ super() }}`` or every fact that they print in the
        source, to which `policies/wording.py` holds it."""
        ours = {"body": "every part of this letter"}
        if self.reader.private:
            ours |= {"greeting": _READER, "closing": _CONTACT}
        return ours | dict(self.blocks)


_READER = "good practice: the case, the day and the reader"
_CONTACT = "s.104(3)(a); guidance 2025"
_PROMISES = "the promises the council published, s.104(2)"
_REASONS = "s.104(6); guidance 2025"
_OURS, _ACTING, _OFFICIAL = Audience.APPLICANT, Audience.ACTING, Audience.OFFICIAL
_APPLICANT = "the applicant, or the representative who has the victim's consent"
_KINDS = (
    LetterKind("L-01", "We have your application", _OURS, _APPLICANT,
        "the application is acknowledged", "SDB-13; s.104(3)(a)", milestone=Milestone.ACKNOWLEDGED,
        blocks={
            "received": "SDB-13, s.104(3)(a)", "bodies": "s.104(3)(b)", "dates": _PROMISES,
            "reports": "good practice: what will be counted", "information": "UK GDPR art.13",
        }),
    LetterKind("L-02", "We need something more from you", _OURS, _APPLICANT,
        "details or a consent are missing", "DOV-20, SDB-06",
        blocks={"date_kept": "s.104(11)(b)", "missing": "DOV-20, SDB-06", "dates": _PROMISES}),
    LetterKind("L-02a", "The application that you are part of", _ACTING,
        "somebody besides the applicant who is part of the application",
        "they join or leave it, when something is decided in it, it ends, or goes on after all",
        "s.104(1), s.104(6); good practice",
        blocks={"news": "s.104(1), s.104(6)"}),
    LetterKind("L-03", "We will hold a review", _OURS, _APPLICANT,
        "the threshold is decided as met", "s.104(6); DOV-23, K04-20",
        milestone=Milestone.THRESHOLD_TOLD, received=Milestone.THRESHOLD_RECEIVED, starts=Milestone.THRESHOLD_RECEIVED,
        blocks={"decision": "s.104(6)", "reasons": _REASONS, "dates": _PROMISES, "hearing": "guidance 2025"}),
    LetterKind("L-04", "We will not hold a review", _OURS, _APPLICANT,
        "the threshold is decided as not met", "s.104(5), s.104(6), Sch.4 para.3; DOV-23",
        milestone=Milestone.THRESHOLD_TOLD, received=Milestone.THRESHOLD_RECEIVED, starts=Milestone.THRESHOLD_RECEIVED,
        day=Promised.LAST_DAY_TO_APPEAL,
        blocks={
            "decision": "s.104(6)", "complaints": "s.104(4), s.104(11)", "persistence": "s.104(5)",
            "harm": "s.104(5)", "adequacy": "s.104(5)", "decided_by": "good practice: a second person agreed",
            "action_anyway": "DOV-23; MED and FOL likewise", "new_application": "s.104(11)(b)",
            "appeal": "Sch.4 para.3(a)", "redress": "guidance 2025",
        }),
    LetterKind("L-04b", "We have not decided yet", _OURS, _APPLICANT,
        "the decision on the threshold is put off", "s.104(6)",
        blocks={
            "decision": "s.104(6)", "ground": "s.104(2): what the council published",
            "until": "good practice: it is looked at again by itself",
            "insisting": "good practice: nobody has to wait", "dates": _PROMISES, "redress": "guidance 2025",
        }),
    LetterKind("L-05", "The panel meeting", _OURS, _APPLICANT,
        "the panel is arranged, re-arranged or adjourned", "guidance 2025", entry=CalendarEntry.PUT,
        blocks={"meeting": "guidance 2025", "hearing": "guidance 2025", "dates": _PROMISES}),
    LetterKind("L-06", "Your panel meeting, and how you are heard", _OURS, _APPLICANT,
        "the panel is arranged, re-arranged or adjourned and the victim is not invited", "guidance 2025",
        entry=CalendarEntry.TAKEN_BACK,
        blocks={
            "meeting": "guidance 2025", "reasons": "good practice: the chair's reasons, in writing",
            "hearing": "guidance 2025", "dates": _PROMISES, "redress": "guidance 2025",
        }),
    LetterKind("L-07", "News of your case", _OURS, _APPLICANT,
        "the contact changes, a pause ends, a decision that was put off is due, or nothing was written for as long "
        "as the policy allows", "guidance 2025",
        blocks={"news": "guidance 2025", "dates": _PROMISES}),
    LetterKind("L-07h", "Your case is paused", _OURS, _APPLICANT,
        "the victim asked for a pause", "good practice",
        blocks={"pause": "good practice: a pause is the victim's own", "dates": _PROMISES}),
    LetterKind("L-08", "We need more time", _OURS, _APPLICANT,
        "a promise to the applicant moves", "DOV-28, MED-26, FOL-23", day=Promised.NEW_DATE,
        blocks={
            "step": "DOV-28, MED-26, FOL-23", "reason": "DOV-28, MED-26, FOL-23",
            "new_date": "DOV-28, MED-26, FOL-23", "redress": "guidance 2025",
        }),
    LetterKind("L-08p", "We are not keeping a date", _OURS, _APPLICANT,
        "a promised date ends that the service may not move by itself any more, and nobody has set another",
        "DOV-28, MED-26, FOL-23",
        blocks={
            "step": "DOV-28, MED-26, FOL-23", "reason": "DOV-28, MED-26, FOL-23",
            "told": "good practice: who knows of it", "redress": "guidance 2025",
        }),
    LetterKind("L-09", "What the agencies say was done", _OURS, _APPLICANT,
        "the chronology is put to the applicant before the panel", "guidance 2025",
        blocks={"answer_by": "guidance 2025", "chronology": "guidance 2025"}),
    LetterKind("L-08u", "The first date stands", _OURS, _APPLICANT,
        "an extension is undone", "DOV-28, MED-26, FOL-23", day=Promised.NEW_DATE,
        blocks={"step": _PROMISES, "reason": "good practice", "new_date": _PROMISES}),
    LetterKind("L-10", "Your draft plan", _OURS, _APPLICANT,
        "the draft plan is put to the applicant", "guidance 2025",
        milestone=Milestone.PLAN_PUT, starts=Milestone.PLAN_PUT,
        blocks={"answer_by": "guidance 2025", "plan": "guidance 2025"}),
    LetterKind("L-11", "The outcome of your review", _OURS, _APPLICANT,
        "the outcome is decided", "s.104(8); DOV-26, K04-26, K04-27",
        milestone=Milestone.OUTCOME_SENT, received=Milestone.OUTCOME_RECEIVED, starts=Milestone.OUTCOME_RECEIVED,
        day=Promised.LAST_DAY_TO_APPEAL,
        blocks={
            "decision": "s.104(8)(a)", "findings": "s.104(8)(a)", "issues": "s.104(8)(a); SDB-16",
            "reasons": "guidance 2025", "silent": "guidance 2025", "recommendations": "s.104(7), s.104(8)(b)",
            "appeal": "Sch.4 para.3(b)", "redress": "guidance 2025",
        }),
    LetterKind("L-12", "A recommendation was declined", _OURS, _APPLICANT,
        "an addressee declines a recommendation", "FOL-24, DOV-29",
        blocks={"recommendation": "FOL-24, DOV-29", "reasons": "FOL-24, DOV-29", "duty": "s.104(7)"}),
    LetterKind("L-12e", "A body is asked to explain itself", _OURS, _APPLICANT,
        "a body is asked to explain itself, or has", "FOL-24, DOV-29"),
    LetterKind("L-13", "How an agreed action is going", _OURS, _APPLICANT,
        "an agreed action is done, or is overdue and escalated", "guidance 2025; K04-28",
        blocks={"state": "guidance 2025; K04-28", "action": "guidance 2025; K04-28", "dates": _PROMISES}),
    LetterKind("L-14", "What our follow-up found", _OURS, _APPLICANT,
        "the follow-up is held", "K04-28",
        blocks={"result": "K04-28", "findings": "K04-28"}),
    LetterKind("L-14i", "We are about to check what was done", _OURS, _APPLICANT,
        "the time for the follow-up opens", "K04-28"),
    LetterKind("L-15", "We plan to close your case", _OURS, _APPLICANT,
        "notice is given before closing", "guidance 2025; K04-29",
        milestone=Milestone.CLOSURE_NOTIFIED, starts=Milestone.CLOSURE_NOTIFIED,
        blocks={"notice": "guidance 2025; K04-29", "reasons": "guidance 2025", "objection": "guidance 2025"}),
    LetterKind("L-15c", "Your case is closed", _OURS, _APPLICANT,
        "the case is closed", "K04-29", farewell=True,
        blocks={"reasons": "guidance 2025", "new_application": "s.104(3)"}),
    LetterKind("L-15r", "We have opened your case again", _OURS, _APPLICANT,
        "a closed case is opened again after a finding", "Sch.4 para.3; the Local Government and Social Care Ombudsman",
        blocks={"decision": "good practice", "dates": _PROMISES}),
    LetterKind("L-16", "Your application is withdrawn", _OURS, _APPLICANT,
        "the applicant withdraws", "good practice", farewell=True, entry=CalendarEntry.TAKEN_BACK,
        blocks={"decision": "good practice", "own_choice": "good practice: nobody is put under pressure"}),
    LetterKind("L-16d", "The case has ended", _OURS, "the representative, where somebody acts; never the applicant",
        "the applicant has died", "good practice: nothing to the dead, the truth to who acts",
        farewell=True, entry=CalendarEntry.TAKEN_BACK,
        blocks={"decision": "good practice", "goes_on": "s.104(7)", "if_wrong": "good practice"}),
    LetterKind("L-16m", "Your case with us has ended", _OURS, _APPLICANT,
        "the applicant has moved to another council's area", "s.104(11)",
        farewell=True, entry=CalendarEntry.TAKEN_BACK,
        blocks={"decision": "good practice", "council": "UK GDPR art.6, art.9", "date_kept": "s.104(11)(b)"}),
    LetterKind("L-16s", "We look at your two applications as one case", _OURS, _APPLICANT,
        "the case is the same as another", "s.104(9), s.104(11)",
        farewell=True, entry=CalendarEntry.TAKEN_BACK,
        blocks={"decision": "good practice", "date_kept": "s.104(11)(b)", "one_case": "s.104(9)"}),
    LetterKind("L-16o", "Your application is for another council", _OURS, _APPLICANT,
        "what happened is outside the council's area", "s.104(1), s.104(11)",
        farewell=True, entry=CalendarEntry.TAKEN_BACK,
        blocks={
            "decision": "good practice", "council": "good practice", "date_kept": "s.104(11)(b)",
            "redress": "guidance 2025",
        }),
    LetterKind("L-16e", "We have ended your case", _OURS, _APPLICANT,
        "the case ends for another reason", "guidance 2025", farewell=True, entry=CalendarEntry.TAKEN_BACK,
        blocks={"reasons": "guidance 2025", "new_application": "s.104(3)", "redress": "guidance 2025"}),
    LetterKind("L-16r", "We go on with your case", _OURS, _APPLICANT,
        "a withdrawal is taken back, or an end was a mistake", "good practice", entry=CalendarEntry.PUT,
        blocks={"decision": "good practice", "dates": _PROMISES}),
    LetterKind("L-17", "Your further report", _OURS, _APPLICANT,
        "a further incident is added", "K04-17, K04-22",
        blocks={"report": "K04-17, K04-22", "dates": _PROMISES}),
    LetterKind("L-18", "We have your appeal", _OURS, _APPLICANT,
        "an appeal is lodged", "Sch.4 para.3; K04-32",
        blocks={"received": "Sch.4 para.3; K04-32", "decider": "Sch.4 para.3", "dates": _PROMISES}),
    LetterKind("L-19", "We cannot take your appeal", _OURS, _APPLICANT,
        "an appeal came too late, or no route is open for it", "Sch.4 para.3",
        blocks={
            "decision": "Sch.4 para.3", "reasons": "Sch.4 para.3",
            "decided_by": "good practice: who decided, so that it can be questioned", "challenge": "Sch.4 para.3",
            "redress": "guidance 2025",
        }),
    LetterKind("L-20", "The hearing of your appeal", _OURS, _APPLICANT,
        "the hearing is arranged or re-arranged", "Sch.4 para.3; K04-34", entry=CalendarEntry.PUT,
        blocks={
            "hearing": "Sch.4 para.3", "decider": "Sch.4 para.3", "taking_part": "guidance 2025",
            "dates": _PROMISES,
        }),
    LetterKind("L-21", "The result of your appeal", _OURS, _APPLICANT,
        "an appeal is decided", "Sch.4 para.3; K04-35", milestone=Milestone.APPEAL_TOLD,
        entry=CalendarEntry.TAKEN_BACK,
        blocks={
            "decision": "Sch.4 para.3", "reasons": "Sch.4 para.3", "directions": "Sch.4 para.3", "dates": _PROMISES,
        }),
    LetterKind("L-22", "A correction or an apology", _OURS, _APPLICANT,
        "a date was recorded wrongly and is corrected, or something went wrong", "good practice",
        blocks={"correction": "good practice", "apology": "good practice", "dates": _PROMISES}),
    LetterKind("L-24", "How did we do?", _OURS, _APPLICANT,
        "the case is closed", "Sch.4 para.4",
        blocks={"choice": "good practice: an answer is free and changes nothing", "questions": "Sch.4 para.4"}),
    LetterKind("R-01", "Please show that you may act", _ACTING, "the person who wants to act",
        "somebody wants to act and the victim's consent is missing, or fresh consent is asked for", "DOV-20, MED-18",
        blocks={"authority": "DOV-20, MED-18"}),
    LetterKind("R-02", "You now act in a case", _ACTING, "the new representative",
        "a representative is confirmed", "DOV-20, MED-18", entry=CalendarEntry.PUT,
        blocks={"authority": "DOV-20, MED-18"}),
    LetterKind("R-03", "Acting in a case has ended", _ACTING,
        "the former representative; the applicant when nobody acts",
        "a representative's authority ends", "DOV-20, MED-18", entry=CalendarEntry.PUT,
        blocks={"authority": "DOV-20, MED-18"}),
    LetterKind("A-01", "Application passed on", _OFFICIAL, "every relevant body",
        "the application is passed on", "s.104(3)(b)",
        blocks={"application": "s.104(3)(b)", "request": "Sch.4 para.7"}),
    LetterKind("A-02", "Please confirm these reports", _OFFICIAL, "an agency that holds records",
        "an agency is asked to verify", "Sch.4 para.7; DOV-22",
        blocks={"request": "Sch.4 para.7", "power": "Sch.4 para.7"}),
    LetterKind("A-03", "Please give your full account", _OFFICIAL, "an agency",
        "an agency is asked for information", "Sch.4 para.7; DOV-24, FOL-19",
        blocks={"request": "Sch.4 para.7", "power": "Sch.4 para.7"}),
    LetterKind("A-04", "Reminder", _OFFICIAL, "the agency, addressee or appeal body",
        "its date comes near", "Sch.4 para.7"),
    LetterKind("A-04e", "An answer is overdue", _OFFICIAL, "the agency's named senior post",
        "its date has passed", "Sch.4 para.7"),
    LetterKind("A-05", "The decision on a review", _OFFICIAL, "every relevant body and those involved",
        "the threshold is decided", "s.104(4), s.104(5)"),
    LetterKind("A-06", "Panel meeting", _OFFICIAL, "the panel's chair and members",
        "the panel is arranged, re-arranged or adjourned", "DOV-25, K04-24", entry=CalendarEntry.PUT),
    LetterKind("A-06c", "You are not needed any more", _OFFICIAL,
        "the panel's chair and members, agencies that were asked, the appeal body",
        "the case ends before they met, answered or decided, or somebody leaves the panel",
        "good practice", entry=CalendarEntry.TAKEN_BACK,
        blocks={"meeting": "good practice: nobody comes in vain"}),
    LetterKind("A-06d", "The applicant has died", _OFFICIAL,
        "the bodies that have the case, the panel's chair and members, the appeal body",
        "the case ends because the applicant has died", "good practice", entry=CalendarEntry.TAKEN_BACK,
        blocks={"news": "good practice: nobody writes to the dead", "goes_on": "s.104(7)"}),
    LetterKind("A-06r", "This case review goes on", _OFFICIAL,
        "those who were told that they are not needed any more",
        "the case is taken up again", "good practice", entry=CalendarEntry.PUT,
        blocks={"needed": "good practice"}),
    LetterKind("A-07", "Papers for the panel", _OFFICIAL, "the panel's chair and members",
        "the papers are sent", "good practice"),
    LetterKind("A-08", "Recommendation to your organisation", _OFFICIAL, "each addressee",
        "the panel decided", "s.104(7); DOV-29, FOL-24",
        blocks={"recommendations": "s.104(7)", "duty": "s.104(7)"}),
    LetterKind("A-09", "An action you accepted", _OFFICIAL, "the addressee",
        "a recommendation is accepted, whole or in part", "K04-28"),
    LetterKind("A-10", "Appeal papers", _OFFICIAL, "the appeal body",
        "the papers are sent to it", "Sch.4 para.3; K04-31",
        blocks={"appeal": "Sch.4 para.3", "grounds": "Sch.4 para.3"}),
    LetterKind("A-10h", "The hearing of an appeal", _OFFICIAL, "the appeal body",
        "the hearing is arranged or re-arranged", "Sch.4 para.3; K04-34", entry=CalendarEntry.PUT,
        blocks={"hearing": "Sch.4 para.3"}),
    LetterKind("A-11", "The result of an appeal", _OFFICIAL, "the council's officer",
        "another body decides an appeal and records it", "Sch.4 para.3; K04-35",
        blocks={"decision": "Sch.4 para.3", "directions": "Sch.4 para.3"}),
    LetterKind("A-12", "Somebody may be in danger", _OFFICIAL, "the police, a safeguarding team, a risk conference",
        "an officer, the chair or an agency refers somebody for their safety", "guidance 2025",
        blocks={"danger": "guidance 2025", "basis": "UK GDPR art.6, art.9"}),
    LetterKind("A-13", "Somebody would like your support", _OFFICIAL, "a support service",
        "somebody is referred to it with their consent", "guidance 2025", blocks={"need": "guidance 2025"}),
    LetterKind("A-18", "Something to do", _OFFICIAL, "the officer, the chair or the agency",
        "a date nears or passes, a letter fails, the applicant asks for a call, somebody outside the "
        "council puts something into the case", "good practice"),
    LetterKind("A-19", "A new link", _OFFICIAL, "the agency, the chair or the appeal body",
        "staff make a new link for them", "good practice"),
    LetterKind("A-20", "A duty is overdue", _OFFICIAL, "the council's manager or deputy",
        "a duty is overdue, or a promise to the applicant needs a delay letter that only a person can write",
        "good practice"),
    LetterKind("A-22", "Please explain yourselves", _OFFICIAL, "the body that declined or did not answer",
        "a body is asked to explain itself", "s.104(7); Sch.4 para.7; FOL-24"),
)  # fmt: skip
CATALOGUE: Mapping[str, LetterKind] = {kind.id: kind for kind in _KINDS}


def kind_of(letter: str) -> LetterKind:
    """The kind a letter is of; one that is no longer written, which an old case may have, has only its number."""
    return CATALOGUE.get(letter) or LetterKind(letter, letter, Audience.OFFICIAL, "", "", "")


NOUNS: Mapping[StepId, str] = {
    StepId.ACKNOWLEDGEMENT: "our letter to say that we have your application",
    StepId.COMPLETION: "the details we need from you",
    StepId.VERIFICATION: "the agencies' check of your reports",
    StepId.THRESHOLD: "our decision on whether we will hold a review",
    StepId.DEFERRAL: "the day on which we look at it again",
    StepId.INFORMATION: "the agencies' full accounts",
    StepId.PAPERS: "the papers for the panel",
    StepId.PANEL: "the panel's meeting",
    StepId.PLAN: "your comments on the draft plan",
    StepId.RESPONSE: "our full answer to you",
    StepId.APPEAL_WINDOW: "the last day to appeal",
    StepId.APPEAL_BUNDLE: "the papers for your appeal",
    StepId.APPEAL_HEARING: "the hearing of your appeal",
    StepId.APPEAL_DECISION: "the result of your appeal",
    StepId.RECOMMENDATION: "the answer to a recommendation",
    StepId.ACTION: "an action that was agreed",
    StepId.FOLLOW_UP: "our check that everything agreed was done",
    StepId.CLOSURE: "the last day to object to closing your case",
}
SUBJECTS: Mapping[Subject, str] = {
    Subject.THRESHOLD: "our decision not to hold a review",
    Subject.HANDLING: "the way your application or the review was handled",
    Subject.OUTCOME: "the outcome of the review",
    Subject.PLAN_DELIVERY: "the way the agreed actions were carried out",
}
ANSWERS: Mapping[e.Response, str] = {
    e.Response.ACCEPTED: "accepted",
    e.Response.IN_PART: "accepted in part",
    e.Response.DECLINED: "declined",
}
REDRESS_BY_LAW: tuple[Redress, ...] = (
    Redress(
        about="the council",
        first="the council's own complaints procedure",
        ombudsman="Local Government and Social Care Ombudsman",
        how="www.lgo.org.uk",
    ),
    Redress(
        about="your landlord",
        tenures=(Tenure.COUNCIL_TENANT, Tenure.HOUSING_ASSOCIATION_TENANT),
        first="your landlord's own complaints procedure",
        ombudsman="Housing Ombudsman",
        how="www.housing-ombudsman.org.uk",
    ),
    Redress(
        about="the police",
        first="the police force's own complaints procedure",
        ombudsman="Independent Office for Police Conduct",
        how="www.policeconduct.gov.uk",
    ),
    Redress(
        about="the health service",
        first="the health body's own complaints procedure",
        ombudsman="Parliamentary and Health Service Ombudsman",
        how="www.ombudsman.org.uk",
    ),
)
