"""Every letter of whole cases, written under every council's procedure and read as its reader would."""

import re
import time as clock
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

import pytest

import policies
from activities.letter_context import LetterContext, Unaddressed, letter_context
from activities.pdf import Postal
from activities.rendering import Rendered, Renderer
from domain import events as e
from domain.application import Application, Incident, Person, Tenure
from domain.calendar import LONDON, Calendar, ClosedDay, words
from domain.case import fold
from domain.deadlines import plan
from domain.letters import CATALOGUE, letters_for, seat_id
from domain.messages import LetterOrder, Party, Recipient
from domain.plain_english import Reader, Remark, advice, proper_names
from domain.policy import Contact, Decision, Milestone, Policy, Rung, StepId, Subject
from tests.activities.paper import below, seen, squashed

REFERENCE = "CR-2026-0042"
COUNCILS = policies.ids()
CALENDAR = Calendar(
    source="England and Wales, written for a test",
    first=date(2025, 1, 1),
    horizon=date(2027, 12, 31),
    holidays=(
        ClosedDay(date=date(2026, 8, 31), name="Summer bank holiday"),  # Mon
        ClosedDay(date=date(2026, 12, 25), name="Christmas Day"),  # Fri
        ClosedDay(date=date(2026, 12, 28), name="Boxing Day (substitute day)"),  # Mon
        ClosedDay(date=date(2027, 1, 1), name="New Year's Day"),  # Fri
    ),
)
MADE = date(2026, 6, 1)  # Mon
HOSTILE = "<script>alert(1)</script> | **bold** [x](http://evil.example.org) {{ 7 * 7 }}\r\n\r\n# Heading\n- a & b"
IMPACT = "I cannot sleep and I am afraid to go out."
ROOT = Path(__file__).parents[2]
RENDERER = Renderer(ROOT / "templates", ROOT / "policies")

ROSE = Person(name="Rose Applicant", email="rose@example.org", address=("1 High Street", "Dover"))
SAM = Person(name="Sam Friend", email="sam@example.org")
KIM = Person(name="Kim Neighbour", email="kim@example.org")
PERSONS: Mapping[str, Person] = {"P1": ROSE, "P2": SAM, "P3": KIM}


def incident(number: int, occurred: date, reported: date, what: str = "Loud music until three") -> Incident:
    return Incident(
        id=f"I{number}",
        occurred=occurred,
        reported=reported,
        reported_to="police",
        what=what,
        reference=f"KP{number}",
    )


THREE = (
    incident(1, date(2026, 4, 3), date(2026, 4, 4)),  # Fri, Sat
    incident(2, date(2026, 4, 20), date(2026, 4, 21)),  # Mon, Tue
    incident(3, date(2026, 5, 8), date(2026, 5, 9)),  # Fri, Sat
)
ONE_OF_TWO = (
    incident(1, date(2025, 10, 1), date(2025, 10, 2)),  # Wed, Thu: eight months before
    incident(2, date(2026, 5, 8), date(2026, 5, 9)),  # Fri, Sat
)


def application(incidents: tuple[Incident, ...] = THREE, **changes: object) -> Application:
    base = Application(applicant="P1", consent_to_share=True, incidents=incidents, impact=IMPACT)
    return base.model_copy(update=changes)


@dataclass(frozen=True)
class Letter:
    """A letter as it left: its order, its context and what was written, and the day."""

    order: LetterOrder
    context: LetterContext
    rendered: Rendered
    on: date

    @property
    def text(self) -> str:
        return f"{self.rendered.subject}\n{self.rendered.text}".replace("\u00a0", " ")

    @property
    def flat(self) -> str:
        return " ".join(self.text.split())


@dataclass
class Story:
    """A case told event by event; each letter is written at its event and accepted at once."""

    policy: Policy
    persons: Mapping[str, Person] = field(default_factory=lambda: PERSONS)
    events: list[e.Event] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    def tell(self, on: date, *bodies: e.Body, by: e.Actor = e.CLOCK) -> "Story":
        for body in bodies:
            self._tell(datetime.combine(on, time(10), tzinfo=LONDON), body, by)
        return self

    def _tell(self, at: datetime, body: e.Body, by: e.Actor) -> None:
        event = e.Event(id=f"E{len(self.events)}", at=at, by=by, what=body)  # type: ignore[arg-type]
        self.events.append(event)
        case = fold(self.policy, CALENDAR, self.events)
        for order in letters_for(REFERENCE, case, event):
            letter = self.write(order, at)
            self.letters.append(letter)
            posted = e.LetterPosted(
                key=order.key,
                letter=order.letter,
                to=order.to.words,
                event=order.event,
                state=e.LetterState.ACCEPTED,
                told=letter.context.told,
            )
            self.events.append(e.Event(id=f"{order.key}=accepted", at=at, by=e.CLOCK, what=posted))

    def write(self, order: LetterOrder, at: datetime) -> Letter:
        context = letter_context(self.policy, CALENDAR, self.events, order, at, self.persons)
        rendered = RENDERER.render(order.letter, context.context)
        return Letter(order, context, rendered, at.astimezone(LONDON).date())

    def last(self, kind: str) -> Letter:
        return next(letter for letter in reversed(self.letters) if letter.order.letter == kind)

    def due(self, key: str, on: date) -> date:
        now = datetime.combine(on, time(12), tzinfo=LONDON)
        return next(d.due for d in plan(self.policy, CALENDAR, self.events, now) if d.key == key)


def begun(policy: Policy, applied: Application | None = None, persons: Mapping[str, Person] = PERSONS) -> Story:
    story = Story(policy, persons)
    made = e.ApplicationMade(application=applied or application(), made_at=datetime(2026, 6, 1, 10, tzinfo=LONDON))
    return story.tell(MADE, made, e.Acknowledged(), e.PassedOn())


def asked(purpose: e.Purpose, agency: str) -> e.EnquirySent:
    return e.EnquirySent(enquiry=f"{purpose}:{agency}", purpose=purpose, agency=agency)


def answer(purpose: e.Purpose, agency: str, account: str = "We went there twice.") -> e.EnquiryAnswered:
    return e.EnquiryAnswered(enquiry=f"{purpose}:{agency}", account=account)


def chased(rung: Rung, step: StepId, key: str, due: date) -> e.Chased:
    return e.Chased(rung=rung, deadline=key, step=step, due=due, to="x")


def panel(on: date, text: str = "") -> e.PanelArranged:
    members = (
        e.Seat(
            name=f"Bo {' '.join(text.split())}".strip(),
            organisation="Kent Police",
            email="bo@example.org",
            agency="police",
        ),
        e.Seat(name="Cy Member", agency="landlord"),
    )
    chair = e.Seat(name="Ann Chair", organisation="The partnership", email="chair@example.org")
    return e.PanelArranged(on=on, place="Civic Centre", chair=chair, members=members)


def held(on: date, text: str = "") -> e.PanelHeld:
    return e.PanelHeld(
        on=on,
        findings=f"The noise was reported and not measured. {text}",
        recommendations=(
            e.Recommendation(to="police", text=f"Visit every week. {text}", reason="It stopped when they did."),
            e.Recommendation(to="landlord", text="Fit a quiet door.", due=date(2026, 9, 30)),  # Wed
        ),
    )


VERIFY, INFORM = e.Purpose.VERIFICATION, e.Purpose.INFORMATION
ACCEPTED, DECLINED = e.Response.ACCEPTED, e.Response.DECLINED
REFUSAL = e.ThresholdDecided(
    met=False,
    decided_by="Dee Officer",
    approved_by="Eve Manager",
    persistence="Once in eight months.",
    harm="You lost a night of sleep.",
    adequacy="The police came the same night.",
    alternative_action="The landlord will write to the household.",
)


def to_panel(policy: Policy, applied: Application | None = None, text: str = "") -> Story:
    """Met, gathered with one agency silent, and the panel arranged and put off for two days."""
    story = begun(policy, applied)
    story.tell(date(2026, 6, 2), asked(VERIFY, "police"))  # Tue
    story.tell(date(2026, 6, 5), answer(VERIFY, "police"))  # Fri
    story.tell(
        date(2026, 6, 8), e.ThresholdDecided(met=True), asked(INFORM, "police"), asked(INFORM, "landlord")
    )  # Mon
    story.tell(
        date(2026, 6, 11),
        chased(Rung.REMINDER, StepId.INFORMATION, "information:landlord", date(2026, 6, 15)),
    )  # Thu, for Mon
    story.tell(date(2026, 6, 12), answer(INFORM, "police", f"We went there twice. {text}"))  # Fri
    story.tell(
        date(2026, 6, 16),
        chased(Rung.ESCALATION, StepId.INFORMATION, "information:landlord", date(2026, 6, 15)),
    )  # Tue, for Mon
    story.tell(
        date(2026, 6, 17), e.EnquiryClosed(enquiry="information:landlord"), panel(date(2026, 6, 24), text)
    )  # Wed
    story.tell(date(2026, 6, 18), e.AttendanceChosen(mode="by telephone", statement=f"I am tired. {text}"))  # Thu
    story.tell(date(2026, 6, 22), e.PapersSent(documents=("chronology",)))  # Mon
    return story.tell(
        date(2026, 6, 23), e.PanelAdjourned(until=date(2026, 6, 26), reason=f"The chair is ill. {text}")
    )  # Tue


def to_outcome(policy: Policy, applied: Application | None = None, text: str = "") -> Story:
    story = to_panel(policy, applied, text)
    story.tell(date(2026, 6, 26), held(date(2026, 6, 26), text), e.PlanPut())  # Fri
    story.tell(date(2026, 6, 30), e.PlanCommented(comments=f"Please come at night. {text}"))  # Tue
    return story.tell(date(2026, 7, 2), e.OutcomeDecided(reasons=f"Nobody had measured the noise. {text}"))  # Thu


def to_the_end(policy: Policy, applied: Application | None = None, text: str = "") -> Story:
    story = to_outcome(policy, applied, text)
    story.tell(date(2026, 7, 6), e.RecommendationAnswered(recommendation="R1", response=ACCEPTED))  # Mon
    story.tell(
        date(2026, 7, 7),  # Tue
        e.RecommendationAnswered(recommendation="R2", response=DECLINED, reasons=f"The door is not ours. {text}"),
    )
    story.tell(date(2026, 8, 3), e.AppealWindowShut())  # Mon
    story.tell(
        date(2026, 8, 5),  # Wed
        e.AppealRefused(
            subject=Subject.HANDLING,
            on=date(2026, 8, 4),  # Tue
            reasons=f"It came after the last day. {text}",
            decided_by="Gil Head",
        ),
    )
    story.tell(date(2026, 9, 24), chased(Rung.REMINDER, StepId.ACTION, "action:R1", date(2026, 9, 28)))  # Thu, Mon
    story.tell(date(2026, 9, 28), chased(Rung.REMINDER, StepId.FOLLOW_UP, "follow_up", date(2026, 12, 29)))  # Mon, Tue
    story.tell(
        date(2026, 9, 29),  # Tue
        chased(Rung.ESCALATION, StepId.ACTION, "action:R1", date(2026, 9, 28)),
        e.ActionDone(recommendation="R1", on=date(2026, 9, 29), evidence=f"Twelve visits logged. {text}"),
    )
    story.tell(
        date(2026, 10, 5),
        e.FollowUpHeld(on=date(2026, 10, 5), behaviour_stopped=False, findings=f"Still loud. {text}"),
    )  # Mon
    story.tell(date(2026, 10, 7), e.ClosureNotified(reason=text))  # Wed
    return story.tell(date(2026, 10, 26), e.Closed())  # Mon


def to_refusal(policy: Policy, applied: Application | None = None) -> Story:
    return begun(policy, applied or application(ONE_OF_TWO)).tell(date(2026, 6, 9), REFUSAL)  # Tue


def appealed(policy: Policy, decision: Decision, subject: Subject, text: str = "") -> Story:
    story = to_refusal(policy) if subject is Subject.THRESHOLD else to_outcome(policy)
    start = date(2026, 6, 15) if subject is Subject.THRESHOLD else date(2026, 7, 8)  # Mon, Wed
    lodged = e.AppealLodged(subject=subject, grounds=f"You left out May. {text}", consent_to_transfer=True)
    story.tell(start, lodged)
    story.tell(start.replace(day=start.day + 1), e.BundleSent(documents=("application", "decision")))
    hearing = story.due("appeal_hearing", start)
    story.tell(
        start.replace(day=start.day + 2),
        chased(Rung.REMINDER, StepId.APPEAL_HEARING, "appeal_hearing", hearing),
    )
    day = start.replace(day=start.day + 8)  # Tue, Thu
    story.tell(start.replace(day=start.day + 3), e.HearingArranged(on=start.replace(day=start.day + 9)))
    story.tell(
        start.replace(day=start.day + 4),
        e.HearingArranged(on=day, time="2pm", place="The council chamber", reason=f"The room is free. {text}"),
    )
    story.tell(start.replace(day=start.day + 8), e.AppealHeard(on=start.replace(day=start.day + 8)))
    decided = e.AppealDecided(decision=decision, reasons=f"May counts. {text}", directions="Look at May again.")
    return story.tell(start.replace(day=start.day + 9), decided)


def with_changes(policy: Policy) -> Story:
    """Delays, a pause, a new contact, a correction, a further report, people who act and cease to."""
    story = begun(policy, application(representative="P2", victim_consents=True))
    story.tell(date(2026, 6, 3), e.OfficerAssigned(officer="Fay Officer", email="fay@example.org"))  # Wed
    story.tell(date(2026, 6, 4), e.DetailsRequested(missing=("the landlord's name",)))  # Thu
    story.tell(date(2026, 6, 5), chased(Rung.REMINDER, StepId.COMPLETION, "completion", date(2026, 6, 18)))  # Fri, Thu
    story.tell(date(2026, 6, 8), e.DetailsReceived(text="It is Orbit."))  # Mon
    story.tell(date(2026, 6, 9), e.IncidentAdded(incident=incident(4, date(2026, 6, 6), date(2026, 6, 8))))  # Tue
    story.tell(
        date(2026, 6, 10),
        e.HoldStarted(until=date(2026, 6, 24), reason="In hospital.", at_victims_request=True),
    )
    story.tell(date(2026, 6, 15), e.HoldEnded())  # Mon
    story.tell(date(2026, 6, 16), e.RepresentativeChanged(representative="P3", victim_consents=True))  # Tue
    story.tell(date(2026, 6, 17), e.RepresentativeChanged(), e.RepresentativeChanged(representative="P2"))  # Wed
    story.tell(
        date(2026, 6, 18),
        e.DateCorrected(milestone=Milestone.RECEIVED, to=date(2026, 5, 29), reason="It came on Friday."),
    )  # Thu, Fri
    story.tell(date(2026, 6, 22), chased(Rung.WARNING, StepId.RESPONSE, "response", date(2026, 7, 6)))  # Mon, Mon
    story.tell(date(2026, 6, 23), asked(INFORM, "police"))  # Tue
    story.tell(
        date(2026, 7, 2),
        e.Extended(step="response", working_days=5, reason="We wait for records.", approved_by="Gil Head"),
    )  # Thu
    story.tell(
        date(2026, 7, 3),
        e.Extended(step="information:police", working_days=2, reason="Their system is down."),
    )  # Fri
    story.tell(date(2026, 7, 3), e.Extended(step="papers", working_days=2, reason="One paper is late."))  # Fri
    story.tell(date(2026, 7, 20), chased(Rung.ESCALATION, StepId.RESPONSE, "response", date(2026, 7, 13)))  # Mon, Mon
    story.tell(
        date(2026, 7, 21),  # Tue
        e.LetterPosted(key="k", letter="L-01", to="applicant", event="E1", state=e.LetterState.REFUSED, words="550"),
        e.LetterPosted(key="l", letter="L-08", to="applicant", event="E1", state=e.LetterState.UNCERTAIN),
        e.ActRefused(refused="hold-follow-up", sentence="The follow-up opens later."),
    )
    return story


def hostile(policy: Policy) -> Story:
    bad = tuple(i.model_copy(update={"what": HOSTILE, "reference": "<b>|x"}) for i in THREE)
    persons = {"P1": Person(name="<b>O'Neil</b> | {{ x }}", email="o@example.org")}
    story = to_the_end(policy, application(bad, impact=HOSTILE, wanted=HOSTILE), HOSTILE)
    assert len(story.letters) > 20
    again = begun(policy, application(bad, impact=HOSTILE), persons)
    story.letters += again.letters
    return story


def withdrawn(policy: Policy) -> Story:
    return begun(policy).tell(date(2026, 6, 10), e.Withdrawn(reason="It stopped."))  # Wed


STORIES: dict[str, Callable[[Policy], Story]] = {
    "met": to_the_end,
    "refused": to_refusal,
    "changes": with_changes,
    "hostile": hostile,
    "withdrawn": withdrawn,
    "called off": lambda p: to_panel(p).tell(date(2026, 6, 24), e.Withdrawn()),  # Wed
    "threshold upheld": lambda p: appealed(p, Decision.UPHELD, Subject.THRESHOLD),
    "threshold remitted": lambda p: appealed(p, Decision.REMITTED, Subject.THRESHOLD),
    "threshold dismissed": lambda p: appealed(p, Decision.DISMISSED, Subject.THRESHOLD),
    "handling upheld": lambda p: appealed(p, Decision.UPHELD, Subject.HANDLING),
    "handling remitted": lambda p: appealed(p, Decision.REMITTED, Subject.HANDLING, HOSTILE),
    "handling dismissed": lambda p: appealed(p, Decision.DISMISSED, Subject.HANDLING),
}


@cache
def told(council: str, story: str) -> Story:
    return STORIES[story](policies.load(council))


def every_letter() -> Iterator[tuple[str, Letter]]:
    for council in COUNCILS:
        for name in STORIES:
            for letter in told(council, name).letters:
                yield f"{council}, {name}, {letter.order.key}", letter


def sentences(letter: Letter) -> list[str]:
    return re.split(r"(?<=[.?!])\s+|\n\s*\n|\n[-|] ", letter.text)


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("council", COUNCILS)
def test_a_whole_case_is_written_without_a_gap(council: str, story: str) -> None:
    letters = told(council, story).letters
    assert letters
    for letter in letters:
        assert not re.search(
            r"\b(None|True|False|Undefined|StrEnum)\b|\{\{|\{%",
            letter.text.replace("{{ 7", "").replace("{{ x", ""),
        )


@pytest.mark.parametrize("council", COUNCILS)
def test_every_kind_of_letter_has_the_same_words_on_paper(council: str) -> None:
    letters = {letter.order.letter: letter for story in STORIES for letter in told(council, story).letters}
    for kind, letter in letters.items():
        html = letter.rendered.html.split("</header>", 1)[1]
        once, heads = (Counter(squashed(seen(part))) for part in (html, "".join(re.findall("<th.*?</th>", html))))
        pdf = Counter(below(RENDERER.pdf(letter.rendered, to=Postal("Rose Applicant", ROSE.address))))
        assert not once - pdf, kind
        assert set((pdf - once) - heads) <= set("•.0123456789"), kind


def test_the_stories_hold_every_kind_of_letter() -> None:
    assert {letter.order.letter for _, letter in every_letter()} == set(CATALOGUE)


def test_no_letter_gives_a_number_of_days_without_a_date() -> None:
    for where, letter in every_letter():
        for sentence in sentences(letter):
            if re.search(r"\bwithin \w+ (working )?days?\b", sentence):
                assert re.search(r"\d{1,2} [A-Z][a-z]+ \d{4}", sentence), (where, sentence)


def test_no_date_that_a_letter_promises_lies_in_the_past() -> None:
    for where, letter in every_letter():
        for key, day in letter.context.told.items():
            assert day >= letter.on, (where, key)
            assert words(day) in letter.flat, (where, key)


def test_a_letter_that_asks_for_something_by_a_day_names_a_day_to_come() -> None:
    months = "January|February|March|April|May|June|July|August|September|October|November|December"
    for where, letter in every_letter():
        if letter.order.letter in ("A-04e", "A-18"):
            continue
        for day, month, year in re.findall(
            rf"(?<!application )(?<!made )\bby [A-Z][a-z]+day (\d+) ({months}) (\d+)", letter.flat
        ):
            named = date(int(year), months.split("|").index(month) + 1, int(day))
            assert named >= letter.on, (where, named)


def test_every_letter_to_the_applicants_side_says_whom_to_turn_to() -> None:
    for where, letter in every_letter():
        if letter.order.letter[0] not in "LR":
            continue
        contact = letter.context.context["contact"]
        assert isinstance(contact, Contact)
        for needed in (
            REFERENCE,
            "call 999",
            "101",
            "large print",
            contact.phone,
            contact.email,
            *contact.address,
        ):
            assert needed in letter.flat, (where, needed)
        assert words(letter.on) in letter.flat, where


def test_every_letter_has_its_reference_in_the_subject_and_its_date() -> None:
    for where, letter in every_letter():
        assert REFERENCE in letter.rendered.subject, where
        assert words(letter.on) in letter.flat, where


def test_decisions_print_the_last_day_to_appeal_and_how() -> None:
    for where, letter in every_letter():
        if letter.order.letter in ("L-04", "L-11"):
            end = letter.context.told.get("appeal_window") or letter.context.told.get("appeal_window#2")
            assert end, where
            assert f"last day to appeal is {words(end)}" in letter.flat, where
            assert "Send your appeal to" in letter.flat, where


@pytest.mark.parametrize("council", COUNCILS)
@pytest.mark.parametrize("story", ["refused", "met"])
def test_the_last_day_printed_is_the_one_planned_once_the_letter_was_accepted(council: str, story: str) -> None:
    case = to_refusal(policies.load(council)) if story == "refused" else to_outcome(policies.load(council))
    letter = case.last("L-04" if story == "refused" else "L-11")
    assert case.due("appeal_window", letter.on) == letter.context.told["appeal_window"]


def test_no_letter_names_a_body_that_is_gone_or_repeats_the_wrong_sentence_about_recommendations() -> None:
    gone = r"IPCC|Independent Police Complaints|CCG|Clinical Commissioning"
    wrong = rf"{gone}|not mean that they are not|was not activated"
    for where, letter in every_letter():
        assert not re.search(wrong, letter.flat), where


def test_most_sentences_of_our_own_are_short() -> None:
    lengths = [
        len(sentence.split())
        for where, letter in every_letter()
        if "hostile" not in where and letter.order.letter[0] in "LR"
        for sentence in sentences(letter)
        if "|" not in sentence and ";" not in sentence and ":" not in sentence
    ]
    assert sum(length > 25 for length in lengths) / len(lengths) < 0.02


def test_every_letter_to_the_applicants_side_is_plain_english_for_somebody_of_ten_and_names_nobody_else() -> None:
    for where, letter in every_letter():
        if letter.order.letter[0] in "LR" and not _typed(where):
            assert _advice(letter, oldest=10.5) == (), where


def test_letters_to_officials_have_no_blame_no_gap_and_no_past_date() -> None:
    for where, letter in every_letter():
        if letter.order.letter[0] == "A" and letter.order.letter not in ("A-04e", "A-18") and not _typed(where):
            assert _advice(letter, reader=Reader.OFFICIAL) == (), where


def test_what_a_person_typed_is_remarked_on() -> None:
    codes = {r.code for x in told("dover", "hostile").letters if x.order.letter[0] == "L" for r in _advice(x)}
    assert "placeholder" in codes


def test_a_letter_that_named_the_person_who_stopped_acting_would_be_seen() -> None:
    letter = told("dover", "changes").last("L-08")
    spoilt = f"{letter.rendered.text}\nSam Friend says so, from sam@example.org."
    assert [r.code for r in _advice(letter, spoilt, strangers=_others(letter, SAM))] == ["another-person"] * 2


def _typed(where: str) -> bool:
    """Whether people typed on purpose what no letter should say."""
    return "hostile" in where or "handling remitted" in where


def _others(letter: Letter, *more: Person) -> list[str]:
    """The data of everybody who neither reads the letter nor is the one it is about."""
    readers = (letter.context.to_name, *(() if letter.order.letter in ("R-01", "R-03") else (ROSE.name,)))
    people = [person for person in (*PERSONS.values(), *more) if person.name not in readers]
    return [told for person in people for told in (person.name, person.email or "", *person.address[:1]) if told]


def _advice(letter: Letter, text: str = "", **about: object) -> tuple[Remark, ...]:
    policy = letter.context.context["policy"]
    assert isinstance(policy, Policy)
    names = (*proper_names(policy), *(person.name for person in PERSONS.values()), letter.context.to_name)
    defaults: dict[str, object] = {"as_of": letter.on, "names": names, "strangers": _others(letter)}
    return advice(text or letter.rendered.text, **defaults | about)  # type: ignore[arg-type]


def test_dover_words_one_letter_itself_and_the_others_as_everybody_does() -> None:
    for council in COUNCILS:
        letter = told(council, "met").last("L-01")
        assert ("and we will call you back" in letter.flat) is (council == "dover")
        assert letter.rendered.template == ("dover/L-01.md.j2" if council == "dover" else "L-01.md.j2")
    assert told("dover", "met").last("L-11").rendered.template == "L-11.md.j2"


def test_the_example_council_words_its_greeting() -> None:
    examples = ROOT / "docs" / "examples"
    letter = begun(policies.load(examples / "stockton-on-tees.toml")).last("L-01")
    order, at = letter.order, datetime.combine(letter.on, time(10), tzinfo=LONDON)
    story = begun(policies.load(examples / "stockton-on-tees.toml"))
    context = letter_context(story.policy, CALENDAR, story.events, order, at, PERSONS)
    written = Renderer(ROOT / "templates", examples).render("L-01", context.context)
    assert written.template == "stockton-on-tees/L-01.md.j2"
    assert "Thank you for telling us." in written.text
    assert advice(written.text, as_of=letter.on, names=proper_names(story.policy)) == ()


def test_every_letter_is_in_its_councils_colour() -> None:
    for council in COUNCILS:
        assert (
            f"background-color: {policies.load(council).letterhead.colour}"
            in told(council, "met").letters[0].rendered.html
        )


def test_what_people_write_stays_words() -> None:
    for council in COUNCILS:
        for letter in told(council, "hostile").letters:
            assert "<script" not in letter.rendered.html
            assert "<b>" not in letter.rendered.html
            assert 'href="http://evil' not in letter.rendered.html
            assert "49" not in letter.rendered.subject


def test_only_the_panel_reads_how_the_behaviour_affects_the_applicant() -> None:
    for where, letter in every_letter():
        if letter.order.letter.startswith("A-") and letter.order.letter != "A-07":
            assert IMPACT not in letter.flat, where
            assert "rose@example.org" not in letter.flat, where
    assert IMPACT in told("dover", "met").last("A-07").flat


def test_the_refusal_counts_report_by_report_and_says_what_else_was_weighed() -> None:
    letter = told("dover", "refused").last("L-04").flat
    assert "We will not hold a review because" in letter
    for part in ("2 October 2025", "9 May 2026", REFUSAL.persistence, REFUSAL.harm, REFUSAL.adequacy):
        assert part in letter
    assert REFUSAL.alternative_action in letter
    assert "Eve Manager" in letter
    assert f"If you apply by {words(date(2026, 11, 9))}" in letter  # Mon, six months after 9 May


def test_the_outcome_names_those_who_kept_silent_and_each_addressee() -> None:
    policy = policies.load("dover")
    letter = told("dover", "met").last("L-11").flat
    landlord, police = policy.agency("landlord"), policy.agency("police")
    assert landlord
    assert police
    assert f"did not give one: {landlord.name}." in letter
    assert f"By law {police.name} must think seriously about this recommendation." in letter
    assert "It does not have to carry it out, but it needs a good reason if it does not." in letter


def test_the_delay_letter_keeps_the_first_promise_beside_the_new_date() -> None:
    policy = policies.load("dover")
    story = begun(policy)
    first = story.due("response", MADE)
    assert first == date(2026, 7, 6)  # Mon, working day 25
    story.tell(date(2026, 7, 3), e.Extended(step="response", working_days=5, reason="Records are late."))  # Fri
    story.tell(date(2026, 7, 10), e.Extended(step="response", working_days=5, reason="Still late."))  # Fri
    letter = story.last("L-08")
    assert f"First date we promised: {words(first)}" in letter.flat
    assert f"New date: {words(date(2026, 7, 20))}" in letter.flat  # Mon
    assert "moved twice" in letter.flat
    assert "Who is responsible for this step: Dover District Council" in letter.flat
    assert letter.context.told["response"] == date(2026, 7, 20)  # Mon


@pytest.mark.parametrize("council", COUNCILS)
def test_a_date_that_the_outcome_printed_is_explained_when_it_moves(council: str) -> None:
    policy = policies.load(council)
    police = policy.agency("police")
    assert police
    story = to_outcome(policy)
    story.tell(date(2026, 7, 6), e.RecommendationAnswered(recommendation="R1", response=ACCEPTED))  # Mon
    story.tell(date(2026, 9, 21), e.Extended(step="follow_up", working_days=5, reason="The room is taken."))  # Mon
    assert words(date(2027, 1, 5)) in story.last("L-08").flat  # Tue, five from Sat 26 December
    story.tell(date(2026, 9, 22), e.Extended(step="recommendation:R2", working_days=5, reason="On leave."))  # Tue
    assert story.last("A-18").order.to.id == "landlord"
    story.tell(date(2026, 7, 7), chased(Rung.REMINDER, StepId.PANEL, "panel", date(2026, 7, 8)))  # Tue, Wed
    assert story.last("A-18").context.to_name == "Ann Chair"


def test_the_result_of_an_appeal_comes_first_in_its_letter() -> None:
    first = {
        "threshold upheld": "Your appeal succeeded. We will hold a review of your case.",
        "threshold remitted": "Your appeal has been sent back to us. We decide again whether to",
        "threshold dismissed": "Your appeal did not succeed. The decision you appealed against stands.",
        "handling upheld": "Your appeal succeeded. What we now do about it is below.",
        "handling remitted": "Your appeal has been sent back to us. We review your case again.",
        "handling dismissed": "Your appeal did not succeed. The decision you appealed against stands.",
    }
    for name, sentence in first.items():
        letter = told("dover", name).last("L-21").flat
        assert f"Dear Rose Applicant, {sentence}" in letter, name
        assert ("last step in this procedure" in letter) is name.endswith("dismissed")


def test_a_review_sent_back_has_new_dates_counted_from_the_letter() -> None:
    letter = told("dover", "threshold remitted").last("L-21")
    assert letter.on == date(2026, 6, 24)  # Wed
    assert letter.context.told == {"response#2": date(2026, 7, 29)}  # Wed, working day 25
    assert words(date(2026, 7, 29)) in letter.flat


@pytest.mark.parametrize(
    ("tenure", "housing"),
    [
        (Tenure.OWNER, 0),
        (Tenure.PRIVATE_TENANT, 0),
        (Tenure.COUNCIL_TENANT, 1),
        (Tenure.HOUSING_ASSOCIATION_TENANT, 1),
    ],
)
@pytest.mark.parametrize("redress", [True, False])
def test_the_housing_ombudsman_is_named_to_social_tenants_only(tenure: Tenure, housing: int, redress: bool) -> None:
    policy = policies.load("dover")
    policy = policy if redress else policy.model_copy(update={"redress": ()})
    letter = to_refusal(policy, application(ONE_OF_TWO, tenure=tenure)).last("L-04").flat
    assert letter.count("Housing Ombudsman") == housing
    assert "Local Government and Social Care Ombudsman" in letter


def test_a_representatives_letter_says_for_whom_it_speaks() -> None:
    story = begun(policies.load("dover"), application(representative="P2", victim_consents=True))
    letter = story.last("L-01")
    assert (letter.context.to_name, letter.context.to_email) == ("Sam Friend", "sam@example.org")
    assert "You act for Rose Applicant." in letter.flat


def test_whoever_stopped_acting_reads_nothing_of_the_case() -> None:
    letters = [x for x in told("dover", "changes").letters if x.order.letter == "R-03"]
    former = next(x for x in letters if x.order.to.party is Party.REPRESENTATIVE)
    assert former.context.to_name == "Sam Friend"
    assert "Rose" not in former.flat
    assert former.context.told == {}


@pytest.mark.parametrize(
    "person", [Person(name="Rose"), Person(name="Rose", email="r@example.org", unsafe=frozenset({"email"}))]
)
def test_somebody_without_a_safe_address_is_written_to_by_post_and_has_its_days(person: Person) -> None:
    policy = policies.load("dover")
    posted = Story(policy, {"P1": person})
    made = e.ApplicationMade(application=application(ONE_OF_TWO), made_at=datetime(2026, 6, 1, 10, tzinfo=LONDON))
    posted.tell(MADE, made).tell(date(2026, 6, 9), REFUSAL)  # Tue
    letter = posted.last("L-04")
    assert (letter.context.to_name, letter.context.to_email) == ("Rose", None)
    by_mail = told("dover", "refused").last("L-04")
    assert by_mail.context.context["received_on"] == date(2026, 6, 10)  # Wed: one day of grace
    assert letter.context.context["received_on"] == date(2026, 6, 12)  # Fri: two days of the post
    assert letter.context.told["appeal_window"] > by_mail.context.told["appeal_window"]


@pytest.mark.parametrize(
    ("to", "name", "email"),
    [
        (Recipient(party=Party.AGENCY, id="police"), "Kent Police", True),
        (Recipient(party=Party.SENIOR, id="police"), "Chief Inspector, Community Safety, Kent Police", True),
        (Recipient(party=Party.AGENCY, id="nobody"), "nobody", False),
        (Recipient(party=Party.CHAIR), "Ann Chair", True),
        (Recipient(party=Party.MEMBER, id=seat_id(e.Seat(name="Bo", email="bo@example.org"))), "Bo", True),
        (Recipient(party=Party.MEMBER, id=seat_id(e.Seat(name="Cy Member"))), "Cy Member", True),
        (Recipient(party=Party.MEMBER, id="gone@example.org"), "gone@example.org", False),
    ],
)
def test_each_party_is_found_in_the_policy_or_the_case(to: Recipient, name: str, email: bool) -> None:
    story = told("dover", "met")
    order = LetterOrder(key=f"{REFERENCE}/x", letter="A-18", to=to, event="E0", upto=len(story.events))
    context = letter_context(
        story.policy, CALENDAR, story.events, order, datetime(2026, 7, 1, 9, tzinfo=LONDON), PERSONS
    )
    assert context.to_name == name
    assert (context.to_email is not None) is email


def test_an_overdue_date_of_the_councils_goes_to_the_teams_manager() -> None:
    letter = next(
        x for x in reversed(told("dover", "changes").letters) if x.order.letter == "A-18" and "Overdue" in x.text
    )
    assert letter.context.to_name == "The manager, Community Safety Unit"
    assert letter.context.to_email == policies.load("dover").contact.email  # type: ignore[union-attr]


def test_a_letter_says_what_the_first_try_would_have_said() -> None:
    story = told("dover", "met")
    letter = story.last("L-11")
    again = story.write(letter.order, datetime.combine(letter.on, time(10), tzinfo=LONDON))
    assert again.rendered.text == letter.rendered.text
    assert again.context.told == letter.context.told


def test_a_person_or_event_that_is_missing_is_named() -> None:
    story = told("dover", "withdrawn")
    order = story.last("L-16").order
    at = datetime(2026, 6, 10, 10, tzinfo=LONDON)
    with pytest.raises(Unaddressed, match="needs the person 'P1'"):
        letter_context(story.policy, CALENDAR, story.events, order, at, {})
    with pytest.raises(Unaddressed, match="tells of event 'E9'"):
        letter_context(story.policy, CALENDAR, story.events, order.model_copy(update={"event": "E9"}), at, PERSONS)


def test_a_date_that_is_not_running_cannot_be_printed() -> None:
    story = told("dover", "withdrawn")
    order = story.last("L-16").order
    context = letter_context(
        story.policy, CALENDAR, story.events, order, datetime(2026, 6, 10, 10, tzinfo=LONDON), PERSONS
    )
    due = context.context["due"]
    assert callable(due)
    with pytest.raises(Unaddressed, match="ask ahead"):
        due("response")


def test_a_letter_of_a_long_case_takes_a_few_hundredths_of_a_second_at_most() -> None:
    story = told("kent-district", "met")
    letter = story.last("L-11")
    at = datetime.combine(letter.on, time(10), tzinfo=LONDON)
    story.write(letter.order, at)
    best = min(_timed(story, letter, at) for _ in range(20))
    assert best < 0.06, f"{best * 1000:.1f} ms"


def _timed(story: Story, letter: Letter, at: datetime) -> float:
    start = clock.process_time()
    story.write(letter.order, at)
    return clock.process_time() - start
