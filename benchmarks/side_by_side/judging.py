"""Judges a trained Kalm on the development set, in this process, a worker's.

Its environment says which one: ``KALM_MODELS``, ``KALM_VAR``, ``KALM_EMBEDDINGS``.
"""

from __future__ import annotations

from typing import Any

from benchmarks.side_by_side.quality import quality_of
from benchmarks.side_by_side.stock_project import folded
from benchmarks.side_by_side.workers import answer_parent
from commands.evaluation.answers import ask_all
from commands.evaluation.data import DEVELOPMENT, read_messages
from commands.evaluation.intents import cross_validate, score
from commands.evaluation.local_bot import LocalBot
from kalm.release import load_index


def _answers(question: dict[str, Any]) -> dict[str, Any]:
    messages, bot, index = read_messages(DEVELOPMENT), LocalBot(), load_index()
    rankings = [bot.understand(message.text).ranking for message in messages]
    predicted = [max(ranking, key=ranking.__getitem__) for ranking in rankings]
    right = [message.intent for message in messages]
    outcomes = ask_all(bot, messages, {one.questions[0]: one.id for one in index.passages})
    as_stock = score([folded(one) for one in right], [folded(one) for one in predicted])
    return quality_of(outcomes, as_stock, score(right, predicted)).as_json()


def _cross_validation(question: dict[str, Any]) -> dict[str, Any]:
    scores = cross_validate()
    return {"accuracy_across": scores.accuracy, "macro_f1_across": scores.macro_f1}


def _judge(question: dict[str, Any]) -> dict[str, Any]:
    """As :class:`benchmarks.side_by_side.quality.Quality` has it; "across" asks for cross-validation."""
    return {**_answers(question), **(_cross_validation(question) if question["across"] else {})}


if __name__ == "__main__":
    answer_parent(_judge)
