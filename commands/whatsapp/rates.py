"""How often a number may send, by Meta's rules.

- Per number: https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput. Meta
  counts what comes in as well; here only what goes out is counted.
- Per pair: https://developers.facebook.com/docs/whatsapp/cloud-api/overview. One message in six seconds, but
  some may go at once, as many as 45, which are then borrowed from the time that follows.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

from commands.whatsapp.graph_errors import PAIR_RATE_LIMIT, RATE_LIMIT, GraphError


@dataclass(frozen=True)
class Rates:
    """How often a number may send; None: as often as it likes.

    Attributes:
        messages_per_second: of the number, to all together.
        pair_burst: messages to one person that may go at once.
        pair_seconds: after which one more may go to this person.
        status: HTTP status of a refusal; see :mod:`commands.whatsapp.graph_errors`.
    """

    messages_per_second: int | None = None
    pair_burst: int | None = None
    pair_seconds: float = 6.0
    status: int = 400


META_RATES = Rates(messages_per_second=80, pair_burst=45)
"""What Meta allows a number that was not raised to a higher throughput."""


class Throttle:
    """Remembers what went out. A refused message does not count."""

    def __init__(self) -> None:
        self._last_second: deque[float] = deque()
        self._borrowed_until: defaultdict[str, float] = defaultdict(float)

    def let_through(self, to: str, rates: Rates, now: float) -> None:
        """Count a message.

        Args:
            to: who it goes to.
            rates: in force.
            now: seconds since any fixed moment.

        Raises:
            GraphError: it goes too fast; nothing is counted.
        """
        while self._last_second and self._last_second[0] <= now - 1:
            self._last_second.popleft()
        if rates.messages_per_second is not None and len(self._last_second) >= rates.messages_per_second:
            raise GraphError(RATE_LIMIT, "too many messages from this phone number", status=rates.status)
        if rates.pair_burst is not None:
            free_at = max(self._borrowed_until[to], now)
            if free_at - now > (rates.pair_burst - 1) * rates.pair_seconds:
                raise GraphError(PAIR_RATE_LIMIT, "too many messages to this user", status=rates.status)
            self._borrowed_until[to] = free_at + rates.pair_seconds
        self._last_second.append(now)
