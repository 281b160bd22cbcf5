"""Plain REST under ``/webhooks/rest/webhook``, in Rasa's own shape, with checks before Rasa sees a message.

Differences from Rasa's ``rest`` channel, each a trap of it: a text that starts with "/" is text (Rasa would
take it for a command); the body and the text have a limit; a missing sender gets a conversation of its own
instead of sharing one; who answers nothing (action server or database gone) apologises; ``stream`` is not
offered. ``GET ready`` says whether a message can be kept.
"""

from __future__ import annotations

import asyncio
import json
import uuid

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.visitor import OnNewMessage, conversations, converse, writable
from kalm.limits import LONGEST_BODY, TOO_LARGE

LONGEST_SENDER = 128
"""Characters of a sender id."""


class BadRequestError(Exception):
    """The request cannot be used; the message says in Dutch why."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class RestChannel(InputChannel):
    """Rasa's input channel for other programs."""

    @classmethod
    def name(cls) -> str:
        """Name in the URL and in the tracker."""
        return "rest"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes of this channel."""
        routes = Blueprint("kalm_rest")
        known = conversations()

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/ready", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            missing = await asyncio.to_thread(known.what_is_missing)
            if missing:
                return response.json({"status": "not ready", "missing": missing}, status=503)
            return response.json({"status": "ready"})

        # stream=True: Sanic would otherwise read the whole body, up to 100 MB, before asking us anything.
        @routes.route("/webhook", methods=["POST"], stream=True)
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, text = read_message(await _read_body(request))
            except BadRequestError as error:
                return response.json({"error": str(error)}, status=error.status)
            return response.json(await converse(known, on_new_message, self.name(), sender, text))

        return routes


async def _read_body(request: Request) -> bytes:
    """The body of a streaming route, of which no more than ``LONGEST_BODY`` bytes are read.

    Raises:
        BadRequestError: it is larger.
    """
    # Sanic compares this with the announced length, or of a chunked body with each chunk, before it reads.
    assert request.stream is not None
    request.stream.request_max_size = LONGEST_BODY
    try:
        await request.receive_body()  # type: ignore[no-untyped-call]
    except PayloadTooLarge:
        raise BadRequestError(TOO_LARGE, 413) from None
    body: bytes = request.body
    return body


def read_message(body: bytes) -> tuple[str, str]:
    """Sender id and text of a request body.

    Raises:
        BadRequestError: no JSON object, or fields of the wrong type.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequestError("Het bericht is geen geldige JSON.") from None
    if not isinstance(data, dict):
        raise BadRequestError(
            'Het bericht moet een JSON-object zijn, zoals {"sender": "...", "message": "..."}.'
        )
    sender, text = data.get("sender"), data.get("message")
    if not isinstance(text, str):
        raise BadRequestError("Het veld 'message' ontbreekt of is geen tekst.")
    if sender is None:
        sender = ""
    if not isinstance(sender, str) or len(sender) > LONGEST_SENDER:
        raise BadRequestError(f"Het veld 'sender' moet een tekst van hoogstens {LONGEST_SENDER} tekens zijn.")
    # Cleaned first: what has nothing left must not share the conversation of the empty name.
    return writable(sender) or uuid.uuid4().hex, text
