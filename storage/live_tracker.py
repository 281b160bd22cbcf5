"""A tracker that stays in memory between two messages, with as much history as predictions need.

Rasa's own reads and parses the whole conversation for each message, and replays it for each action, so that
a long one becomes slow (``docs/storage.md`` has the figures). This one keeps the last events and notes
which are new.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, deserialise_events
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

HISTORY = 40
"""Events in memory: some seven messages and replies, more than any rule or follow-up looks back."""


class LiveTracker(DialogueStateTracker):
    """A bounded tracker that knows what of it is not saved yet.

    Attributes:
        new_events: what happened since the last save, in order.
        saved: number and time of the last event that is in the database.
        is_lost: the database could not be read, so that nothing may be saved either.
    """

    def __init__(
        self, sender_id: str, slots: Iterable[Slot] | None, history: int | None = HISTORY, **others: Any
    ) -> None:
        super().__init__(sender_id, slots, history, **others)
        self.new_events: list[Event] = []
        self.saved: tuple[int, float] = (0, 0.0)
        self.is_lost = False

    @classmethod
    def of_events(
        cls,
        sender_id: str,
        slots: Iterable[Slot],
        events: Sequence[Mapping[str, Any]],
        slot_values: Mapping[str, Any],
        history: int | None = HISTORY,
    ) -> LiveTracker:
        """A tracker as it was when its last event was saved.

        Args:
            sender_id: conversation id.
            slots: of the domain.
            events: the last ones, as Rasa writes them.
            slot_values: of each slot after the last event; events before the first may have set them.
            history: how many events to keep.
        """
        tracker = cls(sender_id, slots, history)
        for event in deserialise_events([dict(event) for event in events]):
            tracker.update(event)
        for name, value in slot_values.items():
            if name in tracker.slots:
                tracker.slots[name].value = value
        tracker.new_events = []
        return tracker

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """Apply an event and note that it is new."""
        if isinstance(event, SessionStarted):
            self.events.clear()  # nothing before it counts, in Rasa's own trackers neither
        super().update(event, domain)
        self.new_events.append(event)

    def copy(self) -> LiveTracker:
        """A tracker in the same state, without replaying how it got there."""
        other = copy.copy(self)
        other.events = self.events.copy()
        other.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        other.active_loop = copy.copy(self.active_loop)
        other.new_events = list(self.new_events)
        return other
