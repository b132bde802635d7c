"""What an applicant tells the council: who they are, what happened, when, and whom they told.

``ApplicationForm`` is the file or page a person fills in. ``Application`` is what the case carries: the same
without names and addresses, which stay in the register under their ``person`` ids.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from unicodedata import category

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from domain.calendar import words
from domain.postal_address import postable
from domain.span import Span
from domain.telephone import mobile

_BREAKS = frozenset({"Cc", "Zl", "Zp"})


WRITTEN_AT_MOST = 200_000
NOT_NAMED = "Somebody who gave no name"
"""Who an anonymous application is from, wherever a name would stand."""


def _one_line(value: str) -> str:
    if not value.isprintable() and any(category(character) in _BREAKS for character in value):
        raise ValueError("must be one line without control characters")
    return value.strip()


def _without_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("must not have the character U+0000; take it out")
    return value


def _without_mailto(value: object) -> object:
    return re.sub(r"^\s*mailto:", "", value, flags=re.IGNORECASE) if isinstance(value, str) else value


Line = Annotated[str, Field(max_length=200), AfterValidator(_one_line)]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(_without_nul)]
EMAIL_PATTERN = r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+$"
Email = Annotated[
    str, BeforeValidator(_without_mailto), Field(pattern=EMAIL_PATTERN, max_length=200), AfterValidator(_one_line)
]
"""An e-mail address; one that was copied from a link as ``mailto:`` is taken without it."""


class Written(BaseModel):
    """A file people write: an unknown field is an error, so that a slip of the pen is never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Carried(BaseModel):
    """A value that travels in a running case: fields a newer version added are ignored by an older one."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Channel(StrEnum):
    """How the application reached the point of contact (s.104(3)(a))."""

    WEB = "web"
    PHONE = "phone"
    POST = "post"
    EMAIL = "email"
    IN_PERSON = "in_person"


class Means(StrEnum):
    """The way a letter goes to its reader; by text message goes the news of it, with the link to where it is read."""

    EMAIL = "email"
    POST = "post"
    TEXT = "text"

    @property
    def words(self) -> str:
        return {"email": "by e-mail", "post": "by post", "text": "by text message"}[self.value]

    @property
    def on_its_own(self) -> bool:
        """Whether the letter itself goes, so that its reader needs no page to read it on."""
        return self is not Means.TEXT


_UNSAFE_FOR = {
    Means.EMAIL: frozenset({"email"}),
    Means.POST: frozenset({"post"}),
    Means.TEXT: frozenset({"text", "phone"}),
}


class Tenure(StrEnum):
    """How the victim holds their home: it decides which ombudsman a letter names."""

    COUNCIL_TENANT = "council_tenant"
    HOUSING_ASSOCIATION_TENANT = "housing_association_tenant"
    PRIVATE_TENANT = "private_tenant"
    OWNER = "owner"
    OTHER = "other"


class Category(StrEnum):
    """What a complaint was about, where a council's route asks for it."""

    ASB = "asb"
    HATE = "hate"
    CRIME = "crime"


class Incident(Carried):
    """One complaint of anti-social behaviour: when it happened, when it was reported and to whom.

    ``occurred_until`` is the last day of behaviour that went on; the month to report it runs from that day. Where
    ``occurred_unsure``, it is the last day on which it can have happened, and nobody knows which it was;
    ``reported_until`` and ``reported_unsure`` say the same of the report. ``reported_to`` is an agency's id in the
    policy, or its name. ``reporter`` is named to an agency only where they agreed (``reporter_consents``). Raises
    ValueError where a report comes before the behaviour.
    """

    id: str = ""
    occurred: date
    occurred_until: date | None = None
    occurred_unsure: bool = False
    reported: date
    reported_until: date | None = None
    reported_unsure: bool = False
    reported_to: Line
    reference: Line = ""
    what: Text
    category: Category = Category.ASB
    reporter: Line = ""
    reporter_consents: bool = False
    premises: Line = ""

    @property
    def last_day(self) -> date:
        return self.occurred_until or self.occurred

    @property
    def last_reported(self) -> date:
        """The last day on which it can have been reported."""
        return self.reported_until or self.reported

    @property
    def happened_on(self) -> Span:
        return Span(self.occurred, self.last_day, self.occurred_unsure)

    @property
    def reported_on(self) -> Span:
        """A report is made on one day: where two are given, nobody knows which it was."""
        return Span(self.reported, self.last_reported, self.reported_unsure or self.reported < self.last_reported)

    @model_validator(mode="after")
    def _in_order(self) -> Incident:
        for last, first in ((self.occurred_until, self.occurred), (self.reported_until, self.reported)):
            if last and last < first:
                raise ValueError(
                    f"the last day, {words(last)}, is before the first, {words(first)}; correct one of the dates"
                )
        if self.last_reported < self.occurred:
            told, happened = words(self.last_reported), words(self.occurred)
            raise ValueError(f"the report of {told} is before what happened on {happened}; correct one of the dates")
        return self


class WrittenIncident(Incident):
    """An incident as a person writes it down."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Person(Written):
    """Somebody letters go to. ``prefers`` is the way they want them, another being used where that one fails;
    what ``unsafe`` names (email, post, text, phone, voicemail) is never used, nor a text where ``phone`` is unsafe.

    ``language`` is the code of the one they read: en, cy, pl.
    """

    name: Annotated[Line, Field(min_length=1)]
    email: Email | None = None
    phone: Line = ""
    address: tuple[Line, ...] = ()
    large_print: bool = False
    language: Line = "en"
    prefers: Means = Means.EMAIL
    unsafe: frozenset[str] = frozenset()

    @property
    def mobile(self) -> str:
        """Their number where a text message reaches it, such as "+447700900123"; or empty."""
        return mobile(self.phone)

    @property
    def postable(self) -> bool:
        """Whether a letter can be posted to their address."""
        return postable(self.address)

    @property
    def ways(self) -> tuple[Means, ...]:
        """The ways a letter may go to them, the one they want first; empty where none is safe and known. No letter
        goes to an address that no postman can use, such as "No fixed abode"."""
        known = {Means.EMAIL: self.email, Means.POST: self.postable, Means.TEXT: self.mobile}
        safe = [way for way in Means if known[way] and not self.unsafe & _UNSAFE_FOR[way]]
        return tuple(sorted(safe, key=lambda way: way is not self.prefers))


class Authority(StrEnum):
    """By what right somebody acts for a victim; all but consent stand in for a victim who cannot give it."""

    CONSENT = "consent"
    PARENT = "parent"
    COURT = "court"
    BEST_INTERESTS = "best_interests"

    @property
    def words(self) -> str:
        return {
            "consent": "with the victim's consent",
            "parent": "as the parent of a child, or with parental responsibility",
            "court": "by a power of attorney or a court's order",
            "best_interests": "in the best interests of somebody who cannot decide this",
        }[self.value]


class Representative(Person):
    """Somebody who acts for the victim: with the victim's consent (DOV-20, MED-18, FOL-16, SDB-06), or by another right
    where the victim is a child or cannot decide this.

    ``scope`` is what they may do, where that is not everything; ``until`` the last day on which they may.
    """

    relation: Annotated[Line, Field(min_length=1)]
    victim_consents: bool = False
    authority: Authority = Authority.CONSENT
    scope: Line = ""
    until: date | None = None

    @property
    def may_act(self) -> bool:
        return self.victim_consents or self.authority is not Authority.CONSENT


class Part(StrEnum):
    """As what somebody besides the applicant is part of an application."""

    JOINT = "joint applicant"
    SUPPORTER = "supporter"


class FurtherPerson(Person):
    """Somebody besides the applicant who is part of an application: a further victim, or somebody who supports one.

    ``consents``: the agencies that take part may have their name and what they told. ``needs`` is what makes them
    vulnerable and what they need. ``acted_for_by`` is who acts for a child or for somebody who cannot decide this, and
    by what right; the contact details are then theirs.
    """

    part: Part = Part.JOINT
    consents: bool = False
    needs: Text = ""
    acted_for_by: Line = ""


def with_a_name(given: Any) -> Any:
    """What was filled in, with what stands for a name where an anonymous applicant gave none.

    Every way in asks this before it reads the form: but for the name an anonymous application is like any other.
    """
    anonymous = isinstance(given, Mapping) and given.get("anonymous") in (True, "yes", "true")
    applicant = given.get("applicant", {}) if anonymous else None
    if not isinstance(applicant, Mapping) or str(applicant.get("name") or "").strip():
        return given
    return {**given, "applicant": {**applicant, "name": NOT_NAMED}}


class ApplicationForm(Written):
    """An application as it is filled in: ``casereview apply FILE`` and every other way in read this shape.

    ``anonymous``: they give no name, and are told how they can be heard without. The Act asks for none (s.104(1)).
    ``made_at`` is when it reached the point of contact, with its offset or in Europe/London time; the six months
    of s.104(11) count back from that day whatever happens later. ``consent_to_share`` may be missing at first: the
    application keeps its date and the applicant is asked. ``needs`` is who is vulnerable and what they need.
    """

    made_at: datetime | None = None
    channel: Channel = Channel.WEB
    anonymous: bool = False
    applicant: Person
    representative: Representative | None = None
    consent_to_share: bool = False
    tenure: Tenure = Tenure.OTHER
    landlord: Line = ""
    incidents: Annotated[tuple[WrittenIncident, ...], Field(min_length=1, max_length=200)]
    same_problem: bool = True
    impact: Text = ""
    needs: Text = ""
    wanted: Text = ""
    attendance: Line = ""

    @model_validator(mode="after")
    def _of_a_size(self) -> ApplicationForm:
        told = (self.impact, self.needs, self.wanted, *(incident.what for incident in self.incidents))
        written = sum(map(len, told))
        if written > WRITTEN_AT_MOST:
            raise ValueError(
                f"the incidents, impact, needs and wanted have {written} characters together "
                f"and {WRITTEN_AT_MOST} is the most; shorten them, and send the rest as documents"
            )
        return self


class Application(Carried):
    """The application as the case carries it; ``applicant`` and ``representative`` are person ids in the register.

    ``acts_until`` is the last day on which the representative may act; None for as long as the victim consents.
    """

    applicant: str
    representative: str = ""
    victim_consents: bool = True
    acts_until: date | None = None
    anonymous: bool = False
    consent_to_share: bool = False
    channel: Channel = Channel.WEB
    tenure: Tenure = Tenure.OTHER
    landlord: str = ""
    incidents: tuple[Incident, ...] = ()
    same_problem: bool = True
    impact: str = ""
    needs: str = ""
    wanted: str = ""
    attendance: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What must still come from the applicant before agencies can check anything, in words."""
        wanted = []
        if self.anonymous and not (self.representative and self.victim_consents):
            wanted.append("your name, or somebody who may act for you: without one, no agency can find your reports")
        if not self.consent_to_share:
            wanted.append("consent to share your details with the agencies who must take part")
        if self.representative and not self.victim_consents:
            wanted.append("the victim's consent that their representative may act for them")
        return tuple(wanted)


def carried(form: ApplicationForm, applicant: str, representative: str = "") -> Application:
    """The form without its people; each incident gets its id (I1, I2, …) in the order it was written."""
    return Application(
        applicant=applicant,
        representative=representative,
        victim_consents=form.representative.may_act if form.representative else True,
        acts_until=form.representative.until if form.representative else None,
        anonymous=form.anonymous and form.applicant.name == NOT_NAMED,
        consent_to_share=form.consent_to_share,
        channel=form.channel,
        tenure=form.tenure,
        landlord=form.landlord,
        incidents=tuple(
            Incident.model_validate({**incident.model_dump(), "id": f"I{number}"})
            for number, incident in enumerate(form.incidents, start=1)
        ),
        same_problem=form.same_problem,
        impact=form.impact,
        needs=form.needs,
        wanted=form.wanted,
        attendance=form.attendance,
    )
