"""How long a server that fell waits until it is started again."""

from __future__ import annotations

_LONGEST = 30.0
"""Seconds: whoever repairs what makes it fall should not wait longer to see that."""

_STANDS = 60.0
"""Seconds after which it stands: what made it fall before that is over."""


class Pauses:
    """Those of one server: none at first, and longer each time that it falls soon after."""

    def __init__(self) -> None:
        self._next = 0.0

    def after(self, seconds: float) -> float:
        """The pause, in seconds, for a fall.

        Args:
            seconds: that it ran before it fell.
        """
        pause = 0.0 if seconds >= _STANDS else self._next
        self._next = min(max(1.0, 2 * pause), _LONGEST)
        return pause
