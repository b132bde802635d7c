"""What may be done next to a case and, where something may not, why: one sentence that also says what could be.

The Updates' validators, the Signals, the command line and the console all ask ``refusal``; there is no second
set of rules. This module says whose turn it is and who may act, by the row of each act; ``domain.refusals`` says what
else stands in its way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from domain import events as e
from domain.assessment import assessment as assessment
from domain.calendar import BeyondHorizon
from domain.case import Case, Stage
from domain.deadlines import Deadline
from domain.events import Role
from domain.refusals import (
    appeal,
    authority,
    candour,
    chronology,
    closure,
    deferral,
    directory,
    ending,
    explanation,
    intake,
    post,
    protection,
    record,
    review,
    together,
    victims,
)
from domain.refusals.circumstances import IDLE, RULES, Circumstances, listed
from domain.substance import empty_words

_NOUNS: Mapping[Role, str] = {
    Role.APPLICANT: "the applicant",
    Role.OFFICER: "an officer",
    Role.CHAIR: "the panel's chair",
    Role.AGENCY: "an agency",
    Role.APPEAL_BODY: "the appeal body",
    Role.OPERATIONS: "operations staff",
    Role.CLOCK: "the service itself",
}
_WITH_RULES = (
    intake,
    deferral,
    review,
    chronology,
    explanation,
    appeal,
    closure,
    ending,
    record,
    directory,
    protection,
    candour,
    post,
    together,
    victims,
    authority,
)
"""The modules that have the rules: ``RULES`` and ``IDLE`` hold them once these are read."""


def possible(case: Case) -> tuple[str, ...]:
    """The acts whose turn it is, those that move the case on first."""
    stage = case.stage
    turn = [act for act, body in e.acts().items() if _has_its_turn(body, case, stage)]
    return tuple(sorted(turn, key=lambda act: e.kinds()[act].any_time))


def refusal(case: Case, body: e.Body, by: e.Actor, deadlines: Sequence[Deadline], today: date) -> str | None:
    """Why this may not be done now, in one sentence that says what could be; None where it may.

    An act that leads to a date past the known bank holidays would stop the case, and is refused.
    """
    act = body.does
    if act is None:
        return f"{type(body).model_fields['kind'].default} is recorded by the service itself, not by a person"
    circumstances = Circumstances(case, by, deadlines, today)
    rule = RULES.get(type(body))
    stage = case.stage
    if not _has_its_turn(type(body), case, stage):
        waits = rule(circumstances, body) if rule and stage in act.turn else None
        return waits or _out_of_turn(act.name, case)
    if by.role not in act.may:
        who = " or ".join(_NOUNS[role] for role in Role if role in act.may)
        return f"{act.name} is for {who}, not for {_NOUNS[by.role]}; ask them to do it"
    against = _says_nothing(body) or together.names_another(case, body)
    if against:
        return against
    try:
        sentence = rule(circumstances, body) if rule else None
        if sentence is None and act.far_date:
            circumstances.after(body)
    except BeyondHorizon as beyond:
        reason = str(beyond).rstrip(".")
        return f"{act.name} would need a date that cannot be counted: {reason[:1].lower()}{reason[1:]}"
    return sentence


def _has_its_turn(body: type[e.Body], case: Case, stage: Stage) -> bool:
    idle = IDLE.get(body)
    return body.does is not None and stage in body.does.turn and not (idle and idle(case))


def _out_of_turn(act: str, case: Case) -> str:
    moves = (name for name in possible(case) if not e.kinds()[name].any_time)
    none = "nothing, the case is over" if case.stage.over else "nothing until a date is reached"
    return f"{act} is not possible while the case is at '{case.stage}'; what is possible now: {listed(moves, none)}"


def _says_nothing(body: e.Body) -> str | None:
    faults = [f"{name} says nothing (“{text}”)" for name, text in empty_words(body)]
    return f"{'; '.join(faults)}: write it in words that its reader can use" if faults else None
