"""Search attributes by which operations staff list cases in the Temporal UI.

They are stored in plain text, so none may carry personal data.
"""

from datetime import datetime
from typing import Any

from temporalio.common import SearchAttributeIndexedValueType, SearchAttributeKey

CASE_STAGE: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("CaseStage")
CASE_COUNCIL: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("CaseCouncil")
NEXT_DEADLINE: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("NextDeadline")
NEXT_DEADLINE_KIND: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("NextDeadlineKind")
MUST_ACT: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("MustAct")
BREACHED: SearchAttributeKey[bool] = SearchAttributeKey.for_bool("Breached")
CASE_EVENTS: SearchAttributeKey[int] = SearchAttributeKey.for_int("CaseEvents")
"""How many events the case has: more than the register knows, and the register is behind."""
OVERDUE: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("Overdue")
"""The key of the deadline that has been overdue longest; unset while none is."""
STUCK: SearchAttributeKey[bool] = SearchAttributeKey.for_bool("Stuck")
"""What happened cannot be kept or sent: the turn is tried again and again."""
DEMO: SearchAttributeKey[bool] = SearchAttributeKey.for_bool("Demo")

ALL: tuple[SearchAttributeKey[Any], ...] = (
    CASE_STAGE,
    CASE_COUNCIL,
    NEXT_DEADLINE,
    NEXT_DEADLINE_KIND,
    MUST_ACT,
    BREACHED,
    OVERDUE,
    STUCK,
    DEMO,
    CASE_EVENTS,
)

_WORDS = {
    SearchAttributeIndexedValueType.KEYWORD: "Keyword",
    SearchAttributeIndexedValueType.DATETIME: "Datetime",
    SearchAttributeIndexedValueType.BOOL: "Bool",
    SearchAttributeIndexedValueType.INT: "Int",
}


def registration() -> dict[str, str]:
    """Name to type word (`Keyword`, `Datetime`, `Bool`, `Int`), as `--search-attribute` takes them."""
    return {key.name: _WORDS[key.indexed_value_type] for key in ALL}
