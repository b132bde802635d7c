"""The tables of the management page, made of what the register counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from urllib.parse import urlencode

from console.staff import figure_words
from console.web.tables import Cell, FigureTable, number, worked_out
from domain.case_figures import Ground
from domain.policy import Decision, Policy, StepId, Subject
from register.figures import WEEKS, Ahead, Answered, Appealed, FigureScope, Overview

STEPS: Mapping[StepId, str] = {
    StepId.ACKNOWLEDGEMENT: "Acknowledge the application",
    StepId.COMPLETION: "Details still to come",
    StepId.VERIFICATION: "An agency confirms the reports",
    StepId.THRESHOLD: "Tell the threshold decision",
    StepId.DEFERRAL: "A decision that was put off",
    StepId.INFORMATION: "An agency gives its account",
    StepId.PAPERS: "Papers to the panel",
    StepId.PANEL: "Panel meets",
    StepId.PLAN: "Comments on the plan",
    StepId.RESPONSE: "Outcome to the applicant",
    StepId.APPEAL_WINDOW: "Time to appeal",
    StepId.APPEAL_BUNDLE: "Papers to the appeal body",
    StepId.APPEAL_HEARING: "Appeal is heard",
    StepId.APPEAL_DECISION: "Appeal is decided",
    StepId.RECOMMENDATION: "A recommendation is answered",
    StepId.ACTION: "An action is done",
    StepId.FOLLOW_UP: "Follow-up",
    StepId.CLOSURE: "Objection to closing",
}
GROUNDS: Mapping[Ground, str] = {
    Ground.TOO_FEW: "Every report counts, and there are too few",
    Ground.LATE: "Reported too long after it happened",
    Ground.OLD: "Reported too long before the application",
    Ground.AFTER: "Reported after the application",
    Ground.ONCE: "Counted once with another, or of another kind",
}
_SUBJECTS: Mapping[Subject, str] = {
    Subject.THRESHOLD: "Decision not to hold a review",
    Subject.HANDLING: "How it was handled",
    Subject.OUTCOME: "Outcome of the review",
    Subject.PLAN_DELIVERY: "Actions not carried out",
}

_RESULTS = (Decision.UPHELD, Decision.REMITTED, Decision.DISMISSED)


def tables(
    overview: Overview, scope: FigureScope, policies: Mapping[str, Policy], *, every_council: bool, linked: bool
) -> list[FigureTable]:
    """Every table, with a column for the council where there may be several."""
    made = _Tables(overview, scope, policies, every_council, linked)
    return [made.ahead(), made.kept(), made.answered(), made.decided(), made.appealed(), made.stages()]


class _Tables:
    def __init__(
        self, overview: Overview, scope: FigureScope, policies: Mapping[str, Policy], every_council: bool, linked: bool
    ) -> None:
        self._overview, self._scope, self._policies = overview, scope, policies
        self._several, self._linked = every_council, linked

    def ahead(self) -> FigureTable:
        by: dict[tuple[str, str], list[Ahead]] = defaultdict(list)
        for dates in self._overview.ahead:
            by[dates.council, dates.step].append(dates)
        mondays = [self._scope.monday + timedelta(weeks=number) for number in range(WEEKS)]
        rows = [
            (
                *self._named(council, _step(step)),
                self._due(council, step, falling_due, date(2000, 1, 1), self._scope.today - timedelta(days=1)),
                *(
                    self._due(council, step, falling_due, max(monday, self._scope.today), monday + timedelta(days=6))
                    for monday in mondays
                ),
                number(sum(dates.number for dates in falling_due)),
            )
            for (council, step), falling_due in sorted(by.items(), key=_in_order)
        ]
        weeks = ["This week", *(f"{monday.day} {monday:%b}" for monday in mondays[1:])]
        return FigureTable(
            "dates-ahead", "Dates ahead",
            figure_words.AHEAD,
            self._heads("Kind", "Overdue", *weeks, "Together"), tuple(rows), self._names, "Nothing falls due.",
        )  # fmt: skip

    def kept(self) -> FigureTable:
        rows = [
            (
                *self._named(duties.council, _step(duties.step)),
                number(duties.number),
                number(duties.number - duties.missed),
                number(duties.near),
                number(duties.missed),
                number(duties.undone),
            )
            for duties in sorted(
                self._overview.kept, key=lambda duties: _in_order(((duties.council, duties.step), None))
            )
        ]
        return FigureTable(
            "dates-kept", "Dates kept, nearly missed and missed",
            figure_words.KEPT,
            self._heads("Kind", "Duties", "Kept", "Of these nearly missed", "Missed", "Of these still to be done"),
            tuple(rows), self._names,
        )  # fmt: skip

    def answered(self) -> FigureTable:
        by: dict[tuple[str, str], list[Answered]] = defaultdict(list)
        for enquiries in self._overview.answered:
            by[enquiries.council, enquiries.agency].append(enquiries)
        rows = [
            (*self._named(council, self._agency(council, agency)), *_answers(of_agency))
            for (council, agency), of_agency in sorted(by.items())
        ]
        return FigureTable(
            "agencies", "How long agencies take to answer",
            figure_words.ANSWERED,
            self._heads("Agency", "Asked", "Answered", "Median working days", "Slowest", "Waiting", "Went on without"),
            tuple(rows), self._names,
        )  # fmt: skip

    def decided(self) -> FigureTable:
        rows: list[tuple[Cell, ...]] = []
        for council in sorted({decisions.council for decisions in self._overview.decided}):
            mine = [decisions for decisions in self._overview.decided if decisions.council == council]
            whole = sum(decisions.number for decisions in mine)
            met = sum(decisions.number for decisions in mine if decisions.met)
            rows.append((*self._named(council, "Met"), number(met), worked_out(_share(met, whole))))
            for ground, words in GROUNDS.items():
                refused = sum(decisions.number for decisions in mine if decisions.ground == ground.value)
                if refused:
                    share = worked_out(_share(refused, whole))
                    rows.append(
                        (*self._named(council, f"Not met: {words[:1].lower()}{words[1:]}"), number(refused), share)
                    )
        return FigureTable(
            "threshold", "Threshold decisions, and why it was not met",
            figure_words.DECIDED,
            self._heads("Decision", "Number", "Share"), tuple(rows), self._names, parts=True,
        )  # fmt: skip

    def appealed(self) -> FigureTable:
        rows: list[tuple[Cell, ...]] = []
        for council in sorted(
            {appeals.council for appeals in self._overview.appealed} | set(self._overview.turned_away)
        ):
            mine = [appeals for appeals in self._overview.appealed if appeals.council == council]
            for subject in Subject:
                against = [appeals for appeals in mine if appeals.subject == subject.value]
                if against:
                    decided = [
                        _numbers(against, decision.value)
                        for decision in (Decision.UPHELD, Decision.REMITTED, Decision.DISMISSED)
                    ]
                    counts = (sum(appeals.number for appeals in against), *decided, _numbers(against, ""))
                    rows.append((*self._named(council, _SUBJECTS[subject]), *map(number, counts)))
            if away := self._overview.turned_away.get(council):
                rows.append((*self._named(council, "Could not be taken"), number(away), *(Cell("") for _ in range(4))))
        return FigureTable(
            "appeals", "Appeals and what became of them",
            figure_words.APPEALED,
            self._heads("Against", "Came", "Upheld", "Sent back", "Dismissed", "Not decided yet"),
            tuple(rows), self._names,
        )  # fmt: skip

    def stages(self) -> FigureTable:
        rows = tuple((Cell(stage.capitalize()), number(count)) for stage, count in self._overview.stages.items())
        return FigureTable("stages", "Cases by stage", figure_words.STAGES, ("Stage", "Cases"), rows, parts=True)

    @property
    def _names(self) -> int:
        return 2 if self._several else 1

    def _heads(self, *heads: str) -> tuple[str, ...]:
        return ("Council", *heads) if self._several else heads

    def _named(self, council: str, words: str) -> tuple[Cell, ...]:
        policy = self._policies.get(council)
        name = policy.identity.council if policy else council
        return (Cell(name), Cell(words)) if self._several else (Cell(words),)

    def _agency(self, council: str, id: str) -> str:
        policy = self._policies.get(council)
        agency = policy.agency(id) if policy else None
        return agency.name if agency else id

    def _due(self, council: str, step: str, falling_due: Iterable[Ahead], first: date, last: date) -> Cell:
        query = {"kind": step, "first": first.isoformat(), "last": last.isoformat(), "council": council}
        if self._scope.demo:
            query["demo"] = "1"
        href = f"/management/due?{urlencode(query)}" if self._linked else ""
        return number(sum(dates.number for dates in falling_due if first <= dates.due <= last), href)


def _answers(answered: Sequence[Answered]) -> tuple[Cell, ...]:
    took = sorted(answers.took for answers in answered if answers.took is not None for _ in range(answers.number))
    without = sum(answers.number for answers in answered if answers.without)
    asked = sum(answers.number for answers in answered)
    middle = f"{median(took):g}" if took else "–"
    slowest = str(took[-1]) if took else "–"
    return (
        number(asked), number(len(took)), worked_out(middle), worked_out(slowest),
        number(asked - len(took) - without), number(without),
    )  # fmt: skip


def _numbers(appealed: Iterable[Appealed], decision: str) -> int:
    return sum(appeals.number for appeals in appealed if appeals.decision == decision)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "–"


def _step(step: str) -> str:
    return STEPS[StepId(step)]


def _in_order(row: tuple[tuple[str, str], object]) -> tuple[str, int]:
    """By council, and then in the order of a case's life."""
    council, step = row[0]
    return council, list(StepId).index(StepId(step))
