"""What stands against linking cases, and against telling one household of another."""

import pytest

from domain import events as e
from domain.case import Stage
from domain.policy import Decision
from domain.stage import ALIVE
from tests.domain.stages import at, panel

OTHER = "DOV-2026-0002"
LINKED = e.CasesLinked(other=OTHER, reason="Two flats complain of one flat.")
PARTED = e.CasesParted(other=OTHER, reason="They are about two flats after all.")


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.PANEL, Stage.APPEAL])
def test_a_case_is_linked_at_any_stage_of_its_life_and_only_once(stage: Stage) -> None:
    assert stage in ALIVE
    service = at(stage)
    assert service.refusal(LINKED) is None
    service.happened(LINKED)
    assert service.refusal(LINKED) == f"the case is linked with {OTHER} already; unlink-case ends that"


def test_a_link_that_there_is_can_be_ended_and_no_other() -> None:
    service = at(Stage.GATHERING)
    assert "unlink-case is not possible" in (service.refusal(PARTED) or "")
    service.happened(LINKED)
    assert service.refusal(e.CasesParted(other="DOV-2026-0009", reason="A slip of the pen.")) == (
        f"the case is not linked with DOV-2026-0009; it is with {OTHER}"
    )
    assert service.refusal(PARTED) is None
    service.happened(PARTED)
    assert service.case.linked == {}


def test_a_reference_is_the_same_however_it_is_typed() -> None:
    assert e.CasesLinked(other=" dov-2026-0002", reason="One flat.").other == OTHER


def test_no_words_that_go_to_an_applicant_name_a_linked_case() -> None:
    service = at(Stage.PANEL)
    service.happened(LINKED)
    moved = panel(service.today, reason="It is now held together with dov-2026-0002.")
    assert service.refusal(moved) == (
        f"{OTHER} is somebody else's case, and the applicant would read of it here; leave it out of these words"
    )
    assert service.refusal(panel(service.today, reason="The room was not free.")) is None
    assert service.refusal(e.NoteAdded(text=f"{OTHER} has its panel on the same day.")) is None


def test_an_appeal_s_answer_that_names_a_linked_case_is_refused() -> None:
    service = at(Stage.APPEAL)
    service.happened(LINKED)
    decided = e.AppealDecided(decision=Decision.DISMISSED, reasons=f"As in {OTHER}, nothing was left undone.")
    assert "somebody else's case" in (service.refusal(decided) or "")


def test_a_linked_case_is_another_households_until_the_link_ends() -> None:
    service = at(Stage.PANEL)
    service.happened(LINKED)
    same = e.CaseEnded(cause=e.Cause.DUPLICATE, same_as=OTHER)
    assert service.refusal(same) == (
        f"{OTHER} is linked as another household's case; if both are one person's, unlink-case comes first"
    )
    service.must(e.CasesParted(other=OTHER, reason="It is one household."))
    assert service.refusal(same) is None
