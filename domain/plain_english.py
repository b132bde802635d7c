"""Plain English as a check: what to write instead, sentence by sentence.

``advice`` reads a letter as it will be sent, or what an officer typed for one, and answers in remarks. It never
refuses anything. The standard is GOV.UK's (a reading age of 9, no sentence over 25 words, its words to avoid)
and the Plain English Campaign's 15 to 20 words on average.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from domain.calendar import words as in_words
from domain.policy import Policy
from domain.reading_age import average, reading_age, words
from domain.words_to_avoid import BLAME, EVERYWHERE, TO_APPLICANTS, UNEXPLAINED, Avoided

LONGEST = 25
AVERAGE = 15.0
OLDEST = 11.0
LABEL = 3
ENOUGH = 60


class Reader(StrEnum):
    """Who reads: the applicant's side, whom jargon shuts out, or a body that knows it."""

    APPLICANT = "applicant"
    OFFICIAL = "official"


class Remark(NamedTuple):
    """``code`` names the check, ``place`` is the sentence it is about, ``instead`` says what to write."""

    code: str
    place: str
    instead: str

    @property
    def words(self) -> str:
        return f"“{self.place}” {self.instead}" if self.place else self.instead


def advice(
    text: str,
    *,
    reader: Reader = Reader.APPLICANT,
    as_of: date | None = None,
    names: Iterable[str] = (),
    strangers: Iterable[str] = (),
    required: Mapping[str, str] | None = None,
    oldest: float = OLDEST,
) -> tuple[Remark, ...]:
    """What could be plainer or must not stay in ``text``, the plain form of a letter or a person's own words.

    ``as_of`` is the letter's date; without it no date is held to be past. ``names`` (councils, bodies, people, posts;
    see ``proper_names``) are read as one short word each, as are dates, references, telephone numbers and addresses
    of mail and web. ``strangers`` are the names, e-mail addresses, telephone numbers and first address lines of people
    who are not the reader: none may occur. ``required`` maps what must be told to the words that tell it. ``oldest`` is
    the reading age, in years, that is not remarked on; a text of fewer than 60 words has none.
    """
    reading = _Reading(text, reader, as_of, tuple(names), tuple(strangers), required or {}, oldest)
    return tuple(remark for check in _CHECKS for remark in check(reading))


def age_of(text: str, *, names: Iterable[str] = ()) -> float | None:
    """The reading age of ``text`` in years, as ``advice`` reads it; None where it has too few words to tell."""
    counted = _Reading(text, Reader.APPLICANT, None, tuple(names), (), {}, OLDEST).counted
    return reading_age(counted) if sum(len(words(sentence)) for sentence in counted) >= ENOUGH else None


def proper_names(policy: Policy) -> tuple[str, ...]:
    """The names that letters under this policy print and nobody can make shorter."""
    identity, contact = policy.identity, policy.contact
    names = [identity.council, identity.area, identity.lead_body, identity.partnership, identity.url]
    names += [contact.team, contact.role, ", ".join(contact.address), *contact.address] if contact else []
    names += [name for agency in policy.agencies for name in (agency.name, agency.senior.title, agency.email)]
    names += [body.name for route in policy.appeals for body in route.bodies]
    names += [name for row in policy.redress for name in (row.ombudsman, row.how)]
    return tuple(dict.fromkeys(filter(None, names)))


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DATE = re.compile(
    rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{'|'.join(_MONTHS)})(?:,? (?P<year>\d{{4}}))?"
    r"|\b(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})\b",
)
_OPAQUE = re.compile(
    r"(?:https?://|www\.)\S*[\w/]|[^\s@<>]+@[^\s@<>]+\.\w+"
    r"|\b[A-Z]{1,4}-?\d[\w/-]*|\b0\d[\d ]{7,}\d|\b\d{1,2}(?::\d\d)?[ap]m\b"
)
_RULE = re.compile(r"[-=_* ]{3,}")
_UNDERLINE = re.compile(r"(?m)^[^\n]*\n[=-]{3,}$\n?")
_COLUMNS = re.compile(r"(?m)^-{2,}(?: {2,}-{2,})+ *$")
_RECORD = re.compile(r"[A-Z][^.?!:;\n]{0,40}[.?]?: ?\S")
_ITEM = re.compile(r"(?m)^\s*(?:[-*•>]|\d+[.)])\s+")
_STOP = re.compile(r"(?<=[.?!;])[”\"’')]*\s+")
_ENDS = re.compile(r"[.?!;:][”\"’')]*$")
_SPACES = re.compile(r"\s+")
_INITIALS = re.compile(r"\b(Mr|Mrs|Ms|Dr|St|No|e\.g|i\.e|etc|para|Sch|[A-Z])\.(?=\s)")

_PLACEHOLDER = re.compile(
    r"\bT\.?B\.?[CAD]\b\.?|\bto be (?:confirmed|advised|decided)\b|\bXX+\b|\bx{3,}\b|\{\{|\}\}|\{%|%\}|\blorem ipsum\b"
    r"|\[(?!\d+\])[A-Za-z][^\]\n]{0,60}\](?!\()|<[A-Za-z][A-Za-z _-]{0,40}>|\?{3,}|_{3,}|\.{4,}|«[^»\n]*»",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\b(?:with)?in (?:the next |another )?(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|"
    r"twenty|twenty-\w+|thirty|forty)[ -](?:working |calendar |clear )?(?:days?|weeks?)\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:by|before|until|till|no later than|at the latest|last day [\w ]*is|deadline is|will \w+(?: \w+){0,3} on|"
    r"meets? on|will be (?:held )?on)\s+(?:the end of )?$",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:was|were|had|did|should have|could have|asked|promised|applied|made|reported|received|said|moved|missed)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\D")


@dataclass(frozen=True)
class _Reading:
    text: str
    reader: Reader
    as_of: date | None
    names: tuple[str, ...]
    strangers: tuple[str, ...]
    required: Mapping[str, str]
    oldest: float

    @cached_property
    def plain(self) -> str:
        return self.text.replace("\u00a0", " ").replace("\u202f", " ").replace("\r\n", "\n")

    @cached_property
    def flat(self) -> str:
        return _SPACES.sub(" ", self.plain)

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """Every sentence, heading and line, in order."""
        return tuple(piece for block in _blocks(self.plain) for piece in _split(block))

    @cached_property
    def bare(self) -> tuple[str, ...]:
        """The pieces without the names in them."""
        return tuple(map(self.without_names, self.pieces))

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Whole sentences with each name, date and address as one short word; no headings, tables or signatures.

        A semicolon ends one, because it parts the items of a list; so does a colon before a list.
        """
        prose = (block for block in _blocks(_UNDERLINE.sub("\n", self.plain)) if _is_prose(block))
        return tuple(self.without_names(piece) for block in prose for piece in _split(block))

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The sentences that averages are made of: those of three words or fewer are labels and items of lists."""
        return tuple(sentence for sentence in self.sentences if len(words(sentence)) > LABEL)

    @cached_property
    def whole(self) -> str:
        """The pieces, one a line: what is nowhere in it is in no piece."""
        return "\n".join(self.pieces)

    def without_names(self, piece: str) -> str:
        if piece not in self._unnamed:
            self._unnamed[piece] = _without_figures(self._named.sub("it", piece))
        return self._unnamed[piece]

    @cached_property
    def _unnamed(self) -> dict[str, str]:
        return {}

    @cached_property
    def _named(self) -> re.Pattern[str]:
        longest_first = sorted({_SPACES.sub(" ", name).strip() for name in self.names} - {""}, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!\w)")


@lru_cache(maxsize=4096)
def _without_figures(piece: str) -> str:
    """Each date, reference, number and address as one short word. Letters have most of their sentences in common."""
    return _OPAQUE.sub("it", _DATE.sub("then", piece))


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs and list items, each on one line; a table's lines are blocks of their own."""
    for paragraph in re.split(r"\n[^\S\n]*\n", text):
        lines = [line for line in paragraph.splitlines() if line.strip() and not _RULE.fullmatch(line.strip())]
        if _COLUMNS.search(paragraph):
            yield from (line.strip() for line in lines)
            continue
        listed = len(lines) > 1 and all(map(_begins, lines))
        joined = (
            "\n".join(lines).replace("\n  ", " ").replace("\n", "\0") if listed else _ITEM.sub("\0", "\n".join(lines))
        )
        yield from (_SPACES.sub(" ", block).strip() for block in joined.split("\0") if block.strip())


def _begins(line: str) -> bool:
    return bool(_RECORD.match(line)) or line.startswith("  ")


def _is_prose(block: str) -> bool:
    return bool(_ENDS.search(block)) and "  " not in block


def _split(block: str) -> Iterator[str]:
    """The sentences of one paragraph; an initial or an abbreviation ends none."""
    kept = _INITIALS.sub("\\1\1", block)
    yield from (piece.replace("\1", ".") for piece in _STOP.split(kept) if words(piece))


def _old_enough(reading: _Reading) -> Iterator[Remark]:
    if reading.reader is not Reader.APPLICANT or sum(len(words(sentence)) for sentence in reading.counted) < ENOUGH:
        return
    age = reading_age(reading.counted)
    if age > reading.oldest:
        yield Remark(
            "reading-age",
            "",
            f"This reads as for somebody of {age:.0f}: use shorter sentences and everyday words, so that somebody "
            f"of {reading.oldest:.0f} could follow it.",
        )


def _short_enough(reading: _Reading) -> Iterator[Remark]:
    for sentence in reading.sentences:
        if (length := len(words(sentence))) > LONGEST:
            yield Remark(
                "sentence-long",
                sentence,
                f"This sentence has {length} words: make two of it, with one idea each and at most {LONGEST} words.",
            )
    if len(reading.counted) >= 3 and (mean := average(reading.counted)) > AVERAGE:
        yield Remark(
            "sentences-long",
            "",
            f"The sentences have {mean:.0f} words on average: split the longest until it is {AVERAGE:.0f} or fewer.",
        )


def _plain_words(reading: _Reading) -> Iterator[Remark]:
    lists: dict[str, tuple[Avoided, ...]] = {"word": EVERYWHERE, "blame": BLAME}
    if reading.reader is Reader.APPLICANT:
        lists["jargon"] = TO_APPLICANTS
    there = frozenset[re.Pattern[str]]().union(*map(_avoidable, reading.bare))
    for code, avoided in lists.items():
        for pattern, instead in avoided:
            if pattern in there:
                yield from _remarks_on(reading, code, pattern, instead)


@lru_cache(maxsize=4096)
def _avoidable(bare: str) -> frozenset[re.Pattern[str]]:
    """The patterns of words to avoid, whoever reads, that are in a sentence."""
    return frozenset(pattern for pattern, _ in (*EVERYWHERE, *BLAME, *TO_APPLICANTS) if pattern.search(bare))


def _remarks_on(reading: _Reading, code: str, pattern: re.Pattern[str], instead: str) -> Iterator[Remark]:
    for piece, bare in zip(reading.pieces, reading.bare, strict=True):
        if match := pattern.search(bare):
            yield Remark(code, piece, f"Do not write “{match[0]}”: {instead}")


def _explained(reading: _Reading) -> Iterator[Remark]:
    if reading.reader is not Reader.APPLICANT:
        return
    for pattern, explanation, instead in UNEXPLAINED:
        both = zip(reading.pieces, reading.bare, strict=True)
        first = next((piece for piece, bare in both if pattern.search(bare)), None)
        if first and not explanation.search(reading.flat):
            yield Remark("unexplained", first, instead)


def _filled_in(reading: _Reading) -> Iterator[Remark]:
    for piece in reading.pieces if _PLACEHOLDER.search(reading.whole) else ():
        if match := _PLACEHOLDER.search(piece):
            yield Remark(
                "placeholder", piece, f"Write what belongs in place of “{match[0]}”, or leave the sentence out."
            )


def _to_come(reading: _Reading) -> Iterator[Remark]:
    if reading.as_of is None:
        return
    for piece in reading.pieces:
        for match in _DATE.finditer(piece):
            day, before = _day(match, reading.as_of), piece[: match.start()]
            if day and day < reading.as_of and _TO_COME.search(before) and not _OVER.search(before):
                yield Remark(
                    "date-past",
                    piece,
                    f"{in_words(day)} is over on {in_words(reading.as_of)}: write a day to come, or say what happened.",
                )


def _dated(reading: _Reading) -> Iterator[Remark]:
    for piece in reading.pieces if _BARE.search(reading.whole) else ():
        if (match := _BARE.search(piece)) and not _DATE.search(piece):
            yield Remark(
                "days-bare",
                piece,
                f"Write the day itself with its weekday and year in place of, or after, “{match[0]}”.",
            )


def _complete(reading: _Reading) -> Iterator[Remark]:
    for what, told in reading.required.items():
        if _SPACES.sub(" ", told).strip().casefold() not in reading.flat.casefold():
            yield Remark("missing", "", f"The letter must tell the reader {what}: write “{told}”.")


def _of_nobody_else(reading: _Reading) -> Iterator[Remark]:
    for stranger in dict.fromkeys(reading.strangers):
        if not _tells(reading.whole, stranger):
            continue
        if seen := next((piece for piece in reading.pieces if _tells(piece, stranger)), None):
            yield Remark(
                "another-person", seen, f"Take out “{stranger}”, which is about somebody who is not the reader."
            )


def _tells(piece: str, stranger: str) -> bool:
    digits = _DIGITS.sub("", stranger)
    if len(digits) >= 7 and len(digits) >= len(stranger) / 2:
        return digits[-10:] in _DIGITS.sub("", piece)
    wanted = _SPACES.sub(r" ", stranger).strip()
    return bool(wanted and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", piece, re.IGNORECASE))


def _day(match: re.Match[str], as_of: date) -> date | None:
    """The day a date names; one without a year is of the year of ``as_of``, and an impossible one is None."""
    try:
        if match["d"]:
            return date(int(match["y"]), int(match["m"]), int(match["d"]))
        return date(int(match["year"] or as_of.year), _MONTHS.index(match["month"]) + 1, int(match["day"]))
    except ValueError:
        return None


_CHECKS: tuple[Callable[[_Reading], Iterator[Remark]], ...] = (
    _filled_in,
    _of_nobody_else,
    _complete,
    _to_come,
    _dated,
    _plain_words,
    _explained,
    _short_enough,
    _old_enough,
)
