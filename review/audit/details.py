"""What stands behind a line of the audit log, in Dutch."""

from __future__ import annotations

from collections.abc import Mapping

from review import words

NAMES = {
    "after": "daarna",
    "before": "eerst",
    "characters": "tekens",
    "cluster": "groep",
    "days": "dagen",
    "files": "bestanden",
    "intent": "bedoeling",
    "judged": "beoordeeld",
    "kind": "soort",
    "number": "aantal",
    "questions": "vragen",
    "role": "rol",
    "state": "stand",
    "to_intent": "naar",
    "version": "versie",
}
"""Each name that a line gives to a number or a state; a test looks for others in the code."""

_STATES = {
    **words.DRAFT_STATES,
    **words.STATES,
    "open": "wacht op iemand",
    "taken": "iemand is bezig",
    "done": "afgerond",
    "remove": "weghalen",
    "move": "verplaatsen",
    "keep": "laten staan",
}


def in_words(details: Mapping[str, object]) -> str:
    """The details of one line, such as "eerst: nieuw, daarna: goedgekeurd"."""
    return ", ".join(f"{NAMES.get(name, name)}: {_said(name, value)}" for name, value in details.items())


def _said(name: str, value: object) -> str:
    if name in ("intent", "to_intent"):
        return words.intent(str(value))
    return _STATES.get(str(value), str(value))
