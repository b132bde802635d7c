"""How near a date is: in words and a colour, by the case's own calendar."""

from datetime import date

import pytest

from console.staff.urgency import urgency
from tests.register import examples

TODAY = date(2026, 4, 2)  # Thu


@pytest.mark.parametrize(
    ("due", "words", "colour"),
    [
        (date(2026, 3, 31), "Overdue by 2 working days", "red"),  # Tue
        (date(2026, 4, 2), "Due today", "red"),  # Thu
        (date(2026, 4, 3), "Due before the next working day", "red"),  # Good Friday
        (date(2026, 4, 7), "1 working day left", "orange"),  # Tue after Easter
        (date(2026, 4, 13), "5 working days left", "orange"),  # Mon
        (date(2026, 4, 14), "6 working days left", "green"),  # Tue
        (None, "Nothing due", "grey"),
    ],
)
def test_colours_are_said_in_words_and_count_working_days(due: date | None, words: str, colour: str) -> None:
    shown = urgency(examples.CALENDAR, due, TODAY)
    assert (shown.words, shown.colour) == (words, colour)
