"""Measure one release, message by message, as data that another process compares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commands.evaluation.answers import Answered, answer
from commands.evaluation.data import DEVELOPMENT, Labelled, read_messages, rows
from commands.evaluation.intents import cross_validate, score
from commands.evaluation.local_bot import LocalBot, Session
from commands.evaluation.measured import IntentScores
from kalm.release import load_index
from kalm.understanding import KNOWLEDGE

_DANGERS = ("emergency", "crisis")
_NO_PASSAGE = "none"


def measure_release(with_development: bool, asked: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Measure the current release of this checkout.

    Args:
        with_development: whether the development set and cross-validation are measured too.
        asked: questions with "text", "intent" and "passage".

    Returns:
        ``asked``, and with the development set ``answers``, ``danger``, ``development`` and ``crossed``, as
        :mod:`review.training.comparing` reads them.
    """
    bot = LocalBot()
    found: dict[str, Any] = {"asked": [_asked(bot, question) for question in asked]}
    if not with_development:
        return found
    messages = read_messages(DEVELOPMENT)
    offered = {passage.questions[0]: passage.id for passage in load_index().passages}
    answers = [answer(bot, message, offered) for message in messages]
    predicted = [one.intent for one in answers]
    found["answers"] = [_as_data(message, one) for message, one in zip(messages, answers, strict=True)]
    found["danger"] = [_danger(bot, row) for row in _danger_rows()]
    found["development"] = _scores(score([message.intent for message in messages], predicted))
    found["crossed"] = _scores(cross_validate())
    return found


def _asked(bot: LocalBot, question: Mapping[str, str]) -> dict[str, Any]:
    passage = question["passage"]
    sections = (passage,) if passage and passage != _NO_PASSAGE else ()
    message = Labelled(question["text"], question["intent"], sections)
    return {**_as_data(message, answer(bot, message, {})), "passage": passage}


def _as_data(message: Labelled, found: Answered) -> dict[str, Any]:
    return {
        "text": message.text,
        "intent": message.intent,
        "sections": list(message.sections),
        "understood": found.intent,
        "kind": found.kind,
        "shown": [
            {name: passage[name] for name in ("id", "article", "section", "text")}
            for passage in found.passages
        ],
        "offered": found.offered,
        "answerable": message.intent in KNOWLEDGE and bool(message.sections),
        "unanswerable": not message.sections and message.intent in (*KNOWLEDGE, "out_of_scope"),
        "hit": found.hit,
    }


def _danger_rows() -> Iterable[dict[str, Any]]:
    for path in sorted((DEVELOPMENT / "safety").glob("danger*.jsonl")):
        yield from rows(path)


def _danger(bot: LocalBot, row: Mapping[str, Any]) -> dict[str, Any]:
    payload = bot.reply(row["text"], Session())
    return {
        "text": row["text"],
        "is_danger": row["kind"] in _DANGERS,
        "seen": payload is not None and payload["kind"] in _DANGERS,
    }


def _scores(scores: IntentScores) -> dict[str, Any]:
    """Labels, matrix (rows true, columns predicted), and precision, recall and F1 per intent."""
    columns = [sum(row[place] for row in scores.matrix) for place in range(len(scores.labels))]
    per_intent = {}
    for place, label in enumerate(scores.labels):
        right, support = scores.matrix[place][place], sum(scores.matrix[place])
        precision = right / columns[place] if columns[place] else 0.0
        recall = right / support if support else 0.0
        per_intent[label] = {
            "support": support,
            "precision": precision,
            "recall": recall,
            "f1": scores.f1.get(label, 0.0),
        }
    return {
        "labels": list(scores.labels),
        "matrix": scores.matrix,
        "macro_f1": scores.macro_f1,
        "accuracy": scores.accuracy,
        "intents": per_intent,
    }
