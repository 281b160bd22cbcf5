"""The webhook: who asks, whether Meta signed it, and storing it. All else comes after the answer to Meta.

https://developers.facebook.com/docs/whatsapp/cloud-api/guides/set-up-webhooks
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Callable, Coroutine
from functools import partial, wraps
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.body import read_body
from channels.errors import RequestError
from channels.visitor import OnNewMessage, conversations
from channels.whatsapp.answering import Answering
from channels.whatsapp.conversation import NAME
from channels.whatsapp.inbound.payload import read
from channels.whatsapp.inbound.receiving import Receiver
from channels.whatsapp.inbound.signature import is_signed
from channels.whatsapp.outbound.delivering import Deliverer
from channels.whatsapp.outbound.sending import GraphClient
from channels.whatsapp.worker import Workers
from kalm import logs
from kalm.buttons import read_buttons
from kalm.privacy.pseudonyms import pseudonyms
from kalm.settings import settings
from kalm.understanding import INTENT_OF_DANGER

LONGEST_POST = 3 * 1024 * 1024
"""Bytes that Meta posts at most."""

LONGEST_CHALLENGE = 256

Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


class WhatsAppChannel(InputChannel):
    """Rasa's input channel for WhatsApp."""

    @classmethod
    def name(cls) -> str:
        """Name in the URL and in the tracker."""
        return NAME

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes of this channel; none when it is off."""
        routes = Blueprint("kalm_whatsapp")
        missing = settings().missing_for_whatsapp
        if missing:
            # All of them: nobody wants WhatsApp. Some of them: somebody forgot one.
            logs.note("WhatsApp is off, settings are missing; see docs/whatsapp.md", missing=len(missing))
            return routes
        known = conversations()
        read_buttons()
        answering = Answering(known, on_new_message)
        workers = Workers(known.database, answering, Deliverer(known, GraphClient(settings())))
        webhook = _Webhook(Receiver(known, pseudonyms()), workers)
        routes.add_route(_answering(webhook.verify), "/webhook", methods=["GET"], name="verify")
        # stream=True: Sanic would otherwise read a body of up to 100 MB before asking us anything.
        routes.add_route(_answering(webhook.receive), "/webhook", methods=["POST"], stream=True, name="post")

        async def start(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            answering.suspects_danger = partial(_suspects_danger, app)
            workers.start()

        async def stop(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            await workers.stop()

        routes.listener("after_server_start")(start)
        routes.listener("before_server_stop")(stop)
        return routes


async def _suspects_danger(app: Sanic, text: str) -> bool:
    """Whether Rasa's model takes a text for danger; when it fails there are the rules."""
    try:
        understood = await app.ctx.agent.parse_message(text)
    except Exception as error:
        logs.failure("a message could not be understood before consent", error, channel=NAME)
        return False
    return (understood.get("intent") or {}).get("name") in INTENT_OF_DANGER.values()


class _Webhook:
    """What the routes do."""

    def __init__(self, receiver: Receiver, workers: Workers) -> None:
        self._receiver = receiver
        self._workers = workers

    async def verify(self, request: Request) -> HTTPResponse:
        """Meta asks this once, when somebody enters the address there."""
        asked = {
            name: str(request.args.get(f"hub.{name}", "")) for name in ("mode", "verify_token", "challenge")
        }
        expected = settings().whatsapp_verify_token.get_secret_value()
        is_right = hmac.compare_digest(asked["verify_token"].encode(), expected.encode())
        if asked["mode"] != "subscribe" or not is_right or len(asked["challenge"]) > LONGEST_CHALLENGE:
            logs.note("the webhook of WhatsApp was asked for with another word", channel=NAME)
            raise RequestError("This is not the verify token of Kalm.", 403)
        return response.text(asked["challenge"])

    async def receive(self, request: Request) -> HTTPResponse:
        body = await read_body(request, LONGEST_POST)
        _check_signature(body, str(request.headers.get("x-hub-signature-256", "")))
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            raise RequestError("This is no JSON.") from None
        delivery = read(data, settings().whatsapp_phone_number_id)
        if await asyncio.to_thread(self._receiver.store, delivery, time.time()):
            self._workers.wake()
        return response.json({"status": "stored"})


def _check_signature(body: bytes, signature: str) -> None:
    if not signature:
        logs.note("a webhook without signature was refused", channel=NAME, reason="missing")
        raise RequestError("The signature is missing.", 401)
    if not is_signed(body, signature, settings().whatsapp_app_secret.get_secret_value()):
        logs.note("a webhook with another signature was refused", channel=NAME, reason="wrong")
        raise RequestError("The signature is not of this body and this app secret.", 403)


def _answering(handler: Handler) -> Handler:
    """Tell each fault in one shape. What was not stored, Meta sends again."""

    @wraps(handler)
    async def answer(request: Request) -> HTTPResponse:
        try:
            answered = await handler(request)
        except RequestError as error:
            answered = response.json({"error": error.message}, status=error.status)
        except Exception as error:
            logs.failure("a webhook could not be stored", error, channel=NAME)
            answered = response.json({"error": "Not stored; send it again."}, status=503)
        answered.headers["Cache-Control"] = "no-store"
        answered.headers["X-Content-Type-Options"] = "nosniff"
        return answered

    return answer
