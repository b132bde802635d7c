"""Every kind of letter there is, and the words that letters have for steps, subjects, answers and redress.

The numbers are those of docs/letters.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain import events as e
from domain.application import Carried, Tenure
from domain.policy import Redress, StepId, Subject


class LetterKind(Carried):
    """One kind of letter: ``to`` and ``when`` in words, ``duty`` the law or the promise it keeps."""

    id: str
    title: str
    to: str
    when: str
    duty: str


_APPLICANT = "the applicant, or the representative who has the victim's consent"
_ROWS = (
    ("L-01", "We have your application", _APPLICANT,
     "the application is acknowledged", "SDB-13; s.104(3)(a)"),
    ("L-02", "We need something more from you", _APPLICANT,
     "details or a consent are missing", "DOV-20, SDB-06"),
    ("L-03", "We will hold a review", _APPLICANT,
     "the threshold is decided as met", "s.104(6); DOV-23, K04-20"),
    ("L-04", "We will not hold a review", _APPLICANT,
     "the threshold is decided as not met", "s.104(5), s.104(6), Sch.4 para.3; DOV-23"),
    ("L-05", "The panel meeting", _APPLICANT,
     "the panel is arranged, re-arranged or adjourned", "guidance 2025"),
    ("L-07", "News of your case", _APPLICANT, "the contact changes, or a pause ends", "guidance 2025"),
    ("L-07h", "Your case is paused", _APPLICANT, "the victim asked for a pause", "good practice"),
    ("L-08", "We need more time", _APPLICANT, "a promise to the applicant moves", "DOV-28, MED-26, FOL-23"),
    ("L-10", "Your draft plan", _APPLICANT, "the draft plan is put to the applicant", "guidance 2025"),
    ("L-11", "The outcome of your review", _APPLICANT,
     "the outcome is decided", "s.104(8); DOV-26, K04-26, K04-27"),
    ("L-12", "A recommendation was declined", _APPLICANT,
     "an addressee declines a recommendation", "FOL-24, DOV-29"),
    ("L-13", "How an agreed action is going", _APPLICANT,
     "an agreed action is done, or is overdue and escalated", "guidance 2025; K04-28"),
    ("L-14", "What our follow-up found", _APPLICANT, "the follow-up is held", "K04-28"),
    ("L-14i", "We are about to check what was done", _APPLICANT,
     "the time for the follow-up opens", "K04-28"),
    ("L-15", "We plan to close your case", _APPLICANT,
     "notice is given before closing", "guidance 2025; K04-29"),
    ("L-15c", "Your case is closed", _APPLICANT, "the case is closed", "K04-29"),
    ("L-16", "Your application is withdrawn", _APPLICANT, "the applicant withdraws", "good practice"),
    ("L-17", "Your further report", _APPLICANT, "a further incident is added", "K04-17, K04-22"),
    ("L-18", "We have your appeal", _APPLICANT, "an appeal is lodged", "Sch.4 para.3; K04-32"),
    ("L-19", "We cannot take your appeal", _APPLICANT,
     "an appeal came too late, or no route is open for it", "Sch.4 para.3"),
    ("L-20", "The hearing of your appeal", _APPLICANT,
     "the hearing is arranged or re-arranged", "Sch.4 para.3; K04-34"),
    ("L-21", "The result of your appeal", _APPLICANT, "an appeal is decided", "Sch.4 para.3; K04-35"),
    ("L-22", "A correction", _APPLICANT, "a date was recorded wrongly and is corrected", "good practice"),
    ("L-24", "How did we do?", _APPLICANT, "the case is closed", "Sch.4 para.4"),
    ("R-01", "Please show that you may act", "the person who wants to act",
     "somebody wants to act and the victim's consent is missing", "DOV-20, MED-18"),
    ("R-02", "You now act in a case", "the new representative",
     "a representative is confirmed", "DOV-20, MED-18"),
    ("R-03", "Acting in a case has ended", "the former representative; the applicant when nobody acts",
     "a representative's authority ends", "DOV-20, MED-18"),
    ("A-01", "Application passed on", "every relevant body", "the application is passed on", "s.104(3)(b)"),
    ("A-02", "Please confirm these reports", "an agency that holds records",
     "an agency is asked to verify", "Sch.4 para.7; DOV-22"),
    ("A-03", "Please give your full account", "an agency",
     "an agency is asked for information", "Sch.4 para.7; DOV-24, FOL-19"),
    ("A-04", "Reminder", "the agency, addressee or appeal body", "its date comes near", "Sch.4 para.7"),
    ("A-04e", "An answer is overdue", "the agency's named senior post",
     "its date has passed", "Sch.4 para.7"),
    ("A-05", "The decision on a review", "every relevant body and those involved",
     "the threshold is decided", "s.104(4), s.104(5)"),
    ("A-06", "Panel meeting", "the panel's chair and members",
     "the panel is arranged, re-arranged or adjourned", "DOV-25, K04-24"),
    ("A-06c", "You are not needed any more", "the panel's chair and members, agencies that were asked, the appeal body",
     "the application is withdrawn before they met, answered or decided, or somebody leaves the panel",
     "good practice"),
    ("A-07", "Papers for the panel", "the panel's chair and members", "the papers are sent", "good practice"),
    ("A-08", "Recommendation to your organisation", "each addressee",
     "the panel decided", "s.104(7); DOV-29, FOL-24"),
    ("A-09", "An action you accepted", "the addressee",
     "a recommendation is accepted, whole or in part", "K04-28"),
    ("A-10", "Appeal papers", "the appeal body", "the papers are sent to it", "Sch.4 para.3; K04-31"),
    ("A-10h", "The hearing of an appeal", "the appeal body",
     "the hearing is arranged or re-arranged", "Sch.4 para.3; K04-34"),
    ("A-11", "The result of an appeal", "the council's officer",
     "another body decides an appeal and records it", "Sch.4 para.3; K04-35"),
    ("A-18", "Something to do", "the officer, the chair or the agency",
     "a date nears or passes, a letter fails, the applicant asks for a call, somebody outside the council puts "
     "something into the case", "good practice"),
)  # fmt: skip

CATALOGUE: Mapping[str, LetterKind] = {
    id: LetterKind(id=id, title=title, to=to, when=when, duty=duty) for id, title, to, when, duty in _ROWS
}

NOUNS: Mapping[StepId, str] = {
    StepId.ACKNOWLEDGEMENT: "our letter to say that we have your application",
    StepId.COMPLETION: "the details we need from you",
    StepId.VERIFICATION: "the agencies' check of your reports",
    StepId.THRESHOLD: "our decision on whether we will hold a review",
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
