"""Judges a trained Kalm on the development set, in this process, a worker's.

Its environment says which one: ``KALM_MODELS``, ``KALM_VAR``, ``KALM_EMBEDDINGS``.
"""

from __future__ import annotations

from typing import Any

from benchmarks.side_by_side.quality import count_answers, of_folds, quality_of
from benchmarks.side_by_side.stock_project import folded
from benchmarks.side_by_side.workers import answer_parent
from commands.evaluation.answers import answer
from commands.evaluation.data import DEVELOPMENT, read_messages
from commands.evaluation.intents import predict_left_out, score
from commands.evaluation.local_bot import LocalBot
from kalm.release import load_index


def _answers() -> dict[str, Any]:
    messages, bot, index = read_messages(DEVELOPMENT), LocalBot(), load_index()
    rankings = [bot.understand(message.text).ranking for message in messages]
    predicted = [max(ranking, key=ranking.__getitem__) for ranking in rankings]
    right = [message.intent for message in messages]
    questions = {one.questions[0]: one.id for one in index.passages}
    answers = [answer(bot, message, questions) for message in messages]
    shown = [[passage["id"] for passage in one.passages] for one in answers]
    outcomes = count_answers(messages, shown)
    at_first = count_answers(messages, [passages[:1] for passages in shown])
    as_stock = score([folded(one) for one in right], [folded(one) for one in predicted])
    return quality_of(outcomes, at_first, as_stock, score(right, predicted)).as_json()


def _judge(question: dict[str, Any]) -> dict[str, Any]:
    """As :class:`benchmarks.side_by_side.quality.Quality` has it; "across" asks for cross-validation."""
    return {**_answers(), **(of_folds(list(predict_left_out())) if question["across"] else {})}


if __name__ == "__main__":
    answer_parent(_judge)
