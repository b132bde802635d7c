"""Every letter of whole cases, written under every council's procedure and read as its reader would."""

from datetime import date, datetime, time

import pytest

import policies
from domain import events as e
from domain.application import Means, Person, Tenure
from domain.calendar import LONDON, words
from domain.messages import LetterOrder, Party, Recipient
from domain.plain_english import advice, proper_names
from domain.policy import Rung, StepId
from domain.seats import seat_id
from letters.letter_context import Unaddressed, letter_context
from letters.rendering import Renderer
from tests.letters.every_story import every_letter, told
from tests.letters.stories import (
    ACCEPTED,
    CALENDAR,
    COUNCILS,
    IMPACT,
    MADE,
    ONE_OF_TWO,
    PERSONS,
    REFERENCE,
    REFUSAL,
    ROOT,
    Story,
    application,
    begun,
    chased,
    to_outcome,
    to_refusal,
)

HOME = ("1 High Street", "Dover CT16 1AA")


def test_dover_words_one_letter_itself_and_the_others_as_everybody_does() -> None:
    for council in COUNCILS:
        letter = begun(policies.load(council)).last("L-01")
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


@pytest.mark.long
def test_only_the_panel_reads_the_impact_and_only_who_protects_the_applicant_their_address() -> None:
    for where, letter in every_letter():
        if letter.order.letter.startswith("A-") and letter.order.letter != "A-07":
            assert IMPACT not in letter.flat, where
            reached = letter.order.letter in ("A-12", "A-13")
            assert ("rose@example.org" in letter.flat) is reached, where
    assert IMPACT in told("dover", "met").last("A-07").flat


def test_the_panel_reads_who_is_vulnerable_and_nobody_else_outside_does() -> None:
    needs = "Her grandson is four and sleeps badly."
    story = to_outcome(policies.load("dover"), application(needs=needs))
    holding = {letter.order.letter for letter in story.letters if needs in letter.flat}
    assert holding == {"A-07"}


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
    assert letter.rendered.told["response"] == date(2026, 7, 20)  # Mon


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
    assert letter.rendered.told == {"response#2": date(2026, 7, 29)}  # Wed, working day 25
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
    assert former.rendered.told == {}


@pytest.mark.parametrize(
    "person",
    [
        Person(name="Rose", address=HOME),
        Person(name="Rose", address=HOME, email="r@example.org", prefers=Means.POST),
        Person(name="Rose", address=HOME, email="r@example.org", unsafe=frozenset({"email"})),
        Person(name="Rose", email="r@example.org", unsafe=frozenset({"email"})),
    ],
)
def test_somebody_who_has_no_e_mail_that_is_safe_or_wanted_has_the_days_of_the_post(person: Person) -> None:
    policy = policies.load("dover")
    posted = Story(policy, {"P1": person})
    made = e.ApplicationMade(application=application(ONE_OF_TWO), made_at=datetime(2026, 6, 1, 10, tzinfo=LONDON))
    posted.tell(MADE, made).tell(date(2026, 6, 9), REFUSAL)  # Tue
    letter = posted.last("L-04")
    assert (letter.context.to_name, letter.context.by) == ("Rose", Means.POST if person.ways else None)
    by_mail = told("dover", "refused").last("L-04")
    assert by_mail.context.context["received_on"] == date(2026, 6, 10)  # Wed: one day of grace
    assert letter.context.context["received_on"] == date(2026, 6, 17)  # Wed: printed the next day, then second class
    assert letter.rendered.told["appeal_window"] > by_mail.rendered.told["appeal_window"]


def test_a_letter_offers_no_call_to_a_telephone_that_is_not_safe_and_says_where_the_large_print_is() -> None:
    for unsafe, offered in ((frozenset[str](), True), (frozenset({"phone"}), False)):
        rose = Person(name="Rose", email="r@example.org", phone="01304 000000", large_print=not offered, unsafe=unsafe)
        letter = begun(policies.load("medway"), persons={"P1": rose}).last("L-01")
        assert ("read it to you over the phone" in letter.flat) is offered
        assert ("You asked for large print." in letter.flat) is not offered


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
    order = LetterOrder(key=f"{REFERENCE}/E1/L-01/x", letter="A-18", to=to, event="E0", upto=len(story.events))
    context = letter_context(
        story.policy, CALENDAR, story.events, order, datetime(2026, 7, 1, 9, tzinfo=LONDON), PERSONS
    )
    assert context.to_name == name
    assert (context.to_email is not None) is email


def test_an_overdue_date_of_the_councils_goes_to_the_teams_manager() -> None:
    letter = next(
        x for x in reversed(told("dover", "changes").letters) if x.order.letter == "A-18" and "Overdue" in x.text
    )
    assert letter.context.to_name == "Manager of the Community Safety Unit"
    assert letter.context.to_email == policies.load("dover").contact.email  # type: ignore[union-attr]


def test_a_letter_says_what_the_first_try_would_have_said() -> None:
    story = told("dover", "met")
    letter = story.last("L-11")
    again = story.write(letter.order, datetime.combine(letter.on, time(10), tzinfo=LONDON))
    assert again.rendered.text == letter.rendered.text
    assert again.rendered.told == letter.rendered.told


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
    due = context.context["running"]
    assert callable(due)
    with pytest.raises(Unaddressed, match="ask ahead"):
        due("response")
