"""Starting a case from a telephone call or a paper form: one form, a draft kept, the threshold explained on the way."""

from __future__ import annotations

import asyncio
import hashlib
import json

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.questions import answering
from console.questions.answering import SAVE, Elsewhere, NotSent, Sitting
from console.questions.assessment import assessed
from console.questions.keeping import InDraft
from console.questions.questionnaire import Page
from console.staff.application_form import AT_FIRST, sheet
from console.web.desk import AtDesk, Desk, Starter
from console.web.posted_forms import Posted, posted
from domain.application import ApplicationForm, carried
from domain.calendar import LONDON
from domain.deadlines import Deadline
from domain.policy import Policy
from domain.threshold import Assessment
from office import permits
from office.taking_in import first_dates, taken_in
from register import drafts, likeness, queries, taking_in
from register.drafts import Begun, Draft
from register.users import EVERY_COUNCIL, User

router = APIRouter()
_SEEN_WITHIN, _LOOK_EVERY = 3.0, 0.1


@router.get("/applications")
async def listed(request: Request, desk: AtDesk, user: Starter) -> Response:
    begun = await drafts.of(desk.database, Begun.APPLICATION, user.council)
    shown = [{"it": draft, "council": desk.pages.council(draft.council), "name": _applicant(draft)} for draft in begun]
    councils = desk.pages.councils if user.council == EVERY_COUNCIL else {}
    return desk.pages.show(request, "applications", begun=shown, councils=councils, faults=[])


@router.post("/applications")
async def begin(request: Request, desk: AtDesk, user: Starter) -> Response:
    form = await posted(request)
    council = form.value("council") if user.council == EVERY_COUNCIL else user.council
    if council not in desk.pages.policies:
        raise HTTPException(400)
    now = desk.now.astimezone(LONDON)
    body = json.dumps(AT_FIRST | {"made_at.day": str(now.day), "made_at.month": str(now.month),
                                  "made_at.year": str(now.year)})  # fmt: skip
    draft = await drafts.begin(desk.database, Begun.APPLICATION, user, council=council, body=body, now=desk.now)
    return RedirectResponse(f"/applications/{draft.id}", 303)


class ApplicationSitting(Sitting[ApplicationForm]):
    """Somebody of the staff at the form of an application that they fill in for somebody."""

    def __init__(self, desk: Desk, user: User, draft: Draft, policy: Policy, saved: bool) -> None:
        self.desk, self.user, self.draft, self.policy = desk, user, draft, policy
        self.sheet = sheet(policy, desk.ways)
        self.store = InDraft(desk, draft.id)
        self.path, self._saved = f"/applications/{draft.id}", saved

    @property
    def home(self) -> str:
        return "/applications"

    @property
    def saved(self) -> str:
        return self.address("", saved="yes")

    def show(self, request: Request, name: str, status: int, **more: object) -> Response:
        council = self.policy.identity.council
        seen: dict[str, object] = {
            "frame": "base.html.j2", "caption": council, "place_name": council, "first_press": SAVE, "counts": True,
            "back_words": "Back; what you saved is kept", "go": "Continue to check it", "save": "Save for later",
            "discard": "Discard it", "saved_now": self._saved, "later": "Change something",
        }  # fmt: skip
        return self.desk.pages.show(request, f"questions/{name}", status, **(seen | more))

    def around(self, page: Page, form: Posted) -> dict[str, object]:
        return {"assessment": self._assessment(form)}

    def id(self, form: Posted, made: ApplicationForm) -> str:
        return hashlib.sha256(f"{self.draft.id}\0{made.model_dump_json()}".encode()).hexdigest()

    async def refusal(self, made: ApplicationForm) -> str | None:
        return None

    async def send(self, made: ApplicationForm, id: str) -> str:
        try:
            taken = await taken_in(self.desk.office, made, self.policy, by=permits.actor(self.user), key=self.draft.id)
        except taking_in.NotTakenIn as error:
            raise NotSent(*error.sentences) from None
        for _ in range(int(_SEEN_WITHIN / _LOOK_EVERY)):
            if await queries.begun(self.desk.database, taken.reference):
                break
            await asyncio.sleep(_LOOK_EVERY)
        return _started(taken.reference)

    async def done(self, id: str) -> str | None:
        reference = await queries.by_intake_key(self.desk.database, self.draft.id)
        return _started(reference) if reference else None

    async def checked(self, made: ApplicationForm | None, form: Posted) -> dict[str, object]:
        if made is None:
            return {}
        return {
            "assessment": self._assessment(form),
            "asked_for": carried(made, "", "somebody" if made.representative else "").missing,
            "dates": self._first_dates(made),
            "alike": await likeness.like(self.desk.database, self.draft.council, (made.applicant,)),
        }

    def _assessment(self, form: Posted) -> Assessment | None:
        """The threshold held against the reports typed so far."""
        return assessed(self.policy, self.sheet.fields, form, self.desk.now.astimezone(LONDON).date())

    def _first_dates(self, made: ApplicationForm) -> tuple[Deadline, ...]:
        application = carried(made, "P1", "P2" if made.representative else "")
        made_at = made.made_at.replace(tzinfo=LONDON) if made.made_at else self.desk.now
        return first_dates(self.policy, application, made_at, permits.actor(self.user), self.desk.now)


async def _seat(request: Request, desk: AtDesk, user: Starter, id: str, saved: str = "") -> ApplicationSitting:
    """Who sends again what became a case is led to it; 404 where there is neither."""
    draft = await drafts.with_id(desk.database, id)
    if draft is None and (started := await queries.by_intake_key(desk.database, id)):
        raise Elsewhere(_started(started))
    policy = desk.pages.policies.get(draft.council) if draft else None
    if draft is None or policy is None or draft.kind is not Begun.APPLICATION or not user.sees(draft.council):
        raise HTTPException(404)
    return ApplicationSitting(desk, user, draft, policy, saved == "yes")


def _started(reference: str) -> str:
    return f"/cases/{reference}?done=started"


answering.routes(router, "/applications/{id}", _seat, paged=False)


def _applicant(draft: Draft) -> str:
    return str(json.loads(draft.body).get("applicant.name", "")).strip()
