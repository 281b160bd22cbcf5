"""What the stand-in took and refused, for whoever looks from another thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition
from typing import Any


@dataclass(frozen=True)
class Sent:
    """A message that the stand-in took.

    Attributes:
        id: that it gave it.
        to: phone number in digits, or business-scoped user id.
        body: of the request, whole.
        at: seconds since 1970.
    """

    id: str
    to: str
    body: dict[str, Any]
    at: float

    @property
    def text(self) -> str:
        """What the person reads, without header, footer and buttons."""
        found: str = self._interactive["body"]["text"] if self._interactive else self.body["text"]["body"]
        return found

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Id and title of each reply button, or of each row of the list."""
        action = self._interactive.get("action", {})
        choices = [button["reply"] for button in action.get("buttons", ())]
        choices += [row for section in action.get("sections", ()) for row in section["rows"]]
        return [(choice["id"], choice["title"]) for choice in choices]

    @property
    def tracker(self) -> str | None:
        """Its ``biz_opaque_callback_data``."""
        return self.body.get("biz_opaque_callback_data")

    @property
    def _interactive(self) -> dict[str, Any]:
        return self.body.get("interactive") or {}


@dataclass(frozen=True)
class Mark:
    """A message of a user that was marked as read.

    Attributes:
        message_id: of that message.
        typing: whether the user sees that an answer is being typed.
        at: seconds since 1970.
    """

    message_id: str
    typing: bool
    at: float


@dataclass(frozen=True)
class Refusal:
    """A request that broke a rule; scripted faults are none."""

    code: int
    details: str


class Received:
    """All that came in; may be read while more comes."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._sent: list[Sent] = []
        self._marks: list[Mark] = []
        self._refusals: list[Refusal] = []

    @property
    def sent(self) -> list[Sent]:
        """What it took, oldest first."""
        with self._changed:
            return list(self._sent)

    @property
    def marks(self) -> list[Mark]:
        """What was marked as read, oldest first."""
        with self._changed:
            return list(self._marks)

    @property
    def refusals(self) -> list[Refusal]:
        """What broke a rule, oldest first."""
        with self._changed:
            return list(self._refusals)

    def wait_until(self, holds: Callable[[], bool], timeout: float) -> bool:
        """Wait until something holds that only changes when something comes in.

        Returns:
            Whether it does; it does not when the seconds are over.
        """
        with self._changed:
            return self._changed.wait_for(holds, timeout)

    def wait_for(self, count: int, timeout: float) -> list[Sent]:
        """Wait until so many messages were taken in all.

        Raises:
            TimeoutError: there are fewer when the seconds are over.
        """
        if not self.wait_until(lambda: len(self._sent) >= count, timeout):
            raise TimeoutError(f"{len(self.sent)} of {count} messages after {timeout:g} s")
        return self.sent

    def keep(self, one: Sent | Mark | Refusal) -> None:
        """Add what came in, and wake who waits."""
        with self._changed:
            if isinstance(one, Sent):
                self._sent.append(one)
            elif isinstance(one, Mark):
                self._marks.append(one)
            else:
                self._refusals.append(one)
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget all that came in."""
        with self._changed:
            for kept in (self._sent, self._marks, self._refusals):
                kept.clear()
