"""Accounts of staff, kept in the console and on the command line: the same acts, the same sentences."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email

from connection.settings import Settings
from office import account_notices, handing_over, passwords
from office.council_names import named
from office.faults import WrongInput, one_of
from policies import ids
from register import account_keeping, account_record, assigned, identities, invitations, second_factors, users
from register.account_record import AccountDeed, Keeper
from register.assigned import Waiting
from register.database import Database
from register.users import EVERY_COUNCIL, AccountError, StaffRole, User

INVITED_FOR = timedelta(days=7)
PATH = "/invited/"
ALL = "all"
LONGEST_NAME = 100


class WrongField(WrongInput):
    """A field of an account that cannot be as it was given."""

    def __init__(self, name: str, message: str) -> None:
        self.field = name
        super().__init__(message)


@dataclass(frozen=True)
class Account:
    """An account as a manager sees it. ``invited_until``: its link to choose a password still opens until then.

    ``elsewhere``: its owner signs in with the council's provider. ``factor``: with codes of an app. ``seen_at`` is when
    somebody who is signed in was last seen.
    """

    user: User
    invited_until: datetime | None
    has_password: bool
    elsewhere: bool
    factor: bool
    seen_at: datetime | None

    @property
    def state(self) -> str:
        """How it stands, in a word or two."""
        if not self.user.active:
            return "closed"
        if self.invited_until:
            return "invited"
        return "open" if self.has_password or self.elsewhere else "no password"

    @property
    def by(self) -> str:
        """What its owner signs in with."""
        if self.elsewhere:
            return "the council’s own provider"
        if not self.has_password:
            return "nothing yet"
        return "a password and a second factor" if self.factor else "a password alone"


@dataclass(frozen=True)
class Told:
    """What was done, in a sentence, and the account as it now is.

    ``by_email``: whether its owner was told; ``said``: the sentence says so itself, or there was nothing to tell.
    """

    user: User
    words: str
    by_email: bool = True
    said: bool = False
    waiting: Waiting = field(default_factory=Waiting)

    @property
    def sentence(self) -> str:
        """What was done and whether its owner was told."""
        if self.said:
            return self.words
        if self.by_email:
            return f"{self.words} They are told by e-mail."
        return f"{self.words} The e-mail to {self.user.email} could not be sent, so tell them yourself."


@dataclass(frozen=True)
class AccountOffice:
    """Where accounts are kept. ``address`` is the console's as browsers reach it; empty: no link can be sent."""

    database: Database
    settings: Settings
    address: str
    by: Keeper
    council: str = EVERY_COUNCIL

    async def listed(self, now: datetime) -> list[Account]:
        """The accounts of one's council, or of every one, by council and name."""
        found = [user for user in await users.listed(self.database) if self._sees(user.council)]
        invited, elsewhere = await invitations.waiting(self.database, now), await identities.holders(self.database)
        factors, seen = await second_factors.holders(self.database), await users.last_seen(self.database)
        secured = await users.with_passwords(self.database)
        return [
            Account(
                user,
                invited.get(user.id),
                user.id in secured,
                user.id in elsewhere,
                user.id in factors,
                seen.get(user.id),
            )
            for user in found
        ]

    async def add(self, *, name: str, email: str, role: str, council: str, now: datetime) -> Told:
        """Make an account and send its owner a link to choose a password.

        Raises WrongInput for what cannot be one, and AccountError.
        """
        self.check_links()
        user = await self._made(name, email, role, council, now)
        return await self.invite(user.email, now)

    async def add_with_password(
        self, *, name: str, email: str, role: str, council: str, now: datetime
    ) -> tuple[User, str]:
        """Make an account; it and its password, told this once. Raises WrongInput and AccountError."""
        made = passwords.fresh()
        return await self._made(name, email, role, council, now, await passwords.hashed(made)), made

    async def invite(self, email: str, now: datetime) -> Told:
        """Send a link to choose the first password; the link before ends. Raises AccountError."""
        user = await users.named(self.database, email)
        if not user.active:
            raise AccountError(f"The account of {user.name} is closed; open it first.")
        if await identities.bound(self.database, user) or await users.by_email(self.database, user.email):
            raise AccountError(f"{user.name} can sign in already, so there is nothing to invite them to.")
        link, ends_at = await self._link(user, now)
        sent = await self._send(user, account_notices.invitation(user, self.by, link, ends_at))
        deed = AccountDeed.INVITED if sent else AccountDeed.NOT_INVITED
        await account_record.add(self.database, user.id, deed, self.by, now)
        if sent:
            return Told(
                user,
                f"{user.name} has an account. A link to choose a password is on its way to {user.email}.",
                said=True,
            )
        words = f"{user.name} has an account, but the e-mail with the link could not be sent; send it again later."
        return Told(user, words, by_email=False, said=True)

    async def reset_password(self, email: str, now: datetime) -> Told:
        """End a password and send its owner a link to choose a new one. Raises AccountError and WrongInput."""
        self.check_links()
        user = await account_keeping.end_password(self.database, email, now, self.by)
        link, ends_at = await self._link(user, now)
        sent = await self._send(user, account_notices.password_reset(user, self.by, link, ends_at))
        if sent:
            return Told(
                user,
                f"The password of {user.name} has ended. A link to choose a new one is on its way to {user.email}.",
                said=True,
            )
        words = (
            f"The password of {user.name} has ended, but the e-mail with the link could not be sent; do it again later."
        )
        return Told(user, words, by_email=False, said=True)

    async def set_password(self, email: str, now: datetime) -> tuple[Told, str]:
        """Give an account a new password and open it; it and the password, told this once. Raises AccountError."""
        made = passwords.fresh()
        user = await users.set_password(self.database, email, await passwords.hashed(made), now, self.by)
        sent = await self._send(user, account_notices.new_password(user, self.by))
        return Told(user, f"{user.name} has a new password.", sent), made

    async def reset_factor(self, email: str, now: datetime) -> Told:
        """Take somebody's second factor away and sign them out everywhere. Raises AccountError."""
        user = await second_factors.reset(self.database, email, now, self.by)
        sent = await self._send(user, account_notices.factor_reset(user, self.by))
        again = " and must set it up again at the next sign-in" if self.settings.second_factor == "required" else ""
        words = f"{user.name} has no second factor any more{again}, and is signed out everywhere."
        return Told(user, words, sent)

    async def change(
        self, email: str, *, name: str | None, role: str | None, council: str | None, now: datetime
    ) -> Told:
        """Give an account another name, role or council; what is None stays. Raises WrongInput and AccountError."""
        known = await users.named(self.database, email)
        new = _called(name) if name is not None else known.name
        wanted = _role(role) if role is not None else known.role
        where = await self._council(council) if council is not None else known.council
        before, after = await account_keeping.change(
            self.database, email, name=new, role=wanted, council=where, now=now, by=self.by
        )  # fmt: skip
        if before == after:
            return Told(after, "Nothing was changed.", said=True)
        own = after.id == self.by.id
        told = own or await self._send(after, account_notices.changed(after, self.by))
        words = f"{after.name} is now {named(f'{after.role.value} of {users.called(after.council)}')}."
        left = await self.waiting(before) if after.name != before.name else Waiting()
        return Told(after, words, told, own, left)

    async def close(self, email: str, now: datetime) -> Told:
        """Close an account and sign it out everywhere; what still waits for its owner. Raises AccountError."""
        known = await users.named(self.database, email)
        user = await account_keeping.disable(self.database, email, now, self.by)
        sent = not known.active or await self._send(user, account_notices.closed(user, self.by))
        words = f"{user.email} can no longer sign in, and is signed out everywhere."
        waiting = await self.waiting(user)
        if known.active and await handing_over.to_the_team(self.database, user, self.by.name, now):
            words += " The team looks after their open cases from now on, and the applicants are told."
        return Told(user, words, sent, not known.active, waiting)

    async def open(self, email: str, now: datetime) -> Told:
        """Open a closed account again. Raises AccountError."""
        known = await users.named(self.database, email)
        user = await account_keeping.reopen(self.database, email, now, self.by)
        sent = known.active or await self._send(user, account_notices.opened(user, self.by))
        return Told(user, f"{user.email} may sign in again.", sent, known.active)

    async def join(self, email: str, now: datetime) -> Told:
        """Let who signs in with this address at the provider have the account. Raises AccountError."""
        user = await identities.join(self.database, email, now, self.by)
        sent = await self._send(user, account_notices.joined(user, self.by))
        words = f"The next sign-in with {user.email} at the provider has this account. Its password is gone."
        return Told(user, words, sent)

    async def waiting(self, user: User) -> Waiting:
        """The open cases somebody looks after, and what they proposed that waits for a second person."""
        return await assigned.to(self.database, user)

    async def councils(self) -> Collection[str]:
        """The councils an account may be of."""
        if self.council != EVERY_COUNCIL:
            return (self.council,)
        return (*sorted({*ids(), *await assigned.councils(self.database)}), ALL)

    async def faults(self, *, name: str, role: str, council: str, email: str | None = None) -> list[WrongField]:
        """All that is wrong with what somebody typed, in the order of the form; without ``email`` that is not asked."""
        looks: list[Callable[[], object]] = [lambda: _called(name), lambda: _role(role)]
        if email is not None:
            looks.insert(1, lambda: _address(email))
        found = []
        for look in looks:
            try:
                look()
            except WrongField as wrong:
                found.append(wrong)
        try:
            await self._council(council)
        except WrongField as wrong:
            found.append(wrong)
        return found

    def check_links(self) -> None:
        """Raises WrongInput where no link can be sent: nobody said where the console is."""
        if not self.address:
            raise WrongInput("Set CASEREVIEW_CONSOLE_URL to the console’s address, so that a link can lead there.")

    async def _made(self, name: str, email: str, role: str, council: str, now: datetime, hash: str = "") -> User:
        return await users.add(
            self.database, name=_called(name), email=_address(email), role=_role(role),
            council=await self._council(council), now=now, hash=hash, by=self.by,
        )  # fmt: skip

    async def _council(self, council: str) -> str:
        known = await self.councils()
        if council.strip() not in known:
            raise WrongField("council", str(one_of("council", council, known)) if council else "Select a council.")
        return EVERY_COUNCIL if council.strip() == ALL else council.strip()

    async def _link(self, user: User, now: datetime) -> tuple[str, datetime]:
        self.check_links()
        secret, ends_at = secrets.token_urlsafe(32), now + INVITED_FOR
        await invitations.issue(self.database, user, hashed(secret), now, ends_at)
        return f"{self.address}{PATH}{secret}", ends_at

    async def _send(self, user: User, told: account_notices.Notice) -> bool:
        return await account_notices.send(self.settings, user, told)

    def _sees(self, council: str) -> bool:
        return self.council in (EVERY_COUNCIL, council)


def hashed(secret: str) -> str:
    """A link's secret as the register keeps it."""
    return hashlib.sha256(secret.encode()).hexdigest()


ROLE_WORDS: Mapping[StaffRole, str] = {
    StaffRole.OFFICER: "Starts cases and steers them",
    StaffRole.APPROVER: "The same, and agrees as the second person",
    StaffRole.MANAGER: "The same, sees the figures and who read a case, and keeps accounts",
    StaffRole.OPERATIONS: "Sees cases and does what operations do",
    StaffRole.AUDITOR: "Sees cases, figures and who read a case, and changes nothing",
    StaffRole.PARTNERSHIP: "Sees the figures, without small numbers",
}


def _called(name: str) -> str:
    called = " ".join(name.split())
    if not called:
        raise WrongField("name", "Enter their name.")
    if len(called) > LONGEST_NAME or not called.isprintable():
        raise WrongField("name", f"Their name must have at most {LONGEST_NAME} characters, all of them printable.")
    return called


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError:
        given = f", not “{email}”" if email.strip() else ""
        raise WrongField("email", f"Enter one e-mail address, such as jo@example.org{given}.") from None


def _role(role: str) -> StaffRole:
    if role.strip().lower() not in set(StaffRole):
        raise WrongField("role", str(one_of("role", role, StaffRole)) if role.strip() else "Select a role.")
    return StaffRole(role.strip().lower())
