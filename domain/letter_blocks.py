"""The parts of a letter that a council may word and not leave out: block by block, with the source of the duty.

A council's own wording of a letter overrides blocks of `templates/letters/<KIND>.md.j2`. A block named here must
still print ``{{ super() }}`` or every fact that it prints in the source; `policies/wording.py` holds it to that.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.catalogue import CATALOGUE, LetterKind

_READER = "good practice: the case, the day and the reader"
_CONTACT = "s.104(3)(a); guidance 2025"
_PROMISES = "the promises the council published, s.104(2)"
_REASONS = "s.104(6); guidance 2025"
_OWN: Mapping[str, Mapping[str, str]] = {
    "L-01": {
        "received": "SDB-13, s.104(3)(a)",
        "bodies": "s.104(3)(b)",
        "dates": _PROMISES,
        "reports": "good practice: what will be counted",
        "information": "UK GDPR art.13",
    },
    "L-02": {"date_kept": "s.104(11)(b)", "missing": "DOV-20, SDB-06", "dates": _PROMISES},
    "L-02a": {"news": "s.104(1), s.104(6)"},
    "L-03": {"decision": "s.104(6)", "reasons": _REASONS, "dates": _PROMISES, "hearing": "guidance 2025"},
    "L-04": {
        "decision": "s.104(6)",
        "complaints": "s.104(4), s.104(11)",
        "persistence": "s.104(5)",
        "harm": "s.104(5)",
        "adequacy": "s.104(5)",
        "decided_by": "good practice: a second person agreed",
        "action_anyway": "DOV-23; MED and FOL likewise",
        "new_application": "s.104(11)(b)",
        "appeal": "Sch.4 para.3(a)",
        "redress": "guidance 2025",
    },
    "L-05": {"meeting": "guidance 2025", "hearing": "guidance 2025", "dates": _PROMISES},
    "L-07": {"news": "guidance 2025", "dates": _PROMISES},
    "L-07h": {"pause": "good practice: a pause is the victim's own", "dates": _PROMISES},
    "L-08": {
        "step": "DOV-28, MED-26, FOL-23",
        "reason": "DOV-28, MED-26, FOL-23",
        "new_date": "DOV-28, MED-26, FOL-23",
        "redress": "guidance 2025",
    },
    "L-10": {"answer_by": "guidance 2025", "plan": "guidance 2025"},
    "L-11": {
        "decision": "s.104(8)(a)",
        "findings": "s.104(8)(a)",
        "reasons": "guidance 2025",
        "silent": "guidance 2025",
        "recommendations": "s.104(7), s.104(8)(b)",
        "appeal": "Sch.4 para.3(b)",
        "redress": "guidance 2025",
    },
    "L-12": {"recommendation": "FOL-24, DOV-29", "reasons": "FOL-24, DOV-29", "duty": "s.104(7)"},
    "L-13": {"state": "guidance 2025; K04-28", "action": "guidance 2025; K04-28", "dates": _PROMISES},
    "L-14": {"result": "K04-28", "findings": "K04-28"},
    "L-15": {"notice": "guidance 2025; K04-29", "reasons": "guidance 2025", "objection": "guidance 2025"},
    "L-15c": {"reasons": "guidance 2025", "new_application": "s.104(3)"},
    "L-16": {"decision": "good practice", "own_choice": "good practice: nobody is put under pressure"},
    "L-17": {"report": "K04-17, K04-22", "dates": _PROMISES},
    "L-18": {"received": "Sch.4 para.3; K04-32", "decider": "Sch.4 para.3", "dates": _PROMISES},
    "L-19": {
        "decision": "Sch.4 para.3",
        "reasons": "Sch.4 para.3",
        "decided_by": "good practice: who decided, so that it can be questioned",
        "challenge": "Sch.4 para.3",
        "redress": "guidance 2025",
    },
    "L-20": {"hearing": "Sch.4 para.3", "decider": "Sch.4 para.3", "taking_part": "guidance 2025", "dates": _PROMISES},
    "L-21": {"decision": "Sch.4 para.3", "reasons": "Sch.4 para.3", "directions": "Sch.4 para.3", "dates": _PROMISES},
    "L-22": {"correction": "good practice", "dates": _PROMISES},
    "L-24": {"choice": "good practice: an answer is free and changes nothing", "questions": "Sch.4 para.4"},
    "R-01": {"authority": "DOV-20, MED-18"},
    "R-02": {"authority": "DOV-20, MED-18"},
    "R-03": {"authority": "DOV-20, MED-18"},
    "A-01": {"application": "s.104(3)(b)", "request": "Sch.4 para.7"},
    "A-02": {"request": "Sch.4 para.7", "power": "Sch.4 para.7"},
    "A-03": {"request": "Sch.4 para.7", "power": "Sch.4 para.7"},
    "A-08": {"recommendations": "s.104(7)", "duty": "s.104(7)"},
    "A-06c": {"meeting": "good practice: nobody comes in vain"},
    "A-10": {"appeal": "Sch.4 para.3", "grounds": "Sch.4 para.3"},
    "A-10h": {"hearing": "Sch.4 para.3"},
    "A-11": {"decision": "Sch.4 para.3", "directions": "Sch.4 para.3"},
}


def _required(kind: LetterKind) -> Mapping[str, str]:
    ours = {"body": "every part of this letter"}
    if kind.reader.private:
        ours |= {"greeting": _READER, "closing": _CONTACT}
    return ours | dict(_OWN.get(kind.id, {}))


REQUIRED_BLOCKS: Mapping[str, Mapping[str, str]] = {id: _required(kind) for id, kind in CATALOGUE.items()}
