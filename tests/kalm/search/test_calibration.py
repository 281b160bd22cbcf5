from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalm.search import FEATURE_NAMES
from kalm.search.calibration import (
    Calibration,
    FitCalibration,
    fit_passage,
    fit_verdict,
    load_calibration,
    save_calibration,
    witness_features,
)

WEIGHT = st.floats(-20, 20).map(lambda weight: round(weight, 4))
SIZE = len(FEATURE_NAMES)


@given(
    weights=st.lists(WEIGHT, min_size=SIZE, max_size=SIZE).map(tuple),
    fits=st.lists(WEIGHT, min_size=4, max_size=4).map(tuple),
    bias=WEIGHT,
)
def test_saved_calibration_is_loaded_the_same(
    tmp_path_factory: pytest.TempPathFactory, weights: tuple[float, ...], fits: tuple[float, ...], bias: float
) -> None:
    path = tmp_path_factory.getbasetemp() / "calibration.json"
    saved = Calibration(weights, bias), FitCalibration(fits, -bias)
    save_calibration(*saved, path)
    assert load_calibration(path) == saved


def test_weights_are_read_by_name_not_by_place(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    passage = Calibration(tuple(float(place) for place in range(SIZE)), 0.5)
    save_calibration(passage, FitCalibration((1.0, 2.0, 3.0, 4.0), 0.0), path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["passage"]["weights"] = dict(reversed(content["passage"]["weights"].items()))
    path.write_text(json.dumps(content), encoding="utf-8")
    assert load_calibration(path)[0] == passage


def test_feature_without_weight_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    save_calibration(Calibration((0.0,) * SIZE, 0.0), FitCalibration((0.0,) * 4, 0.0), path)
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["passage"]["weights"]["coverage"]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(KeyError, match="coverage"):
        load_calibration(path)


def test_kept_calibration_has_a_weight_for_every_feature() -> None:
    passage, fits = load_calibration()
    assert len(passage.weights) == SIZE
    assert len(fits.weights) == 4
    assert fits.weights[0] > 0, "a likelier passage must fit better"
    assert fits.weights[3] < 0, "being out of scope must speak against the passage"


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2))
def test_probability_stays_between_0_and_1(values: list[float]) -> None:
    assert 0.0 <= Calibration((3.0, -2.0), 1.0).probability(values) <= 1.0


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_fit_grows_with_the_search_and_falls_with_out_of_scope(
    first: float, second: float, other: float
) -> None:
    low, high = sorted((first, second))
    calibration = FitCalibration((1.0, 0.2, 0.1, -2.0), 0.0)
    assert calibration.probability(high, None, other) >= calibration.probability(low, None, other)
    assert calibration.probability(other, low, high) <= calibration.probability(other, low, low)


def test_certain_search_results_keep_finite_log_odds() -> None:
    for certain in (0.0, 1.0):
        assert all(abs(value) < 20 for value in witness_features(certain, certain, 0.0))


def test_a_passage_alone_is_no_unlikely_second() -> None:
    alone, unlikely = witness_features(0.8, None, 0.0), witness_features(0.8, 0.0, 0.0)
    assert alone[0] == unlikely[0]
    assert alone != unlikely


def test_wrong_number_of_features_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        Calibration((1.0, 2.0), 0.0).probability([1.0])


def test_fitted_weights_tell_right_from_wrong() -> None:
    rows = [[0.9, 0.1], [0.8, 0.3], [0.2, 0.2], [0.1, 0.1], [0.95, 0.2], [0.05, 0.3]]
    right = [True, True, False, False, True, False]
    passage = fit_passage(rows, right)
    assert passage.probability([0.9, 0.2]) > 0.5 > passage.probability([0.1, 0.2])
    verdict = fit_verdict([witness_features(row[0], None, row[1]) for row in rows], right)
    assert verdict.probability(0.9, None, 0.2) > 0.5 > verdict.probability(0.1, None, 0.2)


@pytest.mark.parametrize("right", [[True, True], [False, False]])
def test_fitting_needs_right_and_wrong(right: list[bool]) -> None:
    with pytest.raises(ValueError, match="right and wrong"):
        fit_passage([[0.1], [0.9]], right)
