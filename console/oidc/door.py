"""The way in by the council's own provider, as this installation is set up."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from connection.settings import Settings
from console.oidc.provider import Provider
from console.oidc.roles import RoleMap


@dataclass(frozen=True)
class Door:
    """``name`` is what people call the provider's account: "your council’s account"."""

    name: str
    provider: Provider
    roles: RoleMap

    @classmethod
    def of(cls, settings: Settings, councils: Collection[str]) -> Self | None:
        """None where no provider is named. Raises SettingsError."""
        if not settings.oidc_issuer or settings.oidc_roles is None:
            return None
        provider = Provider(
            settings.oidc_issuer, settings.oidc_client_id, settings.oidc_secret, settings.oidc_scopes
        )  # fmt: skip
        return cls(settings.oidc_name, provider, RoleMap.of(settings.oidc_roles, councils))


@dataclass(frozen=True)
class Attempt:
    """One attempt to sign in: a secret that only this browser's cookie holds, and what is told to others of it.

    What goes to the provider is hashes of the secret, so that an answer to another browser's attempt fits nothing.
    """

    secret: str
    next: str

    @classmethod
    def begin(cls, next: str) -> Self:
        return cls(secrets.token_urlsafe(32), next)

    @classmethod
    def of(cls, cookie: str) -> Self | None:
        secret, dot, next = cookie.partition(".")
        return cls(secret, next) if dot and len(secret) == 43 else None

    @property
    def cookie(self) -> str:
        return f"{self.secret}.{self.next}"

    @property
    def state(self) -> str:
        return self._hash("state")

    @property
    def nonce(self) -> str:
        return self._hash("nonce")

    @property
    def verifier(self) -> str:
        return self._hash("verifier")

    def fits(self, state: str) -> bool:
        return secrets.compare_digest(state.encode(), self.state.encode())

    def _hash(self, purpose: str) -> str:
        return hashlib.sha256(f"{purpose}:{self.secret}".encode()).hexdigest()
