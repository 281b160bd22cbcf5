"""The form of one message: what was typed, and whether it can be kept."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from kalm.understanding import NLU_FALLBACK
from review.judging.comments import refuse_too_long
from review.judging.judgements import LONGEST_PROPOSAL, NOT_THERE, Judgement
from review.judging.passages import all_passages
from review.judging.sentences import JudgementError, Mark, read_marks, tidied, what_is_wrong_with
from review.requests import ReviewRequest
from review.whole_numbers import whole_number
from review.words import INTENTS

CHOICES = tuple(name for name in INTENTS if name not in ("", NLU_FALLBACK))
"""The intents that a message can have."""


class Decision(str, Enum):
    """What a reviewer does with a message, as the form says it."""

    JUDGE = "bewaar"
    SKIP = "overslaan"
    EXCLUDE = "buiten"


@dataclass(frozen=True)
class Draft:
    """What stands in the form; all of it comes back when it cannot be kept.

    Attributes:
        decision: what was pressed.
        version: of the item when the page was opened.
        intent: that was chosen, or "".
        sentence: to learn from.
        marks: marked words, as JSON.
        passage: that was chosen, or "".
        proposal: a new intent, or "".
        comment: for the others, or "".
        alike: until when messages that are alike were typed that go along, in seconds since 1970, 0 for
            none: nobody saw what came in since the page was opened.
        sure: whether it was confirmed that a danger is none.
    """

    decision: Decision
    version: int
    intent: str
    sentence: str
    marks: str
    passage: str = ""
    proposal: str = ""
    comment: str = ""
    alike: float = math.inf
    sure: bool = False

    @classmethod
    def of(cls, asked: ReviewRequest) -> Draft:
        """From a form that was sent."""
        decision = asked.value("wat")
        return cls(
            decision=Decision(decision) if decision in set(Decision) else Decision.JUDGE,
            version=whole_number(asked.value("versie")) or 0,
            intent=asked.value("bedoeling"),
            sentence=tidied(asked.value("zin")),
            marks=asked.value("woorden") or "[]",
            passage=asked.value("passage"),
            proposal=tidied(asked.value("voorstel")),
            comment=asked.value("opmerking"),
            alike=_moment(asked.value("gelijke")),
            sure=bool(asked.value("zeker")),
        )

    @property
    def is_only_proposal(self) -> bool:
        """Whether no intent fits and a new one is wished for: then there is nothing to learn from yet."""
        return self.decision is Decision.JUDGE and not self.intent and bool(self.proposal)

    def judgement(self) -> Judgement | None:
        """What is to be kept; None for a message that is skipped.

        Raises:
            JudgementError: something is missing or cannot be kept; says what in Dutch.
        """
        self._refuse_what_is_too_long()
        if self.decision is Decision.SKIP:
            return None
        if self.decision is Decision.EXCLUDE or self.is_only_proposal:
            self._refuse_unknown_passage()
            return Judgement(self.sentence, "", (), self.passage, self.proposal)
        if self.intent not in CHOICES:
            raise JudgementError(
                "Kies wat de bezoeker bedoelde. Past niets? Stel dan een nieuwe bedoeling voor."
            )
        if wrong := what_is_wrong_with(self.sentence):
            raise JudgementError(wrong)
        self._refuse_unknown_passage()
        marks = read_marks(self.sentence, _json(self.marks))
        return Judgement(self.sentence, self.intent, marks, self.passage, self.proposal)

    def _refuse_what_is_too_long(self) -> None:
        refuse_too_long(self.comment)
        if len(self.proposal) > LONGEST_PROPOSAL:
            raise JudgementError(f"De nieuwe bedoeling is te lang: hooguit {LONGEST_PROPOSAL} tekens.")

    def _refuse_unknown_passage(self) -> None:
        known = {"", NOT_THERE, *(passage.id for passage in all_passages())}
        if self.passage not in known:
            raise JudgementError("Het stukje tekst dat je koos staat er niet meer. Kies een ander.")


def marks_as_json(sentence: str, marks: Sequence[Mark]) -> str:
    """Marks for the form, each with the words that stand there."""
    said = [{**mark.as_data, "value": sentence[mark.start : mark.end]} for mark in marks]
    return json.dumps(said, ensure_ascii=False)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _moment(written: str) -> float:
    """Seconds since 1970 as the page wrote them; 0 for anything else."""
    try:
        found = float(written)
    except ValueError:
        return 0.0
    return found if found > 0 else 0.0
