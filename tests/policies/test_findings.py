"""What each council's page earns from the linter."""

from datetime import date

import pytest

import policies
from domain.lint import Severity, lint
from domain.policy import Effect

EVERY_COUNCIL = {
    "chair-not-independent",
    "channels-few",
    "consultation-missing",
    "manager-chosen",
    "manager-is-the-team",
    "promise-chosen",
    "review-date-missing",
}
EARNED = {
    "dover": {"appeal-limit-chosen", "body-gone-quoted", "consent-confused", "wrong-duty-quoted"},
    "medway": {"appeal-limit-chosen", "consent-confused", "exclusion-set-aside", "wrong-duty-quoted"},
    "folkestone-and-hythe": {
        "appeal-gap-filled",
        "body-gone-quoted",
        "consent-confused",
        "contact-chosen",
        "measures-few",
    },
    "south-derbyshire": {
        "appeal-gap-filled",
        "appeal-limit-chosen",
        "appeal-on-outcome-only",
        "exclusion-set-aside",
        "no-action-required",
    },
    "kent-district": {
        "anonymous-rejected",
        "appeal-gap-filled",
        "appeal-on-outcome-only",
        "body-gone-quoted",
        "contact-chosen",
        "exclusion-set-aside",
        "figures-missing",
        "no-action-required",
    },
}


@pytest.mark.parametrize("id", policies.ids())
def test_each_council_earns_its_findings_and_no_error(id: str) -> None:
    found = lint(policies.load(id))
    assert {finding.code for finding in found} == EVERY_COUNCIL | EARNED[id]
    assert not [finding for finding in found if finding.severity is Severity.ERROR]


def test_the_kent_page_has_six_caveats_that_would_defeat_the_act() -> None:
    kent = policies.load("kent-district")
    marked = [exclusion.id for exclusion in kent.exclusions if exclusion.defeats_statute]
    assert marked == [
        "still-open",
        "unhappy-with-service",
        "vexatious",
        "criminal",
        "anonymous",
        "outside-definition",
    ]
    waits = {exclusion.id for exclusion in kent.exclusions if exclusion.effect is Effect.DEFER}
    assert waits == {"still-open"}, "who has to wait for an agency is not refused"
    for id in (id for id in marked if id not in waits):
        unmarked = tuple(
            x.model_copy(update={"defeats_statute": x.defeats_statute and x.id != id}) for x in kent.exclusions
        )
        found = lint(kent.model_copy(update={"exclusions": unmarked}))
        assert [finding.code for finding in found if finding.severity is Severity.ERROR] == [
            "exclusion-defeats-statute"
        ]


def test_dover_must_name_another_recipient_once_commissioners_have_ended() -> None:
    found = lint(policies.load("dover"), date(2028, 6, 1))  # Thu
    assert [(f.code, f.where) for f in found if f.severity is Severity.ERROR] == [
        ("body-gone", "publication.recipients[1]")
    ]


def test_south_derbyshire_keeps_an_appeal_after_commissioners_have_ended() -> None:
    found = lint(policies.load("south-derbyshire"), date(2028, 6, 1))  # Thu
    assert not [finding for finding in found if finding.severity is Severity.ERROR]
