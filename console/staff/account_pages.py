"""Accounts kept by managers: made, changed, closed and reset, and the record of all that was done to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.staff.sign_in import address
from console.web.desk import AccountKeeper, AtDesk, Desk
from console.web.posted_forms import Fault, Posted, posted
from office import accounts
from office.accounts import ALL, Account, AccountOffice, Told, WrongField
from office.council_names import named
from office.faults import WrongInput
from register import account_record
from register.account_record import Keeper
from register.users import EVERY_COUNCIL, AccountError, User

_FIELDS = ("name", "email", "role", "council")
_ROWS = 500

router = APIRouter()


@dataclass(frozen=True)
class Deed:
    """Something a manager may do to an account: its page says what follows, its button does it."""

    title: str
    follows: str
    button: str
    done: str
    fits: Callable[[Account], bool]
    warns: bool = False


DEEDS = {
    "invite": Deed(
        "Send the invitation again",
        "They are sent a new link to choose a password. The link before it does not work any more.",
        "Send the invitation",
        "The invitation is sent",
        lambda account: account.user.active and not account.has_password and not account.elsewhere,
    ),
    "password": Deed(
        "Reset the password",
        "Their password ends at once and they are signed out everywhere. They are sent a link to choose a new one; "
        "nobody else sees it. Their second factor stays.",
        "Reset the password",
        "The password is reset",
        lambda account: account.user.active and account.has_password,
    ),
    "second-factor": Deed(
        "Reset the second factor",
        "For somebody who has lost their phone and their recovery codes. Make sure that it is them who ask. They are "
        "signed out everywhere and told by e-mail; their password stays.",
        "Reset the second factor",
        "The second factor is reset",
        lambda account: account.factor,
        warns=True,
    ),
    "close": Deed(
        "Close the account",
        "They are signed out everywhere at once and cannot sign in any more. What they did stays in the cases. The "
        "account can be opened again.",
        "Close the account",
        "The account is closed",
        lambda account: account.user.active,
        warns=True,
    ),
    "open": Deed(
        "Open the account again",
        "They may sign in again as they did before, and are told by e-mail.",
        "Open the account",
        "The account is open again",
        lambda account: not account.user.active,
    ),
    "join": Deed(
        "Join it to the council’s sign-in",
        "Whoever signs in at the provider with this e-mail address next has this account. Its password and its second "
        "factor end, and they are signed out everywhere.",
        "Join the account",
        "The account is joined",
        lambda account: account.user.active and not account.elsewhere,
        warns=True,
    ),
}  # fmt: skip


@router.get("/accounts")
async def listed(request: Request, desk: AtDesk, user: AccountKeeper) -> Response:
    found = await _office(request, desk, user).listed(desk.now)
    return desk.pages.show(
        request, "accounts", accounts=found, called=_called(desk), local=desk.office.settings.local_accounts,
        required=desk.office.settings.second_factor == "required",
    )  # fmt: skip


@router.get("/accounts/record")
async def record(request: Request, desk: AtDesk, user: AccountKeeper) -> Response:
    entries = await account_record.listed(desk.database, user.council, at_most=_ROWS)
    return desk.pages.show(request, "account_record", entries=entries, most=_ROWS, named=named)


@router.get("/accounts/new")
async def ask(request: Request, desk: AtDesk, user: AccountKeeper) -> Response:
    return await _form(request, desk, user, Posted())


@router.post("/accounts/new")
async def make(request: Request, desk: AtDesk, user: AccountKeeper) -> Response:
    form, office = await posted(request), _office(request, desk, user)
    given = await _given(form, office)
    if not desk.office.settings.local_accounts:
        raise HTTPException(404)
    if faults := _faults(await office.faults(**given)):
        return await _form(request, desk, user, form, faults=faults)
    try:
        told = await office.add(**given, now=desk.now)
    except AccountError as error:
        return await _form(request, desk, user, form, faults=[Fault("email", _plain(error))])
    return _done(request, desk, "The account is made", told)


@router.get("/accounts/{id}")
async def show(request: Request, desk: AtDesk, user: AccountKeeper, id: str) -> Response:
    account, office = await _account(request, desk, user, id)
    return desk.pages.show(
        request, "account_kept", account=account, called=_called(desk), named=named,
        own=account.user.id == user.id,
        deeds={name: deed for name, deed in DEEDS.items() if _offered(desk, user, account, name)},
        waiting=await office.waiting(account.user),
        entries=await account_record.listed(desk.database, user.council, id, at_most=_ROWS),
    )  # fmt: skip


@router.get("/accounts/{id}/change")
async def ask_change(request: Request, desk: AtDesk, user: AccountKeeper, id: str) -> Response:
    account, _ = await _account(request, desk, user, id)
    if account.elsewhere:
        raise HTTPException(404)
    council = ALL if account.user.council == EVERY_COUNCIL else account.user.council
    known = Posted({"name": account.user.name, "role": account.user.role.value, "council": council})
    return await _form(request, desk, user, known, account)


@router.post("/accounts/{id}/change")
async def change(request: Request, desk: AtDesk, user: AccountKeeper, id: str) -> Response:
    form = await posted(request)
    account, office = await _account(request, desk, user, id)
    given = await _given(form, office)
    del given["email"]
    if account.user.id == user.id:
        given |= {"role": account.user.role.value, "council": ALL if user.council == EVERY_COUNCIL else user.council}
    if faults := _faults(await office.faults(**given)):
        return await _form(request, desk, user, form, account, faults)
    try:
        told = await office.change(account.user.email, **given, now=desk.now)
    except AccountError as error:
        return await _form(request, desk, user, form, account, [Fault("role", _plain(error))])
    return _done(request, desk, "The account is changed", told)


@router.get("/accounts/{id}/{deed}")
async def ask_deed(request: Request, desk: AtDesk, user: AccountKeeper, id: str, deed: str) -> Response:
    account, office = await _account(request, desk, user, id)
    if deed not in DEEDS:
        raise HTTPException(404)
    if not _offered(desk, user, account, deed):
        return RedirectResponse(f"/accounts/{id}", 303)
    return await _asked(request, desk, office, account, deed)


@router.post("/accounts/{id}/{deed}")
async def do(request: Request, desk: AtDesk, user: AccountKeeper, id: str, deed: str) -> Response:
    account, office = await _account(request, desk, user, id)
    if deed not in DEEDS or (deed == "join" and desk.door is None):
        raise HTTPException(404)
    acts: dict[str, Callable[[], Awaitable[Told]]] = {
        "invite": lambda: office.invite(account.user.email, desk.now),
        "password": lambda: office.reset_password(account.user.email, desk.now),
        "second-factor": lambda: office.reset_factor(account.user.email, desk.now),
        "close": lambda: office.close(account.user.email, desk.now),
        "open": lambda: office.open(account.user.email, desk.now),
        "join": lambda: office.join(account.user.email, desk.now),
    }
    try:
        told = await acts[deed]()
    except (AccountError, WrongInput) as error:
        return await _asked(request, desk, office, account, deed, [Fault("deed", _plain(error))])
    return _done(request, desk, DEEDS[deed].done, told)


def _office(request: Request, desk: Desk, user: User) -> AccountOffice:
    return AccountOffice(
        desk.database, desk.office.settings, address(request, desk), Keeper(user.id, user.name), user.council
    )  # fmt: skip


async def _account(request: Request, desk: Desk, user: User, id: str) -> tuple[Account, AccountOffice]:
    """An account somebody may keep, and where. 404 where there is none for them."""
    office = _office(request, desk, user)
    account = next((one for one in await office.listed(desk.now) if one.user.id == id), None)
    if account is None:
        raise HTTPException(404)
    return account, office


def _offered(desk: Desk, user: User, account: Account, deed: str) -> bool:
    if account.user.id == user.id or (deed == "join" and desk.door is None):
        return False
    return DEEDS[deed].fits(account)


async def _given(form: Posted, office: AccountOffice) -> dict[str, str]:
    """What was typed; the council of somebody who has but one to choose from is not asked."""
    councils = tuple(await office.councils())
    given = {name: form.value(name) for name in _FIELDS}
    return given | {"council": councils[0]} if len(councils) == 1 else given


async def _form(
    request: Request, desk: Desk, user: User, form: Posted, account: Account | None = None, faults: Sequence[Fault] = ()
) -> Response:
    if account is None and not desk.office.settings.local_accounts:
        raise HTTPException(404)
    office = _office(request, desk, user)
    councils = {id: "Every council" if id == ALL else desk.pages.council(id) for id in await office.councils()}
    return desk.pages.show(
        request, "account_form", 422 if faults else 200, values=form.values, account=account, faults=faults,
        roles={role.value: words for role, words in accounts.ROLE_WORDS.items()}, councils=councils,
        own=account is not None and account.user.id == user.id,
    )  # fmt: skip


async def _asked(
    request: Request, desk: Desk, office: AccountOffice, account: Account, deed: str, faults: Sequence[Fault] = ()
) -> Response:
    waiting = await office.waiting(account.user) if deed == "close" else None
    return desk.pages.show(
        request, "account_deed", 422 if faults else 200, account=account, deed=DEEDS[deed], key=deed, faults=faults,
        waiting=waiting,
    )  # fmt: skip


def _done(request: Request, desk: Desk, title: str, told: Told) -> Response:
    return desk.pages.show(request, "account_done", title=title, told=told)


def _called(desk: Desk) -> Callable[[User], str]:
    return lambda user: "every council" if user.council == EVERY_COUNCIL else desk.pages.council(user.council)


def _faults(wrong: Sequence[WrongField]) -> list[Fault]:
    return [Fault(one.field, _plain(one)) for one in wrong]


def _plain(error: Exception) -> str:
    """A sentence as an error message has it: without its full stop."""
    return named(str(error)).rstrip(".")
