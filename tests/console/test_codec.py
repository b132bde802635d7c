"""The Temporal UI on a server: staff signed in to the console read a case there, and act on it as themselves."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2 as httpx
import pytest
from google.protobuf.json_format import MessageToDict, MessageToJson, Parse
from temporalio.api.common.v1 import Payload, Payloads, WorkflowExecution
from temporalio.api.workflowservice.v1 import SignalWorkflowExecutionRequest

from connection.codec import Seal, bound_to
from console.app import application
from domain.events import Actor, Role
from register import reads
from tests.console.office import NAMES, OWN, House, Visitor, email
from tests.support import clock
from tests.workflows.life import Life

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

UI = "http://localhost:8233"
HEADERS = {"Origin": UI, "Sec-Fetch-Site": "same-site", "Content-Type": "application/json", "X-Namespace": "default"}
RECENT = (clock.today() - timedelta(days=10)).isoformat()
ROLES = ("officer", "approver", "manager", "operations", "auditor", "partnership", "stranger")


async def asked(visitor: Visitor, door: str, payload: Payload, **headers: str) -> tuple[int, str]:
    whole = MessageToDict(Payloads(payloads=[payload]))
    answer = await visitor.client.post(f"/codec/{door}", json=whole, headers=HEADERS | headers)
    return answer.status_code, answer.text


def sealed(house: House) -> Payload:
    seal = Seal(house.office.settings.key_ring())
    return seal.close(Payload(data=b"Asha Example"), bound_to("default", house.reference))


def written(house: House, **changes: Any) -> Payload:
    """A further incident as an officer writes it down."""
    incident = {"occurred": RECENT, "reported": RECENT, "reported_to": "police", "what": "Again."}
    whole = {"case": house.reference, "act": "add-incident", "what": {"incident": incident}, **changes}
    return Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(whole).encode())


@pytest.mark.parametrize("who", ["", *ROLES])
async def test_each_door_opens_to_whoever_may_do_so_in_the_console(house: House, who: str) -> None:
    visitor = await house.visitor(who)
    wanted = {"": (401, 401), "auditor": (200, 403), "partnership": (403, 403), "stranger": (404, 404)}
    reads_, writes = wanted.get(who, (200, 200))
    status, text = await asked(visitor, "decode", sealed(house))
    assert (status, "QXNoYSBFeGFtcGxl" in text) == (reads_, reads_ == 200)
    assert (await asked(visitor, "encode", written(house)))[0] == writes


async def test_who_owes_a_second_factor_neither_reads_nor_seals_there(house: House) -> None:
    settings = house.office.settings.model_copy(update={"second_factor": "required"})
    visitor = Visitor("http://localhost")
    transport = httpx.ASGITransport(application(replace(house.office, settings=settings), UI))
    visitor.client = httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=OWN)
    await visitor.sign_in(email("officer"))
    for door, payload in (("decode", sealed(house)), ("encode", written(house))):
        assert await asked(visitor, door, payload) == (403, "Set up your second factor in the console first.\n")


async def test_what_is_read_there_is_kept_as_a_look_at_the_case(house: House) -> None:
    visitor = await house.visitor("officer")
    await asked(visitor, "decode", sealed(house))
    [last, *_] = await reads.of_case(house.office.database, house.reference)
    assert (last.name, last.what) == (NAMES["officer"], "its history in the Temporal UI")


async def test_what_an_officer_seals_there_is_done_by_the_case_as_theirs(house: House) -> None:
    life = await Life.begin(house.desk)
    visitor = await house.visitor("officer")
    status, text = await asked(visitor, "encode", written(house, case=life.reference))
    assert status == 200
    await house.office.client.workflow_service.signal_workflow_execution(
        SignalWorkflowExecutionRequest(
            namespace="default", workflow_execution=WorkflowExecution(workflow_id=life.reference),
            signal_name="add-incident", input=Parse(text, Payloads()),
        )
    )  # fmt: skip
    await life.until(lambda now: any(event.kind == "incident.added" for event in now.events))
    assert (await life.event("incident.added")).by == Actor(role=Role.OFFICER, name=NAMES["officer"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"by": {"role": "chair", "name": "Pat Chair"}}, "You act here as Maya Ellis (officer)"),
        (
            {"act": "extend", "what": {"step": "response", "working_days": 3, "reason": "Leave.", "approved_by": "Me"}},
            "A second person must agree",
        ),
        (
            {"act": "decide-threshold", "what": {"met": False, "decided_by": "Maya", "approved_by": "Robin"}},
            "A second person must agree",
        ),
    ],
)
async def test_nobody_seals_what_is_not_theirs_to_do_alone(house: House, changes: dict[str, Any], words: str) -> None:
    status, text = await asked(await house.visitor("officer"), "encode", written(house, **changes))
    assert status == 403
    assert words in text


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": ""}])
async def test_a_page_of_any_other_origin_gets_nothing(house: House, headers: dict[str, str]) -> None:
    visitor = await house.visitor("officer")
    for door, payload in (("decode", sealed(house)), ("encode", written(house))):
        status, text = await asked(visitor, door, payload, **headers, **{"Sec-Fetch-Site": "cross-site"})
        assert status == 403
        assert "QXNoYSBFeGFtcGxl" not in text
        before = {"Access-Control-Request-Method": "POST", **headers}
        preflight = await visitor.client.options(f"/codec/{door}", headers=before)
        assert "access-control-allow-origin" not in preflight.headers


async def test_the_temporal_uis_pages_are_told_that_they_may_bring_the_cookie(house: House) -> None:
    visitor = await house.visitor("officer")
    before = {"Origin": UI, "Access-Control-Request-Method": "POST"}
    preflight = await visitor.client.options("/codec/decode", headers=before)
    content = MessageToJson(Payloads(payloads=[sealed(house)]))
    for answer in (preflight, await visitor.client.post("/codec/decode", content=content, headers=HEADERS)):
        assert answer.is_success
        assert answer.headers["access-control-allow-origin"] == UI
        assert answer.headers["access-control-allow-credentials"] == "true"
