"""Does what was found fit the question, fit perhaps, or not at all?

Rejecting is as important as finding. The thresholds were chosen on the development set; the curves
behind them are in the report of ``make evaluate``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from kalm.articles import Passage
from kalm.search.index import Match

FITS_FROM = 0.5
"""Probability from which a passage answers a message that sounds like a question on the subject."""

FITS_FROM_ELSEWHERE = 0.85
"""The same for a message that sounds like something else."""

MAYBE_FROM = 0.25
SECOND_FROM = 0.35
"""Probability from which a second passage is shown beside the first."""

SOUNDS_LIKE_KNOWLEDGE = 0.5
_CHOICES = 4


class Fit(Enum):
    """How well the best passage fits."""

    FITS = "fits"
    MAYBE = "maybe"
    NOT = "does not fit"


@dataclass(frozen=True)
class Verdict:
    """The fit, and the passages to show or to choose from, best first (empty when nothing fits)."""

    fit: Fit
    passages: tuple[Passage, ...]


def judge(matches: Sequence[Match], knowledge: float) -> Verdict:
    """Judge search results.

    Args:
        matches: best first.
        knowledge: probability, by the intents, that the message asks about the subject at all.
    """
    if not matches:
        return Verdict(Fit.NOT, ())
    on_subject = knowledge >= SOUNDS_LIKE_KNOWLEDGE
    best = matches[0].probability
    if best >= (FITS_FROM if on_subject else FITS_FROM_ELSEWHERE):
        shown = [matches[0], *(match for match in matches[1:2] if match.probability >= SECOND_FROM)]
        return Verdict(Fit.FITS, tuple(match.passage for match in shown))
    if best >= MAYBE_FROM and on_subject:
        return Verdict(Fit.MAYBE, tuple(match.passage for match in matches[:_CHOICES]))
    return Verdict(Fit.NOT, ())
