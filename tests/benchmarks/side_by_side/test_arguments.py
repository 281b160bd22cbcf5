from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from benchmarks.side_by_side.arguments import existing_file, existing_folder, positive


def test_a_file_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "stock.tar.gz").touch()
    assert existing_file(str(tmp_path / "stock.tar.gz")) == tmp_path / "stock.tar.gz"
    with pytest.raises(argparse.ArgumentTypeError, match="does not exist"):
        existing_file(str(tmp_path / "other.tar.gz"))


def test_a_folder_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    assert existing_folder(str(tmp_path)) == tmp_path
    with pytest.raises(argparse.ArgumentTypeError, match="is no folder"):
        existing_folder(str(tmp_path / "other"))


def test_there_is_at_least_one_of_everything() -> None:
    assert positive("3") == 3
    with pytest.raises(argparse.ArgumentTypeError, match="at least 1"):
        positive("0")
