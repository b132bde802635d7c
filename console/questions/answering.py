"""Answering a questionnaire: page by page, all of it checked, then sent once. Whatever was typed is kept first."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.questions import repeated
from console.questions.fields import Field, FieldKind
from console.questions.keeping import Store
from console.questions.labels import plainly
from console.questions.questionnaire import Page, Questionnaire
from console.web.form_lock import turn
from console.web.posted_forms import Fault, Posted, posted

Made = TypeVar("Made")
SAVE, DISCARD = "save", "discard"
_CHANGED = Fault("confirm", "What was typed has changed since this page was opened. Check it again, then send it")
_MANY_CHOICES = 7


class NotSent(Exception):
    """It was not taken: what rules say against it, or ``why`` nobody could take it just now."""

    def __init__(self, *refusals: str, why: str = "") -> None:
        super().__init__(*refusals)
        self.refusals = refusals
        self.why = why


class Elsewhere(Exception):
    """There is nothing to fill in here; ``to`` is where it goes on."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


class Sitting(ABC, Generic[Made]):
    """Somebody at a questionnaire, with all that their kind of page needs.

    ``path`` is where its first page stands or, where it has several, what stands before their names; ``query`` goes
    with every address. ``open``: it may be done now.
    """

    sheet: Questionnaire[Made]
    store: Store
    path: str
    query: str = ""
    open: bool = True

    def address(self, slug: str, **more: str) -> str:
        """Where a page is."""
        query = "&".join(part for part in (self.query, *(f"{name}={value}" for name, value in more.items())) if part)
        return f"{self.path}{f'/{slug}' if slug else ''}{f'?{query}' if query else ''}"

    @property
    @abstractmethod
    def home(self) -> str:
        """Where somebody comes from, and goes who does not do it."""

    @property
    @abstractmethod
    def saved(self) -> str:
        """Where somebody goes who comes back to it later."""

    @abstractmethod
    def show(self, request: Request, name: str, status: int, **more: object) -> Response:
        """A page in the frame of this kind of reader."""

    @abstractmethod
    def id(self, form: Posted, made: Made) -> str:
        """What is the same whenever the same is sent, and no other time."""

    @abstractmethod
    async def refusal(self, made: Made) -> str | None:
        """The rules' sentence against it now; None where it may be done."""

    @abstractmethod
    async def send(self, made: Made, id: str) -> str:
        """Do it, and where it leads. Raises NotSent."""

    async def done(self, id: str) -> str | None:
        """Where somebody goes who sends again what is done already; None where it is not."""
        return None

    def around(self, page: Page, form: Posted) -> Mapping[str, object]:
        """What a page shows beside its questions."""
        return {}

    async def checked(self, made: Made | None, form: Posted) -> Mapping[str, object]:
        """What the page to check shows beside what was typed."""
        return {}

    def shut(self, request: Request, said: Sequence[object], refusal: str) -> Response:
        """It cannot be done any more; what was typed is shown, so that it can be told another way."""
        sentence = plainly(refusal) if refusal else ""
        return self.show(request, "shut", 409, said=said, sentence=sentence, title=self.sheet.title, home=self.home)

    def files(self) -> list[tuple[str, str]]:
        """What is said of a page without questions, which is the one for files."""
        return []


Seat = Callable[..., Awaitable[Sitting[Any]]]


def routes(router: APIRouter, base: str, seat: Seat, *, paged: bool = True) -> None:
    """Give a router the pages of a questionnaire; ``seat`` is the dependency that says who sits at which.

    ``paged``: it can have more than the one page that stands at ``base``.
    """
    here = Depends(seat)

    @router.get(base)
    async def begin(request: Request, sitting: Sitting[Any] = here) -> Response:
        return await _asked(request, sitting, "")

    @router.post(base)
    async def take(request: Request, sitting: Sitting[Any] = here) -> Response:
        return await _taken(request, sitting, "")

    @router.get(f"{base}/check")
    async def check(request: Request, sitting: Sitting[Any] = here) -> Response:
        return await _checked(request, sitting)

    @router.post(f"{base}/check")
    async def confirm(request: Request, sitting: Sitting[Any] = here) -> Response:
        seen = (await posted(request)).value("_seen")
        async with turn("form", sitting.store.name):
            return await _confirmed(request, sitting, seen)

    if not paged:
        return

    @router.get(f"{base}/{{step}}")
    async def ask(request: Request, step: str, sitting: Sitting[Any] = here) -> Response:
        return await _asked(request, sitting, step)

    @router.post(f"{base}/{{step}}")
    async def answer(request: Request, step: str, sitting: Sitting[Any] = here) -> Response:
        return await _taken(request, sitting, step)


async def _typed(sitting: Sitting[Any]) -> tuple[Posted, bool]:
    """What was typed so far, and whether any of it is kept."""
    kept = await sitting.store.read()
    fresh = {**sitting.sheet.start, "_form": uuid.uuid4().hex}
    return Posted(fresh if kept is None else kept), kept is not None


async def _asked(request: Request, sitting: Sitting[Any], slug: str) -> Response:
    form, kept = await _typed(sitting)
    if not sitting.open:
        return await _shut(request, sitting, form, kept)
    page = sitting.sheet.page(form, slug)
    if page is None and not slug:
        return RedirectResponse(sitting.address(sitting.sheet.pages(form)[0].slug), 303)
    if page is None:
        raise HTTPException(404)
    return _page(request, sitting, page, form, [], 200, kept)


async def _taken(request: Request, sitting: Sitting[Any], slug: str) -> Response:
    sent = await posted(request)
    async with turn("form", sitting.store.name):
        form, kept = await _typed(sitting)
        page = sitting.sheet.page(form, slug)
        if page is None and not sitting.open:
            return await _shut(request, sitting, form, kept)
        if page is None:
            raise HTTPException(404)
        return await _pressed(request, sitting, page, form, sent)


async def _pressed(request: Request, sitting: Sitting[Any], page: Page, form: Posted, sent: Posted) -> Response:
    sheet, press = sitting.sheet, sent.value("_press")
    if press == DISCARD:
        await sitting.store.drop()
        return RedirectResponse(sitting.home, 303)
    _merge(form, page, sent)
    grown = repeated.changed([sheet.field(path) for path in page.asks], form, press)
    await sitting.store.write(form.values)
    if not sitting.open:
        return await _shut(request, sitting, form, kept=True)
    if grown:
        return RedirectResponse(sitting.address(page.slug), 303)
    if press == SAVE:
        return RedirectResponse(sitting.saved, 303)
    if faults := sheet.faults_of(page, form):
        return _page(request, sitting, page, form, faults, 422, kept=True)
    following = sheet.after(form, page)
    if following and sent.value("_then") != "check":
        return RedirectResponse(sitting.address(following.slug), 303)
    made, _ = sheet.read(form)
    refusal = await sitting.refusal(made) if made is not None else None
    if refusal and (fault := _at(sheet, page, refusal, form)):
        return _page(request, sitting, page, form, [fault], 422, kept=True)
    return RedirectResponse(sitting.address("check"), 303)


def _merge(form: Posted, page: Page, sent: Posted) -> None:
    """What one page says, in place of what it said before; of the other pages nothing changes."""
    for name in page.own(form.values):
        del form.values[name]
    form.values |= {name: sent.values[name] for name in page.own(sent.values)}


async def _checked(request: Request, sitting: Sitting[Any]) -> Response:
    form, kept = await _typed(sitting)
    if not sitting.open:
        return await _shut(request, sitting, form, kept)
    made, _ = sitting.sheet.read(form)
    if made is None or not kept:
        return RedirectResponse(sitting.address(sitting.sheet.first_wrong(form).slug), 303)
    if refusal := await sitting.refusal(made):
        return await _told(request, sitting, form, [refusal], 200)
    return await _check(request, sitting, form, [], 200)


async def _confirmed(request: Request, sitting: Sitting[Any], seen: str) -> Response:
    """Sent twice it counts once: the second finds it done, also where nobody answered the first and it was taken up."""
    form, kept = await _typed(sitting)
    if done := await sitting.done(seen):
        await sitting.store.drop()
        return RedirectResponse(done, 303)
    if not kept:
        return RedirectResponse(sitting.home, 303)
    if not sitting.open:
        return await _shut(request, sitting, form, kept)
    made, _ = sitting.sheet.read(form)
    if made is None:
        return RedirectResponse(sitting.address(sitting.sheet.first_wrong(form).slug), 303)
    id = sitting.id(form, made)
    if seen != id:
        return await _check(request, sitting, form, [_CHANGED], 422)
    try:
        where = await sitting.send(made, id)
    except NotSent as error:
        if error.refusals:
            return await _told(request, sitting, form, error.refusals, 422)
        return await _check(request, sitting, form, [Fault("confirm", error.why)], 503)
    await sitting.store.drop()
    return RedirectResponse(where, 303)


def _at(sheet: Questionnaire[Any], page: Page, refusal: str, form: Posted) -> Fault | None:
    """A refusal at its question, where that stands on this page."""
    about, path = sheet.about(refusal, form)
    return Fault(path, plainly(refusal)) if about.slug == page.slug else None


async def _told(
    request: Request, sitting: Sitting[Any], form: Posted, refusals: Sequence[str], status: int
) -> Response:
    """Refusals where they are mended: at the questions where there is one page, else at their parts of the check."""
    about = [(*sitting.sheet.about(refusal, form), plainly(refusal)) for refusal in refusals]
    if len(pages := sitting.sheet.pages(form)) == 1:
        faults = [Fault(path, words) for _, path, words in about]
        return _page(request, sitting, pages[0], form, faults, 422, kept=True)
    return await _check(request, sitting, form, [Fault(f"part-{page.slug}", words) for page, _, words in about], status)


def _page(
    request: Request, sitting: Sitting[Any], page: Page, form: Posted, faults: Sequence[Fault], status: int, kept: bool
) -> Response:
    pages, asked = sitting.sheet.pages(form), sitting.sheet.asked(page)
    place = [known.slug for known in pages].index(page.slug)
    then = "check" if request.query_params.get("then") == "check" else ""
    back = sitting.address("check") if then else sitting.address(pages[place - 1].slug) if place else sitting.home
    return sitting.show(
        request, "page", status, page=page, asked=asked, heading=heads(page, asked), form=form, faults=list(faults),
        rows=repeated.shown([question for _, question in asked], form), action=sitting.address(page.slug), back=back,
        hidden={"_then": then}, place=place + 1, places=len(pages), kept=kept, **sitting.around(page, form),
    )  # fmt: skip


async def _check(
    request: Request, sitting: Sitting[Any], form: Posted, faults: Sequence[Fault], status: int
) -> Response:
    made, _ = sitting.sheet.read(form)
    parts = [(page, sitting.address(page.slug, then="check"), said) for page, said in _said(sitting, form)]
    return sitting.show(
        request, "check", status, sheet=sitting.sheet, faults=list(faults), parts=parts, back=sitting.home,
        action=sitting.address("check"), hidden={}, saved=sitting.saved,
        seen=sitting.id(form, made) if made is not None else "",
        **await sitting.checked(made, form),
    )  # fmt: skip


async def _shut(request: Request, sitting: Sitting[Any], form: Posted, kept: bool) -> Response:
    made, _ = sitting.sheet.read(form)
    refusal = await sitting.refusal(made) if kept and made is not None else None
    parts = [(page, "", said) for page, said in _said(sitting, form)] if kept else []
    return sitting.shut(request, parts, refusal or "")


def _said(sitting: Sitting[Any], form: Posted) -> list[tuple[Page, list[tuple[str, str]]]]:
    return [(page, said if page.asks else sitting.files()) for page, said in sitting.sheet.said(form)]


def heads(page: Page, asked: Sequence[tuple[str, Field]]) -> bool:
    """Whether a page's one question is its heading: where nothing stands between them."""
    if len(asked) != 1 or page.lead or asked[0][1].label != page.title:
        return False
    question = asked[0][1]
    listed = question.kind is FieldKind.CHOICE and (
        len(question.choices) > _MANY_CHOICES or question.choices[0].value == ""
    )
    return not listed and question.kind in (
        FieldKind.LINE, FieldKind.TEXT, FieldKind.LINES, FieldKind.DATE, FieldKind.YES_NO, FieldKind.CHOICE,
        FieldKind.TICKS,
    )  # fmt: skip
