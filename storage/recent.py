"""Trackers of conversations that go on now, so that they need not be read for each message."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock

from storage.live_tracker import LiveTracker

MOST = 200
"""Trackers at most."""

IDLE = 40
"""Seconds without a message after which a tracker goes: what is erased elsewhere must be gone in a minute."""


class RecentTrackers:
    """The trackers of the last messages, by conversation id. May be used from any thread."""

    def __init__(self) -> None:
        self._trackers: OrderedDict[str, tuple[float, LiveTracker]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._trackers)

    def get(self, conversation_id: str) -> LiveTracker | None:
        """The tracker of a conversation, None when it is not here."""
        with self._lock:
            found = self._trackers.get(conversation_id)
        return None if found is None else found[1]

    def put(self, tracker: LiveTracker) -> None:
        """Keep a tracker as the most recent one."""
        with self._lock:
            self._trackers.pop(tracker.sender_id, None)
            self._trackers[tracker.sender_id] = (time.monotonic(), tracker)
            while len(self._trackers) > MOST:
                self._trackers.popitem(last=False)

    def drop(self, conversation_id: str) -> None:
        """Let go of a conversation; it is read anew when needed."""
        with self._lock:
            self._trackers.pop(conversation_id, None)

    def drop_idle(self) -> None:
        """Let go of conversations that are silent."""
        oldest = time.monotonic() - IDLE
        with self._lock:
            while self._trackers and next(iter(self._trackers.values()))[0] < oldest:
                self._trackers.popitem(last=False)
