"""The bot's way to the action server, which is not waited for longer than a visitor waits.

Rasa waits 300 seconds, and has no setting for it (``RemoteAction.run`` in ``rasa/core/actions/action.py`` of
3.6.21 gives it to each request). It also makes a session and a connection for each request; here they are
kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientConnectionError, ClientSession, ContentTypeError, TCPConnector
from rasa.shared.utils.io import read_config_file
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from kalm import logs
from kalm.limits import ACTION_CONNECTION_KEPT

GIVEN_UP_AFTER = 6.0
"""Seconds: less than a visitor waits for an apology (``channels/in_time.py``), so that the message is kept
before that with what was said to it."""


class ActionEndpoint(EndpointConfig):
    """The action server. Belongs to the event loop in which it is asked first."""

    _session: ClientSession | None = None

    @classmethod
    def of_file(cls, path: Path) -> ActionEndpoint:
        """What a file like ``endpoints.yml`` says of it."""
        return cls(**read_config_file(path)["action_endpoint"])

    @asynccontextmanager
    async def session(self) -> AsyncIterator[ClientSession]:
        """The session that all requests share; leaving the context does not close it."""
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=0, keepalive_timeout=ACTION_CONNECTION_KEPT)
            )
        yield self._session

    async def close(self) -> None:
        """Close the connections that are kept."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def request(self, *arguments: Any, **options: Any) -> Any:
        """Ask it something, as Rasa does.

        Raises:
            asyncio.TimeoutError: it did not answer within :data:`GIVEN_UP_AFTER`.
            rasa.utils.endpoints.ClientResponseError: it answered with a status of 400 or more.
            aiohttp.ClientConnectionError: it is not there, or went away.
            ValueError: it answered something else than JSON.
            aiohttp.ContentTypeError: it answered something that it does not call JSON.
        """
        try:
            return await asyncio.wait_for(self._ask(arguments, options), GIVEN_UP_AFTER)
        except asyncio.TimeoutError as error:
            logs.failure("the action server did not answer in time", error, seconds=GIVEN_UP_AFTER)
            raise
        except ClientResponseError as error:
            logs.failure("the action server answered with an error", error, status=error.status)
            raise
        except (ValueError, ContentTypeError) as error:
            logs.failure("the action server answered something else than JSON", error)
            raise

    async def _ask(self, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        try:
            return await super().request(*arguments, **options)
        except ClientConnectionError:
            # A kept connection whose other end was just restarted breaks only now. An action changes nothing
            # but its answer, so it may be asked twice.
            return await super().request(*arguments, **options)
