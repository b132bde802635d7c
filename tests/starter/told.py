"""The gallery's letters and the packaged scenarios' letters, on one day, each told once in a process."""

from __future__ import annotations

import datetime as dt
from functools import cache

import policies
from letters.sources import renderer
from starter import gallery, scenario
from starter.stories import Story, StoryLetter

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)  # Mon


@cache
def of_council(council: str) -> tuple[StoryLetter, ...]:
    """Every letter of the stories of every kind under this council's policy."""
    letters, gaps = gallery.told(policies.load(council), renderer(), NOW)
    assert gaps == ()
    return letters


@cache
def of_scenario(name: str) -> tuple[StoryLetter, ...]:
    """Every letter of a packaged scenario, which goes the way its file says."""
    return tuple(Story(scenario.load(name), renderer(), NOW).live().letters)
