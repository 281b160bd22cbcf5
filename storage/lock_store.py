"""Rasa's lock store of Kalm; ``endpoints.yml`` names it.

Messages of one conversation are answered one at a time, in the order in which they came: within a process by
a queue in memory, between processes by PostgreSQL. With SQLite there is one process.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.exc import SQLAlchemyError

from kalm import logs
from kalm.settings import settings
from storage.advisory_locks import AdvisoryLocks
from storage.database import Database
from storage.in_order import InOrder, WaitedTooLongError

WAIT_AT_MOST = 20.0
"""Seconds that a message waits for those before it: three of them, when the action server does not answer."""


class KalmLockStore(LockStore):
    """One message of a conversation at a time."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        """Take the database of the settings; fields of ``endpoints.yml`` are not used."""
        database = Database(settings().database_url)
        self._queue = InOrder()
        self._between_processes = None if database.is_sqlite else AdvisoryLocks(database)

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[TicketLock, None]:
        """Have a conversation for oneself, for as long as the context lasts.

        Args:
            conversation_id: which.
            lock_lifetime: not used: who has a lock has it until the end, or until the process ends.
            wait_time_in_seconds: not used: nobody looks again and again.

        Raises:
            LockError: those before did not end within :data:`WAIT_AT_MOST`, or the database is gone.
        """
        until = time.monotonic() + WAIT_AT_MOST
        async with AsyncExitStack() as taken:
            try:
                await taken.enter_async_context(self._queue.turn(conversation_id, WAIT_AT_MOST))
                if self._between_processes is not None:
                    left = until - time.monotonic()
                    await taken.enter_async_context(self._between_processes.held(conversation_id, left))
            except WaitedTooLongError as error:
                logs.failure(
                    "a message waited too long for those before it", error, conversation=conversation_id
                )
                raise LockError(f"{error}; it was given up") from error
            except SQLAlchemyError as error:
                logs.failure("a conversation could not be locked", error, conversation=conversation_id)
                raise LockError("the database of the locks is gone") from error
            yield TicketLock(conversation_id)
