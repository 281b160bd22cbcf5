"""One sender who sends as much as it can, in a process of its own: beside those who are measured it would
slow their own clock.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from itertools import cycle

import aiohttp

from benchmarks.kalm_on_website import PATIENCE, questions

_SEED = 10


def send_all_it_can(url: str, session: Mapping[str, str], connections: int, seconds: float) -> dict[int, int]:
    """Send messages, each as soon as the one before it on its connection is answered.

    Args:
        url: of the channel of the website, or of REST.
        session: headers of one of the website; none for REST.
        connections: how many.
        seconds: for how long.

    Returns:
        Number of requests by HTTP status; 0 for none.
    """
    return asyncio.run(_send(url, session, connections, time.monotonic() + seconds))


async def _send(url: str, session: Mapping[str, str], connections: int, until: float) -> dict[int, int]:
    sent: Counter[int] = Counter()
    texts = cycle(questions(1000, _SEED))

    async def send_on() -> None:
        while time.monotonic() < until:
            text = next(texts)
            body = {"id": uuid.uuid4().hex, "text": text} if session else {"sender": "x", "message": text}
            try:
                async with client.post(url, json=body, headers=session) as response:
                    await response.read()
                    sent[response.status] += 1
            except (aiohttp.ClientError, asyncio.TimeoutError):
                sent[0] += 1

    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as client:
        await asyncio.gather(*(send_on() for _ in range(connections)))
    return dict(sent)
