"""Plain REST under ``/webhooks/rest/webhook``, in Rasa's own shape, with checks before Rasa sees a message.

Differences from Rasa's ``rest`` channel, each a trap of it: a text that starts with "/" is text (Rasa would
take it for a command); the body and the text have a limit; a missing sender gets a conversation of its own
instead of sharing one; who answers nothing (action server gone) apologises; ``stream`` is not offered.
"""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse

from kalm import fixed_replies
from kalm.limits import LONGEST_BODY, LONGEST_TEXT, TOO_LARGE
from kalm.reply import Reply
from kalm.safety import danger_in
from kalm.safety.fallback import unless_it_fails

logger = logging.getLogger(__name__)

LONGEST_SENDER = 128
"""Characters of a sender id."""

_COMMAND_PREFIX = re.compile(r"^[\s/]+")


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

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of this channel."""
        routes = Blueprint("kalm_rest")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        # stream=True: Sanic would otherwise read the whole body, up to 100 MB, before asking us anything.
        @routes.route("/webhook", methods=["POST"], stream=True)
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, text = read_message(await _read_body(request))
            except BadRequestError as error:
                return response.json({"error": str(error)}, status=error.status)
            if not text:
                return response.json(_as_messages(sender, fixed_replies.empty()))
            # A cry for help is never too long: it goes the whole way, so that the conversation remembers it.
            # When the rules fail, the reply that it is too long names 112 and 113 as well.
            if len(text) > LONGEST_TEXT and unless_it_fails(danger_in, text) is None:
                return response.json(_as_messages(sender, fixed_replies.too_long(LONGEST_TEXT)))
            return response.json(await self._converse(on_new_message, sender, text))

        return routes

    async def _converse(
        self,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        sender: str,
        text: str,
    ) -> list[dict[str, Any]]:
        collector = CollectingOutputChannel()
        message = UserMessage(text, collector, sender, input_channel=self.name())
        try:
            await on_new_message(message)
        except Exception as error:  # whatever happens, the visitor gets an answer
            logger.error("a message over REST failed with %s", type(error).__name__)
        return collector.messages or _as_messages(sender, fixed_replies.failure())


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
    """Sender id and text of a request body; the text is empty when nothing but signs of a command are left.

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
    return _writable(sender) or uuid.uuid4().hex, _COMMAND_PREFIX.sub("", _writable(text)).strip()


def _writable(text: str) -> str:
    """Without halves of surrogate pairs, which JSON may carry but neither spaCy nor UTF-8 accept."""
    return text.encode("utf-8", "ignore").decode()


def _as_messages(sender: str, reply: Reply) -> list[dict[str, Any]]:
    """A reply as Rasa's own channel would send it: the text, then the data."""
    return [
        {"recipient_id": sender, "text": reply.text},
        {"recipient_id": sender, "custom": reply.payload},
    ]
