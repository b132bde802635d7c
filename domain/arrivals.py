"""What becomes of a case's letters: one that arrives tells its dates and is a milestone; one that comes back undoes it.

The applicant's time to answer runs from the letter that got through, never from one that did not.
"""

from __future__ import annotations

from datetime import date

from domain import events as e
from domain.application import Means
from domain.calendar import Unit, count
from domain.case import Case
from domain.catalogue import kind_of
from domain.milestones import DECISION, REVIEW
from domain.parts import Letter, Reached, Round, Telling, by_post, deemed, extension, holds, local_date
from domain.policy import Decision, Milestone, Subject


def apply(case: Case, event: e.Event) -> None:
    """Take into account what happened to a letter."""
    on = local_date(event.at)
    match event.what:
        case e.LetterPosted() as posted:
            letter = case.letters[posted.key] = Letter(posted, on, left=len(case.events))
            if posted.state is e.LetterState.ACCEPTED:
                _arrived(case, letter, on, _accepted(case, posted, event), event)
        case e.LetterDispatched(key=key, on=day, post_class=post_class) as dispatched:
            letter = case.letters[key]
            letter.dispatched = dispatched
            _arrived(case, letter, day, by_post(case.policy, case.calendar, day, post_class), event)
        case e.LetterSettled(key=key, arrived=arrived) as settled:
            letter = case.letters[key]
            letter.settled = settled
            if arrived:
                went = letter.on if letter.posted.state is e.LetterState.UNCERTAIN else on
                _arrived(case, letter, went, deemed(case.policy, case.calendar, event.at), event)
        case e.LetterUndelivered(key=key, how=how) as undelivered if how is not e.Failure.UNCLEAR:
            letter = case.letters[key]
            letter.undelivered = undelivered
            _came_back(case, letter)


def _accepted(case: Case, posted: e.LetterPosted, event: e.Event) -> date:
    """When a letter counts as received that a mail server took, whose news went by text message, or that a provider
    posts the next working day."""
    if posted.by is not Means.POST:
        return deemed(case.policy, case.calendar, event.at)
    leaves = count(case.calendar, local_date(event.at), 1, Unit.WORKING_DAYS).due
    return by_post(case.policy, case.calendar, leaves, e.PostClass.SECOND)


def _arrived(case: Case, letter: Letter, on: date, received_on: date, event: e.Event) -> None:
    """A letter tells its dates (worked out from those told before it was written) and is a milestone, once."""
    posted = letter.posted
    letter.received, letter.brought, letter.place = received_on, event.id, len(case.events)
    place = case.places.get(posted.event, len(case.events))
    written = posted.upto or place
    known, reached = case.events[:written], frozenset(case.reached)
    pauses = holds(known) if posted.told else ()
    for name, day in posted.told.items():
        before = case.told.get(name, [])
        unread = [other for other in before if other.place > written]
        letter.before[name] = before
        case.told[name] = [*unread, Telling(day, extension(known, name), pauses, letter.place, reached)]
    kind = kind_of(posted.letter)
    sent, received = kind.milestone, kind.received
    if sent is None or place <= _stale(case, sent):
        return
    if sent not in case.reached or sent is Milestone.CLOSURE_NOTIFIED:
        case.reach(sent, on, event)
    elif received is None or received in case.reached:
        return
    if received:
        case.reach(received, received_on, event)
    if sent is Milestone.APPEAL_TOLD:
        _appeal_told(case, on, event)


def _came_back(case: Case, letter: Letter) -> None:
    """Its dates are not told, and the time it started for its reader does not run until they have it.

    Somebody who has appealed has read of the decision, however they came by it.
    """
    for name, before in letter.before.items():
        others = [telling for telling in case.told.get(name, ()) if telling.place != letter.place]
        overtaken = any(telling.place > letter.place for telling in others)
        case.told[name] = others if overtaken else [*before]
    kind = kind_of(letter.posted.letter)
    starts = kind.starts
    brought = case.reached.get(starts) if starts else None
    if starts is None or brought is None or brought.event != letter.brought:
        return
    if starts is kind.received and any(appeal.round == case.round for appeal in case.appeals):
        return
    del case.reached[starts]
    if starts is kind.received:
        case.reopen_the_window()


def _stale(case: Case, told: Milestone) -> int:
    """The place up to which a letter tells of something that an appeal or an objection has since overtaken."""
    match told:
        case Milestone.APPEAL_TOLD:
            return case.appeals[-1].place if case.appeals else len(case.events)
        case Milestone.CLOSURE_NOTIFIED:
            return case.notice - 1 if case.notice else len(case.events)
        case Milestone.ACKNOWLEDGED:
            return 0
        case _:
            return case.sent_back


def _appeal_told(case: Case, on: date, event: e.Event) -> None:
    """An appeal's decision takes effect once the applicant was told."""
    appeal = case.appeals[-1]
    appeal.told = case.window_shut = True
    decided = appeal.decided
    if decided is None or decided.decision is Decision.DISMISSED:
        return
    on_threshold = appeal.lodged.subject is Subject.THRESHOLD
    if decided.decision is Decision.UPHELD and not on_threshold:
        return
    accepted = e.ThresholdDecided(met=True, route="appeal", discretion=decided.reasons)
    begin_again(
        case,
        Reached(on, event.id, "sent back by the appeal"),
        accepted if decided.decision is Decision.UPHELD else None,
    )


def begin_again(case: Case, day_zero: Reached, accepted: e.ThresholdDecided | None = None) -> None:
    """A new round of the review, counted from ``day_zero``. A refusal is decided again, unless the review is
    ``accepted``."""
    case.rounds.append(Round(dict(case.reached), case.refusal))
    case.round, case.sent_back = case.round + 1, len(case.events)
    again: tuple[Milestone, ...] = REVIEW
    if accepted:
        case.threshold = accepted
    elif case.refusal:
        case.threshold, again = None, (*REVIEW, *DECISION)
    for milestone in again:
        case.reached.pop(milestone, None)
    case.reached[Milestone.RECEIVED] = day_zero
    case.followed.clear()
    case.chronology, case.chronology_corrected = None, []
    case.panel = case.held = case.outcome = case.comments = case.follow_up = case.objection = None
    case.window_shut = False
