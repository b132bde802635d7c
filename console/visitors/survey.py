"""The questions after a case, by the link of letter L-24: one answer, kept apart from case and person."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.web.desk import AtDesk, Desk
from console.web.posted_forms import Fault, posted
from console.web.survey_words import BEHAVIOUR, BETTER, HOW, UNDERSTOOD, WORDS
from domain.case import local_date
from register import surveys
from register.surveys import QUESTIONS, Survey

router = APIRouter()

_MOST = 4000


@router.get("/survey/{token}")
async def ask(request: Request, desk: AtDesk, token: str) -> Response:
    survey = await surveys.asked(desk.database, token)
    if survey is None:
        return _over(request, desk)
    return _form(request, desk, survey, {})


@router.post("/survey/{token}")
async def take(request: Request, desk: AtDesk, token: str) -> Response:
    form = await posted(request)
    survey = await surveys.asked(desk.database, token)
    if survey is None:
        return _over(request, desk)
    asked = questions(survey)
    given = {name: form.value(name) for name in QUESTIONS if form.value(name) in asked[name][1]}
    given["words"] = form.value("words").strip()[:_MOST]
    if not any(given.values()):
        fault = Fault("told", "Answer at least one question, or leave this page: you do not have to answer")
        return _form(request, desk, survey, given, fault)
    if not await surveys.answer(desk.database, token, given, local_date(desk.now)):
        return _over(request, desk)
    return desk.pages.public(request, "survey_done", survey.council)


def questions(survey: Survey) -> dict[str, tuple[str, Mapping[str, str]]]:
    """Each question of one choice, with its answers; the last depends on whether the review was refused."""
    last = (UNDERSTOOD, HOW) if survey.refused else (BEHAVIOUR, BETTER)
    return {**{name: (words, HOW) for name, words in WORDS.items()}, "result": last}


def _form(request: Request, desk: Desk, survey: Survey, given: Mapping[str, str], *faults: Fault) -> Response:
    return desk.pages.public(
        request, "survey", survey.council, 422 if faults else 200, questions=questions(survey), given=given,
        faults=list(faults), most=_MOST,
    )  # fmt: skip


def _over(request: Request, desk: Desk) -> Response:
    """A link that was answered, or is none of ours: the two cannot be told apart."""
    return desk.pages.public(request, "survey_over", "", 404)
