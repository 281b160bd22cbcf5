"""What stands on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path


def existing_file(text: str) -> Path:
    """An argument that names a file.

    Raises:
        argparse.ArgumentTypeError: there is none.
    """
    if not (path := Path(text)).is_file():
        raise argparse.ArgumentTypeError(f"{text} does not exist")
    return path.absolute()


def existing_folder(text: str) -> Path:
    """An argument that names a folder.

    Raises:
        argparse.ArgumentTypeError: there is none.
    """
    if not (path := Path(text)).is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder")
    return path.absolute()


def positive(text: str) -> int:
    """An argument that is a whole number above nothing.

    Raises:
        argparse.ArgumentTypeError: it is less.
        ValueError: it is no number.
    """
    if (value := int(text)) < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value
