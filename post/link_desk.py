"""Where links are issued and written out as addresses."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from connection.keys import UnknownKey
from connection.settings import Settings
from connection.signature import Signer
from register import links, surveys
from register.database import Database
from register.links import Held, Link, LinkPurpose

PATH = "/l/"
MASK = "-…"
SERVICE = "the service"
SURVEY = "/survey/"
_TOKEN = re.compile(
    rf"({re.escape(PATH)}[0-9A-Z]{{4}}-[0-9A-Z]{{4}})(-[0-9A-Z]{{4}}){{4}}|({re.escape(SURVEY)})[\w-]{{22}}"
)


class LinkDesk:
    """Issues links of cases. ``address`` is where they lead, without a slash at its end; empty: there are none.

    A link opens for ``lasts`` after it was last printed, and for ``after_end`` after its case is over. Both are real
    time, also of a demonstration case.
    """

    def __init__(
        self, database: Database, signer: Signer, address: str, *, lasts: timedelta, after_end: timedelta
    ) -> None:
        self.signer = signer
        self.after_end = after_end
        self._database = database
        self._address = address
        self._lasts = lasts

    @classmethod
    def of(cls, database: Database, settings: Settings, address: str = "") -> LinkDesk:
        """As the settings say; ``address`` where they do not say where links lead. Raises KeyRingError."""
        lasts, after_end = timedelta(days=settings.link_days), timedelta(days=settings.link_days_after_end)
        signer = Signer(settings.key_ring())
        return cls(database, signer, settings.public_address or address, lasts=lasts, after_end=after_end)

    @property
    def secure(self) -> bool:
        """Whether browsers come over https."""
        return self._address.startswith("https://")

    @property
    def is_open(self) -> bool:
        """Whether there is an address for links to lead to."""
        return bool(self._address)

    async def printed(self, reference: str, purpose: LinkPurpose, holder: str, about: str = "") -> str | None:
        """The address of the holder's link, which is made where there is none and from now on lasts its full time.

        Asked for again it is the same address, unless its key is gone from the ring: then it is a new one. None where
        links lead nowhere, and where staff revoked the link and made no new one.
        """
        held = Held(purpose, holder, about)
        return (await self.all_printed(reference, (held,))).get(held)

    async def all_printed(self, reference: str, held: Collection[Held]) -> dict[Held, str]:
        """The addresses of several links of a case, without those that ``printed`` has none of."""
        if not self._address or not held:
            return {}
        issued = await links.issue_all(
            self._database, reference, held, key_id=self.signer.key_id, now=_now(), lasts=self._lasts
        )
        written: dict[Held, str] = {}
        for holder, link in issued.items():
            try:
                written |= {holder: self.written(link)} if link else {}
            except UnknownKey:
                written |= {holder: self.written(await self.renewed(link.id, by=SERVICE))} if link else {}
        return written

    async def survey(self, council: str, *, refused: bool, demo: bool) -> str:
        """The address of a new link to the questions after a case, good for one answer; empty where links lead
        nowhere."""
        if not self._address:
            return ""
        return f"{self._address}{SURVEY}{await surveys.issue(self._database, council, refused=refused, demo=demo)}"

    async def renewed(self, id: str, *, by: str) -> Link:
        """A new link in place of the holder's last, which ends. ``by`` is who asked. Raises KeyError."""
        return await links.renew(self._database, id, by=by, key_id=self.signer.key_id, now=_now(), lasts=self._lasts)

    async def renewed_once(self, id: str, *, by: str) -> Link:
        """The link that stands in place of this one, made now where there is none yet. Raises KeyError."""
        return await links.renew_once(
            self._database, id, by=by, key_id=self.signer.key_id, now=_now(), lasts=self._lasts
        )

    async def moved(self, reference: str, holder: str, *, by: str) -> None:
        """Every link of a body's that still opens ends, and a new one stands in its place, each once for the same
        ``by``: the body is reached elsewhere, and whoever reads its old mail opens nothing."""
        if not self._address:
            return
        latest: dict[Held, list[Link]] = {}
        for link in await links.of_case(self._database, reference):
            if link.holder == holder and link.purpose in (LinkPurpose.ENQUIRY, LinkPurpose.RECOMMENDATIONS):
                latest.setdefault(Held(link.purpose, link.holder, link.about), []).append(link)
        for newest, *before in latest.values():
            if newest.revoked_at is None and not (before and before[0].revoked_by == by):
                await self.renewed_once(newest.id, by=by)

    async def shut(self, reference: str, person: str, *, by: str) -> None:
        """End every link by which somebody sees how their case is going."""
        for link in await self._own(reference, person):
            await links.revoke(self._database, link.id, by=by, now=_now())

    async def opened_again(self, reference: str, person: str, *, by: str) -> None:
        """Make a new one where the last was shut."""
        if (own := await self._own(reference, person)) and own[0].revoked_at is not None:
            await self.renewed(own[0].id, by=by)

    async def _own(self, reference: str, person: str) -> list[Link]:
        known = await links.of_case(self._database, reference)
        return [link for link in known if link.purpose is LinkPurpose.PROGRESS and link.holder == person]

    def written(self, link: Link) -> str:
        """A link as an address to be printed. Raises UnknownKey where its key is gone from the ring."""
        return f"{self._address}{PATH}{self.signer.token(link)}"


def prints_a_link(letter: str) -> bool:
    """Whether a letter's words have in them what makes a link work."""
    return _TOKEN.search(letter) is not None


def masked(letter: str) -> str:
    """A letter's words, in any form, as staff may read them: without what makes a link in it work."""
    return _TOKEN.sub(lambda link: f"{link[1] or link[3]}{MASK}", letter)


def _now() -> datetime:
    return datetime.now(UTC)
