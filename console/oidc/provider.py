"""An OpenID Connect provider: where it is asked, what it answers, and whether that can be trusted.

OpenID Connect Core 1.0, Discovery 1.0, RP-Initiated Logout 1.0; PKCE is RFC 7636, ``iss`` in the answer RFC 9207.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import ssl
import time
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import httpx2 as httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from console.oidc.roles import claim

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
_LEEWAY = 60
_KEPT_FOR = 3600.0
_HEARD_WITHIN = 15.0
"""A browser is sent there only if the provider answered so lately: else it would find nobody."""
_PATIENCE = 10.0
_PATIENCE_BEFORE_LEAVING = 4.0
_CODE = re.compile(r"[a-z_]{1,40}")


class ProviderDown(Exception):
    """The provider does not answer, or not as one does; the text is for the log and holds nothing of anybody."""


class NotTrusted(Exception):
    """What the provider sent does not prove who somebody is; the text is for the log."""


class NotAccepted(Exception):
    """The provider does not take the code: it was used before, is too old, or is not its own."""


class Provider:
    """One provider and this service as its client. ``secret`` is empty for a client that has none."""

    def __init__(self, issuer: str, client_id: str, secret: str, scopes: str) -> None:
        self.issuer, self.client_id, self._secret, self._scopes = issuer, client_id, secret, scopes
        self._configuration: dict[str, Any] = {}
        self._configured_at = float("-inf")
        self._keys: KeySet | None = None
        self._keys_at = float("-inf")
        self._asking = asyncio.Lock()

    async def sign_in_address(self, back: str, state: str, nonce: str, verifier: str) -> str:
        """Where a browser goes to sign in; it comes back to ``back``. Raises ProviderDown, also where the provider was
        known and does not answer any more."""
        async with self._asking:
            if time.monotonic() - self._configured_at > _HEARD_WITHIN:
                await self._discover(_PATIENCE_BEFORE_LEAVING)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": back, "scope": self._scopes,
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return _with(await self._endpoint("authorization_endpoint"), asked)

    async def sign_out_address(self, back: str) -> str | None:
        """Where a browser goes to sign out of the provider too, if it is known to offer that."""
        try:
            address = (await self._discovered()).get("end_session_endpoint")
        except ProviderDown:
            return None
        if not isinstance(address, str) or not self._safe(address):
            return None
        return _with(address, {"client_id": self.client_id, "post_logout_redirect_uri": back})

    async def answered_by(self, issuer: str | None) -> bool:
        """Whether an answer that says who sent it was sent by this provider (RFC 9207)."""
        if issuer is None:
            return not (await self._discovered()).get("authorization_response_iss_parameter_supported")
        return issuer == self.issuer

    async def claims(
        self, code: str, back: str, nonce: str, verifier: str, wanted: tuple[str, ...]
    ) -> Mapping[str, Any]:
        """Who signed in, by the code they came back with. Raises NotAccepted, NotTrusted or ProviderDown.

        What of ``wanted`` the ID token does not have is asked of the userinfo endpoint.
        """
        granted = await self._granted(code, back, verifier)
        claims = await self._verified(granted.get("id_token"), nonce)
        offered = (await self._discovered()).get("userinfo_endpoint")
        if offered and any(claim(claims, name) is None for name in wanted):
            address = await self._endpoint("userinfo_endpoint")
            bearer = {"Authorization": f"Bearer {granted.get('access_token')}"}
            more = await self._asked("GET", address, headers=bearer)
            if more.get("sub") != claims["sub"]:
                raise NotTrusted("the userinfo is of another subject")
            return {**more, **claims}
        return claims

    async def _granted(self, code: str, back: str, verifier: str) -> dict[str, Any]:
        sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        headers = {}
        methods = (await self._discovered()).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if self._secret and "client_secret_basic" in methods:
            both = f"{quote(self.client_id, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(both.encode()).decode()}"
        else:
            sent |= {"client_id": self.client_id} | ({"client_secret": self._secret} if self._secret else {})
        return await self._asked("POST", await self._endpoint("token_endpoint"), data=sent, headers=headers)

    async def _verified(self, token: object, nonce: str) -> dict[str, Any]:
        """The claims of an ID token. Keys the provider has changed since are fetched once more."""
        if not isinstance(token, str):
            raise NotTrusted("there is no ID token")
        known = self._keys if time.monotonic() - self._keys_at < _KEPT_FOR else None
        claims = self._signed(token, known) if known else None
        if claims is None:
            known, self._keys_at = await self._fetched_keys(), time.monotonic()
            self._keys = known
            claims = self._signed(token, known)
        if claims is None:
            raise NotTrusted("the ID token is not signed by a key of the provider")
        if reason := self._fault(claims, nonce):
            raise NotTrusted(reason)
        return claims

    def _signed(self, token: str, keys: KeySet) -> dict[str, Any] | None:
        try:
            return jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError, TypeError, KeyError):
            return None

    def _fault(self, claims: Mapping[str, Any], nonce: str) -> str | None:
        """What is wrong with the claims of an ID token (Core, 3.1.3.7)."""
        audience = claims.get("aud")
        many = audience if isinstance(audience, list) else [audience]
        now = time.time()
        checks = {
            "the issuer is another one": claims.get("iss") == self.issuer,
            "the audience is another client": self.client_id in many,
            "the authorised party is another client": claims.get("azp", self.client_id) == self.client_id
            and (len(many) == 1 or "azp" in claims),
            "the token has expired": _number(claims.get("exp")) > now - _LEEWAY,
            "the token is of a time to come": _number(claims.get("iat"), now + 2 * _LEEWAY) < now + _LEEWAY
            and _number(claims.get("nbf", now)) < now + _LEEWAY,
            "the nonce is another one": claims.get("nonce") == nonce,
            "there is no subject": isinstance(claims.get("sub"), str) and 0 < len(claims["sub"]) <= 255,
        }
        return next((reason for reason, holds in checks.items() if not holds), None)

    async def _fetched_keys(self) -> KeySet:
        answer = await self._asked("GET", await self._endpoint("jwks_uri"))
        listed = answer.get("keys")
        usable = [
            key
            for key in (listed if isinstance(listed, list) else [])
            if isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"
        ]
        try:
            return KeySet.import_key_set({"keys": usable})
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderDown(f"its keys cannot be read ({type(error).__name__})") from None

    async def _endpoint(self, name: str) -> str:
        address = (await self._discovered()).get(name)
        if not isinstance(address, str) or not self._safe(address):
            raise ProviderDown(f"its configuration has no {name} that can be used")
        return address

    def _safe(self, address: str) -> bool:
        """Over https, but for a provider on this machine."""
        return address.startswith("https://") or (self.issuer.startswith("http://") and address.startswith("http://"))

    async def _discovered(self) -> dict[str, Any]:
        if time.monotonic() - self._configured_at > _KEPT_FOR:
            await self._discover(_PATIENCE)
        return self._configuration

    async def _discover(self, patience: float) -> None:
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        configuration = await self._asked("GET", address, patience=patience)
        if configuration.get("issuer") != self.issuer:
            raise ProviderDown("its configuration names another issuer than CASEREVIEW_OIDC_ISSUER")
        self._configuration, self._configured_at = configuration, time.monotonic()

    async def _asked(
        self,
        method: str,
        address: str,
        *,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        patience: float = _PATIENCE,
    ) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=patience, verify=_trusted()) as client:
                answer = await client.request(
                    method, address, data=data, headers={"Accept": "application/json", **(headers or {})}
                )
                content = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ProviderDown(f"it does not answer ({type(error).__name__})") from None
        if not isinstance(content, dict):
            raise ProviderDown("its answer is no JSON object")
        if answer.status_code == 200:
            return content
        if method == "POST" and content.get("error") == "invalid_grant":
            raise NotAccepted
        code = str(content.get("error", ""))
        raise ProviderDown(f"it answered {answer.status_code}{f', {code}' if _CODE.fullmatch(code) else ''}")


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates of this machine, read once."""
    return httpx.create_ssl_context()


def _with(address: str, parameters: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"


def _number(value: object, otherwise: float = 0.0) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else otherwise
