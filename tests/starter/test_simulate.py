import datetime as dt
import json
from collections.abc import AsyncIterator
from email import message_from_bytes
from pathlib import Path

import pytest
import pytest_asyncio

from domain.calendar import LONDON, Unit, count
from domain.case import local_date
from domain.events import Actor, Extended, LetterPosted, LetterState, Role
from domain.policy import StepId
from letters.sources import renderer
from office import taking_in
from office.connected import Office
from office.faults import WrongInput
from register import queries
from register.cases import UnknownCase
from starter import scenario
from starter.advance import NotADemo, NotForward, advance
from starter.life import Lived, NotAsExpected, live
from starter.pigeonhole import Pigeonhole
from starter.scenario import ScenarioRefused
from starter.simulate import clear, private_office, record, simulate
from starter.stories import Story
from tests.support import clock

pytestmark = pytest.mark.temporal
in_one_loop = pytest.mark.asyncio(loop_scope="module")
SHORT = {
    "title": "Withdrawn on the second day",
    "policy": "dover",
    "application": {
        "consent_to_share": True,
        "applicant": {"name": "Jo Day", "email": "jo.day@example.org"},
        "incidents": [
            {
                "occurred": {"days_before": n},
                "reported": {"days_before": n},
                "reported_to": "police",
                "what": "Noise.",
            }
            for n in (60, 40, 20)
        ],
    },
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place() -> AsyncIterator[tuple[Office, Pigeonhole]]:
    async with private_office() as place:
        yield place


@pytest.fixture
def office(place: tuple[Office, Pigeonhole]) -> Office:
    return place[0]


async def lived(office: Office, *steps: object, **changes: object) -> Lived:
    return await live(scenario.read({**SHORT, "steps": list(steps), **changes}, "mine"), office)


TOGETHER = ("seven-months",)
"""It goes most ways a case can, and ``withdrawal`` is told elsewhere; the others are lived before a release."""
OF_A_WORD = 15
"""History events of a word to the applicant on a day on which nothing else happens: the date's timer set and fired and
the clock moved on to it, two workflow tasks, one turn with its activity and alarm, and what the Temporal UI shows."""
PACKAGED = [
    pytest.param(name, marks=[] if name in TOGETHER else [pytest.mark.thorough])
    for name in scenario.ids()
    if name != "withdrawal"
]


@in_one_loop
@pytest.mark.long
@pytest.mark.parametrize("name", PACKAGED)
async def test_a_packaged_scenario_goes_the_way_its_file_says(office: Office, name: str) -> None:
    chosen, now = scenario.load(name), clock.now()
    found = await live(chosen, office, now=now)
    posted = [event.what for event in found.situation.events if isinstance(event.what, LetterPosted)]
    assert posted
    assert all(letter.state is LetterState.ACCEPTED for letter in posted)
    assert not any(event.kind == "act.refused" for event in found.situation.events)
    words = sum(event.kind == "progress.told" for event in found.situation.events)
    if name == "seven-months":
        assert words == 9
        assert found.history_events < 220 + OF_A_WORD * words
    else:
        assert found.history_events < 400 + OF_A_WORD * words
    sent = [(row.kind, row.to_name, row.text) for row in await queries.letters(office.database, found.reference)]
    rehearsed = [
        (one.kind, one.context.to_name, one.rendered.text.replace(one.reference, found.reference))
        for one in Story(chosen, renderer(), now).live().letters
    ]
    assert _comparable(sent) == _comparable(rehearsed)


def _comparable(letters: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """What some letters say, and whether an officer is reminded of what is done that day, hangs on which of a day's
    acts came first, and those of one step race on purpose."""
    racing = ("L-05", "L-07", "L-11", "L-13", "A-07")
    return sorted((kind, to, "" if kind in racing else text) for kind, to, text in letters if kind != "A-18")


@in_one_loop
async def test_a_simulation_writes_every_letter_as_it_was_sent(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "letters"
    said: list[str] = []
    found = await simulate(scenario.load("withdrawal"), out=out, progress=said.append)
    assert found.stage == "withdrawn"
    assert [letter.kind for letter in found.letters][-1] == "L-16"
    assert len(said) > 5
    assert found.timeline[0].what == "application.made"
    assert found.timeline[-1].words == "Application withdrawn"
    for letter in found.letters:
        text = (out / f"{letter.file}.txt").read_text("utf-8")
        mail = message_from_bytes((out / f"{letter.file}.eml").read_bytes())
        assert found.reference in text
        assert mail["X-Case-Reference"] == found.reference
        assert letter.file.split("-", 1)[1].startswith(f"{letter.date.isoformat()}-{letter.kind}-")
        assert f'href="{letter.file}.html"' in (out / "index.html").read_text("utf-8")
    assert {one.stem for one in out.iterdir()} == {"index", *(letter.file for letter in found.letters)}
    names = {"reference", "stage", "history_events", "seconds", "timeline", "letters"}
    written = json.loads(found.model_dump_json())
    assert written.keys() == names
    assert written["timeline"][0].keys() == {"date", "what", "by", "words"}
    assert written["letters"][0].keys() == {"kind", "to", "date", "file"}


def test_the_folder_s_other_files_stay_and_an_earlier_simulation_s_go(tmp_path: Path) -> None:
    for name in ("mine.txt", "index.html", "01-2026-11-23-L-01-applicant.eml"):
        (tmp_path / name).write_text("x")
    clear(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(WrongInput, match="name a folder that may be written"):
        clear(tmp_path / "mine.txt" / "letters")


@in_one_loop
async def test_the_clock_begins_at_ten_on_the_day_of_receipt(place: tuple[Office, Pigeonhole], tmp_path: Path) -> None:
    found = await lived(place[0], {"after": {"working_days": 1}, "act": "withdraw"})
    received, *_, withdrawn = [e for e in found.situation.events if not isinstance(e.what, LetterPosted)]
    for event in (received, withdrawn):
        local = event.at.astimezone(LONDON)
        assert (local.hour, local.minute) == (10, 0)
        assert place[0].settings.task_queue
    told = await record(found, *place, tmp_path)
    assert told.letters[0].date == local_date(received.at)
    assert told.letters[-1].date == local_date(withdrawn.at) == local_date(received.at) + _gap(received.at)


def _gap(at: dt.datetime) -> dt.timedelta:
    calendar = scenario.read(SHORT, "mine").calendar(local_date(at))
    return count(calendar, local_date(at), 1, Unit.WORKING_DAYS).due - local_date(at)


@in_one_loop
async def test_acts_of_one_day_share_the_workflow_s_tasks(office: Office) -> None:
    agencies = ("police", "council", "landlord")
    answers = [{"agencies_answer": {"purpose": "verification", "agencies": [agency]}} for agency in agencies]
    first = {"after": {"working_days": 1}}
    everybody = first | {"agencies_answer": {"purpose": "verification"}}
    reported = [{**i, "reported_to": to} for i, to in zip(_incidents(), agencies, strict=True)]
    application = {**SHORT["application"], "incidents": reported}  # type: ignore[dict-item]
    one_by_one = await lived(office, first | answers[0], *answers[1:], application=application)
    together = await lived(office, everybody, application=application)
    assert one_by_one.situation.stage == together.situation.stage == "deciding the threshold"
    # Sharing saves 21, a timer set once more or less moves that by 3; awaiting each act of a step alone would save 9.
    counted = (one_by_one.history_events, together.history_events)
    assert 15 <= counted[0] - counted[1] <= 27, counted


def _incidents() -> list[dict[str, object]]:
    return list(SHORT["application"]["incidents"])  # type: ignore[index]


@in_one_loop
async def test_closure_days_move_the_council_s_answer(office: Office) -> None:
    december = {"received": {"weekday": "monday", "near": "12-07"}}
    shut = [{"first": "12-29", "last": "12-31", "name": "Christmas closure"}]
    due = []
    for closures in ([], shut):
        found = await lived(office, **december, closures=closures)
        response = next(d for d in found.situation.deadlines if d.step is StepId.RESPONSE)
        due.append(response.due)
        assert any("Christmas closure" in day.why for day in response.working) is bool(closures)
    assert due[0] < due[1]


@in_one_loop
async def test_a_step_that_goes_another_way_is_told_with_both_ways(office: Office) -> None:
    with pytest.raises(NotAsExpected, match=r"^steps\.1: the case should be at 'closed' and is at 'deciding"):
        await lived(office, {"after": {"working_days": 8}, "expect": {"stage": "closed"}})
    with pytest.raises(NotAsExpected, match=r"^steps\.1: lodge-appeal was refused: "):
        await lived(office, {"act": "lodge-appeal", "with": {"subject": "outcome", "grounds": "No."}})
    with pytest.raises(NotAsExpected, match="should be refused with “never” and was accepted"):
        await lived(office, {"act": "withdraw", "expect_refusal": "never"})
    with pytest.raises(NotAsExpected, match="L-16 should have gone out by now; A-01, A-02, L-01 did"):
        await lived(office, expect={"letters": ["L-16"]})
    with pytest.raises(NotAsExpected, match="no deadline never then; it has "):
        await lived(office, {"after": {"at_deadline": "never"}})
    with pytest.raises(NotAsExpected, match="the case is over, yet steps remain"):
        await lived(office, {"act": "withdraw"}, {"after": {"days": 3}})


@in_one_loop
async def test_a_day_before_the_case_s_own_is_no_step(office: Office) -> None:
    with pytest.raises(NotAsExpected, match=r"steps\.2\.after: .* is before the case's day"):
        await lived(
            office,
            {"after": {"working_days": 20}},
            {"after": {"at_deadline": "acknowledgement"}, "act": "withdraw"},
        )


@in_one_loop
async def test_a_past_date_is_refused_before_anything_is_written(office: Office) -> None:
    before = await queries.cases(office.database, today=dt.date(2026, 11, 21))
    with pytest.raises(ScenarioRefused):
        await lived(office, received="2020-01-06")
    assert await queries.cases(office.database, today=dt.date(2026, 11, 21)) == before


@in_one_loop
async def test_a_demo_case_moves_on_by_its_own_calendar(office: Office) -> None:
    found = await lived(office)
    began = local_date(found.situation.now)
    calendar = scenario.read(SHORT, "mine").calendar(began)
    moved = await advance(office, found.reference, working_days=3)
    assert local_date(moved.now) == count(calendar, began, 3, Unit.WORKING_DAYS).due
    moved = await advance(office, found.reference, days=2)
    target = local_date(moved.now) + dt.timedelta(days=9)
    moved = await advance(office, found.reference, to=target)
    assert await office.today(found.reference) >= dt.datetime.combine(target, dt.time(10), LONDON)
    assert any(event.kind == "enquiry.proceeded" for event in moved.events)
    stored = await queries.case(office.database, found.reference)
    assert stored is not None
    assert stored.row.as_of >= moved.now


@in_one_loop
async def test_what_falls_due_on_the_way_happens(office: Office) -> None:
    found = await lived(office)
    moved = await advance(office, found.reference, working_days=24)
    assert any(isinstance(event.what, Extended) for event in moved.events)
    assert any(isinstance(e.what, LetterPosted) and e.what.letter == "L-08" for e in moved.events)


@in_one_loop
async def test_a_clock_moves_only_forward_and_one_way_at_a_time(office: Office) -> None:
    found = await lived(office)
    today = local_date(found.situation.now)
    with pytest.raises(NotForward, match="only moves forward"):
        await advance(office, found.reference, to=today)
    with pytest.raises(NotForward, match="one of --working-days, --days and --to"):
        await advance(office, found.reference, days=1, working_days=1)
    with pytest.raises(NotForward, match="one of"):
        await advance(office, found.reference)
    with pytest.raises(NotForward):
        await advance(office, found.reference, working_days=4000)


@in_one_loop
async def test_a_real_case_keeps_real_time(office: Office) -> None:
    chosen = scenario.read({**SHORT, "received": clock.today()}, "mine")
    now = clock.now()
    calendar = chosen.calendar(now.date())
    form = chosen.form(now, calendar)
    by = Actor(role=Role.OFFICER, name="Maya Ellis")
    start = await taking_in.kept(office, form, chosen.load_policy(), by=by, calendar=calendar, now=now)
    await office.begin(start)
    reference = start.reference
    with pytest.raises(NotADemo, match=f"{reference} is a real case"):
        await advance(office, reference, days=1)
    with pytest.raises(UnknownCase):
        await advance(office, "DOV-1999-0001", days=1)


@in_one_loop
async def test_a_case_that_is_over_is_not_moved(office: Office) -> None:
    found = await lived(office, {"act": "withdraw"})
    with pytest.raises(NotForward, match=f"{found.reference} is over"):
        await advance(office, found.reference, days=3)
