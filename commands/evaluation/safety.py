"""Whether danger is seen, ordinary messages pass, and what may not be published is found."""

from __future__ import annotations

from pathlib import Path

from commands.evaluation.data import rows
from commands.evaluation.local_bot import LocalBot, Session
from commands.evaluation.measured import SafetyOutcomes
from kalm.approval import approved_texts, read_approvals
from kalm.articles import read_articles
from kalm.safety import danger_in
from kalm.safety.claims import claims_in
from kalm.safety.wording import ALLOWED, train_reader
from kalm.settings import settings

_DANGERS = ("emergency", "crisis")


def measure_safety(bot: LocalBot, folder: Path) -> SafetyOutcomes:
    """Say every labelled message to the whole bot, and check every labelled sentence of an article.

    Args:
        bot: the trained bot.
        folder: with ``safety/danger*.jsonl``, ``safety/claims.jsonl`` and ``safety/wording.jsonl``.
    """
    outcomes = SafetyOutcomes()
    for path in sorted((folder / "safety").glob("danger*.jsonl")):
        for row in rows(path):
            text, is_danger = row["text"], row["kind"] in _DANGERS
            payload = bot.reply(text, Session())
            outcomes.danger.count(text, is_danger, payload is not None and payload["kind"] in _DANGERS)
            outcomes.danger_by_rules.count(text, is_danger, danger_in(text) is not None)
    for row in rows(folder / "safety" / "claims.jsonl"):
        outcomes.claims.count(row["text"], row["forbidden"], bool(claims_in(row["text"])))
    # As `kalm check` reads a new passage: what was approved before has taught the reader too.
    reader = train_reader(approved_texts(read_approvals(), read_articles(settings().articles)))
    for row in rows(folder / "safety" / "wording.jsonl"):
        is_seen = bool(claims_in(row["text"]) or reader.doubts(row["text"]))
        outcomes.wording.count(row["text"], row["sort"] != ALLOWED, is_seen)
    return outcomes
