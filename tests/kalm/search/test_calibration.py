from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalm.search.calibration import (
    Calibration,
    FitCalibration,
    feature_names,
    load_calibration,
    witness_features,
)
from kalm.search.fitting import FOLDS, fit_passage, fit_verdict, save_calibration

WEIGHT = st.floats(-20, 20).map(lambda weight: round(weight, 4))
WITNESSES = 5
KINDS = pytest.mark.parametrize("with_embeddings", [True, False])


def flat(with_embeddings: bool) -> tuple[Calibration, FitCalibration]:
    size = len(feature_names(with_embeddings))
    return Calibration((0.0,) * size, 0.0), FitCalibration((0.0,) * WITNESSES, 0.0, 0.5)


@given(data=st.data(), with_embeddings=st.booleans(), bias=WEIGHT, fits_from=st.sampled_from((0.0, 0.4321)))
def test_saved_calibration_is_loaded_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
    with_embeddings: bool,
    bias: float,
    fits_from: float,
) -> None:
    def weights(size: int) -> tuple[float, ...]:
        return tuple(data.draw(st.lists(WEIGHT, min_size=size, max_size=size)))

    path = tmp_path_factory.getbasetemp() / "calibration.json"
    saved = (
        Calibration(weights(len(feature_names(with_embeddings))), bias),
        FitCalibration(weights(WITNESSES), -bias, fits_from),
    )
    save_calibration(with_embeddings, *saved, path)
    assert load_calibration(with_embeddings, path) == saved


def test_saving_one_kind_keeps_the_other(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    for with_embeddings in (True, False):
        save_calibration(with_embeddings, *flat(with_embeddings), path)
    for with_embeddings in (True, False):
        assert load_calibration(with_embeddings, path) == flat(with_embeddings)


@KINDS
def test_weights_are_read_by_name_not_by_place(tmp_path: Path, with_embeddings: bool) -> None:
    path = tmp_path / "calibration.json"
    size = len(feature_names(with_embeddings))
    passage = Calibration(tuple(float(place) for place in range(size)), 0.5)
    save_calibration(with_embeddings, passage, flat(with_embeddings)[1], path)
    content = json.loads(path.read_text(encoding="utf-8"))
    (kind,) = content.values()
    kind["passage"]["weights"] = dict(reversed(kind["passage"]["weights"].items()))
    path.write_text(json.dumps(content), encoding="utf-8")
    assert load_calibration(with_embeddings, path)[0] == passage


@KINDS
def test_feature_without_weight_is_refused(tmp_path: Path, with_embeddings: bool) -> None:
    path = tmp_path / "calibration.json"
    save_calibration(with_embeddings, *flat(with_embeddings), path)
    content = json.loads(path.read_text(encoding="utf-8"))
    (kind,) = content.values()
    del kind["passage"]["weights"]["coverage"]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(KeyError, match="coverage"):
        load_calibration(with_embeddings, path)


@KINDS
def test_kept_calibration_has_a_weight_for_every_feature(with_embeddings: bool) -> None:
    passage, fits = load_calibration(with_embeddings)
    assert len(passage.weights) == len(feature_names(with_embeddings))
    assert fits.weights[0] > 0, "a likelier passage must fit better"
    assert fits.weights[3] < 0, "being out of scope must speak against the passage"
    assert fits.weights[4] < 0, "a classifier that expects no answer must speak against the passage"
    assert 0.3 < fits.fits_from < 0.9


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2))
def test_probability_stays_between_0_and_1(values: list[float]) -> None:
    assert 0.0 <= Calibration((3.0, -2.0), 1.0).probability(values) <= 1.0


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_fit_grows_with_the_search_and_falls_with_out_of_scope(
    first: float, second: float, other: float
) -> None:
    low, high = sorted((first, second))
    calibration = FitCalibration((1.0, 0.2, 0.1, -2.0, -0.5), 0.0, 0.5)

    def probability(passage: float, out_of_scope: float) -> float:
        return calibration.probability(witness_features(passage, None, out_of_scope, 0.1))

    assert probability(high, other) >= probability(low, other)
    assert probability(other, high) <= probability(other, low)


def test_certain_search_results_keep_finite_log_odds() -> None:
    for certain in (0.0, 1.0):
        assert all(abs(value) < 20 for value in witness_features(certain, certain, 0.0, certain))


def test_a_passage_alone_is_no_unlikely_second() -> None:
    alone, unlikely = (witness_features(0.8, second, 0.0, 0.1) for second in (None, 0.0))
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


def test_fitted_verdict_tells_right_from_wrong_and_allows_no_more_wrong_answers_than_asked() -> None:
    heard = [witness_features(place / 40, None, 0.0, 0.2) for place in range(1, 40)]
    right = [place > 20 or place in (5, 12) for place in range(1, 40)]
    right[30] = right[33] = False
    none, some = (fit_verdict(heard, right, wrong_at_most=allowed) for allowed in (0, 3))
    surest, doubtful = heard[-1], heard[0]
    assert none.probability(surest) > 0.5 > none.probability(doubtful)
    assert 0 < some.fits_from < none.fits_from < 1
    assert fit_verdict(heard, right, wrong_at_most=len(right)).fits_from < 0.01


def test_fitting_a_verdict_needs_enough_of_both() -> None:
    few = FOLDS - 1
    heard = [witness_features(0.5, None, 0.0, 0.1)] * (2 * few)
    with pytest.raises(ValueError, match="at least"):
        fit_verdict(heard, [True] * few + [False] * few, wrong_at_most=1)


@pytest.mark.parametrize("right", [[True, True], [False, False]])
def test_fitting_needs_right_and_wrong(right: list[bool]) -> None:
    with pytest.raises(ValueError, match="right and wrong"):
        fit_passage([[0.1], [0.9]], right)
