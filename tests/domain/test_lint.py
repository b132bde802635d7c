"""The linter: every way to break a good policy, and what each council's page earns."""

import re
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

import policies
from domain.application import Category
from domain.calendar import Direction, Unit
from domain.findings import RULES
from domain.lint import Severity, lint
from domain.policy import (
    Consultation,
    Effect,
    Exclusion,
    Limit,
    Management,
    Measure,
    Milestone,
    Owner,
    Policy,
    Rung,
    Scope,
    Senior,
    Source,
    Step,
    StepId,
    Subject,
    Verification,
)

OF_THE_FILE = {"file-unreadable", "toml-syntax", "field"}
OF_THE_FOLDER = {code for code in RULES if code.startswith("wording-")} | {"logo-missing"}
SAID = Source(says="The page says so.")
CHOSEN = Source(choice="The page is silent.")
CHIEF = Senior(title="Head of Communities", email="head@council.example.org")
DEPUTY = Senior(title="Deputy Head of Communities", email="deputy@council.example.org")


def put(value: Any, path: str, new: Any) -> Any:
    """A copy of a policy with one field changed; ``[…]`` names an item by its place or its id."""
    if not path:
        return new
    match = re.match(r"\.?(\w+)|\[([^\]]+)\]", path)
    assert match
    rest = path[match.end() :]
    if name := match[1]:
        return value.model_copy(update={name: put(getattr(value, name), rest, new)})
    place = int(match[2]) if match[2].isdigit() else [item.id for item in value].index(match[2])
    return (*value[:place], put(value[place], rest, new), *value[place + 1 :])


def clean() -> Policy:
    """A policy with nothing to say of: Dover's with every finding put right."""
    policy = policies.load("dover")
    changes: dict[str, Any] = {
        "identity.next_review": date(2027, 1, 4),  # Mon
        "consulted": (Consultation(body="the local policing body", on=date(2025, 11, 3)),),  # Mon
        "notes": (),
        "panel.independent_chair": True,
        "steps[response].clocks[0].source": SAID,
        "channels": tuple(channel.model_copy(update={"source": SAID}) for channel in policy.channels),
        "management": Management(manager=CHIEF, deputy=DEPUTY, source=SAID),
    }
    for clock in ("window", "hearing", "decision"):
        changes[f"appeals[0].{clock}.source"] = SAID
    for path, new in changes.items():
        policy = put(policy, path, new)
    return policy


def exclusion(title: str, effect: Effect = Effect.REFUSE, says: str = "", **more: Any) -> Exclusion:
    source = Source(says=says) if says else CHOSEN
    return Exclusion(id="one", title=title, effect=effect, paragraph="We say why.", source=source, **more)


def without(policy: Policy, field: str, id: str) -> tuple[BaseModel, ...]:
    return tuple(item for item in getattr(policy, field) if item.id != id)


GOOD = clean()
BODY = GOOD.appeals[0].bodies[0]
APPEAL_STEP = Step(
    id=StepId.APPEAL_WINDOW,
    title="Time to appeal",
    owner=Owner.APPLICANT,
    done_by=Milestone.APPEAL_LODGED,
    clocks=(GOOD.appeals[0].window,),
)
UNNAMED = GOOD.publication.model_copy(update={"recipients": (), "source": SAID})
WEEKS = Limit(limit=27, unit=Unit.WEEKS)
CRIMES = "definitions.crimes_may_count"
NOTED = Source(says="This does not mean that they are not obliged")
RESPONSE = [step.id for step in GOOD.steps].index(StepId.RESPONSE)
DECIDED = Milestone.THRESHOLD_DECIDED
BREAKS: tuple[tuple[str, str, str, Any, str], ...] = (
    ("dates-order", "effective_to", "effective_to", date(2025, 12, 31), "effective_to"),  # Wed
    ("address-missing", "identity.url", "identity.url", "", "`https://"),
    ("address-missing", "identity.url", "identity.url", "our pages", "`https://"),
    ("participation-none", "participation.minutes", "participation.minutes", -5, "at least 1"),
    ("participation-none", "participation.minutes", "participation.minutes", 0, "at least 1"),
    ("appeal-window-none", "appeals[0].window.limit", "appeals[0].window.limit", 0, "at least 1"),
    ("response-not-public", f"steps[{RESPONSE}].public", "steps[response].public", False, "`public = true`"),
    ("clock-own-end", "steps[3].clocks[0].anchor", "steps[threshold].clocks[0].anchor", DECIDED, "`anchor"),
    ("limit-too-long", "steps", "steps[follow_up].clocks[0].limit", 60, "Shorten"),
    ("steps-overlap", "steps[7].clocks", "steps[response].clocks[0].limit", 5, "less time"),
    ("steps-overlap", "steps[4].clocks", "steps[threshold].clocks[0].limit", 40, "less time"),
    ("steps-overlap", "steps[4].clocks", "steps[information].clocks[0].limit", 30, "less time"),
    ("duplicate-id", "routes", "routes", (*GOOD.routes, *GOOD.routes), "`id`"),
    ("floor-above-three", "routes", "routes[0].minimum", 4, "`minimum = 3`"),
    ("floor-above-three", "routes", "routes[0].scope", Scope.SAME_PERSON, '`scope = "anyone"`'),
    ("floor-above-three", "routes", "routes[0].category", Category.HATE, "neither `category`"),
    ("floor-above-three", "routes", "routes[0].recent", Limit(limit=1, unit=Unit.MONTHS), "`recent`"),
    ("floor-above-three", "routes", "routes[0].report_within", Limit(limit=30, unit=Unit.DAYS), "1 month"),
    ("floor-above-three", "routes", "routes[0].apply_within", Limit(limit=5, unit=Unit.MONTHS), "6 months"),
    ("route-unit", "routes[0].apply_within.unit", "routes[0].apply_within", WEEKS, '`unit = "months"`'),
    ("crimes-excluded", CRIMES, CRIMES, False, "`crimes_may_count = true`"),
    *(
        (
            "exclusion-defeats-statute",
            "exclusions[0].defeats_statute",
            "exclusions",
            (item,),
            "`defeats_statute = true`",
        )
        for item in (
            exclusion("The case is closed"),
            exclusion("Still being investigated"),
            exclusion("Problems", says="received a service and the problems are ongoing"),
            exclusion("Matters of a criminal nature"),
            exclusion("Crimes", Effect.TO_AGENCY),
            exclusion("Some action taken", says="unless no action followed"),
            exclusion("Unhappy with the service", Effect.TO_COMPLAINTS),
            exclusion("A matter for the complaints procedure", Effect.TO_COMPLAINTS),
            exclusion("Vexatious applications"),
        )
    ),
    (
        "exclusion-set-aside",
        "exclusions[0]",
        "exclusions",
        (exclusion("The case is closed", defeats_statute=True),),
        "Take it off the page",
    ),
    ("safety-missing", "care.safety", "care.safety", (), "[[care.safety]]"),
    (
        "anonymous-rejected",
        "exclusions[0]",
        "exclusions",
        (exclusion("No name", Effect.DEFER, says="Anonymous applications will not be reviewed."),),
        "in confidence",
    ),
    ("appeal-refusal-missing", "appeals", "appeals[0].subjects", (Subject.HANDLING,), "threshold"),
    ("appeal-review-missing", "appeals", "appeals[0].subjects", (Subject.THRESHOLD,), "handling"),
    (
        "appeal-window-anchor",
        "appeals[0].window.anchor",
        "appeals[0].window.anchor",
        Milestone.OUTCOME_SENT,
        "received",
    ),
    (
        "appeal-window-anchor",
        "appeals[0].window.anchor",
        "appeals[0].window.anchor",
        Milestone.CLOSED,
        "received",
    ),
    (
        "appeal-clock-anchor",
        "appeals[0].hearing.anchor",
        "appeals[0].hearing.anchor",
        Milestone.OUTCOME_SENT,
        "sent",
    ),
    (
        "appeal-clock-anchor",
        "appeals[0].decision.anchor",
        "appeals[0].decision.anchor",
        Milestone.CLOSED,
        "heard",
    ),
    ("appeal-gap-filled", "appeals[0]", "appeals[0].statutory_minimum", True, "statutory_minimum"),
    ("appeal-limit-chosen", "appeals[0].window", "appeals[0].window.source", CHOSEN, "Publish the limit"),
    (
        "body-ends",
        "appeals[0].bodies[0].until",
        "appeals[0].bodies[0].name",
        "Office of the Police and Crime Commissioner for Kent",
        "`until = 2028-05-31`",
    ),
    ("body-gone", "agencies[2].name", "agencies[icb].name", "Kent CCG", "integrated care board"),
    (
        "body-gone",
        "redress[3].ombudsman",
        "redress[3].ombudsman",
        "the IPCC",
        "Independent Office for Police Conduct",
    ),
    (
        "body-gone",
        "redress[0].ombudsman",
        "redress[0].ombudsman",
        "Local Government Ombudsman",
        "Social Care",
    ),
    (
        "body-gone-quoted",
        "notes[0]",
        "notes",
        (Source(says="Clinical Commissioning Groups"),),
        "integrated care board",
    ),
    ("contact-missing", "contact", "contact", None, "`[contact]`"),
    ("contact-chosen", "contact", "contact.source", CHOSEN, "Publish the team"),
    ("channels-few", "channels", "channels", GOOD.channels[:2], "at least three"),
    ("channels-few", "channels", "channels", (), "at least three"),
    (
        "consent-confused",
        "notes[0]",
        "notes",
        (Source(says="you agree to allow your details to be shared"),),
        "privacy",
    ),
    (
        "no-action-required",
        "routes[0].source",
        "routes[0].source",
        Source(says="or **no** action has been taken"),
        "number",
    ),
    *(
        ("step-missing", "steps", "steps", without(GOOD, "steps", step.id), f'`id = "{step.id}"`')
        for step in GOOD.steps
        if not step.public
    ),
    ("step-misplaced", "steps[13]", "steps", (*GOOD.steps, APPEAL_STEP), "`[[appeals]]`"),
    (
        "step-ends-elsewhere",
        "steps[8].done_by",
        "steps[response].done_by",
        Milestone.PANEL_HELD,
        '`done_by = "outcome_sent"`',
    ),
    (
        "clock-own-end",
        "steps[8].clocks[0].anchor",
        "steps[response].clocks[0].anchor",
        Milestone.OUTCOME_SENT,
        '`anchor = "received"`',
    ),
    *(
        (
            code,
            "steps[3].clocks[0].anchor",
            "steps[threshold].clocks[0].anchor",
            anchor,
            '`anchor = "received"`',
        )
        for code, anchor in (
            ("clock-never-starts", Milestone.DETAILS_REQUESTED),
            ("clock-never-starts", Milestone.APPEAL_LODGED),
            ("clock-never-starts", Milestone.RECOMMENDED),
            ("clock-after-end", Milestone.PANEL_HELD),
            ("clock-after-end", Milestone.FIRST_PANEL_HELD),
            ("clock-after-end", Milestone.CLOSURE_NOTIFIED),
        )
    ),
    (
        "clock-never-starts",
        "steps[2].clocks[0].anchor",
        "verification",
        Verification.FORM_ONLY,
        '`anchor = "received"`',
    ),
    (
        "clock-before",
        "steps[8].clocks[0].direction",
        "steps[response].clocks[0].direction",
        Direction.BEFORE,
        '`direction = "after"`',
    ),
    (
        "meetings-missing",
        "steps[6].clocks[0].unit",
        "steps[panel].clocks[0].unit",
        Unit.MEETING,
        "`calendar.meetings`",
    ),
    ("range-order", "steps[11].opens", "steps[follow_up].opens.limit", 5, "earliest, planned, latest"),
    ("range-order", "steps[11].target", "steps[follow_up].target.limit", 7, "earliest, planned, latest"),
    ("wrong-duty", "discretion.guidance", "discretion.guidance", NOTED.says, "have regard"),
    ("wrong-duty-quoted", "notes[0]", "notes", (NOTED,), "have regard"),
    (
        "promise-chosen",
        "steps[8].clocks[0]",
        "steps[response].clocks[0].source",
        CHOSEN,
        "Publish the number",
    ),
    (
        "delay-unexplained",
        "chasing.ladder",
        "chasing.ladder",
        tuple(rung for rung in GOOD.chasing.ladder if rung.rung is not Rung.DELAY_LETTER),
        "delay_letter",
    ),
    ("manager-chosen", "management", "management.source", CHOSEN, "Adopt a post"),
    *(
        (
            "manager-is-the-team",
            f"management.{post}.email",
            f"management.{post}.email",
            "CSU@dover.gov.uk",
            "does not read",
        )
        for post in ("manager", "deputy")
    ),
    ("escalation-to-nobody", "chasing.ladder[6].to", "management.deputy", None, "Name the deputy"),
    *(
        (
            "escalation-missing",
            "chasing.ladder",
            "chasing.ladder",
            tuple(rung for rung in GOOD.chasing.ladder if rung.rung is not Rung.ESCALATION or step not in rung.steps),
            '`to = "manager"`',
        )
        for step in (StepId.THRESHOLD, StepId.VERIFICATION)
    ),
    ("delay-unexplained", "chasing.ladder", "extensions.steps", (StepId.RESPONSE,), "`extensions.steps`"),
    (
        "chair-not-independent",
        "panel.independent_chair",
        "panel.independent_chair",
        False,
        "independent_chair = true",
    ),
    ("consultation-missing", "consulted", "consulted", (), "`[[consulted]]`"),
    ("review-date-missing", "identity.next_review", "identity.next_review", None, "`next_review = "),
    ("measures-few", "publication.measures", "publication.measures", (Measure.APPLICATIONS,), "not_met"),
    ("figures-missing", "figures", "figures", (), "`[[figures]]`"),
    *(
        ("relevant-body-missing", "agencies", "agencies", without(GOOD, "agencies", id), "`[[agencies]]`")
        for id in ("council", "police", "icb")
    ),
    ("relevant-body-missing", "agencies", "agencies[police].relevant_body", False, "`relevant_body = true`"),
    ("redress-missing", "redress", "redress", (), "`[[redress]]`"),
    ("redress-tenure", "redress[1].tenures", "redress[1].tenures", (), "council_tenant"),
)


def test_a_policy_without_a_manager_is_told_so_and_so_is_each_rung_that_names_one() -> None:
    found = lint(put(GOOD, "management", None))
    assert [(fault.code, fault.where) for fault in found] == [
        ("manager-missing", "management"),
        ("escalation-to-nobody", "chasing.ladder[4].to"),
        ("escalation-to-nobody", "chasing.ladder[5].to"),
        ("escalation-to-nobody", "chasing.ladder[6].to"),
    ]


def test_a_policy_with_nothing_wrong_has_no_findings() -> None:
    assert lint(GOOD) == ()


@pytest.mark.parametrize(("code", "where", "path", "new", "instead"), BREAKS)
def test_each_way_to_break_a_policy_has_its_own_code_and_says_what_to_write(
    code: str, where: str, path: str, new: Any, instead: str
) -> None:
    found = lint(put(GOOD, path, new))
    assert {finding.code for finding in found} == {code}
    assert where in {finding.where for finding in found}
    assert all(instead in finding.instead for finding in found), found[0].instead
    assert all(finding.source and finding.severity is RULES[code].severity for finding in found)


def test_every_rule_is_broken_by_some_test() -> None:
    assert {code for code, *_ in BREAKS} | OF_THE_FILE | OF_THE_FOLDER | {
        "appeal-layer",
        "appeal-on-outcome-only",
        "manager-missing",
        "meetings-end",
        "version-taken",
    } == set(RULES)


def test_a_public_response_cannot_be_left_out() -> None:
    policy = put(GOOD, "steps", without(GOOD, "steps", "response"))
    assert [finding.code for finding in lint(policy)] == ["step-missing"]


def test_verification_needs_no_step_where_only_the_form_is_read() -> None:
    policy = put(GOOD, "steps", without(GOOD, "steps", "verification"))
    assert lint(put(policy, "verification", Verification.FORM_ONLY)) == ()


def test_no_appeal_at_all_breaks_both_halves_of_the_schedule() -> None:
    found = lint(put(GOOD, "appeals", ()))
    assert {finding.code for finding in found} == {"appeal-refusal-missing", "appeal-review-missing"}


def test_a_page_that_allows_an_appeal_against_the_outcome_only_is_told_so() -> None:
    filled = put(GOOD.appeals[0], "statutory_minimum", True)
    policy = put(GOOD, "appeals", (put(GOOD.appeals[0], "subjects", (Subject.OUTCOME,)), put(filled, "id", "two")))
    assert {finding.code for finding in lint(policy)} == {"appeal-on-outcome-only", "appeal-gap-filled"}


def test_an_appeal_body_that_ends_without_a_successor_leaves_a_gap_from_the_next_day() -> None:
    policy = put(GOOD, "appeals[0].bodies[0].until", date(2027, 3, 31))  # Wed
    refusal, review = lint(policy)
    assert refusal.code == "appeal-refusal-missing"
    assert review.code == "appeal-review-missing"
    assert "2027-04-01" in refusal.says


def test_a_successor_closes_the_gap() -> None:
    bodies = (put(BODY, "until", date(2027, 3, 31)), put(BODY, "since", date(2027, 4, 1)))  # Wed, Thu
    assert lint(put(GOOD, "appeals[0].bodies", bodies)) == ()


def test_a_body_that_ends_after_the_policy_leaves_no_gap() -> None:
    policy = put(GOOD, "appeals[0].bodies[0].until", date(2027, 3, 31))  # Wed
    assert lint(put(policy, "effective_to", date(2027, 3, 31))) == ()  # Wed


def test_a_route_that_has_not_begun_leaves_a_gap_on_the_first_day() -> None:
    found = lint(put(GOOD, "appeals[0].since", date(2026, 2, 2)))  # Mon
    assert "2026-01-01" in found[0].says


@pytest.mark.parametrize(
    ("last", "first", "name"),
    [
        (date(2022, 6, 30), date(2022, 7, 1), "Kent and Medway CCG"),  # Thu, Fri
        (date(2018, 1, 7), date(2018, 1, 8), "the IPCC"),  # Sun, Mon
        (date(2028, 5, 31), date(2028, 6, 1), "the PCC"),  # Wed, Thu
    ],
)
def test_a_body_may_be_named_until_the_day_it_ends(last: date, first: date, name: str) -> None:
    policy = put(put(GOOD, "panel.members", (name,)), "publication", UNNAMED)
    assert lint(policy, last) == ()
    assert [finding.code for finding in lint(policy, first)] == ["body-gone"]
    assert lint(policy, first)[0].where == "panel.members[0]"


def test_what_the_page_says_is_quoted_and_never_live() -> None:
    policy = put(GOOD, "notes", (Source(says="the Independent Police Complaints Commission"),))
    assert [finding.severity for finding in lint(policy)] == [Severity.FINDING]


def test_a_list_of_meetings_that_runs_out_within_a_year_is_told_and_the_last_is_named() -> None:
    waits = put(GOOD, "steps[panel].clocks[0].unit", Unit.MEETING)
    policy = put(waits, "calendar.meetings", (date(2026, 9, 1), date(2027, 3, 2)))  # Tue, Tue
    assert lint(policy, date(2026, 3, 2)) == ()  # Mon
    (finding,) = lint(policy, date(2026, 3, 3))  # Tue
    assert (finding.code, finding.where) == ("meetings-end", "calendar.meetings")
    assert "Tuesday 2 March 2027" in finding.says
    assert lint(put(GOOD, "calendar.meetings", (date(2026, 9, 1),)), date(2027, 1, 4)) == ()  # Tue, Mon


def test_errors_come_before_findings() -> None:
    policy = put(put(GOOD, "consulted", ()), "contact", None)
    assert [finding.code for finding in lint(policy)] == ["contact-missing", "consultation-missing"]


def test_two_route_exclusions_that_only_restate_the_time_limits_are_in_order() -> None:
    kent = policies.load("kent-district")
    restated = tuple(item for item in kent.exclusions if item.id in ("over-six-months", "over-one-month"))
    assert lint(put(GOOD, "exclusions", restated)) == ()
