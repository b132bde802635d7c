"""Who may get what of the pages for people who came by a link: every route, with no link, one's own, another's."""

import pytest

from console.app import application
from console.web.link_homes import HOMES, is_public
from register.links import LinkPurpose
from tests.console.office import House, Visitor
from tests.console.test_access import routes

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

PROGRESS = "/progress/{link}"
TABLE: dict[str, dict[str, int]] = {
    PROGRESS: {},
    PROGRESS + "/letters/1": {},
    PROGRESS + "/letters/1/page": {},
    PROGRESS + "/letters/1/paper": {"own": 404},
    PROGRESS + "/documents": {},
    PROGRESS + "/documents/" + "f" * 32: {"own": 404},
    PROGRESS + "/do/add-incident": {"own": 303},
    PROGRESS + "/do/add-incident/what": {},
    PROGRESS + "/do/add-incident/check": {"own": 303},
    PROGRESS + "/do/no-such-act": {"own": 404},
}
"""The pages of one link, each with what its own holder gets where that is not 200."""
OPEN = {"/l", "/l/{token}", "/leave", "/exit", "/survey/{token}"}
NOBODY = 401
"""For whoever has not opened the link: the page that asks for it."""


def id_of(path: str) -> str:
    return path.rpartition("/")[2].replace("-", "")[:8]


async def test_a_page_is_for_the_browser_that_opened_its_link_and_for_no_other(house: House) -> None:
    own, other = await house.link(), await house.link(case=house.other)
    officer = await house.visitor("officer")
    guests = {
        "own": await house.guest(own),
        "other": await house.guest(other),
        "staff": officer,
        "": Visitor(house.address),
    }
    wrong = {}
    for path, statuses in TABLE.items():
        address = path.format(link=id_of(own))
        for who, guest in guests.items():
            wanted = statuses.get(who, 200) if who == "own" else NOBODY
            found = await guest.get(address)
            if found.status_code != wanted:
                wrong[path, who] = found.status_code
            if found.status_code != 200:
                assert house.reference not in found.text
                assert "Asha Example" not in found.text
    assert wrong == {}


async def test_a_link_for_one_thing_opens_no_page_of_another(house: House) -> None:
    enquiry = await house.link(LinkPurpose.ENQUIRY, "police", "verification:police")
    guest = Visitor(house.address)
    await guest.get(enquiry)
    for path in TABLE:
        assert (await guest.get(path.format(link=id_of(enquiry)))).status_code == 404


async def test_the_table_has_every_page_of_the_public_there_is(house: House) -> None:
    known = {path.replace("letters/1", "letters/{number}") for path in TABLE}
    known = {path.replace("add-incident", "{task}").replace("/what", "/{step}") for path in known}
    known = {path.replace("f" * 32, "{id}") for path in known}
    found = {path for path, _ in routes(application(house.office)) if is_public(path)} - OPEN
    own = {path for path in found if path.startswith("/progress")}
    assert own - known == set()
    assert all(any(path.startswith(f"{home}/{{link}}") for home in HOMES.values()) for path in found)


async def test_nothing_is_sent_without_the_link_and_nothing_from_another_site(house: House) -> None:
    path = await house.link()
    send = f"/progress/{id_of(path)}/do/ask-for-call"
    typed = {"phone": "1", "when": "now", "_press": "confirm", "_form": "x"}
    assert (await Visitor(house.address).post(send, **typed)).status_code == NOBODY
    guest = await house.guest(path)
    guest.client.headers["Sec-Fetch-Site"] = "cross-site"
    assert (await guest.post(send, **typed)).status_code == 403
    kinds = [event.kind for event in (await house.office.situation(house.reference)).events]
    assert "call.requested" not in kinds
