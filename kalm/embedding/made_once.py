"""A file that is made from what is installed here, and kept so that it need not be made again."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

logger = logging.getLogger(__name__)

_DIGEST = hashlib.sha256
_DIGEST_SIZE = _DIGEST().digest_size


def made_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """What a file keeps; made, and kept for the next time, when it is missing or damaged.

    Its first bytes are the hash of the others, so that whatever befell it is seen. Several processes may
    do this at once: each has what it made, and the last one's stays. A file that cannot be written costs
    time and nothing else.

    Args:
        path: of the file; for its owner alone, as whatever stands in ``var``.
        make: called when there is no such file.
    """
    try:
        kept = path.read_bytes()
    except OSError:
        kept = b""
    digest, content = kept[:_DIGEST_SIZE], kept[_DIGEST_SIZE:]
    if content and _DIGEST(content).digest() == digest:
        return content
    content = make()
    try:
        _replace(path, _DIGEST(content).digest() + content)
    except OSError as error:
        logger.warning("%s cannot be written (%s); the next start takes a little longer", path, error)
    return content


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # for its owner alone
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
