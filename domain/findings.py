"""What the linter can say of a policy: a rule per code, with what to write instead and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from domain.finding import Finding as Finding
from domain.finding import Rule as Rule
from domain.finding import Severity as Severity
from domain.finding import doubt as _finding
from domain.finding import error as _error

_GUIDANCE = "Home Office statutory guidance 2025"
RULES: Mapping[str, Rule] = {
    "file-unreadable": _error("The file cannot be read: {reason}.", "Give the path of a TOML file.", "s.104(2)"),
    "toml-syntax": _error(
        "The file is not TOML: {reason}.", "Correct that line; see docs/policies.md.", "toml.io/en/v1.0.0"
    ),
    "field": _error("{reason}.", "{mend}", "docs/policies.md"),
    "dates-order": _error(
        "The policy ends before {start}, the day it takes effect.",
        "Give an `effective_to` on or after `effective_from`, or leave it out.",
        "s.104(2)",
    ),
    "address-missing": _error(
        "“{url}” is no address that a letter can send a reader to.",
        "Write the page of the council’s own procedure, such as `https://www.example.gov.uk/asb-case-review`.",
        "s.104(2)",
    ),
    "version-taken": _finding(
        "Another procedure of the id “{id}” has the version “{version}” already.",
        "Give this one a new `version`, so that a case can say which of the two it was decided under.",
        "s.104(2)",
    ),
    "duplicate-id": _error("“{id}” is given more than once.", "Give each its own `id`.", "s.104(2)"),
    "floor-above-three": _error(
        "No route is met by three qualifying complaints, whoever made them.",
        'Add a route with `minimum = 3` (or fewer), `scope = "anyone"`, `report_within` of at least 1 month '
        "(or none), `apply_within` of at least 6 months, and neither `category` nor `recent`.",
        "s.104(4), s.104(11)",
    ),
    "route-unit": _error(
        "A period of reports cannot be in {unit}.",
        'Write `unit = "months"` or `unit = "days"`.',
        "s.104(11)",
    ),
    "crimes-excluded": _error(
        "Reported crimes would not count, whatever they were part of.",
        "Write `crimes_may_count = true`: the Act leaves out no behaviour because it is also a crime.",
        "s.104(4), s.105",
    ),
    "exclusion-defeats-statute": _error(
        "“{title}” would turn away a case with three qualifying complaints.",
        "Write `defeats_statute = true`, so that it is never applied to such a case, or take it out.",
        "s.104(4)",
    ),
    "exclusion-set-aside": _finding(
        "“{title}” would defeat the Act and is never applied to a case with three qualifying complaints.",
        "Take it off the page, or say there that it does not apply where three complaints qualify.",
        "s.104(4)",
    ),
    "safety-missing": _finding(
        "No address is named for {what}.",
        "Add a [[care.safety]] table for each; until then such a referral can go to the agencies alone.",
        _GUIDANCE,
    ),
    "anonymous-rejected": _finding(
        "The page turns away anonymous applications.",
        "Say instead how somebody can apply in confidence or through a person they trust.",
        _GUIDANCE,
    ),
    "no-action-required": _finding(
        "The page asks that no action, or not enough, was taken.",
        "Take it off the page: what counts is the number of qualifying complaints.",
        "s.104(4), statutory guidance",
    ),
    "appeal-refusal-missing": _error(
        "From {day} nobody can appeal against a refusal of the threshold.",
        'Add a route with `subjects = ["threshold"]` and a body for every day; if the page gives none, write '
        "one with `statutory_minimum = true`.",
        "Sch.4 para.3(a)",
    ),
    "appeal-review-missing": _error(
        "From {day} nobody can appeal against how a review was carried out.",
        'Add a route with `subjects = ["handling", "outcome"]` and a body for every day.',
        "Sch.4 para.3(b)",
    ),
    "appeal-window-anchor": _error(
        "The time to appeal would run from {anchor}, not from the day the letter was received.",
        'Write `anchor = "outcome_received"`.',
        "Sch.4 para.3, Interpretation Act 1978 s.7",
    ),
    "appeal-layer": _error("“{after}” is no layer that goes on.", "Name one that is not `final`.", "Sch.4 para.3"),
    "appeal-clock-anchor": _error(
        "The {clock} cannot be counted from {anchor}.",
        'Write `anchor = "{instead}"`.',
        "Sch.4 para.3",
    ),
    "appeal-on-outcome-only": _finding(
        "The page allows an appeal against the outcome only.",
        "Publish one against a refusal and against the handling as well.",
        "Sch.4 para.3(a)",
    ),
    "appeal-gap-filled": _finding(
        "The page has no appeal against {subjects}, so the statutory minimum was added.",
        "Publish this route, or another, and take `statutory_minimum` off.",
        "Sch.4 para.3",
    ),
    "appeal-limit-chosen": _finding(
        "The page gives no time for the {clocks}.",
        "Publish the limit that was chosen, or your own.",
        "Sch.4 para.3",
    ),
    "body-ends": _finding(
        "{name} ends in May 2028.",
        "Write `until = {last}` and add its successor with `since`.",
        "announcement of 13 November 2025",
    ),
    "body-gone": _error("“{text}” names a body that no longer exists on {day}.", "Write {instead}.", "s.105(2), Sch.4"),
    "body-gone-quoted": _finding(
        "The page names a body that no longer exists.", "Name {instead} on the page.", "s.104(2)"
    ),
    "contact-missing": _error(
        "The policy names no point of contact for applications.",
        "Add a `[contact]` table with team, role, email, phone and address.",
        "s.104(3)(a)",
    ),
    "contact-chosen": _finding(
        "The page names no point of contact for applications; one was filled in.",
        "Publish the team, post, telephone, e-mail and address.",
        "s.104(3)(a)",
    ),
    "channels-few": _finding(
        "The page offers {number} of the ways to apply.",
        "Publish at least three: web, telephone and post, for instance.",
        _GUIDANCE,
    ),
    "consent-confused": _finding(
        "The page takes filling in a form for consent to share.",
        "Show a privacy notice, ask for permission as a question of its own, and name the basis for sharing.",
        "Sch.4 para.7, UK GDPR art.6",
    ),
    "step-missing": _error(
        "The step “{step}” has no clock.",
        'Add a `[[steps]]` table with `id = "{step}"` and `done_by = "{end}"`.',
        "s.104(2)",
    ),
    "step-misplaced": _error(
        "“{step}” is a step of an appeal.",
        "Write its limit as a clock of the route under `[[appeals]]`.",
        "Sch.4 para.3",
    ),
    "step-ends-elsewhere": _error("“{step}” does not end at {done_by}.", 'Write `done_by = "{end}"`.', "s.104(2)"),
    "clock-own-end": _error(
        "“{step}” is counted from its own end.",
        'Write an anchor that comes earlier in every case, such as `anchor = "received"`.',
        "s.104(2)",
    ),
    "clock-never-starts": _error(
        "“{step}” is counted from {anchor}, which a case under this policy may never reach.",
        'Write an anchor that comes earlier in every case, such as `anchor = "received"`.',
        "s.104(2)",
    ),
    "limit-too-long": _error(
        "The dates of a review run more than three years ahead, further than bank holidays are known.",
        "Shorten the limits, or count them from a later milestone.",
        "s.104(2)",
    ),
    "response-not-public": _error(
        "The day by which the applicant has the full answer would be a promise to nobody.",
        "Write `public = true`: the applicant is told that date, and why, before it moves.",
        "s.104(6)",
    ),
    "participation-none": _error(
        "The victim would have {minutes} minutes of the meeting.",
        "Write how many minutes of the meeting are theirs, at least 1.",
        _GUIDANCE,
    ),
    "appeal-window-none": _error(
        "Nobody would have time to appeal: the limit is 0.",
        "Give the working days that the applicant has from the day the letter was received, at least 1.",
        "Sch.4 para.3",
    ),
    "steps-overlap": _error(
        "{first} may end after {then} must: a council that keeps every limit would break its own.",
        "Give the earlier step less time, or the later one more; count both from the same milestone if in doubt.",
        "s.104(2)",
    ),
    "clock-after-end": _error(
        "“{step}” is counted from {anchor}, which comes after it.",
        'Write an anchor that comes earlier in every case, such as `anchor = "received"`.',
        "s.104(2)",
    ),
    "clock-before": _error(
        "Only the date of the panel is known beforehand, to count back from.",
        'Write `anchor = "panel_date"` in working days, or `direction = "after"`.',
        "s.104(2)",
    ),
    "meetings-missing": _error(
        "The clock waits for a meeting and the policy knows none.",
        "List the dates under `calendar.meetings`, or write another `unit`.",
        "s.104(2)",
    ),
    "meetings-end": _finding(
        "The last meeting known is on {last}; a wait that begins later ends with the working days alone.",
        "List the panel's dates of a whole year ahead under `calendar.meetings`.",
        "s.104(2)",
    ),
    "range-order": _error(
        "{first} is later than {then}.",
        "Write `opens`, `target` and `clocks` in order: earliest, planned, latest.",
        "s.104(2)",
    ),
    "wrong-duty": _error(
        "The text turns the duty to have regard to a recommendation round.",
        "Write that they must have regard to it, need not carry it out, and give reasons if they do not.",
        "s.104(7)",
    ),
    "wrong-duty-quoted": _finding(
        "The page says “not obliged” with one “not” too many.",
        "Write on the page that they need not carry it out but must have regard to it.",
        "s.104(7)",
    ),
    "promise-chosen": _finding(
        "“{title}” rests on a choice: {choice}",
        "Publish the number and the day it runs from.",
        "s.104(2)",
    ),
    "delay-unexplained": _finding(
        "No letter explains a delay of {steps} before the date passes.",
        'Name them in `extensions.steps` and in a rung with `rung = "delay_letter"`.',
        _GUIDANCE,
    ),
    "manager-missing": _finding(
        "The policy names no manager: what the council leaves undone is told to its own team.",
        "Add `[management]` with a `manager` and a `deputy`, each with `title` and `email`.",
        _GUIDANCE,
    ),
    "manager-chosen": _finding(
        "The page names nobody who is told of the council’s own delay; somebody was filled in.",
        "Adopt a post, and write its address under `[management]`.",
        _GUIDANCE,
    ),
    "manager-is-the-team": _finding(
        "What the team leaves undone is told to {email}, which is the team’s own address.",
        "Write an address that the team does not read.",
        _GUIDANCE,
    ),
    "escalation-to-nobody": _finding(
        "{steps} would be told to the {post}, and the policy names none.",
        "Name the {post} under `[management]`, with an address.",
        _GUIDANCE,
    ),
    "escalation-missing": _finding(
        "Nobody over those who must act is told when {steps} is overdue.",
        'Name them in a rung with `rung = "escalation"` and `to = "manager"`.',
        _GUIDANCE,
    ),
    "chair-not-independent": _finding(
        "The page promises no independent chair.",
        "Adopt a chair who had no part in the case and write `independent_chair = true`.",
        _GUIDANCE,
    ),
    "consultation-missing": _finding(
        "Nothing shows that the local policing body was consulted.",
        "Add a `[[consulted]]` table with `body`, `on` and `evidence`.",
        "Sch.4 para.1",
    ),
    "review-date-missing": _finding(
        "No day is set to assess and revise the procedure.",
        "Write `next_review = 2027-01-01` under `[identity]`, or another day.",
        "Sch.4 para.4",
    ),
    "measures-few": _finding(
        "The page does not publish {measures}.",
        "Publish applications, not_met, reviews and recommendations every year.",
        "s.104(9)",
    ),
    "figures-missing": _finding(
        "The page publishes no figures.", "Add a `[[figures]]` table for each published year.", "s.104(9)"
    ),
    "relevant-body-missing": _error(
        "No relevant body in the directory is {body}.",
        "Add an `[[agencies]]` table for it with `relevant_body = true`.",
        "s.104(3)(b), s.105(2)",
    ),
    "redress-missing": _finding(
        "No letter could say whom to complain to afterwards.",
        "Add a `[[redress]]` table for each body, with its ombudsman.",
        _GUIDANCE,
    ),
    "wording-letter-unknown": _error(
        "The file is not named after a letter.",
        "Name it `KIND.md.j2` or, for a second version, `KIND@NAME.md.j2`; docs/letters.md lists the kinds.",
        "docs/letters.md",
    ),
    "wording-language": _error(
        "This letter is not written in “{language}” yet.", "Take the file out until it is.", "docs/letters.md"
    ),
    "wording-undated": _error(
        "The file does not begin with a comment that gives its version and its first day.",
        'Begin it with `{{# version = "2026.1"` and, on a line of its own, `effective_from = 2026-01-01 #}}`; '
        "`effective_until` is optional.",
        "docs/letters.md",
    ),
    "wording-syntax": _error("Line {line} cannot be read: {reason}.", "Correct that line.", "docs/letters.md"),
    "wording-extends": _error(
        "The file does not extend the letter it words.",
        'Write `{{% extends "{source}" %}}` once, below the first comment.',
        "docs/letters.md",
    ),
    "wording-outside": _error(
        "There are words outside every block, which nobody would read.",
        "Put them into a block of the letter.",
        "docs/letters.md",
    ),
    "wording-fact-replaced": _error(
        "“{name}” is given another meaning, so a fact of the case would not be printed.",
        "Give what is new a name of its own.",
        "docs/letters.md",
    ),
    "wording-block-unknown": _error(
        "The letter has no block “{block}”, so these words would not be printed.",
        "Use one of {blocks}.",
        "docs/letters.md",
    ),
    "wording-block-lost": _error(
        "The block “{block}” leaves out what the letter has to say ({duty}).",
        "Print `{{{{ super() }}}}` in it, not inside an `if` or a `for`{facts}.",
        "domain/catalogue.py",
    ),
    "logo-missing": _error(
        "The logo {logo} is not in the council's folder.",
        "Put the file into {folder}, or leave `logo` out.",
        "docs/policies.md",
    ),
    "redress-tenure": _error(
        "The Housing Ombudsman hears tenants of social landlords only.",
        'Write `tenures = ["council_tenant"]`, or `["housing_association_tenant"]`.',
        "Housing Act 1996 Sch.2",
    ),
}


def finding(code: str, where: str, **words: object) -> Finding:
    """The finding ``code`` at ``where``; ``words`` fill in the rule. Raises KeyError for an unknown code."""
    rule = RULES[code]
    return Finding(
        code=code,
        severity=rule.severity,
        where=where,
        says=rule.says.format(**words),
        instead=rule.instead.format(**words),
        source=rule.source,
    )
