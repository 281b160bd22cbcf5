"""How often two people say the same of a message, per intent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from review.judging.undo import is_of
from review.states import ItemState
from storage.schema import judgement_steps

LEAST_FOR_A_SHARE = 10
"""Judgements below which a percentage would say more than is known."""

LEAST_FOR_KAPPA = 20


@dataclass(frozen=True)
class Agreement:
    """How often the second person agreed about one intent.

    Attributes:
        intent: that the first person chose.
        looked_at: judgements that got a second look.
        agreed: those that were approved, by somebody who had not chosen another intent first.
        sent_back: those that were sent back.
        blind: messages for which the second person chose before seeing the judgement, where one of the two
            chose this intent.
        kappa: Cohen's kappa over the messages of which both chose without knowing of each other, this intent
            against all others; None with fewer than :data:`LEAST_FOR_KAPPA` of them.
    """

    intent: str
    looked_at: int
    agreed: int
    sent_back: int
    blind: int
    kappa: float | None

    @property
    def share(self) -> float | None:
        """How often they agreed, from 0 to 1; None when there is too little to say so."""
        return self.agreed / self.looked_at if self.looked_at >= LEAST_FOR_A_SHARE else None


def per_intent(connection: Connection) -> list[Agreement]:
    """Agreement on each intent that somebody looked at, what was looked at most first."""
    looked: dict[str, Counter[str]] = defaultdict(Counter)
    both: Counter[tuple[str, str]] = Counter()
    for first, second, became, number in _looks(connection):
        looked[first]["all"] += number
        looked[first]["sent_back"] += number if became == ItemState.SENT_BACK.value else 0
        agrees = became == ItemState.APPROVED.value and second in ("", first)
        looked[first]["agreed"] += number if agrees else 0
        if second:
            both[first, second] += number
    found = [
        Agreement(intent, of["all"], of["agreed"], of["sent_back"], *_blind(both, intent))
        for intent, of in looked.items()
    ]
    return sorted(found, key=lambda one: (-one.looked_at, one.intent))


def kappa(both: int, first_only: int, second_only: int, neither: int) -> float | None:
    """Cohen's kappa of two people who each said yes or no.

    J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20
    (1960): (observed - expected) / (1 - expected).

    Returns:
        1 for always the same, 0 for what chance would give; None where chance alone gives full agreement.
    """
    total = both + first_only + second_only + neither
    if not total:
        return None
    observed = (both + neither) / total
    first, second = (both + first_only) / total, (both + second_only) / total
    expected = first * second + (1 - first) * (1 - second)
    return None if expected >= 1 else (observed - expected) / (1 - expected)


def _blind(pairs: Mapping[tuple[str, str], int], intent: str) -> tuple[int, float | None]:
    both = pairs.get((intent, intent), 0)
    first_only = sum(n for (first, second), n in pairs.items() if first == intent != second)
    second_only = sum(n for (first, second), n in pairs.items() if second == intent != first)
    about_it = both + first_only + second_only
    if about_it < LEAST_FOR_KAPPA:
        return about_it, None
    neither = sum(pairs.values()) - about_it
    return about_it, kappa(both, first_only, second_only, neither)


def _looks(connection: Connection) -> list[tuple[str, str, str, int]]:
    """The first person's intent, the second's or "", what became of it, and how often.

    Of the steps, not of the judgements: those that were sent back are judged anew.
    """
    before, became = judgement_steps.c.before, judgement_steps.c.became
    wanted = (
        before[("judgement", "intent")].as_string(),
        before[("judgement", "second_intent")].as_string(),
        became,
    )
    rows = connection.execute(
        sa.select(*wanted, sa.func.count())
        .where(is_of(second_look=True))
        .where(before["state"].as_string() == ItemState.JUDGED.value)
        .group_by(*wanted)
    )
    return [(first or "", second or "", became, int(number)) for first, second, became, number in rows]
