"""The fields in words of the acts by which a review goes on, for everybody who does them."""

from __future__ import annotations

from collections.abc import Mapping

from office.wording.row import Row, Wording

REVIEW_FIELDS: Mapping[str, Row] = {
    "request-details.missing": Row(
        Wording("What is missing?", "One thing on each line. The letter lists them.", "what is missing"),
    ),
    "supply-details.consent_to_share": Row(
        Wording("The applicant agrees that their details are shared with the agencies"),
        own=Wording(
            "I agree that my details are shared with the agencies",
            "They must have them to check your reports and take part in a review.",
            "to say that your details may be shared with the agencies"
        ),
        line="Whether details may be shared with the agencies",
    ),
    "supply-details.victim_consents": Row(
        Wording("The victim agrees that somebody acts for them"),
        own=Wording(
            "I agree that the person I named acts for me", called="to say that the person you named may act for you"
        ),
        line="Whether the victim agrees",
    ),
    "supply-details.text": Row(
        Wording("What was supplied (optional)"),
        own=Wording("Is there anything else we asked for? (optional)", "Write it here in your own words."),
    ),
    "answer-enquiry.enquiry": Row(
        Wording("Which enquiry?", called="the enquiry that was answered"), line="Its name, such as verification:police",
    ),
    "answer-enquiry.confirmations": Row(
        Wording("What do the agency’s records show?", called="confirmation"),
        party=Wording("What do your records say of each report?", called="report"),
    ),
    "answer-enquiry.confirmations.confirmed": Row(
        Wording("Does the agency have a record of it?", called="whether the agency has a record of it"),
        party=Wording("Do you hold a record of it?", called="whether you hold a record of it"),
    ),
    "answer-enquiry.confirmations.note": Row(
        Wording("Note (optional)"),
        party=Wording(
            "Anything to add (optional)", "The day it was reported to you. If you hold no record, where you looked."
        ),
    ),
    "answer-enquiry.account": Row(
        Wording("What the agency knows and did (optional)"),
        party=Wording("What was reported to you, and what did you do?", called="your account"),
    ),
    "answer-enquiry.contact": Row(
        Wording("Whom to ask there (optional)"),
        party=Wording("Whom can we ask about your answer?", "A name or a post, and a phone number.", "whom to ask"),
    ),
    "answer-enquiry.confirmations.incident": Row(party=Wording("Report")),
    "answer-enquiry.confirmations.reference": Row(party=Wording("Your reference (optional)", called="your reference")),
    "decide-threshold.met": Row(Wording("Is the threshold met?", called="whether the threshold is met")),
    "decide-threshold.decided_by": Row(Wording("Who decided it?", called="who decided it")),
    "decide-threshold.route": Row(
        Wording("On which route is it met? (optional)", called="the route that is met"),
        line="The route of the policy that is met",
    ),
    "decide-threshold.discretion": Row(
        Wording(
            "Why is a case below the number accepted?",
            "Only if no route is met and the case is accepted (section 104(5))."
        ),
        line="Why a case below the number is accepted",
    ),
    "decide-threshold.persistence": Row(
        Wording("How persistent is the behaviour?", "Needed for a refusal."), line="How persistent the behaviour is",
    ),
    "decide-threshold.harm": Row(
        Wording("What harm does it cause, or could it?", "Needed for a refusal."),
        line="What harm the behaviour causes or could cause",
    ),
    "decide-threshold.adequacy": Row(
        Wording("How adequate was the response to the reports?", "Needed for a refusal."),
        line="How adequate the response to the reports was",
    ),
    "decide-threshold.alternative_action": Row(Wording("What will be done instead?", "Needed for a refusal.")),
    "arrange-panel.on": Row(Wording("On which day does the panel meet?", called="the day of the panel")),
    "arrange-panel.time": Row(
        Wording("At what time?", "For example, 10:00.", "the time of the panel"), line="The hour, such as 10:00",
    ),
    "arrange-panel.place": Row(Wording("Where? (optional)", "A room, or a link to join.")),
    "arrange-panel.chair": Row(Wording("The chair", called="chair")),
    "arrange-panel.chair.name": Row(Wording("Name", called="the chair’s name")),
    "arrange-panel.members": Row(Wording("The members", called="member")),
    "arrange-panel.reason": Row(
        Wording("Why is it moved?", "Only if the panel was arranged before; the applicant is told."),
        line="Why it is moved",
    ),
    "choose-attendance.mode": Row(
        Wording("How will the applicant take part?", called="how the applicant takes part"),
        line="How the applicant takes part, such as in person",
    ),
    "choose-attendance.statement": Row(Wording("Their statement for the panel (optional)")),
    "adjourn-panel.until": Row(
        Wording("To which day?", called="the day the panel goes on"),
        party=Wording("To which day is the panel adjourned?", "For example, 27 3 2026.", "the day the panel goes on"),
    ),
    "adjourn-panel.reason": Row(party=Wording("Why?", "The applicant and the members are told.", "the reason")),
    "record-panel-decision.on": Row(
        Wording("On which day did the panel meet?", called="the day of the panel"),
        party=Wording("On which day did the panel meet?", "For example, 27 3 2026.", "the day the panel met"),
    ),
    "record-panel-decision.present": Row(
        Wording("Who was there? (optional)", "One name on each line."), line="Somebody who was there",
    ),
    "record-panel-decision.conflicts": Row(
        Wording("Who declared a conflict of interest? (optional)", "And what was done about it."),
        line="The conflicts of interest that were declared",
    ),
    "record-panel-decision.findings": Row(
        Wording("What did the panel find?", "Issue by issue, in plain words.", "what the panel found"),
        party=Wording(
            "What did the panel find?",
            "Issue by issue, in plain words: what each body did and whether it was enough, how persistent the "
            "behaviour is, what harm it does. The applicant reads this.",
            "what the panel found"
        ),
    ),
    "record-panel-decision.recommendations": Row(
        Wording("Recommendations", called="recommendation"),
        party=Wording("Recommendations", "Leave this empty if the panel recommends nothing.", "recommendation"),
    ),
    "record-panel-decision.recommendations.to": Row(
        Wording("To whom?", called="to whom the recommendation is made"),
        party=Wording("To whom?", called="to whom the recommendation is made"),
    ),
    "record-panel-decision.recommendations.text": Row(
        Wording("What is recommended?", called="what is recommended"),
        party=Wording("What is recommended?", called="what is recommended"),
    ),
    "record-panel-decision.recommendations.reason": Row(
        Wording("Why? (optional)"), party=Wording("Why?", "The reason is sent with it.", "the reason"),
    ),
    "record-panel-decision.recommendations.due": Row(
        Wording("By when should it be done? (optional)", called="the day it should be done"),
        party=Wording(
            "By which day should it be done? (optional)", "For example, 27 3 2026.", "the day it should be done"
        ),
    ),
    "record-panel-decision.seats": Row(
        party=Wording("Who was there?", "Tick everybody who took part.", "who was there"),
    ),
    "record-panel-decision.others": Row(
        party=Wording("Who else was there? (optional)", "One name on each line.", "who else was there"),
    ),
    "record-panel-decision.conflict": Row(
        party=Wording(
            "Did any member have a conflict of interest?", called="whether any member had a conflict of interest"
        ),
    ),
    "record-panel-decision.conflicted": Row(
        party=Wording(
            "Who?", "Whoever had a conflict does not count among those who decided.", "who had a conflict of interest"
        ),
    ),
    "record-panel-decision.conflict_words": Row(
        party=Wording("What was it, and what was done about it?", called="what it was, and what was done"),
    ),
    "comment-on-plan.comments": Row(
        Wording("What does the applicant say?", called="what the applicant says"),
        own=Wording(
            "What do you think of the plan?", "What is right, what is missing, what would not work.",
            "what you think of the plan"
        ),
    ),
    "send-outcome.reasons": Row(
        Wording(
            "The panel’s reasons", "In plain words; they are printed in the letter as you write them here.",
            "the panel’s reasons"
        ),
        line="The panel’s reasons, in plain words",
    ),
    "confirm-receipt.letter": Row(Wording("Which letter?", called="the letter that arrived")),
    "confirm-receipt.on": Row(Wording("On which day did it arrive?", called="the day it arrived")),
    "answer-recommendation.recommendation": Row(
        Wording("Which recommendation?", called="the recommendation"), line="Its id, such as R1",
    ),
    "answer-recommendation.response": Row(
        Wording("What is the answer?", called="the answer"),
        party=Wording("What is your answer?", called="your answer"),
    ),
    "answer-recommendation.reasons": Row(
        Wording("Reasons", "Needed unless it is accepted in full."),
        party=Wording("What are your reasons?", "The applicant will be told.", "your reasons"),
        line="The reasons, in plain words",
    ),
    "answer-recommendation.due": Row(
        Wording("By when will it be done? (optional)", called="the day it will be done"),
        party=Wording("By which day will it be done?", "For example, 27 3 2026.", "the day it will be done"),
    ),
    "complete-action.recommendation": Row(
        Wording("Which action?", called="the action that was done"), line="Its id, such as R1",
    ),
    "complete-action.on": Row(
        Wording("On which day was it done?", called="the day it was done"),
        party=Wording("On which day was it done?", "For example, 27 3 2026.", "the day it was done"),
    ),
    "complete-action.evidence": Row(
        Wording("How can anyone see that it was done?", called="how anyone can see it"),
        party=Wording(
            "How can it be seen that it was done?", "What was done, by whom, and where that is written down.",
            "how it can be seen that it was done"
        ),
    ),
    "lodge-appeal.subject": Row(
        Wording("What is the appeal against?", called="what the appeal is against"),
        own=Wording("What is your appeal about?", called="what your appeal is about"),
    ),
    "lodge-appeal.grounds": Row(
        Wording("Why does the applicant appeal?", called="why the applicant appeals"),
        own=Wording(
            "What do you think is wrong, and why?", "Write it in your own words. It need not be long.",
            "what you think is wrong"
        ),
    ),
    "lodge-appeal.on": Row(
        Wording("On which day did the appeal reach you? (optional)", "Today, if left empty.", "the day"),
    ),
    "lodge-appeal.consent_to_transfer": Row(
        Wording("The applicant agrees that the papers go to the appeal body"),
        own=Wording(
            "I agree that my papers go to the people who decide the appeal",
            "They cannot look at your case without them.",
            "the people who decide the appeal must see your papers to look at it"
        ),
        line="Whether the papers may go to the appeal body",
    ),
    "lodge-appeal.good_cause": Row(
        Wording("Why is a late appeal accepted?", "Only after the time to appeal has ended."),
        own=Wording(
            "Why could you not appeal in time?",
            "The last day to appeal has passed. With a good reason, your appeal can still be taken.",
            "why you could not appeal in time"
        ),
        line="Why an appeal after the window is accepted",
    ),
    "refuse-appeal.subject": Row(Wording("What is the appeal against?", called="what the appeal is against")),
    "refuse-appeal.reasons": Row(
        Wording("Why can it not be taken?", "The applicant reads this.", "why it cannot be taken"),
    ),
    "refuse-appeal.decided_by": Row(Wording("Who decided it?", called="who decided it")),
    "refuse-appeal.on": Row(
        Wording("On which day did the appeal reach you? (optional)", "Today, if left empty.", "the day"),
    ),
    "arrange-hearing.on": Row(
        Wording("On which day is it heard?", called="the day of the hearing"),
        party=Wording("On which day is the appeal heard?", "For example, 27 3 2026.", "the day of the hearing"),
    ),
    "arrange-hearing.time": Row(
        Wording("At what time?", "For example, 10:00.", "the time of the hearing"),
        party=Wording("At what time?", "For example, 10:00.", "the time of the hearing"),
        line="The hour, such as 10:00",
    ),
    "arrange-hearing.place": Row(
        Wording("Where? (optional)", "A room, or a link to join."),
        party=Wording("Where? (optional)", "A room, or a link to join.", "where the hearing is"),
    ),
    "arrange-hearing.reason": Row(
        Wording("Why is it moved?", "Only if it was arranged before; the applicant is told."),
        party=Wording("Why is it moved?", "The applicant is told.", "why it is moved"), line="Why it is moved",
    ),
    "adjourn-hearing.until": Row(
        Wording("To which day is it put off?", called="the day to which it is put off"),
        party=Wording(
            "To which day do you put the hearing off?", "For example, 27 3 2026.", "the day to which you put it off"
        ),
    ),
    "adjourn-hearing.reason": Row(
        Wording("Why is it put off?", "The applicant is told.", "why it is put off"),
        party=Wording("Why is it put off?", "The applicant is told.", "why it is put off"), line="Why it is put off",
    ),
    "record-hearing.on": Row(
        Wording("On which day was it heard?", called="the day it was heard"),
        party=Wording("On which day was the appeal heard?", "For example, 27 3 2026.", "the day it was heard"),
    ),
    "decide-appeal.decision": Row(
        Wording("What was decided?", called="what was decided"),
        party=Wording("What did you decide?", called="what you decided"),
    ),
    "decide-appeal.reasons": Row(
        Wording("The reasons", called="the reasons"),
        party=Wording("What are your reasons?", "In plain words. The applicant reads this.", "your reasons"),
    ),
    "decide-appeal.directions": Row(
        Wording("Directions (optional)", "What the council must do now."),
        party=Wording("What must the council do now? (optional)", called="what the council must do"),
    ),
    "decide-appeal.heard_on": Row(
        Wording("On which day was it heard?", "If not recorded yet.", "the day of the hearing"),
        party=Wording("On which day was the appeal heard?", "For example, 27 3 2026.", "the day it was heard"),
    ),
    "hold-follow-up.on": Row(Wording("On which day was the follow-up held?", called="the day of the follow-up")),
    "hold-follow-up.behaviour_stopped": Row(
        Wording("Has the behaviour stopped?", called="whether the behaviour has stopped"),
    ),
    "hold-follow-up.findings": Row(Wording("What was found?", called="what was found")),
    "notify-closure.reason": Row(Wording("Why the case is about to close (optional)", "It is printed in the letter.")),
    "object-to-closure.reason": Row(
        Wording("Why does the applicant object?", called="why the applicant objects"),
        own=Wording("Why should it stay open?", "For example, it still goes on.", "why it should stay open"),
    ),
    "add-incident.what": Row(
        own=Wording("What happened?", "As much or as little as you can. Stop whenever you need to.", "what happened"),
    ),
    "add-incident.occurred": Row(
        own=Wording("When did it happen?", "The day it began. For example, 27 3 2026.", "the day it happened"),
    ),
    "add-incident.occurred_until": Row(
        own=Wording("When did it stop? (optional)", "Only if it went on for more than a day.", "the day it stopped"),
    ),
    "add-incident.reported_to": Row(own=Wording("Have you told anybody?", called="whom you told")),
    "add-incident.reported": Row(
        own=Wording(
            "When did you tell them? (optional)", "For example, 27 3 2026. Today, if you leave it empty.",
            "the day you told them"
        ),
    ),
    "add-incident.reference": Row(
        own=Wording("Did they give you a reference? (optional)", "Such as a crime or log number."),
    ),
    "withdraw.reason": Row(
        Wording("Why does the applicant withdraw? (optional)"),
        own=Wording("Would you like to tell us why? (optional)", "You do not have to."),
        line="Why the applicant withdraws",
    ),
}  # fmt: skip
