"""What a case's papers say: the reports, the applicant's own words, the agencies' accounts, decisions, dates."""

from __future__ import annotations

from collections.abc import Iterator

from console.web.pages import capital, long_day
from domain import events as e
from domain.application import FurtherPerson
from domain.calendar import words as day
from domain.case import Case, local_date
from domain.letters import ANSWERS
from domain.messages import Party
from domain.parts import Enquiry
from domain.policy import Owner, Policy
from domain.powers import POWERS
from letters.letterhead import Letterhead
from letters.papers import Bundle, Facts, Paper, PaperTable, Part, Words
from office.case_view import CaseView
from office.timeline import body, party
from register.queries import StoredCase

_EMPTY = "Nothing was said."


def panel_papers(view: CaseView, *more: Paper) -> Bundle:
    """What a panel has before it (letter A-07), as of today; ``more`` come after what the applicant says."""
    case, panel = view.case, view.case.panel
    papers = [
        Paper("The reports", (reports(case),)),
        Paper("In the applicant’s words", tuple(applicants_words(case))),
        Paper("Who else is part of the application", tuple(others(view.stored, case))),
        *more,
        Paper("The risk to the victim", tuple(_risks(case))),
        Paper("What the agencies say", tuple(accounts(case))),
        Paper("What the applicant was sent of it, and their corrections", tuple(chronology(case))),
        Paper("What was decided before", tuple(decisions(case))),
        Paper("Dates", (dates(view),)),
        Paper("Powers and measures", (_powers(),)),
    ]
    return Bundle(
        title=f"Papers for the panel on {long_day(panel.on)}" if panel else "Papers for the panel",
        reference=view.reference,
        on=view.today,
        lead=(summary(view.stored, case), *([seats(panel)] if panel else []), *_together(case), _confidential()),
        papers=tuple(paper for paper in papers if paper.parts),
    )


def _together(case: Case) -> Iterator[Part]:
    """That the same panel reviews other cases, whose papers come apart: no household hears of another."""
    if case.linked:
        references = ", ".join(case.linked)
        yield Words(
            f"The same panel also reviews {references}. Its papers come under its own reference. Hear each household "
            "apart: no household knows of another’s case, and nothing that you write to one may speak of another.",
            "Reviewed together",
        )


def letterhead(policy: Policy) -> Letterhead:
    team = policy.contact.team if policy.contact else ""
    return Letterhead(council=policy.identity.council, team=team, colour=policy.letterhead.colour)


def applicant(stored: StoredCase) -> str:
    name = next((person.details.name for person in stored.persons if person.role is Party.APPLICANT), "")
    return name or "The applicant"


def summary(stored: StoredCase, case: Case) -> Facts:
    officer = case.officer.officer if case.officer else ""
    return Facts(
        (
            ("Reference", stored.reference), ("Applicant", applicant(stored)), ("Applied on", day(case.made_on)),
            ("Council", stored.policy.identity.council), ("Officer", officer),
            ("Landlord", case.application.landlord), ("All about the same problem", _one_problem(case)),
            ("How the applicant takes part", capital(case.takes_part)),
            ("Stage of the case", capital(case.stage.value)),
        )
    )  # fmt: skip


def _one_problem(case: Case) -> str:
    return "" if case.application.same_problem else "The applicant says they are not"


def seats(panel: e.PanelArranged) -> Facts:
    members = "\n".join(_seat(seat) for seat in panel.members)
    where = f"{day(panel.on)} at {panel.time}"
    return Facts(
        (
            ("Meets on", where),
            ("Place or link", panel.place),
            ("Chair", _seat(panel.chair)),
            ("Members", members),
            ("The victim is not invited", panel.reasons_not_invited if not panel.invited else ""),
            ("How they are heard", panel.heard_instead if not panel.invited else ""),
        ),
        head="The panel",
    )


def reports(case: Case, counted: dict[str, str] | None = None) -> PaperTable:
    """The incidents; ``counted`` says of each whether it counts, and why."""
    rows = []
    for incident in case.incidents:
        told = f"{incident.reported_on}, to {body(incident.reported_to, case.policy)}"
        told += f", reference {incident.reference}" if incident.reference else ""
        row = (incident.id, str(incident.happened_on), told, incident.what)
        rows.append((*row, counted.get(incident.id, "")) if counted is not None else row)
    heads = ("No.", "Happened", "Reported", "What happened")
    return PaperTable((*heads, "Counted") if counted is not None else heads, tuple(rows))


def applicants_words(case: Case) -> Iterator[Part]:
    """How it affects the applicant, who is vulnerable, what they would like, what they tell the panel."""
    statement = case.attendance.statement if case.attendance else ""
    for head, text in (
        ("How it affects them", case.application.impact),
        ("Who is vulnerable, and what they need", case.application.needs),
        ("What they would like", case.application.wanted),
        ("Their statement to the panel", statement),
        ("What they said of the draft plan", case.comments.comments if case.comments else ""),
    ):
        if text.strip():
            yield Words(text, head)


def others(stored: StoredCase, case: Case) -> Iterator[Part]:
    """Further victims and supporters: as what, what they need, who acts for them, and who may have their name."""
    for id, joined in case.others.items():
        person = stored.readers.get(id)
        told = person if isinstance(person, FurtherPerson) else None
        yield Facts(
            (
                ("As", capital(joined.part.value)),
                ("What makes them vulnerable, and what they need", told.needs if told else ""),
                ("Who acts for them", told.acted_for_by if told else ""),
                ("Agencies may have their name", "yes" if joined.consents else "no: do not speak of them outside"),
            ),
            person.name if person else id,
        )  # fmt: skip


def chronology(case: Case) -> Iterator[Part]:
    """What the applicant was sent of the agencies' accounts, and what they corrected in it."""
    if case.chronology:
        yield Words(case.chronology.chronology, "What they were sent")
        said = "\n\n".join(corrected.corrections for corrected in case.chronology_corrected)
        yield Words(said or "They have not answered, and did not have to.", "What they say is wrong or missing")


def _risks(case: Case) -> Iterator[Part]:
    """How the risk was judged, the latest first."""
    own = case.policy.care.risk
    for event in reversed(case.risks):
        if isinstance(event.what, e.RiskAssessed):
            by = event.what.instrument or (own.instrument if own else "")
            facts = (("Level", capital(event.what.level.words)), ("Why", event.what.reasons), ("Assessed by", by))
            yield Facts(facts, day(local_date(event.at)))


def _powers() -> PaperTable:
    """The menu of what a panel can recommend."""
    rows = tuple((power.title, power.holders, power.law or "None is needed", power.does) for power in POWERS.values())
    return PaperTable(("What", "Who holds it", "The law", "What it does"), rows)


def accounts(case: Case) -> Iterator[Part]:
    """Each agency's answers in this round, and whose is missing."""
    answered = [enquiry for enquiry in case.enquiries.values() if enquiry.round == case.round]
    for agency in dict.fromkeys(enquiry.agency for enquiry in answered):
        own = [enquiry for enquiry in answered if enquiry.agency == agency and enquiry.answer]
        name = party(agency, case.policy)
        if not own:
            yield Words("No answer has come.", name)
        for number, enquiry in enumerate(own):
            yield from _account(enquiry, "" if number else name)


def decisions(case: Case) -> Iterator[Part]:
    """What was decided in the case so far, the oldest first."""
    for event in case.events:
        if told := decision(event, case.policy):
            yield told


def decision(event: e.Event, policy: Policy) -> Facts | None:
    on = day(local_date(event.at))
    match event.what:
        case e.ThresholdDecided() as made:
            return Facts(
                (
                    ("Decided", "A review is held" if made.met else "No review is held"), ("By", made.decided_by),
                    ("Agreed by", made.approved_by), ("Why below the number", made.discretion),
                    ("Persistence", made.persistence), ("Harm", made.harm),
                    ("How adequate the response was", made.adequacy), ("Done instead", made.alternative_action),
                    ("Published grounds", "; ".join(x.title for x in policy.exclusions if x.id in made.grounds)),
                ),
                f"Threshold, {on}",
            )  # fmt: skip
        case e.PanelAdjourned() as moved:
            return Facts((("Adjourned to", day(moved.until)), ("Why", moved.reason)), f"Panel adjourned, {on}")
        case e.PanelHeld() as held:
            return panel_record(held, policy)
        case e.OutcomeDecided() as outcome:
            issues = ((issue.issue, f"{issue.done}\n{issue.finding}\n{issue.next}") for issue in outcome.issues)
            return Facts((*issues, ("Reasons", outcome.reasons)), f"Outcome, {on}")
        case e.ExplanationAsked() as asked:
            asked_for = (("About", asked.about), ("Question", asked.question), ("By", day(asked.answer_by)))
            return Facts(asked_for, f"A body was asked to explain itself, {on}")
        case e.ExplanationGiven() as given:
            return Facts((("About", given.about), ("What it says", given.explanation)), f"It explained itself, {on}")
        case e.AppealDecided() as decided:
            told = (("Decision", capital(decided.decision.value)), ("Reasons", decided.reasons))
            return Facts((*told, ("Directions", decided.directions)), f"Appeal, {on}")
        case _:
            return None


def panel_record(held: e.PanelHeld, policy: Policy) -> Facts:
    recommended = tuple(
        (
            f"Recommendation {recommendation.id}".strip(),
            f"{party(recommendation.to, policy)}: {recommendation.text}{_why(recommendation)}{_with(recommendation)}",
        )
        for recommendation in held.recommendations
    )
    return Facts(
        (
            ("Present", ", ".join(held.present)), ("Conflicts of interest", held.conflicts),
            ("Found", held.findings), *recommended,
        ),
        f"Panel of {day(held.on)}",
    )  # fmt: skip


def plan(case: Case) -> PaperTable:
    """The recommendations with what became of each."""
    rows = []
    for item in case.items.values():
        said = capital(ANSWERS[item.answer.response]) if item.answer else "Not answered"
        said += f": {item.answer.reasons}" if item.answer and item.answer.reasons else ""
        done = f"Done on {day(item.done.on)}: {item.done.evidence}" if item.done else ""
        rows.append((item.id, party(item.recommendation.to, case.policy), item.recommendation.text, said, done))
    return PaperTable(("No.", "To", "What", "Answer", "Done"), tuple(rows))


def dates(view: CaseView) -> PaperTable:
    """The dates that run and were promised to the applicant or fall on the panel."""
    rows = tuple(
        (deadline.title, day(deadline.due), day(deadline.first) if deadline.first else "the same")
        for deadline in view.deadlines
        if deadline.running and (deadline.public or deadline.owner is Owner.CHAIR)
    )
    return PaperTable(("What", "By", "First promised"), rows)


def _account(enquiry: Enquiry, head: str) -> Iterator[Part]:
    answer = enquiry.answer
    assert answer is not None
    said = tuple(
        (f"Report {given.incident}", f"{given.words.capitalize()}{_recorded(given)}. {given.note}")
        for given in answer.confirmations
    )
    on = f"Answered on {day(enquiry.answered_on)}." if enquiry.answered_on else ""
    yield Words(f"{on}\n\n{answer.account.strip() or _EMPTY}", head)
    if said or answer.contact:
        yield Facts((*said, ("Whom to ask", answer.contact)))


def _recorded(given: e.Confirmation) -> str:
    return f", reported on {day(given.reported)}" if given.reported else ""


def _seat(seat: e.Seat) -> str:
    stands = f", {seat.organisation}" if seat.organisation else ""
    return f"{seat.name}{stands}{' (declared a conflict)' if seat.conflict.strip() else ''}"


def _with(recommendation: e.Recommendation) -> str:
    power = POWERS.get(recommendation.power)
    return f"\nWith: {power.words}" if power else ""


def _why(recommendation: e.Recommendation) -> str:
    due = f" By {day(recommendation.due)}." if recommendation.due else ""
    return f"{f' Why: {recommendation.reason}' if recommendation.reason else ''}{due}"


def _confidential() -> Words:
    return Words(
        "These papers hold personal information. Use them only for this case review, and do not contact the applicant "
        "about them; speak to the council first."
    )
