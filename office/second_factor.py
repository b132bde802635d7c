"""The second factor of a local account: codes of an app (TOTP, RFC 6238) and recovery codes, each taken once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from connection.seal import SecretSeal
from connection.seal import Unopened as Unopened
from connection.settings import Settings
from office import passwords
from register import second_factors
from register.database import Database
from register.users import User

DIGITS, STEP_SECONDS, DRIFT = 6, 30, 1
CODES = 10
_SECRET_BYTES = 20
_ISSUER = "ASB Case Review"
_USE = "second factors"


@dataclass(frozen=True, repr=False)
class App:
    """An authenticator app's side: ``secret`` is what it makes its codes of. Nothing of it may be logged."""

    secret: bytes
    email: str

    @property
    def address(self) -> str:
        """The ``otpauth://`` address that the app reads from a QR code; some apps show a plus as it stands."""
        return self._totp.get_provisioning_uri(self.email, _ISSUER).replace("+", "%20")

    @property
    def key(self) -> str:
        """The secret to type by hand, in groups of four."""
        letters = b32encode(self.secret).decode().rstrip("=")
        return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))

    def code(self, step: int) -> str:
        """The code of one half minute; ``step`` counts them from 1970."""
        return self._totp.generate(step * STEP_SECONDS).decode()

    def step(self, typed: str, now: datetime) -> int | None:
        """The half minute a code is of: this one, the one before or the next; None where it is of none of them."""
        code, present = "".join(typed.split()), step_at(now)
        near = range(present - DRIFT, present + DRIFT + 1)
        right = [step for step in near if hmac.compare_digest(self.code(step).encode(), code.encode())]
        return right[-1] if right else None

    @property
    def _totp(self) -> TOTP:
        return TOTP(self.secret, DIGITS, SHA1(), STEP_SECONDS)


def step_at(now: datetime) -> int:
    """The half minute it is, from 1970."""
    return int(now.timestamp()) // STEP_SECONDS


async def being_set_up(database: Database, settings: Settings, user: User, browser: str) -> tuple[App, str]:
    """The app somebody is setting up, with its sealed secret: in one browser the same until its first code is right.

    What another browser was shown, before the password was changed perhaps, is never what is set up here. Raises
    KeyRingError.
    """
    seal, belongs_to = _seal(settings), f"{user.id} in {browser}"
    sealed = await second_factors.offered(database, user)
    if sealed:
        try:
            return App(seal.open(sealed, belongs_to), user.email), sealed
        except Unopened:
            await second_factors.withdraw(database, user, sealed)
    sealed = await second_factors.offer(database, user, seal.close(secrets.token_bytes(_SECRET_BYTES), belongs_to))
    return App(seal.open(sealed, belongs_to), user.email), sealed


async def set_up(
    database: Database, settings: Settings, app: App, offered: str, user: User, code: str, now: datetime, *, stays: str
) -> Sequence[str]:
    """Sign in with the app from now on; the recovery codes, told this once. None of them where the code is wrong.

    ``stays`` is the browser that is not signed out.
    """
    step = app.step(code, now)
    if step is None:
        return ()
    made = _fresh_codes()
    hashes = [_hashed(one) for one in made]
    sealed = _seal(settings).close(app.secret, user.id)
    confirmed = await second_factors.confirm(database, user, offered, sealed, step, hashes, now, stays=stays)
    return made if confirmed else ()


async def right_code(database: Database, settings: Settings, user: User, typed: str, now: datetime) -> bool:
    """Whether it is a code of somebody's app that was not taken before; it is taken now.

    Raises Unopened where the secret cannot be read any more, its key being gone: a recovery code, or a manager's reset,
    is left then. Raises KeyRingError.
    """
    factor = await second_factors.of(database, user)
    if factor is None:
        return False
    seal = _seal(settings)
    secret = seal.open(factor.sealed, user.id)
    step = App(secret, user.email).step(typed, now)
    if step is None or not await second_factors.spend_step(database, user, step):
        return False
    if not seal.is_newest(factor.sealed):
        await second_factors.reseal(database, user, factor.sealed, seal.close(secret, user.id))
    return True


async def right_recovery_code(database: Database, user: User, typed: str, now: datetime) -> bool:
    """Whether it is a recovery code of somebody's that was not used before; it is used now."""
    return await second_factors.spend_code(database, user, _hashed(typed), now)


async def new_codes(database: Database, user: User, now: datetime) -> Sequence[str]:
    """Recovery codes in the place of all there were, told this once."""
    made = _fresh_codes()
    await second_factors.renew_codes(database, user, [_hashed(one) for one in made], now)
    return made


def owed(settings: Settings, bare: bool) -> bool:
    """Whether somebody who has no second factor must set one up before anything else."""
    return bare and settings.second_factor == "required"


def _fresh_codes() -> list[str]:
    return [passwords.fresh() for _ in range(CODES)]


def _hashed(typed: str) -> str:
    """SHA-256 of a recovery code as somebody typed it; of 79 random bits that is enough."""
    return hashlib.sha256("".join(one for one in typed.casefold() if one.isalnum()).encode()).hexdigest()


def _seal(settings: Settings) -> SecretSeal:
    return SecretSeal(settings.key_ring(), _USE)
