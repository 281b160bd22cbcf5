"""What Meta tells afterwards of a message that it took.

Shape: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/
status. An answer within 24 hours costs nothing, which the price in it says.
"""

from __future__ import annotations

import time
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

import httpx

from commands.whatsapp import webhooks
from commands.whatsapp.graph_errors import HELP, GraphError

_DAY = 24 * 60 * 60
_PATIENCE = 5.0
_AGAIN_AFTER = 0.2
_MOST_TRIES = 150
_TAKEN = 200


class StatusReporter:
    """Posts signed statuses in a thread of its own, one after the other.

    What is not taken is posted again, as Meta does it, only sooner and not for days.

    Attributes:
        answers: HTTP status of each answer to them, 0 where nothing answered.
    """

    def __init__(self, address: str, app_secret: str, phone_number_id: str) -> None:
        """Start the thread.

        Args:
            address: of the webhook, whole.
            app_secret: key of the signature.
            phone_number_id: of the shop.
        """
        self.answers: list[int] = []
        self._address = address
        self._app_secret = app_secret
        self._phone_number_id = phone_number_id
        self._closing = Event()
        self._waiting: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._thread = Thread(target=self._post_all, daemon=True)
        self._thread.start()

    def report_delivery(self, identity: str, to: str, tracker: str | None) -> None:
        """A message was sent, then delivered.

        Args:
            identity: of the message.
            to: who it went to.
            tracker: its ``biz_opaque_callback_data``.
        """
        conversation = {"id": identity[-32:].lower(), "origin": {"type": "service"}}
        price = {
            "billable": False,
            "pricing_model": "PMP",
            "category": "service",
            "type": "free_customer_service",
        }
        ends = {"expiration_timestamp": str(int(time.time()) + _DAY)}
        self._put(identity, to, tracker, "sent", conversation={**conversation, **ends}, pricing=price)
        self._put(identity, to, tracker, "delivered", conversation=conversation, pricing=price)

    def report_failure(self, identity: str, to: str, tracker: str | None, error: GraphError) -> None:
        """A message that was taken could not be delivered."""
        told = {
            "code": error.code,
            "title": error.title,
            "message": error.title,
            "error_data": {"details": error.details},
            "href": HELP,
        }
        self._put(identity, to, tracker, "failed", errors=[told])

    def close(self) -> None:
        """Post what is waiting, and end."""
        self._waiting.put(None)
        self._closing.set()
        self._thread.join()

    def _put(self, identity: str, to: str, tracker: str | None, status: str, **others: Any) -> None:
        self._waiting.put(
            {
                "id": identity,
                "status": status,
                "timestamp": str(int(time.time())),
                "recipient_user_id" if "." in to else "recipient_id": to,
                **({"biz_opaque_callback_data": tracker} if tracker is not None else {}),
                **others,
            }
        )

    def _post_all(self) -> None:
        with httpx.Client(timeout=_PATIENCE) as client:
            while (status := self._waiting.get()) is not None:
                value = webhooks.with_status(self._phone_number_id, status)
                for _ in range(_MOST_TRIES):
                    self.answers.append(self._post(client, value))
                    if self.answers[-1] == _TAKEN or self._closing.wait(_AGAIN_AFTER):
                        break

    def _post(self, client: httpx.Client, value: dict[str, Any]) -> int:
        try:
            return webhooks.post(client, self._address, self._app_secret, value).status_code
        except httpx.HTTPError:
            return 0
