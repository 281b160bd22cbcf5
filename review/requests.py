"""The door of every screen: who asks, may they, and did they mean to.

A handler is a plain function: it gets a :class:`ReviewRequest` and gives a response. It runs in a thread,
so it may wait for the database.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from sqlalchemy.engine import Connection
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kalm.settings import settings
from review.access import sessions
from review.access.members import Member
from review.access.sessions import Session
from review.audit.log import note, note_once, was_noted
from review.pages import render
from review.states import Role
from review.whole_numbers import whole_number
from storage.database import Database

PREFIX = "/review"
"""Where the screens are on the web app."""

COOKIE = "kalm_team"
LARGEST_FORM = 512 * 1024
"""Bytes. The longest thing that is sent is a section of an article."""

READ_ONCE_IN = 3600.0
"""Seconds in which it is kept once that somebody read a conversation, however often they look at it."""

_NOTICE_COOKIE = "kalm_melding"
_LOGIN = f"{PREFIX}/inloggen"
_PASSWORD = f"{PREFIX}/wachtwoord"
_BEFORE_A_PASSWORD = ("/wachtwoord", "/uitloggen")


@dataclass(frozen=True)
class ReviewRequest:
    """One request of somebody in the team.

    Attributes:
        request: as Starlette has it.
        database: where everything is.
        session: who is logged in; None on the few pages that anybody may see.
        form: what was sent, each field's values in order; empty for a page.
        now: seconds since 1970.
    """

    request: Request
    database: Database
    session: Session | None
    form: Mapping[str, list[str]]
    now: float

    @property
    def member(self) -> Member:
        """Who asks.

        Raises:
            HTTPException: nobody is logged in.
        """
        if self.session is None:
            raise HTTPException(403)
        return self.session.member

    @property
    def is_part(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.request.headers.get("HX-Request") == "true"

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the question mark, without NUL: PostgreSQL keeps and compares none."""
        return {name: value.replace("\0", "") for name, value in self.request.query_params.items()}

    @property
    def path(self) -> Mapping[str, Any]:
        """What the address itself names; there is no NUL in it."""
        return self.request.path_params

    def value(self, name: str, default: str = "") -> str:
        """A field that was sent once; the last value when it was sent more often."""
        return (self.form.get(name) or [default])[-1].strip()

    def values(self, name: str) -> list[str]:
        """A field that may be sent more often."""
        return list(self.form.get(name) or ())

    def note(self, connection: Connection, action: str, subject: str = "", **details: object) -> None:
        """Keep in the audit log what is done; see :func:`review.audit.log.note`."""
        note(connection, self.member.name, action, subject, self.now, **details)

    def note_reading(self, connection: Connection, action: str, subject: str) -> None:
        """Keep in the audit log that somebody reads a conversation, within a transaction that writes."""
        note_once(connection, self.member.name, action, subject, self.now, READ_ONCE_IN)

    def trace_reading(self, action: str, subject: str) -> None:
        """The same where nothing else is written: in a transaction of its own, and only when it is needed."""
        with self.database.reading() as connection:
            if was_noted(connection, self.member.name, action, subject, self.now - READ_ONCE_IN):
                return
        with self.database.writing() as connection:
            self.note_reading(connection, action, subject)

    def render(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page, or a part of one."""
        response = render(self.request, template, status, session=self.session, now=self.now, **context)
        if _NOTICE_COOKIE in self.request.cookies and not self.is_part:
            response.delete_cookie(_NOTICE_COOKIE, path=PREFIX)
        return response

    def go_to(self, path: str, notice: str = "") -> Response:
        """Lead to another page of these screens, which shows a notice once.

        Args:
            path: behind :data:`PREFIX`.
            notice: a sentence in Dutch.
        """
        response = _redirect(self.request, f"{PREFIX}{path}")
        if notice:
            response.set_cookie(
                _NOTICE_COOKIE, quote(notice), max_age=60, path=PREFIX, httponly=True, samesite="lax"
            )
        return response


Handler = Callable[[ReviewRequest], Response]


class _RowConvertor(Convertor[int]):
    """``{name:row}`` in the path of a screen: the number of a row."""

    regex = "[0-9]+"

    def convert(self, value: str) -> int:
        number = whole_number(value)
        if number is None:  # no row has it
            raise HTTPException(404)
        return number

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("row", _RowConvertor())


@dataclass(frozen=True)
class Screen:
    """One address of the screens.

    Attributes:
        path: behind :data:`PREFIX`.
        handler: gives the response.
        role: who may, None for anybody: then the handler itself decides.
        method: GET for what changes nothing, POST for what does.
        is_secret: whether the address holds a secret. Its pages let browsers tell nobody where they are, and
            then these do not say either that a form comes from there.
        by_itself: whether an open page asks for it again and again. That is no sign that somebody is there,
            so it keeps no session from ending.
    """

    path: str
    handler: Handler
    role: Role | None
    method: str = "GET"
    is_secret: bool = False
    by_itself: bool = False

    def route(self, database: Database) -> Route:
        """For Starlette."""

        async def endpoint(request: Request) -> Response:
            return await _answer(self, database, request)

        return Route(self.path, endpoint, methods=[self.method], name=f"{self.method} {self.path}")


async def _answer(screen: Screen, database: Database, request: Request) -> Response:
    now = time.time()
    if any("\0" in str(value) for value in request.path_params.values()):
        raise HTTPException(404)
    token = request.cookies.get(COOKIE, "")
    is_there = not screen.by_itself
    session = await run_in_threadpool(sessions.find, database, token, now, is_there) if token else None
    if screen.role is not None:
        if session is None:
            return _to_login(request)
        if session.member.must_change and screen.path not in _BEFORE_A_PASSWORD:
            return _redirect(request, _PASSWORD)
        if not session.member.role.includes(screen.role):
            raise HTTPException(403)
    form: Mapping[str, list[str]] = {}
    if screen.method == "POST":
        form = await _read_form(request)
        _refuse_other_sites(request, screen.is_secret)
        if session is not None and screen.role is not None:
            _refuse_without_token(request, form, session)
    asked = ReviewRequest(request, database, session, form, now)
    return await run_in_threadpool(screen.handler, asked)


def _to_login(request: Request) -> Response:
    """Lead to the login, from a page: a form, or a page that is open, stays where it is with what was typed.

    Raises:
        HTTPException: 401 for these.
    """
    if request.method != "GET" or request.headers.get("HX-Request") == "true":
        raise HTTPException(401)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return _redirect(request, f"{_LOGIN}?naar={quote(here)}")


def _redirect(request: Request, address: str) -> Response:
    redirect = RedirectResponse(address, 303)
    if request.headers.get("HX-Request") == "true":
        # The address as it was made fit for a header.
        return Response(status_code=204, headers={"HX-Redirect": redirect.headers["location"]})
    return redirect


async def _read_form(request: Request) -> dict[str, list[str]]:
    """The fields of a form; none of them is a file.

    Raises:
        HTTPException: 413 when it is too large, 400 when it is no form.
    """
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_FORM:
                raise HTTPException(413)
    except ClientDisconnect as error:  # whoever typed on, or left the page: nobody waits for the answer
        raise HTTPException(400) from error
    form: dict[str, list[str]] = {}
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=5000, errors="strict")
    except ValueError as error:
        raise HTTPException(400) from error
    for name, value in fields:
        # A text field sends the line ends of the internet; files have those of Unix. No database keeps a NUL.
        form.setdefault(name, []).append(value.replace("\r\n", "\n").replace("\0", ""))
    return form


def _refuse_other_sites(request: Request, may_be_hidden: bool) -> None:
    """A form that another site sends is refused, also where nobody is logged in yet.

    Without ``Referer``, browsers send ``Origin: null``; over plain http nothing else tells the site.

    Raises:
        HTTPException: 403.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        raise HTTPException(403)
    if site is None and origin == "null" and may_be_hidden:
        return
    if site is None and origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
        raise HTTPException(403)


def _refuse_without_token(request: Request, form: Mapping[str, list[str]], session: Session) -> None:
    sent = (form.get("csrf_token") or [request.headers.get("X-CSRF-Token", "")])[-1]
    if not secrets.compare_digest(sent.encode(), session.csrf_token.encode()):
        raise HTTPException(403, detail="csrf")


def is_secure() -> bool:
    """Whether browsers reach the web app over https, so that cookies go over nothing else."""
    return settings().public_url.startswith("https:")
