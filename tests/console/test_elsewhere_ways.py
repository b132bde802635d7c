"""The way to the provider and back: what is altered, comes twice, comes late, or cannot be reached."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from console.oidc.provider import Provider, ProviderDown
from console.web.throttle import PROVIDER, Throttle
from register import identities
from tests.console import provider as real
from tests.console.office import PASSWORD, House, email
from tests.console.test_elsewhere import COOKIE, Town, provider, town

__all__ = ["provider", "town"]
pytestmark = [pytest.mark.temporal, pytest.mark.asyncio(loop_scope="session")]
BEGIN_AGAIN = "This sign-in was not begun in this browser, or more than ten minutes ago; begin again."


async def test_an_altered_state_or_another_browser_s_lets_nobody_in(town: Town) -> None:
    visitor, other = town.visitor(), town.visitor()
    address = await town.to_the_provider(visitor)
    for who, wrong in (
        (visitor, address + "x"),
        (visitor, re.sub("state=[^&]+", "state=ü", address)),
        (other, address),
    ):
        found = await who.get(wrong)
        assert found.status_code == 400
        assert BEGIN_AGAIN in who.page.text
    await town.to_the_provider(other)
    assert (await other.get(address)).status_code == 400
    assert (await other.get("/cases")).status_code == 303


async def test_a_code_counts_once(town: Town) -> None:
    visitor = town.visitor()
    address = await town.to_the_provider(visitor)
    kept = visitor.client.cookies[COOKIE]
    assert (await visitor.get(address)).status_code == 303
    assert COOKIE not in visitor.client.cookies
    await visitor.post("/sign-out")
    visitor.client.cookies.clear()
    visitor.client.cookies.set(COOKIE, kept)
    found = await visitor.get(address)
    assert found.status_code == 403
    assert "was used before or took too long" in visitor.page.text


async def test_another_s_code_in_this_browser_s_attempt_is_refused(town: Town) -> None:
    mine, other = town.visitor(), town.visitor()
    address, foreign = await town.to_the_provider(mine), await town.to_the_provider(other)
    code = re.search("code=([^&]+)", foreign)
    assert code
    found = await mine.get(re.sub("code=[^&]+", f"code={code[1]}", address))
    assert found.status_code == 403


async def test_an_answer_from_another_provider_is_refused(town: Town) -> None:
    town.provider.configuration = {"authorization_response_iss_parameter_supported": True}
    for added, status in (("", 403), ("&iss=https://evil.example", 403), (f"&iss={town.provider.issuer}", 303)):
        visitor = town.visitor()
        assert (await visitor.get(await town.to_the_provider(visitor) + added)).status_code == status


class InTheClear(Provider):
    """A provider whose userinfo alone is not over https; what it was asked."""

    def __init__(self) -> None:
        super().__init__("https://idp.example", real.CLIENT, real.SECRET, "openid")
        self.own = real.Provider(issuer=self.issuer, only_userinfo=frozenset({"groups"}))
        self.asked: list[str] = []

    async def _asked(
        self, method: str, address: str, *, data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None, patience: float = 0,
    ) -> dict[str, Any]:  # fmt: skip
        self.asked.append(address)
        token = self.own._id({"nonce": "n"})
        return {
            "issuer": self.issuer, "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": "http://idp.example/userinfo", "keys": [self.own.key.as_dict(private=False)],
            "id_token": token, "access_token": "for no ears", "sub": self.own.person["sub"], "groups": ["asb-managers"],
        }  # fmt: skip


async def test_a_token_of_access_goes_nowhere_in_the_clear() -> None:
    provider = InTheClear()
    with pytest.raises(ProviderDown, match="no userinfo_endpoint that can be used"):
        await provider.claims("code", "https://here.example/sign-in/back", "n", "verifier", ("groups",))
    assert [address for address in provider.asked if address.startswith("http://")] == []


async def test_a_refusal_of_the_provider_is_one_sentence_and_none_of_its_words(town: Town) -> None:
    visitor = town.visitor()
    address = await town.to_the_provider(visitor)
    state = address.partition("state=")[2]
    found = await visitor.get(f"/sign-in/back?error=access_denied&error_description=planted&state={state}")
    assert found.status_code == 403
    assert "You were not signed in with your Dover account; begin again." in visitor.page.text
    assert "planted" not in found.text


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example/", "/\\evil.example", "x" * 5000])
async def test_coming_back_never_leads_to_another_site(town: Town, next: str) -> None:
    assert (await town.sign_in(town.visitor(), next)).headers["location"] == "/cases"


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": 1},
    ],
)
async def test_a_configuration_that_cannot_be_used_is_a_plain_page(
    town: Town, configuration: dict[str, object]
) -> None:
    town.provider.configuration = configuration
    visitor = town.visitor()
    found = await visitor.get("/sign-in/elsewhere")
    assert found.status_code == 503
    assert "You cannot be signed in with your Dover account just now" in visitor.page.text


async def test_a_provider_that_is_down_is_a_plain_page_there_and_back(town: Town) -> None:
    visitor = town.visitor(oidc_issuer="http://127.0.0.1:9")
    assert (await visitor.get("/sign-in/elsewhere")).status_code == 503
    assert "Nothing is wrong with your account" in visitor.page.text
    visitor = town.visitor()
    town.provider.configuration = {"token_endpoint": "http://127.0.0.1:9/token"}
    assert (await town.sign_in(visitor)).status_code == 503


async def test_a_provider_that_went_down_since_it_was_asked_sends_no_browser_there(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with real.Provider().serving() as short_lived:
        visitor = town.visitor(oidc_issuer=short_lived.issuer)
        assert (await visitor.get("/sign-in/elsewhere")).status_code == 303
    monkeypatch.setattr("console.oidc.provider._HEARD_WITHIN", 0.0)
    found = await visitor.get("/sign-in/elsewhere?next=/management")
    assert found.status_code == 503
    assert "or use a password of this service, if you have one" in visitor.page.text
    assert (await visitor.send("", email=email("officer"), password=PASSWORD)).headers["location"] == "/management"


async def test_guessed_codes_are_counted_before_the_provider_is_asked(town: Town) -> None:
    visitor = town.visitor()
    fresh = replace(town.app.state.desk, throttle=Throttle(clock=lambda: 0.0))
    town.app.state.desk = fresh
    statuses = []
    for _ in range(PROVIDER.burst + 1):
        state = (await town.to_the_provider(visitor)).partition("state=")[2]
        statuses.append((await visitor.get(f"/sign-in/back?code=guessed&state={state}")).status_code)
    assert statuses == [403] * PROVIDER.burst + [429]
    assert "wait 15 seconds, then begin again" in visitor.page.text


async def test_signing_out_offers_to_sign_out_there_too(town: Town) -> None:
    visitor = town.visitor()
    await town.sign_in(visitor)
    await visitor.get("/account")
    assert "You sign in with your Dover account" in visitor.page.text
    assert "Current password" not in visitor.page.text
    left = await visitor.post("/sign-out-everywhere")
    page = await visitor.follow(left)
    assert "sign out there too" in visitor.page.text
    assert f'href="{town.provider.issuer}/logout?client_id=case+review&amp;post_logout_redirect_uri=http' in page.text
    local = town.visitor()
    await local.sign_in(email("officer"))
    assert (await local.post("/sign-out")).headers["location"] == "/sign-in"


async def test_what_was_typed_outlives_a_sign_in_that_ended_meanwhile(town: Town) -> None:
    visitor = town.visitor(local_accounts=False)
    path = f"/cases/{town.house.reference}/acts/add-note"
    found = await visitor.post(path, text="An hour's work.", _press="check")
    assert found.status_code == 401
    assert "What you typed is kept in this page" in visitor.page.text
    assert (visitor.page.action, visitor.page.values["text"]) == (path, "An hour's work.")
    kept = visitor.page
    await town.sign_in(visitor)
    await visitor.follow(await visitor.post(kept.action, **kept.values))
    assert "Nothing has been done and nothing has been sent yet" in visitor.page.text


async def test_with_local_accounts_off_no_password_is_taken_and_none_stays_in(town: Town) -> None:
    visitor = town.visitor(local_accounts=False)
    page = await visitor.get("/sign-in")
    assert 'name="password"' not in page.text
    found = await visitor.sign_in(email("officer"))
    assert (found.status_code, "set-cookie" in found.headers) == (403, False)
    assert "Passwords are not taken here any more" in found.text
    local, mine = town.visitor(), town.visitor()
    await local.sign_in(email("officer"))
    await town.sign_in(mine)
    await identities.end_local(town.house.office.database)
    assert (await local.get("/cases")).status_code == 303
    assert (await mine.get("/cases")).status_code == 200


async def test_without_a_provider_there_is_no_such_way(house: House) -> None:
    visitor = await house.visitor()
    assert (await visitor.get("/sign-in/elsewhere")).status_code == 404
    assert (await visitor.get("/sign-in/back?code=x&state=y")).status_code == 404
    assert "your council" not in (await visitor.get("/sign-in")).text
