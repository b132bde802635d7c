"""A rehearsed case as the tests drive it: whoever usually does something does it, and nothing may stand against it.

Service("dover").until(Stage.THRESHOLD).must(e.ThresholdDecided(met=True))
"""

from __future__ import annotations

import copy
from datetime import datetime, timedelta

from domain import events as e
from domain.application import Application, Incident
from domain.calendar import LONDON, Calendar
from domain.deadlines import Deadline
from domain.policy import Policy
from domain.rehearsal import Post, Rehearsal, taken
from tests.domain.history import ENGLAND, OFFICER, council

MADE = datetime(2026, 4, 2, 9, 30, tzinfo=LONDON)  # Thu


def by(body: e.Body) -> e.Actor:
    """Whoever usually does this; an agency is named by its id and so needs naming."""
    return OFFICER if body.who is e.Role.AGENCY else e.Actor(role=body.who)


class Service(Rehearsal):
    """One case; ``made`` is the day of the application, with ``complaints`` that qualify."""

    def __init__(
        self,
        policy: Policy | str = "dover",
        *,
        complaints: int = 3,
        consent: bool = True,
        calendar: Calendar = ENGLAND,
        post: Post = taken,
        made: datetime = MADE,
        idle: bool = False,
    ) -> None:
        incidents = tuple(
            Incident(
                id=f"I{number}",
                occurred=made.date() - timedelta(days=10 * number),
                reported=made.date() - timedelta(days=10 * number),
                reported_to=("police", "council")[number % 2],
                what=f"Shouting at night, the {number}. time.",
            )
            for number in range(1, complaints + 1)
        )
        application = Application(applicant="P1", consent_to_share=consent, incidents=incidents)
        known = council(policy) if isinstance(policy, str) else policy
        super().__init__(known, calendar, application, made, post=post, idle=idle)

    def copy(self) -> Service:
        """The same case, to go on from in another way; what cannot change is shared."""
        lasting = (self.policy, self.case.policy, *self.case.calendars, *self.case.events, *self.deadlines)
        return copy.deepcopy(self, {id(one): one for one in lasting})

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.case.events]

    def due(self, key: str) -> Deadline:
        return next(d for d in self.deadlines if d.key == key)

    def refusal(self, body: e.Body, actor: e.Actor | None = None) -> str | None:
        return super().refusal(body, actor or by(body))

    def act(self, body: e.Body, actor: e.Actor | None = None) -> str | None:
        return super().act(body, actor or by(body))

    def must(self, *bodies: e.Body, actor: e.Actor | None = None) -> Service:
        """Do it; nothing may stand against it."""
        for body in bodies:
            assert self.act(body, actor) is None, f"{body.act} at {self.stage}: {self.refusal(body, actor)}"
        return self

    def wait(self, days: int) -> Service:
        return self.wait_until(self.today + timedelta(days=days))
