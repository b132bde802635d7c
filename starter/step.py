"""A scenario's part in a case, however it is lived: what agencies say at a step, and what must be so after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from domain.case import Case
from domain.deadlines import Deadline
from domain.events import (
    ActionDone,
    Actor,
    Body,
    Confirmation,
    EnquiryAnswered,
    Event,
    LetterPosted,
    RecommendationAnswered,
    Response,
    Role,
)
from starter.scenario import ActionsDone, AgenciesAnswer, Expected, RecommendationsAnswered, Step

_ACCOUNT = "We have looked through our records for this address and set out what we were told and what we did."
_EVIDENCE = "Done as agreed; the record of it is kept with our case notes."


class NotAsExpected(Exception):
    """A scenario that went another way than its file says; the text names the step and both ways."""


def check(expected: Expected, stage: str, waiting: str, events: Sequence[Event], where: str) -> None:
    """Hold a case against what its scenario expects. Raises NotAsExpected."""
    if expected.stage and stage != expected.stage:
        raise NotAsExpected(f"{where}: the case should be at '{expected.stage}' and is at '{stage}': {waiting}.")
    sent = {event.what.letter for event in events if isinstance(event.what, LetterPosted)}
    if missing := [kind for kind in expected.letters if kind not in sent]:
        raise NotAsExpected(f"{where}: {', '.join(missing)} should have gone out by now; {_listed(sent)} did.")
    if surplus := [kind for kind in expected.no_letters if kind in sent]:
        raise NotAsExpected(f"{where}: {', '.join(surplus)} should not have gone out.")


def due_day(deadlines: Sequence[Deadline], name: str | None, where: str) -> dt.date:
    """The due day of the deadline, or the step, of this name. Raises NotAsExpected where the case has none."""
    named = [d for d in deadlines if name in (d.key, str(d.step))]
    if not named:
        known = ", ".join(deadline.key for deadline in deadlines)
        raise NotAsExpected(f"{where}.after.at_deadline: the case has no deadline {name} then; it has {known}.")
    exact = [deadline for deadline in named if deadline.key == name and "#" in deadline.key]
    running = [deadline for deadline in named if deadline.running]
    return (exact or running or named)[-1].due


def of_agencies(case: Case, step: Step, today: dt.date) -> Iterator[tuple[Body, Actor]]:
    """What a step says in one word for all agencies: their answers, their responses, their actions."""
    if step.agencies_answer:
        yield from _answers(case, step.agencies_answer)
    if step.recommendations_answered:
        yield from _responses(case, step.recommendations_answered)
    if step.actions_done:
        yield from _actions(case, step.actions_done, today)


def _answers(case: Case, given: AgenciesAnswer) -> Iterator[tuple[Body, Actor]]:
    for enquiry in case.of_round(given.purpose):
        if enquiry.answer is not None or not given.includes(enquiry.agency):
            continue
        agency = case.policy.agency(enquiry.agency)
        names = {enquiry.agency.casefold()} | ({agency.name.casefold(), agency.role.casefold()} if agency else set())
        unknown = given.unconfirmed.get(enquiry.agency, ())
        confirmations = tuple(
            Confirmation(
                incident=incident.id,
                confirmed=incident.id not in unknown,
                note="we have no record of this report" if incident.id in unknown else "",
            )
            for incident in case.incidents
            if incident.reported_to.casefold() in names
        )
        account = given.accounts.get(enquiry.agency, _ACCOUNT)
        body = EnquiryAnswered(enquiry=enquiry.key, confirmations=confirmations, account=account)
        yield body, Actor(role=Role.AGENCY, name=enquiry.agency)


def _responses(case: Case, given: RecommendationsAnswered) -> Iterator[tuple[Body, Actor]]:
    for item in case.items.values():
        if item.answer is not None or (given.only and item.id not in given.only):
            continue
        response, reasons = Response.ACCEPTED, ""
        if item.id in given.declined:
            response, reasons = Response.DECLINED, given.declined[item.id]
        elif item.id in given.in_part:
            response, reasons = Response.IN_PART, given.in_part[item.id]
        body = RecommendationAnswered(recommendation=item.id, response=response, reasons=reasons)
        yield body, Actor(role=Role.AGENCY, name=item.recommendation.to)


def _actions(case: Case, given: ActionsDone, today: dt.date) -> Iterator[tuple[Body, Actor]]:
    for item in case.items.values():
        wanted = (not given.only or item.id in given.only) and item.id not in given.exclude
        if item.accepted and item.done is None and wanted:
            body = ActionDone(recommendation=item.id, on=today, evidence=given.evidence.get(item.id, _EVIDENCE))
            yield body, Actor(role=Role.AGENCY, name=item.recommendation.to)


def _listed(kinds: set[str]) -> str:
    return ", ".join(sorted(kinds)) or "none"
