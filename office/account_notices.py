"""What people are told by e-mail about their account: what was done, by whom, and what to do if it was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connection.settings import Settings
from domain.calendar import LONDON
from domain.dates import short
from office.council_names import named
from post import notice
from register.account_record import Keeper
from register.users import User, called

_SERVICE = "ASB Case Reviews"
_NOT_YOU = "If you did not do this, tell your manager at once: somebody else may be signing in as you."


@dataclass(frozen=True)
class Notice:
    """One e-mail to the owner of an account."""

    subject: str
    paragraphs: Sequence[str]


def invitation(user: User, by: Keeper, link: str, ends_at: datetime) -> Notice:
    """The link by which a new colleague chooses their password."""
    return Notice(
        f"Your account for {_SERVICE}",
        (
            f"{_somebody(by)} has made an account for you, as {_post(user)}. Your e-mail address is {user.email}.",
            f"Open this link to choose your password:\n{link}",
            _once(ends_at),
            "If you do not expect this, delete this e-mail.",
        ),
    )


def password_reset(user: User, by: Keeper, link: str, ends_at: datetime) -> Notice:
    """That the old password has ended, and the link by which its owner chooses a new one."""
    return Notice(
        f"Choose a new password for {_SERVICE}",
        (
            f"{_somebody(by)} has reset your password. The old one does not work any more, and you are signed out "
            "everywhere.",
            f"Open this link to choose a new password:\n{link}",
            _once(ends_at),
        ),
    )


def new_password(user: User, by: Keeper) -> Notice:
    """That somebody else set a password."""
    return Notice(
        f"Your password for {_SERVICE} was reset",
        (
            f"{_somebody(by)} has given your account a new password, which they will tell you. The old one does not "
            "work any more, and you are signed out everywhere. Change it under “Your account” when you have signed in.",
        ),
    )


def factor_reset(user: User, by: Keeper) -> Notice:
    """That somebody else took the second factor away."""
    return Notice(
        f"Your second factor for {_SERVICE} was reset",
        (
            f"{_somebody(by)} has reset your second factor: codes of your app and your recovery codes do not work any "
            "more, and you are signed out everywhere. Your password is as it was. Set the app up again under “Your "
            "account” when you have signed in.",
            "If you did not ask for this, tell your manager at once.",
        ),
    )


def closed(user: User, by: Keeper) -> Notice:
    return Notice(
        f"Your account for {_SERVICE} is closed",
        (
            f"{_somebody(by)} has closed your account. You are signed out everywhere and cannot sign in any more.",
            "If this is wrong, ask your manager.",
        ),
    )


def opened(user: User, by: Keeper) -> Notice:
    return Notice(
        f"Your account for {_SERVICE} is open again",
        (f"{_somebody(by)} has opened your account again. You sign in as you did before.",),
    )


def joined(user: User, by: Keeper) -> Notice:
    """That they sign in with the council's provider from now on."""
    return Notice(
        f"You sign in to {_SERVICE} with your council’s account from now on",
        (
            f"{_somebody(by)} has joined your account to the council’s own sign-in. Your password of this service has "
            "ended, and you are signed out everywhere.",
        ),
    )


def changed(user: User, by: Keeper) -> Notice:
    """That somebody else changed the role, the council or the name."""
    return Notice(
        f"Your account for {_SERVICE} was changed",
        (f"{_somebody(by)} has changed your account. You are now {user.name}, {_post(user)}.",),
    )


def own_password() -> Notice:
    return Notice(
        f"Your password for {_SERVICE} was changed",
        ("Your password was changed, and you were signed out everywhere else.", _NOT_YOU),
    )


def factor_set_up() -> Notice:
    return Notice(
        f"Your account for {_SERVICE} has a second factor",
        ("From now on you sign in with your password and a code of your app.", _NOT_YOU),
    )


def factor_turned_off() -> Notice:
    return Notice(
        f"The second factor of your account for {_SERVICE} is turned off",
        ("From now on you sign in with your password alone.", _NOT_YOU),
    )


def code_used(left: int) -> Notice:
    """That somebody signed in by a recovery code."""
    codes = "one recovery code is" if left == 1 else f"{left or 'no'} recovery codes are"
    return Notice(
        f"You signed in to {_SERVICE} with a recovery code",
        (
            f"A recovery code was used to sign in as you; {codes} left. You can make new ones under “Your account”.",
            _NOT_YOU,
        ),
    )


def codes_tried() -> Notice:
    """That somebody has the password and not the second factor."""
    return Notice(
        f"Somebody may know your password for {_SERVICE}",
        (
            "Somebody gave your right password and then too many wrong codes. They were not let in.",
            "If that was you, wait a little and try again, or use a recovery code. If it was not, change your password "
            "at once under “Your account”, and tell your manager.",
        ),
    )


async def send(settings: Settings, user: User, told: Notice) -> bool:
    """Hand the notice to whoever takes the council's e-mail; whether it was taken."""
    greeted = (f"Dear {user.name},", *told.paragraphs)
    return await notice.by_email(settings, user.email, told.subject, greeted, to_name=user.name)


def _somebody(by: Keeper) -> str:
    return by.name if by.id else "Whoever runs the service"


def _post(user: User) -> str:
    return named(f"{user.role.value} of {called(user.council)}")


def _once(ends_at: datetime) -> str:
    local = ends_at.astimezone(LONDON)
    return (
        f"It works once, until {short(local.date())}, {local:%H:%M}. Keep it to yourself: nobody will ask you for it."
    )
