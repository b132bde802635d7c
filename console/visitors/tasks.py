"""What somebody who came by a link can do: a questionnaire that makes an act's body, and what is said around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console.questions.questionnaire import Questionnaire
from domain.events import Body
from office.wording import Asked, Caption, wording


@dataclass(frozen=True, kw_only=True)
class Task(Questionnaire[Body]):
    """One act of somebody who came by a link.

    ``title`` is the button or the link that begins it, ``done`` heads the page afterwards and ``follows`` says what
    happens then. ``open``: its turn is now. ``evidence`` is what the documents that go with it are about, empty where
    it takes none. ``grave``: it ends something, so its button warns. ``left``: it is left as a Signal, which is kept
    even with no worker up. ``powers`` is the page beside which the menu of powers is shown.
    """

    slug: str
    act: str
    done: str
    follows: tuple[str, ...] = ()
    open: bool = True
    evidence: str = ""
    grave: bool = False
    left: bool = False
    powers: str = ""


def in_words(act: str) -> Callable[[str], Caption]:
    """The words of an act's fields for an agency, a chair or an appeal body."""
    return lambda path: wording(act, path, Asked.PARTY)
