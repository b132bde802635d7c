"""An application sent by another system: taken once, by its own key, for its own council."""

import asyncio
import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx2 as httpx
import pytest
from sqlmodel import col, func, select
from temporalio.client import Client

from console.app import application as console
from console.web.throttle import PER_SOURCE, WRONG_KEYS, Throttle
from register import queries, reads, sending_systems, tables
from register.database import Database
from tests.console.office import OWN
from tests.console.sender import PATH, Sender, Senders, application, pointers
from tests.support import clock

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]


async def kept(senders: Senders) -> int:
    """How many cases the register holds."""
    async with senders.house.office.database.session() as session:
        return (await session.exec(select(func.count(col(tables.Case.reference))))).one()


async def test_an_application_becomes_a_case_and_is_answered_with_its_promises(senders: Senders) -> None:
    sent = await senders.dover.send(application(consent_to_share=False))
    assert sent.status_code == 201, sent.text
    told = sent.json()
    today = clock.today()
    assert told["received"] == today.isoformat()
    assert [one["title"] for one in told["promised"]] == ["Outcome letter to the applicant"]
    assert told["promised"][0]["due"] > today.isoformat()
    assert told["missing"] == ["consent to share your details with the agencies who must take part"]
    assert sent.headers["location"] == f"{PATH}/{told['reference']}"
    stored = await queries.case(senders.house.office.database, told["reference"])
    assert stored is not None
    assert stored.row.council == "dover"
    assert stored.row.started
    assert [person.details.name for person in stored.persons] == ["Asha Verma"]
    asked = (await senders.dover.ask(told["reference"])).json()
    assert (asked["reference"], asked["received"], asked["over"]) == (told["reference"], told["received"], False)
    assert "Asha" not in str(asked)


async def test_the_same_key_with_the_same_application_is_one_case_and_one_answer(senders: Senders) -> None:
    first = await senders.dover.send(application(), key="one")
    shuffled = dict(reversed(application().items()))
    again = await senders.dover.send(shuffled, key='"one"')
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


async def test_the_same_key_with_another_application_is_refused_and_the_first_one_stays(senders: Senders) -> None:
    first = await senders.dover.send(application(), key="two")
    before = await kept(senders)
    other = await senders.dover.send(application(impact="Another matter."), key="two")
    assert (other.status_code, other.json()["type"]) == (422, "/api#key-used")
    assert first.json()["reference"] not in other.text
    assert await kept(senders) == before
    elsewhere = await senders.medway.send(application(), key="two")
    assert elsewhere.json()["reference"].startswith("MED-")


async def test_eight_at_once_with_one_key_are_one_case(senders: Senders) -> None:
    before = await kept(senders)
    answers = await asyncio.gather(*(senders.dover.send(application(), key="race") for _ in range(8)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert await kept(senders) == before + 1


async def test_of_two_applications_racing_for_one_key_one_is_kept_and_the_other_is_told(senders: Senders) -> None:
    bodies = [application(impact=f"Number {number % 2}.") for number in range(6)]
    answers = await asyncio.gather(*(senders.dover.send(body, key="two-race") for body in bodies))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(422) == 3
    assert len({answer.json()["reference"] for answer in answers if answer.is_success}) == 1


@pytest.mark.parametrize("given", [None, "Bearer", "Bearer wrong", "Basic b2ZmaWNlcjpw", "Bearer " + "x" * 5000])
async def test_without_a_known_key_nothing_is_read(senders: Senders, given: str | None) -> None:
    before = await kept(senders)
    sent = await senders.dover.send(application(), Authorization=given)
    assert sent.status_code == 401
    assert sent.headers["www-authenticate"].startswith("Bearer")
    assert sent.json()["type"] == "/api#not-known"
    assert await kept(senders) == before


async def test_a_sign_in_s_cookie_opens_nothing_here(senders: Senders) -> None:
    visitor = await senders.house.visitor("manager")
    for headers in (OWN, {"Sec-Fetch-Site": "cross-site"}):
        sent = await visitor.client.post(PATH, json=application(), headers={"Idempotency-Key": "x", **headers})
        assert sent.status_code == 401
    assert (await visitor.client.get(f"{PATH}/{senders.house.reference}")).status_code == 401


async def test_a_revoked_key_is_refused_at_once_and_when_it_was_last_used_is_kept(senders: Senders) -> None:
    database, name = senders.house.office.database, senders.dover.source.name
    assert (await senders.dover.send(application())).status_code == 201
    [mine] = [one for one in await sending_systems.listed(database) if one.name == name]
    assert mine.used_at is not None
    assert clock.now() - mine.used_at < timedelta(minutes=1)
    await sending_systems.revoke(database, name, clock.now())
    assert (await senders.dover.send(application())).status_code == 401


async def test_a_source_sends_and_sees_only_its_own(senders: Senders) -> None:
    mine = (await senders.dover.send(application())).json()["reference"]
    assert (await senders.dover.ask(mine)).status_code == 200
    for reference in (mine, senders.house.reference, "DOV-2026-9999", "%00", "x" * 500):
        assert (await senders.medway.ask(reference)).status_code == 404
    assert (await senders.dover.ask(senders.house.reference)).status_code == 404
    before = await kept(senders)
    meant = await senders.medway.send(application(), path=f"{PATH}?council=dover")
    assert (meant.status_code, meant.json()["type"]) == (403, "/api#another-council")
    assert await kept(senders) == before
    assert (await senders.dover.send(application(), path=f"{PATH}?council=dover")).status_code == 201


async def test_a_source_s_look_at_a_case_is_recorded_with_the_others(senders: Senders) -> None:
    mine = (await senders.dover.send(application())).json()["reference"]
    await senders.dover.ask(mine)
    looked = await reads.of_case(senders.house.office.database, mine)
    name = senders.dover.source.name
    assert [(one.name, one.role, one.what) for one in looked] == [(name, "source", "where it stands")]
    manager = await senders.house.visitor("manager")
    assert name in (await manager.get(f"/cases/{mine}/readers")).text


async def test_more_than_sixty_a_minute_wait(senders: Senders) -> None:
    app = console(senders.house.office, throttle=Throttle(clock=lambda: 0.0))
    medway, dover = (Sender.of(app, one.source, one.key) for one in (senders.medway, senders.dover))
    answers = [await medway.ask("DOV-2026-9999") for _ in range(PER_SOURCE.burst + 1)]
    assert [answer.status_code for answer in answers] == [404] * PER_SOURCE.burst + [429]
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert answers[-1].headers["retry-after"] == "1"
    assert (await dover.ask("DOV-2026-9999")).status_code == 404


async def test_wrong_keys_at_once_are_counted_and_a_key_that_was_right_is_not_held_up(senders: Senders) -> None:
    app = console(senders.house.office, throttle=Throttle(clock=lambda: 0.0))
    dover, guesser = (Sender.of(app, senders.dover.source, key) for key in (senders.dover.key, "guessed"))
    assert (await dover.ask("DOV-2026-9999")).status_code == 404
    answers = await asyncio.gather(*(guesser.ask("DOV-2026-9999") for _ in range(120)))
    counts = Counter(answer.status_code for answer in answers)
    assert counts == {401: WRONG_KEYS.burst, 429: 120 - WRONG_KEYS.burst}
    assert (await dover.ask("DOV-2026-9999")).status_code == 404


async def test_with_temporal_down_it_is_taken_in_and_begun_later(senders: Senders) -> None:
    office = senders.house.office
    nobody = await Client.connect("127.0.0.1:9", lazy=True)
    app = console(replace(office, client=nobody))
    await app.state.pulse.now()
    sent = await Sender.of(app, senders.dover.source, senders.dover.key).send(application(), key="down")
    assert sent.status_code == 202
    reference = sent.json()["reference"]
    row = await queries.case_row(office.database, reference)
    assert row is not None
    assert not row.started
    again = await senders.dover.send(application(), key="down")
    assert (again.status_code, again.json()) == (200, sent.json())
    assert (await queries.case_row(office.database, reference)).started  # type: ignore[union-attr]


async def test_with_the_register_down_it_says_to_send_it_again(senders: Senders, tmp_path: Path) -> None:
    (tmp_path / "register.db").write_bytes(b"not a register" * 100)
    async with Database(f"sqlite:///{tmp_path}/register.db") as database:
        app = console(replace(senders.house.office, database=database))
        sent = await Sender.of(app, senders.dover.source, senders.dover.key).send(application())
    assert (sent.status_code, sent.json()["type"]) == (503, "/api#unavailable")


async def test_a_clock_that_is_fast_costs_nobody_their_application(senders: Senders) -> None:
    for minutes in (2, 20, 59):
        fast = (clock.now() + timedelta(minutes=minutes)).isoformat()
        assert (await senders.dover.send(application(made_at=fast))).status_code == 201
    faster = application(made_at=(clock.now() + timedelta(minutes=80)).isoformat())
    sent = await senders.dover.send(faster, key="fast")
    assert (sent.status_code, sent.json()["type"]) == (503, "/api#clock-ahead")
    assert 15 * 60 < int(sent.headers["retry-after"]) <= 20 * 60 + 1
    never = (clock.now() + timedelta(days=2)).isoformat()
    assert "has not come yet" in pointers(await senders.dover.send(application(made_at=never)))["#/made_at"]


async def test_nothing_of_what_was_sent_is_logged(senders: Senders, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    planted = "Hesterlow9Q7Z"
    body = application(impact=planted, applicant={"name": planted, "email": f"{planted}@example.org"})
    assert (await senders.dover.send(body, key="logged")).status_code == 201
    await senders.dover.send({**body, "wanted": planted}, key="logged")
    await senders.dover.send({**body, planted: planted, "same_problem": planted})
    await senders.dover.send(f'{{"{planted}": '.encode())
    await senders.dover.send(body, Authorization=f"Bearer {planted}")
    ours = [record for record in caplog.records if record.name != "mail.log"]
    told = "".join(record.getMessage() for record in ours)
    assert "POST" in told
    assert planted not in told
    assert senders.dover.key not in told


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl: apt install curl")
async def test_the_page_s_example_works_when_it_is_pasted(senders: Senders) -> None:
    page = (await httpx.AsyncClient().get(f"{senders.house.address}/api")).text
    found = re.search(r'id="curl">(.*?)</pre>', page, re.DOTALL)
    assert found
    shell = await asyncio.create_subprocess_exec(
        "sh", "-c", unescape(found[1]), stdout=asyncio.subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", "CASEREVIEW_KEY": senders.dover.key},
    )  # fmt: skip
    out, _ = await shell.communicate()
    assert shell.returncode == 0, out
    assert b'"reference":"DOV-' in out
