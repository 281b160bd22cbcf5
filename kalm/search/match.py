"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass

from kalm.articles import Passage


@dataclass(frozen=True)
class Match:
    """A passage that may answer the question.

    Attributes:
        passage: the passage.
        probability: that it answers, between 0 and 1, calibrated on the development set.
        features: what it rests on, in the order of :func:`kalm.search.calibration.feature_names`.
        nothing: probability, by the classifier, that no passage answers; equal for all matches of a question.
        is_exact: whether the visitor asked, to the letter, what an editor wrote for this passage.
        with_meaning: whether the meaning of the sentence was looked at, or words and letters alone; equal for
            all matches of a question.
    """

    passage: Passage
    probability: float
    features: tuple[float, ...]
    nothing: float = 0.0
    is_exact: bool = False
    with_meaning: bool = False
