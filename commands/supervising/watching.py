"""Notices a server that runs but answers nothing: a deadlock, or one that somebody stopped.

It is asked for the page that says that it lives, which touches no model and no database: so what is slow, or
has no database, is left alone. One that has not answered yet is not watched: it may still be loading.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from commands.supervising.child import Child

LOOK_EVERY = 15.0
"""Seconds between two questions to each server."""

PATIENCE = 10.0
"""Seconds for an answer. Without load it takes some milliseconds."""

MOST_MISSED = 4
"""Questions in a row without an answer, after which it hangs: with the pauses between them that is a minute
and a half, and no burst of visitors and no swapping takes so long."""


class Watched(NamedTuple):
    """A server, and where it says that it lives."""

    child: Child
    host: str
    port: int
    path: str


@dataclass
class _Seen:
    has_answered: bool = False
    missed: int = 0


class Watch:
    """Asks all servers again and again."""

    def __init__(self, watched: Callable[[], Iterable[Watched]], hangs: Callable[[Child], None]) -> None:
        """A watch that does not look yet.

        Args:
            watched: gives the servers of now.
            hangs: is told of one that hangs, and ends it.
        """
        self._watched = watched
        self._hangs = hangs
        self._seen: dict[Child, _Seen] = {}

    async def look_on(self) -> None:
        """Look, until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self._look()

    async def _look(self) -> None:
        watched = list(self._watched())
        answered = await asyncio.gather(*(answers(one.host, one.port, one.path) for one in watched))
        self._seen = {one.child: self._seen.get(one.child, _Seen()) for one in watched}
        for one, has_answered in zip(watched, answered, strict=True):
            seen = self._seen[one.child]
            if has_answered:
                seen.has_answered, seen.missed = True, 0
            elif seen.has_answered and not one.child.has_ended:
                seen.missed += 1
                if seen.missed == MOST_MISSED:
                    self._hangs(one.child)


async def answers(host: str, port: int, path: str) -> bool:
    """Whether something there answers a request in time, whatever the answer."""
    writer: asyncio.StreamWriter | None = None

    async def ask() -> bool:
        nonlocal writer
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        return bool(await reader.read(1))

    try:
        return await asyncio.wait_for(ask(), PATIENCE)
    except (OSError, asyncio.TimeoutError):
        return False
    finally:
        if writer is not None:
            with suppress(OSError):
                writer.close()
