from __future__ import annotations

import sys

import numpy as np
import pytest

from kalm.embedding.graph import model_of, packed
from kalm.embedding.weights import BLOCK, Weights


def test_no_weight_changes_where_neighbours_share_a_byte(weights: Weights) -> None:
    matrix = weights.matrix("l0.q.w", 384)
    halves = packed(matrix)
    unpacked = np.stack([halves & 15, halves >> 4], axis=-1).reshape(-1, BLOCK).astype(np.float32)
    floats = (unpacked - 8) * matrix.scales.reshape(-1, 1)
    np.testing.assert_array_equal(floats.reshape(-1, 384), matrix.floats())


def test_the_same_weights_give_the_same_model(weights: Weights) -> None:
    pytest.importorskip("onnx")
    assert model_of(weights) == model_of(weights), "two processes may make it at once"


def test_without_the_package_that_writes_it_there_is_no_model(
    weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError):
        model_of(weights)
