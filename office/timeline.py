"""A case's events in words, one short sentence each, as its timeline shows them."""

from __future__ import annotations

import string
from collections.abc import Iterable
from datetime import date

from domain import calendar
from domain import events as e
from domain.case import words as milestone
from domain.correction import Correction
from domain.dates import short
from domain.directory import named
from domain.keys import DeadlineKey, LetterKey
from domain.letters import ANSWERS, CATALOGUE, SUBJECTS
from domain.parts import goes_by
from domain.policy import Policy, StepId
from domain.span import SHORT, Span
from domain.terms import LinkPurpose

_RUNGS = {
    "reminder": "Reminder sent to",
    "warning": "Warning sent to",
    "delay_letter": "A delay letter is wanted, told to",
    "escalation": "Escalated to",
    "proceed": "Went on without",
}
_ASKED = {
    e.Purpose.VERIFICATION: "confirm the reports",
    e.Purpose.INFORMATION: "give its full account",
}
_OF_AN_APPEAL = {
    StepId.APPEAL_WINDOW: "Appeal by",
    StepId.APPEAL_BUNDLE: "Papers to the appeal body",
    StepId.APPEAL_HEARING: "Hearing of the appeal",
    StepId.APPEAL_DECISION: "Appeal decision",
    StepId.DEFERRAL: "Look again at the decision",
}
LINKS = {
    LinkPurpose.PROGRESS: "how the case is going",
    LinkPurpose.ENQUIRY: "an enquiry",
    LinkPurpose.RECOMMENDATIONS: "recommendations",
    LinkPurpose.CHAIR: "the panel",
    LinkPurpose.APPEAL: "the appeal",
}
"""What a link is for, in words."""
_LETTER = {
    e.LetterState.ACCEPTED: "sent",
    e.LetterState.WAITING: "waiting for the mail server",
    e.LetterState.REFUSED: "refused by the mail server",
    e.LetterState.UNCERTAIN: "may or may not have been sent",
    e.LetterState.IN_TRAY: "to be printed and posted",
}


class _Sentence(string.Formatter):
    """An act's own words with what it holds, its dates as everywhere."""

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, Span):
            return value.said(SHORT)
        return short(value) if isinstance(value, date) else str(value)


def who(actor: e.Actor, policy: Policy) -> str:
    """Who acted: "the service", "Kent Police", "officer J Smith"."""
    if actor.role is e.Role.CLOCK:
        return "the service"
    if actor.role is e.Role.AGENCY and actor.name:
        return party(actor.name, policy)
    role = actor.role.value.replace("_", " ")
    return actor.name if role in actor.name.lower() else f"{role} {actor.name}".strip()


def party(name: str, policy: Policy) -> str:
    """An agency's id as its name, ``senior:police`` and ``manager`` as the post; anything else as it is."""
    kind, _, rest = name.rpartition(":")
    agency, management = policy.agency(rest), policy.management
    if name in ("manager", "deputy") and management and (post := management.post(name)):
        return post.title
    if agency is None:
        return policy.called(name) if policy.care.contact(name) else name.replace("_", " ")
    return f"{agency.senior.title}, {agency.name}" if kind == "senior" else agency.name


def body(name: str, policy: Policy) -> str:
    """The body that people mean by "police", by its name; another one as they called it."""
    return next((agency.name for agency in policy.agencies if goes_by(agency, name)), name)


def enquiry(key: str) -> str:
    """What an agency was asked, by the enquiry's key."""
    named = DeadlineKey.read(key)
    return f"the enquiry to {_ASKED[e.Purpose(named.step.value)]}" if named else key


def deadline(key: str, policy: Policy) -> str:
    """A date by its key as the case page calls it: “Agencies confirm the reports: Kent Police”."""
    named = DeadlineKey.read(key)
    if named is None:
        return key
    step = policy.step(named.step)
    title = step.title if step else _OF_AN_APPEAL.get(named.step, key)
    return f"“{title}: {party(named.item, policy)}”" if named.item else f"“{title}”"


def letter(kind: str) -> str:
    """ "L-01 We have your application"."""
    known = CATALOGUE.get(kind)
    return f"{kind} {known.title}" if known else kind


def letter_state(state: e.LetterState) -> str:
    return _LETTER[state]


def words(event: e.Event, policy: Policy, corrections: Iterable[Correction] = ()) -> str:
    """What happened, in one sentence without its full stop; ``corrections`` are the case's, for the old values."""
    what = event.what
    if isinstance(what, e.ReportCorrected):
        changed = (change for known in corrections if known.event == event.id for change in known.changes)
        said = "; ".join(f"{change.what}, {change.old or 'none'}, now {change.new or 'none'}" for change in changed)
        return f"Report {what.report} corrected{f': {said}' if said else ''}. Why: {what.reason.rstrip('.')}"
    if what.does and what.does.words:
        return _Sentence().vformat(what.does.words, (), what.__dict__)
    match what:
        case e.ApplicationMade(made_at=made_at):
            return f"Application made, {short(made_at.astimezone(calendar.LONDON).date())}"
        case e.Acknowledged():
            return "Application acknowledged"
        case e.DetailsRequested(missing=missing):
            return f"Asked for {'; '.join(missing) or 'missing details'}"
        case e.DetailsReceived() as given:
            return f"Supplied: {_supplied(given)}"
        case e.PassedOn(bodies=bodies):
            return f"Passed on to {', '.join(party(body, policy) for body in bodies)}"
        case e.EnquirySent(purpose=purpose, agency=agency):
            return f"Asked {party(agency, policy)} to {_ASKED[purpose]}"
        case e.EnquiryAnswered() as answer:
            return f"Answered {enquiry(answer.enquiry)}{_confirmed(answer)}"
        case e.EnquiryClosed(enquiry=key):
            return f"Went on without an answer to {deadline(key, policy)}"
        case e.ThresholdDeferred(agency=agency, until=until):
            return f"Decision put off until {short(until)}, for {party(agency, policy)}"
        case e.DeferralEnded():
            return "The time for which the decision was put off is over"
        case e.ThresholdDecided(met=met, discretion=discretion):
            how = " by discretion (s.104(5))" if met and discretion else ""
            return f"Threshold decided: {'met' if met else 'not met'}{how}"
        case _:
            return _later(what, policy)


def _later(what: e.What, policy: Policy) -> str:
    match what:
        case e.PanelHeld(on=on, recommendations=made):
            return f"Panel held on {short(on)}; {_number(len(made), 'recommendation')}"
        case e.PlanPut():
            return "Draft plan put to the applicant"
        case e.PlanWindowShut():
            return "Time to comment on the plan ended"
        case e.RecommendationAnswered(recommendation=id, response=response):
            return f"{id} {ANSWERS[response]}"
        case e.AppealLodged(subject=subject, good_cause=cause):
            return f"Appeal lodged{' late' if cause else ''} against {SUBJECTS[subject]}"
        case e.AppealRefused(subject=subject, decided_by=who_decided):
            return f"Appeal against {SUBJECTS[subject]} not taken, decided by {who_decided}"
        case e.AppealWindowShut():
            return "Time to appeal ended"
        case e.FollowUpHeld(on=on, behaviour_stopped=stopped):
            return f"Follow-up held on {short(on)}: behaviour {'stopped' if stopped else 'goes on'}"
        case e.ProgressTold():
            return "The applicant was told how the case stands"
        case e.Closed():
            return "Case closed"
        case _:
            return _any_time(what, policy)


def _any_time(what: e.What, policy: Policy) -> str:
    match what:
        case e.CaseEnded() as ended:
            return f"Case ended: {ended.cause.words}{_of_the_end(ended)}"
        case e.CaseRestored(reason=reason, found_by=found_by):
            return f"Case taken up again{f' after a finding of {found_by}' if found_by else ''}: {reason}"
        case e.Extended(step=step, working_days=days, approved_by=approver):
            by = f", approved by {approver}" if approver else ", by the clock"
            return f"{deadline(step, policy)} extended by {_number(days, 'working day')}{by}"
        case e.ExtensionUndone(step=step, reason=reason):
            return f"Extension of {deadline(step, policy)} undone: {reason}"
        case e.RepresentativeChanged(representative=id):
            return "Somebody new acts for the victim" if id else "Nobody acts for the victim any more"
        case e.AuthorityLapsed(until=until):
            return f"The authority of whoever acted ended with {short(until)}"
        case e.CallMade(spoke=spoke, note=note):
            said = f": {note}" if note else ""
            return f"Rang the applicant{said}" if spoke else f"Rang the applicant and did not reach them{said}"
        case e.ContactCorrected(changed=changed):
            return f"Contact details corrected: {', '.join(detail.value.replace('_', ' ') for detail in changed)}"
        case e.AgencyCorrected(agency=name) as new:
            given = [new.email, new.senior_title, new.senior_email, new.phone, ", ".join(new.address_lines)]
            now = "; ".join(detail for detail in given if detail)
            return f"Where {dict(named(policy)).get(name, name)} is reached was corrected, now {now}: {new.reason}"
        case e.Apologised(deadline=key):
            return f"Apologised to the applicant{f' for {deadline(key, policy)}' if key else ''}"
        case e.SafetyReferred(to=to, consent=consent):
            return f"Safety referral to {party(to, policy)}, {'with' if consent else 'without'} consent"
        case e.LinkRenewed(purpose=purpose):
            shown = "shown to whoever asked for it" if purpose is LinkPurpose.PROGRESS else "sent to its holder"
            return f"A new link for {LINKS[purpose]}, {shown}"
        case e.DocumentAdded(name=name, given_by=given_by, about=about):
            source = f", from {given_by}" if given_by else ""
            return f"Document added: {name}{source}{f' ({about})' if about else ''}"
        case e.DateCorrected(milestone=which, to=to):
            return f"Date corrected: {milestone(which)} {short(to)}"
        case e.LetterPosted(letter=kind, to=to, state=state):
            return f"Letter {letter(kind)} to {party(to, policy)}: {_LETTER[state]}"
        case e.LetterDispatched(key=key, on=on, post_class=post_class):
            return f"Letter {_named(key)}: posted {post_class} class on {short(on)}"
        case e.LetterUndelivered(key=key, how=how, reason=reason):
            return f"Letter {_named(key)}: {how}{f', {reason}' if reason else ''}"
        case e.LetterSettled(key=key, arrived=arrived):
            return f"Letter {_named(key)}: {'arrived' if arrived else 'did not arrive, sent again'}"
        case e.Chased(rung="delay_letter", to="applicant", deadline=key, due=due):
            return f"Told the applicant that a date is not kept: {deadline(key, policy)}, due {short(due)}"
        case e.Chased(rung=rung, to=to, deadline=key, due=due):
            return f"{_RUNGS[rung]} {party(to, policy)}: {deadline(key, policy)}, due {short(due)}"
        case e.ActRefused(refused=act, sentence=sentence):
            return f"Not taken: {act}, because {sentence}"
        case _:
            return what.kind.replace(".", " ").replace("_", " ")


def _named(key: str) -> str:
    return letter(LetterKey.read(key).kind)


def _of_the_end(ended: e.CaseEnded) -> str:
    """What is said of one cause and of no other, and the note that is for the file alone."""
    day = f" on {short(ended.on)}" if ended.on else ""
    parts = [
        f" ({ended.same_as})" if ended.same_as else "",
        f" ({ended.council})" if ended.council else "",
        f", passed on{day}; consent: {ended.consent}" if ended.consent else day,
        f"; {ended.sees_to} sees to what was recommended" if ended.sees_to else "",
        f", agreed by {ended.approved_by}" if ended.approved_by else "",
        f"; told to the applicant: {ended.reason}" if ended.reason else "",
        f"; note for the file: {ended.note}" if ended.note else "",
    ]
    return "".join(parts)


def _supplied(given: e.DetailsReceived) -> str:
    parts = [
        "consent to share" if given.consent_to_share else "",
        "the victim's consent" if given.victim_consents else "",
        "their name" if given.named else "",
        "details" if given.text else "",
    ]
    return ", ".join(part for part in parts if part)


def _confirmed(answer: e.EnquiryAnswered) -> str:
    said: dict[str, list[str]] = {}
    for confirmation in answer.confirmations:
        day = f" ({short(confirmation.reported)})" if confirmation.reported else ""
        said.setdefault(confirmation.words, []).append(f"{confirmation.incident}{day}")
    parts = [f"{words} of {', '.join(incidents)}" for words, incidents in said.items()]
    return f": {'; '.join(parts)}" if parts else ""


def _number(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"
