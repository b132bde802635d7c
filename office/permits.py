"""Who may do what in the console. A case of another council is not there at all: 404, not 403."""

from __future__ import annotations

from enum import StrEnum

from domain.events import Actor, Role
from register.users import StaffRole, User

_CASE_STAFF = frozenset({StaffRole.OFFICER, StaffRole.APPROVER, StaffRole.MANAGER})


class Permit(StrEnum):
    """What a page needs of who asks for it."""

    READ = "read cases"
    ACT = "act on cases"
    START = "start cases"
    LINKS = "make links for people without an account, and see an applicant's"
    AGREE = "agree as the second person"
    SAFETY = "read what a safety referral says"
    READERS = "see who read a case"
    OVERLOOK = "see the figures of many cases"
    OPERATE = "see what stands still"
    ACCOUNT = "keep their own account"
    ACCOUNTS = "keep the accounts of others"


HOLDERS: dict[Permit, frozenset[StaffRole]] = {
    Permit.READ: _CASE_STAFF | {StaffRole.OPERATIONS, StaffRole.AUDITOR},
    Permit.ACT: _CASE_STAFF | {StaffRole.OPERATIONS},
    Permit.START: _CASE_STAFF,
    Permit.LINKS: _CASE_STAFF,
    Permit.AGREE: frozenset({StaffRole.APPROVER, StaffRole.MANAGER}),
    Permit.SAFETY: _CASE_STAFF,
    Permit.READERS: frozenset({StaffRole.MANAGER, StaffRole.AUDITOR}),
    Permit.OVERLOOK: frozenset({StaffRole.MANAGER, StaffRole.AUDITOR, StaffRole.PARTNERSHIP}),
    Permit.OPERATE: _CASE_STAFF | {StaffRole.OPERATIONS},
    Permit.ACCOUNT: frozenset(StaffRole),
    Permit.ACCOUNTS: frozenset({StaffRole.MANAGER}),
}


def holds(user: User, permit: Permit) -> bool:
    return user.role in HOLDERS[permit]


def role(user: User) -> Role:
    """As whom somebody acts on a case: officers write down what others say, too."""
    return Role.OPERATIONS if user.role is StaffRole.OPERATIONS else Role.OFFICER


def actor(user: User) -> Actor:
    return Actor(role=role(user), name=user.name)


def home(user: User) -> str:
    """Where somebody's work begins."""
    return "/cases" if holds(user, Permit.READ) else "/management"
