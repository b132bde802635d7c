"""Editions of the service's own rules: a running case lives by those under which it began.

The number travels in the case's policy. A policy that is read from its file has the newest; one of a case that began
before there were any has none, which is the first.
"""

from __future__ import annotations

FIRST = 1
TOLD = 2
"""A date that the applicant was told stands: it neither moves nearer by itself, nor does a letter say it when it cannot
be kept any more."""
NEWEST = TOLD
