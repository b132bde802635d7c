"""The tables of those who have none: links, applications on the web, documents, other systems."""

from datetime import date, datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from register.columns import RegisterTable, UtcDateTime

_CASE = "cases.reference"


class Link(RegisterTable, table=True):
    """A link by which somebody without an account sees or does their part of one case, and nothing else.

    ``holder`` is whose it is: a person's id, an agency's id, a seat of the panel, an appeal's number; ``about`` the one
    thing it is of, such as an enquiry's key. ``number`` counts the links of the same holder and thing from 1.
    ``key_id`` names the key of the key ring that signs it: the signature is in no row of this table.
    """

    __tablename__ = "links"
    __table_args__ = (UniqueConstraint("reference", "purpose", "holder", "about", "number"),)

    id: str = Field(primary_key=True)
    reference: str = Field(foreign_key=_CASE)
    purpose: str
    holder: str
    about: str = ""
    number: int
    key_id: str
    issued_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_by: str = ""
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Visit(RegisterTable, table=True):
    """A link opened in a browser; ``id`` is the SHA-256 of the secret that browser holds."""

    __tablename__ = "visits"

    id: str = Field(primary_key=True)
    link_id: str = Field(foreign_key="links.id", primary_key=True, index=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class UnsentApplication(RegisterTable, table=True):
    """An application that its applicant began on the web; once sent, only its ``reference`` is left of it.

    ``browser`` is the SHA-256 of the secret their browser holds, ``code`` that of the code they wrote down.
    """

    __tablename__ = "unsent_applications"

    id: str = Field(primary_key=True)
    council: str
    browser: str = Field(unique=True)
    code: str | None = Field(default=None, unique=True)
    reference: str = ""
    body: str = Field(sa_type=Text)
    begun_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime, index=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class Document(RegisterTable, table=True):
    """One document of a case, or of an application that is not sent; its bytes lie on the shelf under ``sha256``.

    ``id`` is random. ``role`` and ``actor`` put it in, ``given_by`` is whom they had it from; ``told`` once the case's
    workflow knows of it. ``holder`` is whose link it came by, empty for what staff add or an application brought.
    ``scanned_at`` is when a scanner looked at it, if one did, ``virus`` what it found then.
    """

    __tablename__ = "documents"

    id: str = Field(primary_key=True)
    reference: str | None = Field(default=None, foreign_key=_CASE, index=True)
    unsent: str | None = Field(default=None, foreign_key="unsent_applications.id", index=True)
    name: str
    media_type: str
    size: int
    sha256: str = Field(index=True)
    role: str
    actor: str
    given_by: str
    about: str
    at: datetime = Field(sa_type=UtcDateTime)
    told: bool = False
    holder: str = ""
    scanned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    virus: str = ""


class RefusedDocument(RegisterTable, table=True):
    """A file that was not kept because a scanner found a virus in it."""

    __tablename__ = "refused_documents"

    id: str = Field(primary_key=True)
    reference: str | None = Field(default=None, foreign_key=_CASE, index=True)
    unsent: str | None = Field(default=None, foreign_key="unsent_applications.id", index=True)
    name: str
    sha256: str
    virus: str
    role: str
    actor: str
    at: datetime = Field(sa_type=UtcDateTime)


class Source(RegisterTable, table=True):
    """A system that sends applications for one council; ``key_hash`` is the SHA-256 of its key."""

    __tablename__ = "sources"

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    council: str
    key_hash: str = Field(unique=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Delivery(RegisterTable, table=True):
    """Which source sent the application of a case, and the SHA-256 of what it sent."""

    __tablename__ = "deliveries"

    reference: str = Field(foreign_key=_CASE, primary_key=True)
    source_id: str = Field(foreign_key="sources.id", index=True)
    fingerprint: str


class Unfinished(RegisterTable, table=True):
    """What somebody typed into a form of a case and has not sent; ``task`` is what they are at, ``body`` is JSON.

    It is theirs by whatever link of the same purpose, holder and thing they come: a new link finds it too. Of staff
    the purpose is ``staff`` and the holder their account.
    """

    __tablename__ = "unfinished"

    reference: str = Field(foreign_key=_CASE, primary_key=True)
    purpose: str = Field(primary_key=True)
    holder: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    task: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class SurveyLink(RegisterTable, table=True):
    """A link to the questions after a case, good for one answer. ``id`` is the hash of what makes it work.

    It names no case and nobody: ``refused`` says only which of two lists of questions is asked.
    """

    __tablename__ = "survey_links"

    id: str = Field(primary_key=True)
    council: str
    refused: bool
    demo: bool


class SurveyAnswer(RegisterTable, table=True):
    """What somebody said of how their case was handled, without their name and the case's reference.

    ``month`` is the first day of the month in which they said it; the answers are those of ``register.surveys``.
    """

    __tablename__ = "survey_answers"

    id: str = Field(primary_key=True)
    council: str = Field(index=True)
    month: date
    refused: bool
    demo: bool
    told: str
    clear: str
    heard: str
    respect: str
    result: str
    words: str = Field(sa_type=Text)
