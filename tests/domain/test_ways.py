"""Which way a letter goes, and which after that."""

import pytest

from domain.application import Means
from domain.messages import LetterOrder, Party, Recipient
from domain.ways import WITHOUT_TEXT, ways_left

EMAIL, POST, TEXT = Means.EMAIL, Means.POST, Means.TEXT
ALL = (EMAIL, POST, TEXT)


@pytest.mark.parametrize(
    ("known", "open", "failed", "avoid", "left"),
    [
        ((EMAIL, POST), ALL, (), (), (EMAIL, POST)),
        ((TEXT, POST), ALL, (), (), (TEXT, POST)),
        ((TEXT, POST), WITHOUT_TEXT, (), (), (POST,)),
        ((EMAIL, POST), ALL, (EMAIL,), (), (POST,)),
        ((EMAIL, POST, TEXT), ALL, (), (EMAIL,), (POST, TEXT, EMAIL)),
        ((EMAIL,), ALL, (), (EMAIL,), (EMAIL,)),
        ((EMAIL, POST), ALL, (EMAIL, POST), (), ()),
        ((), ALL, (), (), ()),
    ],
)
def test_a_letter_goes_by_no_way_that_failed_it_and_by_one_to_avoid_only_where_there_is_no_other(
    known: tuple[Means, ...],
    open: tuple[Means, ...],
    failed: tuple[Means, ...],
    avoid: tuple[Means, ...],
    left: tuple[Means, ...],
) -> None:
    to = Recipient(party=Party.APPLICANT)
    order = LetterOrder(
        key="CR-1/E0/L-07/applicant", letter="L-07", to=to, event="E0", upto=1, failed=failed, avoid=avoid
    )
    assert ways_left(order, known, open) == left
