"""Whether the store can be read and written, for all who ask at the same moment."""

from __future__ import annotations

import asyncio

from storage.conversations import Conversations


class StoreLook:
    """Looks at the store, in one thread at most.

    A thread that waits for a database cannot be stopped, and visitors need the others.
    """

    def __init__(self, known: Conversations) -> None:
        """Take the conversations, whose store is looked at."""
        self._known = known
        self._looking: asyncio.Future[list[str]] | None = None

    async def what_is_missing(self) -> list[str]:
        """What :meth:`storage.conversations.Conversations.what_is_missing` gives."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(asyncio.to_thread(self._known.what_is_missing))
        # Whoever hangs up does not end it for the others.
        return await asyncio.shield(self._looking)
