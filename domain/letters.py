"""The letters of a case: which of them an event causes, to whom.

A letter is ordered by the event it tells of, once for each recipient and kind; its key is made of the
two, so that nothing the service does twice is posted twice. ``domain.catalogue`` has every kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain import events as e
from domain import others
from domain.case import Case, local_date
from domain.catalogue import ANSWERS as ANSWERS
from domain.catalogue import CATALOGUE as CATALOGUE
from domain.catalogue import SUBJECTS as SUBJECTS
from domain.catalogue import kind_of
from domain.directory import id_of
from domain.edition import TOLD
from domain.keys import DeadlineKey, LetterKey
from domain.messages import LetterOrder, Party, Recipient
from domain.policy import Milestone, Owner, Rung, StepId
from domain.reconsidered import reconsidered
from domain.representation import applicants_side, formerly_acting
from domain.seats import left_the_panel, member, to_panel
from domain.terms import LinkPurpose
from domain.ways import failed_ways, goes_another_way, held_back

_OFFICER = Recipient(party=Party.OFFICER)
_NAMED = Recipient(party=Party.REPRESENTATIVE)
_OF_THE_COUNCIL = frozenset({e.Role.OFFICER, e.Role.OPERATIONS, e.Role.CLOCK})
_NEWS = (
    e.AppealLodged, e.AttendanceChosen, e.ChronologyCorrected, e.ClosureObjected, e.DocumentAdded, e.IncidentAdded,
    e.PlanCommented, e.SafetyReferred, e.Withdrawn,
)  # fmt: skip
_CURRENT = frozenset({"L-05", "L-06", "L-20"})
"""A meeting may move a promise in the same turn: these give the dates that hold then."""
_Wanted = tuple[str, Recipient]


def letters_for(reference: str, case: Case, event: e.Event) -> tuple[LetterOrder, ...]:
    """The letters that ``event`` causes, in order; ``case`` already has it applied as its last.

    Empty for an event nobody needs a letter about. A recipient has one letter of a kind at most.
    """
    orders: dict[str, LetterOrder] = {}
    for kind, to in _wanted(case, event):
        key = str(LetterKey(reference, event.id, kind, to.id or to.party.value))
        avoid = failed_ways(case, to)
        order = LetterOrder(
            key=key, letter=kind, to=to, event=event.id, upto=len(case.events), avoid=avoid,
            current=kind in _CURRENT and case.policy.edition >= TOLD,
        )  # fmt: skip
        orders.setdefault(key, order)
    return tuple(orders.values())


def _wanted(case: Case, event: e.Event) -> Iterator[_Wanted]:
    yield from _caused(case, event)
    yield from others.told(case, event)
    if _is_news(case, event):
        yield "A-18", _OFFICER


def _is_news(case: Case, event: e.Event) -> bool:
    """Whether somebody outside the council put into the case what its officer should not find by chance.

    Documents of one giver are told once a day, and not those that came with the application.
    """
    if event.by.role in _OF_THE_COUNCIL or not isinstance(event.what, _NEWS):
        return False
    if not isinstance(event.what, e.DocumentAdded):
        return not isinstance(event.what, e.AttendanceChosen) or event.what.news
    day = local_date(event.at)
    alike = (earlier for earlier in case.events[:-1] if earlier.kind == event.kind and earlier.by == event.by)
    return day > case.made_on and all(local_date(earlier.at) != day for earlier in alike)


def _caused(case: Case, event: e.Event) -> Iterator[_Wanted]:
    us = applicants_side(case)
    match event.what:
        case e.Acknowledged():
            yield "L-01", us
        case e.DetailsRequested():
            yield "L-02", us
            if case.application.representative and not case.application.victim_consents:
                yield "R-01", _NAMED
        case e.DetailsReceived():
            if us.party is Party.REPRESENTATIVE and not formerly_acting(case):
                yield "R-02", us
        case e.PassedOn(bodies=bodies):
            everyone = (*(a.id for a in case.policy.relevant_bodies), *bodies)
            yield from _to_agencies("A-01", case, everyone)
        case e.EnquirySent(purpose=purpose, agency=agency):
            yield "A-02" if purpose is e.Purpose.VERIFICATION else "A-03", _agency(agency)
        case e.ThresholdDecided(met=met):
            yield "L-03" if met else "L-04", us
            concerned = (*case.policy.relevant_bodies, *case.involved)
            yield from _to_agencies("A-05", case, (agency.id for agency in concerned))
        case e.ThresholdDeferred():
            yield "L-04b", us
        case e.DeferralEnded() | e.DecisionInsisted():
            yield "L-07", us
            yield "A-18", _OFFICER
        case e.PanelArranged() | e.PanelAdjourned():
            yield "L-05" if case.panel is None or case.panel.invited else "L-06", us
            yield from to_panel("A-06", case)
            yield from (("A-06c", member(seat)) for seat in left_the_panel(case))
        case e.PapersSent():
            yield from to_panel("A-07", case)
        case e.PanelHeld(recommendations=recommendations):
            yield from (("A-08", _agency(r.to)) for r in recommendations)
        case e.PlanPut():
            yield "L-10", us
        case e.ChronologySent():
            yield "L-09", us
        case e.ExplanationAsked(about=about):
            yield "A-22", _agency(case.explanations[about].agency)
            yield "L-12e", us
        case e.ExplanationGiven():
            yield "L-12e", us
        case e.OutcomeDecided():
            yield "L-11", us
        case e.RecommendationAnswered(recommendation=id, response=response):
            if response is e.Response.DECLINED:
                yield "L-12", us
            else:
                yield "A-09", _agency(case.items[id].recommendation.to)
        case e.ActionDone(recommendation=id):
            if _told_of(case, id):
                yield "L-13", us
        case e.AppealLodged():
            yield "L-18", us
        case e.AppealRefused():
            yield "L-19", us
        case e.HearingArranged() | e.HearingAdjourned():
            yield "L-20", us
            yield "A-10h", Recipient(party=Party.APPEAL_BODY)
        case e.BundleSent():
            yield "A-10", Recipient(party=Party.APPEAL_BODY)
        case e.AppealDecided(recommendations=recommendations):
            yield "L-21", us
            yield from (("A-08", _agency(r.to)) for r in recommendations)
            if _by_another_body(case, event):
                yield "A-11", _OFFICER
        case e.FollowUpHeld():
            yield "L-14", us
        case e.ClosureNotified():
            yield "L-15", us
        case e.Closed():
            yield "L-15c", us
            yield "L-24", us
        case e.Withdrawn():
            yield "L-16", us
            yield from _called_off(case, event)
        case e.CaseEnded(cause=cause):
            if not case.died or us.party is Party.REPRESENTATIVE:
                yield cause.farewell, us
            yield from _told_of_a_death(case) if case.died else _called_off(case, event)
        case e.CaseRestored():
            yield "L-15r" if _opened_again(case) else "L-16r", us
            yield from _needed_again(case)
        case e.IncidentAdded():
            yield "L-17", us
        case e.Extended(step=key):
            yield from _extended(case, key, us, "L-08")
        case e.ExtensionUndone(step=key):
            yield from _extended(case, key, us, "L-08u")
        case e.HoldStarted():
            yield "L-07h", us
        case e.HoldEnded() | e.OfficerAssigned() | e.ProgressTold():
            yield "L-07", us
        case e.RepresentativeChanged() as change:
            yield from _representative(case, change)
        case e.AuthorityLapsed(representative=before):
            yield "R-03", Recipient(party=Party.REPRESENTATIVE, id=before)
            yield "R-03", Recipient(party=Party.APPLICANT)
        case e.ConsentAsked():
            yield "R-01", us
        case e.DateCorrected() | e.Apologised():
            yield "L-22", us
        case e.SafetyReferred(to=to):
            contact = case.policy.care.contact(to)
            support = contact is not None and contact.support
            yield "A-13" if support else "A-12", Recipient(party=Party.SAFETY, id=to)
        case e.ReportCorrected():
            yield from _reconsidered(case, event, us)
        case e.LinkRenewed() as renewed:
            yield from _renewed(renewed)
        case e.AgencyCorrected(agency=id):
            if any(item.sent and item.sent.event == event.id for item in case.items.values()):
                yield "A-08", _agency(id)
        case e.BodyAdded(name=name):
            if case.has(Milestone.PASSED_ON):
                yield "A-01", _agency(id_of(name))
        case e.Chased() as chased:
            yield from _chased(case, chased, us, late=local_date(event.at) > chased.due)
        case e.LetterPosted(key=key, letter=letter):
            if letter != "A-18" and case.letters[key].needs_somebody and not held_back(case, case.letters[key]):
                yield "A-18", _OFFICER
        case e.LetterUndelivered(how=e.Failure.UNCLEAR):
            yield "A-18", _OFFICER
        case e.LetterUndelivered(key=key):
            if case.letters[key].posted.letter != "A-18" and not goes_another_way(case, key):
                yield "A-18", _OFFICER
        case e.ActRefused() | e.CallRequested():
            yield "A-18", _OFFICER


def _reconsidered(case: Case, event: e.Event, us: Recipient) -> Iterator[_Wanted]:
    """Where a corrected report changes the threshold the officer is told, and whoever was told otherwise."""
    found = reconsidered(case, event.id)
    if found and found.changes:
        yield "A-18", _OFFICER
        if found.told:
            yield "L-22", us


def _renewed(renewed: e.LinkRenewed) -> Iterator[_Wanted]:
    """A new link goes to its holder; a person's own is given to them by whoever asked for it."""
    match renewed.purpose:
        case LinkPurpose.ENQUIRY | LinkPurpose.RECOMMENDATIONS:
            yield "A-19", _agency(renewed.holder)
        case LinkPurpose.CHAIR:
            yield "A-19", Recipient(party=Party.CHAIR)
        case LinkPurpose.APPEAL:
            yield "A-19", Recipient(party=Party.APPEAL_BODY)


def _extended(case: Case, key: str, us: Recipient, letter: str) -> Iterator[_Wanted]:
    """A promise moved, or moved back, is told to the applicant; a body that has a new date hears of it too."""
    told, agency = is_public(case, key) or was_told(case, key), agency_of(case, key)
    if told:
        yield letter, us
    if agency:
        yield "A-18", _agency(agency)
    elif not told:
        yield "A-18", _OFFICER


def _representative(case: Case, change: e.RepresentativeChanged) -> Iterator[_Wanted]:
    acting, before = change.representative if change.victim_consents else "", formerly_acting(case)
    if acting:
        yield "R-02", Recipient(party=Party.REPRESENTATIVE)
    if before and before != acting:
        yield "R-03", Recipient(party=Party.REPRESENTATIVE, id=before)
    if not acting and (before or not change.representative):
        yield "R-03", Recipient(party=Party.APPLICANT)
    if change.representative and not acting:
        yield "R-01", _NAMED
        yield "A-18", _OFFICER


def _told_of(case: Case, id: str) -> bool:
    """Whether the applicant has read of a recommendation: its outcome was sent."""
    return case.items[id].round < case.round or case.has(Milestone.OUTCOME_SENT)


def _by_another_body(case: Case, event: e.Event) -> bool:
    """Whether somebody outside the council decided an appeal and told the service of it."""
    body = case.appeals[-1].body
    own = body is None or body.name == case.policy.identity.council
    return not own and event.by.role is not e.Role.OFFICER


def _chased(case: Case, chased: e.Chased, us: Recipient, *, late: bool) -> Iterator[_Wanted]:
    owner, agency = owner_of(case, chased.step), agency_of(case, chased.deadline)
    until_done = case.policy.chasing.overdue is not None
    if chased.rung is Rung.REMINDER:
        yield from _reminded(case, chased.step, owner, agency, us, late=late and until_done)
    elif chased.rung is Rung.WARNING:
        yield "A-18", _OFFICER
    elif chased.rung is Rung.DELAY_LETTER and chased.to in ("applicant", "officer"):
        yield ("L-08p", us) if chased.to == "applicant" else ("A-18", _OFFICER)
    elif until_done and chased.to in ("manager", "deputy"):
        yield "A-20", Recipient(party=Party.MANAGER, id="deputy" if chased.to == "deputy" else "")
    elif chased.rung is Rung.ESCALATION:
        yield ("A-04e", Recipient(party=Party.SENIOR, id=agency)) if agency else ("A-18", _OFFICER)
    if chased.rung is Rung.ESCALATION and _late_action(case, chased):
        yield "L-13", us


def _late_action(case: Case, chased: e.Chased) -> bool:
    """Whether the applicant hears by this escalation, the first, that an action they know of is late."""
    key = DeadlineKey.read(chased.deadline)
    if not key or key.step is not StepId.ACTION or key.item not in case.items or not _told_of(case, key.item):
        return False
    about = (chased.rung, chased.deadline, chased.due)
    alike = [earlier for earlier, _ in case.chased if (earlier.rung, earlier.deadline, earlier.due) == about]
    return case.policy.chasing.overdue is None or len(alike) == 1


def _reminded(
    case: Case, step: StepId, owner: Owner | None, agency: str, us: Recipient, *, late: bool
) -> Iterator[_Wanted]:
    if step is StepId.FOLLOW_UP and not late:
        yield "L-14i", us
        yield "A-18", _OFFICER
    elif agency:
        yield "A-04", _agency(agency)
    elif owner is Owner.APPEAL_BODY and case.appeal and case.appeal.body:
        yield "A-04", Recipient(party=Party.APPEAL_BODY)
    elif owner is Owner.CHAIR and case.panel:
        yield "A-18", Recipient(party=Party.CHAIR)
        yield from [("A-18", _OFFICER)] if late else []
    elif owner is not Owner.APPLICANT:
        yield "A-18", _OFFICER
    elif step is StepId.COMPLETION:
        yield "L-02", us


_OF_THE_APPEAL = {
    StepId.APPEAL_WINDOW: Owner.APPLICANT,
    StepId.APPEAL_BUNDLE: Owner.OFFICER,
    StepId.APPEAL_HEARING: Owner.APPEAL_BODY,
    StepId.APPEAL_DECISION: Owner.APPEAL_BODY,
}


def owner_of(case: Case, step: StepId) -> Owner | None:
    """On whom a step falls; the appeal's steps are the appeal route's and not in the policy's list."""
    listed = case.policy.step(step)
    return listed.owner if listed else _OF_THE_APPEAL.get(step)


def is_public(case: Case, key: str) -> bool:
    """Whether a deadline's key names a promise to the applicant."""
    named = DeadlineKey.read(key)
    step = named.step if named else None
    listed = case.policy.step(step) if step else None
    return listed.public if listed else step in (StepId.APPEAL_HEARING, StepId.APPEAL_DECISION)


def was_told(case: Case, key: str) -> bool:
    """Whether a letter that reached the applicant's side printed this deadline's date."""
    return any(
        letter.arrived and kind_of(letter.posted.letter).reader.private and key in letter.posted.told
        for letter in case.letters.values()
    )


def agency_of(case: Case, key: str) -> str:
    """The policy's body that a deadline's key falls on, ``police`` of ``verification:police``; or empty."""
    named = DeadlineKey.read(key)
    item = named.item if named else ""
    if named and named.step in (StepId.RECOMMENDATION, StepId.ACTION):
        item = case.items[item].recommendation.to if item in case.items else ""
    elif key in case.enquiries:
        item = case.enquiries[key].agency
    return item if case.policy.agency(item) else ""


def _agency(id: str) -> Recipient:
    return Recipient(party=Party.AGENCY, id=id)


def _to_agencies(kind: str, case: Case, ids: Iterable[str]) -> Iterator[_Wanted]:
    return ((kind, _agency(id)) for id in ids if case.policy.agency(id))


def _called_off(case: Case, event: e.Event) -> Iterator[_Wanted]:
    """Whoever was asked for something is told that it is not needed any more: an answer, a meeting, an appeal."""
    today = local_date(event.at)
    asked = dict.fromkeys(enquiry.agency for enquiry in case.enquiries.values() if not enquiry.settled)
    yield from _to_agencies("A-06c", case, asked)
    if case.panel and case.held is None and case.panel.on >= today:
        yield from to_panel("A-06c", case)
    if case.appeal and case.appeal.decided is None and (case.appeal.hearing or case.has(Milestone.BUNDLE_SENT)):
        yield "A-06c", Recipient(party=Party.APPEAL_BODY)


def _told_of_a_death(case: Case) -> Iterator[_Wanted]:
    """Whoever knows of the case: the bodies that had it, the panel, the appeal body, and who sees to what goes on."""
    had_it = [agency.id for agency in case.policy.relevant_bodies] if case.has(Milestone.PASSED_ON) else []
    asked = (enquiry.agency for enquiry in case.enquiries.values())
    addressed = (item.recommendation.to for item in case.items.values())
    yield from _to_agencies("A-06d", case, dict.fromkeys((*had_it, *asked, *addressed)))
    yield from to_panel("A-06d", case)
    if case.appeal and case.appeal.decided is None:
        yield "A-06d", Recipient(party=Party.APPEAL_BODY)
    if case.open_items or any(letter.in_tray and held_back(case, letter) for letter in case.letters.values()):
        yield "A-18", _OFFICER


def _opened_again(case: Case) -> bool:
    """Whether the case's last event opened it again in a new round."""
    return case.sent_back == len(case.events)


def _needed_again(case: Case) -> Iterator[_Wanted]:
    """Whoever was told that they are not needed any more, and is again."""
    end = next(event for event in reversed(case.events) if event.what.ending)
    told = {letter.posted.to for letter in case.letters.values() if letter.posted.event == end.id and letter.arrived}
    for agency in case.policy.agencies:
        if agency.id in told:
            yield "A-06r", _agency(agency.id)
    if case.panel and case.held is None and {"chair", "member"} & told:
        yield from to_panel("A-06r", case)
    if case.appeal and case.appeal.decided is None and "appeal body" in told:
        yield "A-06r", Recipient(party=Party.APPEAL_BODY)
