"""schemathesis sends what the OpenAPI document allows and forbids: no 5xx, and no answer it does not have."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx2 as httpx
import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from console.app import application
from console.web.serving import bound, served
from console.web.throttle import Limit, Throttle
from tests.console.sender import PATH, Senders

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip


def hold(address: str, key: str, examples: int) -> set[int]:
    """Every operation with so many examples of each mode; the statuses that were answered."""
    document = httpx.get(f"{address}/api/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    seen: set[int] = set()
    for path, method in ((PATH, "POST"), (PATH + "/{reference}", "GET")):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(
                max_examples=examples,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=schema[path][method].as_strategy(generation_mode=mode))
            def each(case: Any) -> None:
                headers = {"Authorization": f"Bearer {key}"}
                if method == "POST" and "Idempotency-Key" in (case.headers or {}):  # noqa: B023
                    headers["Idempotency-Key"] = str(uuid.uuid4())
                answer = case.call(base_url=address, headers=headers)
                seen.add(answer.status_code)
                case.validate_response(answer, checks=CHECKS, headers=headers)

            each()
    return seen


@pytest_asyncio.fixture(loop_scope="session")
async def tireless(senders: Senders) -> AsyncIterator[str]:
    """The address of a console over the same office that takes as much from a source as it sends."""
    app = application(senders.house.office, throttle=Throttle(per_source=Limit("source", 100_000, 0.001)))
    with bound(0, "the console", "") as listening:
        async with served(app, listening, "The console"):
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"


async def test_the_api_keeps_to_its_document(senders: Senders, tireless: str) -> None:
    seen = await asyncio.to_thread(hold, tireless, senders.dover.key, 5)
    assert {404, 422} <= seen


@pytest.mark.long
@pytest.mark.thorough
@pytest.mark.timeout(600)
async def test_the_api_keeps_to_its_document_at_length(senders: Senders, tireless: str) -> None:
    seen = await asyncio.to_thread(hold, tireless, senders.dover.key, 25)
    assert {404, 422} <= seen
