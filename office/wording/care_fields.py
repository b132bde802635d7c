"""The fields in words of the acts that look after the person a case is about, beside its dates."""

from __future__ import annotations

from collections.abc import Mapping

from office.wording.row import Caption, FieldWords

CARE_FIELDS: Mapping[str, FieldWords] = {
    "refer-safety.to": FieldWords(
        Caption("Whom do you tell?", called="whom you tell"),
        party=Caption("Whom should be told?", called="whom should be told"),
        line="The id of a safety contact of the policy, or of an agency",
    ),
    "refer-safety.danger": FieldWords(
        Caption("What is the danger, and to whom?", "It is sent as you write it here.", "what the danger is"),
        party=Caption("What is the danger, and to whom?", "It is sent as you write it here.", "what the danger is"),
    ),
    "refer-safety.done": FieldWords(
        Caption("What has been done already? (optional)"), party=Caption("What has been done already? (optional)"),
    ),
    "refer-safety.consent": FieldWords(
        Caption("The person at risk agrees that this is shared"),
        party=Caption("The person at risk agrees that this is shared"),
        line="Whether the person at risk agrees",
    ),
    "refer-safety.basis": FieldWords(
        Caption(
            "Without their agreement: why is it shared all the same?",
            "Needed without it. For example, to protect a child or an adult at risk, or to prevent a crime (Data "
            "Protection Act 2018, Schedule 1, paragraph 18).",
            "why it is shared without their agreement",
        ),
        party=Caption(
            "Without their agreement: why is it shared all the same?",
            "Needed without it. For example, to protect a child or an adult at risk, or to prevent a crime.",
            "why it is shared without their agreement",
        ),
        line="Why it is shared without their agreement",
    ),
    "assess-risk.level": FieldWords(Caption("How great is the risk?", called="how great the risk is")),
    "assess-risk.reasons": FieldWords(
        Caption("Why?", "Who is at risk and of what, how often, what has changed, what protects them.", "the reasons"),
    ),
    "assess-risk.instrument": FieldWords(
        Caption("By which tool was it assessed? (optional)", "The council’s own, if you leave it empty."),
        line="The tool it was assessed by; the policy’s own if not given",
    ),
    "decide-threshold.evidence": FieldWords(
        Caption(
            "What shows that the published ground applies?",
            "Needed with a published ground. The applicant is sent it as you write it here.",
            "what shows that the published ground applies",
        ),
    ),
    "answer-enquiry.withheld": FieldWords(
        Caption("What did it withhold, and on which ground? (optional)"),
        party=Caption(
            "If you withhold something: what, and on which ground? (optional)",
            "Only data protection or investigatory powers law can forbid what you hold (Schedule 4, paragraph 7).",
        ),
        line="What it withheld, and on which ground in law",
    ),
    "apologise.deadline": FieldWords(
        Caption("Which date was missed? (optional)", "Leave it empty for something else that went wrong."),
        line="The key of the date that was missed, such as response",
    ),
    "apologise.wrong": FieldWords(
        Caption("What went wrong?", "Plainly, and without excuses. The applicant is sent it.", "what went wrong"),
    ),
    "apologise.remedy": FieldWords(
        Caption("How is it put right?", "What is done for them, by whom and by which day.", "how it is put right"),
    ),
    "apologise.learning": FieldWords(
        Caption("What does the council learn from it?", "What is done so that it does not happen again.",
                "what the council learns from it"),
    ),
    "record-disclosure.to": FieldWords(Caption("With whom was it shared?", called="with whom it was shared")),
    "record-disclosure.on": FieldWords(Caption("On which day?", called="the day it was shared")),
    "record-disclosure.what": FieldWords(Caption("What was shared?", called="what was shared")),
    "record-disclosure.basis": FieldWords(
        Caption("On what basis?", "The ground in law, or whose consent.", "the basis for sharing it"),
    ),
    "record-disclosure.withheld": FieldWords(
        Caption("What was withheld, and why? (optional)"), line="What was withheld, and why",
    ),
    "defer-threshold.agency": FieldWords(
        Caption("Which agency is still within its time?", called="which agency is still within its time"),
        line="The agency that is still within its time, by its id",
    ),
    "defer-threshold.until": FieldWords(
        Caption("Until when has it promised to act?", "The decision is looked at again when that day is over.",
                "the day until which the decision is put off"),
    ),
    "defer-threshold.reason": FieldWords(
        Caption("What has it promised, and when?", "The applicant is sent it as you write it here.",
                "what the agency has promised"),
        line="What the agency has promised, and when",
    ),
    "defer-threshold.ground": FieldWords(
        Caption("On which published ground?", "Needed where the policy has several.", "the published ground"),
        line="The id of the published ground, where the policy has several",
    ),
    "defer-threshold.decided_by": FieldWords(Caption("Who decided it?", called="who decided it")),
    "insist.reason": FieldWords(
        Caption("What did they say? (optional)"),
        own=Caption("Is there anything we should know when we decide? (optional)", called="anything we should know"),
    ),
    "arrange-panel.invited": FieldWords(
        Caption(
            "The victim is invited",
            "They should be: untick it only where the chair has reasons, which the victim is sent in writing.",
            "whether the victim is invited",
        ),
    ),
    "arrange-panel.reasons_not_invited": FieldWords(
        Caption("If they are not invited: the chair’s reasons", "The victim is sent them as you write them here."),
        line="The chair’s reasons why the victim is not invited",
    ),
    "arrange-panel.heard_instead": FieldWords(
        Caption(
            "If they are not invited: how are they heard instead?",
            "For example, the chair calls them before the meeting and reads out what they say.",
            "how they are heard instead",
        ),
        line="How a victim who is not invited is heard",
    ),
    "record-panel-decision.recommendations.power": FieldWords(
        Caption("With which power or measure? (optional)", called="the power or measure"),
        party=Caption(
            "With which power or measure? (optional)", "The menu above says who holds each.", "the power or measure"
        ),
    ),
    "send-outcome.issues": FieldWords(
        Caption("What each problem that was raised comes to", "Every report belongs to one of them.", "issue"),
    ),
    "send-outcome.issues.issue": FieldWords(
        Caption("The problem", "In a few words, as the applicant would call it.", "the problem"),
    ),
    "send-outcome.issues.reports": FieldWords(
        Caption("Which reports are about it?", "If none is, leave them all empty.", "the reports about it"),
    ),
    "send-outcome.issues.done": FieldWords(
        Caption("What had each agency done about it?", called="what each agency had done"),
    ),
    "send-outcome.issues.finding": FieldWords(
        Caption("What did the panel find?", called="what the panel found"),
    ),
    "send-outcome.issues.next": FieldWords(
        Caption("What will be done?", "By whom and by which day. If nothing, say why.", "what will be done"),
    ),
}  # fmt: skip
