"""Every kind of letter of every council, in all its forms, from stories lived by the rules alone."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain import events as e
from domain.calendar import words as in_words
from domain.case import local_date
from domain.keys import DeadlineKey
from domain.letters import CATALOGUE
from domain.plain_english import ENOUGH, Remark, age_of
from domain.policy import Policy, Verification
from domain.reading_age import words
from domain.refusals.deferral import grounds
from letters.languages import ENGLISH, code_of
from letters.rendering import Renderer
from office.faults import WrongInput
from starter import plainness, stories
from starter.scenario import ScenarioRefused
from starter.step import NotAsExpected
from starter.stories import Story, StoryLetter

Say = Callable[[str], None]
INDEX = "index.html"
LINK = "https://asb.example.gov.uk/l/7KQ2-9MXT-04DF-H3WB-8RNC-5YGE"
"""What each reader's own page is called here; in a real letter the link is theirs alone."""
_TEMPLATES = Path(__file__).parents[1] / "templates" / "gallery"
_SPACED = str.maketrans("._", "  ")
_OF_AN_APPEAL = ("L-18", "L-20", "L-21", "A-10", "A-10h", "A-11")
_OURS = re.compile(r"[A-Z]-\d\d[a-z]?(-[a-z0-9-]+)?\.(txt|html|pdf|ics)")
_PAGES = re.compile(rb"/Type/Pages/Count (\d+)")


@dataclass(frozen=True)
class Shown:
    """One letter of the gallery. ``name`` is its file in the gallery, ``dover/L-21-upheld``, without the ending;
    ``what`` tells it from others of its kind; ``by`` is how it goes, in words; ``tag`` is its language's (BCP 47);
    ``reading_age`` is None for a letter of a few words or in another language; ``files`` are those that go with it.
    """

    policy: str
    kind: str
    what: str
    to: str
    story: str
    subject: str
    by: str
    large_print: bool
    language: str
    tag: str
    name: str
    files: tuple[str, ...]
    words: int
    pages: int
    reading_age: float | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class LeftOut:
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
    left: list[LeftOut] = field(default_factory=list)

    def of(self, policy: Policy, kind: str) -> tuple[Shown, ...]:
        return tuple(letter for letter in self.shown if (letter.policy, letter.kind) == (policy.id, kind))

    def why_not(self, policy: Policy, kind: str) -> str:
        return next(
            (omitted.reason for omitted in self.left if (omitted.policy, omitted.kind) == (policy.id, kind)), ""
        )


def never(policy: Policy) -> Mapping[str, str]:
    """The kinds that cannot come about under this policy, each with the reason."""
    reasons = {}
    if policy.verification is not Verification.AGENCIES:
        reasons["A-02"] = "The council decides from the form and asks nobody to confirm the reports."
    if not grounds(policy):
        reasons["L-04b"] = "The council publishes no ground on which a decision could be put off."
    if not policy.appeals:
        reasons |= dict.fromkeys(_OF_AN_APPEAL, "The policy has no appeal.")
    return reasons


def told(policy: Policy, renderer: Renderer, now: dt.datetime) -> tuple[tuple[StoryLetter, ...], tuple[str, ...]]:
    """Every letter of the stories of every kind under one policy, and a sentence for each story it has no room for."""
    letters: list[StoryLetter] = []
    gaps = []
    for scenario in stories.of_every_kind(policy):
        try:
            story = Story(scenario, renderer, now, policy=policy, link=LINK)
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
    """The first letter of each kind, event, reader and language, and what tells it from others of its kind.

    A letter whose reader has another language than it comes only where there is no other.
    """
    by_kind: dict[str, dict[tuple[str, str, str], StoryLetter]] = defaultdict(dict)
    for letter in sorted(letters, key=_is_headed_by_a_note):
        party, language = letter.order.to.party.value, letter.language
        written = "" if language is ENGLISH else f"in {language.name}"
        by_kind[letter.kind].setdefault((_happened(letter.event.what), f"to the {party}", written), letter)
    for kind in sorted(by_kind, key=list(CATALOGUE).index):
        of_kind = by_kind[kind]
        told_apart = [len(set(values)) > 1 for values in zip(*of_kind, strict=True)]
        for parts, letter in of_kind.items():
            yield (
                ", ".join(part for part, tells in zip(parts, told_apart, strict=True) if tells and part).replace(
                    "_", " "
                ),
                letter,
            )


def by_name(letters: Iterable[StoryLetter]) -> dict[str, tuple[str, StoryLetter]]:
    """What ``chosen`` gives, by the name of its file: ``L-21-upheld-to-the-representative``."""
    letters_by_name = {}
    for what, letter in chosen(letters):
        slug = re.sub(r"[^a-z0-9]+", "-", what.casefold()).strip("-")
        letters_by_name["-".join(filter(None, (letter.kind, slug)))] = (what, letter)
    return letters_by_name


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
        home = _made(folder / policy.id)
        letters, gaps = told(policy, renderer, now)
        _clear(home)
        wanted = {name: (what, letter) for name, (what, letter) in by_name(letters).items() if letter.kind in kinds}
        for name, (what, letter) in wanted.items():
            gallery.shown.append(_write(home / name, policy, what, letter, renderer))
        reasons = never(policy)
        for kind in kinds:
            if not gallery.of(policy, kind):
                reason = reasons.get(kind) or " ".join(gaps) or "No story comes to it under this policy."
                gallery.left.append(LeftOut(policy.id, kind, reason))
        say(f"{policy.identity.council}: {len(wanted)} {'letter' if len(wanted) == 1 else 'letters'}.")
    _keep(folder / INDEX, _index(gallery, now).encode())
    return gallery


def pages(pdf: bytes) -> int:
    """How many pages one of our own PDFs has."""
    match = _PAGES.search(pdf)
    if match is None:
        raise ValueError("this PDF does not say its pages in the open: it is not one of our letters")
    return int(match[1])


def _write(path: Path, policy: Policy, what: str, letter: StoryLetter, renderer: Renderer) -> Shown:
    pdf = letter.pdf(renderer)
    _keep(path.with_name(f"{path.name}.txt"), letter.rendered.text.encode())
    _keep(path.with_name(f"{path.name}.html"), letter.rendered.html.encode())
    _keep(path.with_name(f"{path.name}.pdf"), pdf)
    files = [(f"{path.name}-{file.name}", file.content) for file in letter.context.files]
    for name, content in files:
        _keep(path.with_name(name), content)
    text = letter.rendered.text
    known = plainness.names(policy, letter.persons.values(), letter.context.to_name)
    return Shown(
        policy=policy.id,
        kind=letter.kind,
        what=what,
        to=letter.context.to_name,
        story=letter.story,
        subject=letter.rendered.subject,
        by=letter.context.by.words if letter.context.by else "no way is known",
        large_print=letter.context.large_print,
        language=letter.language.name,
        tag=letter.language.tag,
        name=f"{policy.id}/{path.name}",
        files=tuple(f"{policy.id}/{name}" for name, _ in files),
        words=len(words(text)),
        pages=pages(pdf),
        reading_age=age_of(text, names=known) if letter.language is ENGLISH else None,
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


def _is_headed_by_a_note(letter: StoryLetter) -> bool:
    """Whether its reader has another language than it, and a line that says so."""
    return code_of(letter.context.context["language"]) != letter.language.code


def _happened(what: e.Body) -> str:
    match what:
        case e.AppealDecided(decision=decision):
            return decision.value
        case e.Chased(rung=rung, step=step):
            return f"{rung.value} of {step.value}"
        case e.Extended(step=key):
            named = DeadlineKey.read(key)
            return named.step.value if named else key
        case e.ThresholdDecided(discretion=reason) if reason:
            return "by discretion"
        case e.PanelArranged(reason=reason) if reason:
            return "panel re-arranged"
        case e.HearingArranged(reason=reason) if reason:
            return "hearing re-arranged"
        case e.LetterPosted(state=state):
            return f"letter {state.value}"
        case _:
            return type(what).model_fields["kind"].default.translate(_SPACED)  # type: ignore[no-any-return]


def _made(home: Path) -> Path:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(home, error) from None
    return home


def _clear(home: Path) -> None:
    try:
        for old in home.iterdir():
            if _OURS.fullmatch(old.name):
                old.unlink()
    except OSError as error:
        raise _unwritable(home, error) from None


def _keep(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise _unwritable(path.parent, error) from None


def _unwritable(folder: Path, error: OSError) -> WrongInput:
    return WrongInput(
        f"The gallery cannot be written to {folder} ({error.strerror}); name a folder that may be written."
    )
