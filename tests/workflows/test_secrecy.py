"""A whole case with a token in every text field: not one of them is readable in what Temporal stores."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Any, get_args, get_origin

import pytest
import pytest_asyncio
from pydantic import BaseModel
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ListWorkflowExecutionsRequest
from temporalio.client import WorkflowUpdateFailedError

import policies
from connection.server import LocalServer
from connection.signature import Signer
from domain import events as e
from domain.application import ApplicationForm, FurtherPerson, Person, Representative, WrittenIncident
from domain.calendar import Calendar, ClosedDay
from domain.events import Actor, Body, Role, acts
from domain.messages import Accepted, Party, Situation
from domain.policy import Decision, Milestone, Subject
from domain.terms import LinkPurpose
from office import acting, taking_in
from office.acting import NotAllowed, NotDone
from office.bank_holidays import snapshot
from register import links
from register.taking_in import add_person
from tests.support import clock
from tests.workflows.life import Desk, Life, desk_in

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]

IDENTIFIERS = {
    "kind", "enquiry", "recommendation", "step", "to", "key", "agency", "id", "letter", "incident", "representative",
    "language", "reported_to", "email", "route", "about", "report", "person", "senior_email", "deadline", "power",
}  # fmt: skip
OPAQUE = re.compile(r"[0-9a-f]{32}")


@dataclass
class Sower:
    """Makes bodies with a token of its own in every text field."""

    sown: dict[str, str] = field(default_factory=dict)

    def word(self, where: str) -> str:
        token = f"HESTERLOW{len(self.sown):03d}Q"
        self.sown[token] = where
        return token

    def sow(self, model: type[BaseModel], **given: Any) -> dict[str, Any]:
        """Values for a model: those given, and a token for each other field that takes text."""
        values: dict[str, Any] = dict(given)
        for name, info in model.model_fields.items():
            if name in given or name in IDENTIFIERS:
                continue
            kind: Any = info.annotation
            if kind is str:
                values[name] = self.word(f"{model.__name__}.{name}")
            elif get_origin(kind) is tuple and _text(get_args(kind)[0]):
                values[name] = [self.word(f"{model.__name__}.{name}")]
        return values

    def body(self, model: type[Body], **given: Any) -> Any:
        return model.model_validate(self.sow(model, **given))

    def actor(self, role: Role) -> Actor:
        return Actor(role=role, name=self.word(f"{role} name"))

    def address(self, where: str) -> str:
        return f"{self.word(where)}@example.org"


def _text(kind: Any) -> bool:
    return kind is str or (get_origin(kind) is Annotated and get_args(kind)[0] is str)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Desk, LocalServer]]:
    """A server of its own, so that its files hold only what this test wrote."""
    async with desk_in(tmp_path_factory.mktemp("secrecy"), public_url="https://asb.example") as own:
        yield own


def application(sower: Sower, today: date) -> ApplicationForm:
    where = ("police", "council", "police", sower.word("Incident.reported_to"))
    incidents = [
        sower.sow(WrittenIncident, occurred=day, reported=day, reported_to=to)
        for to, day in ((to, today - timedelta(days=15 * n)) for n, to in enumerate(where, start=1))
    ]
    applicant = sower.sow(Person, email=sower.address("Person.email"))
    acting = sower.sow(Representative, email=sower.address("Representative.email"), victim_consents=False)
    return ApplicationForm.model_validate(
        sower.sow(
            ApplicationForm, applicant=applicant, representative=acting, consent_to_share=True, incidents=incidents
        )
    )


@dataclass
class Sown:
    """A case whose every act carries tokens, as words of its actor too."""

    life: Life
    sower: Sower
    done: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    async def act(self, model: type[Body], by: Role | Actor | None = None, **given: Any) -> Accepted:
        actor = by if isinstance(by, Actor) else self.sower.actor(by or Role.OFFICER)
        accepted = await self.life.act(self.sower.body(model, **given), actor)
        self.done.add(model.act or "")
        return accepted

    async def try_in_vain(self, model: type[Body], **given: Any) -> None:
        """An act whose turn it is and that is refused with its tokens."""
        with pytest.raises(NotDone):
            await self.act(model, model.who, **given)
        self.done.add(model.act or "")

    async def try_all(self, **given: Any) -> None:
        """Every act that may not be done now, refused with its tokens."""
        now = await self.life.settled()
        office, case = self.life.desk.office, self.life.reference
        wrong = {name: model for name, model in acts().items() if name not in now.possible}
        fields = [{key: value for key, value in given.items() if key in one.model_fields} for one in wrong.values()]
        bodies = [self.sower.body(model, **given) for model, given in zip(wrong.values(), fields, strict=True)]
        tries = (acting.act(office, case, body, self.sower.actor(body.who)) for body in bodies)
        answers = await asyncio.gather(*tries)
        assert all(isinstance(answer, NotAllowed) for answer in answers), answers
        self.refused |= wrong.keys()


def seat(sower: Sower, **given: Any) -> dict[str, Any]:
    return sower.sow(e.Seat, conflict="", **given)


async def whole_life(desk: Desk, sower: Sower) -> tuple[Sown, Situation]:
    today = clock.today()
    calendar = snapshot()
    planted = Calendar.model_validate(dict(calendar) | {"source": sower.word("Calendar.source")})
    made, rules, by = application(sower, today), policies.load("dover"), sower.actor(Role.OFFICER)
    taken = await taking_in.kept(desk.office, made, rules, by=by, calendar=planted, demo=True)
    await desk.office.begin(taken)
    life = Life(desk, taken.reference, calendar)
    case = Sown(life, sower)
    await life.settled()
    some = seat(sower, email="")
    await case.try_all(
        on=today, until=today, chair=some, mode="x", decision=Decision.DISMISSED, subject=Subject.OUTCOME,
        recommendation="R1", response=e.Response.ACCEPTED, key="x", met=True, behaviour_stopped=True, spoke=True,
        letter="outcome", answer_by=today, level=e.RiskLevel.LOW, cause=e.Cause.OTHER, agency="police",
        email="somebody@example.org", about="R1", step="response", person="P9", report="I1",
    )  # fmt: skip
    await malformed(life, sower)
    await intake(case)
    await review(case)
    await afterwards(case)
    with suppress(Exception):
        await desk.office.handle(life.reference).signal("withdraw", sower.word("an unreadable signal"))
    return case, await desk.office.handle(life.reference).result()


async def malformed(life: Life, sower: Sower) -> None:
    """Signals nobody can read, and Updates with a body of the wrong shape."""
    handle = life.desk.office.handle(life.reference)
    bad: tuple[Any, ...] = (
        sower.word("bare signal"),
        {"by": {"role": sower.word("signal role")}, "what": {"findings": sower.word("signal findings")}},
        {"by": {"role": "chair", "name": sower.word("signal name")}, "what": {"on": sower.word("signal date")}},
        {sower.word("signal field"): [sower.word("signal list")]},
        {"id": "early", "by": {"role": "chair", "name": sower.word("early chair")},
         "what": {"on": "2026-01-05", "findings": sower.word("early findings")}},
    )  # fmt: skip
    for payload in bad:
        await handle.signal("record-panel-decision", payload)
    await life.until(lambda now: sum(event.kind == "act.refused" for event in now.events) == len(bad))
    for payload in ({"by": {"role": "officer"}, "what": {"on": sower.word("update date")}}, sower.word("bare update")):
        with pytest.raises(WorkflowUpdateFailedError):
            await handle.execute_update("arrange-panel", payload)


async def intake(case: Sown) -> None:
    life, sower = case.life, case.sower
    await case.act(e.DetailsRequested)
    await case.act(e.DetailsReceived, Role.APPLICANT, victim_consents=True, consent_to_share=True)
    now = await life.settled()
    for asked in [event.what for event in now.events if isinstance(event.what, e.EnquirySent)]:
        confirmation = sower.sow(e.Confirmation, incident="I1", confirmed=True)
        await case.act(e.EnquiryAnswered, enquiry=asked.enquiry, confirmations=[confirmation])
    await watched_over(case)
    await case.act(e.ThresholdDecided, met=True, grounds=(), evidence="")
    extra = sower.sow(WrittenIncident, occurred=await life.today(), reported=await life.today(), reported_to="police")
    await case.act(e.IncidentAdded, Role.APPLICANT, incident=extra)
    signal = sower.body(e.IncidentAdded, incident=extra | {"what": sower.word("incident by signal")})
    await life.desk.office.signal(life.reference, signal, sower.actor(Role.APPLICANT))
    await life.until(lambda now: sum(event.kind == "incident.added" for event in now.events) == 2)
    await case.act(e.NoteAdded)
    await case.act(e.CallRequested, Role.APPLICANT)
    await case.act(e.CallMade, spoke=True)
    await case.act(e.DocumentAdded, size=1, sha256="a" * 64)
    await case.act(e.OfficerAssigned, email=sower.address("OfficerAssigned.email"))
    await case.act(e.Extended, step="response", working_days=3)
    await case.act(e.ExtensionUndone, step="response")
    await case.act(e.Extended, step="response", working_days=3)
    until = await life.working_days(3)
    await case.act(e.HoldStarted, until=until, at_victims_request=True)
    await case.act(e.HoldEnded)
    await case.act(e.DateCorrected, milestone=Milestone.RECEIVED, to=await life.today() - timedelta(days=1))
    closed = ClosedDay(date=life.calendar.next_working_day(await life.today() + timedelta(days=300)),
                       name=sower.word("ClosedDay.name"))  # fmt: skip
    await case.act(e.CalendarChanged, calendar=life.calendar.with_holidays(closed))
    acting = Representative.model_validate(sower.sow(Representative, email=sower.address("new Representative.email")))
    id = await add_person(life.desk.office.database, life.reference, acting, Party.REPRESENTATIVE, now=clock.now())
    await case.act(e.RepresentativeChanged, representative=id, victim_consents=True)


async def watched_over(case: Sown) -> None:
    """Acts for the people and the reports of a case, at any stage."""
    life, sower = case.life, case.sower
    today = await life.today()
    await case.act(e.RiskAssessed, level=e.RiskLevel.LOW)
    await case.act(e.SafetyReferred, to="police", consent=True)
    await case.act(e.DisclosureMade, on=today, to=sower.word("DisclosureMade.to"))
    await case.act(e.Apologised, deadline="")
    await case.act(e.ReportCorrected, report="I1", reported_to="police")
    await case.act(e.AgencyCorrected, agency="police", email=sower.address("new agency"), phone="", address_lines=())
    await case.act(e.BodyAdded, email=sower.address("added body"))
    await case.act(e.ConsentAsked)
    further = FurtherPerson.model_validate(sower.sow(FurtherPerson, email=sower.address("FurtherPerson.email")))
    id = await add_person(life.desk.office.database, life.reference, further, Party.FURTHER, now=clock.now())
    await case.act(e.PersonJoined, person=id)
    await case.act(e.PersonLeft, person=id)


async def review(case: Sown) -> None:
    life, sower = case.life, case.sower
    await case.act(e.ChronologySent, answer_by=await life.working_days(2))
    await case.act(e.ChronologyCorrected, Role.APPLICANT)
    on = await life.working_days(3)
    chair = seat(sower, email=sower.address("chair"), independent=True)
    members = [seat(sower, email=sower.address("member")), seat(sower, email="")]
    await case.act(e.PanelArranged, on=on, chair=chair, members=members)
    lost = next(
        event.what
        for event in (await life.settled()).events
        if isinstance(event.what, e.LetterPosted) and event.what.state is e.LetterState.REFUSED
    )
    await case.act(e.LetterSettled, key=lost.key, arrived=True)
    await case.act(e.AttendanceChosen, Role.APPLICANT)
    await case.act(e.PapersSent)
    later = await life.working_days(4)
    in_the_chair = Actor(role=Role.CHAIR, name=chair["name"])
    await case.act(e.PanelAdjourned, in_the_chair, until=later)
    await life.on(later)
    asks = [sower.sow(e.Recommendation, to=to) for to in ("police", "council")]
    there = [chair["name"], *(member["name"] for member in members)]
    await case.act(e.PanelHeld, in_the_chair, on=later, present=there, recommendations=asks)
    await case.act(e.PlanCommented, Role.APPLICANT)
    await case.act(e.OutcomeDecided)
    await case.act(e.ReceiptConfirmed, Role.APPLICANT, on=later)
    await case.act(e.RecommendationAnswered, recommendation="R1", response=e.Response.ACCEPTED)
    await case.act(e.RecommendationAnswered, recommendation="R2", response=e.Response.DECLINED)
    await case.act(e.ExplanationAsked, about="R2", answer_by=await life.working_days(5))
    await case.act(e.ExplanationGiven, about="R2")


async def afterwards(case: Sown) -> None:
    life = case.life
    first = next(event.what for event in (await life.settled()).events if isinstance(event.what, e.LetterPosted))
    await case.act(e.LetterUndelivered, key=first.key, how=e.Failure.BOUNCED)
    details = Person.model_validate(case.sower.sow(Person, email=case.sower.address("corrected Person.email")))
    database, now = life.desk.office.database, clock.now()
    id = await add_person(database, life.reference, details, Party.APPLICANT, now=now)
    changed = ["email", "phone", "address"]
    await case.act(e.ContactCorrected, person=f"{life.reference}-P1", details=id, changed=changed)
    await case.act(e.LinkRenewed, purpose=LinkPurpose.PROGRESS, holder=f"{life.reference}-P1")
    await case.try_in_vain(e.LetterDispatched, key=first.key, on=await life.today())
    await case.try_in_vain(e.CaseEnded, cause=e.Cause.DUPLICATE)
    await case.try_in_vain(e.CasesLinked)
    await case.act(e.AppealRefused, subject=Subject.HANDLING)
    await case.act(e.AppealLodged, Role.APPLICANT, subject=Subject.HANDLING, consent_to_transfer=True, lodged_by="")
    if "send-bundle" in (await life.settled()).possible:
        with suppress(NotDone):
            await case.act(e.BundleSent)
    await case.act(e.HearingArranged, Role.APPEAL_BODY, on=await life.working_days(1))
    await case.act(e.HearingAdjourned, Role.APPEAL_BODY, until=await life.working_days(2))
    await life.after(2)
    await case.act(e.AppealHeard, Role.APPEAL_BODY, on=await life.today())
    await case.act(e.AppealDecided, Role.APPEAL_BODY, decision=Decision.DISMISSED)
    await case.act(e.ActionDone, recommendation="R1", on=await life.today())
    opens = (await life.deadline("follow_up")).opens
    assert opens is not None
    await life.on(opens)
    await case.act(e.FollowUpHeld, on=opens, behaviour_stopped=True)
    await case.act(e.ClosureObjected, Role.APPLICANT)
    await case.act(e.ClosureNotified)
    await case.act(e.Withdrawn, Role.APPLICANT)


async def stored(server: LocalServer, desk: Desk, reference: str) -> dict[str, bytes]:
    """All that Temporal holds of a case, as it holds it: no codec, no converter."""
    client = desk.office.client
    handle = client.get_workflow_handle(reference)
    history = [event.SerializeToString() async for event in handle.fetch_history_events()]
    described = (await handle.describe()).raw_description.SerializeToString()
    request = ListWorkflowExecutionsRequest(namespace=client.namespace, page_size=100)
    listed = (await client.workflow_service.list_workflow_executions(request)).SerializeToString()
    settings = desk.office.settings
    files = [settings.temporal_db, *settings.home.glob("temporal.db-*"), settings.temporal_log]
    assert {"temporal.db", "temporal.db-wal", "temporal.db-shm"} <= {file.name for file in files}
    return {
        "history": b"".join(history),
        "description": described,
        "list": listed,
        **{file.name: file.read_bytes() for file in files if file.exists()},
    }


REFUSED = {"defer-threshold", "insist", "unlink-case", "restore-case"}
"""Acts that this life has no room for: their words are refused, and stay nowhere."""


async def test_no_word_anybody_wrote_is_readable_in_what_temporal_stores(own: tuple[Desk, LocalServer]) -> None:
    desk, server = own
    sower = Sower()
    case, end = await whole_life(desk, sower)
    assert end.stage == "withdrawn"
    assert set(acts()) - case.done - {"send-bundle"} == REFUSED
    assert case.refused > REFUSED

    kept = end.model_dump_json()
    carried = {token for token in sower.sown if token in kept}
    assert {sower.sown[token] for token in carried} >= {"officer name", "WrittenIncident.what", "PanelHeld.findings"}
    assert len(carried) > 80

    things = await stored(server, desk, case.life.reference)
    for name in ("history", "description", "list", "temporal.db"):
        assert b"CaseReview" in things[name] or b"CaseReview" in things["temporal.db-wal"], name
    readable = {
        (name, sower.sown[token])
        for name, content in things.items()
        for token in sower.sown
        if token.encode() in content
    }
    assert readable == set()
    assert not [name for name, content in things.items() if b"HESTERLOW" in content or b"hesterlow" in content]
    await ids_tell_nothing(desk, case.life.reference)
    await links_are_in_letters_alone(desk, case.life.reference, [*things.values(), kept.encode()])


async def links_are_in_letters_alone(desk: Desk, reference: str, things: list[bytes]) -> None:
    """What makes a link work is in the letters that were sent, and in nothing Temporal keeps."""
    signer = Signer(desk.office.settings.key_ring())
    known = await links.of_case(desk.office.database, reference)
    signatures = {signer.token(one)[-14:]: one for one in known}
    sent = " ".join(mail.text for mail in desk.inbox.letters.mails())
    assert {one.purpose for signature, one in signatures.items() if signature in sent} == set(links.LinkPurpose)
    unsent = [one for signature, one in signatures.items() if signature not in sent]
    assert {one.holder for one in unsent} <= {"police"}, "a new one of a corrected address goes with the next letter"
    assert not [signature for signature in signatures for content in things if signature.encode() in content]

    letters = " ".join(mail.text for mail in desk.inbox.letters.mails())
    assert len(set(re.findall(r"HESTERLOW\d{3}Q", letters))) > 20, "the same words reach the people they are meant for"


async def ids_tell_nothing(desk: Desk, reference: str) -> None:
    """The workflow's id is the case's number, each Update's a random one; activities and timers are numbered."""
    assert re.fullmatch(r"[A-Z]{3}-\d{4}-\d{4}", reference)
    updates = 0
    async for event in desk.office.client.get_workflow_handle(reference).fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            updates += 1
            attributes = event.workflow_execution_update_accepted_event_attributes
            assert OPAQUE.fullmatch(attributes.accepted_request.meta.update_id)
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            assert event.activity_task_scheduled_event_attributes.activity_id.isdigit()
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            assert event.timer_started_event_attributes.timer_id.isdigit()
    assert updates > 25
