"""A console at work on real servers, the people who use it, and a browser without a window for plain requests."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx2 as httpx

from office import passwords
from office.connected import Office
from post.link_desk import LinkDesk
from register import users
from register.links import LinkPurpose
from register.users import EVERY_COUNCIL, StaffRole
from tests.support import clock
from tests.workflows.life import Desk

PEOPLE = {
    "officer": (StaffRole.OFFICER, "dover"),
    "approver": (StaffRole.APPROVER, "dover"),
    "manager": (StaffRole.MANAGER, EVERY_COUNCIL),
    "operations": (StaffRole.OPERATIONS, EVERY_COUNCIL),
    "auditor": (StaffRole.AUDITOR, "dover"),
    "partnership": (StaffRole.PARTNERSHIP, "dover"),
    "stranger": (StaffRole.OFFICER, "medway"),
}
NAMES = {"officer": "Maya Ellis", "approver": "Tom Okafor", "manager": "Priya Nair", "stranger": "Sam Medway"}
PASSWORD = "correct horse battery staple"
OWN = {"Sec-Fetch-Site": "same-origin"}
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""The console is on plain HTTP here; reading the machine's certificates takes 50 ms for each client."""


@dataclass
class House:
    """The console's address and everything behind it."""

    address: str
    desk: Desk
    reference: str = ""
    other: str = ""

    @property
    def office(self) -> Office:
        return self.desk.office

    async def link(
        self, purpose: LinkPurpose = LinkPurpose.PROGRESS, holder: str = "", about: str = "", case: str = ""
    ) -> str:
        """The path of somebody's link, the applicant's if nobody is named."""
        reference = case or self.reference
        desk = LinkDesk.of(self.office.database, self.office.settings)
        found = await desk.printed(reference, purpose, holder or f"{reference}-P1", about)
        assert found is not None
        return found.removeprefix(self.address)

    async def guest(self, path: str) -> Visitor:
        """A browser that has followed a link."""
        visitor = Visitor(self.address)
        await visitor.follow(await visitor.get(path))
        return visitor

    async def visitor(self, who: str = "") -> Visitor:
        """A browser, signed in as somebody."""
        visitor = Visitor(self.address)
        if who:
            await visitor.sign_in(email(who))
        return visitor


class Visitor:
    """A plain browser: cookies, forms as they stand on the page, no scripts."""

    def __init__(self, address: str) -> None:
        self.client = httpx.AsyncClient(
            base_url=address, headers=OWN, timeout=30, follow_redirects=False, verify=NO_CERTIFICATES
        )
        self.page = Page()
        self.at = ""

    async def sign_in(self, address: str, password: str = PASSWORD) -> httpx.Response:
        found = await self.client.post("/sign-in", data={"email": address, "password": password, "next": ""})
        return found

    async def get(self, path: str) -> httpx.Response:
        found = await self.client.get(path)
        self.page, self.at = Page.of(found.text), path
        return found

    async def post(self, path: str, **data: str) -> httpx.Response:
        found = await self.client.post(path, data=data)
        self.page = Page.of(found.text)
        return found

    async def send(self, press: str, /, **typed: str) -> httpx.Response:
        """Send the page's own form with what is typed over it; double underscores are dots. A form of staff's leads on
        to its next page at once."""
        values = {**self.page.values, **{name.replace("__", "."): value for name, value in typed.items()}}
        action = self.page.action.partition("?")[0].removesuffix("/check")
        found = await self.post(self.page.action, **{**values, "_press": press})
        onward = found.headers.get("location", "")
        own = onward.partition("?")[0].removesuffix("/check")
        staff = "/acts/" in onward or onward.startswith("/applications/")
        if found.status_code == 303 and staff and action == own:
            return await self.get(onward)
        return found

    async def follow(self, found: httpx.Response) -> httpx.Response:
        assert found.status_code == 303, found.text
        return await self.get(found.headers["location"])


@dataclass
class Page:
    """What a page says, and the values its last form would send."""

    text: str = ""
    action: str = ""
    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, html: str) -> Page:
        reader = _Reader()
        reader.feed(html)
        return cls(" ".join(" ".join(reader.words).split()), reader.action, reader.values)

    @property
    def problems(self) -> str:
        found = re.search(r"There is a problem (.*?)(?: DOV-| MED-|$)", self.text)
        return found[1] if found else ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.values: dict[str, str] = {}
        self.action = ""
        self._area = self._select = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("action") not in ("/sign-out", "/sign-out-everywhere", "/leave"):
            self.action, self.values, self._inside = given.get("action", ""), {}, True
        elif tag == "form":
            self._inside = False
        if not self._inside or "name" not in given:
            if tag == "option" and self._select and "selected" in given:
                self.values[self._select] = given.get("value", "")
            return
        if tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.values[given["name"]] = given.get("value", "")
        elif tag == "textarea":
            self._area = given["name"]
            self.values[self._area] = ""
        elif tag == "select":
            self._select = given["name"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._area:
            self.values[self._area] += data.removeprefix("\n") if not self.values[self._area] else data


def email(who: str) -> str:
    return f"{who}@example.org"


async def everybody(office: Office) -> None:
    """An account for each part."""
    hash = await passwords.hashed(PASSWORD)
    for who, (standing, council) in PEOPLE.items():
        await users.add(
            office.database, name=NAMES.get(who, who.capitalize()), email=email(who), role=standing,
            council=council, hash=hash, now=clock.now(),
        )  # fmt: skip
