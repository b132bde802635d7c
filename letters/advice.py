"""What a letter says of bodies, recommendations and rights: each by its name, with its answer, in its turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain import events as e
from domain import rules
from domain.appeal_layers import is_the_applicants, starts_again
from domain.application import Incident
from domain.case import Case, Item
from domain.catalogue import ANSWERS, REDRESS_BY_LAW, SUBJECTS
from domain.keys import DeadlineKey
from domain.letters import agency_of, owner_of
from domain.likeness import same_name
from domain.policy import AppealRoute, Exclusion, Owner, Policy, Redress, StepId, Subject
from domain.threshold import Assessment
from letters.letter_dates import Dates
from letters.news import News, news


@dataclass(frozen=True)
class Advice:
    """A recommendation as a letter shows it; the keys are those of its two deadlines."""

    item: Item
    agency: str
    answer_key: str
    action_key: str

    @property
    def answer(self) -> str:
        """ "accepted", "accepted in part" or "declined"; empty while there is none."""
        return ANSWERS[self.item.answer.response] if self.item.answer else ""


@dataclass(frozen=True)
class Layer:
    """One way to appeal: against what, on which grounds, decided by whom."""

    route: AppealRoute
    body: str
    against: tuple[str, ...]

    @property
    def window(self) -> str:
        """The key of the time to go there."""
        return str(DeadlineKey(StepId.APPEAL_WINDOW, self.route.id if self.route.after else ""))


@dataclass(frozen=True)
class Told:
    """The facts of one letter that are no dates and no readers; ``event`` is the body it tells of."""

    policy: Policy
    case: Case
    event: e.Body
    dates: Dates

    def assessment(self) -> Assessment:
        return rules.assessment(self.case)

    def agency_name(self, id: str) -> str:
        return self.policy.called(id)

    def names(self, ids: Iterable[str]) -> list[str]:
        return [self.agency_name(id) for id in ids]

    def applicants_files(self, names: Iterable[str]) -> list[e.DocumentAdded]:
        """The documents that came from people of these names, also where an officer put them in."""
        known = tuple(names)
        return [
            event.what
            for event in self.case.events
            if isinstance(event.what, e.DocumentAdded)
            and (event.by.role is e.Role.APPLICANT or any(same_name(event.what.given_by, name) for name in known))
        ]

    def outstanding(self) -> list[str]:
        """The agencies whose answer this round still lacks."""
        waiting = (q for q in self.case.enquiries.values() if q.round == self.case.round and not q.settled)
        return self.names(dict.fromkeys(q.agency for q in waiting))

    def news(self) -> News:
        """What was done since the applicant was written to last, and what comes next."""
        return news(self.case)

    def responsible(self, key: str) -> str:
        """Who a late step falls on, by name: the agency, the panel, the appeal body, else the council."""
        agency, deadline = agency_of(self.case, key), self.dates.deadline(key)
        if agency:
            return self.agency_name(agency)
        named = DeadlineKey.read(key)
        owner = deadline.owner if deadline else owner_of(self.case, named.step) if named else None
        if owner is Owner.CHAIR:
            return "the chair of the panel"
        appeal = self.case.appeal
        if owner is Owner.APPEAL_BODY and appeal and appeal.body:
            return appeal.body.name
        return self.policy.identity.council

    @property
    def incidents(self) -> list[Incident]:
        """The incidents the event is about: those an enquiry names, else all."""
        ids = self.event.incidents if isinstance(self.event, e.EnquirySent) else ()
        return [incident for incident in self.case.incidents if not ids or incident.id in ids]

    def answers(self) -> list[tuple[str, e.EnquiryAnswered]]:
        """Each agency's latest answer in this round, with its name."""
        answers = {q.agency: q.answer for q in self.case.enquiries.values() if q.answer and q.round == self.case.round}
        return [(self.agency_name(id), answer) for id, answer in answers.items()]

    @property
    def all_advice(self) -> list[Advice]:
        return [self._advice(item) for item in self.case.items.values()]

    @property
    def recommendations_made(self) -> list[Advice]:
        """What the appeal body that just decided, or else the panel that stands, recommended."""
        if isinstance(self.event, e.AppealDecided):
            decided = next(event.id for event in reversed(self.case.events) if event.kind == self.event.kind)
            return [self._advice(item) for item in self.case.items.values() if item.made.event == decided]
        ids = {r.id for r in self.case.held.recommendations} if self.case.held else set()
        return [self._advice(item) for item in self.case.items.values() if item.id in ids]

    def recommendations_for(self, agency: str) -> list[Advice]:
        """The same, to one body."""
        return [advice for advice in self.recommendations_made if advice.item.recommendation.to == agency]

    @property
    def advice(self) -> Advice | None:
        """The one recommendation that the event, or the deadline it chases, is about."""
        chased = DeadlineKey.read(getattr(self.event, "deadline", ""))
        item = self.case.items.get(getattr(self.event, "recommendation", "") or (chased.item if chased else ""))
        return self._advice(item) if item else None

    def _advice(self, item: Item) -> Advice:
        name = self.agency_name(item.recommendation.to)
        return Advice(item, name, *(str(DeadlineKey(step, item.id)) for step in (StepId.RECOMMENDATION, StepId.ACTION)))

    @property
    def appeals(self) -> list[Layer]:
        """The ways to appeal against the decision that stands on the day its letter arrives."""
        day = self.dates.received_on
        subjects = (Subject.THRESHOLD,) if self.case.refusal else (Subject.OUTCOME, Subject.HANDLING)
        return [_layer(route, day, subjects) for route in self.policy.appeals_on(day, subjects)]

    @property
    def grounds(self) -> list[Exclusion]:
        """The published grounds that a refusal rests on besides; none where the Act's number is reached."""
        named = self.event.grounds if isinstance(self.event, e.ThresholdDecided) and not self.event.met else ()
        return [exclusion for exclusion in self.policy.exclusions if exclusion.id in named]

    @property
    def further(self) -> Layer | None:
        """Where the applicant can take the appeal that the letter tells the decision of; None where that is the end."""
        appeal = self.case.appeals[-1] if self.case.appeals else None
        if appeal is None or not isinstance(self.event, e.AppealDecided) or starts_again(appeal, self.event.decision):
            return None
        day, subject = self.dates.received_on, appeal.lodged.subject
        layers = self.case.policy.layers_after(appeal.route, day, subject)
        layer = next((layer for layer in layers if is_the_applicants(layer)), None)
        return _layer(layer, day, (subject,)) if layer else None

    @property
    def redress(self) -> list[Redress]:
        """Whom to complain to about each body, and then which ombudsman, by the applicant's tenure."""
        tenure = self.case.application.tenure
        rows: Iterable[Redress] = self.policy.redress or REDRESS_BY_LAW
        return [row for row in rows if not row.tenures or tenure in row.tenures]


def _layer(route: AppealRoute, day: date, subjects: tuple[Subject, ...]) -> Layer:
    body = route.body_on(day)
    against = tuple(SUBJECTS[s] for s in subjects if s in route.subjects)
    return Layer(route, body.name if body else route.lodged_with, against)
