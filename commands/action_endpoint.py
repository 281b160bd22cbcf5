"""The bot's way to the action server, which is not waited for longer than a visitor waits.

Rasa waits 300 seconds, and has no setting for it (``RemoteAction.run`` in ``rasa/core/actions/action.py`` of
3.6.21 gives it to each request).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import ClientTimeout, ContentTypeError
from rasa.shared.utils.io import read_config_file
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from kalm import logs

GIVEN_UP_AFTER = 6.0
"""Seconds: less than a visitor waits for an apology (``channels/in_time.py``), so that the message is kept
before that with what was said to it."""


class ActionEndpoint(EndpointConfig):  # type: ignore[misc]
    """The action server."""

    @classmethod
    def of_file(cls, path: Path) -> ActionEndpoint:
        """What a file like ``endpoints.yml`` says of it."""
        return cls(**read_config_file(path)["action_endpoint"])

    async def request(self, *arguments: Any, **options: Any) -> Any:
        """Ask it something, as Rasa does.

        Raises:
            asyncio.TimeoutError: it did not answer within :data:`GIVEN_UP_AFTER`.
            rasa.utils.endpoints.ClientResponseError: it answered with a status of 400 or more.
            ValueError: it answered something else than JSON.
            aiohttp.ContentTypeError: it answered something that it does not call JSON.
        """
        options["timeout"] = ClientTimeout(total=GIVEN_UP_AFTER)
        try:
            return await super().request(*arguments, **options)
        except asyncio.TimeoutError as error:
            logs.failure("the action server did not answer in time", error, seconds=GIVEN_UP_AFTER)
            raise
        except ClientResponseError as error:
            logs.failure("the action server answered with an error", error, status=error.status)
            raise
        except (ValueError, ContentTypeError) as error:
            logs.failure("the action server answered something else than JSON", error)
            raise
