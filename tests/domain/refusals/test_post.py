"""A new link is for who holds it now, from an officer, to an address of theirs."""

import pytest

from domain import events as e
from domain.case import Stage
from domain.seats import seat_id
from domain.terms import LinkPurpose
from tests.domain.service import Service
from tests.domain.stages import at

GONE = "nobody holds link 7KQ29MXT any more, so there is no new one; who has that part now has their own"


def renewal(purpose: LinkPurpose, holder: str, about: str = "") -> e.LinkRenewed:
    return e.LinkRenewed(link="7KQ29MXT", purpose=purpose, holder=holder, about=about)


def holders(service: Service) -> dict[LinkPurpose, tuple[str, str]]:
    """Who holds a link of each kind in a case under appeal."""
    case = service.case
    enquiry, asked = next(iter(case.enquiries.items()))
    assert case.panel
    return {
        LinkPurpose.PROGRESS: (case.application.applicant, ""),
        LinkPurpose.ENQUIRY: (asked.agency, enquiry),
        LinkPurpose.RECOMMENDATIONS: (next(iter(case.items.values())).recommendation.to, ""),
        LinkPurpose.CHAIR: (seat_id(case.panel.chair), ""),
        LinkPurpose.APPEAL: ("1", ""),
    }


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_whoever_holds_a_link_may_have_a_new_one_and_nobody_else(purpose: LinkPurpose) -> None:
    service = at(Stage.APPEAL)
    holder, about = holders(service)[purpose]
    if purpose is not LinkPurpose.APPEAL:
        assert service.refusal(renewal(purpose, holder, about)) is None
    assert service.refusal(renewal(purpose, "somebody", "else")) == GONE


def test_an_appeal_body_without_an_address_can_be_sent_none() -> None:
    service = at(Stage.APPEAL)
    body = service.case.appeals[-1].body
    refusal = service.refusal(renewal(LinkPurpose.APPEAL, "1"))
    if body and body.email:
        assert refusal is None
    else:
        assert refusal == "the policy has no e-mail address of the appeal body, so no link can be sent to it; add one"


@pytest.mark.parametrize("role", [role for role in e.Role if role not in (e.Role.OFFICER, e.Role.CLOCK)])
@pytest.mark.parametrize("purpose", LinkPurpose)
def test_nobody_but_an_officer_makes_a_link(role: e.Role, purpose: LinkPurpose) -> None:
    service = at(Stage.APPEAL)
    holder, about = holders(service)[purpose]
    refusal = service.refusal(renewal(purpose, holder, about), e.Actor(role=role, name="Somebody"))
    assert refusal is not None
    assert refusal.startswith("renew-link is for an officer, not for ")
