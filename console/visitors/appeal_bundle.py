"""What an appeal body decides upon: the grounds, and the case as it stood on the day the appeal was lodged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from console.visitors.case_papers import accounts, applicant, applicants_words, decision, others, plan, reports, summary
from console.web.pages import capital
from domain import events as e
from domain.assessment import assessment
from domain.calendar import words as day
from domain.case import Appeal, Case, local_date
from domain.catalogue import SUBJECTS
from domain.fold import fold
from domain.messages import Party
from letters.papers import Bundle, Facts, Paper, Part, Words
from office import timeline
from post.link_desk import masked
from register.letter_rows import LetterRow
from register.queries import StoredCase

_HEAD = re.compile(r"^(.+)\n[-=]{3,}$", re.MULTILINE)
_RULE = re.compile(r"\n\n-{20,}\n")
_SIDE = (Party.APPLICANT, Party.REPRESENTATIVE)
_UNSAID = (e.NoteAdded, e.LetterPosted, e.LetterSettled, e.LetterDispatched, e.LetterUndelivered, e.ActRefused,
           e.Chased, e.EnquiryAnswered, e.EnquiryClosed, e.Extended, e.CasesLinked, e.CasesParted)  # fmt: skip


def appeal_papers(stored: StoredCase, appeal: Appeal, letters: Sequence[LetterRow], *more: Paper) -> Bundle:
    """The bundle of one appeal; ``letters`` are all the case's, ``more`` comes after the application. Nothing in it
    changes later."""
    events = stored.events[: appeal.place]
    case = fold(stored.policy, stored.calendar, events)
    panel = [told for event in events if isinstance(event.what, e.PanelHeld) and (told := decision(event, case.policy))]
    met = bool(case.threshold and case.threshold.met)
    papers = (
        Paper("The appeal", tuple(grounds(appeal))),
        Paper("The application", (summary(stored, case), *applicants_words(case))),
        *more,
        Paper("Who else is part of the application", tuple(others(stored, case))),
        Paper("The reports, and which of them count", tuple(_counted(case))),
        Paper("The decision on the threshold", tuple(_decided(case, e.ThresholdDecided))),
        Paper("The panel’s record", (*(accounts(case) if met else ()), *panel)),
        Paper("The outcome", tuple(_decided(case, e.OutcomeDecided))),
        Paper("The recommendations and what became of them", (plan(case),) if case.items else ()),
        Paper("What happened, day by day", (_chronology(case),)),
        *(_letter(letter) for letter in letters if _goes_with(letter, events[-1])),
    )
    return Bundle(
        title=f"Papers of the appeal of {day(appeal.lodged_on.on)}",
        reference=stored.reference,
        on=appeal.lodged_on.on,
        lead=(_head(stored, appeal), Words("The case as it stood on the day the appeal was lodged.")),
        papers=tuple(paper for paper in papers if paper.parts),
    )


def grounds(appeal: Appeal) -> Iterator[Part]:
    """What the appeal is against, and why."""
    lodged = appeal.lodged
    yield Facts(
        (
            ("Against", capital(SUBJECTS[lodged.subject])), ("Received on", day(appeal.lodged_on.on)),
            ("By", appeal.route.title), ("Decided by", appeal.body.name if appeal.body else ""),
            ("It may decide", ", ".join(outcome.value for outcome in appeal.route.outcomes)),
            ("The council’s grounds", "; ".join(appeal.route.grounds)),
            ("Why it was taken after its last day", lodged.good_cause),
        )
    )  # fmt: skip
    yield Words(lodged.grounds, "What the applicant thinks is wrong, and why")


def _head(stored: StoredCase, appeal: Appeal) -> Facts:
    body = appeal.body.name if appeal.body else ""
    council = stored.policy.identity.council
    return Facts((("Applicant", applicant(stored)), ("Against a decision of", council), ("For", body)))


def _counted(case: Case) -> Iterator[Part]:
    assessed = assessment(case)
    yield Words(assessed.why)
    yield reports(case, {complaint.incident: complaint.why for complaint in assessed.complaints})


def _decided(case: Case, kind: type[e.Body]) -> Iterator[Part]:
    for event in case.events:
        if isinstance(event.what, kind) and (told := decision(event, case.policy)):
            yield told


def _chronology(case: Case) -> Facts:
    told = [event for event in case.events if not isinstance(event.what, _UNSAID)]
    return Facts(
        tuple((day(local_date(event.at)), timeline.words(event, case.policy, case.corrections)) for event in told)
    )


def _goes_with(letter: LetterRow, lodged: e.Event) -> bool:
    """The letters that went to the applicant's side before the appeal, as they were sent."""
    return letter.to_party in _SIDE and letter.rendered_at <= lodged.at and letter.event_id != lodged.id


def _letter(letter: LetterRow) -> Paper:
    """Its words as they were sent; a link that opens the applicant's own page is made unreadable."""
    on = day(local_date(letter.rendered_at))
    first, *rest = _HEAD.split(_RULE.sub("\n", masked(letter.text)))
    parts = (Words(text, head) for head, text in zip(rest[::2], rest[1::2], strict=True))
    return Paper(f"Letter of {on}: {letter.subject}", (Words(first), *parts))
