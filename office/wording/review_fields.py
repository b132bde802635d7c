"""The fields in words of the acts by which a review goes on, for everybody who does them."""

from __future__ import annotations

from collections.abc import Mapping

from office.wording.row import Caption, FieldWords

REVIEW_FIELDS: Mapping[str, FieldWords] = {
    "request-details.missing": FieldWords(
        Caption("What is missing?", "One thing on each line. The letter lists them.", "what is missing"),
    ),
    "supply-details.consent_to_share": FieldWords(
        Caption("The applicant agrees that their details are shared with the agencies"),
        own=Caption(
            "I agree that my details are shared with the agencies",
            "They must have them to check your reports and take part in a review.",
            "to say that your details may be shared with the agencies"
        ),
        line="Whether details may be shared with the agencies",
    ),
    "supply-details.victim_consents": FieldWords(
        Caption("The victim agrees that somebody acts for them"),
        own=Caption(
            "I agree that the person I named acts for me", called="to say that the person you named may act for you"
        ),
        line="Whether the victim agrees",
    ),
    "supply-details.text": FieldWords(
        Caption("What was supplied (optional)"),
        own=Caption("Is there anything else we asked for? (optional)", "Write it here in your own words."),
    ),
    "answer-enquiry.enquiry": FieldWords(
        Caption("Which enquiry?", called="the enquiry that was answered"), line="Its name, such as verification:police",
    ),
    "answer-enquiry.confirmations": FieldWords(
        Caption("What do the agency’s records show?", called="confirmation"),
        party=Caption("What do your records say of each report?", called="report"),
    ),
    "answer-enquiry.confirmations.confirmed": FieldWords(
        Caption("Does the agency have a record of it?", called="whether the agency has a record of it"),
        party=Caption("Do you hold a record of it?", called="whether you hold a record of it"),
    ),
    "answer-enquiry.confirmations.reported": FieldWords(
        Caption("On which day was it reported to them? (optional)", called="the day it was reported to them"),
        party=Caption(
            "On which day was it reported to you? (optional)", "As your records have it. For example, 27 3 2026.",
            "the day it was reported to you"
        ),
    ),
    "answer-enquiry.confirmations.note": FieldWords(
        Caption("Note (optional)"),
        party=Caption("Anything to add (optional)", "If you hold no record, where you looked."),
    ),
    "answer-enquiry.account": FieldWords(
        Caption("What the agency knows and did (optional)"),
        party=Caption("What was reported to you, and what did you do?", called="your account"),
    ),
    "answer-enquiry.contact": FieldWords(
        Caption("Whom to ask there (optional)"),
        party=Caption("Whom can we ask about your answer?", "A name or a post, and a phone number.", "whom to ask"),
    ),
    "answer-enquiry.confirmations.incident": FieldWords(party=Caption("Report")),
    "answer-enquiry.confirmations.reference": FieldWords(
        party=Caption("Your reference (optional)", called="your reference"),
    ),
    "decide-threshold.met": FieldWords(Caption("Is the threshold met?", called="whether the threshold is met")),
    "decide-threshold.decided_by": FieldWords(Caption("Who decided it?", called="who decided it")),
    "decide-threshold.route": FieldWords(
        Caption("On which route is it met? (optional)", called="the route that is met"),
        line="The route of the policy that is met",
    ),
    "decide-threshold.discretion": FieldWords(
        Caption(
            "Why is a case below the number accepted?",
            "Only if no route is met and the case is accepted (section 104(5))."
        ),
        line="Why a case below the number is accepted",
    ),
    "decide-threshold.persistence": FieldWords(
        Caption("How persistent is the behaviour?", "Needed for a refusal."), line="How persistent the behaviour is",
    ),
    "decide-threshold.harm": FieldWords(
        Caption("What harm does it cause, or could it?", "Needed for a refusal."),
        line="What harm the behaviour causes or could cause",
    ),
    "decide-threshold.adequacy": FieldWords(
        Caption("How adequate was the response to the reports?", "Needed for a refusal."),
        line="How adequate the response to the reports was",
    ),
    "decide-threshold.alternative_action": FieldWords(Caption("What will be done instead?", "Needed for a refusal.")),
    "decide-threshold.grounds": FieldWords(
        Caption(
            "Which published grounds does a refusal rest on besides? (optional)",
            "The letter prints the council’s own paragraph. They never defeat three qualifying reports.",
            "the published grounds"
        ),
        line="The id of a published ground that a refusal rests on besides",
    ),
    "arrange-panel.on": FieldWords(Caption("On which day does the panel meet?", called="the day of the panel")),
    "arrange-panel.time": FieldWords(
        Caption("At what time?", "For example, 10:00.", "the time of the panel"), line="The hour, such as 10:00",
    ),
    "arrange-panel.place": FieldWords(Caption("Where? (optional)", "A room, or a link to join.")),
    "arrange-panel.chair": FieldWords(Caption("The chair", called="chair")),
    "arrange-panel.chair.name": FieldWords(Caption("Name", called="the chair’s name")),
    "arrange-panel.members": FieldWords(Caption("The members", called="member")),
    "arrange-panel.reason": FieldWords(
        Caption(
            "Why is it moved, or later than promised? (optional)",
            "Only if the panel was arranged before, or meets after a day that was promised; the applicant is told.",
            "why it is moved, or later than promised",
        ),
        line="Why it is moved, or later than promised",
    ),
    "arrange-panel.answer_by": FieldWords(
        Caption(
            "By which day does the applicant have the full answer? (optional)",
            "Only if the panel meets too late for the day that was promised. It moves to this day, and a letter says "
            "why.",
            "the new day of the full answer",
        ),
        line="The new day of the full answer, where the panel meets too late for the promised one",
    ),
    "adjourn-panel.until": FieldWords(
        Caption("To which day?", called="the day the panel goes on"),
        party=Caption("To which day is the panel adjourned?", "For example, 27 3 2026.", "the day the panel goes on"),
    ),
    "adjourn-panel.reason": FieldWords(party=Caption("Why?", "The applicant and the members are told.", "the reason")),
    "record-panel-decision.on": FieldWords(
        Caption("On which day did the panel meet?", called="the day of the panel"),
        party=Caption("On which day did the panel meet?", "For example, 27 3 2026.", "the day the panel met"),
    ),
    "record-panel-decision.present": FieldWords(
        Caption("Who was there? (optional)", "One name on each line."), line="Somebody who was there",
    ),
    "record-panel-decision.conflicts": FieldWords(
        Caption("Who declared a conflict of interest? (optional)", "And what was done about it."),
        line="The conflicts of interest that were declared",
    ),
    "record-panel-decision.findings": FieldWords(
        Caption("What did the panel find?", "Issue by issue, in plain words.", "what the panel found"),
        party=Caption(
            "What did the panel find?",
            "Issue by issue, in plain words: what each body did and whether it was enough, how persistent the "
            "behaviour is, what harm it does. The applicant reads this.",
            "what the panel found"
        ),
    ),
    "record-panel-decision.recommendations": FieldWords(
        Caption("Recommendations", called="recommendation"),
        party=Caption("Recommendations", "Leave this empty if the panel recommends nothing.", "recommendation"),
    ),
    "record-panel-decision.recommendations.to": FieldWords(
        Caption("To whom?", called="to whom the recommendation is made"),
        party=Caption("To whom?", called="to whom the recommendation is made"),
    ),
    "record-panel-decision.recommendations.text": FieldWords(
        Caption("What is recommended?", called="what is recommended"),
        party=Caption("What is recommended?", called="what is recommended"),
    ),
    "record-panel-decision.recommendations.reason": FieldWords(
        Caption("Why? (optional)"), party=Caption("Why?", "The reason is sent with it.", "the reason"),
    ),
    "record-panel-decision.recommendations.due": FieldWords(
        Caption("By when should it be done? (optional)", called="the day it should be done"),
        party=Caption(
            "By which day should it be done? (optional)", "For example, 27 3 2026.", "the day it should be done"
        ),
    ),
    "record-panel-decision.seats": FieldWords(
        party=Caption("Who was there?", "Tick everybody who took part.", "who was there"),
    ),
    "record-panel-decision.others": FieldWords(
        party=Caption("Who else was there? (optional)", "One name on each line.", "who else was there"),
    ),
    "record-panel-decision.conflict": FieldWords(
        party=Caption(
            "Did any member have a conflict of interest?", called="whether any member had a conflict of interest"
        ),
    ),
    "record-panel-decision.conflicted": FieldWords(
        party=Caption(
            "Who?", "Whoever had a conflict does not count among those who decided.", "who had a conflict of interest"
        ),
    ),
    "record-panel-decision.conflict_words": FieldWords(
        party=Caption("What was it, and what was done about it?", called="what it was, and what was done"),
    ),
    "comment-on-plan.comments": FieldWords(
        Caption("What does the applicant say?", called="what the applicant says"),
        own=Caption(
            "What do you think of the plan?", "What is right, what is missing, what would not work.",
            "what you think of the plan"
        ),
    ),
    "send-outcome.reasons": FieldWords(
        Caption(
            "The panel’s reasons", "In plain words; they are printed in the letter as you write them here.",
            "the panel’s reasons"
        ),
        line="The panel’s reasons, in plain words",
    ),
    "confirm-receipt.letter": FieldWords(Caption("Which letter?", called="the letter that arrived")),
    "confirm-receipt.on": FieldWords(Caption("On which day did it arrive?", called="the day it arrived")),
    "answer-recommendation.recommendation": FieldWords(
        Caption("Which recommendation?", called="the recommendation"), line="Its id, such as R1",
    ),
    "answer-recommendation.response": FieldWords(
        Caption("What is the answer?", called="the answer"),
        party=Caption("What is your answer?", called="your answer"),
    ),
    "answer-recommendation.reasons": FieldWords(
        Caption("Reasons", "Needed unless it is accepted in full."),
        party=Caption("What are your reasons?", "The applicant will be told.", "your reasons"),
        line="The reasons, in plain words",
    ),
    "answer-recommendation.due": FieldWords(
        Caption("By when will it be done? (optional)", called="the day it will be done"),
        party=Caption("By which day will it be done?", "For example, 27 3 2026.", "the day it will be done"),
    ),
    "complete-action.recommendation": FieldWords(
        Caption("Which action?", called="the action that was done"), line="Its id, such as R1",
    ),
    "complete-action.on": FieldWords(
        Caption("On which day was it done?", called="the day it was done"),
        party=Caption("On which day was it done?", "For example, 27 3 2026.", "the day it was done"),
    ),
    "complete-action.evidence": FieldWords(
        Caption("How can anyone see that it was done?", called="how anyone can see it"),
        party=Caption(
            "How can it be seen that it was done?", "What was done, by whom, and where that is written down.",
            "how it can be seen that it was done"
        ),
    ),
    "lodge-appeal.subject": FieldWords(
        Caption("What is the appeal against?", called="what the appeal is against"),
        own=Caption("What is your appeal about?", called="what your appeal is about"),
    ),
    "lodge-appeal.grounds": FieldWords(
        Caption("Why does the applicant appeal?", called="why the applicant appeals"),
        own=Caption(
            "What do you think is wrong, and why?", "Write it in your own words. It need not be long.",
            "what you think is wrong"
        ),
    ),
    "lodge-appeal.on": FieldWords(
        Caption("On which day did the appeal reach you? (optional)", "Today, if left empty.", "the day"),
    ),
    "lodge-appeal.consent_to_transfer": FieldWords(
        Caption("The applicant agrees that the papers go to the appeal body"),
        own=Caption(
            "I agree that my papers go to the people who decide the appeal",
            "They cannot look at your case without them.",
            "the people who decide the appeal must see your papers to look at it"
        ),
        line="Whether the papers may go to the appeal body",
    ),
    "lodge-appeal.lodged_by": FieldWords(
        Caption("Who takes it further? (optional)", "Only where the procedure leaves it to others than the applicant."),
        line="Who lodges it, where it is not the applicant",
    ),
    "lodge-appeal.good_cause": FieldWords(
        Caption("Why is a late appeal accepted?", "Only after the time to appeal has ended."),
        own=Caption(
            "Why could you not appeal in time?",
            "The last day to appeal has passed. With a good reason, your appeal can still be taken.",
            "why you could not appeal in time"
        ),
        line="Why an appeal after the window is accepted",
    ),
    "refuse-appeal.subject": FieldWords(Caption("What is the appeal against?", called="what the appeal is against")),
    "refuse-appeal.reasons": FieldWords(
        Caption("Why can it not be taken?", "The applicant reads this.", "why it cannot be taken"),
    ),
    "refuse-appeal.decided_by": FieldWords(Caption("Who decided it?", called="who decided it")),
    "refuse-appeal.on": FieldWords(
        Caption("On which day did the appeal reach you? (optional)", "Today, if left empty.", "the day"),
    ),
    "arrange-hearing.on": FieldWords(
        Caption("On which day is it heard?", called="the day of the hearing"),
        party=Caption("On which day is the appeal heard?", "For example, 27 3 2026.", "the day of the hearing"),
    ),
    "arrange-hearing.time": FieldWords(
        Caption("At what time?", "For example, 10:00.", "the time of the hearing"),
        party=Caption("At what time?", "For example, 10:00.", "the time of the hearing"),
        line="The hour, such as 10:00",
    ),
    "arrange-hearing.place": FieldWords(
        Caption("Where? (optional)", "A room, or a link to join."),
        party=Caption("Where? (optional)", "A room, or a link to join.", "where the hearing is"),
    ),
    "arrange-hearing.answer_by": FieldWords(
        Caption(
            "By which day is the appeal decided? (optional)",
            "Only if the hearing is too late for the promised day. It moves to this day, and a letter says why.",
            "the new day of the decision",
        ),
        line="The new day of the decision, where the hearing is too late for the promised one",
    ),
    "arrange-hearing.reason": FieldWords(
        Caption("Why is it moved?", "Only if it was arranged before; the applicant is told."),
        party=Caption("Why is it moved?", "The applicant is told.", "why it is moved"), line="Why it is moved",
    ),
    "arrange-hearing.panel": FieldWords(Caption("Who hears it? (optional)", called="person who hears it")),
    "arrange-hearing.panel.independent": FieldWords(Caption("Had no part in what the appeal is against")),
    "adjourn-hearing.until": FieldWords(
        Caption("To which day is it put off?", called="the day to which it is put off"),
        party=Caption(
            "To which day do you put the hearing off?", "For example, 27 3 2026.", "the day to which you put it off"
        ),
    ),
    "adjourn-hearing.reason": FieldWords(
        Caption("Why is it put off?", "The applicant is told.", "why it is put off"),
        party=Caption("Why is it put off?", "The applicant is told.", "why it is put off"), line="Why it is put off",
    ),
    "record-hearing.on": FieldWords(
        Caption("On which day was it heard?", called="the day it was heard"),
        party=Caption("On which day was the appeal heard?", "For example, 27 3 2026.", "the day it was heard"),
    ),
    "decide-appeal.decision": FieldWords(
        Caption("What was decided?", called="what was decided"),
        party=Caption("What did you decide?", called="what you decided"),
    ),
    "decide-appeal.reasons": FieldWords(
        Caption("The reasons", called="the reasons"),
        party=Caption("What are your reasons?", "In plain words. The applicant reads this.", "your reasons"),
    ),
    "decide-appeal.directions": FieldWords(
        Caption("Directions (optional)", "What the council must do now."),
        party=Caption("What must the council do now? (optional)", called="what the council must do"),
    ),
    "decide-appeal.heard_on": FieldWords(
        Caption("On which day was it heard?", "If not recorded yet.", "the day of the hearing"),
        party=Caption("On which day was the appeal heard?", "For example, 27 3 2026.", "the day it was heard"),
    ),
    "decide-appeal.decided_by": FieldWords(
        Caption("Who decided it? (optional)", "The people, where the appeal body’s name does not say enough."),
        party=Caption("Who decided it? (optional)", called="who decided it"), line="Who decided",
    ),
    "hold-follow-up.on": FieldWords(Caption("On which day was the follow-up held?", called="the day of the follow-up")),
    "hold-follow-up.behaviour_stopped": FieldWords(
        Caption("Has the behaviour stopped?", called="whether the behaviour has stopped"),
    ),
    "hold-follow-up.findings": FieldWords(Caption("What was found?", called="what was found")),
    "notify-closure.reason": FieldWords(
        Caption("Why the case is about to close (optional)", "It is printed in the letter."),
    ),
    "object-to-closure.reason": FieldWords(
        Caption("Why does the applicant object?", called="why the applicant objects"),
        own=Caption("Why should it stay open?", "For example, it still goes on.", "why it should stay open"),
    ),
    "add-incident.what": FieldWords(
        own=Caption("What happened?", "As much or as little as you can. Stop whenever you need to.", "what happened"),
    ),
    "add-incident.occurred": FieldWords(
        own=Caption(
            "When did it happen?",
            "The day it began, or the first day it can have been. For example, 27 3 2026.", "the day it happened"
        ),
    ),
    "add-incident.occurred_until": FieldWords(
        own=Caption(
            "When did it stop? (optional)",
            "Only if it went on for more than a day, or the last day it can have been if you are not sure.",
            "the day it stopped"
        ),
    ),
    "add-incident.occurred_unsure": FieldWords(own=Caption("I am not sure on which day it happened")),
    "add-incident.reported_until": FieldWords(
        own=Caption(
            "If you are not sure, what is the last day it can have been? (optional)",
            called="the last day on which you can have told them"
        ),
    ),
    "add-incident.reported_unsure": FieldWords(own=Caption("I am not sure on which day I told them")),
    "add-incident.reported_to": FieldWords(own=Caption("Have you told anybody?", called="whom you told")),
    "add-incident.reported": FieldWords(
        own=Caption(
            "When did you tell them? (optional)", "For example, 27 3 2026. Today, if you leave it empty.",
            "the day you told them"
        ),
    ),
    "add-incident.reference": FieldWords(
        own=Caption("Did they give you a reference? (optional)", "Such as a crime or log number."),
    ),
    "withdraw.reason": FieldWords(
        Caption("Why does the applicant withdraw? (optional)"),
        own=Caption("Would you like to tell us why? (optional)", "You do not have to."),
        line="Why the applicant withdraws",
    ),
}  # fmt: skip
