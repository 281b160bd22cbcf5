from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalm.articles import Passage
from kalm.search import Match
from kalm.search.calibration import FitCalibration
from kalm.search.fit import CLEAR_FROM, Fit, Verdict, is_clear, judge

NEUTRAL = FitCalibration((1.0, 0.0, 0.0, 0.0, 0.0), 0.0, fits_from=0.7)
"""Believes the search and hears no other witness."""
STRICT = FitCalibration((1.0, 0.0, 0.0, -3.0, 0.0), 0.0, fits_from=0.7)
ORDER = [Fit.NOT, Fit.MAYBE, Fit.FITS]
PROBABILITY = st.floats(0, 1)


def verdict(
    passages: tuple[Passage, ...],
    *probabilities: float,
    out_of_scope: float = 0.0,
    calibration: FitCalibration = NEUTRAL,
) -> Verdict:
    matches = [Match(passage, value, ()) for passage, value in zip(passages, probabilities, strict=False)]
    return judge(matches, out_of_scope, calibration)


def test_nothing_found_does_not_fit(passages: tuple[Passage, ...]) -> None:
    assert verdict(passages) == Verdict(Fit.NOT, 0.0, ())


@pytest.mark.parametrize(("best", "fit"), [(0.9, Fit.FITS), (0.4, Fit.MAYBE), (0.05, Fit.NOT)])
def test_the_likelier_the_better_the_fit(passages: tuple[Passage, ...], best: float, fit: Fit) -> None:
    assert verdict(passages, best, best / 2, 0.01).fit is fit


@given(first=PROBABILITY, second=PROBABILITY, out=PROBABILITY)
def test_fit_never_falls_as_the_search_grows_surer(
    passages: tuple[Passage, ...], first: float, second: float, out: float
) -> None:
    low, high = (
        verdict(passages, value, out_of_scope=out, calibration=STRICT) for value in sorted((first, second))
    )
    assert ORDER.index(low.fit) <= ORDER.index(high.fit)


@given(best=PROBABILITY, first=PROBABILITY, second=PROBABILITY)
def test_fit_never_rises_as_the_message_leaves_the_scope(
    passages: tuple[Passage, ...], best: float, first: float, second: float
) -> None:
    inside, outside = (
        verdict(passages, best, out_of_scope=value, calibration=STRICT) for value in sorted((first, second))
    )
    assert ORDER.index(outside.fit) <= ORDER.index(inside.fit)


@given(out=PROBABILITY)
def test_an_editors_own_question_fits_whatever_the_intents_say(
    passages: tuple[Passage, ...], out: float
) -> None:
    exact, other = Match(passages[0], 1.0, (), is_exact=True), Match(passages[1], 0.99, ())
    found = judge([exact, other], out, STRICT)
    assert (found.fit, found.passages) == (Fit.FITS, passages[:1])


@given(best=PROBABILITY, second=PROBABILITY, third=PROBABILITY)
def test_at_most_two_are_shown_four_offered_and_none_when_nothing_fits(
    passages: tuple[Passage, ...], best: float, second: float, third: float
) -> None:
    values = sorted((best, second, third, third, third, third), reverse=True)
    found = verdict(passages, *values)
    assert len(found.passages) <= {Fit.FITS: 2, Fit.MAYBE: 4, Fit.NOT: 0}[found.fit]
    assert found.passages == passages[: len(found.passages)]


def test_second_passage_is_shown_only_when_nearly_as_likely(passages: tuple[Passage, ...]) -> None:
    assert verdict(passages, 0.8, 0.7).passages == passages[:2]
    assert verdict(passages, 0.8, 0.1).passages == passages[:1]


def test_the_calibration_says_from_where_it_fits(passages: tuple[Passage, ...]) -> None:
    for fits_from, fit in ((0.6, Fit.FITS), (0.65, Fit.MAYBE)):
        calibration = FitCalibration((1.0, 0.0, 0.0, 0.0, 0.0), 0.0, fits_from)
        assert verdict(passages, 0.62, calibration=calibration).fit is fit


def test_a_classifier_that_expects_no_answer_speaks_against_the_passage(
    passages: tuple[Passage, ...],
) -> None:
    doubting = FitCalibration((1.0, 0.0, 0.0, 0.0, -1.0), 0.0, fits_from=0.7)
    for nothing, fit in ((0.05, Fit.FITS), (0.9, Fit.NOT)):
        assert judge([Match(passages[0], 0.7, (), nothing)], 0.0, doubting).fit is fit


@pytest.mark.parametrize(
    ("probability", "clear"), [(CLEAR_FROM + 0.01, True), (CLEAR_FROM - 0.01, False), (0.001, False)]
)
def test_words_are_clear_only_when_they_are_sure_that_it_answers(
    passages: tuple[Passage, ...], probability: float, clear: bool
) -> None:
    assert is_clear([Match(passages[0], probability, ())], NEUTRAL) is clear


def test_an_exact_question_is_clear_and_so_is_nothing_at_all(passages: tuple[Passage, ...]) -> None:
    never = FitCalibration((0.0, 0.0, 0.0, 0.0, 0.0), 0.0, fits_from=1.0)
    assert not is_clear([Match(passages[0], 1.0, ())], never)
    assert is_clear([Match(passages[0], 1.0, (), is_exact=True)], never)
    assert is_clear([], never)
