"""The tables of those who have an account: who they are, what they looked at, what they have not finished."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field

from register.columns import RegisterTable, UtcDateTime

_CASE = "cases.reference"


class User(RegisterTable, table=True):
    """Somebody who may sign in to the console."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("council", "email"),)

    id: str = Field(primary_key=True)
    name: str
    email: str
    role: str
    council: str
    active: bool = True


class Credential(RegisterTable, table=True):
    """A local account's password as argon2 keeps it; somebody who signs in elsewhere has none."""

    __tablename__ = "credentials"

    user_id: str = Field(foreign_key="users.id", primary_key=True)
    hash: str
    changed_at: datetime = Field(sa_type=UtcDateTime)


class Identity(RegisterTable, table=True):
    """Whose account somebody has who signs in with a provider; no ``subject`` until they do for the first time."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: str = Field(foreign_key="users.id", primary_key=True)
    issuer: str | None = None
    subject: str | None = None
    bound_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignIn(RegisterTable, table=True):
    """Somebody signed in to the console; ``id`` is the SHA-256 of the secret their browser holds.

    ``search`` is what they last searched the cases for: names do not belong in a page's address. ``browser`` and
    ``address`` say where to its owner. ``half_way``: the password was right, and the second factor is still to come.
    """

    __tablename__ = "sign_ins"

    id: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="users.id", index=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    search: str = ""
    browser: str = ""
    address: str = ""
    half_way: bool = False


class SecondFactor(RegisterTable, table=True):
    """The app that somebody's codes come from. Its secret is sealed under the key ring: ``sealed`` once a first code
    was right, ``offered`` before. ``last_step`` is the half minute of the last code taken: none is taken twice.
    """

    __tablename__ = "second_factors"

    user_id: str = Field(foreign_key="users.id", primary_key=True)
    sealed: str = ""
    offered: str = ""
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_step: int = Field(default=0, sa_type=BigInteger)


class RecoveryCode(RegisterTable, table=True):
    """A code for somebody whose phone is lost; ``hash`` is its SHA-256."""

    __tablename__ = "recovery_codes"

    user_id: str = Field(foreign_key="users.id", primary_key=True)
    hash: str = Field(primary_key=True)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Invitation(RegisterTable, table=True):
    """A link by which somebody chooses their password, once; ``hash`` is the SHA-256 of the secret in it."""

    __tablename__ = "invitations"

    user_id: str = Field(foreign_key="users.id", primary_key=True)
    hash: str = Field(unique=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)


class AccountEntry(RegisterTable, table=True):
    """Something that was done to an account: which one, what, by whom and when. Only ever added to."""

    __tablename__ = "account_entries"
    __table_args__ = (Index("ix_account_entries_user_id_at", "user_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    user_id: str = Field(foreign_key="users.id")
    deed: str
    words: str = ""
    by_id: str = ""
    by_name: str


class Read(RegisterTable, table=True):
    """Somebody looked at a case: ``what`` says at which part of it. Only ever added to."""

    __tablename__ = "reads"
    __table_args__ = (Index("ix_reads_reference_at", "reference", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    user_id: str
    name: str
    role: str
    reference: str = Field(foreign_key=_CASE)
    what: str


class Draft(RegisterTable, table=True):
    """Something begun in the console: an application, or an act that waits for a second person.

    ``reference`` is the case an act is of, empty for an application; ``body`` is what was typed.
    """

    __tablename__ = "drafts"

    id: str = Field(primary_key=True)
    kind: str
    council: str = Field(index=True)
    reference: str = ""
    act: str = ""
    user_id: str = Field(foreign_key="users.id")
    name: str
    body: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
