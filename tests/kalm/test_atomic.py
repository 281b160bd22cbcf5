"""A small file that is replaced in one step."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalm.atomic import replace_file


def test_the_file_is_new_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    for content in ("een", "twee é"):
        replace_file(path, content)
        assert path.read_text(encoding="utf-8") == content
    assert list(tmp_path.iterdir()) == [path]


def test_on_a_full_disk_the_old_one_stays_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "release.json"
    replace_file(path, "oud")

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kalm.atomic.os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, "nieuw")
    assert path.read_text(encoding="utf-8") == "oud"
    assert list(tmp_path.iterdir()) == [path]
