from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kalm.embedding.made_once import made_once

CONTENT = bytes(range(256)) * 50


def make() -> bytes:
    return CONTENT


def never() -> bytes:
    raise AssertionError("made again")


def content(found: Path | bytes) -> bytes:
    return (found.read_bytes() if isinstance(found, Path) else found)[: len(CONTENT)]


def test_a_file_is_made_once(folder: Path) -> None:
    path = folder / "model"
    assert made_once(path, make) == path
    assert content(made_once(path, never)) == CONTENT
    assert path.stat().st_mode & 0o077 == 0
    assert list(folder.iterdir()) == [path]


@pytest.mark.parametrize("cut", [0, 1, 65, 66, 5000])
def test_a_file_that_breaks_off_is_made_anew(folder: Path, cut: int) -> None:
    path = folder / "model"
    made_once(path, make)
    path.write_bytes(path.read_bytes()[:cut])
    assert content(made_once(path, make)) == CONTENT
    assert content(made_once(path, never)) == CONTENT


@pytest.mark.parametrize("place", [0, 7000, -1])
def test_a_file_with_another_byte_is_made_anew(folder: Path, place: int) -> None:
    path = folder / "model"
    made_once(path, make)
    damaged = bytearray(path.read_bytes())
    damaged[place] ^= 1
    path.write_bytes(damaged)
    assert content(made_once(path, make)) == CONTENT
    assert content(made_once(path, never)) == CONTENT


def test_many_at_once_leave_one_file(folder: Path) -> None:
    path = folder / "model"
    with ThreadPoolExecutor(8) as workers:
        found = list(workers.map(lambda _: content(made_once(path, make)), range(32)))
    assert set(found) == {CONTENT}
    assert list(folder.iterdir()) == [path]


def test_where_nothing_can_be_written_it_works_from_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    found = made_once(tmp_path / "file" / "model", make)
    assert isinstance(found, bytes)
    assert content(found) == CONTENT
    assert "takes a little longer" in caplog.text


def test_what_breaks_off_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Path, target: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", broken)
    assert isinstance(made_once(folder / "model", make), bytes)
    assert list(folder.iterdir()) == []
