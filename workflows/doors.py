"""The doors by which people act on a case: an Update for every act, Signals for what must be taken with no worker up.

An Update is held against ``domain.rules`` by its validator, so it is accepted whole or refused with one sentence. A
Signal is held against the same rules when it is read; a refused one is kept as ``act.refused`` and shown. Each act has
the id it is sent under within its seal, and one that has none goes by what it says, so that what was sent once does
nothing when it is sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from domain.case import local_date
    from domain.deadlines import Deadline
    from domain.events import Body, acts
    from domain.messages import Accepted, Act, NotTaken, Situation
    from domain.rules import possible, refusal

from workflows.file import CaseFile

REFUSED = "Refused"
_NO_SUCH_SIGNAL = "there is no Signal of that name; there are withdraw, add-incident and record-panel-decision"
_NOTHING = NotTaken(why="nothing was sent")
_AGAIN = "the same was sent before and is done; to do it once more, send it with an id of its own"
_ANOTHER_ID = "the act is sealed for another id than the Update has; send it under its own id, or make it anew"


class Acts:
    """Mixed into the workflow: ``self.file`` changes here and nothing else happens; the story carries it out."""

    file: CaseFile

    def accept(self, act: Act[Any], id: str) -> Accepted:
        """Take an act that the rules allow; the same id again changes nothing."""
        if id in self.file.seen:
            return self.file.seen[id]
        now = workflow.now()
        event = self.file.happen(act.what, now, by=act.by, id=id)
        accepted = Accepted(
            event=event.id, kind=event.kind, stage=self.file.case.stage, waiting=self.file.waiting(now).words
        )
        self.file.seen[id] = accepted
        return accepted

    def why_not(self, act: Act[Any]) -> str | None:
        """The rules' sentence against an act, or None. It changes nothing: a refused Update leaves no trace."""
        now = workflow.now()
        return refusal(self.file.case, act.what, act.by, self.file.planned(now), local_date(now))

    def signalled(self, name: str, payload: Any, more: tuple[Any, ...]) -> None:
        """Take a Signal: whatever was sent, it ends as its event or as a refusal that people can see.

        One that was taken or refused before, in whatever name it comes again, is neither.
        """
        now = workflow.now()
        if more or isinstance(payload, NotTaken):
            self.file.turn_away(name, now)
            return
        if isinstance(payload, dict) and self.file.knows(str(payload.get("id"))):
            return
        try:
            act = Act[acts()[name]].model_validate(payload)  # type: ignore[misc]
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc'])) or 'signal'}: {fault['msg']}" for fault in error.errors()
            )
            self.file.turn_away(name, now, f"the signal could not be read: {faults}")
            return
        id = act.id or _content(name, act)
        if self.file.knows(id):
            return
        if sentence := self.why_not(act):
            self.file.refuse(name, sentence, now, act.by, id)
        else:
            self.accept(act, id)

    @workflow.signal(name="withdraw", description="The applicant withdraws: {id, by: {role, name}, what: {reason}}")
    async def withdraw_signal(self, act: Any = _NOTHING, *more: Any) -> None:
        self.signalled("withdraw", act, more)

    @workflow.signal(
        name="add-incident", description="A further incident: {id, by: {role, name}, what: {incident: {…}}}"
    )
    async def add_incident_signal(self, act: Any = _NOTHING, *more: Any) -> None:
        self.signalled("add-incident", act, more)

    @workflow.signal(
        name="record-panel-decision",
        description="The chair's decision: {id, by: {role, name}, what: {on, findings, recommendations: [{to, text}]}}",
    )
    async def record_panel_decision_signal(self, act: Any = _NOTHING, *more: Any) -> None:
        self.signalled("record-panel-decision", act, more)

    @workflow.signal(dynamic=True)
    async def any_other_signal(self, name: str, args: Sequence[RawValue]) -> None:
        self.file.turn_away("signal", workflow.now(), _NO_SUCH_SIGNAL)

    @workflow.query(description="Where the case stands, in a word or two.")
    def stage(self) -> str:
        return str(self.file.case.stage)

    @workflow.query(description="Every deadline with its working, day by day.")
    def deadlines(self) -> list[Deadline]:
        return list(self.file.deadlines)

    @workflow.query(description="What the case waits for, in one sentence.")
    def waiting(self) -> str:
        return self.file.waiting(workflow.now()).words

    @workflow.query(description="Everything the workflow knows of the case.")
    def situation(self) -> Situation:
        now, file = workflow.now(), self.file
        waiting = file.waiting(now)
        return Situation(
            reference=file.reference, council=file.case.policy.id, stage=file.case.stage, waiting=waiting.words,
            must_act=waiting.must_act, now=now, possible=possible(file.case), deadlines=file.deadlines,
            events=tuple(file.case.events), settled=file.settled,
        )  # fmt: skip


def _content(name: str, act: Act[Any]) -> str:
    """The id of an act that was given none: the same words by the same person are the same act."""
    return f"{name}-{hashlib.sha256(act.model_dump_json().encode()).hexdigest()[:24]}"


def _update(name: str, body: type[Body]) -> Callable[..., Any]:
    """The Update of one act: its validator asks the rules, its handler keeps the event.

    The handler asks no rule, so that a case goes on under rules that have become stricter than they were when it acted.
    """

    async def handler(self: Acts, act: Any) -> Accepted:
        info = workflow.current_update_info()
        assert info is not None
        accepted = self.accept(act, info.id)
        if not act.id:
            self.file.seen[_content(name, act)] = accepted
        return accepted

    def validator(self: Acts, act: Any) -> None:
        info = workflow.current_update_info()
        assert info is not None
        if info.id in self.file.seen and act.id in ("", info.id):
            return
        sentence = None
        if act.id not in ("", info.id):
            sentence = _ANOTHER_ID
        elif not act.id and self.file.knows(_content(name, act)):
            sentence = _AGAIN
        if sentence := sentence or self.why_not(act):
            raise ApplicationError(sentence, type=REFUSED, non_retryable=True)

    handler.__name__ = name.replace("-", "_")
    handler.__doc__ = body.__doc__
    handler.__annotations__ = {"act": Act[body], "return": Accepted}  # type: ignore[valid-type]
    validator.__annotations__ = {"act": Act[body], "return": None}  # type: ignore[valid-type]
    update = workflow.update(name=name, description=(body.__doc__ or "").split("\n")[0])(handler)
    update.validator(validator)
    return update


for _name, _body in acts().items():
    setattr(Acts, _name.replace("-", "_"), _update(_name, _body))
