from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kalm.embedding.kept_vectors import KeptVectors
from kalm.embedding.weights import Floats

VECTORS = {b"ijzer": np.array([1, 0, 0], dtype=np.float32), b"water": np.array([0, 1, 0], dtype=np.float32)}


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "embeddings.sqlite"


def kept(path: Path) -> KeptVectors:
    return KeptVectors(path, dimensions=3)


def equal(found: dict[bytes, Floats], expected: dict[bytes, Floats]) -> bool:
    return {key: vector.tolist() for key, vector in found.items()} == {
        key: vector.tolist() for key, vector in expected.items()
    }


def test_what_is_kept_comes_back(path: Path) -> None:
    assert kept(path).read() == {}
    kept(path).write(VECTORS)
    kept(path).write({})
    assert equal(kept(path).read(), VECTORS)


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + bytes(100)])
def test_a_damaged_file_costs_time_and_nothing_else(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert kept(path).read() == {}
    kept(path).write(VECTORS)
    assert equal(kept(path).read(), VECTORS)


def test_what_is_kept_is_for_its_owner_alone(path: Path) -> None:
    kept(path).write(VECTORS)
    assert path.stat().st_mode & 0o077 == 0


def test_a_vector_of_the_wrong_length_is_passed_over(path: Path) -> None:
    kept(path).write(VECTORS)
    with sqlite3.connect(path) as store:
        store.execute("UPDATE vectors SET vector = x'00' WHERE key = ?", (b"ijzer",))
    assert set(kept(path).read()) == {b"water"}


def test_a_file_that_cannot_be_written_is_no_fault(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    kept(tmp_path / "file" / "embeddings.sqlite").write(VECTORS)
    assert "takes longer" in caplog.text


def test_many_may_write_at_once(path: Path) -> None:
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: kept(path).write(VECTORS), range(8)))
    assert equal(kept(path).read(), VECTORS)
