"""Plain REST under ``/webhooks/rest/webhook``, in Rasa's own shape, with checks before Rasa sees a message.

Differences from Rasa's ``rest`` channel, each a trap of it: a text that starts with "/" is text (Rasa would
take it for a command); the body and the text have a limit; a missing sender gets a conversation of its own
instead of sharing one; who answers nothing in time (action server or database gone) apologises; ``stream``
is not offered; whoever is on another machine needs a token; a sender who asks too often hears so. ``ready``
says whether a message can be kept.
"""

from __future__ import annotations

import math
import time
import uuid
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.body import read_json
from channels.errors import RequestError, TooManyRequestsError
from channels.in_time import InTime
from channels.limits import PER_SENDER, limit_of
from channels.refusals import mark_refused
from channels.store_look import StoreLook
from channels.visitor import OnNewMessage, as_messages, clean_text, conversations, converse, writable
from kalm import logs
from kalm.danger_replies import in_danger
from kalm.privacy.pseudonyms import pseudonyms
from kalm.reply import Disclaimer, Kind, Reply
from kalm.sentences import sentences
from kalm.settings import settings
from kalm.strangers import is_stranger

EXAMPLE = '{"sender": "...", "message": "..."}'
"""A message, for who sends something else."""

LONGEST_SENDER = 128
"""Characters of a sender id."""


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
        store = StoreLook(known)
        in_time = InTime()
        routes.listener("after_server_stop")(in_time.finish)
        senders = limit_of("REST", PER_SENDER, known.database, pseudonyms())
        token = settings().rest_token.get_secret_value()

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/ready", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            missing = await store.what_is_missing()
            if missing:
                return response.json({"status": "not ready", "missing": missing}, status=503)
            return response.json({"status": "ready"})

        # stream=True: Sanic would otherwise read the whole body, up to 100 MB, before asking us anything.
        @routes.route("/webhook", methods=["POST"], stream=True)
        async def receive(request: Request) -> HTTPResponse:
            if _is_stranger(request, token):
                return _turn_away(token)
            try:
                sender, text = read_message(await read_json(request, EXAMPLE))
            except RequestError as error:
                return response.json({"error": error.message}, status=error.status)
            seconds = math.ceil(senders.seconds_to_wait(sender))
            if seconds:
                mark_refused(request)
                return _answer(sender, _refuse(text, seconds), {"Retry-After": str(seconds)})
            said = await converse(known, on_new_message, self.name(), sender, text, in_time)
            return _answer(sender, said.parts)

        return routes


def read_message(data: dict[str, Any]) -> tuple[str, str]:
    """Sender id and text of a request body.

    Raises:
        RequestError: fields of the wrong type.
    """
    sender, text = data.get("sender"), data.get("message")
    if not isinstance(text, str):
        raise RequestError("Het veld 'message' ontbreekt of is geen tekst.")
    if sender is None:
        sender = ""
    if not isinstance(sender, str) or len(sender) > LONGEST_SENDER:
        raise RequestError(f"Het veld 'sender' moet een tekst van hoogstens {LONGEST_SENDER} tekens zijn.")
    # Cleaned first: what has nothing left must not share the conversation of the empty name.
    return writable(sender) or uuid.uuid4().hex, text


def _is_stranger(request: Request, token: str) -> bool:
    authorization = str(request.headers.get("authorization", ""))
    return is_stranger(str(request.ip), request.headers.keys(), authorization, token)


def _turn_away(token: str) -> HTTPResponse:
    """In English: whoever reads this made a program, and is no visitor."""
    if not token:
        error = (
            "REST is closed to other machines and to what comes by a proxy: KALM_REST_TOKEN is not set "
            "on the bot server; see docs/rest.md"
        )
        return response.json({"error": error}, status=403)
    error = "REST needs the header 'Authorization: Bearer <token>' with the value of KALM_REST_TOKEN"
    return response.json({"error": error}, status=401, headers={"WWW-Authenticate": "Bearer"})


def _answer(sender: str, parts: list[dict[str, Any]], headers: dict[str, str] | None = None) -> HTTPResponse:
    return response.json([{**part, "recipient_id": sender} for part in parts], headers=headers)


def _refuse(typed: str, seconds: int) -> list[dict[str, Any]]:
    started = time.monotonic()
    reply = too_often(typed, seconds)
    milliseconds = (time.monotonic() - started) * 1000
    # Danger counts as what it is, whoever tells of it.
    kind = "limited" if reply.kind is Kind.NO_ANSWER else reply.kind.value
    logs.log_message(conversation=None, channel=RestChannel.name(), kind=kind, milliseconds=milliseconds)
    return as_messages(reply)


def too_often(typed: str, seconds: int) -> Reply:
    """For who sent too much: it never reaches Rasa, but who tells of danger hears whom to call.

    Args:
        typed: the text as it came.
        seconds: until another message is answered.
    """
    # The numbers stand there also for a danger that the rules do not see.
    message = f"{TooManyRequestsError(seconds).message} {sentences().danger_line}"
    ask_later = Reply(kind=Kind.NO_ANSWER, disclaimer=Disclaimer.LONG, message=message)
    return in_danger(clean_text(typed)) or ask_later
