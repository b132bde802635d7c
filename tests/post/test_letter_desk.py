"""One desk writes all the letters of a turn: each as it would be by itself, and the case worked out once."""

from datetime import datetime, time

import pytest

from domain.calendar import LONDON
from letters.letter_context import LetterDesk, letter_context
from tests.letters.every_story import told
from tests.letters.stories import CALENDAR, PERSONS, RENDERER, Letter, Story

STORIES = ("met", "refused", "changes", "threshold remitted", "called off")


def turns(story: Story) -> dict[str, list[Letter]]:
    found: dict[str, list[Letter]] = {}
    for letter in story.letters:
        found.setdefault(letter.order.event, []).append(letter)
    return found


def desk(story: Story, letter: Letter) -> LetterDesk:
    at = datetime.combine(letter.on, time(10), tzinfo=LONDON)
    return LetterDesk(story.policy, CALENDAR, story.events, at, PERSONS)


@pytest.mark.parametrize("name", STORIES)
def test_a_letter_written_beside_others_says_what_it_says_alone(name: str) -> None:
    story = told("dover", name)
    for letters in turns(story).values():
        shared = desk(story, letters[0])
        contexts = [shared.context(letter.order) for letter in letters]
        for letter, context in zip(letters, contexts, strict=True):
            assert RENDERER.render(letter.order.letter, context.context) == letter.rendered
            assert context.files == letter.context.files


def test_the_letters_of_one_event_share_its_case_and_those_of_another_do_not() -> None:
    story = told("dover", "met")
    several = [letters for letters in turns(story).values() if len(letters) > 2]
    assert len(several) > 3
    shared = desk(story, several[0][0])
    cases = [{id(shared.context(letter.order).context["case"]) for letter in letters} for letters in several]
    assert all(len(found) == 1 for found in cases)
    assert len(set.union(*cases)) == len(several)


def test_what_one_letter_promises_is_not_put_down_to_another() -> None:
    story = told("dover", "met")
    arranged = next(
        letters for letters in turns(story).values() if {x.order.letter for x in letters} >= {"L-05", "A-06"}
    )
    shared = desk(story, arranged[0])
    contexts = [shared.context(letter.order) for letter in arranged]
    written = [RENDERER.render(x.order.letter, found.context) for x, found in zip(arranged, contexts, strict=True)]
    assert [dict(one.told) for one in written] == [dict(x.rendered.told) for x in arranged]
    assert len({tuple(one.told) for one in written}) > 1


def test_one_letter_alone_needs_no_desk() -> None:
    story = told("dover", "refused")
    letter = story.last("L-04")
    at = datetime.combine(letter.on, time(10), tzinfo=LONDON)
    alone = letter_context(story.policy, CALENDAR, story.events, letter.order, at, PERSONS)
    assert RENDERER.render("L-04", alone.context) == letter.rendered
