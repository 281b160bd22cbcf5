"""The routes: what may be asked, by whom, how often, and how a fault is told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.constants import HTTP_METHODS
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.body import read_json
from channels.errors import RequestError, TooManyRequestsError
from channels.in_time import InTime
from channels.limits import RateLimit, limit_of, refuse_for
from channels.peer import address_of
from channels.visitor import OnNewMessage, clean_text, conversations, is_too_long
from channels.website import models
from channels.website.consent import consent
from channels.website.conversation import NAME, PAGE, UnavailableError, WebsiteConversations
from channels.website.limits import PER_ADDRESS, PER_READER
from channels.website.openapi import description
from channels.website.sessions import Session, Sessions
from kalm import fixed_replies, logs
from kalm.danger_replies import apology, in_danger
from kalm.limits import LONGEST_TEXT
from kalm.privacy.pseudonyms import pseudonyms
from kalm.reply import numbers
from kalm.sentences import sentences
from kalm.settings import settings

_DAY = 24 * 60 * 60
_LONGER = 2
"""Days that a session outlasts its conversation: the element renews it once a day, and what is kept too long
goes once a day. So what is kept can always be read and erased by who typed it."""

Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


class WebsiteChannel(InputChannel):
    """Rasa's input channel for the chat element on the website."""

    @classmethod
    def name(cls) -> str:
        """Name in the URL and in the tracker."""
        return NAME

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes of this channel."""
        routes = Blueprint("kalm_website")
        site = _Site(on_new_message)
        for (method, path), handler in site.routes.items():
            # stream=True: Sanic would otherwise read a body of up to 100 MB before asking us anything.
            streams = method == "POST"
            name = _name(method, path)
            routes.add_route(_answering(handler), path, methods=[method], stream=streams, name=name)
        for path in dict.fromkeys(path for _, path in site.routes):
            routes.add_route(_preflight, path, methods=["OPTIONS"], name=_name("OPTIONS", path))
            allowed = [method for method, its in site.routes if its == path]
            others = {str(method.value) for method in HTTP_METHODS} - {*allowed, "OPTIONS"}
            refuse = _answering(_refusing(allowed))
            routes.add_route(refuse, path, methods=others, stream=True, name=_name("others", path))
        routes.listener("before_server_start")(_take_preflight)
        routes.listener("after_server_stop")(site.in_time.finish)
        return routes


class _Site:
    """What the routes do."""

    def __init__(self, on_new_message: OnNewMessage) -> None:
        self.routes: dict[tuple[str, str], Handler] = {
            ("POST", "/session"): self.start_session,
            ("POST", "/messages"): self.send_message,
            ("GET", "/messages"): self.read_messages,
            ("DELETE", "/conversation"): self.erase,
            ("POST", "/feedback"): self.judge,
            ("GET", "/configuration"): self.configuration,
            ("GET", "/openapi.json"): self.openapi,
        }
        known = conversations()
        self._conversations = WebsiteConversations(known, on_new_message)
        self._sessions = Sessions(pseudonyms(), lasts=(settings().conversation_days + _LONGER) * _DAY)
        self._addresses = limit_of("the website", PER_ADDRESS, known.database, pseudonyms())
        self._readers = RateLimit(PER_READER)
        self.in_time = InTime()

    async def start_session(self, request: Request) -> HTTPResponse:
        asked: models.SessionAsked = models.read(
            models.SessionAsked, await read_json(request, models.EXAMPLES["session"])
        )
        self._count(request)
        if asked.consent != consent().id:
            raise RequestError("Wat we bewaren, is veranderd. Lees het nog eens.", 409, "consent")
        before = self._session(request) if "authorization" in request.headers else None
        session = self._sessions.start(time.time(), before)
        return response.json({"token": session.token, "ends_at": session.ends_at}, status=201)

    async def send_message(self, request: Request) -> HTTPResponse:
        session = self._session(request)
        sent: models.MessageSent = models.read(
            models.MessageSent, await read_json(request, models.EXAMPLES["message"])
        )
        text = clean_text(sent.text)
        if not text:
            raise RequestError(sentences().empty, 422, "empty")
        if is_too_long(text):
            raise RequestError(fixed_replies.too_long(LONGEST_TEXT).message, 422, "too_long")
        try:
            self._count(request)
            # An answer that comes too late is there for who sends the message again.
            return response.json(await self.in_time.wait_for(self._answer(session.sender, sent, text)))
        except TooManyRequestsError as wait:
            wait.reply = in_danger(text)
            raise
        except RequestError:
            raise
        except UnavailableError as unavailable:
            return _unavailable(unavailable.reply)
        except asyncio.TimeoutError as error:
            logs.failure("an answer took too long", error, channel=NAME)
            return _unavailable(apology(text).payload)
        except Exception as error:  # the visitor gets an answer all the same
            logs.failure("a message of the website failed", error, channel=NAME)
            return _unavailable(apology(text).payload)

    async def _answer(self, sender: str, sent: models.MessageSent, text: str) -> dict[str, Any]:
        if sent.chosen and sent.text not in await self._conversations.offered_to(sender):
            raise RequestError("Deze keuze staat er niet meer bij. Typ je vraag.", 409, "not_offered")
        return await self._conversations.answer(sender, sent.id, text)

    async def read_messages(self, request: Request) -> HTTPResponse:
        session = self._session(request)
        after = str(request.get_args(keep_blank_values=True).get("after", "0"))
        if not after.isdecimal() or len(after) > 9:
            raise RequestError("'after' moet een getal zijn van 0 of meer.")
        self._count(request)
        found = await self._conversations.history(session.sender, int(after))
        return response.json({"messages": found[:PAGE], "more": len(found) > PAGE})

    async def erase(self, request: Request) -> HTTPResponse:
        session = self._session(request)
        self._count(request)
        return response.json({"receipt": await self._conversations.erase(session.sender)})

    async def judge(self, request: Request) -> HTTPResponse:
        session = self._session(request)
        said: models.Judgement = models.read(
            models.Judgement, await read_json(request, models.EXAMPLES["judgement"])
        )
        self._count(request)
        reason = clean_text(said.reason)
        if not await self._conversations.judge(session.sender, said.number, said.helped, reason):
            raise RequestError("Dit bericht is er niet meer.", 404, "not_found")
        return response.empty()

    async def configuration(self, request: Request) -> HTTPResponse:
        self._count_reading(request)
        said = sentences()
        given = models.Configuration(
            consent=consent(),
            danger=models.DangerLine(message=said.danger_line, numbers=numbers(said.danger_line)),
            greeting=said.capabilities,
            disclaimer=said.disclaimer_long,
            suggestions=[{"title": starter, "payload": starter} for starter in said.starters],
            privacy_page=settings().privacy_page,
            articles_page=settings().articles_page,
            longest_text=LONGEST_TEXT,
        )
        return response.json(given.dict())

    async def openapi(self, request: Request) -> HTTPResponse:
        self._count_reading(request)
        return response.json(description())

    def _session(self, request: Request) -> Session:
        kind, _, token = str(request.headers.get("authorization", "")).partition(" ")
        session = self._sessions.read(token.strip(), time.time()) if kind.lower() == "bearer" else None
        if session is None:
            raise RequestError("Dit gesprek is verlopen. Begin een nieuw gesprek.", 401, "session")
        return session

    def _count(self, request: Request) -> None:
        refuse_for(self._addresses.seconds_to_wait(address_of(request)))

    def _count_reading(self, request: Request) -> None:
        refuse_for(self._readers.seconds_to_wait(address_of(request)))


def _answering(handler: Handler) -> Handler:
    """Refuse who may not ask, and tell each fault in one shape."""

    @wraps(handler)
    async def answer(request: Request) -> HTTPResponse:
        try:
            _check_origin(request)
            answered = await handler(request)
        except TooManyRequestsError as wait:
            answered = _fault(wait)
            answered.headers["Retry-After"] = str(wait.seconds)
        except RequestError as error:
            answered = _fault(error)
        except Exception as error:  # Sanic's own page of errors is English, and may quote
            logs.failure("a request of the website failed", error, channel=NAME)
            answered = _unavailable(apology("").payload)
        return _with_headers(request, answered)

    return answer


async def _preflight(request: Request) -> HTTPResponse:
    """What a browser asks before it sends a message to another host."""
    answered = response.empty()
    answered.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
    answered.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    answered.headers["Access-Control-Max-Age"] = "600"
    return _with_headers(request, answered)


async def _take_preflight(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    """Rasa's Sanic-CORS would answer each OPTIONS before us, and as Rasa sets it up allow nobody anything."""
    if hasattr(app.ctx, "sanic_cors"):
        app.ctx.sanic_cors.resources.clear()


def _refusing(allowed: list[str]) -> Handler:
    """Sanic's own refusal of a method is English, and as JSON it leaves out which ones there are."""

    async def refuse(request: Request) -> HTTPResponse:
        refused = _fault(RequestError("Zo kun je dit niet vragen.", 405))
        refused.headers["Allow"] = ", ".join([*allowed, "OPTIONS"])
        return refused

    return refuse


def _name(method: str, path: str) -> str:
    return f"{method}{path}".replace("/", "_").replace(".", "_")


def _check_origin(request: Request) -> None:
    origin = request.headers.get("origin")
    if origin is not None and origin not in settings().origins:
        raise RequestError("Deze website mag Kalm niet gebruiken.", 403, "origin")


def _with_headers(request: Request, answered: HTTPResponse) -> HTTPResponse:
    origin = request.headers.get("origin")
    if origin in settings().origins:
        answered.headers["Access-Control-Allow-Origin"] = origin
        answered.headers["Access-Control-Expose-Headers"] = "Retry-After"
    answered.headers["Vary"] = "Origin"
    answered.headers["Cache-Control"] = "no-store"
    answered.headers["X-Content-Type-Options"] = "nosniff"
    return answered


def _fault(error: RequestError) -> HTTPResponse:
    again = error.status == 429
    reply = error.reply.payload if error.reply else None
    fault = models.Fault(code=error.code, message=error.message, reply=reply, again=again)
    return response.json({"error": fault.dict()}, status=error.status)


def _unavailable(reply: dict[str, Any]) -> HTTPResponse:
    fault = models.Fault(code="unavailable", message=reply["message"], reply=reply, again=True)
    return response.json({"error": fault.dict()}, status=503)
