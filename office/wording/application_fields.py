"""The fields of an application in words, for whoever fills it in."""

from __future__ import annotations

from collections.abc import Mapping

from office.wording.row import Caption, FieldWords

APPLICATION_FIELDS: Mapping[str, FieldWords] = {
    "apply.who": FieldWords(own=Caption("Who are you applying for?", called="who you are applying for")),
    "apply.made_at": FieldWords(
        Caption(
            "On which day did it reach you?",
            "The six months of section 104 count back from this day.",
            "the day it reached you",
        ),
    ),
    "apply.channel": FieldWords(Caption("How did it reach you?", called="how it reached you")),
    "apply.applicant": FieldWords(
        Caption("The applicant", called="applicant"),
        own=Caption("The person this is about", called="the person this is about"),
    ),
    "apply.anonymous": FieldWords(
        Caption("They do not want to give a name"),
        own=Caption(
            "I do not want to give my name",
            "We keep and count your application all the same, and write to you how you can be heard without it.",
        ),
        another=Caption("They do not want to give a name"),
        line="Whether they give no name",
    ),
    "apply.applicant.name": FieldWords(
        Caption("Name", called="the applicant’s name"),
        own=Caption("What is your name?", "First name and last name.", "your name"),
        another=Caption(
            "What is the name of the person you are applying for?", "First name and last name.", "their name"
        ),
    ),
    "apply.applicant.prefers": FieldWords(
        Caption("How do they want their letters?", called="how the applicant wants their letters"),
        own=Caption("How do you want to get our letters?", called="how you want to get our letters"),
        another=Caption("How do they want to get our letters?", called="how they want to get our letters"),
    ),
    "apply.applicant.language": FieldWords(
        Caption("Which language do they read best?", called="which language the applicant reads best"),
        own=Caption("Which language do you read best?", called="which language you read best"),
        another=Caption("Which language do they read best?", called="which language they read best"),
    ),
    "apply.applicant.large_print": FieldWords(
        Caption("Letters in large print", called="large print for the applicant"),
        own=Caption("I need letters in large print"),
        another=Caption("They need letters in large print"),
    ),
    "apply.applicant.unsafe": FieldWords(
        Caption(
            "What must not be used to reach them? (optional)",
            "Because somebody else could see or hear it.",
            called="what must not be used to reach the applicant",
        ),
        own=Caption(
            "Is there a way we must not use? (optional)",
            "Because somebody else could see or hear it. We never use what you tick.",
        ),
        another=Caption(
            "Is there a way we must not use to reach them? (optional)",
            "Because somebody else could see or hear it. We never use what you tick.",
        ),
    ),
    "apply.representative": FieldWords(
        Caption("Somebody who acts for them (leave empty if nobody does)", called="representative"),
        own=Caption("You", called="you"),
    ),
    "apply.representative.name": FieldWords(
        Caption("Name", called="the representative’s name"),
        own=Caption("Your own name", "First name and last name.", "your own name"),
    ),
    "apply.representative.prefers": FieldWords(
        Caption("How do they want their letters?", called="how the representative wants their letters"),
        own=Caption("How do you want to get our letters?", called="how you want to get our letters"),
    ),
    "apply.representative.language": FieldWords(
        Caption("Which language do they read best?", called="which language the representative reads best"),
        own=Caption("Which language do you read best?", called="which language you read best"),
    ),
    "apply.representative.large_print": FieldWords(
        Caption("Letters in large print", called="large print for the representative"),
        own=Caption("I need letters in large print"),
    ),
    "apply.representative.unsafe": FieldWords(
        Caption(
            "What must not be used to reach them? (optional)",
            called="what must not be used to reach the representative",
        ),
        own=Caption(
            "Is there a way we must not use to reach you? (optional)",
            "Because somebody else could see or hear it. We never use what you tick.",
        ),
    ),
    "apply.representative.until": FieldWords(
        Caption("Until which day may they act? (optional)"),
        line="The last day on which they may act",
    ),
    "apply.representative.victim_consents": FieldWords(
        Caption("The victim agrees that they act for them"),
        own=Caption(
            "Have they agreed that you apply for them?",
            "If they have not yet, you can still send this. We keep the date and ask them.",
            "yes if they have agreed",
        ),
    ),
    "apply.consent_to_share": FieldWords(
        Caption(
            "They agree that their details are shared with the agencies",
            "Without it the application keeps its date, and they are asked.",
        ),
        own=Caption(
            "May we share this with the agencies that must take part?",
            "They are the council, the police, the health service and social landlords here. They need it to look at "
            "what was done. If you say no, we keep the date and ask you before we go on.",
            "yes if we may share this",
        ),
    ),
    "apply.incidents": FieldWords(
        Caption("What they reported", "Each report of anti-social behaviour on its own, in any order.", "report"),
        own=Caption("What you reported", called="report"),
    ),
    "apply.same_problem": FieldWords(
        Caption("The reports are all about the same problem"),
        own=Caption(
            "Are these reports all about the same problem?",
            "For example the same people, the same place or the same kind of trouble.",
            "yes if they are all about the same problem",
        ),
    ),
    "apply.impact": FieldWords(
        Caption("What does it do to them? (optional)", "In their own words."),
        own=Caption(
            "What has this done to you?",
            "For example to your sleep, your health, your work or your children. Leave it empty if you would rather "
            "tell us later.",
            "what this has done to you",
        ),
        another=Caption(
            "What has this done to them?",
            "For example to their sleep, health, work or children. Leave it empty if they would rather tell us later.",
            "what this has done to them",
        ),
    ),
    "apply.needs": FieldWords(
        Caption(
            "Is anybody in the home vulnerable, and what do they need? (optional)",
            "Children, age, illness or disability, and what makes it easier for them to take part.",
        ),
        own=Caption(
            "Is anybody in the home vulnerable, or is there something you need?",
            "For example children, old age, illness, a disability or pregnancy. Or a carer, an interpreter or a "
            "quiet room for a meeting. Leave it empty if there is nothing.",
            "who is vulnerable and what you need",
        ),
    ),
    "apply.wanted": FieldWords(
        Caption("What would they like to happen? (optional)"),
        own=Caption(
            "What would you like to happen?", "Leave it empty if you do not know yet.", "what you would like to happen"
        ),
        another=Caption(
            "What would they like to happen?",
            "Leave it empty if they do not know yet.",
            "what they would like to happen",
        ),
    ),
    "apply.attendance": FieldWords(
        Caption("How would they like to take part in a panel? (optional)"),
        own=Caption(
            "If there is a review meeting, how would you like to take part?",
            "You can change your mind later. You do not have to take part.",
            "how you would like to take part",
        ),
        another=Caption(
            "If there is a review meeting, how would they like to take part?",
            "They can change their mind later. They do not have to take part.",
            "how they would like to take part",
        ),
    ),
    "apply.tenure": FieldWords(
        Caption("How do they hold their home?", called="how they hold their home"),
        own=Caption("Is your home rented or owned?", called="if your home is rented or owned"),
        another=Caption("Is their home rented or owned?", called="if their home is rented or owned"),
    ),
    "apply.landlord": FieldWords(
        Caption("Their landlord (optional)"),
        own=Caption(
            "Name of the landlord (optional)",
            "For a home that is rented. It may be the council itself.",
            "the landlord",
        ),
    ),
    "apply.applicant.email": FieldWords(
        Caption("E-mail address (optional)", called="the applicant’s e-mail address"),
        own=Caption("E-mail address (optional)", called="your e-mail address"),
        another=Caption("Their e-mail address (optional)", called="their e-mail address"),
    ),
    "apply.applicant.phone": FieldWords(
        Caption("Telephone number (optional)", called="the applicant’s telephone number"),
        own=Caption("Telephone number (optional)", called="your telephone number"),
        another=Caption("Their telephone number (optional)", called="their telephone number"),
    ),
    "apply.applicant.address": FieldWords(
        Caption(
            "Postal address (optional)", "One line on each line, the postcode last.", "the applicant’s postal address"
        ),
        own=Caption(
            "Address (optional)",
            "One part on each line, with the postcode last. With no fixed address, a place where post reaches you.",
            "your address",
        ),
        another=Caption(
            "Their address (optional)",
            "One part on each line, with the postcode last. With no fixed address, a place where post reaches them.",
            "their address",
        ),
    ),
    "apply.representative.relation": FieldWords(
        own=Caption(
            "What are you to them?",
            "For example: daughter, friend, support worker, councillor.",
            "what you are to them",
        ),
    ),
    "apply.representative.email": FieldWords(
        Caption("E-mail address (optional)", called="the representative’s e-mail address"),
        own=Caption("Your e-mail address (optional)", called="your e-mail address"),
    ),
    "apply.representative.phone": FieldWords(
        Caption("Telephone number (optional)", called="the representative’s telephone number"),
        own=Caption("Your telephone number (optional)", called="your telephone number"),
    ),
    "apply.representative.address": FieldWords(
        Caption(
            "Postal address (optional)",
            "One line on each line, the postcode last.",
            "the representative’s postal address",
        ),
        own=Caption(
            "Your address (optional)",
            "One part on each line, with the postcode last. With no fixed address, a place where post reaches you.",
            "your address",
        ),
    ),
    "apply.incidents.occurred": FieldWords(
        own=Caption(
            "On which day did it happen?",
            "For example, 27 3 2026. If you are not sure, give the first day it can have been.",
            "the day it happened",
        ),
    ),
    "apply.incidents.occurred_until": FieldWords(
        own=Caption(
            "If it went on, or you are not sure, what was the last day? (optional)",
            "The day it ended, or the last day it can have been.",
            "the last day",
        ),
    ),
    "apply.incidents.occurred_unsure": FieldWords(own=Caption("I am not sure on which day it happened")),
    "apply.incidents.what": FieldWords(own=Caption("What happened?", "A few words are enough.", "what happened")),
    "apply.incidents.reported_to": FieldWords(
        own=Caption("Who did you tell?", "The council, the police, your landlord or a health service.", "who you told"),
    ),
    "apply.incidents.reported": FieldWords(
        own=Caption(
            "On which day did you tell them?",
            "If you are not sure, give the first day it can have been. We check it with them.",
            "the day you told them",
        ),
    ),
    "apply.incidents.reported_until": FieldWords(
        own=Caption(
            "If you are not sure, what is the last day it can have been? (optional)",
            called="the last day on which you can have told them",
        ),
    ),
    "apply.incidents.reported_unsure": FieldWords(own=Caption("I am not sure on which day I told them")),
    "apply.incidents.reference": FieldWords(
        own=Caption("Reference number (optional)", "If they gave you one.", "the reference number"),
    ),
    "apply.incidents.reporter_consents": FieldWords(
        Caption("They agree that the agencies have their name"),
        own=Caption("They agree that you give their name", "Without it, no agency gets their name from us."),
        line="Whether agencies may have the reporter’s name",
    ),
    "apply.incidents.reporter": FieldWords(
        own=Caption("Who told them, if it was not you? (optional)", called="who told them"),
    ),
    "apply.incidents.premises": FieldWords(
        own=Caption(
            "Which home was it about? (optional)",
            "Only if it was not your own. This council also counts reports from different homes.",
            "which home it was about",
        ),
    ),
}
