"""Signing in with the council's own provider: who comes in, as what, and who does not."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2 as httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from joserfc.jwk import OctKey, RSAKey
from pydantic import SecretStr
from sqlmodel import select

from console.oidc.door import Door
from office import passwords
from register import account_keeping, identities, second_factors, tables, users
from register.users import StaffRole
from tests.console.office import OWN, PASSWORD, House, Visitor
from tests.console.provider import CLIENT, PERSON, SECRET, Provider
from tests.support import clock

pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]

ROLES = """
[[roles]]
value = "asb-managers"
role = "manager"
council = "all"

[[roles]]
value = "asb-officers"
role = "officer"
council = "dover"

[[roles]]
value = "partnership"
role = "partnership"
council = "dover"
"""
COOKIE = "casereview-attempt"


@dataclass
class Town:
    """A console whose staff sign in with a provider; each test has people of its own."""

    house: House
    app: FastAPI
    provider: Provider
    roles: Path

    def visitor(self, **settings: object) -> Visitor:
        """A browser before a console that knows nothing of the provider yet."""
        own = {
            "oidc_issuer": self.provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SecretStr(SECRET),
            "oidc_roles": self.roles, "oidc_name": "your Dover account", **settings,
        }  # fmt: skip
        office = replace(self.house.office, settings=self.house.office.settings.model_copy(update=own))
        door = Door.of(office.settings, self.app.state.desk.pages.policies)
        self.app.state.desk = replace(self.app.state.desk, office=office, door=door)
        visitor = Visitor("http://localhost")
        visitor.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://localhost", headers=OWN, timeout=30, verify=False
        )
        return visitor

    async def to_the_provider(self, visitor: Visitor, next: str = "") -> str:
        """Go to the provider and sign in there; the address it sends the browser back to."""
        there = await visitor.client.get("/sign-in/elsewhere", params={"next": next})
        assert there.status_code == 303
        async with httpx.AsyncClient(verify=False) as browser:
            return str((await browser.get(there.headers["location"])).headers["location"])

    async def sign_in(self, visitor: Visitor, next: str = "") -> httpx.Response:
        return await visitor.get(await self.to_the_provider(visitor, next))

    def become(self, **claims: object) -> str:
        """Somebody nobody has seen here yet signs in from now on; their address."""
        number = uuid.uuid4().hex
        email = f"{number}@dover.example.org"
        self.provider.person = PERSON | {"sub": f"s{number}", "email": email} | claims
        return str(self.provider.person["email"])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def provider() -> AsyncIterator[Provider]:
    async with Provider().serving() as serving:
        yield serving


@pytest.fixture
def town(house: House, unserved: FastAPI, provider: Provider, tmp_path: Path) -> Iterator[Town]:
    roles, desk = tmp_path / "roles.toml", unserved.state.desk
    roles.write_text(ROLES)
    vars(provider).update(vars(Provider(issuer=provider.issuer, key=provider.key)))
    made = Town(house, unserved, provider, roles)
    made.become()
    yield made
    unserved.state.desk = desk


async def account(town: Town, email: str) -> users.User | None:
    found = await users.listed(town.house.office.database)
    return next((one for one in found if one.email == email), None)


async def test_the_first_sign_in_makes_the_account_and_leads_back_to_where_somebody_was_going(town: Town) -> None:
    visitor = town.visitor()
    page = await visitor.get("/sign-in?next=/figures")
    assert "Sign in with your Dover account" in visitor.page.text
    assert 'href="/sign-in/elsewhere?next=/figures"' in page.text
    found = await town.sign_in(visitor, "/account")
    assert (found.status_code, found.headers["location"]) == (303, "/account")
    assert (await visitor.get("/cases")).status_code == 200
    made = await account(town, str(town.provider.person["email"]))
    assert made is not None
    assert (made.name, made.role, made.council) == ("Maya Ellis", StaffRole.OFFICER, "dover")
    async with town.house.office.database.session() as session:
        assert (await session.exec(select(tables.Credential).where(tables.Credential.user_id == made.id))).all() == []


async def test_the_browser_s_secret_never_leaves_it(town: Town) -> None:
    visitor = town.visitor()
    there = await visitor.client.get("/sign-in/elsewhere")
    cookie = there.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    secret = visitor.client.cookies[COOKIE].partition(".")[0]
    assert secret not in there.headers["location"]
    assert "https" not in cookie


async def test_the_table_of_roles_holds_for_those_who_sign_in_there(town: Town) -> None:
    town.become(groups="partnership")
    visitor = town.visitor()
    assert (await town.sign_in(visitor)).headers["location"] == "/management"
    assert (await visitor.get("/cases")).status_code == 403
    town.become()
    visitor = town.visitor()
    await town.sign_in(visitor)
    assert (await visitor.get(f"/cases/{town.house.reference}")).status_code == 200
    assert (await visitor.get(f"/cases/{town.house.other}")).status_code == 404
    assert (await visitor.get("/proposals")).status_code == 403


async def test_name_address_role_and_council_are_renewed_at_each_sign_in(town: Town) -> None:
    email = town.become()
    await town.sign_in(town.visitor())
    first = await account(town, email)
    town.provider.person |= {"name": "Maya Marsh", "email": f"new.{email}", "groups": ["asb-officers", "asb-managers"]}
    await town.sign_in(town.visitor())
    assert await account(town, email) is None
    second = await account(town, f"new.{email}")
    assert first is not None
    assert second is not None
    assert second.id == first.id
    assert (second.name, second.role, second.council) == ("Maya Marsh", StaffRole.MANAGER, "*")


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"groups": ["everybody"]}, "has no role in ASB Case Reviews"),
        ({"groups": None}, "has no role in ASB Case Reviews"),
        ({"email_verified": False}, "is not verified by your Dover account"),
        ({"email_verified": "false"}, "is not verified by your Dover account"),
        ({"email": "nobody"}, "did not come from your Dover account"),
        ({"name": ""}, "did not come from your Dover account"),
        ({"name": "Maya\nEllis"}, "did not come from your Dover account"),
    ],
)
async def test_somebody_without_a_part_is_told_why_and_no_account_is_made(
    town: Town, claims: dict[str, object], words: str
) -> None:
    town.become(**claims)
    before = len(await users.listed(town.house.office.database))
    visitor = town.visitor()
    found = await town.sign_in(visitor)
    assert found.status_code == 403
    assert words in visitor.page.text
    assert len(await users.listed(town.house.office.database)) == before
    assert (await visitor.get("/account")).status_code == 303


async def test_who_loses_the_role_is_signed_out_everywhere_at_the_next_try(town: Town) -> None:
    town.become()
    first, second = town.visitor(), town.visitor()
    await town.sign_in(first)
    town.provider.person["groups"] = []
    assert (await town.sign_in(second)).status_code == 403
    assert (await first.get("/cases")).status_code == 303


async def test_who_is_closed_here_stays_out_until_they_are_opened(town: Town) -> None:
    email = town.become()
    await town.sign_in(town.visitor())
    database = town.house.office.database
    await account_keeping.disable(database, email, clock.now())
    visitor = town.visitor()
    assert (await town.sign_in(visitor)).status_code == 403
    assert "Your account here is closed" in visitor.page.text
    with pytest.raises(users.AccountError, match="has no password here"):
        await users.set_password(database, email, "x", clock.now())
    await account_keeping.reopen(database, email, clock.now())
    assert (await town.sign_in(town.visitor())).status_code == 303


async def test_a_local_account_with_the_address_is_not_taken_over_until_it_is_joined(town: Town) -> None:
    email, database = town.become(), town.house.office.database
    local = await users.add(
        database, name="Kim", email=email, role=StaffRole.APPROVER, council="medway",
        hash=await passwords.hashed(PASSWORD), now=clock.now(),
    )  # fmt: skip
    visitor = town.visitor()
    assert (await town.sign_in(visitor)).status_code == 403
    assert "An account here has your e-mail address already" in visitor.page.text
    assert await account(town, email) == local
    await identities.join(database, email, clock.now())
    assert await users.by_email(database, email) is None
    assert (await town.sign_in(town.visitor())).status_code == 303
    joined = await account(town, email)
    assert joined is not None
    assert (joined.id, joined.role, joined.council) == (local.id, StaffRole.OFFICER, "dover")
    town.provider.person["sub"] = "somebody else with the address"
    assert (await town.sign_in(town.visitor())).status_code == 403


async def test_somebody_s_new_address_that_is_another_s_is_refused(town: Town) -> None:
    first = town.become()
    await town.sign_in(town.visitor())
    town.become()
    await town.sign_in(town.visitor())
    town.provider.person["email"] = first
    visitor = town.visitor()
    assert (await town.sign_in(visitor)).status_code == 403
    assert "Another account here has your e-mail address" in visitor.page.text


async def test_two_first_sign_ins_at_once_make_one_account(town: Town) -> None:
    email = town.become()
    visitors = [town.visitor() for _ in range(4)]
    await asyncio.gather(*(town.sign_in(visitor) for visitor in visitors))
    assert [one.email for one in await users.listed(town.house.office.database)].count(email) == 1


@pytest.mark.parametrize(
    ("token", "how"),
    [
        ({"nonce": "another"}, {}), ({"nonce": None}, {}), ({"aud": "another client"}, {}), ({"aud": None}, {}),
        ({"aud": [CLIENT, "another"]}, {}), ({"azp": "another client"}, {}), ({"iss": "https://evil.example"}, {}),
        ({"exp": 1}, {}), ({"exp": None}, {}), ({"exp": "soon"}, {}), ({"iat": 9_999_999_999}, {}), ({"iat": None}, {}),
        ({"nbf": 9_999_999_999}, {}), ({"sub": None}, {}), ({"sub": ""}, {}), ({"sub": 7}, {}),
        ({}, {"algorithm": "none"}),
        ({}, {"signs_with": RSAKey.generate_key(2048)}),
        ({}, {"algorithm": "HS256", "signs_with": OctKey.import_key(SECRET * 3)}),
        ({}, {"only_userinfo": frozenset({"groups"}), "userinfo_subject": "somebody else"}),
    ],
)  # fmt: skip
async def test_what_does_not_prove_who_somebody_is_lets_nobody_in(
    town: Town, token: dict[str, object], how: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    email = town.become()
    town.provider.token = token
    for name, value in how.items():
        setattr(town.provider, name, value)
    visitor = town.visitor()
    found = await town.sign_in(visitor)
    assert found.status_code == 403
    assert "could not be trusted, so nobody is signed in" in visitor.page.text
    assert await account(town, email) is None
    told = "".join(record.getMessage() for record in caplog.records if record.name == "casereview.sign_in")
    assert "a sign-in was refused" in told
    assert email not in told


async def test_claims_that_only_userinfo_has_are_asked_for_there(town: Town) -> None:
    town.become()
    town.provider.only_userinfo = frozenset({"groups", "email", "email_verified"})
    assert (await town.sign_in(town.visitor())).status_code == 303
    assert "userinfo" in town.provider.asked


async def test_a_key_the_provider_changed_is_fetched_once_more_and_the_others_are_kept(town: Town) -> None:
    visitor = town.visitor()
    await town.sign_in(visitor)
    await visitor.post("/sign-out")
    await town.sign_in(visitor)
    assert town.provider.asked.count("keys") == 1
    await visitor.post("/sign-out")
    town.provider.key = RSAKey.generate_key(2048, auto_kid=True)
    assert (await town.sign_in(visitor)).status_code == 303
    assert town.provider.asked.count("keys") == 2
    assert town.provider.asked.count("configuration") == 1


async def test_a_manager_joins_an_account_in_the_console_and_its_second_factor_ends(town: Town) -> None:
    database, email = town.house.office.database, town.become()
    local = await users.add(
        database, name="Ruth Local", email=email, role=users.StaffRole.OFFICER, council="dover", hash="h",
        now=clock.now(),
    )  # fmt: skip
    await second_factors.offer(database, local, "sealed")
    await second_factors.confirm(database, local, "sealed", "sealed", 1, ["code"], clock.now(), stays="")
    visitor, manager = town.visitor(), town.visitor()
    await town.sign_in(visitor)
    assert "ask your team to join it to yours" in visitor.page.text
    await manager.sign_in("manager@example.org")
    await manager.get(f"/accounts/{local.id}")
    assert "Join it to the council’s sign-in" in manager.page.text
    await manager.post(f"/accounts/{local.id}/join")
    assert f"The next sign-in with {email} at the provider has this account." in manager.page.text
    assert (await town.sign_in(visitor)).status_code == 303
    assert await second_factors.of(database, local) is None
    await manager.get(f"/accounts/{local.id}")
    assert "come from the council’s provider at each sign-in" in manager.page.text
    assert (await manager.get(f"/accounts/{local.id}/change")).status_code == 404
    found = await manager.post(f"/accounts/{local.id}/password")
    assert found.status_code == 422
    assert "has no password here" in manager.page.text


async def test_who_signs_in_with_the_provider_is_not_asked_for_a_second_factor_here(town: Town) -> None:
    town.become()
    visitor = town.visitor(second_factor="required")
    assert (await town.sign_in(visitor)).headers["location"] == "/cases"
    assert (await visitor.get("/cases")).status_code == 200
    assert "second factor" not in (await visitor.get("/account")).text
    assert (await visitor.get("/account/second-factor")).status_code == 404


async def test_without_accounts_of_its_own_the_console_makes_none(town: Town) -> None:
    town.become(groups=["asb-managers"])
    visitor = town.visitor(local_accounts=False)
    await town.sign_in(visitor)
    await visitor.get("/accounts")
    assert "Accounts come from the council’s own provider" in visitor.page.text
    assert (await visitor.get("/accounts/new")).status_code == 404
    assert (await visitor.post("/accounts/new", name="X")).status_code == 404
