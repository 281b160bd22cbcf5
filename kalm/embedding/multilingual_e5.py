"""The embedder of a process: what it gives of which text, and what it remembers of it."""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kalm.embedding.encoder import RUNTIME, E5Encoder, Encoder
from kalm.embedding.kept_vectors import KeptVectors
from kalm.embedding.weights import PACKAGE, WeightsError, weights_file
from kalm.settings import settings
from kalm.text_cache import TextMemory

logger = logging.getLogger(__name__)

DIMENSIONS = 384

Vectors = NDArray[np.float32]

_LONGEST = 1000
_LONGEST_MESSAGE = 400
_REMEMBERED = 64
_BATCH = 128
_WORKERS = 2

lately: TextMemory[Vectors] = TextMemory(_REMEMBERED)
"""The vectors of the last messages: one is searched several times, by itself and with what it leans on, and
two servers look at it (:mod:`kalm.meaning_along`). As many as the other memories of a message hold: what
visitors asked before is not found in it."""


class Embedder(Protocol):
    """Turns texts into vectors.

    Attributes:
        name: of the model; what was trained with one embedder is of no use to another.
    """

    name: str

    def embed(self, text: str) -> Vectors:
        """Vector of length 1 for what a visitor typed, shape (:data:`DIMENSIONS`,). Never kept on disk.

        Of a long story only the beginning and the end are read, where the question stands: the time grows
        with the length, and other visitors wait.
        """

    def embed_all(self, texts: Sequence[str]) -> Vectors:
        """The same for n of our own texts, shape (n, :data:`DIMENSIONS`)."""


class MultilingualE5:
    """multilingual-e5-small in four bits, inside this process."""

    def __init__(self, folder: Path, encoder: Encoder | None = None) -> None:
        """See whether the model can be loaded; the first text loads it, in a tenth of a second.

        Args:
            folder: keeps the vectors of our own texts, and what the encoder makes. Made when missing.
            encoder: computes; default the real one.

        Raises:
            ImportError: one of the packages is not installed.
            OSError: the weights cannot be read.
            WeightsError: they are damaged.
        """
        self.name = f"multilingual-e5-small, {PACKAGE} {version(PACKAGE)}, {RUNTIME} {version(RUNTIME)}"
        self._encoder = encoder or E5Encoder(weights_file(), folder)
        self._kept = KeptVectors(folder / "embeddings.sqlite", DIMENSIONS)

    def embed(self, text: str) -> Vectors:
        """See :class:`Embedder`."""
        found = lately.get(text)
        if found is None:
            found = self._embed(text)
            lately.put(text, found)
        return found

    def embed_all(self, texts: Sequence[str]) -> Vectors:
        """See :class:`Embedder`."""
        texts = [_readable(text[:_LONGEST]) for text in texts]
        known = self._kept.read()
        missing = [text for text in dict.fromkeys(texts) if self._key(text) not in known]
        new = dict(zip(map(self._key, missing), self._in_batches(missing), strict=True))
        self._kept.write(new)
        known.update(new)
        return np.array([known[self._key(text)] for text in texts], dtype=np.float32).reshape(-1, DIMENSIONS)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.name}\n{text}".encode()).digest()

    def _in_batches(self, texts: Sequence[str]) -> Vectors:
        """Vectors of n texts, shape (n, :data:`DIMENSIONS`)."""
        # Those of the same length side by side: the encoder computes them together.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)

        def fill(batch: Sequence[int]) -> None:
            vectors[batch] = self._encoder.vectors([texts[place] for place in batch])

        with ThreadPoolExecutor(_WORKERS) as workers:
            for _ in workers.map(fill, batches):
                pass
        return vectors

    def _embed(self, text: str) -> Vectors:
        vector: Vectors = self._encoder.vectors([_beginning_and_end(_readable(text[:_LONGEST]))])[0]
        vector.flags.writeable = False
        return vector


def _beginning_and_end(text: str) -> str:
    """At most :data:`_LONGEST_MESSAGE` bytes: an emoji takes the model as long as several letters."""
    content = text.encode("utf-8")
    if len(content) <= _LONGEST_MESSAGE:
        return text
    half = _LONGEST_MESSAGE // 2
    return f"{content[:half].decode('utf-8', 'ignore')} {content[-half:].decode('utf-8', 'ignore')}"


def _readable(text: str) -> str:
    """With composed characters, as the model learned them, and no halves of characters or zero bytes."""
    composed = unicodedata.normalize("NFKC", text)[:_LONGEST]
    return composed.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


class EmbedderError(Exception):
    """The embedder is installed, but does not work; the message says what to do."""

    def __init__(self, error: Exception) -> None:
        """Say what it failed by."""
        super().__init__(
            f"the sentence model cannot be used here ({type(error).__name__}: {error}); install {PACKAGE}, "
            "onnxruntime and onnx anew, or set KALM_EMBEDDINGS=false and run 'make train'"
        )


@cache
def embedder() -> Embedder | None:
    """The embedder of this process, or None where there is none or the settings switch it off.

    Raises:
        EmbedderError: it is installed, but its weights cannot be read.
    """
    if not settings().embeddings:
        return None
    try:
        return MultilingualE5(settings().var)
    except ImportError:
        return None
    except (OSError, WeightsError) as error:
        raise EmbedderError(error) from error


def embed_once() -> None:
    """Load now what the first message needs: a visitor should not wait for it, nor find out that it fails.

    Raises:
        EmbedderError: it cannot be loaded, or cannot embed.
    """
    found = embedder()
    if found is None:
        return
    try:
        found.embed("hallo")
    except Exception as error:  # whatever ONNX Runtime raises
        raise EmbedderError(error) from error


def embedder_name() -> str:
    """What stands in for :func:`embedder` in messages and fingerprints."""
    found = embedder()
    return found.name if found else "no embeddings"


class OtherEmbedderError(Exception):
    """Something was trained with another embedder than the one in use; the message says what to do."""


def check_embedder(trained: str | None, used: Embedder | None) -> None:
    """Make sure that what was trained is used with the embedder it was trained with.

    Raises:
        OtherEmbedderError: it is not.
    """
    name = used and used.name
    if trained != name:
        raise OtherEmbedderError(
            f"trained with {trained or 'no embeddings'} but used with {name or 'no embeddings'}; "
            "run 'make train'"
        )
