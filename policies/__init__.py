"""The councils' published procedures, one TOML file each, and the only way to load one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from domain.edition import NEWEST
from domain.findings import Finding, Severity, finding
from domain.lint import lint
from domain.policy import Policy

__all__ = ["PolicyRefused", "ids", "load", "read"]

_HERE = Path(__file__).parent
_UNLESS_GIVEN: Mapping[str, Mapping[str, object]] = {
    "extensions": {"by_the_clock_times": 2},
    "chasing": {"overdue": [1, 5, 10, 20, 40]},
}
"""What a file need not say; a case of release 0.1.0, whose policy lacks it, goes on without."""

_RESTORING = {
    "working_days": 10,
    "source": {"choice": "The file says nothing of a withdrawal that is taken back: ten working days."},
}
"""What a policy that does not speak of it says about taking a withdrawal back."""


class PolicyRefused(ValueError):
    """A policy that does not load: it is unknown, cannot be read, or breaks the Act.

    The message is one sentence for an unknown id, else one line per error; ``findings`` holds all of them.
    """

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


def ids() -> tuple[str, ...]:
    """The ids of the packaged policies, in order."""
    return tuple(sorted(file.stem for file in _HERE.glob("*.toml")))


def load(path_or_id: str | Path) -> Policy:
    """The policy with this id, or in this TOML file. Raises PolicyRefused (invariant 10)."""
    policy, findings = read(_file(path_or_id))
    errors = [fault for fault in findings if fault.severity is Severity.ERROR]
    if policy is None or errors:
        lines = "\n".join(error.words for error in errors)
        raise PolicyRefused(f"The policy {path_or_id} does not load:\n{lines}", findings)
    return policy


def read(path: str | Path) -> tuple[Policy | None, tuple[Finding, ...]]:
    """The policy in a file, or None where it cannot be one, and all there is to say of it, errors first."""
    try:
        policy, findings = _parsed(Path(path).read_text(encoding="utf-8"), str(path))
    except OSError as error:
        reason = error.strerror or "it is not there"
        return None, (finding("file-unreadable", str(path), reason=reason),)
    except UnicodeDecodeError:
        return None, (finding("file-unreadable", str(path), reason="it is not text in UTF-8"),)
    return policy, (*findings, *_taken(policy)) if policy else findings


@lru_cache(maxsize=64)
def _parsed(text: str, path: str) -> tuple[Policy | None, tuple[Finding, ...]]:
    """What ``read`` gives for a file's text: worked out once, because neither a policy nor a finding can change."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, (finding("toml-syntax", path, reason=str(error)),)
    try:
        policy = Policy.model_validate({"restoring": _RESTORING} | _whole(content) | {"edition": NEWEST})
    except ValidationError as error:
        return None, tuple(_field(fault) for fault in _plain(error))
    return policy, lint(policy)


def _whole(content: Mapping[str, Any]) -> dict[str, Any]:
    """A file's content with what it need not say, table by table."""
    given = {name: content[name] for name in _UNLESS_GIVEN if isinstance(content.get(name), dict)}
    return {**content, **{name: {**_UNLESS_GIVEN[name], **table} for name, table in given.items()}}


def _taken(policy: Policy) -> Iterator[Finding]:
    """A packaged policy of this id and version that says something else (a case keeps the version it began under)."""
    packaged = _HERE / f"{policy.id}.toml"
    if packaged.exists():
        known, _ = _parsed(packaged.read_text(encoding="utf-8"), str(packaged))
        if known and known != policy and known.version == policy.version:
            yield finding("version-taken", "version", id=policy.id, version=policy.version)


def _file(path_or_id: str | Path) -> Path:
    path = Path(path_or_id)
    if isinstance(path_or_id, Path) or path.suffix == ".toml" or len(path.parts) > 1:
        return path
    if path_or_id not in ids():
        known = ", ".join(ids())
        raise PolicyRefused(f"There is no policy “{path_or_id}”: give one of {known}, or the path of a TOML file.")
    return _HERE / f"{path_or_id}.toml"


def _plain(error: ValidationError) -> list[dict[str, Any]]:
    """The schema's errors without those that only follow from an error inside the same list."""
    errors: list[dict[str, Any]] = [dict(fault) for fault in error.errors(include_url=False)]
    inside = {fault["loc"][:depth] for fault in errors for depth in range(len(fault["loc"]))}
    return [fault for fault in errors if fault["type"] != "too_short" or fault["loc"] not in inside]


def _field(error: Mapping[str, Any]) -> Finding:
    """One error of the schema: ``steps[2].clocks[0].anchor: …``."""
    where = ""
    for part in error["loc"]:
        where += f"[{part}]" if isinstance(part, int) else f".{part}" if where else str(part)
    name = error["loc"][-1] if error["loc"] else ""
    match error["type"]:
        case "missing":
            reason, mend = "This field is missing", f"Add `{name}`."
        case "extra_forbidden":
            reason, mend = "There is no such field", f"Take `{name}` out or correct its spelling."
        case "value_error":
            says = str(error["ctx"]["error"])
            reason, mend = says[:1].upper() + says[1:], "Correct it."
        case _:
            given = error["input"]
            words = f"a {type(given).__name__}" if isinstance(given, (dict, list)) else repr(given)
            reason = f"{error['msg'].replace('Input should', 'This should')}; it is {words}"
            mend = "Correct it."
    return finding("field", where or "the file", reason=reason.rstrip("."), mend=mend)
