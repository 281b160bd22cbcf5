"""A small file that is replaced in one step, whatever breaks off."""

from __future__ import annotations

import os
from pathlib import Path


def replace_file(path: Path, content: str) -> None:
    """Write a file anew; who reads it meanwhile sees the old or the new one, never a part.

    Raises:
        OSError: it cannot be written; the old one is still there.
    """
    draft = path.with_suffix(f".{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # a power cut after the replacing must not leave an empty file
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)  # on a full disk each try would leave one behind
        raise
