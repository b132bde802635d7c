"""What an act needs beside its body: each is told by name what it still lacks.

An act begins with its body and row in ``domain/happenings``. The places it needs besides cannot all be derived from
that; here they are, and what is missing in one of them fails with its words.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from console import visitors
from domain import arrivals, fold, letters, others
from domain import events as e
from domain.catalogue import CATALOGUE
from domain.refusals.circumstances import RULES
from domain.rules import refusal
from domain.stage import Stage
from office import timeline
from office.wording import TABLE

HERE = Path(__file__).parents[1]
EVENTS = (HERE / "docs/events.md").read_text("utf-8")
COMMANDS = (HERE / "docs/commands.md").read_text("utf-8")
FOLD = inspect.getsource(fold) + inspect.getsource(arrivals)
LETTERS = inspect.getsource(letters) + inspect.getsource(others)
TIMELINE = inspect.getsource(timeline)
PAGES = "".join(path.read_text("utf-8") for path in Path(visitors.__path__[0]).glob("*.py"))
TESTS = "".join(path.read_text("utf-8") for path in sorted((HERE / "tests/domain").rglob("test_*.py")))

ONLY_KEPT = frozenset({"add-note", "add-document", "correct-contact", "refuse-appeal", "renew-link"})
"""They stay in the case's events, and nothing of it stands otherwise afterwards."""
WRITTEN_DOWN_FOR_THEM = frozenset({"confirm-receipt"})
"""Acts of somebody who has a page of their own and tells an officer all the same."""
AT_A_LINK = frozenset({e.Role.APPLICANT, e.Role.CHAIR, e.Role.AGENCY, e.Role.APPEAL_BODY})
OF_ANOTHER_FORM = frozenset({"change-calendar", "change-representative", "correct-contact", "add-document"})
"""Their forms ask for something else than their bodies' fields."""
NOT_ASKED = frozenset({"approved_by", "taken_from", "incident", "news", "report-undelivered.address"})
"""The second person is who agrees, a case is taken from whoever had it, an incident is asked for by its parts, the
officer hears of what was said on an applicant's own page, and what address failed is read from the mail."""


def lacks(body: type[e.Body]) -> Iterator[str]:
    """What an act still needs, each with the place where it belongs."""
    act, kind = body.does, body.model_fields["kind"].default
    assert act is not None
    named = re.compile(rf"\be\.{body.__name__}\b")
    if e.bodies().get(kind) is not body:
        yield "a place in the Happening of its module in domain/happenings, which makes it an event"
    if not act.turn:
        yield "a stage in which it has its turn: `turn` in its row"
    if not act.title or not act.done:
        yield "a title and what is said when it was done: `title` and `done` in its row"
    if not act.words and not named.search(TIMELINE):
        yield "words in the timeline: `words` in its row, or a case in office/timeline.py"
    if strange := set(re.findall(r"\{(\w+)", act.words)) - set(body.model_fields):
        yield f"the fields that its words name: {', '.join(sorted(strange))}"
    if act.name not in ONLY_KEPT and not act.ends and not named.search(FOLD):
        yield "what it changes in the case: a case in `apply` of domain/fold.py"
    if bool(act.letters) is not bool(named.search(LETTERS)):
        yield "the letters it sends: in domain/letters.py and as `letters` in its row"
    if strange := set(act.letters) - set(CATALOGUE):
        yield f"a kind of letter for {', '.join(sorted(strange))} in domain/catalogue.py"
    if body in RULES and not named.search(TESTS):
        yield "a test of its refusal in tests/domain/refusals"
    if f"### `{kind}`" not in EVENTS or f"- **Act**: `{act.name}`" not in EVENTS:
        yield "a section in docs/events.md"
    if f"#### `{act.name} " not in COMMANDS:
        yield "a section in docs/commands.md"
    if act.who in AT_A_LINK and act.name not in WRITTEN_DOWN_FOR_THEM and f'"{act.name}"' not in PAGES:
        yield "a page for whose part it is: in console/visitors"
    if act.name not in OF_ANOTHER_FORM:
        for name in body.model_fields.keys() - {"kind", *NOT_ASKED}:
            if f"{act.name}.{name}" in NOT_ASKED:
                continue
            if not TABLE.keys() & {f"{act.name}.{name}", name}:
                yield f"words for {name} in office/wording"


@pytest.mark.parametrize("act", e.acts())
def test_an_act_lacks_nothing(act: str) -> None:
    assert list(lacks(e.acts()[act])) == []


def test_no_two_acts_are_called_the_same() -> None:
    assert len({kind.title for kind in e.kinds().values()}) == len(e.kinds()) == len(e.acts())


def test_an_act_that_is_only_a_body_is_told_everything_it_lacks() -> None:
    class CaseShelved(e.Body):
        kind: Literal["case.shelved"] = "case.shelved"
        does: ClassVar[e.ActKind | None] = e.ActKind(
            "shelve-case", frozenset(), "", "", words="Shelved until {day}", who=e.Role.CHAIR, letters=("L-99",)
        )
        until: str = ""

    found = "; ".join(lacks(CaseShelved))
    for what in ("Happening", "`turn`", "`title`", "words name: day", "`apply`", "domain/letters.py", "L-99"):
        assert what in found
    for place in ("docs/events.md", "docs/commands.md", "console/visitors", "words for until"):
        assert place in found


def test_the_tables_of_acts_are_made_of_their_rows() -> None:
    assert e.PanelAdjourned.act == "adjourn-panel"
    assert e.PanelAdjourned.who is e.Role.CHAIR
    assert e.PlanPut.act is None
    assert e.kinds()["adjourn-panel"].turn == {Stage.PANEL}
    assert refusal.__module__ == "domain.rules"
