"""Fields that several acts have, in words; an act’s own words come before these."""

from __future__ import annotations

from collections.abc import Mapping

from office.wording.row import Row, Wording

SHARED_FIELDS: Mapping[str, Row] = {
    "relation": Row(
        Wording("Who are they to the victim?", "For example, daughter or advocate.", "who they are to the victim"),
    ),
    "documents": Row(Wording("Documents that go with it (optional)", "One on each line."), line="One of the documents"),
    "name": Row(Wording("Name", called="the name")),
    "organisation": Row(Wording("Organisation (optional)", "If it is not one of the agencies.")),
    "agency": Row(Wording("Agency (optional)")),
    "independent": Row(Wording("Had no part in the case")),
    "conflict": Row(Wording("A conflict they declared (optional)")),
    "reason": Row(Wording("Why?", called="the reason")),
    "email": Row(Wording("E-mail address (optional)", called="the e-mail address")),
    "phone": Row(Wording("Telephone number (optional)")),
    "address": Row(Wording("Postal address (optional)", "One line on each line, the postcode last.")),
    "occurred": Row(Wording("On which day did it happen?", called="the day it happened")),
    "occurred_until": Row(
        Wording("If it went on: its last day (optional)", called="its last day"), line="Its last day, if it went on",
    ),
    "reported": Row(Wording("On which day was it reported?", called="the day it was reported")),
    "reported_to": Row(
        Wording("To whom was it reported?", called="to whom it was reported"),
        line="To whom: an agency’s id, or a name",
    ),
    "reference": Row(Wording("Their reference number (optional)"), line="The agency’s own number for it"),
    "what": Row(Wording("What happened?", called="what happened")),
    "category": Row(Wording("What kind of report was it?"), line="What it was about"),
    "reporter": Row(
        Wording("Who reported it? (optional)", "If it was somebody other than the applicant."), line="Who reported it",
    ),
    "premises": Row(Wording("Which address was it about? (optional)"), line="The address it was about"),
    "approved_by": Row(line="Who approved it"),
    "taken_from": Row(line="Who has it now; not taken where somebody else has it by then"),
    "representative": Row(line="The id of somebody the case knows"),
    "victim_consents": Row(line="Whether the victim agrees"),
}  # fmt: skip
