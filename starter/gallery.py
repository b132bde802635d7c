"""Every kind of letter of every council, in all its forms, from stories lived by the rules alone."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from activities.rendering import Renderer
from domain import events as e
from domain.calendar import words as in_words
from domain.case import local_date
from domain.letters import CATALOGUE
from domain.plain_english import ENOUGH, Remark, age_of
from domain.policy import Policy, Verification
from domain.reading_age import words
from starter import plainness, stories
from starter.commands.faults import WrongInput
from starter.scenario import ScenarioRefused
from starter.step import NotAsExpected
from starter.stories import Story, StoryLetter

Say = Callable[[str], None]
INDEX = "index.html"
_TEMPLATES = Path(__file__).parents[1] / "templates" / "gallery"
_OURS = re.compile(r"[A-Z]-\d\d[a-z]?(-[a-z0-9-]+)?\.(txt|html|pdf)")
_PAGES = re.compile(rb"/Type/Pages/Count (\d+)")


@dataclass(frozen=True)
class Shown:
    """One letter of the gallery. ``name`` is its file in the gallery, ``dover/L-21-upheld``, without the ending;
    ``what`` tells it from others of its kind; ``reading_age`` is None for a letter of a few words."""

    policy: str
    kind: str
    what: str
    to: str
    story: str
    subject: str
    name: str
    words: int
    pages: int
    reading_age: float | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Left:
    """A kind that a council has no letter of, and why."""

    policy: str
    kind: str
    reason: str


@dataclass
class Gallery:
    """What was shown and what was left out, by policy and kind; ``councils`` are the policies asked for."""

    councils: tuple[Policy, ...]
    kinds: tuple[str, ...]
    shown: list[Shown] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    def of(self, policy: Policy, kind: str) -> tuple[Shown, ...]:
        return tuple(one for one in self.shown if (one.policy, one.kind) == (policy.id, kind))

    def why_not(self, policy: Policy, kind: str) -> str:
        return next((one.reason for one in self.left if (one.policy, one.kind) == (policy.id, kind)), "")


def never(policy: Policy) -> Mapping[str, str]:
    """The kinds that cannot come about under this policy, each with the reason."""
    found = {}
    if policy.verification is not Verification.AGENCIES:
        found["A-02"] = "The council decides from the form and asks nobody to confirm the reports."
    if not policy.appeals:
        found |= dict.fromkeys(("L-18", "L-21", "A-10"), "The policy has no appeal.")
    return found


def told(policy: Policy, renderer: Renderer, now: dt.datetime) -> tuple[tuple[StoryLetter, ...], tuple[str, ...]]:
    """Every letter of the stories of every kind under one policy, and a sentence for each story it has no room for."""
    letters: list[StoryLetter] = []
    gaps = []
    for scenario in stories.of_every_kind():
        try:
            story = Story(scenario, renderer, now, policy=policy)
        except ScenarioRefused as refused:
            gaps.append(str(refused))
            continue
        try:
            story.live()
        except NotAsExpected as other:
            gaps.append(str(other))
        letters += story.letters
    return tuple(letters), tuple(gaps)


def chosen(letters: Iterable[StoryLetter]) -> Iterator[tuple[str, StoryLetter]]:
    """The first letter of each kind, event and reader, and what tells it from others of its kind."""
    by_kind: dict[str, dict[tuple[str, str], StoryLetter]] = defaultdict(dict)
    for letter in letters:
        by_kind[letter.kind].setdefault((_happened(letter.event.what), letter.order.to.party.value), letter)
    for kind in sorted(by_kind, key=list(CATALOGUE).index):
        found = by_kind[kind]
        events, readers = {what for what, _ in found}, {to for _, to in found}
        for (what, to), letter in found.items():
            parts = (what if len(events) > 1 else "", f"to the {to}" if len(readers) > 1 else "")
            yield ", ".join(filter(None, parts)).replace("_", " "), letter


def by_name(letters: Iterable[StoryLetter]) -> dict[str, tuple[str, StoryLetter]]:
    """What ``chosen`` gives, by the name of its file: ``L-21-upheld-to-the-representative``."""
    found = {}
    for what, letter in chosen(letters):
        slug = re.sub(r"[^a-z0-9]+", "-", what.casefold()).strip("-")
        found["-".join(filter(None, (letter.kind, slug)))] = (what, letter)
    return found


def make(
    folder: Path,
    councils: Sequence[tuple[Policy, Renderer]],
    kinds: Sequence[str],
    now: dt.datetime,
    say: Say = lambda _: None,
) -> Gallery:
    """Write the letters of these kinds to ``folder``, a folder for each policy; its renderer has the council's wording.

    An earlier gallery's letters of the same policies go. ``say`` gets a sentence for each policy. Raises WrongInput
    where the folder cannot be written.
    """
    gallery = Gallery(tuple(policy for policy, _ in councils), tuple(kinds))
    for policy, renderer in councils:
        letters, gaps = told(policy, renderer, now)
        home = _cleared(folder / policy.id)
        wanted = {name: found for name, found in by_name(letters).items() if found[1].kind in kinds}
        for name, (what, letter) in wanted.items():
            gallery.shown.append(_write(home / name, policy, what, letter, renderer))
        reasons = never(policy)
        for kind in kinds:
            if not gallery.of(policy, kind):
                reason = reasons.get(kind) or " ".join(gaps) or "No story comes to it under this policy."
                gallery.left.append(Left(policy.id, kind, reason))
        say(f"{policy.identity.council}: {len(wanted)} {'letter' if len(wanted) == 1 else 'letters'}.")
    _keep(folder / INDEX, _index(gallery, now).encode())
    return gallery


def pages(pdf: bytes) -> int:
    """How many pages one of our own PDFs has."""
    found = _PAGES.search(pdf)
    if found is None:
        raise ValueError("this PDF does not say its pages in the open: it is not one of our letters")
    return int(found[1])


def _write(path: Path, policy: Policy, what: str, letter: StoryLetter, renderer: Renderer) -> Shown:
    pdf = letter.pdf(renderer)
    _keep(path.with_name(f"{path.name}.txt"), letter.rendered.text.encode())
    _keep(path.with_name(f"{path.name}.html"), letter.rendered.html.encode())
    _keep(path.with_name(f"{path.name}.pdf"), pdf)
    text = letter.rendered.text
    known = plainness.names(policy, letter.persons.values(), letter.context.to_name)
    return Shown(
        policy=policy.id,
        kind=letter.kind,
        what=what,
        to=letter.context.to_name,
        story=letter.story,
        subject=letter.rendered.subject,
        name=f"{policy.id}/{path.name}",
        words=len(words(text)),
        pages=pages(pdf),
        reading_age=age_of(text, names=known),
        remarks=plainness.of_letter(letter),
    )


def _index(gallery: Gallery, now: dt.datetime) -> str:
    pages = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, undefined=StrictUndefined
    )
    pages.filters["date"] = in_words
    return pages.get_template("index.html.j2").render(
        councils=gallery.councils,
        kinds=gallery.kinds,
        shown=gallery.shown,
        catalogue=CATALOGUE,
        of=gallery.of,
        why_not=gallery.why_not,
        now=local_date(now),
        enough=ENOUGH,
    )


def _happened(what: e.Body) -> str:
    match what:
        case e.AppealDecided(decision=decision):
            return decision.value
        case e.Chased(rung=rung, step=step):
            return f"{rung.value} of {step.value}"
        case e.Extended(step=step):
            return step.partition(":")[0]
        case e.ThresholdDecided(discretion=reason) if reason:
            return "by discretion"
        case _:
            return type(what).model_fields["kind"].default.replace(".", " ")  # type: ignore[no-any-return]


def _cleared(home: Path) -> Path:
    try:
        home.mkdir(parents=True, exist_ok=True)
        for old in home.iterdir():
            if _OURS.fullmatch(old.name):
                old.unlink()
    except OSError as error:
        raise _unwritable(home, error) from None
    return home


def _keep(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise _unwritable(path.parent, error) from None


def _unwritable(folder: Path, error: OSError) -> WrongInput:
    return WrongInput(
        f"The gallery cannot be written to {folder} ({error.strerror}); name a folder that may be written."
    )
