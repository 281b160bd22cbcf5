"""Vectors of our own texts in a file, so that a changed article does not cost embedding all others again."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import numpy as np

from kalm.embedding.weights import Floats

logger = logging.getLogger(__name__)


class KeptVectors:
    """A file that only saves time: where it cannot be read or written, nothing is kept."""

    def __init__(self, path: Path, dimensions: int) -> None:
        """Of vectors of so many dimensions. The file is made when something is written."""
        self._path = path
        self._size = dimensions * np.dtype(np.float32).itemsize

    def read(self) -> dict[bytes, Floats]:
        """All that is kept, by its key; nothing when the file cannot be read."""
        try:
            with closing(self._store()) as store:
                rows = store.execute("SELECT key, vector FROM vectors").fetchall()
        except (sqlite3.Error, OSError):
            return {}
        return {
            key: np.frombuffer(vector, dtype=np.float32) for key, vector in rows if len(vector) == self._size
        }

    def write(self, vectors: Mapping[bytes, Floats]) -> None:
        """Keep these too. A damaged file is made anew."""
        try:
            self._insert(vectors)
        except (sqlite3.OperationalError, OSError) as error:  # locked, read-only, disk full
            logger.warning("%s cannot be written (%s); the next training takes longer", self._path, error)
        except sqlite3.DatabaseError:  # damaged
            self._path.unlink()
            self._insert(vectors)

    def _insert(self, vectors: Mapping[bytes, Floats]) -> None:
        rows = [(key, vector.tobytes()) for key, vector in vectors.items()]
        with closing(self._store()) as store, store:
            store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def _store(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not self._path.exists():
            self._path.touch(mode=0o600)  # as whatever stands in var: for its owner alone
        store = sqlite3.connect(self._path, timeout=60)
        try:
            store.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)")
        except sqlite3.Error:
            store.close()
            raise
        return store
