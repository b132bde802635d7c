"""Who may do what, by the claims of the provider: the file that ``CASEREVIEW_OIDC_ROLES`` names."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from connection.settings import SettingsError
from domain.application import Line
from register.users import EVERY_COUNCIL, StaffRole

ALL = "all"
_TRUE = (True, 1, "1", "true", "True")
Filled = Annotated[Line, Field(min_length=1)]


class NoRole(Exception):
    """Somebody whom the provider knows and who may not come in; ``words`` say why and what to do."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Claims(_Read):
    """What the provider calls what is asked of it; ``realm_access.roles`` is a claim inside another."""

    name: Filled = "name"
    email: Filled = "email"
    verified: Filled = "email_verified"
    roles: Filled = "groups"


class RoleGrant(_Read):
    """The role and the council that one value of the roles' claim gives; ``council`` is a policy's id, or all."""

    value: Filled
    role: StaffRole
    council: Filled


class VouchedPerson(_Read):
    """Somebody as the provider vouches for them. ``council`` is as an account keeps it."""

    name: Filled
    email: str
    role: StaffRole
    council: str


class RoleMap(_Read):
    """The first of ``roles`` whose value somebody's claim has is theirs."""

    claims: Claims = Claims()
    roles: Annotated[tuple[RoleGrant, ...], Field(min_length=1)]

    @classmethod
    def of(cls, file: Path, councils: Collection[str]) -> Self:
        """The map in a TOML file. Raises SettingsError."""
        try:
            roles = cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except OSError as error:
            raise SettingsError(f"CASEREVIEW_OIDC_ROLES: {file} cannot be read ({error.strerror}).") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"CASEREVIEW_OIDC_ROLES: {file} is not TOML ({error}).") from None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in first["loc"])
            raise SettingsError(f"CASEREVIEW_OIDC_ROLES: {file}, {where or 'the file'}: {first['msg']}.") from None
        for part in roles.roles:
            if part.council not in (ALL, *councils):
                known = ", ".join([*sorted(councils), ALL])
                raise SettingsError(f"CASEREVIEW_OIDC_ROLES: there is no council {part.council}; give one of {known}.")
        return roles

    @model_validator(mode="after")
    def _once(self) -> Self:
        values = [part.value for part in self.roles]
        if twice := sorted({value for value in values if values.count(value) > 1}):
            raise ValueError(f"{', '.join(twice)} is there more than once; the first would win and the others mislead")
        return self

    @property
    def wanted(self) -> tuple[str, ...]:
        """The claims that are needed."""
        return self.claims.name, self.claims.email, self.claims.verified, self.claims.roles

    def person(self, claims: Mapping[str, Any], who: str) -> VouchedPerson:
        """Who somebody is by their claims; ``who`` is the provider's name. Raises NoRole."""
        given = claim(claims, self.claims.roles)
        held = {given} if isinstance(given, str) else set(map(str, given)) if isinstance(given, list) else set()
        part = next((part for part in self.roles if part.value in held), None)
        if part is None:
            raise NoRole("Your account has no role in ASB Case Reviews; ask your team to give it one.")
        if claim(claims, self.claims.verified) not in _TRUE:
            raise NoRole(f"Your e-mail address is not verified by {who}; ask those who run it to verify it.")
        try:
            email = validate_email(str(claim(claims, self.claims.email)), check_deliverability=False).normalized
            return VouchedPerson(
                name=str(claim(claims, self.claims.name) or ""), email=email.casefold(), role=part.role,
                council=EVERY_COUNCIL if part.council == ALL else part.council,
            )  # fmt: skip
        except (EmailNotValidError, ValidationError):
            raise NoRole(
                f"Your name or e-mail address did not come from {who}; ask your team to have it sent."
            ) from None


def claim(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name, or by its path where there is none of that name; None where there is neither."""
    if name in claims or "." not in name:
        return claims.get(name)
    head, _, rest = name.partition(".")
    inside = claims.get(head)
    return claim(inside, rest) if isinstance(inside, Mapping) else None
