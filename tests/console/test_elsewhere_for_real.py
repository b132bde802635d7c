"""Signing in with a provider that others wrote, in a process of its own, by hand and in a real browser."""

import asyncio
import json
import os
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from pydantic import SecretStr

from connection.ports import claim
from console.app import at_work
from tests.console.office import House, Visitor
from tests.console.test_elsewhere import ROLES
from tests.support import clock

pytestmark = [pytest.mark.temporal, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]
PERSON = {
    "sub": "real-1", "name": "Ruth Real", "email_verified": True, "groups": ["asb-officers"],
}  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def address(house: House, tmp_path: Path) -> AsyncIterator[str]:
    """A console whose staff sign in with the provider."""
    (tmp_path / "roles.toml").write_text(ROLES)
    issuer = f"http://127.0.0.1:{claim(0, 'a provider', '')}"
    person = PERSON | {"email": f"{uuid.uuid4().hex}@dover.example.org"}
    provider = await asyncio.create_subprocess_exec(
        *clock.argv("oidc_provider_mock", "--port", str(urlsplit(issuer).port), "--require-nonce", "true"),
        "--user-claims", json.dumps(person), env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await _up(issuer)
        own = {
            "oidc_issuer": issuer, "oidc_client_id": "console", "oidc_client_secret": SecretStr("any"),
            "oidc_roles": tmp_path / "roles.toml",
            "oidc_name": "your Dover account", "local_accounts": False, "console_port": 0,
        }  # fmt: skip
        settings = house.office.settings.model_copy(update=own)
        async with at_work(replace(house.office, settings=settings)) as found:
            yield found
    finally:
        provider.terminate()
        await provider.wait()


async def _up(issuer: str) -> None:
    async with asyncio.timeout(60), httpx.AsyncClient() as client:
        while True:
            try:
                await client.get(f"{issuer}/.well-known/openid-configuration")
                return
            except httpx.TransportError:
                await asyncio.sleep(0.2)


async def test_somebody_signs_in_and_the_same_answer_again_lets_nobody_in(address: str) -> None:
    visitor = Visitor(address)
    there = (await visitor.get("/sign-in/elsewhere?next=/cases")).headers["location"]
    kept = dict(visitor.client.cookies)
    async with httpx.AsyncClient(verify=False) as browser:
        back = (await browser.post(there, data={"sub": "real-1"})).headers["location"]
    assert (await visitor.get(back)).headers["location"] == "/cases"
    await visitor.get("/account")
    assert "Ruth Real" in visitor.page.text
    other = Visitor(address)
    other.client.cookies.update(kept)
    assert (await other.get(back)).status_code == 403
    assert "was used before" in other.page.text


async def test_in_a_browser_there_and_back_and_out_again(address: str, browser: Browser) -> None:
    page = await (await browser.new_context(java_script_enabled=False)).new_page()
    broken: list[str] = []
    page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    await page.route(lambda url: "127.0.0.1" not in url, lambda route: route.abort())
    await page.goto(f"{address}/cases")
    await page.get_by_role("button", name="Sign in with your Dover account").click()
    await page.get_by_role("button", name="real-1").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
    assert page.url == f"{address}/cases"
    await expect(page.get_by_text("Signed in as Ruth Real, officer")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("link", name="sign out there too").click()
    await page.get_by_role("button").first.click()
    await expect(page).to_have_url(f"{address}/sign-in")
    await page.goto(f"{address}/cases")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert broken == []
