"""The command ``casereview``: its commands put together, every error made a sentence and an exit code."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

import typer

from office.faults import WrongInput

WRONG, BROKEN, INTERRUPTED = 2, 1, 130
_EXPECTED = frozenset(
    {
        "activities.beginning.BegunForAnother",
        "activities.bounces.NotRead",
        "activities.mending.CasesLost",
        "activities.rebuilding.NotRebuilt",
        "post.carrier.Misconfigured",
        "connection.client.ServerNotRunning",
        "connection.client.ServerRefused",
        "connection.keys.KeyRingError",
        "connection.ports.PortTaken",
        "connection.server.ServerFailed",
        "connection.settings.SettingsError",
        "connection.time_travel.CannotTravel",
        "domain.calendar.BeyondHorizon",
        "policies.PolicyRefused",
        "register.cases.UnknownCase",
        "register.database.RegisterError",
        "register.taking_in.NotTakenIn",
        "register.media.NotTaken",
        "register.shelf.ShelfError",
        "register.sending_systems.SourceError",
        "register.users.AccountError",
        "starter.advance.NotADemo",
        "starter.advance.NotForward",
        "office.faults.WrongInput",
        "office.backups.NoBackup",
        "office.connected.NoAnswer",
        "office.connected.NoSuchCase",
        "office.acting.NotDone",
        "office.preview.NotPossible",
        "starter.scenario.ScenarioRefused",
        "starter.step.NotAsExpected",
    }
)
MODULES: Mapping[str, tuple[str, ...]] = {
    "apply": ("apply",),
    "example": ("example",),
    "cases": ("cases", "show", "explain", "chases"),
    "disclosures": ("disclosures",),
    "powers": ("powers",),
    "letter": ("letter",),
    "links": ("link",),
    "tray": ("tray",),
    "documents": ("document",),
    "plans": ("plan", "threshold"),
    "policies": ("policy",),
    "schemas": ("schema",),
    "acts": (),
    "bounces": ("bounces",),
    "rebuild": ("rebuild",),
    "backup": ("backup", "restore"),
    "running": ("up", "worker", "console", "simulate", "advance"),
    "operations": ("operations",),
    "accounts": ("user",),
    "sources": ("source",),
    "keys": ("keys",),
}


def application(first: str = "") -> typer.Typer:
    """Every command or, so that it starts sooner, the act ``first`` or those of the one module that has it."""
    app = typer.Typer(
        name="casereview",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    )
    app.callback()(_casereview)
    modules = [module for module, commands in MODULES.items() if first in commands]
    if not modules and import_module("starter.commands.acts").add_one(app, first):
        return app
    for module in modules or MODULES:
        import_module(f"starter.commands.{module}").add_to(app)
    return app


def _casereview() -> None:
    """ASB Case Reviews that keep every promise a council published."""


def run(arguments: Sequence[str]) -> int:
    """Run one command. Its exit code: 0 done, 2 something to mend, 130 interrupted, 1 a fault of ours."""
    try:
        code = application(*arguments[:1])(args=list(arguments), prog_name="casereview", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except typer.Exit as leave:
        return leave.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else BROKEN
    except typer.TyperException as error:
        return _usage(error)
    except Exception as error:
        while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
            error = error.exceptions[0]
        if type(error).__name__ == "RPCError":
            _complain(f"Temporal did not answer ({error}); see that its server runs, and try again.", ())
            return WRONG
        if not any(f"{kind.__module__}.{kind.__qualname__}" in _EXPECTED for kind in type(error).__mro__):
            return _broken(error)
        _complain(str(error), error.faults if isinstance(error, WrongInput) else ())
        return WRONG


def main() -> NoReturn:
    """The entry point. It leaves without the interpreter's shutdown, which a Temporal client can crash."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError):
            stream.flush()
    os._exit(code)


def _usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message())
        return WRONG
    command = context.command_path if context else "casereview"
    sentence = " ".join(error.format_message().split()).rstrip(".")
    _complain(f"{sentence}. `{command} --help` lists what it takes.")
    return WRONG


def _broken(error: Exception) -> int:
    if os.environ.get("CASEREVIEW_TRACEBACK"):
        raise error
    _complain(
        f"{type(error).__name__}: {error}. This should not happen; "
        "run it again with CASEREVIEW_TRACEBACK=1 and send us what it says."
    )
    return BROKEN


def _complain(sentence: str, faults: Sequence[str] = ()) -> None:
    print(sentence, file=sys.stderr)
    for fault in faults:
        print(f"  {fault}", file=sys.stderr)


if __name__ == "__main__":
    main()
