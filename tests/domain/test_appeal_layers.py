"""A second layer of appeal for the same subject, by date; who may take a case there, and not while the plan is live."""

from datetime import date, timedelta

import policies
from domain import events as e
from domain.case import Stage
from domain.deadlines import State
from domain.lint import lint
from domain.policy import AppealBody, AppealRoute, Clock, Milestone, Policy
from domain.refusals.appeal import open_subjects
from tests.domain.service import Service
from tests.domain.stages import MET as REVIEW
from tests.domain.stages import REFUSED, all_answer, appeal, decision, done, follow_up, subject, to_outcome, to_panel
from tests.letters.stories import ONE_OF_TWO, application, to_refusal

SECOND = "policing-body"
COMMISSIONER = AppealBody(name="Kent Police and Crime Commissioner", kind="policing body", email="reviews@pcc.example",
                          until=date(2028, 5, 6))  # fmt: skip


def layered(**changed: object) -> Policy:
    """Dover's procedure with the policing body's review after its own appeal."""
    policy = policies.load("dover")
    first = tuple(route.model_copy(update={"final": False}) for route in policy.appeals)
    known = policy.appeals[0]
    window = Clock(limit=10, anchor=Milestone.APPEAL_TOLD, source=known.window.source)
    second = known.model_copy(
        update={"id": SECOND, "title": "Local policing body's review", "after": known.id, "bodies": (COMMISSIONER,),
                "window": window, "final": True, **changed}
    )  # fmt: skip
    return policy.model_copy(update={"appeals": (*first, second)})


def dismissed(policy: Policy) -> Service:
    """A refusal whose first appeal was dismissed and told."""
    service = all_answer(Service(policy, complaints=2)).must(REFUSED)
    service.must(appeal(service))
    return service.must(decision(service.today))


def test_an_appeal_that_was_dismissed_can_be_taken_to_the_next_layer_within_its_own_time() -> None:
    service = dismissed(layered())
    window = service.due(f"appeal_window:{SECOND}")
    assert (window.state, window.owner) == (State.OPEN, "applicant")
    assert open_subjects(service.case, service.today) == (subject(service.policy, refused=True),)
    service.wait_until(window.due)
    assert service.stage is Stage.NOT_MET
    service.must(appeal(service))
    assert service.case.appeal
    assert (service.case.appeal.route.id, service.case.appeal.body) == (SECOND, COMMISSIONER)
    service.must(decision(service.today))
    assert "last step of this procedure" in (service.refusal(appeal(service)) or "")


def test_the_case_waits_for_it_and_closes_when_its_time_is_over() -> None:
    service = dismissed(layered())
    due = service.due(f"appeal_window:{SECOND}").due
    service.wait_until(due)
    assert "closure.notified" not in service.kinds
    service.wait_until(due + timedelta(days=4))
    assert "closure.notified" in service.kinds
    assert "give the good cause" in (service.refusal(appeal(service)) or "")


def test_it_begins_on_its_day_and_without_it_nothing_is_open() -> None:
    later = dismissed(layered(since=date(2026, 6, 29)))  # Mon
    assert f"appeal_window:{SECOND}" not in {d.key for d in later.deadlines}
    final = dismissed(policies.load("dover"))
    assert "last step of this procedure" in (final.refusal(appeal(final)) or "")
    assert open_subjects(final.case, final.today) == ()


def test_only_the_reviewing_body_may_escalate_where_the_procedure_says_so() -> None:
    service = dismissed(layered(who_may_lodge=("reviewing body",)))
    assert open_subjects(service.case, service.today) == ()
    own = appeal(service)
    sentence = "only the reviewing body may take a case to “Local policing body's review”; say who does, in lodged_by"
    assert service.refusal(own) == sentence
    by_body = own.model_copy(update={"lodged_by": "Reviewing body"})
    assert service.refusal(by_body) == sentence
    assert service.refusal(by_body, e.Actor(role=e.Role.OFFICER, name="Kit Lane")) is None


def test_there_is_no_appeal_while_the_plan_is_live_and_its_time_is_not_lost() -> None:
    policy = policies.load("dover")
    routes = tuple(route.model_copy(update={"while_plan_live": False}) for route in policy.appeals)
    service = all_answer(Service(policy.model_copy(update={"appeals": routes}))).must(REVIEW)
    to_outcome(to_panel(service)).wait(2)
    assert "while the agreed plan is live; open are R1, R2" in (service.refusal(appeal(service)) or "")
    service.wait_until(service.due("appeal_window").due + timedelta(days=5))
    for id in ("R1", "R2"):
        service.must(e.RecommendationAnswered(recommendation=id, response=e.Response.ACCEPTED), done(id, service.today))
    assert service.refusal(appeal(service)) is None
    assert follow_up(service.today)


def test_a_layer_after_one_that_is_final_or_unknown_does_not_load() -> None:
    fine = layered()
    assert "appeal-layer" not in {finding.code for finding in lint(fine)}
    assert "appeal-window-anchor" not in {finding.code for finding in lint(fine)}
    for wrong in (fine.appeals[-1].model_copy(update={"after": "nobody"}),):
        found = lint(fine.model_copy(update={"appeals": (*fine.appeals[:-1], wrong)}))
        assert "appeal-layer" in {finding.code for finding in found if finding.severity == "error"}


def test_the_applicant_reads_where_to_take_it_and_by_when() -> None:
    story = to_refusal(layered(), application(ONE_OF_TWO))
    assert "policing" not in story.last("L-04").flat.casefold()
    lodged = e.AppealLodged(subject=subject(story.policy, refused=True), grounds="Unheard.", consent_to_transfer=True)
    on = story.letters[-1].on + timedelta(days=1)
    story.tell(on, lodged)
    story.tell(on, e.AppealDecided.model_validate({"decision": "dismissed", "reasons": "We read it.", "heard_on": on}))
    letter = story.last("L-21")
    assert "You can take your appeal further." in letter.flat
    assert "Kent Police and Crime Commissioner" in letter.flat
    assert f"appeal_window:{SECOND}" in letter.rendered.told
    assert isinstance(story.policy.appeals[-1], AppealRoute)
