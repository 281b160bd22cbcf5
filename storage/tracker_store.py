"""Rasa's tracker store on Kalm's database; ``endpoints.yml`` names it.

What Rasa's own SQL store does otherwise: it commits per event, loses or doubles events when two workers
write, reads the whole conversation for each message, and its failures start a conversation anew without
anybody noticing. Rasa calls only the four methods below, through ``FailSafeTrackerStore``, which swallows
what they raise (rasa/core/tracker_store.py of 3.6.21). Therefore they raise nothing and note on the turn
what was saved.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection, Row

from kalm import logs
from kalm.settings import settings
from storage import messages
from storage.database import Database
from storage.erasure import BY_VISITOR, erase, was_erased
from storage.live_tracker import HISTORY, LiveTracker
from storage.messages import Message
from storage.migrate import require_newest
from storage.recent import IDLE, RecentTrackers
from storage.schema import conversations, events
from storage.turn import Turn, current_turn

ERASURE_SLOT = "erasure"
"""Slot that an action sets to a receipt number, to have the conversation erased instead of saved."""


# Made once: for each message that takes longer than the query.
_ROW = sa.select(
    conversations.c.id,
    conversations.c.last_event,
    conversations.c.last_at,
    conversations.c.last_message,
    conversations.c.slots,
).where(conversations.c.id == sa.bindparam("conversation"))
_ROW_TO_WRITE = _ROW.with_for_update()
_THIS_CONVERSATION = conversations.update().where(conversations.c.id == sa.bindparam("conversation"))


class KalmTrackerStore(TrackerStore):
    """Keeps conversations in SQLite or PostgreSQL, one transaction per message."""

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        **others: Any,
    ) -> None:
        """Open the database of the settings; ``host`` and other fields of ``endpoints.yml`` are not used.

        Raises:
            StorageError: the database cannot be reached, or has another schema.
        """
        super().__init__(domain, event_broker)
        self._recent = RecentTrackers()
        self._database = Database(settings().database_url)
        require_newest(self._database)

    def init_tracker(self, sender_id: str) -> LiveTracker:
        """A tracker of a new conversation."""
        return LiveTracker(sender_id, self.domain.slots, self._history)

    @property
    def _history(self) -> int:
        # Rasa sets it to None for "all of it", which is what this store is there to avoid.
        return self.max_event_history or HISTORY

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker with the last events of a conversation, None for one that was never started.

        When the database is gone, a tracker that will not be saved: None would start the conversation anew.
        """
        now = current_turn()
        is_new = now.began == sender_id
        now.began = None  # whoever reads it once more within this turn finds what the turn has kept
        if is_new and self._database.is_sqlite:
            # There is nothing to read, which takes 0.8 ms. With PostgreSQL another bot may have answered in
            # it meanwhile. While a release takes over there are two on SQLite too: what the new bot answers
            # between the old one's beginning of the conversation and this line, a tenth of a second when it
            # is busy, the old one does not see.
            return self.init_tracker(sender_id)
        try:
            tracker = await asyncio.to_thread(self._retrieve, sender_id)
        except Exception as error:
            logs.failure("a conversation could not be read", error, conversation=sender_id)
            tracker = self.init_tracker(sender_id)
            tracker.is_lost = True
            return tracker
        if tracker is not None:
            self._keep_in_memory(tracker)
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The tracker with all events of a conversation, earlier sessions too; only for reading."""
        try:
            return await asyncio.to_thread(self._retrieve_all, conversation_id)
        except Exception as error:
            logs.failure("a conversation could not be read", error, conversation=conversation_id)
            raise

    async def exists(self, conversation_id: str) -> bool:
        """Whether there is such a conversation."""

        def look() -> bool:
            with self._database.reading() as connection:
                return _row(connection, conversation_id) is not None

        return await asyncio.to_thread(look)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""

        def read() -> list[str]:
            with self._database.reading() as connection:
                return list(connection.scalars(sa.select(conversations.c.id)))

        return await asyncio.to_thread(read)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what is new in a tracker, or erase the conversation when that was asked."""
        now = current_turn()
        now.saved = False
        if isinstance(tracker, LiveTracker) and tracker.is_lost:
            return
        try:
            is_whole_story = await asyncio.to_thread(self._save, tracker, now)
        except Exception as error:
            self._recent.drop(tracker.sender_id)
            logs.failure("a conversation could not be saved", error, conversation=tracker.sender_id)
            return
        if is_whole_story:
            self._keep_in_memory(tracker)
        else:
            self._recent.drop(tracker.sender_id)

    def _keep_in_memory(self, tracker: LiveTracker) -> None:
        self._recent.put(tracker)
        asyncio.get_running_loop().call_later(IDLE + 1, self._recent.drop_idle)

    def _retrieve(self, conversation_id: str) -> LiveTracker | None:
        with self._database.reading() as connection:
            row = _row(connection, conversation_id)
            if row is None:
                self._recent.drop(conversation_id)
                return None
            known = self._recent.get(conversation_id)
            # New events in it are of a turn that broke off: they are not in the database.
            if known is not None and known.saved == (row.last_event, row.last_at) and not known.new_events:
                return known
            newest_first = connection.scalars(
                sa.select(events.c.data)
                .where(events.c.conversation_id == conversation_id)
                .order_by(events.c.number.desc())
                .limit(self._history)
            )
            last = list(newest_first)[::-1]
        tracker = LiveTracker.of_events(conversation_id, self.domain.slots, last, row.slots, self._history)
        tracker.saved = (row.last_event, row.last_at)
        return tracker

    def _retrieve_all(self, conversation_id: str) -> DialogueStateTracker | None:
        with self._database.reading() as connection:
            if _row(connection, conversation_id) is None:
                return None
            found = connection.scalars(
                sa.select(events.c.data)
                .where(events.c.conversation_id == conversation_id)
                .order_by(events.c.number)
            ).all()
        return DialogueStateTracker.from_dict(conversation_id, list(found), self.domain.slots)

    def _save(self, tracker: DialogueStateTracker, now: Turn) -> bool:
        """Write what is new; gives whether the tracker now holds what the database holds."""
        with self._database.writing() as connection:
            row = _row(connection, tracker.sender_id, lock=True)
            new = _new_events(connection, tracker, row)
            receipt = _receipt_in(new)
            written = [event.as_dict() for event in new]
            said = messages.messages_of(written)
            kept = None
            if receipt:
                erase(connection, tracker.sender_id, BY_VISITOR, receipt)
            elif row is not None or not was_erased(connection, tracker.sender_id):
                started = row or _start(connection, tracker)
                kept = _append(connection, tracker, started, written, said, now)
            _note(now, said)
            if said and said[-1].reply and now.also_keep is not None:
                now.also_keep(connection, list(said[-1].reply))
        now.saved = True
        if kept is None or not isinstance(tracker, LiveTracker):
            return False
        nobody_came_between = row is None or row.last_event == tracker.saved[0]
        tracker.saved = kept
        tracker.new_events = []
        return nobody_came_between


def _row(connection: Connection, conversation_id: str, lock: bool = False) -> Row | None:
    wanted = _ROW_TO_WRITE if lock else _ROW
    return connection.execute(wanted, {"conversation": conversation_id}).one_or_none()


def _new_events(connection: Connection, tracker: DialogueStateTracker, row: Row | None) -> list[Event]:
    """What is not in the database; of a tracker of Rasa's own, what goes beyond the stored session."""
    if isinstance(tracker, LiveTracker):
        return tracker.new_events
    if row is None:
        return list(tracker.events)
    session = (
        sa.select(sa.func.max(events.c.number))
        .where(events.c.conversation_id == tracker.sender_id)
        .where(events.c.type == "session_started")
        .scalar_subquery()
    )
    stored = connection.scalar(
        sa.select(sa.func.count())
        .select_from(events)
        .where(events.c.conversation_id == tracker.sender_id)
        .where(events.c.number >= sa.func.coalesce(session, 0))
    )
    return list(islice(tracker.events, stored, None))


def _receipt_in(new: Sequence[Event]) -> str:
    for event in new:
        if isinstance(event, SlotSet) and event.key == ERASURE_SLOT and event.value:
            return str(event.value)
    return ""


def _start(connection: Connection, tracker: DialogueStateTracker) -> Row:
    """Start a conversation that no channel of Kalm's began."""
    connection.execute(
        conversations.insert().values(
            id=tracker.sender_id,
            channel=tracker.get_latest_input_channel() or "",
            started_at=time.time(),
            last_at=time.time(),
            last_event=0,
            last_message=0,
            slots={},
        )
    )
    row = _row(connection, tracker.sender_id)
    assert row is not None
    return row


def _append(
    connection: Connection,
    tracker: DialogueStateTracker,
    row: Row,
    written: Sequence[dict[str, Any]],
    said: Sequence[Message],
    now: Turn,
) -> tuple[int, float]:
    """Keep events and messages after those that are there; gives number and time of the last event."""
    if written:
        connection.execute(
            events.insert(),
            [
                {
                    "conversation_id": tracker.sender_id,
                    "number": number,
                    "type": data["event"],
                    "at": data["timestamp"],
                    "data": data,
                }
                for number, data in enumerate(written, row.last_event + 1)
            ],
        )
    last_message = messages.store(connection, row.id, said, row.last_message, now.milliseconds)
    now.number = last_message if said else 0
    last = (row.last_event + len(written), written[-1]["timestamp"] if written else row.last_at)
    connection.execute(
        _THIS_CONVERSATION,
        {
            "conversation": tracker.sender_id,
            "last_event": last[0],
            "last_at": last[1],
            "last_message": last_message,
            "slots": {name: slot.value for name, slot in tracker.slots.items() if slot.has_been_set},
        },
    )
    return last


def _note(now: Turn, said: Sequence[Message]) -> None:
    """Tell the channel what was understood and answered."""
    if said:
        now.intent, now.kind = said[-1].intent, said[-1].kind
