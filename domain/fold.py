"""A case folded from its events: what each event changes. Nothing of it is stored; all is derived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain import arrivals
from domain import events as e
from domain.appeal_layers import layer_for
from domain.calendar import Calendar, receipt
from domain.case import Case
from domain.correction import Correction, put_right
from domain.directory import corrected, heard_by, id_of
from domain.keys import DeadlineKey
from domain.milestones import APPEAL, TOGETHER, words
from domain.parts import Appeal, Call, Deferral, Enquiry, Explanation, FollowUp, Item, Reached, holds, local_date
from domain.policy import Milestone, Policy, StepId


def fold(policy: Policy, calendar: Calendar, events: Iterable[e.Event]) -> Case:
    """The case that these events make, under this policy and the calendar given at receipt."""
    case = Case(policy, [calendar])
    for event in events:
        apply(case, event)
    return case


def apply(case: Case, event: e.Event) -> None:
    """Take the next event into account."""
    case.events.append(event)
    case.places[event.id] = len(case.events)
    if event.what.ending:
        case.ended = event
    on = local_date(event.at)
    match event.what:
        case e.ApplicationMade() as made:
            case.application, case.incidents = made.application, list(made.application.incidents)
            case.made_on, case.missing = local_date(made.made_at), made.application.missing
            rules = case.policy.calendar
            day_zero = receipt(case.calendar, made.made_at, cut_off=rules.cut_off, closed_day=rules.closed_day)
            case.reach(Milestone.RECEIVED, day_zero.day_zero, event)
            if not case.missing:
                case.reach(Milestone.COMPLETED, day_zero.day_zero, event)
        case e.DetailsRequested() as asked:
            case.missing = tuple(dict.fromkeys((*case.missing, *asked.missing)))
            case.reach(Milestone.DETAILS_REQUESTED, on, event)
            case.reached.pop(Milestone.COMPLETED, None)
        case e.DetailsReceived() as given:
            _details(case, given, on, event)
        case e.PassedOn():
            case.reach(Milestone.PASSED_ON, on, event)
        case e.EnquirySent() as sent:
            asked_as = {e.Purpose.VERIFICATION: Milestone.VERIFICATION_ASKED}
            milestone = asked_as.get(sent.purpose, Milestone.INFORMATION_ASKED)
            asked_on = Reached(on, event.id, words(milestone))
            case.reached.setdefault(milestone, asked_on)
            earlier = case.enquiries.get(sent.enquiry)
            anew = earlier is not None and earlier.lost
            case.enquiries[sent.enquiry] = Enquiry(
                sent.enquiry, sent.purpose, sent.agency, case.round, asked_on, anew=anew
            )
        case e.EnquiryAnswered() as answer:
            enquiry = case.enquiries[answer.enquiry]
            enquiry.answer, enquiry.answered_on = answer, on
            _settle(case, enquiry, on, event)
        case e.EnquiryClosed() as silent:
            case.enquiries[silent.enquiry].proceeded_on = on
            _settle(case, case.enquiries[silent.enquiry], on, event)
        case e.ThresholdDeferred() as deferred:
            case.deferrals.append(Deferral(deferred, Reached(on, event.id, "decision put off")))
        case e.DeferralEnded() | e.DecisionInsisted():
            _taken_up(case, on)
        case e.ThresholdDecided() as decision:
            _taken_up(case, on)
            if decision.met and case.refusal and case.window_shut:
                case.window_shut, case.notice = False, 0
                case.reached.pop(Milestone.CLOSURE_NOTIFIED, None)
            case.threshold = decision
            case.reach(Milestone.THRESHOLD_DECIDED, on, event)
        case e.PanelArranged() as arranged:
            case.panel = arranged
            case.reach(Milestone.PANEL_ARRANGED, on, event)
            case.reach(Milestone.PANEL_DATE, arranged.on, event)
        case e.AttendanceChosen() as attendance:
            case.attendance = attendance
        case e.PapersSent():
            case.reach(Milestone.PAPERS_SENT, on, event)
        case e.PanelAdjourned() as adjourned:
            if case.panel:
                case.panel = case.panel.model_copy(update={"reason": adjourned.reason, **_put_off(adjourned.until)})
            case.reach(Milestone.PANEL_DATE, adjourned.until, event)
        case e.PanelHeld() as held:
            _panel_held(case, held, event)
        case e.ChronologySent() as chronology:
            case.chronology = chronology
        case e.ChronologyCorrected() as said:
            case.chronology_corrected.append(said)
        case e.ExplanationAsked(about=about) as asked_why:
            case.explanations[about] = Explanation(about, _asked_of(case, about), asked_why)
        case e.ExplanationGiven(about=about) as given_why:
            case.explanations[about].given = given_why
        case e.PlanCommented() as comments:
            case.comments = comments
            case.reach(Milestone.PLAN_SETTLED, on, event)
        case e.PlanWindowShut():
            case.reach(Milestone.PLAN_SETTLED, on, event)
        case e.OutcomeDecided() as outcome:
            case.outcome = outcome
            case.reached.setdefault(Milestone.PLAN_SETTLED, Reached(on, event.id, words(Milestone.PLAN_SETTLED)))
        case e.ReceiptConfirmed() as confirmed:
            threshold = confirmed.letter == "threshold"
            milestone = Milestone.THRESHOLD_RECEIVED if threshold else Milestone.OUTCOME_RECEIVED
            before = case.reached.get(milestone)
            case.reach(milestone, confirmed.on, event)
            _received_later(case, milestone, before)
        case e.RecommendationAnswered() as response:
            item = case.items[response.recommendation]
            item.answer = response
            item.answered = item.answered or Reached(on, event.id, words(Milestone.ANSWERED))
        case e.ActionDone() as done:
            case.items[done.recommendation].done = done
        case e.AppealLodged() as lodged:
            _lodge(case, lodged, lodged.on or on, event)
        case e.AppealWindowShut():
            case.window_shut = True
        case e.BundleSent():
            case.reach(Milestone.BUNDLE_SENT, on, event)
        case e.HearingArranged() as hearing:
            case.appeals[-1].hearing = hearing
        case e.HearingAdjourned(until=until, reason=reason):
            if known := case.appeals[-1].hearing:
                case.appeals[-1].hearing = known.model_copy(update={"reason": reason, **_put_off(until)})
        case e.AppealHeard() as heard:
            case.appeals[-1].heard_on = heard.on
            case.reach(Milestone.APPEAL_HEARD, heard.on, event)
        case e.AppealDecided() as decided:
            case.appeals[-1].decided = decided
            if decided.heard_on:
                case.appeals[-1].heard_on = decided.heard_on
                case.reach(Milestone.APPEAL_HEARD, decided.heard_on, event)
            case.reach(Milestone.APPEAL_DECIDED, on, event)
            _recommended(case, decided.recommendations, event)
        case e.FollowUpHeld() as follow_up:
            _follow_up_held(case, follow_up, event)
        case e.ClosureNotified():
            case.objection, case.notice = None, len(case.events)
        case e.ClosureObjected() as objection:
            case.objection, case.notice = objection, 0
            case.reached.pop(Milestone.CLOSURE_NOTIFIED, None)
        case e.Closed():
            case.reach(Milestone.CLOSED, on, event)
        case e.IncidentAdded() as added:
            number = len(case.incidents) + 1
            case.incidents.append(added.incident.model_copy(update={"id": added.incident.id or f"I{number}"}))
        case e.ReportCorrected() as correction:
            _correct_report(case, correction, on, event)
        case e.CaseRestored():
            _restore(case, on, event)
        case e.Extended() as extended:
            case.extensions.setdefault(extended.step, []).append(extended)
        case e.ExtensionUndone(step=key):
            case.extensions.pop(key, None)
        case e.HoldStarted() | e.HoldEnded():
            case.pauses = holds(case.events)
        case e.OfficerAssigned() as officer:
            case.officer, case.officer_unreached = officer, False
        case e.RepresentativeChanged() as change:
            case.application = case.application.model_copy(
                update={
                    "representative": change.representative,
                    "victim_consents": change.victim_consents,
                    "acts_until": change.until,
                }
            )
            case.consent_asked = None
        case e.AuthorityLapsed():
            nobody = {"representative": "", "victim_consents": False, "acts_until": None}
            case.application, case.consent_asked = case.application.model_copy(update=nobody), None
        case e.ConsentAsked() as consent:
            case.consent_asked = consent
        case e.DateCorrected() as correction:
            _correct(case, correction.milestone, correction.to, event)
        case e.PersonJoined() as joined:
            case.others[joined.person] = joined
        case e.PersonLeft(person=person):
            case.others.pop(person, None)
        case e.CasesLinked() as linked:
            case.linked[linked.other] = linked
        case e.CasesParted(other=other):
            case.linked.pop(other, None)
        case e.CallRequested() as wanted:
            case.call = Call(wanted, on)
        case e.CallMade(spoke=True):
            case.call = None
        case e.SafetyReferred():
            case.referrals.append(event)
        case e.RiskAssessed():
            case.risks.append(event)
        case e.Apologised() as apology:
            case.apologies.append(apology)
        case e.DisclosureMade():
            case.disclosures.append(event)
        case e.CalendarChanged() as change:
            case.calendars.append(change.calendar)
        case e.LetterPosted() | e.LetterDispatched() | e.LetterSettled() | e.LetterUndelivered():
            arrivals.apply(case, event)
            if isinstance(event.what, e.LetterUndelivered):
                case.officer_unreached = case.officer_unreached or _officers_own(case, event.what.address)
        case e.Chased() as chased:
            case.chased.append((chased, on))
        case e.AgencyCorrected() as correction:
            case.policy = corrected(case.policy, correction)
            _readdressed(case, correction, on, event)
        case e.BodyAdded() as added:
            case.policy = corrected(case.policy, added)
            case.added = tuple(dict.fromkeys((*case.added, id_of(added.name))))
        case e.ActRefused() as refused:
            case.refused.append(refused)


def _asked_of(case: Case, about: str) -> str:
    """The body that a recommendation went to, or an enquiry."""
    return case.items[about].recommendation.to if about in case.items else case.enquiries[about].agency


def _put_off(until: date) -> dict[str, object]:
    """What stands of a meeting that is put off: nobody agreed to a day after a promise."""
    return {"on": until, "answer_by": None, "approved_by": ""}


def _taken_up(case: Case, on: date) -> None:
    if deferral := case.deferral:
        deferral.ended = on


def _correct(case: Case, milestone: Milestone, to: date, event: e.Event) -> None:
    """A milestone fell on another day, and with it what the same event brought about."""
    old = case.reached.get(milestone)
    for other in (milestone, *TOGETHER.get(milestone, ())):
        known = case.reached.get(other)
        if other is milestone or (known and old and known.event == old.event):
            case.mark(other, Reached(to, event.id, known.words if known else words(other)))
    if milestone is Milestone.RECEIVED:
        case.arrived_on = to
    _received_later(case, milestone, old)
    if milestone is Milestone.PANEL_HELD and case.held:
        case.held = case.held.model_copy(update={"on": to})
    elif milestone is Milestone.FOLLOWED_UP and case.follow_up:
        case.follow_up = case.follow_up.model_copy(update={"on": to})
    elif milestone is Milestone.APPEAL_LODGED and case.appeals:
        case.appeals[-1].lodged_on = case.reached[milestone]
    elif milestone is Milestone.APPEAL_HEARD and case.appeals:
        case.appeals[-1].heard_on = to


def _correct_report(case: Case, correction: e.ReportCorrected, on: date, event: e.Event) -> None:
    """A report is put right where it stands; the day of the application does not move (s.104(11))."""
    for place, known in enumerate(case.incidents):
        if known.id == correction.report:
            now = case.incidents[place] = put_right(known, correction)
            case.corrections.append(Correction(event.id, on, event.by, known, now, correction.reason, correction.how))


def _received_later(case: Case, milestone: Milestone, before: Reached | None) -> None:
    """A decision reached the applicant later than was thought: their time to appeal is longer by as much."""
    decision = Milestone.THRESHOLD_RECEIVED if case.refusal else Milestone.OUTCOME_RECEIVED
    if milestone is decision and before is not None and case.reached[milestone].on > before.on:
        case.reopen_the_window()


def _details(case: Case, given: e.DetailsReceived, on: date, event: e.Event) -> None:
    case.application = case.application.model_copy(
        update={
            "consent_to_share": case.application.consent_to_share or given.consent_to_share,
            "victim_consents": case.application.victim_consents or given.victim_consents,
            "anonymous": case.application.anonymous and not given.named,
        }
    )
    if given.victim_consents:
        case.consent_asked = None
    case.missing = case.application.missing
    if not case.missing and not case.has(Milestone.COMPLETED):
        case.reach(Milestone.COMPLETED, on, event)


def _settle(case: Case, enquiry: Enquiry, on: date, event: e.Event) -> None:
    if enquiry.round == case.round and all(q.settled for q in case.of_round(enquiry.purpose)):
        verification = enquiry.purpose is e.Purpose.VERIFICATION
        milestone = Milestone.VERIFIED if verification else Milestone.COLLATED
        case.reached.setdefault(milestone, Reached(on, event.id, words(milestone)))


def _recommended(case: Case, made: tuple[e.Recommendation, ...], event: e.Event) -> tuple[e.Recommendation, ...]:
    """What is asked of bodies now, each with its number in the case."""
    start = len(case.items)
    numbered = tuple(r.model_copy(update={"id": f"R{start + number}"}) for number, r in enumerate(made, start=1))
    on = Reached(local_date(event.at), event.id, words(Milestone.RECOMMENDED))
    case.items.update({r.id: Item(r, case.round, on) for r in numbered})
    return numbered


def _panel_held(case: Case, held: e.PanelHeld, event: e.Event) -> None:
    case.held = held.model_copy(update={"recommendations": _recommended(case, held.recommendations, event)})
    case.reach(Milestone.PANEL_HELD, held.on, event)
    case.reached.setdefault(Milestone.FIRST_PANEL_HELD, case.reached[Milestone.PANEL_HELD])
    case.reached.setdefault(Milestone.COLLATED, Reached(held.on, event.id, words(Milestone.COLLATED)))


def _restore(case: Case, on: date, event: e.Event) -> None:
    """The case goes on where it stood, but for a meeting that did not take place; a closed one in a new round."""
    closed = case.ended is not None and isinstance(case.ended.what, e.Closed)
    case.ended = None
    if closed:
        case.reached.pop(Milestone.CLOSED, None)
        arrivals.begin_again(case, Reached(on, event.id, "opened again after a finding"))
        case.notice = 0
        return
    if case.panel and case.held is None and case.panel.on < on:
        case.panel = None
        case.reached.pop(Milestone.PANEL_ARRANGED, None)
        case.reached.pop(Milestone.PANEL_DATE, None)
    appeal = case.appeal
    if appeal and appeal.hearing and appeal.heard_on is None and appeal.hearing.on < on:
        appeal.hearing = None


def _follow_up_held(case: Case, held: e.FollowUpHeld, event: e.Event) -> None:
    """A further follow-up has a duty of its own: the first was held on its own day."""
    if not case.looks_again:
        case.reach(Milestone.FOLLOWED_UP, held.on, event)
    case.follow_up = held
    on = Reached(held.on, event.id, words(Milestone.FOLLOWED_UP))
    further = str(DeadlineKey(StepId.FOLLOW_UP, str(len(case.followed) + 2), case.round))
    case.followed.append(FollowUp(held, on, further))


def _lodge(case: Case, lodged: e.AppealLodged, on: date, event: e.Event) -> None:
    route = layer_for(case, lodged.subject, on)
    assert route is not None
    for milestone in (*APPEAL, Milestone.CLOSURE_NOTIFIED):
        case.reached.pop(milestone, None)
    case.notice = 0
    reached = Reached(on, event.id, words(Milestone.APPEAL_LODGED))
    late, place = bool(lodged.good_cause), len(case.events)
    case.appeals.append(Appeal(lodged, reached, route, route.body_on(on), late, round=case.round, place=place))
    case.mark(Milestone.APPEAL_LODGED, reached)


def _readdressed(case: Case, correction: e.AgencyCorrected, on: date, event: e.Event) -> None:
    """What a body was asked at an address that is no longer its own was not asked, as long as its answer can bear on
    what is to be decided."""
    for appeal in case.appeals:
        appeal.body = appeal.body and heard_by(appeal.body, correction)
    if not correction.email or case.policy.agency(correction.agency) is None:
        return
    for letter in case.letters.values():
        refused = letter.posted.state is e.LetterState.REFUSED and letter.needs_somebody
        letter.overtaken = letter.overtaken or (refused and letter.posted.to == correction.agency)
    if correction.arrived:
        return
    for enquiry in case.enquiries.values():
        if enquiry.agency == correction.agency and enquiry.answer is None and _still_bears(case, enquiry):
            enquiry.lost, enquiry.proceeded_on = True, None
    for item in case.items.values():
        if item.recommendation.to == correction.agency and item.answer is None:
            item.sent = Reached(on, event.id, words(Milestone.RECOMMENDED))


def _still_bears(case: Case, enquiry: Enquiry) -> bool:
    if enquiry.purpose is e.Purpose.VERIFICATION:
        return case.threshold is None
    return enquiry.round == case.round and case.held is None and not case.refusal


def _officers_own(case: Case, address: str) -> bool:
    """Whether an address that failed is the officer's own, and not the team's mailbox."""
    contact = case.policy.contact
    if not address or case.officer is None or contact is None:
        return False
    failed = address.casefold()
    return failed == case.officer.email.casefold() and failed != contact.email.casefold()
