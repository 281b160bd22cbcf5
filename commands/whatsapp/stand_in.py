"""A stand-in of Meta's Graph API, as far as Kalm talks to it: for trying without Meta, and for the tests.

It listens on this machine alone, sends nothing to anybody, and keeps what it got in memory. It is a check of
its own: its rules are written from Meta's pages, not shared with the channel.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from commands.whatsapp.faults import Fault
from commands.whatsapp.graph_errors import (
    INVALID_PARAMETER,
    INVALID_VALUE,
    OUTSIDE_WINDOW,
    TOKEN_EXPIRED,
    UNDELIVERABLE,
    GraphError,
)
from commands.whatsapp.message_rules import check_message, recipient_of
from commands.whatsapp.rates import Rates, Throttle
from commands.whatsapp.received import Mark, Received, Refusal, Sent
from commands.whatsapp.statuses import StatusReporter
from commands.whatsapp.webhooks import new_id

WINDOW = 24 * 60 * 60
"""Seconds after a user's last message in which one may answer freely; see
https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages."""


class StandIn(Received):
    """What the Graph API does with ``POST /{version}/{phone number id}/messages``.

    Attributes:
        faults: one is used up by each message, the first that waits for its recipient.
        mark_faults: the same for read marks.
        rates: how often may be sent; as often as one likes at first.
        not_on_whatsapp: who cannot get messages.
        last_wrote: when a user last wrote, in seconds of the clock; who is not in it may always be answered.
        late: whether the last two are told by a status ``failed``, after an answer 200, as Meta does as well.
    """

    def __init__(
        self, access_token: str, phone_number_id: str, clock: Callable[[], float] = time.time
    ) -> None:
        """A stand-in that nobody reaches yet; see :func:`commands.whatsapp.serving.serving`.

        Args:
            access_token: the one it wants.
            phone_number_id: the only one it knows.
            clock: seconds; tests may turn it.
        """
        super().__init__()
        self._reporter: StatusReporter | None = None
        path = "/v{version:float}/{number}/messages"
        self.app = Starlette(routes=[Route(path, self._post, methods=["POST"])])
        self._access_token = access_token
        self._phone_number_id = phone_number_id
        self._clock = clock
        self._be_as_new()

    def report_statuses(self, address: str, app_secret: str) -> StatusReporter:
        """From now on tell by webhooks what becomes of messages.

        Args:
            address: of the webhook, whole.
            app_secret: key of the signature.
        """
        self.stop_reporting()
        self._reporter = StatusReporter(address, app_secret, self._phone_number_id)
        return self._reporter

    def stop_reporting(self) -> None:
        """Tell what is waiting to be told, and no more."""
        if self._reporter is not None:
            self._reporter.close()
        self._reporter = None

    def clear(self) -> None:
        """Forget all that came in, and be as new: nothing goes wrong and nobody is told."""
        self.stop_reporting()
        super().clear()
        self._be_as_new()

    def _be_as_new(self) -> None:
        self.faults: list[Fault] = []
        self.mark_faults: list[Fault] = []
        self.rates = Rates()
        self.not_on_whatsapp: set[str] = set()
        self.last_wrote: dict[str, float] = {}
        self.late = False
        self._throttle = Throttle()

    async def _post(self, request: Request) -> Response:
        try:
            self._check_sender(request)
            message = _object_in(await request.body())
            handle = self._mark if "status" in message else self._send
            return await handle(request, message)
        except GraphError as error:
            self.keep(Refusal(error.code, error.details))
            return JSONResponse(error.body, error.status)

    def _check_sender(self, request: Request) -> None:
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, f"Bearer {self._access_token}".encode()):
            raise GraphError(TOKEN_EXPIRED, "the access token is missing or wrong")
        if request.path_params["number"] != self._phone_number_id:
            raise GraphError(INVALID_PARAMETER, "there is no such phone number id", subcode=33)

    async def _mark(self, request: Request, message: dict[str, Any]) -> Response:
        identity, typing = message.get("message_id"), message.get("typing_indicator")
        if message.get("messaging_product") != "whatsapp":
            raise GraphError(INVALID_PARAMETER, "messaging_product must be 'whatsapp'")
        if message["status"] != "read" or not isinstance(identity, str) or not identity:
            raise GraphError(INVALID_VALUE, "status must be 'read', with a message_id")
        if typing not in (None, {"type": "text"}):
            raise GraphError(INVALID_VALUE, "typing_indicator.type must be 'text'")
        fault = _take(self.mark_faults, "")
        if fault is None or fault.accepted:
            self.keep(Mark(identity, typing is not None, self._clock()))
        return await _spoil(fault, request, JSONResponse({"success": True}))

    async def _send(self, request: Request, message: dict[str, Any]) -> Response:
        check_message(message)
        to = recipient_of(message)
        fault = _take(self.faults, to)
        if fault is not None and not fault.accepted:
            return await _spoil(fault, request, Response())
        self._throttle.let_through(to, self.rates, self._clock())
        unreachable = self._unreachable(to)
        if unreachable is not None and not self.late:
            raise unreachable
        sent = Sent(new_id(), to, message, self._clock())
        self.keep(sent)
        self._report(sent, unreachable)
        contact = {"input": message.get("to") or to, "user_id" if "." in to else "wa_id": to}
        receipt = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": sent.id}]}
        return await _spoil(fault, request, JSONResponse(receipt))

    def _unreachable(self, to: str) -> GraphError | None:
        if to in self.not_on_whatsapp:
            return GraphError(UNDELIVERABLE)
        if self._clock() - self.last_wrote.get(to, self._clock()) > WINDOW:
            return GraphError(OUTSIDE_WINDOW, "more than 24 hours have passed since the user last wrote")
        return None

    def _report(self, sent: Sent, unreachable: GraphError | None) -> None:
        if unreachable is not None:
            self.keep(Refusal(unreachable.code, unreachable.details))
        if self._reporter is not None and unreachable is not None:
            self._reporter.report_failure(sent.id, sent.to, sent.tracker, unreachable)
        elif self._reporter is not None:
            self._reporter.report_delivery(sent.id, sent.to, sent.tracker)


def _object_in(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise GraphError(INVALID_PARAMETER, "the body is no JSON") from None
    if not isinstance(message, dict):
        raise GraphError(INVALID_PARAMETER, "the body is no object")
    return message


def _take(faults: list[Fault], to: str) -> Fault | None:
    for fault in faults:
        if fault.recipient in ("", to):
            faults.remove(fault)
            return fault
    return None


async def _spoil(fault: Fault | None, request: Request, answer: Response) -> Response:
    if fault is None:
        return answer
    await asyncio.sleep(fault.delay)
    if fault.closes:
        request.state.transport.abort()
        await asyncio.sleep(0)  # until uvicorn knows; it then drops the answer
        return answer
    if fault.status is None:
        return answer
    return Response(fault.body, fault.status, media_type=fault.media_type)
