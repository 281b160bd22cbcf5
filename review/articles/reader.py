"""The second reader of ``kalm check``, learned once in this process and in a thread of its own."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError

from kalm.safety.wording import WordingReader, train_reader

_teacher = ThreadPoolExecutor(1, "wording reader")
_asking = threading.Lock()
_learned: dict[tuple[str, ...], Future[WordingReader]] = {}


def wording_reader(approved: tuple[str, ...], patience: float = 0) -> WordingReader | None:
    """The reader that learned from these approved passages.

    It learns for some seconds, once; whoever asks meanwhile need not wait. Unlike ``kalm check`` it also
    knows the present text of the section that is being edited, if that was approved.

    Args:
        approved: passages that may be published.
        patience: seconds to wait for it.

    Returns:
        None while it still learns.

    Raises:
        SafetyError: its examples cannot be used.
    """
    with _asking:
        if approved not in _learned:
            _learned.clear()  # of articles that changed since
            _learned[approved] = _teacher.submit(train_reader, approved)
        learning = _learned[approved]
    try:
        return learning.result(timeout=patience)
    except NotYetError:
        return None
    except BaseException:
        _learned.pop(approved, None)  # the next one who asks lets it try again
        raise
