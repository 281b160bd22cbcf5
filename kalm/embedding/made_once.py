"""A file that is made from what is installed here, and kept so that it need not be made again."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

logger = logging.getLogger(__name__)

_REMARK = b"\x32\x40"
"""Begins the hash at the end, 64 letters long. An ONNX model ends so in its ``doc_string`` (field 6 of
``ModelProto`` in onnx.proto), and ONNX Runtime loads the file as it is, without a copy in memory."""

_REMARK_SIZE = len(_REMARK) + 64


def made_once(path: Path, make: Callable[[], bytes]) -> Path | bytes:
    """A file that holds what ``make`` gives, with its hash behind it; made when it is missing or damaged.

    Several processes may do this at once: each makes the same, and one file stays.

    Args:
        path: of the file; for its owner alone, as whatever stands in ``var``.
        make: gives the same at each call.

    Returns:
        The path. Where nothing can be written, in a container perhaps, what would stand there.
    """
    if _is_whole(path):
        return path
    made = make()
    content = made + _remark_on(made)
    try:
        _replace(path, content)
    except OSError as error:
        logger.warning("%s cannot be written (%s); each start takes a little longer", path, error)
        return content
    return path


def _is_whole(path: Path) -> bool:
    try:
        content = np.memmap(path, dtype=np.uint8, mode="r")
    except (OSError, ValueError):  # numpy maps no empty file
        return False
    return content[-_REMARK_SIZE:].tobytes() == _remark_on(content[:-_REMARK_SIZE].data)


def _remark_on(content: bytes | memoryview) -> bytes:
    return _REMARK + hashlib.sha256(content).hexdigest().encode("ascii")


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # for its owner alone
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)  # on a full disk each try would leave one behind
        raise
