"""What a letter says will or can be done, beside the act, the letter, the date or the page that keeps it.

Every sentence of an English letter that says "we will" or "you can" stands in the table below; one that is not there
is a promise that nothing here keeps. And every day that a letter prints is one of the plan, of the case, or its own.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from pydantic import TypeAdapter

import policies
from console.apply import form
from console.visitors import applicant_acts, applicant_documents, progress
from domain import events as e
from domain.assessment import assessment
from domain.case import local_date
from domain.catalogue import CATALOGUE
from domain.edition import NEWEST
from domain.policy import Policy
from domain.terms import StepId
from domain.threshold import Assessment
from letters.letter_dates import Dates
from letters.sources import renderer
from starter import gallery
from starter.stories import StoryLetter
from tests.console.test_access import routes
from tests.starter import told

SOURCES = sorted((Path(__file__).parents[2] / "templates" / "letters").glob("*.md.j2"))
_PROMISE = re.compile(r"\b([Ww]e will|[Yy]ou can|[Ww]e can)\b")
CONTACT = "[contact]"
"""The person of the council whom every letter names, by phone, e-mail or post."""
LAW = "the law"

KEPT: Mapping[str, tuple[str, ...]] = {
    # What is asked of somebody, or only said
    "Please tell us as soon as you can what your records say of the reports below.": ("answer-enquiry",),
    "Please send us your full account as soon as you can.": ("answer-enquiry",),
    "Please answer as soon as you can.": ("answer-recommendation", "comment-on-plan"),
    "Please send it as soon as you can.": ("supply-details",),
    "Please phone us, so that we can go through your application with you.": (CONTACT,),
    "## Powers and measures you can recommend": ("record-panel-decision",),
    "## How you can be heard": ("choose-attendance",),
    "## What you can do": (CONTACT,),
    "## What we will check": ("hold-follow-up",),
    "Has each of these things been done, as far as you can see?": ("hold-follow-up",),
    "Tell us what you have done, and whom we can reach:": (CONTACT,),
    "Then tell us whether you can help:": (CONTACT,),
    "Below we give our reasons, what will be done anyway, and how you can appeal.": ("lodge-appeal",),
    # Taking part
    "You can take part.": ("choose-attendance",),
    "You can take part in one of these ways:": ("choose-attendance",),
    "You can change that.": ("choose-attendance", "/progress/{link}"),
    "You can also choose not to take part, and you can change your mind.": ("choose-attendance", "/progress/{link}"),
    "You can also choose not to take part.": ("choose-attendance",),
    "You can change your mind until the meeting": ("choose-attendance", "/progress/{link}"),
    "You can also send a statement of how the behaviour affects you, in writing or as a recording.": (
        "choose-attendance", "add-document", "/progress/{link}/documents",
    ),
    "You can also send us a statement before the meeting:": ("choose-attendance",),
    "You can also write to the panel what this does to you, or send it as a document or a recording.": (
        "choose-attendance", "add-document", "/progress/{link}/documents",
    ),
    "You can bring somebody with you, or send somebody to speak for you.": ("change-representative", CONTACT),
    "You can bring somebody to support you.": (CONTACT,),
    "You can come, send somebody to speak for you, or send us what you want to say in writing or as a recording.": (
        "change-representative", "add-document", CONTACT,
    ),
    "You can ask to see what the agencies told us, and correct it, before the panel meets.": (
        "send-chronology", "correct-chronology", "L-09", "A-07", "/progress/{link}/do/{task}",
    ),
    "You can write it on the page of your own review.": ("correct-chronology", "/progress/{link}/do/{task}"),
    "You can also phone your contact, send an e-mail or write.": (CONTACT,),
    "You can phone your contact, send an e-mail or write.": (CONTACT,),
    "You can answer by phone, by e-mail or in writing.": ("comment-on-plan", CONTACT),
    "If you do not answer, the plan goes ahead as it is, and you can still tell us later.": (CONTACT, "add-note"),
    "You can phone, e-mail or write, and we can fill it in with you over the phone.": ("supply-details", CONTACT),
    "You can tell us by phone, by e-mail or in writing.": ("hold-follow-up", CONTACT),
    # What we decide and tell
    "We will tell you the dates once it is.": ("L-01", "L-03", "L-07"),
    "We will hold a review of your case (…)": ("arrange-panel", "L-05"),
    "We will hold a review of your case.": ("arrange-panel", "L-05"),
    "We will hold an anti-social behaviour (ASB) Case Review.** We decided this because your case passes the test for "
    "a review, which is called the threshold.": ("arrange-panel", "L-05"),
    "We will not hold a review of your case (…)": ("decide-threshold",),
    "We will not hold a review because your case does not pass the test for one.** The test is called the threshold.": (
        "decide-threshold",
    ),
    "We will write to you with the day, the time and the place.": ("arrange-panel", "L-05"),
    "we will tell you before the day": ("arrange-panel", "arrange-hearing", "L-05", "L-20"),
    "We will look at your case again when that time is over.": ("step:deferral",),
    "We will look again after ….": ("step:deferral",),
    "it happens by itself, and we will write to you.": ("L-03", "L-04"),
    "We will write to you with our decision by ….": ("step:threshold",),
    "If three reports count, we will decide at once.": ("decide-threshold",),
    "You can ask us at any time to decide now.": ("decide-threshold", CONTACT),
    "We will then decide without waiting any longer.": ("decide-threshold",),
    "We will write to you with the decision and the reasons by ….": ("step:threshold", "L-03", "L-04"),
    "We will write to you with the decision and the reasons.": ("L-03", "L-04"),
    "… is now your contact for this case.** You can reach … by the phone number at the end of this letter": (CONTACT,),
    "You can end the pause at any time.": ("resume", CONTACT),
    "We do not give you another date today, because nobody has decided one that we can keep.": ("extend",),
    "You can ask us at any time how your case stands, and you can ask to speak to the person in charge.": (
        CONTACT, "ask-for-call", "/progress/{link}",
    ),
    "If one of these dates has to move, we will write to you before it passes and say why.": ("L-08", "extend"),
    "We will write to you as soon as there is something to tell you.": ("L-07",),
    # Recommendations and the end
    "We will ask you then whether the behaviour has stopped.": ("L-14i", "step:follow_up"),
    "We can ask the body to explain itself to the people who took part in the review.": (
        "ask-to-explain", "give-explanation", "A-22", "L-12e",
    ),
    "We will write to you when we have checked.": ("L-14", "hold-follow-up"),
    "We have written to the person in charge there, and we will keep asking until it is done.": (
        "A-04e", "step:action",
    ),
    "We will do this by ….": ("step:follow_up",),
    "We will write to you before we close your case.": ("notify-closure", "L-15"),
    "We plan to close your case.** If you do not want that, tell us as soon as you can.": ("object-to-closure",),
    "You can also apply for a new review.": ("/apply",),
    "You can apply again at any time.": ("/apply",),
    "You can apply again at any time after that.": ("/apply",),
    "You can apply for a new review at any time, and you do not need our permission.": ("/apply",),
    "If there is something new, you can apply again at any time.": ("/apply",),
    "You can answer by phone, by e-mail or in writing, in a few words or many.": (CONTACT,),
    # Appeals
    "If you think we got this wrong, you can appeal.": ("lodge-appeal", "step:appeal_window"),
    "You can appeal about ….": ("lodge-appeal",),
    "You can write, send an e-mail or phone": ("lodge-appeal", CONTACT),
    ", and you can ask somebody to do it for you.": ("change-representative", "lodge-appeal"),
    "If it reached you later, tell us the day, and we will count the time to appeal from that day.": (
        "confirm-receipt",
    ),
    "We will ask somebody who was not part of the decision to look at it.": ("assign-officer",),
    "We will tell you who decides your appeal.": ("arrange-hearing", "L-20"),
    "We will then look at your appeal again.": ("lodge-appeal",),
    "We will ask somebody else to look at it.": ("refuse-appeal", "assign-officer"),
    "After the hearing we will write to you with the result and the reasons.": ("decide-appeal", "L-21"),
    "You can take your appeal further.": ("lodge-appeal",),
    # Who acts, and how to reach us
    "You can leave at any time.": ("end-person", CONTACT),
    "You can take that back at any time.": ("end-person", CONTACT),
    "Please answer our enquiry as soon as you can.": ("answer-enquiry",),
    "You can do one of these:": ("supply-details", CONTACT),
    "You can apply again at any time, and you do not need our permission.": ("/apply",),
    "You can apply there, and you can ask us to send your papers on.": (CONTACT,),
    "If this is wrong, or you do not agree, tell us.** We can take the case up again, and it keeps its date.": (
        "restore-case",
    ),
    "We will not hold a review.": ("decide-threshold",),
    "The case is closed.** If the behaviour goes on, you can apply yourself at any time.": ("/apply",),
    "If the behaviour goes on, you can apply yourself at any time.": ("/apply",),
    "The application has been withdrawn, and the review does not go on.** You can apply yourself at any time.": (
        "/apply",
    ),
    "We will find a way with you.": (CONTACT, "change-representative"),
    "Once we have it, we will write to you and say what you may do.": ("change-representative", "R-02"),
    "You can also add an incident, ask for a call or appeal there.": (
        "add-incident", "ask-for-call", "lodge-appeal", "/progress/{link}/do/{task}",
    ),
    "If somebody else may read your letters or use your phone, tell us and we will end it.": (
        "correct-contact", CONTACT,
    ),
    "You can also complain.": (LAW,),
    "You can report it to … on ….": (LAW,),
    "We can also read it to you over the phone.": (CONTACT,),
    "You can also phone your contact, whose details are at the end of this letter.": (CONTACT,),
}  # fmt: skip


def promises(source: Path) -> Iterator[str]:
    """The sentences of a source, in whichever of its branches, that say what will or can be done."""
    text = re.sub(r"\{#.*?#\}", "", source.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", "…", re.sub(r"\{%.*?%\}", "\n", text, flags=re.DOTALL), flags=re.DOTALL)
    for sentence in re.split(r"\n+|(?<=[.:?!])\s+", text):
        if _PROMISE.search(sentence):
            yield sentence.strip(" *-")


def english() -> list[Path]:
    return [source for source in SOURCES if source.name.count(".") == 2]


@cache
def paths() -> frozenset[str]:
    pages = (progress.router, applicant_acts.router, applicant_documents.router, form.router)
    return frozenset(path for router in pages for path, _ in routes(router))


def exists(keeper: str, policy: Policy) -> bool:
    if keeper == CONTACT:
        return policy.contact is not None
    if keeper.startswith("step:"):
        return keeper.removeprefix("step:") in StepId._value2member_map_
    if keeper.startswith("/"):
        return keeper in paths() or any(path.startswith(f"{keeper}/") for path in paths())
    return keeper == LAW or keeper in CATALOGUE or keeper in e.acts()


@pytest.mark.parametrize("source", english(), ids=lambda source: source.name)
def test_whatever_a_letter_says_can_or_will_be_done_is_kept_by_something_here(source: Path) -> None:
    unlisted = [sentence for sentence in promises(source) if sentence not in KEPT]
    assert not unlisted, "say beside each in KEPT what keeps it, or do not promise it"


def test_no_row_of_the_table_is_of_a_sentence_that_no_letter_has() -> None:
    said = {sentence for source in english() for sentence in promises(source)}
    assert set(KEPT) <= said


@pytest.mark.parametrize("council", policies.ids())
def test_what_keeps_a_promise_is_an_act_a_letter_a_date_or_a_page_that_there_is(council: str) -> None:
    policy = policies.load(council)
    assert policy.edition == NEWEST
    missing = {keeper for keepers in KEPT.values() for keeper in keepers if not exists(keeper, policy)}
    assert missing == set()


# Days

_DAY = re.compile(r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )?(\d{1,2}) ([A-Z][a-z]+) (\d{4})")
_MONTHS = {name: number for number, name in enumerate(month_name) if name}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def days(words: str) -> set[date]:
    """The days in words."""
    found = ((int(year), _MONTHS.get(month), int(day)) for day, month, year in _DAY.findall(words))
    return {date(year, month, day) for year, month, day in found if month}


def printed(letter: StoryLetter) -> set[date]:
    """The days that a letter prints."""
    return days(" ".join(letter.rendered.text.replace("\u00a0", " ").split()))


def known(letter: StoryLetter) -> set[date]:
    """The days of the plan as the letter could print it, of the case, and the letter's own."""
    dates: Dates = letter.context.context["deadline"].__self__  # type: ignore[attr-defined]
    case = dates.at_event.case
    of_plan = {
        day for d in dates.deadlines.values() for day in (d.due, d.promised, d.opens, d.target, d.ended_on) if day
    }
    of_case = {date.fromisoformat(iso) for event in case.events for iso in _ISO.findall(event.model_dump_json())}
    of_case |= {local_date(event.at) for event in case.events}
    of_case |= {reached.on for reached in (*dates.after.reached.values(), *case.reached.values())}
    of_case |= {pause.end for pause in case.pauses} | {case.made_on, dates.received_on}
    of_case |= {day for day in (dates.restore_by,) if day}
    counted = TypeAdapter(Assessment).dump_json(assessment(case)).decode()
    judged = days(counted) | {date.fromisoformat(iso) for iso in _ISO.findall(counted)}
    return of_plan | set(dates.at_event.first_promised.values()) | of_case | judged | {letter.on}


@pytest.mark.long
@pytest.mark.parametrize("council", ["dover", "kent-district"])
def test_every_day_that_a_letter_prints_is_of_the_plan_of_the_case_or_its_own(council: str) -> None:
    letters, _ = gallery.told(policies.load(council), renderer(), told.NOW)
    strange = {(letter.kind, day.isoformat()) for letter in letters for day in printed(letter) - known(letter)}
    assert strange == set()
