"""What anybody may read: the published procedure, the yearly figures, and nothing that is for staff."""

import csv
import io
import re
from datetime import date

import httpx2 as httpx
import pytest

import policies
from connection.settings import Settings
from console.app import application
from console.public.years import called, table, year_of
from domain.lint import lint
from office import procedure
from office.connected import Office
from register.figures import CountedDays
from tests.console.office import House, Visitor

CONSOLE = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]
FINANCIAL, CALENDAR = policies.load("dover"), policies.load("folkestone-and-hythe")
DAYS = CountedDays([date(2026, 3, 31), date(2026, 4, 1), date(2024, 7, 1)], [date(2026, 3, 31)], [date(2026, 4, 1)], [])


def words(rows: object) -> list[list[str]]:
    return [[cell.words for cell in row] for row in rows]  # type: ignore[attr-defined]


def test_a_financial_year_begins_on_1_april_and_a_year_without_anything_has_zeros() -> None:
    assert words(table(FINANCIAL, DAYS, date(2026, 5, 1)).rows) == [
        ["2026-27 so far", "1", "0", "1", "0"],
        ["2025-26", "1", "1", "0", "0"],
        ["2024-25", "1", "0", "0", "0"],
    ]


def test_a_calendar_year_begins_on_1_january() -> None:
    assert words(table(CALENDAR, DAYS, date(2026, 5, 1)).rows) == [
        ["2026 so far", "2", "1", "1", "0"],
        ["2025", "0", "0", "0", "0"],
        ["2024", "1", "0", "0", "0"],
    ]


def test_the_turn_of_a_century_and_the_last_day_of_a_year() -> None:
    assert called(FINANCIAL, 2099) == "2099-00"
    assert (year_of(FINANCIAL, date(2027, 3, 31)), year_of(FINANCIAL, date(2027, 4, 1))) == (2026, 2027)
    assert (year_of(CALENDAR, date(2026, 12, 31)), year_of(CALENDAR, date(2027, 1, 1))) == (2026, 2027)


def test_no_case_is_no_row() -> None:
    assert table(FINANCIAL, CountedDays([], [], [], []), date(2026, 5, 1)).rows == ()


class TestFront:
    pytestmark = CONSOLE

    async def test_whoever_is_not_signed_in_is_told_where_to_ask_and_where_to_open_a_link(self, house: House) -> None:
        visitor = Visitor(house.address)
        found = await visitor.get("/")
        assert found.status_code == 200
        for words, path in (
            ("Ask for a review", "/apply"),
            ("Open the link in your letter", "/l"),
            ("Staff", "/sign-in"),
        ):
            assert re.search(f'href="{path}"[^>]*>\\s*{words}', found.text), words
        assert "ring 999" in visitor.page.text

    @pytest.mark.parametrize(("who", "begins"), [("officer", "/cases"), ("partnership", "/management")])
    async def test_staff_come_to_their_work(self, house: House, who: str, begins: str) -> None:
        found = await (await house.visitor(who)).get("/")
        assert (found.status_code, found.headers["location"]) == (303, begins)

    async def test_under_a_name_for_the_public_alone_it_does_not_lead_to_the_sign_in(self, house: House) -> None:
        names = {"console_url": "https://asb-staff.example", "public_url": "https://asb.example"}
        settings = Settings.model_validate({**house.office.settings.model_dump(), **names})
        app = application(Office(settings, house.office.client, house.office.database))
        led = {}
        for url in names.values():
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=url) as client:
                led[url] = "/sign-in" in (await client.get("/")).text
        assert led == {"https://asb-staff.example": True, "https://asb.example": False}


class TestPages:
    pytestmark = CONSOLE

    @pytest.mark.parametrize("council", policies.ids())
    async def test_each_procedure_has_every_word_of_the_command_and_none_of_the_linter_s(
        self, house: House, council: str
    ) -> None:
        visitor, policy = Visitor(house.address), policies.load(council)
        found = await visitor.get(f"/procedure/{council}")
        assert found.status_code == 200
        assert f"Version {policy.version}, in force from" in visitor.page.text
        for block in procedure.page(policy):
            match block:
                case procedure.Title(text) | procedure.Paragraph(text):
                    assert text in visitor.page.text
                case procedure.Points(items):
                    assert all(" ".join(item.split()) in visitor.page.text for item in items)
                case procedure.Table(_, rows):
                    assert all(" ".join(cell.split()) in visitor.page.text for row in rows for cell in row)
        assert all(one.says not in visitor.page.text for one in lint(policy))

    async def test_staff_see_what_the_linter_says_and_the_partnership_does_not(self, house: House) -> None:
        council = next(id for id in policies.ids() if lint(policies.load(id)))
        says = lint(policies.load(council))[0].says
        officer, partnership = await house.visitor("officer"), await house.visitor("partnership")
        await officer.get(f"/procedure/{council}")
        assert " ".join(says.split()) in officer.page.text
        await partnership.get(f"/procedure/{council}")
        assert " ".join(says.split()) not in partnership.page.text

    @pytest.mark.parametrize(
        "path", ["/procedure", "/procedure/dover", "/figures", "/figures/dover", "/figures/dover.csv"]
    )
    async def test_anybody_may_keep_the_page_for_an_hour_but_not_the_one_of_staff(
        self, house: House, path: str
    ) -> None:
        visitor, officer = Visitor(house.address), await house.visitor("officer")
        found = await visitor.get(path)
        assert found.status_code == 200
        assert found.headers["cache-control"] == "public, max-age=3600"
        assert "set-cookie" not in found.headers
        assert "For staff" not in visitor.page.text
        mine = await officer.get(path)
        if not path.endswith(".csv"):
            assert found.headers["vary"] == "Cookie"
            assert mine.headers["cache-control"] == "no-store"
            assert "Maya Ellis" in mine.text

    async def test_a_search_engine_may_show_what_is_for_everybody_and_nothing_else(self, house: House) -> None:
        visitor = Visitor(house.address)
        for path in ("/", "/procedure", "/procedure/dover", "/figures/dover.csv", "/apply", "/apply/dover"):
            assert "x-robots-tag" not in (await visitor.get(path)).headers, path
        for path in ("/sign-in", "/l", "/apply/dover/return", "/procedure/dover/x", "/nowhere"):
            assert (await visitor.get(path)).headers["x-robots-tag"] == "noindex, nofollow", path

    @pytest.mark.parametrize(
        "path", ["/procedure/nowhere", "/figures/nowhere", "/figures/nowhere.csv", "/procedure/..%2fdover"]
    )
    async def test_a_council_that_is_not_here_is_not_found(self, house: House, path: str) -> None:
        assert (await Visitor(house.address).get(path)).status_code == 404

    async def test_the_figures_are_those_the_council_published_and_no_demonstration_is_among_them(
        self, house: House
    ) -> None:
        visitor = Visitor(house.address)
        await visitor.get("/figures/folkestone-and-hythe")
        assert "This service has run no case for this council yet." in visitor.page.text
        rows = list(csv.reader(io.StringIO((await visitor.get("/figures/folkestone-and-hythe.csv")).text)))
        assert rows == [["Year", *rows[0][1:]]]
        await visitor.get("/figures/dover")
        assert "Published before by the council" in visitor.page.text
        assert "2018-19 1 1 0 0" in visitor.page.text
        await visitor.get("/figures/folkestone-and-hythe")
        assert "2022 0 0 not published not published" in visitor.page.text
