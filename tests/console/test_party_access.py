"""Who may get what of the pages of agencies, chairs and appeal bodies: every page, with each kind of link and none."""

import pytest

from console.app import application
from console.web.link_homes import HOMES, is_public
from domain import events as e
from domain.policy import Subject
from register.links import LinkPurpose
from tests.console.office import House, Visitor
from tests.console.parties import addressee, agency, appeal_body, chair, home
from tests.console.test_access import routes
from tests.workflows.life import Life, panel
from tests.workflows.past import at_outcome, at_panel

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]

TABLE: dict[str, dict[str, int]] = {
    "/enquiry/{link}": {},
    "/enquiry/{link}/answer": {"own": 303},
    "/enquiry/{link}/answer/reports": {},
    "/enquiry/{link}/answer/check": {},
    "/enquiry/{link}/decision/findings": {"own": 404},
    "/recommendations/{link}": {},
    "/recommendations/{link}/R1-answer": {"own": 303},
    "/recommendations/{link}/R1-answer/response": {},
    "/recommendations/{link}/R1-answer/check": {"own": 303},
    "/recommendations/{link}/R2-answer/response": {"own": 404},
    "/recommendations/{link}/R1-done/documents": {"own": 303},
    "/recommendations/{link}/R2-done/documents": {"own": 404},
    "/recommendations/{link}/documents/none": {"own": 404},
    "/chair/{link}": {},
    "/chair/{link}/papers.pdf": {},
    "/chair/{link}/documents/none": {"own": 404},
    "/chair/{link}/decision": {"own": 303},
    "/chair/{link}/decision/findings": {"own": 303},
    "/chair/{link}/decision/check": {"own": 303},
    "/appeal/{link}": {},
    "/appeal/{link}/bundle.pdf": {},
    "/appeal/{link}/documents/none": {"own": 404},
    "/appeal/{link}/hearing": {"own": 303},
    "/appeal/{link}/hearing/day": {},
    "/appeal/{link}/hearing/check": {"own": 303},
    "/appeal/{link}/decision/nowhere": {"own": 404},
}
"""Each page, with what the holder of its link gets where that is not 200; to everybody else it is not there."""
SHUT = ("/enquiry/{link}/answer/reports", "/enquiry/{link}/answer/check")
"""Of an enquiry that was answered."""


async def everybody(house: House) -> tuple[Life, dict[str, Visitor]]:
    """A case with an enquiry, recommendations, a panel and an appeal, and somebody at each of their links."""
    life = await at_outcome(house.desk, "police", "council")
    appeal = e.AppealLodged(subject=Subject.HANDLING, grounds="The secret ground.", consent_to_transfer=True)
    await life.act(appeal)
    came = {
        "/enquiry": await agency(house, life),
        "/recommendations": await addressee(house, life),
        "/chair": await chair(house, life),
        "/appeal": await appeal_body(house, life),
        "another body": await agency(house, life, "council"),
        "another addressee": await addressee(house, life, "council"),
        "the applicant": await house.guest(await house.link(case=life.reference)),
        "another case": await agency(house, Life(house.desk, house.reference, life.calendar)),
        "staff": await house.visitor("officer"),
        "nobody": Visitor(house.address),
    }
    return life, came


async def test_each_page_is_for_the_holder_of_its_own_link_and_for_nobody_else(house: House) -> None:
    life, came = await everybody(house)
    homes = {who: home(guest) for who, guest in came.items() if guest.at}
    wrong = {}
    for path, statuses in TABLE.items():
        own = "/" + path.split("/")[1]
        for who, guest in came.items():
            wanted = statuses.get("own", 303 if path in SHUT else 200) if who == own else 401
            found = await guest.get(path.replace(f"{own}/{{link}}", homes[own]))
            if found.status_code != wanted:
                wrong[path, who] = found.status_code
            for secret in (life.reference, "Asha Example", "secret ground"):
                assert found.status_code == 200 or secret not in found.text
            if own != who and who in HOMES.values():
                under_own_id = path.replace("{link}", homes[who].rpartition("/")[2])
                assert (await guest.get(under_own_id)).status_code == 404, (who, path)
    assert wrong == {}


async def test_nothing_is_sent_without_the_link_or_from_another_site(house: House) -> None:
    life = await Life.begin(house.desk)
    police = await agency(house, life)
    own = home(police)
    for page in ("reports", "check"):
        stranger = Visitor(house.address)
        found = await stranger.post(f"{own}/answer/{page}", confirmations__0__note="kept for them", _press="confirm")
        assert found.status_code == 401
        assert "kept for them" in found.text
        cross = {"Sec-Fetch-Site": "cross-site"}
        assert (await police.client.post(f"{own}/answer/{page}", data={}, headers=cross)).status_code == 403
    assert "enquiry.answered" not in await life.kinds()


async def test_a_chair_who_was_replaced_has_no_link_any_more(house: House) -> None:
    life = await at_panel(house.desk)
    pat = await chair(house, life)
    new = e.Seat(name="Lou Other", organisation="Independent", email="lou@example.org")
    on = await life.working_days(4)
    await life.act(panel(on, chair=new, reason="Pat is ill."))
    found = await pat.get(home(pat))
    assert found.status_code == 410
    assert life.reference not in found.text


async def test_the_table_has_every_page_of_theirs_there_is(house: House) -> None:
    pages = {path for path, method in routes(application(house.office)) if method == "GET"}
    theirs = {path for path in pages if is_public(path) and path.startswith(tuple(_homes()))}
    known = set()
    for path in TABLE:
        parts = path.split("/")
        if len(parts) == 5 and parts[3] == "documents":
            parts[4] = "{id}"
        elif len(parts) == 5 and parts[4] == "documents":
            parts[3] = "{item}-done"
        elif len(parts) == 4 and not parts[3].endswith(".pdf"):
            parts[3] = "{task}"
        elif len(parts) == 5:
            parts[3:] = ["{task}", "check" if parts[4] == "check" else "{step}"]
        known.add("/".join(parts))
    assert theirs == known


def _homes() -> list[str]:
    return [home for purpose, home in HOMES.items() if purpose is not LinkPurpose.PROGRESS]
