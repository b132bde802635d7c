"""What is left out where a program is missing, and the run in which nothing may be: ``CASEREVIEW_TESTS_SKIP=nothing``.

Continuous integration runs so, since it installs whatever a test needs.
"""

import os

import pytest

VARIABLE = "CASEREVIEW_TESTS_SKIP"


def judged(report: pytest.TestReport) -> pytest.TestReport:
    """A report as this run takes it: one of a test that was left out is a failure where nothing may be."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(VARIABLE) == "nothing":
        report.outcome = "failed"
        report.longrepr = f"Left out, and {VARIABLE}=nothing: {report.longreprtext}"
    return report
