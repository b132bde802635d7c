"""Acts on a case: a form, what would follow, and then the same Update that the command line sends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.questions import answering
from console.questions.answering import Elsewhere, NotSent, Sitting
from console.questions.keeping import InCase
from console.questions.labels import ACTS, plainly
from console.questions.questionnaire import Page
from console.questions.sending import do, once
from console.staff import act_forms, case_documents, case_links, contact_form, possible_acts, report_form
from console.staff.act_forms import FilledAct
from console.staff.case_page import substance
from console.web.desk import AtDesk, Desk, Doer, opened
from console.web.posted_forms import Posted, posted
from domain.application import Means
from domain.events import ContactCorrected, acts
from domain.powers import POWERS
from office import acting, permits, whatif
from office.acting import Done, Left, NotAllowed, Over
from office.case_view import CaseView
from register import drafts, queries
from register.drafts import Begun
from register.unfinished import Officer
from register.users import User

router = APIRouter()

_JUDGEMENTS = frozenset(
    {"decide-threshold", "arrange-panel", "send-papers", "record-panel-decision", "send-outcome", "answer-enquiry",
     "refuse-appeal", "decide-appeal", "hold-follow-up", "notify-closure", "correct-report"}
)  # fmt: skip
"""The acts for which somebody has to know the case; their forms show what is known of it."""
_ELSEWHERE = {case_documents.ACT: "/documents", case_links.ACT: "#links"}
"""Acts that are done on a page of their own."""
_NOTE = "Nothing is done until you confirm on the next page. What you type is kept each time you press a button."


class ActSitting(Sitting[FilledAct]):
    """Somebody of the staff at the form of an act; ``about`` is whose details or which report it corrects, if any's."""

    def __init__(self, desk: Desk, user: User, view: CaseView, act: str, about: str, recorded: str = "") -> None:
        self.desk, self.user, self.view, self.act = desk, user, view, act
        self.sheet = act_forms.sheet(view, act, user, about, desk.ways, recorded)
        self.store = InCase(desk, Officer(view.reference, user.id, about), act)
        self.path = f"/cases/{view.reference}/acts/{act}"
        self.query = f"{'report' if act == report_form.ACT else 'person'}={about}" if about else ""
        self.open = act in view.possible

    @property
    def home(self) -> str:
        return f"/cases/{self.view.reference}"

    @property
    def saved(self) -> str:
        return f"{self.home}?done=kept"

    def show(self, request: Request, name: str, status: int, **more: object) -> Response:
        reference = self.view.reference
        seen: dict[str, object] = {
            "frame": "base.html.j2", "reference": reference, "caption": reference, "place_name": reference,
            "back_words": f"Back to {reference}", "go": "Continue to what will follow", "save": "Save for later",
            "discard": "Delete what I typed", "note": _NOTE, "later": "Save it for later",
            "still": "Nothing has been done and nothing has been sent yet.", "own_day": self.view.stored.row.own_day,
        }  # fmt: skip
        return self.desk.pages.show(request, f"questions/{name}", status, **(seen | more))

    def around(self, page: Page, form: Posted) -> dict[str, object]:
        powers = tuple(POWERS.values()) if self.act == "record-panel-decision" else ()
        return {"known": substance(self.view) if self.act in _JUDGEMENTS else None, "powers": powers}

    def id(self, form: Posted, made: FilledAct) -> str:
        return once(form.value("_form"), made.body)

    async def refusal(self, made: FilledAct) -> str | None:
        return whatif.refused(self.view, made.body, permits.actor(self.user))

    async def send(self, made: FilledAct, id: str) -> str:
        body, by = made.body, permits.actor(self.user)
        if act_forms.needs_second(body):
            if sentence := await self.refusal(made):
                raise NotSent(sentence)
            await drafts.begin(
                self.desk.database, Begun.PROPOSAL, self.user, council=self.view.stored.row.council,
                body=body.model_dump_json(), now=self.desk.now, reference=self.view.reference, act=self.act, id=id,
            )  # fmt: skip
            return f"{self.home}?done=proposed"
        match await do(self.desk, self.view, body, by, id, made.person):
            case Done(accepted):
                return f"{self.home}?done={accepted.event}"
            case NotAllowed(sentence) | Over(sentence):
                raise NotSent(sentence)
            case Left(kept=True):
                return f"{self.home}?done=left#left"
            case Left(sentence=sentence):
                raise NotSent(why=sentence)

    async def done(self, id: str) -> str | None:
        if id and await queries.has_event(self.desk.database, self.view.reference, id):
            return f"{self.home}?done={id}"
        proposed = await drafts.with_id(self.desk.database, id) if id else None
        return f"{self.home}?done=proposed" if proposed else None

    async def checked(self, made: FilledAct | None, form: Posted) -> dict[str, object]:
        if made is None or await self.refusal(made):
            return {}
        shown, by = act_forms.with_person(self.view, made), permits.actor(self.user)
        return {
            "effect": await whatif.effect(shown, made.body, by, self.desk.renderer, self.desk.ways),
            "second": act_forms.needs_second(made.body),
            "stage": self.view.case.stage,
            **_corrects(self.view, made, self.desk.ways),
        }

    def shut(self, request: Request, said: Sequence[object], refusal: str) -> Response:
        """What stands against the act before anything is typed, so that nobody types in vain."""
        first, _ = possible_acts.offered(self.view, self.user)
        stage = f"It cannot be done while the case is at “{self.view.case.stage}”"
        return self.show(
            request, "shut", 409, said=said, sentence=plainly(refusal) if refusal else stage,
            title=self.sheet.title, home=self.home, first=[(act, ACTS[act]) for act in first],
        )  # fmt: skip


async def _seat(request: Request, desk: AtDesk, user: Doer, reference: str, act: str) -> ActSitting:
    """404 for no such act, 403 for one that is not theirs."""
    if act in _ELSEWHERE and request.method == "GET":
        raise Elsewhere(f"/cases/{reference}{_ELSEWHERE[act]}")
    if act not in acts() or act in _ELSEWHERE:
        raise HTTPException(404)
    stored = await opened(desk, user, reference, f"the form “{ACTS[act].title}”")
    if permits.role(user) not in ACTS[act].may:
        raise HTTPException(403)
    if act == report_form.ACT:
        view = await acting.current(desk.office, stored)
        about, recorded = (request.query_params.get(name, "") for name in ("report", "reported"))
        return ActSitting(desk, user, view, act, about if report_form.report(view, about) else "", recorded)
    about = request.query_params.get("person", "")
    if request.method == "POST" and not about:
        about = (await posted(request)).value("person")
    view = await acting.current(desk.office, stored)
    return ActSitting(desk, user, view, act, about if about in contact_form.people(view) else "")


answering.routes(router, "/cases/{reference}/acts/{act}", _seat, paged=False)


def _corrects(view: CaseView, made: FilledAct, ways: Collection[Means]) -> dict[str, list[Any]]:
    """What the check page says of somebody's details: each before and after, and what to know first."""
    body, person = made.body, made.person
    if not isinstance(body, ContactCorrected) or person is None:
        return {}
    return {
        "corrections": contact_form.corrections(view, body, person),
        "warnings": list(contact_form.warnings(view, person, ways)),
    }
