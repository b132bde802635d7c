"""Where operations staff find cases in the Temporal UI: those that are late, and one in its words.

The UI's columns are kept by each browser and no address can choose them; docs/runbook.md says which to choose.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from workflows.attributes import OVERDUE

_LATE = f'{OVERDUE.name} IS NOT NULL AND ExecutionStatus="Running"'


def late_cases(ui: str, namespace: str) -> str:
    """The list of open cases in which a duty is overdue.

    ``ui`` is the UI's address without a slash at its end.
    """
    return _listed(ui, namespace, _LATE)


def case(ui: str, namespace: str, reference: str, run: str) -> str:
    """One case: what it waits for, who must act and every deadline; its timeline where ``run`` is not known."""
    workflow = f"{_workflows(ui, namespace)}/{quote(reference, safe='')}"
    return f"{workflow}/{quote(run, safe='')}/user-metadata" if run else workflow


def _listed(ui: str, namespace: str, query: str) -> str:
    return f"{_workflows(ui, namespace)}?{urlencode({'query': query})}"


def _workflows(ui: str, namespace: str) -> str:
    return f"{ui}/namespaces/{quote(namespace, safe='')}/workflows"
