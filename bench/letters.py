"""Letters a second in all three forms and into the inbox, beside a bare typst compile of the same documents.

Every letter of a council's whole case is written as text and HTML, set as PDF, and sent as e-mail to the local inbox,
one conversation for all; then the same data is compiled by typst alone, under the same layout, in the same run. Several
rounds; medians are printed, and the time for all three forms beside typst's.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._command import run
from domain.events import LetterState
from letters.pdf import Postal, Typesetter
from post.carrier import Mail, message_id
from post.mail import Mailer
from starter.inbox import Inbox
from tests.letters import every_story, stories

COUNCIL, STORY = "dover", "met"
TO = Postal("Rose Applicant", ("Flat 2", "1 High Street", "Dover", "CT16 1AA"))


async def sent(letters: Sequence[stories.Letter]) -> float:
    """Seconds to send them all."""

    async def about_to_send() -> None: ...

    with TemporaryDirectory() as home:
        async with Inbox(Path(home), 0, 0) as inbox:
            mailer = Mailer(*inbox.smtp_address, None, None, False, 10, "asb@example.org")
            began = time.perf_counter()
            async with mailer.line() as line:
                for letter in letters:
                    written = letter.rendered
                    mail = Mail(
                        message_id(letter.order.key, "example.org"), "rose@example.org", "Rose Applicant",
                        written.subject, written.text, written.html, "asb@example.org",
                    )  # fmt: skip
                    delivery = await line.send(mail, about_to_send=about_to_send)
                    assert delivery.state is LetterState.ACCEPTED, delivery
            return time.perf_counter() - began


def measure(times: int) -> dict[str, Any]:
    letters = every_story.told(COUNCIL, STORY).letters
    renderer = stories.RENDERER
    compiled: list[Callable[[], bytes]] = []
    compile_one = Typesetter._compiled

    def kept(setter: Typesetter, data: Any, made_at: Any) -> bytes:
        compiled.append(lambda: compile_one(setter, data, made_at))
        return compile_one(setter, data, made_at)

    Typesetter._compiled = kept  # type: ignore[method-assign, assignment]
    for letter in letters:
        renderer.pdf(letter.rendered, to=TO)
    Typesetter._compiled = compile_one  # type: ignore[method-assign]

    def email() -> None:
        for letter in letters:
            renderer.render(letter.order.letter, letter.context.context)

    def paper() -> None:
        for letter in letters:
            renderer.pdf(letter.rendered, to=TO)

    def bare() -> None:
        for compile_again in compiled:
            compile_again()

    works = {"text_and_html": email, "pdf": paper, "bare_typst": bare}
    spent: dict[str, list[float]] = {name: [] for name in (*works, "sent")}
    for _ in range(times):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            spent[name].append((time.perf_counter() - began) / len(letters))
        spent["sent"].append(asyncio.run(sent(letters)) / len(letters))
    each = {name: statistics.median(seconds) for name, seconds in spent.items()}
    whole = each["text_and_html"] + each["pdf"]
    return {
        "letters": len(letters),
        "times": times,
        "milliseconds": {name: round(seconds * 1000, 2) for name, seconds in each.items()},
        "letters_a_second": round(1 / whole, 1),
        "sent_a_second": round(1 / each["sent"], 1),
        "bare_a_second": round(1 / each["bare_typst"], 1),
        "ratio": round(whole / each["bare_typst"], 2),
    }


def show(figures: dict[str, Any]) -> None:
    """Print what was measured, at most 80 columns wide."""
    print(f"{COUNCIL}, a whole case: {figures['letters']} letters, median of {figures['times']} rounds\n")
    forms = (("text_and_html", "text and HTML"), ("pdf", "PDF"), ("sent", "sent"), ("bare_typst", "bare typst compile"))
    for name, words in forms:
        print(f"  {words:<28}{figures['milliseconds'][name]:>9g} ms a letter")
    print(f"\n  {'all three forms':<28}{figures['letters_a_second']:>9g} letters/s")
    print(f"  {'sent to the inbox':<28}{figures['sent_a_second']:>9g} letters/s")
    print(f"  {'bare typst compile':<28}{figures['bare_a_second']:>9g} letters/s")
    print(f"  {'time beside bare typst':<28}{figures['ratio']:>9g} times")


if __name__ == "__main__":
    sys.exit(run("letters", __doc__ or "", "how many rounds", measure, show))
