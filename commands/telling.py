"""What a bot that is to take over, and its supervisor, say to each other: words, each on a line."""

from __future__ import annotations

import asyncio
import socket

ANSWERED = "answered"
"""The bot: the canary questions went well. It waits."""

REFUSED = "refused:"
"""The bot: they did not; the reason follows (:class:`kalm.going_live.Reason`)."""

OPEN = "open"
"""The supervisor: accept from now on. The bot: I do."""


class Supervisor:
    """The other side, as the bot sees it."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._socket.setblocking(False)

    async def tell(self, word: str) -> None:
        """Say something.

        Raises:
            OSError: the supervisor is gone.
        """
        await asyncio.get_running_loop().sock_sendall(self._socket, f"{word}\n".encode())

    async def hear(self) -> str:
        """Wait for a word; empty when the supervisor is gone."""
        said = await asyncio.get_running_loop().sock_recv(self._socket, 64)
        return said.decode("ascii", "replace").strip()
