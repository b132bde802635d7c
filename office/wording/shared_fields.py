"""Fields that several acts have, in words; an act’s own words come before these."""

from __future__ import annotations

from collections.abc import Mapping

from office.wording.row import Caption, FieldWords

SHARED_FIELDS: Mapping[str, FieldWords] = {
    "relation": FieldWords(
        Caption("Who are they to the victim?", "For example, daughter or advocate.", "who they are to the victim"),
    ),
    "documents": FieldWords(
        Caption("Documents that go with it (optional)", "One on each line."), line="One of the documents",
    ),
    "name": FieldWords(Caption("Name", called="the name")),
    "organisation": FieldWords(Caption("Organisation (optional)", "If it is not one of the agencies.")),
    "agency": FieldWords(Caption("Agency (optional)")),
    "independent": FieldWords(Caption("Had no part in the case")),
    "conflict": FieldWords(Caption("A conflict they declared (optional)")),
    "reason": FieldWords(Caption("Why?", called="the reason")),
    "email": FieldWords(Caption("E-mail address (optional)", called="the e-mail address")),
    "phone": FieldWords(Caption("Telephone number (optional)")),
    "address": FieldWords(Caption("Postal address (optional)", "One line on each line, the postcode last.")),
    "occurred": FieldWords(Caption("On which day did it happen?", called="the day it happened")),
    "occurred_until": FieldWords(
        Caption(
            "Its last day (optional)", "If it went on, or if they are not sure: the last day it can have been.",
            "its last day"
        ),
        line="Its last day, if it went on or the day is not sure",
    ),
    "occurred_unsure": FieldWords(
        Caption("They are not sure on which day it happened"), line="Whether the day it happened is not sure",
    ),
    "reported": FieldWords(Caption("On which day was it reported?", called="the day it was reported")),
    "reported_until": FieldWords(
        Caption(
            "If they are not sure: the last day on which it can have been reported (optional)",
            called="the last day on which it can have been reported"
        ),
        line="The last day on which it can have been reported, if the day is not sure",
    ),
    "reported_unsure": FieldWords(
        Caption("They are not sure on which day it was reported"), line="Whether the day of the report is not sure",
    ),
    "reported_to": FieldWords(
        Caption("To whom was it reported?", called="to whom it was reported"),
        line="To whom: an agency’s id, or a name",
    ),
    "reference": FieldWords(Caption("Their reference number (optional)"), line="The agency’s own number for it"),
    "what": FieldWords(Caption("What happened?", called="what happened")),
    "category": FieldWords(Caption("What kind of report was it?"), line="What it was about"),
    "authority": FieldWords(Caption("By what right do they act? (optional)", called="by what right they act")),
    "scope": FieldWords(Caption("What may they do, if not everything? (optional)"), line="What they may do"),
    "reporter_consents": FieldWords(
        Caption("They agree that the agencies have their name"), line="Whether agencies may have the reporter’s name",
    ),
    "reporter": FieldWords(
        Caption("Who reported it? (optional)", "If it was somebody other than the applicant."), line="Who reported it",
    ),
    "premises": FieldWords(Caption("Which address was it about? (optional)"), line="The address it was about"),
    "approved_by": FieldWords(line="Who approved it"),
    "taken_from": FieldWords(line="Who has it now; not taken where somebody else has it by then"),
    "representative": FieldWords(line="The id of somebody the case knows"),
    "victim_consents": FieldWords(line="Whether the victim agrees"),
}  # fmt: skip
