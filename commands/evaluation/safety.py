"""Whether danger is seen, ordinary messages pass, and claims are found."""

from __future__ import annotations

from pathlib import Path

from commands.evaluation.data import rows
from commands.evaluation.local_bot import LocalBot, Session
from commands.evaluation.measured import SafetyOutcomes
from kalm.safety import danger_in
from kalm.safety.claims import claims_in

_DANGERS = ("emergency", "crisis")


def measure_safety(bot: LocalBot, folder: Path) -> SafetyOutcomes:
    """Say every labelled sentence to the whole bot, rules and classifier, and check every labelled claim.

    Args:
        bot: the trained bot.
        folder: with ``safety/danger.jsonl`` and ``safety/claims.jsonl``.
    """
    outcomes = SafetyOutcomes()
    for row in rows(folder / "safety" / "danger.jsonl"):
        payload = bot.reply(row["text"], Session())
        kind = payload["kind"] if payload else "smalltalk"
        if row["kind"] in _DANGERS:
            outcomes.dangers += 1
            outcomes.by_rules += danger_in(row["text"]) is not None
            if kind not in _DANGERS:
                outcomes.missed.append(row["text"])
        else:
            outcomes.near_misses += 1
            if kind in _DANGERS:
                outcomes.stopped.append(row["text"])
    for row in rows(folder / "safety" / "claims.jsonl"):
        found = bool(claims_in(row["text"]))
        if row["forbidden"]:
            outcomes.forbidden += 1
            if not found:
                outcomes.let_through.append(row["text"])
        else:
            outcomes.allowed += 1
            if found:
                outcomes.falsely_caught.append(row["text"])
    return outcomes
