"""What each table of the management page counts, in words; docs/console.md says the same."""

from __future__ import annotations

from register.figures import NEAR, WEEKS

_MONTHS = "the twelve months up to today"

AHEAD = (
    "Duties of the council, an agency, a panel or an appeal body that are still to be done in open cases, by the week "
    f"in which they fall due, for {WEEKS} weeks, each named by its Monday. The date is the present one: moved by an "
    "extension the applicant was told of, or by a hold the victim asked for. The applicant’s own time is not counted."
)
KEPT = (
    f"Duties that were done in {_MONTHS}, and those that are overdue today. Missed: the date first promised, or the "
    "present one, passed before it was done. The victim’s own holds move the promise; an extension does not undo a "
    "miss. An enquiry the review went on without is missed. Nearly missed: done in time with fewer than "
    f"{NEAR} working days left. A review that an appeal sent back has dates of its own."
)
ANSWERED = (
    f"Enquiries sent in {_MONTHS}, and the working days from the day an agency was asked to the day its answer was "
    "recorded, by the case’s own calendar. Neither a hold nor an extension is taken off. An answer that came after the "
    "review had gone on counts as answered."
)
DECIDED = (
    f"Decisions in {_MONTHS}, each with its share of all. The ground is what kept most of the reports from counting on "
    "the Act’s own route; a refusal always rests on persistence, harm and the response as well. A decision replaced "
    "before an appeal counts as what it became. A review that an appeal sent back may be decided again and then counts "
    "again; what an appeal itself decides is counted with the appeals."
)
APPEALED = (
    f"Appeals that came in {_MONTHS}, by what they are against. Could not be taken: too late without good cause, no "
    "route open, or outside the published grounds."
)
STAGES = "Where each case stands today."
