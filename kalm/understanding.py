"""What the intent classifier made of a message, in the terms that answering needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

KNOWLEDGE = ("ask_rls", "ask_treatment", "ask_product")
_OUT_OF_SCOPE = "out_of_scope"
NLU_FALLBACK = "nlu_fallback"
INTENT_OF_DANGER = {"emergency": "report_emergency", "crisis": "report_crisis"}
"""The intent of each kind of danger."""

_DANGER = tuple(INTENT_OF_DANGER.values())
_SURE = 0.6
_PERSONAL = "ask_personal_advice"
_SUSPECTED = 0.5
"""From this probability on, danger counts even where the classifier was unsure of everything."""

_SUSPECTED_THOUGH_TAKEN_BACK = 0.9
"""The same for a message whose words of danger are denied, of long ago or a figure of speech, and for a
crisis in one that has a kind word of its own."""

_CHOSEN_FROM = 0.3
"""Least probability of the intent that follows where a danger was none; ``config.yml`` has the same."""

_PERHAPS = 0.1
_FORGET = "forget_me"
_CLEAR_REQUEST = 0.5


@dataclass(frozen=True)
class Understanding:
    """Probabilities per intent, as far as the classifier gave them.

    Attributes:
        ranking: intent to probability, without the fallback intent.
    """

    ranking: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of_ranking(cls, ranking: Iterable[Mapping[str, Any]]) -> Understanding:
        """From Rasa's list of ``{"name": ..., "confidence": ...}``."""
        return cls(
            {
                str(guess["name"]): float(guess["confidence"])
                for guess in ranking
                if guess.get("name") and guess["name"] != NLU_FALLBACK
            }
        )

    @property
    def out_of_scope(self) -> float:
        """Probability that the message is about something else."""
        return self.ranking.get(_OUT_OF_SCOPE, 0.0)

    @property
    def likeliest(self) -> str:
        """The intent with the highest probability, or "" when there is none."""
        return max(self.ranking, key=self.ranking.__getitem__, default="")

    @property
    def is_sure(self) -> bool:
        """Whether the likeliest intent needs no second opinion."""
        return self.ranking.get(self.likeliest, 0.0) >= _SURE

    @property
    def is_out_of_scope(self) -> bool:
        """Whether "out of scope" is the likeliest intent."""
        return self.likeliest == _OUT_OF_SCOPE

    @property
    def is_sure_knowledge(self) -> bool:
        """Whether it is surely a question for the articles."""
        return self.likeliest in KNOWLEDGE and self.is_sure

    @property
    def may_be_personal(self) -> bool:
        """Whether a personal medical decision is what the message asks, or nearly so."""
        return self.ranking.get(_PERSONAL, 0.0) >= _PERHAPS

    @property
    def asks_to_forget(self) -> bool:
        """Whether it is clear enough a request to be forgotten: by mistake, a pregnancy would be."""
        return self.ranking.get(_FORGET, 0.0) >= _CLEAR_REQUEST

    def suspected_danger(self, taken_back: bool = False, has_kind_word: bool = False) -> str | None:
        """The intent of a danger that must not be passed over, whatever else the message seems to be.

        Args:
            taken_back: the message has words of danger, but takes them back (:mod:`kalm.safety.danger`).
            has_kind_word: it is of grief, fear or exhaustion, and gets the word for that
                (:mod:`kalm.safety.comfort`).
        """
        intent = max(_DANGER, key=lambda name: self.ranking.get(name, 0.0))
        # "Ik heb alles ingenomen" is an emergency or a crisis: which of the two need not be clear.
        either = sum(self.ranking.get(name, 0.0) for name in _DANGER)
        must_be_sure = taken_back or (has_kind_word and intent == INTENT_OF_DANGER["crisis"])
        return intent if either >= (_SUSPECTED_THOUGH_TAKEN_BACK if must_be_sure else _SUSPECTED) else None

    def leaves_danger_open(self, present: str | None) -> bool:
        """Whether :meth:`intent_after_danger` can give an intent; most messages have nothing of danger.

        Args:
            present: the winner so far, which may be the fallback.
        """
        return present in _DANGER or self.suspected_danger() is not None

    def intent_after_danger(
        self, present: str | None, taken_back: bool, has_kind_word: bool = False
    ) -> str | None:
        """The intent that must take the place of the present one, or None where that one can stay.

        Args:
            present: the winner so far, which may be the fallback.
            taken_back: as in :meth:`suspected_danger`.
            has_kind_word: as there.
        """
        suspected = self.suspected_danger(taken_back, has_kind_word)
        if suspected is not None or present not in _DANGER:
            return suspected
        others = {name: chance for name, chance in self.ranking.items() if name not in _DANGER}
        best = max(others, key=others.__getitem__, default=NLU_FALLBACK)
        return best if others.get(best, 0.0) >= _CHOSEN_FROM else NLU_FALLBACK
