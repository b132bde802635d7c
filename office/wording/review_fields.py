"""The fields in words of the acts by which a review goes on, for everybody who does them."""

from __future__ import annotations

from collections.abc import Mapping

from office.wording.row import FieldWords, Wording

REVIEW_FIELDS: Mapping[str, FieldWords] = {
    "request-details.missing": FieldWords(
        Wording("What is missing?", "One thing on each line. The letter lists them.", "what is missing"),
    ),
    "supply-details.consent_to_share": FieldWords(
        Wording("The applicant agrees that their details are shared with the agencies"),
        own=Wording(
            "I agree that my details are shared with the agencies",
            "They must have them to check your reports and take part in a review.",
            "to say that your details may be shared with the agencies"
        ),
        line="Whether details may be shared with the agencies",
    ),
    "supply-details.victim_consents": FieldWords(
        Wording("The victim agrees that somebody acts for them"),
        own=Wording(
            "I agree that the person I named acts for me", called="to say that the person you named may act for you"
        ),
        line="Whether the victim agrees",
    ),
    "supply-details.text": FieldWords(
        Wording("What was supplied (optional)"),
        own=Wording("Is there anything else we asked for? (optional)", "Write it here in your own words."),
    ),
    "answer-enquiry.enquiry": FieldWords(
        Wording("Which enquiry?", called="the enquiry that was answered"), line="Its name, such as verification:police",
    ),
    "answer-enquiry.confirmations": FieldWords(
        Wording("What do the agency’s records show?", called="confirmation"),
        party=Wording("What do your records say of each report?", called="report"),
    ),
    "answer-enquiry.confirmations.confirmed": FieldWords(
        Wording("Does the agency have a record of it?", called="whether the agency has a record of it"),
        party=Wording("Do you hold a record of it?", called="whether you hold a record of it"),
    ),
    "answer-enquiry.confirmations.note": FieldWords(
        Wording("Note (optional)"),
        party=Wording(
            "Anything to add (optional)", "The day it was reported to you. If you hold no record, where you looked."
        ),
    ),
    "answer-enquiry.account": FieldWords(
        Wording("What the agency knows and did (optional)"),
        party=Wording("What was reported to you, and what did you do?", called="your account"),
    ),
    "answer-enquiry.contact": FieldWords(
        Wording("Whom to ask there (optional)"),
        party=Wording("Whom can we ask about your answer?", "A name or a post, and a phone number.", "whom to ask"),
    ),
    "answer-enquiry.confirmations.incident": FieldWords(party=Wording("Report")),
    "answer-enquiry.confirmations.reference": FieldWords(
        party=Wording("Your reference (optional)", called="your reference"),
    ),
    "decide-threshold.met": FieldWords(Wording("Is the threshold met?", called="whether the threshold is met")),
    "decide-threshold.decided_by": FieldWords(Wording("Who decided it?", called="who decided it")),
    "decide-threshold.route": FieldWords(
        Wording("On which route is it met? (optional)", called="the route that is met"),
        line="The route of the policy that is met",
    ),
    "decide-threshold.discretion": FieldWords(
        Wording(
            "Why is a case below the number accepted?",
            "Only if no route is met and the case is accepted (section 104(5))."
        ),
        line="Why a case below the number is accepted",
    ),
    "decide-threshold.persistence": FieldWords(
        Wording("How persistent is the behaviour?", "Needed for a refusal."), line="How persistent the behaviour is",
    ),
    "decide-threshold.harm": FieldWords(
        Wording("What harm does it cause, or could it?", "Needed for a refusal."),
        line="What harm the behaviour causes or could cause",
    ),
    "decide-threshold.adequacy": FieldWords(
        Wording("How adequate was the response to the reports?", "Needed for a refusal."),
        line="How adequate the response to the reports was",
    ),
    "decide-threshold.alternative_action": FieldWords(Wording("What will be done instead?", "Needed for a refusal.")),
    "arrange-panel.on": FieldWords(Wording("On which day does the panel meet?", called="the day of the panel")),
    "arrange-panel.time": FieldWords(
        Wording("At what time?", "For example, 10:00.", "the time of the panel"), line="The hour, such as 10:00",
    ),
    "arrange-panel.place": FieldWords(Wording("Where? (optional)", "A room, or a link to join.")),
    "arrange-panel.chair": FieldWords(Wording("The chair", called="chair")),
    "arrange-panel.chair.name": FieldWords(Wording("Name", called="the chair’s name")),
    "arrange-panel.members": FieldWords(Wording("The members", called="member")),
    "arrange-panel.reason": FieldWords(
        Wording("Why is it moved?", "Only if the panel was arranged before; the applicant is told."),
        line="Why it is moved",
    ),
    "choose-attendance.mode": FieldWords(
        Wording("How will the applicant take part?", called="how the applicant takes part"),
        line="How the applicant takes part, such as in person",
    ),
    "choose-attendance.statement": FieldWords(Wording("Their statement for the panel (optional)")),
    "adjourn-panel.until": FieldWords(
        Wording("To which day?", called="the day the panel goes on"),
        party=Wording("To which day is the panel adjourned?", "For example, 27 3 2026.", "the day the panel goes on"),
    ),
    "adjourn-panel.reason": FieldWords(party=Wording("Why?", "The applicant and the members are told.", "the reason")),
    "record-panel-decision.on": FieldWords(
        Wording("On which day did the panel meet?", called="the day of the panel"),
        party=Wording("On which day did the panel meet?", "For example, 27 3 2026.", "the day the panel met"),
    ),
    "record-panel-decision.present": FieldWords(
        Wording("Who was there? (optional)", "One name on each line."), line="Somebody who was there",
    ),
    "record-panel-decision.conflicts": FieldWords(
        Wording("Who declared a conflict of interest? (optional)", "And what was done about it."),
        line="The conflicts of interest that were declared",
    ),
    "record-panel-decision.findings": FieldWords(
        Wording("What did the panel find?", "Issue by issue, in plain words.", "what the panel found"),
        party=Wording(
            "What did the panel find?",
            "Issue by issue, in plain words: what each body did and whether it was enough, how persistent the "
            "behaviour is, what harm it does. The applicant reads this.",
            "what the panel found"
        ),
    ),
    "record-panel-decision.recommendations": FieldWords(
        Wording("Recommendations", called="recommendation"),
        party=Wording("Recommendations", "Leave this empty if the panel recommends nothing.", "recommendation"),
    ),
    "record-panel-decision.recommendations.to": FieldWords(
        Wording("To whom?", called="to whom the recommendation is made"),
        party=Wording("To whom?", called="to whom the recommendation is made"),
    ),
    "record-panel-decision.recommendations.text": FieldWords(
        Wording("What is recommended?", called="what is recommended"),
        party=Wording("What is recommended?", called="what is recommended"),
    ),
    "record-panel-decision.recommendations.reason": FieldWords(
        Wording("Why? (optional)"), party=Wording("Why?", "The reason is sent with it.", "the reason"),
    ),
    "record-panel-decision.recommendations.due": FieldWords(
        Wording("By when should it be done? (optional)", called="the day it should be done"),
        party=Wording(
            "By which day should it be done? (optional)", "For example, 27 3 2026.", "the day it should be done"
        ),
    ),
    "record-panel-decision.seats": FieldWords(
        party=Wording("Who was there?", "Tick everybody who took part.", "who was there"),
    ),
    "record-panel-decision.others": FieldWords(
        party=Wording("Who else was there? (optional)", "One name on each line.", "who else was there"),
    ),
    "record-panel-decision.conflict": FieldWords(
        party=Wording(
            "Did any member have a conflict of interest?", called="whether any member had a conflict of interest"
        ),
    ),
    "record-panel-decision.conflicted": FieldWords(
        party=Wording(
            "Who?", "Whoever had a conflict does not count among those who decided.", "who had a conflict of interest"
        ),
    ),
    "record-panel-decision.conflict_words": FieldWords(
        party=Wording("What was it, and what was done about it?", called="what it was, and what was done"),
    ),
    "comment-on-plan.comments": FieldWords(
        Wording("What does the applicant say?", called="what the applicant says"),
        own=Wording(
            "What do you think of the plan?", "What is right, what is missing, what would not work.",
            "what you think of the plan"
        ),
    ),
    "send-outcome.reasons": FieldWords(
        Wording(
            "The panel’s reasons", "In plain words; they are printed in the letter as you write them here.",
            "the panel’s reasons"
        ),
        line="The panel’s reasons, in plain words",
    ),
    "confirm-receipt.letter": FieldWords(Wording("Which letter?", called="the letter that arrived")),
    "confirm-receipt.on": FieldWords(Wording("On which day did it arrive?", called="the day it arrived")),
    "answer-recommendation.recommendation": FieldWords(
        Wording("Which recommendation?", called="the recommendation"), line="Its id, such as R1",
    ),
    "answer-recommendation.response": FieldWords(
        Wording("What is the answer?", called="the answer"),
        party=Wording("What is your answer?", called="your answer"),
    ),
    "answer-recommendation.reasons": FieldWords(
        Wording("Reasons", "Needed unless it is accepted in full."),
        party=Wording("What are your reasons?", "The applicant will be told.", "your reasons"),
        line="The reasons, in plain words",
    ),
    "answer-recommendation.due": FieldWords(
        Wording("By when will it be done? (optional)", called="the day it will be done"),
        party=Wording("By which day will it be done?", "For example, 27 3 2026.", "the day it will be done"),
    ),
    "complete-action.recommendation": FieldWords(
        Wording("Which action?", called="the action that was done"), line="Its id, such as R1",
    ),
    "complete-action.on": FieldWords(
        Wording("On which day was it done?", called="the day it was done"),
        party=Wording("On which day was it done?", "For example, 27 3 2026.", "the day it was done"),
    ),
    "complete-action.evidence": FieldWords(
        Wording("How can anyone see that it was done?", called="how anyone can see it"),
        party=Wording(
            "How can it be seen that it was done?", "What was done, by whom, and where that is written down.",
            "how it can be seen that it was done"
        ),
    ),
    "lodge-appeal.subject": FieldWords(
        Wording("What is the appeal against?", called="what the appeal is against"),
        own=Wording("What is your appeal about?", called="what your appeal is about"),
    ),
    "lodge-appeal.grounds": FieldWords(
        Wording("Why does the applicant appeal?", called="why the applicant appeals"),
        own=Wording(
            "What do you think is wrong, and why?", "Write it in your own words. It need not be long.",
            "what you think is wrong"
        ),
    ),
    "lodge-appeal.on": FieldWords(
        Wording("On which day did the appeal reach you? (optional)", "Today, if left empty.", "the day"),
    ),
    "lodge-appeal.consent_to_transfer": FieldWords(
        Wording("The applicant agrees that the papers go to the appeal body"),
        own=Wording(
            "I agree that my papers go to the people who decide the appeal",
            "They cannot look at your case without them.",
            "the people who decide the appeal must see your papers to look at it"
        ),
        line="Whether the papers may go to the appeal body",
    ),
    "lodge-appeal.good_cause": FieldWords(
        Wording("Why is a late appeal accepted?", "Only after the time to appeal has ended."),
        own=Wording(
            "Why could you not appeal in time?",
            "The last day to appeal has passed. With a good reason, your appeal can still be taken.",
            "why you could not appeal in time"
        ),
        line="Why an appeal after the window is accepted",
    ),
    "refuse-appeal.subject": FieldWords(Wording("What is the appeal against?", called="what the appeal is against")),
    "refuse-appeal.reasons": FieldWords(
        Wording("Why can it not be taken?", "The applicant reads this.", "why it cannot be taken"),
    ),
    "refuse-appeal.decided_by": FieldWords(Wording("Who decided it?", called="who decided it")),
    "refuse-appeal.on": FieldWords(
        Wording("On which day did the appeal reach you? (optional)", "Today, if left empty.", "the day"),
    ),
    "arrange-hearing.on": FieldWords(
        Wording("On which day is it heard?", called="the day of the hearing"),
        party=Wording("On which day is the appeal heard?", "For example, 27 3 2026.", "the day of the hearing"),
    ),
    "arrange-hearing.time": FieldWords(
        Wording("At what time?", "For example, 10:00.", "the time of the hearing"),
        party=Wording("At what time?", "For example, 10:00.", "the time of the hearing"),
        line="The hour, such as 10:00",
    ),
    "arrange-hearing.place": FieldWords(
        Wording("Where? (optional)", "A room, or a link to join."),
        party=Wording("Where? (optional)", "A room, or a link to join.", "where the hearing is"),
    ),
    "arrange-hearing.reason": FieldWords(
        Wording("Why is it moved?", "Only if it was arranged before; the applicant is told."),
        party=Wording("Why is it moved?", "The applicant is told.", "why it is moved"), line="Why it is moved",
    ),
    "adjourn-hearing.until": FieldWords(
        Wording("To which day is it put off?", called="the day to which it is put off"),
        party=Wording(
            "To which day do you put the hearing off?", "For example, 27 3 2026.", "the day to which you put it off"
        ),
    ),
    "adjourn-hearing.reason": FieldWords(
        Wording("Why is it put off?", "The applicant is told.", "why it is put off"),
        party=Wording("Why is it put off?", "The applicant is told.", "why it is put off"), line="Why it is put off",
    ),
    "record-hearing.on": FieldWords(
        Wording("On which day was it heard?", called="the day it was heard"),
        party=Wording("On which day was the appeal heard?", "For example, 27 3 2026.", "the day it was heard"),
    ),
    "decide-appeal.decision": FieldWords(
        Wording("What was decided?", called="what was decided"),
        party=Wording("What did you decide?", called="what you decided"),
    ),
    "decide-appeal.reasons": FieldWords(
        Wording("The reasons", called="the reasons"),
        party=Wording("What are your reasons?", "In plain words. The applicant reads this.", "your reasons"),
    ),
    "decide-appeal.directions": FieldWords(
        Wording("Directions (optional)", "What the council must do now."),
        party=Wording("What must the council do now? (optional)", called="what the council must do"),
    ),
    "decide-appeal.heard_on": FieldWords(
        Wording("On which day was it heard?", "If not recorded yet.", "the day of the hearing"),
        party=Wording("On which day was the appeal heard?", "For example, 27 3 2026.", "the day it was heard"),
    ),
    "hold-follow-up.on": FieldWords(Wording("On which day was the follow-up held?", called="the day of the follow-up")),
    "hold-follow-up.behaviour_stopped": FieldWords(
        Wording("Has the behaviour stopped?", called="whether the behaviour has stopped"),
    ),
    "hold-follow-up.findings": FieldWords(Wording("What was found?", called="what was found")),
    "notify-closure.reason": FieldWords(
        Wording("Why the case is about to close (optional)", "It is printed in the letter."),
    ),
    "object-to-closure.reason": FieldWords(
        Wording("Why does the applicant object?", called="why the applicant objects"),
        own=Wording("Why should it stay open?", "For example, it still goes on.", "why it should stay open"),
    ),
    "add-incident.what": FieldWords(
        own=Wording("What happened?", "As much or as little as you can. Stop whenever you need to.", "what happened"),
    ),
    "add-incident.occurred": FieldWords(
        own=Wording("When did it happen?", "The day it began. For example, 27 3 2026.", "the day it happened"),
    ),
    "add-incident.occurred_until": FieldWords(
        own=Wording("When did it stop? (optional)", "Only if it went on for more than a day.", "the day it stopped"),
    ),
    "add-incident.reported_to": FieldWords(own=Wording("Have you told anybody?", called="whom you told")),
    "add-incident.reported": FieldWords(
        own=Wording(
            "When did you tell them? (optional)", "For example, 27 3 2026. Today, if you leave it empty.",
            "the day you told them"
        ),
    ),
    "add-incident.reference": FieldWords(
        own=Wording("Did they give you a reference? (optional)", "Such as a crime or log number."),
    ),
    "withdraw.reason": FieldWords(
        Wording("Why does the applicant withdraw? (optional)"),
        own=Wording("Would you like to tell us why? (optional)", "You do not have to."),
        line="Why the applicant withdraws",
    ),
}  # fmt: skip
