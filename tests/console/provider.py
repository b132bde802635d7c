"""An OpenID Connect provider that keeps the rules, but for those a test has it break."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from console.web.serving import bound, served
from tests.support import clock

CLIENT, SECRET = "case review", "s3cret:with/marks"
PERSON = {
    "sub": "248289761001", "name": "Maya Ellis", "email": "maya.ellis@dover.example.org", "email_verified": True,
    "groups": ["everybody", "asb-officers"],
}  # fmt: skip


@dataclass
class Provider:
    """``person`` is who signs in; ``token`` goes over the ID token's claims, ``None`` taking one out."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    token: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    algorithm: str = "RS256"
    signs_with: RSAKey | OctKey | None = None
    only_userinfo: frozenset[str] = frozenset()
    userinfo_subject: str = ""
    configuration: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[Provider]:
        paths = {
            "/.well-known/openid-configuration": self._configured, "/jwks": self._jwks, "/authorize": self._authorize,
            "/userinfo": self._userinfo, "/token": self._token,
        }  # fmt: skip
        app = Starlette(routes=[Route(path, does, methods=["GET", "POST"]) for path, does in paths.items()])
        with bound(0, "a provider", "") as listening:
            self.issuer = f"http://127.0.0.1:{listening.getsockname()[1]}"
            async with served(app, listening, "A provider"):
                yield self

    async def _configured(self, request: Request) -> Response:
        self.asked.append("configuration")
        own = {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo", "end_session_endpoint": f"{self.issuer}/logout",
        }  # fmt: skip
        return JSONResponse(own | self.configuration)

    async def _jwks(self, request: Request) -> Response:
        self.asked.append("keys")
        strange = {"kty": "new kind", "kid": "strange"}
        return JSONResponse({"keys": [strange, {**self.key.as_dict(private=False), "use": "sig", "alg": "RS256"}]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 303)

    async def _token(self, request: Request) -> Response:
        sent = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        user, _, password = base64.b64decode(request.headers["authorization"].split()[1]).decode().partition(":")
        asked = self.codes.pop(sent.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        right = (
            asked is not None
            and (unquote(user), unquote(password)) == (CLIENT, SECRET)
            and sent["redirect_uri"] == asked["redirect_uri"]
            and challenge.rstrip(b"=").decode() == asked["code_challenge"]
        )
        if not right or asked is None:
            return JSONResponse({"error": "invalid_grant", "error_description": "for no eyes"}, 400)
        return JSONResponse({"access_token": "an access token", "token_type": "Bearer", "id_token": self._id(asked)})

    def _id(self, asked: dict[str, str]) -> str:
        now = int(clock.now().timestamp())
        told = {name: value for name, value in self.person.items() if name not in self.only_userinfo}
        claims = told | {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in {**claims, **self.token}.items() if value is not None}
        if self.algorithm == "none":
            parts = (json.dumps({"alg": "none", "kid": self.key.kid}), json.dumps(claims))
            return ".".join(base64.urlsafe_b64encode(one.encode()).rstrip(b"=").decode() for one in parts) + "."
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, claims, self.signs_with or self.key, algorithms=[self.algorithm])

    async def _userinfo(self, request: Request) -> Response:
        self.asked.append("userinfo")
        assert request.headers["authorization"] == "Bearer an access token"
        return JSONResponse(self.person | ({"sub": self.userinfo_subject} if self.userinfo_subject else {}))
