"""Who may get what: every route and every role, another council's case, forms sent from elsewhere."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from console.app import application
from console.web.link_homes import is_public
from register import drafts, users
from register.drafts import Begun
from tests.console.office import House, Visitor
from tests.support import clock

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

ROLES = ("nobody", "officer", "approver", "manager", "operations", "auditor", "partnership", "stranger")
CASE = "/cases/{reference}"
TABLE: dict[str, dict[str, int]] = {
    "/cases": {"partnership": 403},
    CASE: {"partnership": 403, "stranger": 404},
    CASE + "/letters/1": {"partnership": 403, "stranger": 404},
    CASE + "/letters/1/page": {"partnership": 403, "stranger": 404},
    CASE + "/letters/1/paper": dict.fromkeys(ROLES, 404) | {"partnership": 403, "auditor": 403},
    CASE + "/letters/999": dict.fromkeys(ROLES, 404) | {"partnership": 403},
    CASE + "/readers": dict.fromkeys(ROLES, 403) | {"manager": 200, "auditor": 200},
    CASE + "/disclosures": {"partnership": 403, "stranger": 404},
    CASE + "/disclosures.json": {"partnership": 403, "stranger": 404},
    CASE + "/disclosures.csv": {"partnership": 403, "stranger": 404},
    CASE + "/temporal": dict.fromkeys(ROLES, 303) | {"partnership": 403, "stranger": 404},
    CASE + "/documents": {"partnership": 403, "auditor": 403, "stranger": 404},
    CASE + "/documents/{id}": dict.fromkeys(ROLES, 404) | {"partnership": 403},
    CASE + "/acts/add-note": {"partnership": 403, "auditor": 403, "stranger": 404},
    CASE + "/acts/add-note/check": dict.fromkeys(ROLES, 303)
    | {"partnership": 403, "auditor": 403, "stranger": 404},
    CASE + "/acts/assign-officer": {"partnership": 403, "auditor": 403, "stranger": 404},
    CASE + "/acts/withdraw": {"partnership": 403, "auditor": 403, "stranger": 404, "operations": 403},
    CASE + "/acts/no-such-act": dict.fromkeys(ROLES, 404) | {"partnership": 403, "auditor": 403},
    "/proposals": dict.fromkeys(ROLES, 403) | {"approver": 200, "manager": 200},
    "/proposals/{id}": dict.fromkeys(ROLES, 403) | {"approver": 404, "manager": 404},
    "/applications": dict.fromkeys(("operations", "auditor", "partnership"), 403),
    "/applications/{id}": dict.fromkeys(ROLES, 404) | dict.fromkeys(("operations", "auditor", "partnership"), 403),
    "/applications/{id}/check": dict.fromkeys(ROLES, 404)
    | dict.fromkeys(("operations", "auditor", "partnership"), 403),
    "/operations": {"auditor": 403, "partnership": 403},
    "/management": dict.fromkeys(ROLES, 403) | dict.fromkeys(("manager", "auditor", "partnership"), 200),
    "/management/stages.csv": dict.fromkeys(ROLES, 403) | dict.fromkeys(("manager", "auditor", "partnership"), 200),
    "/management/due?kind=panel&first=2026-01-01&last=2026-12-31": {"partnership": 403},
    "/account": {},
    "/account/second-factor": {},
    "/accounts": dict.fromkeys(ROLES, 403) | {"manager": 200},
    "/accounts/new": dict.fromkeys(ROLES, 403) | {"manager": 200},
    "/accounts/record": dict.fromkeys(ROLES, 403) | {"manager": 200},
    "/accounts/{id}": dict.fromkeys(ROLES, 403) | {"manager": 404},
    "/accounts/{id}/change": dict.fromkeys(ROLES, 403) | {"manager": 404},
    "/accounts/{id}/close": dict.fromkeys(ROLES, 403) | {"manager": 404},
    "/nowhere": dict.fromkeys(ROLES, 404),
}  # fmt: skip
PUBLISHED = {"/procedure", "/procedure/{council}", "/figures", "/figures/{council}", "/figures/{council}.csv"}
OPEN = {"/", "/health", "/sign-in", "/static/{name}", "/brand/{name}", "/api", "/api/openapi.json"} | PUBLISHED
OPEN |= {"/sign-in/elsewhere", "/sign-in/back", "/sign-in/code", "/invited/{secret}"}
ENTRIES = {"/sign-in", "/sign-in/code", "/invited/{secret}"}
"""Where somebody who is not signed in sends what lets them in."""
BY_KEY = {"/api/applications", "/api/applications/{reference}"}
PUBLIC: dict[str, int] = {
    "/apply": 200, "/apply/leave": 303, "/apply/{council}": 200, "/apply/{council}/return": 200,
    **{f"/apply/{{council}}/{one}": 303 for one in ("documents", "who", "reports", "reports/{number}", "check", "save",
                                                    "declaration", "sent")},
}  # fmt: skip
"""What anybody may open, signed in or not; 303 leads somebody who began nothing to the start."""


def staff(path: str) -> bool:
    """Not of the pages for people who came by a link: those have their table in test_link_access.py."""
    return not is_public(path)


def routes(router: FastAPI | APIRouter) -> Iterator[tuple[str, str]]:
    """Every path and method there is, those of included routers too."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            for method in route.methods:
                yield route.path, method
        else:
            yield from routes(route.original_router)  # type: ignore[attr-defined]


@pytest.fixture
def paths(house: House) -> list[tuple[str, str]]:
    found = sorted(one for one in set(routes(application(house.office))) if staff(one[0]))
    assert len(found) >= 26
    assert ("/cases/{reference}/acts/{act}", "POST") in found
    return found


@pytest.mark.parametrize("who", ROLES)
async def test_each_role_gets_the_routes_of_its_part_and_no_other(house: House, who: str) -> None:
    visitor = await house.visitor("" if who == "nobody" else who)
    wrong = {}
    for path, statuses in TABLE.items():
        wanted = statuses.get(who, 200)
        if who == "nobody" and path != "/nowhere":
            wanted = 303
        found = await visitor.get(path.format(reference=house.reference, id="f" * 32))
        if found.status_code != wanted:
            wrong[path] = found.status_code
        if found.status_code != 200:
            assert "Asha Example" not in found.text
    assert wrong == {}


async def test_the_table_has_every_page_there_is(paths: list[tuple[str, str]]) -> None:
    public = {path.replace("/who", "/{slug}") for path in PUBLIC}
    known = {path.partition("?")[0].replace("stages", "{name}") for path in TABLE}
    known = {path.replace("1", "{number}").replace("999", "{number}").replace("add-note", "{act}") for path in known}
    known = {path.replace("/close", "/{deed}") for path in known}
    pages = {path for path, method in paths if method == "GET"} - OPEN - BY_KEY
    assert pages - known == public


@pytest.mark.parametrize("who", ["", "officer", "stranger"])
async def test_the_public_pages_are_the_same_for_everybody(house: House, who: str) -> None:
    visitor = await house.visitor(who)
    for path, status in PUBLIC.items():
        found = await visitor.get(path.format(council="dover", number=0))
        assert (path, found.status_code) == (path, status)
        assert "Signed in as" not in found.text


@pytest.mark.parametrize("who", ROLES)
async def test_no_sign_in_opens_the_way_of_other_systems(house: House, who: str) -> None:
    visitor = await house.visitor("" if who == "nobody" else who)
    for path in BY_KEY:
        for method in ("GET", "POST"):
            found = await visitor.client.request(method, path.format(reference=house.reference))
            assert found.status_code in (401, 405, 429)


async def test_nobody_changes_anything_without_signing_in(house: House, paths: list[tuple[str, str]]) -> None:
    visitor = Visitor(house.address)
    for path, method in paths:
        if method == "POST" and path not in BY_KEY | ENTRIES and not path.startswith("/apply"):
            found = await visitor.post(
                path.format(reference=house.reference, act="add-note", id="x", link="x", deed="close")
            )
            assert (path, found.status_code) == (path, 401)
            assert "Sign in" in visitor.page.text
            assert house.reference not in visitor.page.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": ""}, 403),
    ],
)
async def test_a_form_sent_from_another_site_does_nothing(
    house: House, paths: list[tuple[str, str]], headers: dict[str, str], status: int
) -> None:
    visitor = await house.visitor("manager")
    visitor.client.headers.pop("Sec-Fetch-Site")
    given = {name: value for name, value in headers.items() if value}
    for path, method in paths:
        if method == "POST" and path not in BY_KEY:
            address = path.format(
                reference=house.reference,
                act="add-note",
                id="x",
                link="x",
                council="dover",
                number=0,
                slug="who",
                deed="close",
                secret="x",
            )
            found = await visitor.client.post(address, data={"text": "planted", "_press": "confirm"}, headers=given)
            assert (path, found.status_code) == (path, status)
    kept = await visitor.client.get(f"/cases/{house.reference}", headers={"Sec-Fetch-Site": "none"})
    assert kept.status_code == 200
    assert "planted" not in kept.text


async def test_an_old_browser_that_names_its_own_origin_is_let_in(house: House) -> None:
    visitor = await house.visitor("officer")
    visitor.client.headers.pop("Sec-Fetch-Site")
    found = await visitor.client.post("/cases/search", data={"words": ""}, headers={"Origin": house.address})
    assert found.status_code == 303


async def test_every_answer_carries_the_headers(house: House) -> None:
    visitor = await house.visitor("officer")
    for path in ("/cases", f"/cases/{house.reference}", "/nowhere", "/health", "/sign-in"):
        found = await visitor.get(path)
        policy = found.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert found.headers["x-content-type-options"] == "nosniff"
        assert found.headers["referrer-policy"] == "same-origin"
        assert found.headers["cache-control"] == "no-store"
        assert "<script" not in found.text
        assert " style=" not in found.text


async def test_a_letter_is_shut_into_a_sandbox_of_its_own(house: House) -> None:
    visitor = await house.visitor("officer")
    page = await visitor.get(f"/cases/{house.reference}/letters/1")
    assert "sandbox" in page.text
    letter = await visitor.get(f"/cases/{house.reference}/letters/1/page")
    assert letter.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "We have your application" in letter.text


async def test_the_console_answers_to_its_own_name_only(house: House) -> None:
    visitor = Visitor(house.address)
    found = await visitor.client.get("/sign-in", headers={"Host": "evil.example"})
    assert found.status_code == 400


async def test_more_than_two_million_bytes_are_not_taken(house: House) -> None:
    visitor = await house.visitor("officer")
    address = f"/cases/{house.reference}/acts/add-note"
    assert (await visitor.client.post(address, data={"text": "a" * 2_100_000})).status_code == 413

    async def without_length():  # type: ignore[no-untyped-def]
        for number in range(40):
            yield b"&text%d=" % number + b"a" * 100_000

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    found = await visitor.client.post(address, content=without_length(), headers=form)
    assert found.status_code == 413


async def test_what_another_council_waits_for_is_not_there_for_this_one(house: House) -> None:
    sam = next(one for one in await users.listed(house.office.database) if one.council == "medway")
    draft = await drafts.begin(
        house.office.database, Begun.PROPOSAL, sam, council="medway", reference=house.other, act="extend",
        body='{"step": "response", "working_days": 5, "reason": "x"}', now=clock.now(),
    )  # fmt: skip
    approver, manager = await house.visitor("approver"), await house.visitor("manager")
    assert (await approver.get(f"/proposals/{draft.id}")).status_code == 404
    assert house.other not in (await approver.get("/proposals")).text
    assert (await manager.get(f"/proposals/{draft.id}")).status_code == 200
    await drafts.discard(house.office.database, draft.id)
