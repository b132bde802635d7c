import json
from collections.abc import MutableMapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from starlette.requests import Request

from console.api import reading
from console.web.problems import Problem
from domain.application import ApplicationForm
from domain.calendar import LONDON

LATE = datetime(2026, 11, 30, 23, 50, tzinfo=LONDON)  # Mon
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)


async def read(now: datetime, **fields: Any) -> ApplicationForm:
    """What an application is read as at that instant."""
    incident = {"occurred": "2026-11-28", "reported": "2026-12-01", "reported_to": "police", "what": "shouting"}
    content = {"applicant": {"name": "Asha"}, "consent_to_share": True, "incidents": [incident], **fields}

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": json.dumps(content).encode(), "more_body": False}

    headers = [(b"content-type", b"application/json")]
    form, _ = await reading.application(Request({"type": "http", "headers": headers}, receive), now)
    return form


@pytest.mark.parametrize("made_at", [None, "2026-12-01T00:10", "2026-12-01T00:10:00Z"])
async def test_a_day_that_a_fast_clock_has_begun_already_is_today(made_at: str | None) -> None:
    form = await read(LATE, **({"made_at": made_at} if made_at else {}))
    assert form.incidents[0].reported == MONDAY
    assert form.made_at == (LATE if made_at else None)


async def test_a_day_further_ahead_and_one_after_an_earlier_application_stay_as_they_are() -> None:
    assert (await read(LATE - timedelta(hours=2))).incidents[0].reported == TUESDAY
    assert (await read(LATE, made_at="2026-11-29T10:00")).incidents[0].reported == TUESDAY


async def test_it_can_be_sent_again_when_the_hour_has_come() -> None:
    with pytest.raises(Problem) as ahead:
        await read(LATE, made_at="2026-12-01T01:05")
    assert (ahead.value.slug, ahead.value.headers["Retry-After"]) == ("clock-ahead", "901")
    assert (await read(LATE + timedelta(minutes=16), made_at="2026-12-01T01:05")).made_at == LATE + timedelta(
        minutes=16
    )
