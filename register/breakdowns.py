"""What a database says when it cannot be used, told in one sentence with what mends it."""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_FULL = "the disk is full", "make room there; nothing of this was kept"
_NO_TABLES = "has no tables yet", "run python -m register upgrade"
_SQLITE = (
    ("database or disk is full", "cannot be written", _FULL),
    (
        "readonly database",
        "cannot be written",
        ("it may only be read", "let this account write the file and its folder"),
    ),
    (
        "locked",
        "cannot be written",
        ("another program holds it", "end that program or wait for it, then do this again"),
    ),
    (
        "disk i/o error",
        "cannot be written",
        ("its disk gives an error", "see that the disk is well, has room and lets files grow"),
    ),
)
_POSTGRES = (
    (("53100",), "cannot be written", _FULL),
    (
        ("25006",),
        "cannot be written",
        ("it may only be read", "name the server that takes writes in DATABASE_URL"),
    ),
    (
        ("42501",),
        "cannot be used",
        ("its account may not do this there", "grant it SELECT, INSERT, UPDATE and DELETE on every table"),
    ),
    (
        ("55P03", "57014", "40P01"),
        "cannot be written",
        ("another program holds it", "end that program or wait for it, then do this again"),
    ),
)
_OPENED = {
    True: "check that the file is a register and may be written, and that no other program holds it",
    False: "check that PostgreSQL runs there and DATABASE_URL has the right host, name and password",
}


def sentence(error: SQLAlchemyError, register: str, sqlite: bool) -> str | None:
    """What is wrong with the register and how to mend it; None for an error of the statement or of its data.

    ``register`` is its address as a person may read it. The database's own text is not repeated where it could hold
    what was to be written.
    """
    if isinstance(error, PoolTimeout):
        return f"The register at {register} is too busy: every connection is in use; try again in a minute."
    if not isinstance(error, DBAPIError):
        return None
    reason = " ".join(str(error.orig).split())
    state = getattr(error.orig, "sqlstate", None)
    if "no such table" in reason or state == "42P01":
        return f"The register at {register} {_NO_TABLES[0]}; {_NO_TABLES[1]}."
    if sqlite:
        for words, cannot, (why, mend) in _SQLITE:
            if words in reason.lower():
                return f"The register {register} {cannot}: {why}; {mend}."
        return opening(error, register, sqlite) if _cannot_open(reason) else None
    for states, cannot, (why, mend) in _POSTGRES:
        if state in states:
            return f"The register at {register} {cannot}: {why}; {mend}."
    gone = error.connection_invalidated or state is None or state.startswith(("08", "57P", "28", "3D", "53"))
    return opening(error, register, sqlite) if gone and _is_operational(error) else None


def opening(error: DBAPIError, register: str, sqlite: bool) -> str:
    """What is said where the database cannot be opened or went away."""
    reason = " ".join(str(error.orig).split()).rstrip(".")
    return f"The register at {register} cannot be opened ({reason}); {_OPENED[sqlite]}."


def _cannot_open(reason: str) -> bool:
    return any(words in reason for words in ("unable to open", "malformed", "not a database"))


def _is_operational(error: DBAPIError) -> bool:
    return type(error).__name__ in ("OperationalError", "InterfaceError", "InternalError")
