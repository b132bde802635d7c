"""What stands against saying what became of a letter: posted, come back, or settled by somebody who asked."""

from __future__ import annotations

from domain import calendar
from domain import events as e
from domain.application import Means
from domain.case import Letter
from domain.refusals.circumstances import Circumstances, against, listed
from domain.seats import seat_id
from domain.terms import LinkPurpose


@against(e.LetterSettled)
def letter_settled(circumstances: Circumstances, body: e.LetterSettled) -> str | None:
    letter = circumstances.case.letters.get(body.key)
    if letter is None:
        lost = (key for key, known in circumstances.case.letters.items() if known.needs_somebody)
        return f"there is no letter {body.key}; letters that need somebody: {listed(lost)}"
    if letter.needs_somebody:
        return None
    return f"letter {letter.posted.letter} {_known(letter)} already; there is nothing to settle"


@against(e.LetterDispatched)
def letter_dispatched(circumstances: Circumstances, body: e.LetterDispatched) -> str | None:
    letter = circumstances.case.letters.get(body.key)
    if letter is None or not letter.in_tray:
        waiting = listed((key for key, known in circumstances.case.letters.items() if known.in_tray), "none")
        return f"letter {body.key} is not in the print tray; those that are: {waiting}"
    if body.on < letter.on:
        written = f"letter {letter.posted.letter} was written on {calendar.words(letter.on)}"
        return f"{written} and cannot have been posted before; mend the day"
    return circumstances.in_the_future("the day it was posted", body.on)


@against(e.LetterUndelivered)
def letter_undelivered(circumstances: Circumstances, body: e.LetterUndelivered) -> str | None:
    letter = circumstances.case.letters.get(body.key)
    if letter is None:
        return f"there is no letter {body.key} in this case; casereview show lists them"
    if letter.undelivered:
        return f"letter {letter.posted.letter} was reported as undelivered already"
    if not letter.arrived:
        return f"letter {letter.posted.letter} has not left yet, so it cannot have come back"
    if body.how is e.Failure.UNCLEAR:
        return None
    by_post = letter.posted.by is Means.POST
    if by_post is (body.how is e.Failure.BOUNCED):
        how = "returned" if by_post else "bounced"
        went = letter.posted.by.words if letter.posted.by else "by hand"
        return f"letter {letter.posted.letter} went {went}; say that it was {how}"
    return None


@against(e.ContactCorrected)
def contact_corrected(circumstances: Circumstances, body: e.ContactCorrected) -> str | None:
    application = circumstances.case.application
    known = [id for id in (application.applicant, application.representative) if id]
    if body.person not in known:
        return (
            f"no letters of this case go to {body.person or 'nobody'}; whose details can be corrected: {listed(known)}"
        )
    if not body.details or not body.changed:
        return "nothing about how they are reached would change; give what is new"
    return None


@against(e.LinkRenewed)
def link_renewed(circumstances: Circumstances, body: e.LinkRenewed) -> str | None:
    """A link is its holder's, so there is a new one only for who has that part in the case now, and can be sent it."""
    case, holder = circumstances.case, body.holder
    theirs = f"nobody holds link {body.link} any more, so there is no new one; who has that part now has their own"
    match body.purpose:
        case LinkPurpose.PROGRESS:
            application = case.application
            acting = application.representative if application.victim_consents else ""
            return None if holder in {application.applicant, acting} - {""} else theirs
        case LinkPurpose.ENQUIRY:
            enquiry = case.enquiries.get(body.about)
            return None if enquiry and enquiry.agency == holder else theirs
        case LinkPurpose.RECOMMENDATIONS:
            asked = {explanation.agency for explanation in case.explanations.values()}
            return None if holder in asked.union(item.recommendation.to for item in case.items.values()) else theirs
        case LinkPurpose.CHAIR:
            chair = case.panel.chair if case.panel else None
            return None if chair and seat_id(chair) == holder else theirs
        case LinkPurpose.APPEAL:
            latest = case.appeals[-1] if case.appeals else None
            if latest is None or str(len(case.appeals)) != holder:
                return theirs
            no_address = "the policy has no e-mail address of the appeal body, so no link can be sent to it; add one"
            return None if latest.body and latest.body.email else no_address


def _known(letter: Letter) -> str:
    """What the last word on a letter is."""
    if letter.undelivered is not None:
        return f"was {letter.undelivered.how}"
    if letter.dispatched is not None:
        return "was posted"
    return "was settled" if letter.settled is not None else f"is {letter.posted.state}"
