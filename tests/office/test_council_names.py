"""Councils by name in the record of accounts."""

import pytest

from office.council_names import named


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("officer of dover", "officer of Dover District Council"),
        ("manager of every council", "manager of every council"),
        (
            "role: officer → approver, council: dover → medway",
            "role: officer → approver, council: Dover District Council → Medway Council",
        ),
        ("council: every council → dover", "council: every council → Dover District Council"),
        (
            "Ann is the last manager of dover who can sign in",
            "Ann is the last manager of Dover District Council who can sign in",
        ),
        ("officer of a-council-that-left", "officer of a-council-that-left"),
        ("", ""),
    ],
)
def test_a_policy_s_id_is_shown_as_the_council_s_name(kept: str, shown: str) -> None:
    assert named(kept) == shown
