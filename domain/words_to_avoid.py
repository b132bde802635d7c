"""The words that letters do without, each with what to write: GOV.UK style, and this field's jargon and blame.

Sources: the GOV.UK style guide (words to avoid) and the Home Office guidance of 2025.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Avoided(NamedTuple):
    """A ``pattern`` and the end of a sentence that says what to write ``instead``."""

    pattern: re.Pattern[str]
    instead: str


class Unexplained(NamedTuple):
    """A word that may stand where its ``explanation`` stands too."""

    pattern: re.Pattern[str]
    explanation: re.Pattern[str]
    instead: str


def _avoided(*rows: tuple[str, str]) -> tuple[Avoided, ...]:
    return tuple(Avoided(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), instead) for words, instead in rows)


def _short(*rows: tuple[str, str]) -> tuple[Avoided, ...]:
    """Capitals as they stand: a CSP is jargon, and “csp” is not a word."""
    return tuple(Avoided(re.compile(rf"(?<![\w@./-])(?:{words})\b(?![@/])"), instead) for words, instead in rows)


EVERYWHERE = _avoided(
    ("please be advised(?: that)?|please note that|we would advise that", "say the thing itself."),
    ("in accordance with|pursuant to|in line with the provisions of", "write “under” or “as … says”."),
    ("prior to", "write “before”."),
    ("subsequent to|subsequently", "write “after” or “later”."),
    ("commence(?:s|d|ment)?|initiat(?:e|es|ed|ing)", "write “start” or “begin”."),
    ("terminat(?:e|es|ed|ion)", "write “end” or “stop”."),
    ("in order to|so as to", "write “to”."),
    ("in respect of|with regards? to|with reference to|in relation to|pertaining to", "write “about”."),
    ("due to the fact that|in view of the fact that|owing to", "write “because”."),
    ("in the event (?:of|that)", "write “if”."),
    ("at this (?:moment|point) in time|going forward|moving forward", "write “now” or “from now on”, or the day."),
    ("hereby|herein|hereto|herewith|thereof|therein|aforementioned|aforesaid|henceforth|hitherto", "leave it out."),
    ("notwithstanding", "write “even if” or “although”."),
    ("utilis(?:e|es|ed|ing)|utiliz(?:e|es|ed|ing)|utilisation", "write “use”."),
    ("facilitat(?:e|es|ed|ing|ion)", "write “help”, or say what is done."),
    ("ascertain(?:s|ed|ing)?", "write “find out”."),
    ("endeavou?r(?:s|ed|ing)?", "write “try”."),
    ("expedit(?:e|es|ed|ing)", "write “speed up”."),
    ("leverag(?:e|es|ed|ing)|deploy(?:s|ed|ing|ment)?|disincentivis\\w+|incentivis\\w+", "say what is done."),
    ("dialogue|liais(?:e|es|ed|ing)", "write “speak” or “work with”."),
    ("empower(?:s|ed|ing)?|foster(?:s|ed|ing)|overarching|robust(?:ly)?|holistic(?:ally)?", "say what is meant."),
    ("streamlin(?:e|es|ed|ing)|transform(?:s|ed|ing|ation)|one-stop[ -]shop|slimming down", "say what changes."),
    ("tackl(?:e|es|ed|ing)", "write “stop”, “reduce” or “deal with”."),
    ("stakeholders?|multi-agency partners", "name the people or bodies."),
    ("actioned|progressed|signposted", "write “done”, “moved on” or “told where to go”."),
    ("and/or", "write “or”, or “or both”."),
    ("was not activated|trigger was not met", "write “We will not hold a review because …”."),
)
TO_APPLICANTS = (
    *_avoided(
        ("complainants?", "write “you”, or the person's name."),
        ("perpetrators?|offenders?|subject of the complaint", "write “the people whose behaviour you reported”."),
        ("alleged(?:ly)?|allegations?", "write “what you reported”."),
        ("single point of contact", "write “your contact”."),
        ("registered (?:social landlord|provider)s?", "write “housing association”."),
        ("relevant bod(?:y|ies)|responsible authorit(?:y|ies)", "name them, or write “the bodies that take part”."),
        ("qualifying complaints?", "write “reports that count”."),
        ("statutory|legislation|legislative", "write “the law” or “by law”."),
        ("caseload|case conference|terms of reference|multi-agency|partnership working", "say who does what."),
        ("sections? \\d+|schedule \\d+|paragraph \\d+", "write “the law says”, or say what it says."),
        ("escalat(?:e|es|ed|ing|ion)", "say who is told."),
        ("remitted|remit", "write “sent back”."),
        ("verification|verif(?:y|ies|ied|ying)", "write “check”."),
        ("correspondence", "write “letters”."),
    ),
    *_short(
        ("CSPs?", "write “the community safety partnership”."),
        ("SPOCs?", "write “your contact”."),
        ("MARACs?", "write “a meeting of the bodies that keep people safe”."),
        ("RSLs?|RPs?", "write “housing association”."),
        ("O?PCCs?", "write “the Police and Crime Commissioner”."),
        ("CSUs?|CST", "write the team's name in full."),
        ("ICBs?|CCGs?", "write “the health service”."),
        ("IOPC|IPCC|LGSCO|LGO", "write the ombudsman's name in full."),
        ("CPNs?|CPWs?|CBOs?|ABCs?|PSPOs?|ABAs?", "say what the notice or order does."),
        ("CR|CT", "write “case review”."),
        (r"ss?\.\s?\d+|[Ss]ch\.?\s?\d+|para\.\s?\d+", "write “the law says”, or say what it says."),
    ),
)
BLAME = _avoided(
    (
        "(?:fail(?:s|ed|ing|ure)?|refus(?:e|es|ed|ing)|unwilling|declin(?:e|es|ed)) to (?:engage|co-?operate)",
        "say what was offered and what happened.",
    ),
    (
        "(?:did|does|do|would|has|have|had) not (?:engaged?|co-?operated?)|non-?engag\\w+|disengag\\w+|hard to reach",
        "say what was offered and what happened.",
    ),
    ("lifestyle choices?|chose to (?:stay|remain)|put (?:your|her|him|them)sel(?:f|ves) at risk", "leave it out."),
    ("over-?react(?:s|ed|ing|ion)?|over-?sensitive|hypersensitive|intolerant", "say what was reported."),
    ("vexatious|time-?wast(?:er|ers|ing)|serial complain\\w+|persistent complain\\w+", "say what was reported."),
    ("claims? to (?:be|have|feel)|purports? to|so-called", "write “told us”."),
    ("neighbour dispute|tit[ -]for[ -]tat|six of one", "say what each report was about."),
    ("mere(?:ly)? noise|only noise|low[ -]level|minor nuisance", "say what happened and what it does to the person."),
)
UNEXPLAINED = (
    Unexplained(
        re.compile(r"(?<![\w.@-])ASB\b(?![@.])"),
        re.compile(r"anti-?social behaviour", re.IGNORECASE),
        "Say once what ASB means: write “anti-social behaviour (ASB)” where it comes first.",
    ),
    Unexplained(
        re.compile(r"\bthreshold\b", re.IGNORECASE),
        re.compile(r"\btest\b[^\n]*\bthreshold\b|\bthreshold\b[^\n]*\btest\b", re.IGNORECASE),
        "Say once what the threshold is: write “the test for a review, which is called the threshold”.",
    ),
)
