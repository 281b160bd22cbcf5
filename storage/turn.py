"""What one message of a visitor leads to, from the channel that received it to the store that keeps it.

Rasa hides every failure of a tracker store (``FailSafeTrackerStore``), and keeps what cannot be saved in a
memory that nobody reads. So the channel begins a turn, the store notes on it what became of it, and what
was not saved was not answered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

AlsoKeep = Callable[[Connection, list[dict[str, Any]]], None]
"""Writes in a transaction what belongs to a reply, which is a list of text and data."""


@dataclass
class Turn:
    """One message, while it is handled.

    Attributes:
        started: when the channel received it, by a clock that only goes forward, in seconds.
        saved: all of it is in the database, or was erased from there.
        number: of the message within its conversation, once it is saved.
        intent: what the message was understood as, once it is saved.
        kind: of the reply, once it is saved or an apology was made.
        began: id of the conversation that this message began and nobody has read yet.
        also_keep: what a channel keeps in the transaction that saves it, given the reply; when that raises,
            nothing is saved.
    """

    started: float = field(default_factory=time.monotonic)
    saved: bool = False
    number: int = 0
    intent: str = ""
    kind: str = ""
    began: str | None = None
    also_keep: AlsoKeep | None = None

    @property
    def milliseconds(self) -> int:
        """How long it has taken so far."""
        return round((time.monotonic() - self.started) * 1000)


_current: ContextVar[Turn | None] = ContextVar("turn", default=None)


@contextmanager
def turn(also_keep: AlsoKeep | None = None) -> Iterator[Turn]:
    """Begin a turn; what is awaited within belongs to it.

    Args:
        also_keep: see :class:`Turn`.
    """
    begun = Turn(also_keep=also_keep)
    token = _current.set(begun)
    try:
        yield begun
    finally:
        _current.reset(token)


def current_turn() -> Turn:
    """The turn that is going on; one that nobody looks at outside a channel."""
    return _current.get() or Turn()
