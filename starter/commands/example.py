"""An application to try things with: made up, and never too old to count."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from office.faults import WrongInput
from starter import output

_TEXT = Template("""channel = "phone"
consent_to_share = true
tenure = "private_tenant"
impact = "We cannot use the garden and my son will not sleep in his own room."

[applicant]
name = "Asha Verma"
email = "asha.verma@example.org"

[[incidents]]
occurred = $d9
reported = $d8
reported_to = "police"
reference = "KP-4471"
what = "Bottles thrown over the fence until two in the morning."

[[incidents]]
occurred = $d32
reported = $d31
reported_to = "council"
what = "A bonfire of rubbish, and shouting at us when we asked them to stop."

[[incidents]]
occurred = $d56
reported = $d54
reported_to = "landlord"
what = "Loud music from noon until late at night."
""")


def add_to(app: typer.Typer) -> None:
    app.command("example", rich_help_panel="Cases")(example)


def example(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where it goes; a file that is there stays as it is.")],
) -> None:
    """Write an application to try things with: three reports of the last two months, as of today."""
    from domain.calendar import LONDON

    if file.suffix == ".json":
        raise WrongInput(f"The application is written as TOML: name a file that ends in .toml, not {file}.")
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text(datetime.now(LONDON).date()))
    except FileExistsError:
        raise WrongInput(f"{file} is there already; name another file, or take that one away.") from None
    except OSError as error:
        raise WrongInput(f"{file} cannot be written ({error.strerror}); name another file.") from None
    output.say(f"{file} has an application made today, with three reports.")
    print(f"\nTake it in with: casereview apply {file} --policy dover --demo")


def text(today: date) -> str:
    """The file's text, its reports counted back from ``today``."""
    return _TEXT.substitute({f"d{days}": today - timedelta(days=days) for days in (8, 9, 31, 32, 54, 56)})
