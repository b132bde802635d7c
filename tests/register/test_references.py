"""References go on where none can have been given since a backup."""

from datetime import UTC, datetime

from register.references import past_a_gap


def test_every_council_goes_on_at_the_next_thousand_in_every_year_since() -> None:
    counted = {"DOV-2026": 17, "MED-2025": 1003, "tray-2026-11-23": 2}
    since, now = datetime(2026, 11, 30, 18, tzinfo=UTC), datetime(2027, 1, 4, 9, tzinfo=UTC)  # Mon, Mon
    assert past_a_gap(counted, since, now) == {
        "DOV-2026": 1000, "DOV-2027": 1000, "MED-2025": 2000, "MED-2026": 1000, "MED-2027": 1000,
    }  # fmt: skip


def test_nothing_was_counted_and_nothing_is_left_out() -> None:
    now = datetime(2027, 1, 4, 9, tzinfo=UTC)  # Mon
    assert past_a_gap({}, now, now) == {}
