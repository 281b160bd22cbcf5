"""Does what was found fit the question, fit perhaps, or not at all?

Rejecting is as important as finding. Two witnesses are heard: the search (how likely is it that the best
passage answers, and that none does) and the intents (how likely is it that this is about something else).
Their weights, and the probability from which they convince, stand in ``calibration.json``; the thresholds
below were chosen on the development set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from kalm.articles import Passage
from kalm.search.calibration import FitCalibration, witness_features
from kalm.search.match import Match

SECOND_FROM = 0.5
"""Share of the best passage's probability from which the second one is shown beside it."""

MAYBE_FROM = 0.25
"""Probability from which Kalm asks which subject is meant."""

CLEAR_FROM = 0.95
"""Probability from which words alone decide that the best passage answers. Chosen on the development set,
where right and wrong answers stay as they were. That nothing answers is no matter of words: another word for
the same may be meant."""

_CHOICES = 4


class Fit(Enum):
    """How well the best passage fits."""

    FITS = "fits"
    MAYBE = "maybe"
    NOT = "does not fit"


@dataclass(frozen=True)
class Verdict:
    """The judgement.

    Attributes:
        fit: how well the best passage fits.
        probability: that what is shown holds the answer, after hearing both witnesses.
        passages: to show or to choose from, best first; empty when nothing fits.
    """

    fit: Fit
    probability: float
    passages: tuple[Passage, ...]


def judge(matches: Sequence[Match], out_of_scope: float, calibration: FitCalibration) -> Verdict:
    """Judge search results.

    Args:
        matches: best first.
        out_of_scope: probability, by the intents, that the message is about something else.
        calibration: weights of the witnesses.
    """
    if not matches:
        return Verdict(Fit.NOT, 0.0, ())
    shown = together(matches)
    probability = _probability(matches, out_of_scope, calibration)
    if probability >= calibration.fits_from:
        return Verdict(Fit.FITS, probability, tuple(match.passage for match in shown))
    if probability >= MAYBE_FROM:
        return Verdict(Fit.MAYBE, probability, tuple(match.passage for match in matches[:_CHOICES]))
    return Verdict(Fit.NOT, probability, ())


def is_clear(matches: Sequence[Match], calibration: FitCalibration) -> bool:
    """Whether what words alone found leaves no doubt that is worth a second look.

    Args:
        matches: best first.
        calibration: weights of the witnesses, of which the one of the intents is not heard yet.
    """
    if not matches:  # there was no word to look for
        return True
    return _probability(matches, 0.0, calibration) >= CLEAR_FROM


def _probability(matches: Sequence[Match], out_of_scope: float, calibration: FitCalibration) -> float:
    return 1.0 if matches[0].is_exact else calibration.probability(witnesses(matches, out_of_scope))


def witnesses(matches: Sequence[Match], out_of_scope: float) -> tuple[float, ...]:
    """What both witnesses say of the passages that would be shown; ``matches`` holds at least one."""
    shown = together(matches)
    second = shown[1].probability if len(shown) > 1 else None
    return witness_features(shown[0].probability, second, out_of_scope, shown[0].nothing)


def together(matches: Sequence[Match]) -> list[Match]:
    """The best match, with the second where that is nearly as likely; never beside an exact one."""
    best = matches[0]
    second = [match for match in matches[1:2] if match.probability >= SECOND_FROM * best.probability]
    return [best] if best.is_exact else [best, *second]
