"""Nobody handles their own appeal, and whom a letter calls independent is (invariant 15)."""

import pytest

import policies
from domain import events as e
from domain.case import Stage
from domain.complaint import plain
from domain.handlers import chairs_in_turn, had_none
from domain.policy import Rostered
from tests.domain.service import Service
from tests.domain.stages import CHAIR, MEMBERS, REFUSED, all_answer, at, decision, panel, working_days

JO = "Jo Ward"
OWN = f"{JO} had a part in what the appeal is against, so it is not theirs to handle; somebody who had none writes down"
ROLES = [e.Role.OFFICER, e.Role.APPEAL_BODY]


def jo(role: e.Role, name: str = JO) -> e.Actor:
    return e.Actor(role=role, name=name)


def heard(service: Service) -> Service:
    return service.must(e.HearingArranged(on=service.today))


# The appeal


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", [JO, "  jo  WARD"])
def test_who_decided_the_threshold_neither_hears_nor_records_nor_decides_the_appeal(role: e.Role, name: str) -> None:
    service = heard(at(Stage.APPEAL))
    for body in (
        e.HearingArranged(on=service.today, reason="Another room."),
        e.HearingAdjourned(until=working_days(service, 2), reason="Somebody is ill."),
        e.AppealHeard(on=service.today),
        decision(service.today),
    ):
        assert OWN.removeprefix(JO) in (service.refusal(body, jo(role, name)) or ""), body.act


def test_who_wrote_the_outcome_or_sat_on_the_panel_does_not_handle_the_appeal_either() -> None:
    service = at(Stage.OUTCOME).must(
        e.OutcomeDecided(reasons="Nobody joined them up."), actor=jo(e.Role.OFFICER, "Ann Hill")
    )
    service.wait(2)
    service.must(next(body for body in lodgings(service) if service.refusal(body) is None))
    for name in ("Ann Hill", CHAIR.name, *(seat.name for seat in MEMBERS)):
        assert service.refusal(e.HearingArranged(on=service.today), jo(e.Role.OFFICER, name)), name
    assert service.refusal(e.HearingArranged(on=service.today), jo(e.Role.OFFICER, "Kit Lane")) is None


def test_another_officer_writes_down_what_the_body_decided() -> None:
    service = heard(at(Stage.APPEAL))
    recorder = jo(e.Role.OFFICER, "Kit Lane")
    assert service.refusal(decision(service.today), recorder) is None


def test_who_was_only_the_cases_officer_may_write_it_down_and_not_decide_it() -> None:
    service = at(Stage.APPEAL_WINDOW).must(e.OfficerAssigned(officer="Kit Lane")).wait(2)
    lodged = next(b for b in lodgings(service) if service.refusal(b) is None)
    service.must(lodged)
    heard(service)
    assert service.refusal(decision(service.today), jo(e.Role.OFFICER, "Kit Lane")) is None
    named = decision(service.today).model_copy(update={"decided_by": "Kit Lane"})
    assert service.refusal(named) == (
        "Kit Lane had a part in what the appeal is against and may not hear or decide it; name others"
    )


def lodgings(service: Service) -> list[e.AppealLodged]:
    subjects = {subject for route in service.policy.appeals for subject in route.subjects}
    return [e.AppealLodged(subject=one, grounds="Unheard.", consent_to_transfer=True) for one in sorted(subjects)]


def test_where_the_council_hears_its_own_appeals_an_officer_says_who_decided() -> None:
    policy = policies.load("dover")
    own = policy.appeals[0].bodies[0].model_copy(update={"name": policy.identity.council})
    routes = tuple(route.model_copy(update={"bodies": (own,)}) for route in policy.appeals)
    service = Service(policy.model_copy(update={"appeals": routes}), complaints=2)
    all_answer(service).must(REFUSED)
    service.must(next(b for b in lodgings(service) if service.refusal(b) is None))
    heard(service)
    recorder = jo(e.Role.OFFICER, "Sam Reeve")
    assert service.refusal(decision(service.today), recorder) == (
        "say who decided the appeal, in decided_by: you write it down, and those who decided had no part before"
    )
    named = decision(service.today).model_copy(update={"decided_by": "Councillor Moss"})
    assert service.refusal(named, recorder) is None


def test_those_who_hear_an_appeal_are_screened_as_a_chair_is() -> None:
    service = at(Stage.APPEAL)

    def by(*seats: e.Seat) -> str | None:
        return service.refusal(e.HearingArranged(on=service.today, panel=seats))

    assert by(e.Seat(name="Pat Moss"), e.Seat(name=CHAIR.name)) == (
        f"{CHAIR.name} had a part in what the appeal is against and may not hear or decide it; name others"
    )
    assert by(e.Seat(name="Pat Moss", conflict="Her cousin lives there.")) == (
        "Pat Moss declared a conflict (Her cousin lives there.); name others to hear the appeal"
    )
    assert by(e.Seat(name="Pat Moss")) is None


@pytest.mark.parametrize("role", ROLES)
def test_an_appeal_is_not_turned_away_by_whoever_decided_nor_written_down_by_them(role: e.Role) -> None:
    service = at(Stage.FOLLOW_UP)
    lodged = lodgings(service)[0]
    body = e.AppealRefused(subject=lodged.subject, reasons="It came too late.", decided_by="Pat Moss")
    assert service.refusal(body, jo(role)) is not None
    assert OWN in (service.refusal(body, jo(role)) or "")
    assert service.refusal(body, jo(role, "Kit Lane")) is None


# The panel


def chaired(name: str, **changed: object) -> e.Seat:
    return CHAIR.model_copy(update={"name": name, **changed})


def test_who_decided_that_there_is_a_review_does_not_chair_it_where_the_chair_is_independent() -> None:
    policy = policies.load("dover")
    for independent in (True, False):
        rules = policy.panel.model_copy(update={"independent_chair": independent})
        service = Service(policy.model_copy(update={"panel": rules}))
        all_answer(service).must(e.ThresholdDecided(met=True, decided_by=JO))
        all_answer(service)
        sentence = service.refusal(panel(working_days(service, 3), chair=chaired("jo ward")))
        wanted = "jo ward has handled this case and may not chair its panel; name another chair"
        assert sentence == (wanted if independent else None)


def test_a_member_is_screened_as_the_chair_is() -> None:
    service = at(Stage.ARRANGING).must(e.OfficerAssigned(officer="Kit Lane"))
    on = working_days(service, 3)
    assert service.refusal(panel(on, members=(*MEMBERS, e.Seat(name="Kit Lane", agency="council")))) == (
        "Kit Lane has handled this case and may not sit on its panel; name another member"
    )
    assert service.refusal(panel(on)) is None


def test_only_who_had_no_part_is_called_so() -> None:
    service = at(Stage.PANEL)
    assert had_none(service.case, CHAIR)
    assert not had_none(service.case, chaired(JO))
    assert not had_none(service.case, chaired("Lee Hart", independent=False))
    assert not had_none(service.case, chaired("Lee Hart", conflict="She knows them."))
    again = at(Stage.PLAN)
    assert plain(CHAIR.name) == "lee hart"
    assert not had_none(again.case, CHAIR)


# The roster


def test_the_next_in_turn_is_of_another_area_and_had_no_part() -> None:
    policy = policies.load("dover")

    def chair(name: str, council: str, area: str = "") -> Rostered:
        return Rostered(name=name, organisation=council, email="chair@example.org", area=area)

    own = chair("Di Own", policy.identity.council)
    roster = (chair("Al Ash", "Ashford"), own, chair(JO, "Thanet"), chair("Cy Can", "Canterbury"))
    rules = policy.panel.model_copy(update={"roster": roster, "independent_chair": True})
    service = Service(policy.model_copy(update={"panel": rules}))
    all_answer(service).must(e.ThresholdDecided(met=True, decided_by=JO))
    turns = [[one.name for one in chairs_in_turn(service.case, number)] for number in (3, 4, 5)]
    assert turns == [["Al Ash", "Cy Can"], ["Cy Can", "Al Ash"], ["Cy Can", "Al Ash"]]
    assert chairs_in_turn(at(Stage.ARRANGING).case, 3) == ()
