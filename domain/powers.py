"""The menu of powers and measures that a panel can recommend: what each is, who holds it, and where it stands in law.

It is shown beside the panel's form and in its papers, and nothing decides by it. "2014 Act" is the Anti-social
Behaviour, Crime and Policing Act 2014.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Power:
    """One power or measure. ``holders`` who can use it; ``law`` the section, empty for what needs no power in law."""

    id: str
    title: str
    holders: str
    law: str
    does: str

    @property
    def words(self) -> str:
        """Its title with the section."""
        return f"{self.title} ({self.law})" if self.law else self.title


_LANDLORDS = "the landlord"
_ALL = (
    Power("mediation", "Mediation", "the council or the landlord, by agreement", "",
        "Somebody neutral helps both sides to agree. Never where one side is afraid of the other."),
    Power("warning", "Warning letter or interview", "the council, the police, the landlord", "",
        "Says what was reported, what must stop, and what follows if it does not."),
    Power("acceptable-behaviour-contract", "Acceptable behaviour contract",
        "the council, the police, the landlord, by agreement", "",
        "Somebody agrees in writing what they will and will not do."),
    Power("parenting-contract", "Parenting contract", "the council, a landlord, a youth offending team, a school",
        "Anti-social Behaviour Act 2003, Part 3", "Parents agree what they will do, and are supported."),
    Power("community-remedy", "Community remedy or resolution", "the police", "2014 Act, sections 101 and 102",
        "Somebody makes good what they did, out of court; the victim is asked."),
    Power("community-protection-notice", "Community protection notice",
        "the council, the police, a social landlord the council has designated", "2014 Act, section 43",
        "After a written warning, orders somebody to stop, or to put something right."),
    Power("civil-injunction", "Civil injunction",
        "the council, the police, a social landlord and other bodies, by the court", "2014 Act, section 1",
        "Orders somebody aged 10 or over to stop, or to do something; a court can add a power of arrest."),
    Power("criminal-behaviour-order", "Criminal behaviour order",
        "the prosecutor, at the request of the council or the police, by the court", "2014 Act, section 22",
        "After a conviction, bans somebody from what causes alarm or distress, or makes them do something."),
    Power("dispersal", "Dispersal power", "the police", "2014 Act, sections 34 and 35",
        "Sends people away from an area for up to 48 hours."),
    Power("public-spaces-protection-order", "Public spaces protection order", "the council", "2014 Act, section 59",
        "Bans something in a public place, or sets conditions on it, for everybody."),
    Power("closure", "Closure notice and order", "the council, the police; the order by the court",
        "2014 Act, sections 76 and 80", "Shuts premises that cause nuisance or disorder, at once and then for months."),
    Power("absolute-possession", "Possession on the absolute ground", _LANDLORDS, "2014 Act, sections 94 and 97",
        "Ends a tenancy after a conviction, a breach of an injunction or order, or a closure."),
    Power("possession", "Possession on a discretionary ground", _LANDLORDS,
        "Housing Act 1985, Schedule 2, ground 2; Housing Act 1988, Schedule 2, ground 14",
        "Ends a tenancy where the court finds it reasonable."),
    Power("demotion", "Demoted tenancy", "a social landlord, by the court",
        "Housing Act 1985, section 82A; Housing Act 1988, section 6A", "Takes away a tenant's security for a year."),
    Power("tenancy-measures", "Other tenancy measures", _LANDLORDS, "",
        "A tenancy warning, an undertaking to the court, a support plan, a longer introductory tenancy."),
    Power("noise-abatement", "Abatement notice", "the council", "Environmental Protection Act 1990, section 80",
        "Orders somebody to end a statutory nuisance such as noise, smoke or rubbish."),
    Power("licence-review", "Review of a premises licence", "the police, the council, anybody affected",
        "Licensing Act 2003, section 51", "Changes, suspends or ends the licence of a pub, a shop or a club."),
    Power("landlord-licensing", "Licensing of private landlords", "the council", "Housing Act 2004, Parts 2 and 3",
        "Sets conditions on a private landlord to deal with the behaviour of tenants."),
    Power("stalking-protection-order", "Stalking protection order", "the police, by the court",
        "Stalking Protection Act 2019, section 1", "Bans a stalker from contact and from places."),
    Power("restraining-order", "Restraining order", "the court, at the prosecutor's request",
        "Sentencing Act 2020, section 360", "Protects a victim from harassment or a fear of violence."),
    Power("security", "Security and design", "the council, the landlord, the police", "",
        "Locks, doors, lights, cameras, patrols, a change to the place where it happens."),
    Power("victim-support", "Support for the victim", "the council, the landlord, the police, health, charities", "",
        "One contact, a safety plan, advice, counselling, a move where the victim wants one."),
    Power("other-support", "Support for those who cause it", "health, social care, youth services, charities", "",
        "Help with mental health, alcohol, drugs, care needs or a child's behaviour."),
)  # fmt: skip
POWERS: Mapping[str, Power] = {power.id: power for power in _ALL}
