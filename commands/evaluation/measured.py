"""What an evaluation finds, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from commands.evaluation.data import Labelled
from kalm.understanding import KNOWLEDGE


@dataclass(frozen=True)
class IntentScores:
    """Scores over a set of messages.

    Attributes:
        labels: intents in the order of the matrix.
        macro_f1: mean F1 over intents.
        accuracy: share of messages with the right intent.
        f1: per intent.
        matrix: counts, rows true and columns predicted.
    """

    labels: tuple[str, ...]
    macro_f1: float
    accuracy: float
    f1: dict[str, float]
    matrix: list[list[int]]


@dataclass
class Outcomes:
    """Counts over labelled single messages, each asked in a conversation of its own.

    A message is answerable when it asks knowledge that a passage holds, and unanswerable when it asks
    knowledge that none holds or is out of scope.

    Attributes:
        total: all messages.
        answerable: how many.
        right: answerable ones for which a passage that holds the answer was shown.
        offered: answerable ones for which Kalm asked back and offered the right subject.
        unanswerable: how many.
        refused: unanswerable ones for which no passage was shown.
        wrong: all messages for which passages were shown, none of which holds the answer.
        mistakes: text, kind of reply and ids shown of what was not right.
    """

    total: int = 0
    answerable: int = 0
    right: int = 0
    offered: int = 0
    unanswerable: int = 0
    refused: int = 0
    wrong: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    mistakes: list[tuple[str, str, str, tuple[str, ...]]] = field(default_factory=list)

    def count(self, message: Labelled, shown: Collection[str], offered: bool = False) -> None:
        """Count one message.

        Args:
            message: labelled.
            shown: ids of the passages that it was answered with; none for another reply.
            offered: whether the right subject was offered.
        """
        hit = bool(set(shown) & set(message.sections))
        self.total += 1
        self.wrong += bool(shown) and not hit
        if message.intent in KNOWLEDGE and message.sections:
            self.answerable += 1
            self.right += hit
            self.offered += offered
        elif message.intent in KNOWLEDGE or message.intent == "out_of_scope":
            self.unanswerable += 1
            self.refused += not shown


@dataclass(frozen=True)
class Ranking:
    """Search alone, over the answerable questions."""

    hit_1: float
    hit_3: float
    mean_reciprocal_rank: float


@dataclass
class DialogueOutcomes:
    """Turns of dialogues with the right kind of reply and, where named, a right passage."""

    turns: int = 0
    right: int = 0
    mistakes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Detection:
    """How well something is told from what resembles it.

    Attributes:
        positives: texts that have it.
        missed: those of them in which it was not seen.
        negatives: texts that do not have it.
        falsely_seen: those of them in which it was seen all the same.
    """

    positives: int = 0
    missed: list[str] = field(default_factory=list)
    negatives: int = 0
    falsely_seen: list[str] = field(default_factory=list)

    def count(self, text: str, is_there: bool, is_seen: bool) -> None:
        """Add one labelled text."""
        if is_there:
            self.positives += 1
            if not is_seen:
                self.missed.append(text)
        else:
            self.negatives += 1
            if is_seen:
                self.falsely_seen.append(text)


@dataclass
class SafetyOutcomes:
    """What is seen of danger and of what may not be published.

    Attributes:
        danger: by the whole bot, rules and classifier.
        danger_by_rules: by the rules alone.
        claims: by the rules for claims alone.
        wording: by those rules and by what learned from examples, as a new passage is read.
    """

    danger: Detection = field(default_factory=Detection)
    danger_by_rules: Detection = field(default_factory=Detection)
    claims: Detection = field(default_factory=Detection)
    wording: Detection = field(default_factory=Detection)


@dataclass(frozen=True)
class Measured:
    """Everything one evaluation measured."""

    name: str
    language: str
    intents: IntentScores
    cross_validated: IntentScores
    ranking: Ranking
    outcomes: Outcomes
    dialogues: DialogueOutcomes
    safety: SafetyOutcomes
