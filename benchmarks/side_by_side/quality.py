"""How well each understands and answers, in the same words for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.side_by_side.stock_project import RETRIEVAL, folded, passage_of
from commands.evaluation.data import Labelled
from commands.evaluation.intents import score, score_of_all
from commands.evaluation.measured import IntentScores, Outcomes


@dataclass(frozen=True)
class Quality:
    """Shares, between 0 and 1; None for what was not measured or does not exist.

    Attributes:
        right: of the questions that a passage answers, those for which such a passage was shown.
        wrong: of all messages, those for which passages were shown, none of which holds the answer.
        refused: of what no passage answers, that for which none was shown.
        right_at_first: as ``right``, by the first passage that was shown alone.
        wrong_at_first: as ``wrong``, by that one alone.
        accuracy: of the intents, with the three about knowledge counted as one.
        macro_f1: of the same.
        accuracy_of_all: of all 22 intents.
        macro_f1_of_all: of the same.
        accuracy_across: of all 22 intents, on sentences left out of the training, in all folds.
        macro_f1_across: of the same.
        accuracy_of_first_fold: of those left out in the first fold alone.
        macro_f1_of_first_fold: of the same.
    """

    right: float
    wrong: float
    refused: float
    right_at_first: float | None = None
    wrong_at_first: float | None = None
    accuracy: float | None = None
    macro_f1: float | None = None
    accuracy_of_all: float | None = None
    macro_f1_of_all: float | None = None
    accuracy_across: float | None = None
    macro_f1_across: float | None = None
    accuracy_of_first_fold: float | None = None
    macro_f1_of_first_fold: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The same as JSON holds it."""
        return asdict(self)


def count_answers(messages: Sequence[Labelled], shown: Sequence[Sequence[str]]) -> Outcomes:
    """Count what was shown, as it is counted for Kalm.

    Args:
        messages: n, labelled.
        shown: ids of the passages that each was answered with, n times; none for another reply.
    """
    outcomes = Outcomes()
    for message, passages in zip(messages, shown, strict=True):
        outcomes.count(message, passages)
    return outcomes


def quality_of(
    outcomes: Outcomes,
    at_first: Outcomes,
    folded_scores: IntentScores | None = None,
    all_scores: IntentScores | None = None,
) -> Quality:
    """The shares.

    Args:
        outcomes: of the answers.
        at_first: of the first passage of each answer alone; the same for who shows no more than one.
        folded_scores: of intents with the three about knowledge as one.
        all_scores: of all 22 intents.
    """
    return Quality(
        right=outcomes.right / outcomes.answerable,
        wrong=outcomes.wrong / outcomes.total,
        refused=outcomes.refused / outcomes.unanswerable,
        right_at_first=at_first.right / at_first.answerable,
        wrong_at_first=at_first.wrong / at_first.total,
        accuracy=folded_scores.accuracy if folded_scores else None,
        macro_f1=folded_scores.macro_f1 if folded_scores else None,
        accuracy_of_all=all_scores.accuracy if all_scores else None,
        macro_f1_of_all=all_scores.macro_f1 if all_scores else None,
    )


def of_folds(predicted: Sequence[tuple[Sequence[str], Sequence[str]]]) -> dict[str, float]:
    """What cross-validation found, by the names that :class:`Quality` has for it.

    Args:
        predicted: of each fold the right intents and those predicted.
    """
    scores = score_of_all(predicted)
    all_folds = {"accuracy_across": scores.accuracy, "macro_f1_across": scores.macro_f1}
    return {**all_folds, **of_first_fold(score(*predicted[0]))}


def of_first_fold(scores: IntentScores) -> dict[str, float]:
    """The same of the first fold alone."""
    return {"accuracy_of_first_fold": scores.accuracy, "macro_f1_of_first_fold": scores.macro_f1}


def shown_by_stock(parse: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of the passages that the stock bot would say: one or none.

    Args:
        parse: as :func:`benchmarks.side_by_side.parsing.gist` gives it.
    """
    if parse["intent"] != RETRIEVAL or not parse["response"]:
        return ()
    passage = passage_of(parse["response"])
    return () if passage is None else (passage,)


def quality_of_stock(messages: Sequence[Labelled], parses: Sequence[Mapping[str, Any]]) -> Quality:
    """Judge the stock bot by what its model says of labelled messages."""
    scores = score([folded(message.intent) for message in messages], [one["likeliest"] for one in parses])
    outcomes = count_answers(messages, [shown_by_stock(one) for one in parses])
    return quality_of(outcomes, outcomes, scores)
