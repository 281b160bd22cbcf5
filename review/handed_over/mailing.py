"""Tells the team by e-mail of visitors who asked for a person.

Each request is claimed in the database before its e-mail is sent, for :data:`CLAIMED_FOR`, so that of several
processes one sends it. A process that dies in between leaves a claim that expires, and another one sends:
each request is mailed at least once, and twice only when the server's "yes" could not be noted, by a crash
or because the database was gone just then. What cannot be sent is tried again, with growing pauses, until it
is :data:`TOO_OLD`.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
import time
from collections.abc import Sequence
from email.message import EmailMessage

import sqlalchemy as sa

from kalm import logs
from kalm.mail_server import MailServer, Security
from kalm.settings import settings
from review.handed_over.cases import open_unless_there
from review.handed_over.letter import Asked, letter
from review.states import CaseState
from storage.database import Database
from storage.schema import conversations, handover_cases, handovers

OFTEN = 15
"""Seconds between two looks for requests."""

TOGETHER = 60
"""Seconds after an e-mail in which no other goes out; what is asked meanwhile comes together in the next."""

CLAIMED_FOR = 5 * 60
"""Seconds that a process has to send what it claimed; longer than the server may take."""

TOO_OLD = 24 * 60 * 60
"""Seconds after which a request is no news any more."""

PATIENCE = 20.0
"""Seconds that the mail server gets for each of its replies."""

LONGEST_PAUSE = 15 * 60
"""Seconds between two attempts, when many have failed."""


async def tell_team(database: Database) -> None:
    """Mail what visitors ask, until it is cancelled; ends at once when no mail server is set."""
    if settings().mail_server is None:
        return
    postman = Postman(database)
    while True:
        await asyncio.to_thread(postman.look, time.time())
        await asyncio.sleep(OFTEN)


class Postman:
    """Looks for requests and mails them; waits longer after each failure."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._failures = 0
        self._not_before = 0.0

    def look(self, now: float) -> None:
        """Mail what was asked and not told yet; what fails is logged and tried again later.

        Args:
            now: seconds since 1970.
        """
        if now < self._not_before:
            return
        claimed: list[Asked] = []
        try:
            claimed = claim(self._database, now)
            if claimed:
                send(letter(claimed, settings(), now))
                _told(self._database, claimed, now)
                logs.note("told the team of visitors who want a person", requests=len(claimed))
            self._failures = 0
        except Exception as error:  # an OSError, an SMTPException, or the database's
            pause = min(LONGEST_PAUSE, OFTEN * 2**self._failures)
            self._failures += 1
            self._not_before = now + pause
            logs.failure("the team could not be told by e-mail", error, requests=len(claimed), seconds=pause)
            self._give_back(claimed)

    def _give_back(self, claimed: Sequence[Asked]) -> None:
        if not claimed:
            return
        try:
            _set(self._database, claimed, mailing_until=None)
        except sa.exc.SQLAlchemyError as error:  # the claim expires by itself
            logs.failure("a claim on an e-mail could not be given back", error)


def claim(database: Database, now: float) -> list[Asked]:
    """The requests to mail now; no other process gets them while the claim holds.

    Returns:
        None of them within :data:`TOGETHER` after the last e-mail.
    """
    with database.reading() as connection:  # so that a quiet shop's database is not locked each time
        if not connection.execute(_waiting(now).limit(1)).first():
            return []
    claimed = []
    with database.writing() as connection:
        last = connection.scalar(sa.select(sa.func.max(handover_cases.c.mailed_at)))
        if last is not None and now - last < TOGETHER:
            return []
        for row in connection.execute(_waiting(now)).all():
            open_unless_there(connection, row.id, row.at)
            # Asked once more: on PostgreSQL another process may have been quicker since the list was made.
            free = handover_cases.c.mailed_at.is_(None) & _is_unclaimed(now)
            taken = connection.execute(
                handover_cases.update()
                .where(handover_cases.c.handover_id == row.id, free)
                .values(mailing_until=now + CLAIMED_FOR)
            )
            if taken.rowcount == 1:
                claimed.append(Asked(row.id, row.at, row.channel))
    return claimed


def send(message: EmailMessage) -> None:
    """Hand an e-mail to the mail server of the settings.

    Raises:
        OSError: the server is away, or its certificate is not that of its name.
        smtplib.SMTPException: it refuses the login, all receivers or the e-mail, or has no STARTTLS.
    """
    server = settings().mail_server
    assert server is not None, "KALM_SMTP is empty"
    with connect(server) as connection:
        if server.user:
            connection.login(server.user, server.password)
        refused = connection.send_message(message)
    if refused:
        logs.alarm("the mail server refused some of KALM_MAIL_TO", receivers=len(refused))


def connect(server: MailServer, patience: float = PATIENCE) -> smtplib.SMTP:
    """Reach a mail server, without logging in.

    Args:
        server: of the settings.
        patience: seconds for each of its replies.

    Raises:
        OSError: it is away, or its certificate is not that of its name.
        smtplib.SMTPException: it refuses, or has no STARTTLS.
    """
    trusted = ssl.create_default_context()
    if server.security is Security.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=patience, context=trusted)
    connection = smtplib.SMTP(server.host, server.port, timeout=patience)
    if server.security is Security.STARTTLS:
        try:
            connection.starttls(context=trusted)
        except BaseException:
            connection.close()
            raise
    return connection


def _is_unclaimed(now: float) -> sa.sql.ColumnElement[bool]:
    until = handover_cases.c.mailing_until
    return until.is_(None) | (until < now)


def _waiting(now: float) -> sa.sql.Select:
    """Requests that nobody has taken and no e-mail told of, the oldest first."""
    cases = handover_cases
    is_new = cases.c.handover_id.is_(None)
    is_open = (cases.c.state == CaseState.OPEN.value) & cases.c.mailed_at.is_(None) & _is_unclaimed(now)
    return (
        sa.select(handovers.c.id, handovers.c.at, conversations.c.channel)
        .join(conversations, conversations.c.id == handovers.c.conversation_id)
        .outerjoin(cases, cases.c.handover_id == handovers.c.id)
        .where(handovers.c.at > now - TOO_OLD, is_new | is_open)
        .order_by(handovers.c.at)
    )


def _told(database: Database, claimed: Sequence[Asked], now: float) -> None:
    _set(database, claimed, mailed_at=now, mailing_until=None)


def _set(database: Database, claimed: Sequence[Asked], **values: float | None) -> None:
    ids = [one.id for one in claimed]
    with database.writing() as connection:
        connection.execute(
            handover_cases.update().where(handover_cases.c.handover_id.in_(ids)).values(**values)
        )
