"""The councils' procedures: hold a file against the Act, show one as a page, list them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter import output

if TYPE_CHECKING:
    from domain.findings import Finding
    from office.procedure import Block

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Check, show or list the councils' published procedures.")
    group.command("check")(check)
    group.command("show")(show)
    group.command("list")(list_all)
    app.add_typer(group, name="policy", rich_help_panel="Look ahead")


def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A policy's TOML file, or the id of one.")],
    json: Json = False,
) -> None:
    """Hold a policy, and its own wording of letters, against the Act. The exit code is 2 if it would not load."""
    from domain.findings import Severity
    from policies import read
    from policies.wording import beside

    path = _path(file)
    policy, findings = read(path)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    worded = beside(path, policy) if policy else ()
    findings = (*worded, *findings)
    if json:
        output.as_json(
            {
                "file": str(path),
                "policy": policy.id if policy else None,
                "version": policy.version if policy else None,
                "loads": not errors,
                "findings": [finding.model_dump(mode="json") for finding in findings],
            }
        )
    else:
        doubts = len(findings) - len(errors) - len(worded)
        print_findings(findings)
        name = f"{policy.id} {policy.version}" if policy else str(path)
        verdict = "does not load" if errors else "loads, but its letters do not" if worded else "loads"
        wrong = len(errors) + len(worded)
        output.say(f"{name} {verdict}: {_number(wrong, 'error')}, {_number(doubts, 'finding')}.")
    if errors or worded:
        raise typer.Exit(2)


def show(
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="A policy's id, or the path of its file.")],
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page in Markdown, ready to publish.")] = False,
    json: Json = False,
) -> None:
    """A policy as a page its council could publish; what is doubtful in it comes last."""
    from office import procedure
    from policies import load, read

    chosen = load(policy)
    if markdown:
        print(procedure.markdown(procedure.page(chosen)), end="")
        return
    findings = read(_path(policy))[1]
    if json:
        listed = [finding.model_dump(mode="json") for finding in findings]
        output.as_json({"policy": chosen.model_dump(mode="json"), "findings": listed})
        return
    _page(procedure.page(chosen))
    if findings:
        output.heading("What the linter finds")
        print()
        print_findings(findings)


def list_all(json: Json = False) -> None:
    """The packaged policies."""
    from domain.findings import Severity
    from policies import ids, read

    rows = []
    for id in ids():
        policy, findings = read(_path(id))
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        rows.append(
            {
                "policy": id,
                "version": policy.version if policy else None,
                "council": policy.identity.council if policy else None,
                "effective_from": policy.effective_from if policy else None,
                "effective_to": policy.effective_to if policy else None,
                "errors": errors,
                "findings": len(findings) - errors,
            }
        )
    if json:
        output.as_json(rows)
        return
    cells = [
        (
            str(row["policy"]),
            str(row["version"] or ""),
            str(row["council"] or ""),
            str(row["effective_from"] or ""),
            f"does not load ({row['errors']})" if row["errors"] else str(row["findings"]),
        )
        for row in rows
    ]
    output.table(["Policy", "Version", "Council", "In force from", "Findings"], cells)


def _page(blocks: Sequence[Block]) -> None:
    from office.procedure import Paragraph, Points, Table, Title

    for block in blocks:
        match block:
            case Title(text):
                print(output.bold(text), end="\n\n")
            case Paragraph(text):
                output.say(text, "")
            case Points(items):
                for item in items:
                    print("\n".join(output.wrap(f"- {item}", output.width(), "  ")))
                print()
            case Table(heads, rows):
                output.table(heads, rows)
                print()


def print_findings(findings: Sequence[Finding]) -> None:
    """What the linter says, one paragraph each: where, what, and what to write instead."""
    for finding in findings:
        print(output.bold(f"{finding.severity.value.upper()}  {finding.where}"))
        for line in output.wrap(f"{finding.says} {finding.instead} ({finding.source})", output.width() - 2):
            print(f"  {line}")
        print()


def _path(path_or_id: str) -> Path:
    import policies

    packaged = Path(policies.__file__).parent / f"{path_or_id}.toml"
    return packaged if path_or_id in policies.ids() else Path(path_or_id)


def _number(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"
