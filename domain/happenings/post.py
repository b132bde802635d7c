"""What becomes of letters: handed over, printed and posted, never delivered, settled; where they go from now on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.application import Line, Means
from domain.happenings.body import ActKind, Body, Reasons, Role
from domain.stage import ANY_STAGE
from domain.terms import LinkPurpose


class PostClass(StrEnum):
    """How fast the post carries a letter; a policy's ``[service]`` has the working days of each."""

    FIRST = "first"
    SECOND = "second"


class Failure(StrEnum):
    """How it came out that a letter was not delivered: an e-mail or a text message did not get there, or an envelope
    came back. ``unclear``: a mail server wrote about it in a form that nobody but a person can read."""

    BOUNCED = "bounced"
    RETURNED = "returned"
    UNCLEAR = "unclear"


class LetterState(StrEnum):
    """What is known of a letter when it leaves our hands.

    ``waiting``: the mail server said later; ``uncertain``: it may have gone; ``in_tray``: it is to be printed and
    posted.
    """

    ACCEPTED = "accepted"
    WAITING = "waiting"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    IN_TRAY = "in_tray"


class LetterPosted(Body):
    """A letter was handed over, or could not be. ``event``: what it tells of; ``told``: its dates.

    ``by`` is the way it went, None where no way to the reader is known; ``then`` the way that is tried next, where it
    was refused. ``upto`` is how many events it was written from, where they are more than those up to its own.
    """

    kind: Literal["letter.posted"] = "letter.posted"
    key: str
    letter: str
    to: str
    event: str
    state: LetterState
    by: Means | None = Means.EMAIL
    then: Means | None = None
    words: str = ""
    told: Mapping[str, date] = {}
    upto: int = 0


class LetterDispatched(Body):
    """A letter from the print tray was posted; it counts as received by its class of post."""

    kind: Literal["letter.dispatched"] = "letter.dispatched"
    does: ClassVar[ActKind | None] = ActKind(
        "post-letter", also=frozenset({Role.OPERATIONS}), turn=ANY_STAGE, any_time=True,
        title="Say that a letter is in the post", done="The letter is recorded as posted",
        lead="For a letter from the print tray. It counts as received by its class of post, and its days run from "
        "then.",
    )  # fmt: skip
    key: Line
    on: date
    post_class: PostClass = PostClass.SECOND


class LetterUndelivered(Body):
    """A letter that had left came back: what it started does not run, and it goes another way.

    ``address`` is the e-mail address that failed, where it is an officer's: the team reads their letters then.
    """

    kind: Literal["letter.undelivered"] = "letter.undelivered"
    does: ClassVar[ActKind | None] = ActKind(
        "report-undelivered", also=frozenset({Role.OPERATIONS}), turn=ANY_STAGE, any_time=True,
        title="Say that a letter came back", done="It is recorded that the letter came back",
        lead="What the letter had started for its reader stops, and it goes another way if there is one.",
        letters=("A-18",),
    )  # fmt: skip
    key: Line
    how: Failure
    reason: Annotated[str, Field(max_length=400)] = ""
    address: Line = ""


class Detail(StrEnum):
    """One of the details by which somebody is written to or rung."""

    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    PREFERS = "prefers"
    UNSAFE = "unsafe"
    LARGE_PRINT = "large_print"
    LANGUAGE = "language"


class ContactCorrected(Body):
    """Somebody is reached in another way from now on; the details themselves stay in the register.

    ``person`` is the person id by which the case knows them, ``details`` the id under which the register keeps what
    holds from now on, ``changed`` which of them are new, and ``how`` how it was made sure that they are theirs.
    """

    kind: Literal["contact.corrected"] = "contact.corrected"
    does: ClassVar[ActKind | None] = ActKind(
        "correct-contact", turn=ANY_STAGE, any_time=True,
        title="Correct how somebody is reached", done="How they are reached is corrected",
        lead="Letters go there from now on, also those that are sent again. No letter tells of the change: nothing is "
        "sent to the old address any more, and it never hears the new one.",
    )  # fmt: skip
    person: Line
    details: Line = ""
    changed: tuple[Detail, ...] = ()
    how: Reasons


class LinkRenewed(Body):
    """Somebody without an account has a new link, and the one they had is over.

    ``link`` is the id of the one that is over, ``holder`` and ``about`` whose and about what it is, as its purpose
    says; what makes a link work is in no event. A person's new link is given to them by whoever asked for it; any
    other goes to its holder's own address and is shown to nobody.
    """

    kind: Literal["link.renewed"] = "link.renewed"
    does: ClassVar[ActKind | None] = ActKind(
        "renew-link", turn=ANY_STAGE, any_time=True,
        title="Make a new link", done="The new link is made",
        lead="The link they had is over. An agency’s, a chair’s or an appeal body’s new one goes to their own address "
        "and is shown to nobody; an applicant’s is shown once, to be given to them.",
        letters=("A-19",),
    )  # fmt: skip
    link: Line
    purpose: LinkPurpose
    holder: Line
    about: str = ""


class LetterSettled(Body):
    """Somebody found out what became of a letter that failed or may have gone, or asks to send it again."""

    kind: Literal["letter.settled"] = "letter.settled"
    does: ClassVar[ActKind | None] = ActKind(
        "settle-letter", also=frozenset({Role.OPERATIONS}), turn=ANY_STAGE, any_time=True,
        title="Say what became of a letter", done="What became of the letter is recorded",
        lead="For a letter that was refused or may not have gone. One that did not arrive is sent again.",
    )  # fmt: skip
    key: Line
    arrived: bool
    how: Reasons


PostHappening = LetterPosted | LetterDispatched | LetterUndelivered | ContactCorrected | LinkRenewed | LetterSettled
