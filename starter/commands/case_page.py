"""One case in full, for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.assessment import assessment
from domain.case import Enquiry, Item, local_date
from domain.deadlines import Deadline
from domain.events import LetterPosted, LetterState
from domain.letters import ANSWERS
from domain.messages import Party
from domain.span import SHORT
from office import timeline
from office.case_view import CaseView
from office.case_words import other_days, subject
from office.operations.standstill import Standstill
from register.letter_rows import LetterRow
from register.likeness import Like
from register.pending_acts import PendingAct
from starter import output


def show(
    view: CaseView,
    sent: Sequence[LetterRow],
    left: Sequence[PendingAct] = (),
    still: Standstill | None = None,
    alike: Sequence[Like] = (),
) -> None:
    """Print the case: what matters now first, how it came about last."""
    row, case = view.stored.row, view.case
    output.heading(f"{view.reference}: {case.stage if view.stored.numbered else row.stage}")
    print()
    output.facts(
        [
            ("Council", f"{view.policy.identity.council} (policy {view.policy.id} {view.policy.version})"),
            ("Applied", output.moment(row.made_at)),
            ("Its day", f"{output.moment(view.now)} (a demonstration case)" if row.demo else ""),
            ("Now", view.waiting.words),
            ("Stuck", _stuck(still)),
            ("Must act", view.waiting.must_act.replace("_", " ")),
            ("Officer", row.officer),
            ("Looks like", "; ".join(f"{other.reference} ({other.words})" for other in alike)),
            ("Linked with", ", ".join(case.linked)),
            ("Possible", ", ".join(view.possible)),
        ]
    )
    _left(view, left)
    _reports(view)
    _deadlines(view)
    _enquiries(view)
    _recommendations(view)
    _letters(view, sent)
    _timeline(view)


def as_json(
    view: CaseView, sent: Sequence[LetterRow], left: Sequence[PendingAct] = (), alike: Sequence[Like] = ()
) -> dict[str, object]:
    """The same facts; docs/commands.md has every key."""
    row, case = view.stored.row, view.case
    return {
        "reference": view.reference,
        "council": view.policy.id,
        "version": view.policy.version,
        "stage": case.stage.value if view.stored.numbered else row.stage.value,
        "waiting": view.waiting.words,
        "must_act": view.waiting.must_act,
        "possible": list(view.possible),
        "made_at": row.made_at,
        "now": view.now,
        "demo": row.demo,
        "officer": row.officer,
        "like": [other.reference for other in alike],
        "linked": list(case.linked),
        "breached": any(deadline.breached for deadline in view.deadlines),
        "left": [_left_json(act) for act in left],
        "reports": _reports_json(view),
        "deadlines": [deadline_json(deadline) for deadline in view.deadlines],
        "enquiries": [_enquiry_json(enquiry) for enquiry in case.enquiries.values()],
        "recommendations": [_item_json(item) for item in case.items.values()],
        "letters": [letter_json(letter) for letter in sent],
        "timeline": [
            {
                "id": event.id,
                "at": event.at,
                "by": event.by.model_dump(mode="json"),
                "kind": event.kind,
                "words": timeline.words(event, view.policy, view.case.corrections),
            }
            for event in case.events
        ],
    }


def deadline_json(deadline: Deadline) -> dict[str, object]:
    """A date of a case, without its working."""
    return {
        "step": deadline.key,
        "title": deadline.title,
        "owner": deadline.owner.value,
        "agency": deadline.agency,
        "due": deadline.due,
        "promised": deadline.promised,
        "opens": deadline.opens,
        "target": deadline.target,
        "state": deadline.state.value,
        "ended_on": deadline.ended_on,
        "breached": deadline.breached,
        "anchor": deadline.anchor.value,
        "limit": deadline.limit,
        "source": deadline.source.model_dump(mode="json"),
    }


def letter_json(letter: LetterRow) -> dict[str, object]:
    """A letter and what became of it, without its text."""
    return {
        "key": letter.key,
        "letter": letter.kind,
        "subject": letter.subject,
        "to": letter.to_party.value,
        "to_id": letter.to_id,
        "to_name": letter.to_name,
        "state": letter.state.value,
        "arrived": letter.arrived,
        "words": letter.words,
        "attempts": letter.attempts,
        "by": letter.means.value if letter.means else None,
        "posted_on": letter.posted_on,
        "post_class": letter.post_class,
        "received_on": letter.received_on,
        "rendered_at": letter.rendered_at,
        "settled_at": letter.settled_at,
    }


def letter_state(letter: LetterRow) -> str:
    """ "accepted", "uncertain; arrived", "handing over"."""
    arrival = {True: "; arrived", False: "; did not arrive", None: ""}[letter.arrived]
    return letter.state.value.replace("_", " ") + arrival


def recipient(letter: LetterRow) -> str:
    return (letter.to_id if letter.to_party is not Party.MEMBER else "") or letter.to_party.value.replace("_", " ")


def written_on(letter: LetterRow) -> date:
    return local_date(letter.rendered_at)


def _stuck(still: Standstill | None) -> str:
    if still is None:
        return ""
    what = "the case has not gone on" if still.halted else "what happened here has not gone through"
    since = f" since {output.moment(still.since)}" if still.since else ""
    return f"{what}{since}. {still.words}"


def _left(view: CaseView, left: Sequence[PendingAct]) -> None:
    """What nobody answered when it was sent, and what the case did not take of it afterwards."""
    if not left:
        return
    output.heading("Left while no worker answered")
    rows = [
        (
            act.what.act or "",
            timeline.who(act.by, view.policy),
            output.moment(act.kept_at),
            f"not done: {act.refused}" if act.refused else "waits to be taken up",
        )
        for act in left
    ]
    output.table(["Act", "By", "Left", "State"], rows)


def _left_json(act: PendingAct) -> dict[str, object]:
    return {
        "id": act.id,
        "act": act.what.act,
        "by": act.by.model_dump(mode="json"),
        "left_at": act.kept_at,
        "refused": act.refused,
        "refused_at": act.refused_at,
    }


def _reports(view: CaseView) -> None:
    """Which reports count, and what whoever decides has to know of them."""
    if not view.case.incidents:
        return
    read = assessment(view.case)
    output.heading(f"Reports: threshold {'met' if read.met else 'not met'}")
    rows = [
        (c.incident, c.happened_on.said(SHORT), c.reported_on.said(SHORT), "yes" if c.counted else "no", c.why)
        for c in read.complaints
    ]
    output.table(["", "Happened", "Reported", "Counts", "Why"], rows)
    for note in read.notes:
        output.say("", note)
    for id, (name, day) in other_days(view.case):
        output.say(
            "", f"{id}: {name} has {output.day(day)}. It decides only where that helps the applicant, "
            f"unless correct-report takes it over.",
        )  # fmt: skip


def _reports_json(view: CaseView) -> list[dict[str, object]]:
    days = list(other_days(view.case))
    return [
        complaint.model_dump(mode="json")
        | {"recorded": [{"by": name, "reported": day} for id, (name, day) in days if id == complaint.incident]}
        for complaint in (assessment(view.case).complaints if view.case.incidents else ())
    ]


def _deadlines(view: CaseView) -> None:
    from starter.commands.plans import due

    if not view.deadlines:
        return
    moved = any(deadline.first for deadline in view.deadlines)
    output.heading("Deadlines")
    rows = [(d.key, d.title, due(d), _state(d)) for d in view.deadlines]
    output.table(["Deadline", "What", "Due (first promised)" if moved else "Due", "State"], rows)


def _state(deadline: Deadline) -> str:
    return f"{deadline.state} {output.day(deadline.ended_on)}" if deadline.ended_on else deadline.state.value


def _enquiries(view: CaseView) -> None:
    if not view.case.enquiries:
        return
    output.heading("Enquiries")
    rows = [
        (
            enquiry.key,
            timeline.party(enquiry.agency, view.policy),
            output.day(enquiry.asked.on),
            _answered(enquiry),
        )
        for enquiry in view.case.enquiries.values()
    ]
    output.table(["Enquiry", "Asked of", "Asked", "Answer"], rows)


def _answered(enquiry: Enquiry) -> str:
    if enquiry.answered_on:
        return f"answered {output.day(enquiry.answered_on)}"
    return f"none; went on {output.day(enquiry.proceeded_on)}" if enquiry.proceeded_on else "waiting"


def _recommendations(view: CaseView) -> None:
    if not view.case.items:
        return
    output.heading("Recommendations")
    rows = [
        (
            item.id,
            timeline.party(item.recommendation.to, view.policy),
            item.recommendation.text,
            _outcome(item),
        )
        for item in view.case.items.values()
    ]
    output.table(["", "To", "What", "State"], rows)


def _outcome(item: Item) -> str:
    if item.done:
        return f"done {output.day(item.done.on)}"
    if item.answer is None:
        return "not answered"
    by = f", by {output.day(item.due)}" if item.accepted and item.due else ""
    return f"{ANSWERS[item.answer.response]}{by}"


def _letters(view: CaseView, sent: Sequence[LetterRow]) -> None:
    if sent:
        output.heading("Letters")
        rows = [
            (letter.kind, subject(letter), recipient(letter), letter_state(letter), output.day(written_on(letter)))
            for letter in sent
        ]
        output.table(["Kind", "Subject", "To", "State", "Written"], rows)
    for letter in view.case.letters.values():
        if letter.needs_somebody:
            print()
            posted: LetterPosted = letter.posted
            if letter.in_tray:
                output.say(f"{posted.key} is in the print tray: `casereview tray list` has all that wait there.")
                continue
            doubt = "was refused" if posted.state is LetterState.REFUSED else "may or may not have arrived"
            output.say(f"{posted.key} {doubt}: settle it with `casereview settle-letter`.")


def _timeline(view: CaseView) -> None:
    if not view.case.events:
        return
    output.heading("Timeline")
    rows = [
        (
            output.day(local_date(event.at)),
            timeline.who(event.by, view.policy),
            timeline.words(event, view.policy, view.case.corrections),
        )
        for event in view.case.events
        if not (isinstance(event.what, LetterPosted) and event.what.state is LetterState.ACCEPTED)
    ]
    output.table(["Day", "Who", "What"], rows)


def _enquiry_json(enquiry: Enquiry) -> dict[str, object]:
    answer = enquiry.answer
    return {
        "enquiry": enquiry.key,
        "purpose": enquiry.purpose.value,
        "agency": enquiry.agency,
        "asked_on": enquiry.asked.on,
        "answered_on": enquiry.answered_on,
        "proceeded_on": enquiry.proceeded_on,
        "account": answer.account if answer else "",
        "confirmations": [confirmation.model_dump(mode="json") for confirmation in answer.confirmations]
        if answer
        else [],
    }


def _item_json(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "to": item.recommendation.to,
        "text": item.recommendation.text,
        "made_on": item.made.on,
        "response": item.answer.response.value if item.answer else None,
        "reasons": item.answer.reasons if item.answer else "",
        "due": item.due,
        "done_on": item.done.on if item.done else None,
        "open": item.open,
    }
