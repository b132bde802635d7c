"""Where a rule of a policy comes from."""

from __future__ import annotations

from pydantic import model_validator

from domain.application import Written


class Source(Written):
    """Where a rule comes from. ``promise`` numbers the council's sentences, ``says`` quotes them; ``choice``
    is what was decided where the page is silent or unclear, always on the applicant's safe side."""

    promise: tuple[str, ...] = ()
    says: str = ""
    choice: str = ""

    @model_validator(mode="after")
    def _grounded(self) -> Source:
        if not (self.says or self.choice):
            raise ValueError("a source needs what the page `says`, or the `choice` that was made where it is silent")
        return self

    @property
    def words(self) -> str:
        numbers = f" ({', '.join(self.promise)})" if self.promise else ""
        return f"“{self.says}”{numbers}" if self.says else f"{self.choice}{numbers}"
