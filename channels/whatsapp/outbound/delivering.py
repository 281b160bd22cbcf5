"""Sending replies. What may have been sent is not blindly repeated, and each refusal has its consequence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from channels.visitor import as_messages
from channels.whatsapp.conversation import NAME, ids_of
from channels.whatsapp.inbound.kinds import Kind
from channels.whatsapp.outbound.meta_errors import Behaviour, Then, behaviour_for, code_of
from channels.whatsapp.outbound.rendering import Outgoing, render
from channels.whatsapp.outbound.sending import GraphClient
from kalm import logs
from kalm.danger_replies import apology
from kalm.sentences import sentences
from storage import claiming, outbox, sent
from storage.claiming import MOST_TRIES, Claimed
from storage.conversations import Conversations
from storage.inbox import State

SEND_WITHIN = 12.0
"""Seconds that a send may take in all, however slowly Meta answers; shorter than a claim lasts."""

ALARM_EVERY = 600
"""Seconds in which the same alarm is not written again."""

_WITH_CAPTION = {Kind.IMAGE.value, Kind.VIDEO.value, Kind.DOCUMENT.value}


class Deliverer:
    """Sends replies that are kept, and keeps what became of them."""

    def __init__(self, known: Conversations, client: GraphClient) -> None:
        self._database = known.database
        self._known = known
        self._client = client
        self._pause_ends = 0.0
        self._pauses = 0
        self._alarmed_at: dict[str, float] = {}
        self._marking: set[asyncio.Task[None]] = set()

    def is_pausing(self) -> bool:
        """Whether Meta takes nothing for now."""
        return time.monotonic() < self._pause_ends

    async def close(self) -> None:
        """Close what is open."""
        for task in self._marking:
            task.cancel()
        await self._client.close()

    def show_reading(self, message: Claimed) -> None:
        """Give a message its blue ticks and show that an answer is coming; it is no harm when that fails."""
        task = asyncio.ensure_future(self._show_reading(message.message_id))
        self._marking.add(task)
        task.add_done_callback(self._marking.discard)

    async def _show_reading(self, message_id: str) -> None:
        try:
            await self._client.show_reading(message_id)
        except Exception as error:
            logs.note("a message could not be marked as read", code=code_of(error), channel=NAME)

    async def deliver(self, message: Claimed) -> None:
        """Send the reply to a message that a worker has.

        Raises:
            LostClaimError: another worker has it.
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        if message.state is State.SENDING and message.reason == outbox.REPEATED:
            await asyncio.to_thread(self._set_aside, message, outbox.UNSURE)
            return
        if message.state is State.SENDING:
            logs.note("a reply is sent again, as nothing was heard of it", channel=NAME, tries=message.tries)
        reply = await asyncio.to_thread(self._begin, message)
        try:
            sending = self._client.send(message.address, reply, message.reply_id)
            message_id = await asyncio.wait_for(sending, SEND_WITHIN)
        except Exception as error:
            behaviour = behaviour_for(error)
            self._alarm(behaviour, code_of(error))
            await asyncio.to_thread(self._not_sent, message, behaviour)
        else:
            self._pauses = 0
            await asyncio.to_thread(self._sent, message, message_id)

    def _begin(self, message: Claimed) -> Outgoing:
        with self._database.writing() as connection:
            parts = outbox.begin_sending(connection, message, time.time())
        beside = sentences().beside_text if message.kind in _WITH_CAPTION and message.text else ""
        try:
            return render(parts, beside)
        except Exception as error:  # the visitor gets an answer all the same
            logs.failure("a reply cannot be shown on WhatsApp", error, channel=NAME)
            return render(as_messages(apology(message.text)))

    def _sent(self, message: Claimed, message_id: str) -> None:
        conversation_id = self._conversation_of(message)
        with self._database.writing() as connection:
            sent.note_sent(connection, message.reply_id, message_id, conversation_id, time.time())
            # When Meta told of it before it answered, it is settled.
            if not outbox.settle_reply(connection, message.reply_id, time.time()):
                logs.note("Meta told of a reply before it answered", channel=NAME)

    def _not_sent(self, message: Claimed, behaviour: Behaviour) -> None:
        now = time.time()
        if behaviour.then is Then.UNSURE and message.state is State.SENDING:
            self._set_aside(message, outbox.UNSURE)
        elif behaviour.then is Then.UNSURE:
            self._write(lambda connection: outbox.stay_unsure(connection, message, now))
        elif behaviour.then is Then.DROP:
            self._set_aside(message, behaviour.reason)
        elif behaviour.then is Then.TRY_AGAIN:
            self._try_again(message, behaviour, now)
        else:
            seconds = _wait(behaviour, message.waits)
            if behaviour.then is Then.WAIT_ALL:
                seconds = self._pause(behaviour)
            self._write(
                lambda connection: claiming.postpone(connection, message, now + seconds, behaviour.reason)
            )

    def _pause(self, behaviour: Behaviour) -> float:
        """Send nothing for a while; gives how many seconds. Those that fail together count as one failure."""
        if not self.is_pausing():
            self._pause_ends = time.monotonic() + _wait(behaviour, self._pauses)
            self._pauses += 1
        return self._pause_ends - time.monotonic()

    def _try_again(self, message: Claimed, behaviour: Behaviour, now: float) -> None:
        if message.tries >= MOST_TRIES:
            self._set_aside(message, behaviour.reason)
            return
        until = now + _wait(behaviour, message.tries - 1)
        self._write(
            lambda connection: claiming.postpone(connection, message, until, behaviour.reason, is_known=False)
        )

    def give_up_or_wait(self, message: Claimed) -> None:
        """After a failure that nobody foresaw: try again later, and in the end set the message aside.

        Who wrote it then hears that something went wrong, once, unless it is the sending that fails.

        Raises:
            LostClaimError: another worker has it.
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        now = time.time()
        if message.tries < MOST_TRIES:
            until = now + 2.0 ** (message.tries - 1)
            self._write(
                lambda connection: claiming.postpone(connection, message, until, "failed", is_known=False)
            )
            return
        is_unanswered = message.state is State.WAITING
        self._set_aside(message, "failed", as_messages(apology(message.text)) if is_unanswered else None)

    def _set_aside(self, message: Claimed, reason: str, instead: list[dict[str, Any]] | None = None) -> None:
        """Set a message aside, and say something else in place of an answer, if any."""
        conversation_id = self._conversation_of(message)
        with self._database.writing() as connection:
            claiming.set_aside(connection, message, reason, conversation_id)
            if instead:
                outbox.say_beside(connection, message, instead)
        logs.alarm(
            "a message of WhatsApp was set aside",
            channel=NAME,
            conversation=conversation_id,
            reason=reason,
            tries=message.tries,
        )

    def _conversation_of(self, message: Claimed) -> str | None:
        return next(iter(self._known.find_all(NAME, *ids_of(message))), None)

    def _write(self, change: Callable[..., None]) -> None:
        with self._database.writing() as connection:
            change(connection)

    def _alarm(self, behaviour: Behaviour, code: int) -> None:
        now = time.monotonic()
        if behaviour.alarm and now - self._alarmed_at.get(behaviour.reason, -ALARM_EVERY) >= ALARM_EVERY:
            self._alarmed_at[behaviour.reason] = now
            logs.alarm(
                "Meta refuses what Kalm sends; see docs/whatsapp.md",
                channel=NAME,
                reason=behaviour.reason,
                code=code,
            )


def _wait(behaviour: Behaviour, times: int) -> float:
    """Seconds to wait after so many times before."""
    return min(behaviour.seconds * 2.0 ** min(times, 20), behaviour.most)
