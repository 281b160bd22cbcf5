"""Who wrote, what is known of them, and doing what was decided, each time in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.visitor import as_messages, clean_text
from channels.whatsapp.deciding import SILENT, Decision, Do, Held, Known, decide
from channels.whatsapp.inbound.kinds import Kind
from kalm import channel_replies
from kalm.conversation import Conversation
from kalm.reply import Reply
from storage import consents, held, inbox
from storage.conversations import Conversations
from storage.erasure import BY_VISITOR, erase
from storage.inbox import Claimed
from storage.schema import conversations

NAME = "whatsapp"

_MOST_REMEMBERED = 1000

WORDLESS = tuple(
    kind.value
    for kind in Kind
    if kind not in {*SILENT, Kind.TEXT, Kind.BUTTON, Kind.BUTTON_REPLY, Kind.LIST_REPLY}
)
"""Kinds that mostly come without a word; of several in a row the last one is answered."""


@dataclass(frozen=True)
class ForRasa:
    """A text that goes to Rasa.

    Attributes:
        text: what was typed or pressed, masked.
        conversation_id: which conversation.
    """

    text: str
    conversation_id: str


class WhatsAppConversations:
    """Does with messages what :mod:`channels.whatsapp.deciding` decides, up to the question to Rasa."""

    def __init__(self, known: Conversations) -> None:
        self._known = known
        self._database = known.database
        self._lately = Lately()

    def take_up(self, message: Claimed) -> ForRasa | None:
        """What goes to Rasa; None when the message is done with, is held, or has its reply already.

        Raises:
            LostClaimError: another worker has the message.
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        now = time.time()
        ids = ids_of(message)
        senders = [pseudonym.value for pseudonym in self._known.pseudonyms_of(NAME, ids)]
        known = self._what_is_known(message, senders, now)
        text, chosen = _said_in(message)
        decision = decide(Kind(message.kind), text, chosen, known, now)
        conversation_id = known.conversation_id
        if decision.do in (Do.AGREE, Do.RASA, Do.RASA_AS_ONE) or conversation_id is not None:
            conversation_id = self._known.find_or_start(NAME, *ids)
        with self._database.writing() as connection:
            _DOING[decision.do](
                _Doing(connection, message, senders, decision, conversation_id, now, self._lately)
            )
        if decision.do in (Do.RASA, Do.RASA_AS_ONE):
            assert conversation_id is not None
            return ForRasa(decision.text, conversation_id)
        return None

    def conversation_of(self, message: Claimed) -> str | None:
        """The conversation of who wrote, None when there is none.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        return next(iter(self._known.find_all(NAME, *ids_of(message))), None)

    def _what_is_known(self, message: Claimed, senders: Sequence[str], now: float) -> Known:
        conversation_id = self.conversation_of(message)
        with self._database.reading() as connection:
            waiting = tuple(Held(row.text, row.try_at) for row in held.held_of(connection, senders))
            if conversation_id is None:
                return Known(held=waiting)
            slots = connection.scalar(
                sa.select(conversations.c.slots).where(conversations.c.id == conversation_id)
            )
            remembered = Conversation.from_slot((slots or {}).get("conversation"), int(now))
            consent = consents.consent_of(connection, conversation_id)
        return Known(conversation_id, consent, remembered.is_in_danger, waiting)


class Lately:
    """What was said to whom, for what need not be said twice; each worker has its own, in memory."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}

    def was_said(self, what: str, within: float, now: float) -> bool:
        """Whether this was said within so many seconds; if not, it counts as said now.

        Args:
            what: that was said, and to whom.
            within: seconds.
            now: seconds since 1970.
        """
        before = self._at.pop(what, None)
        is_lately = before is not None and now - before < within
        self._at[what] = before if is_lately and before is not None else now
        if len(self._at) > _MOST_REMEMBERED:
            del self._at[next(iter(self._at))]
        return is_lately


def ids_of(message: Claimed) -> tuple[str, ...]:
    """Meta's ids of who wrote, the one that lasts longest first."""
    return tuple(one for one in (message.address["user_id"], message.address["phone"]) if one)


def _said_in(message: Claimed) -> tuple[str, str]:
    """What was typed, and what was pressed of Kalm's own buttons; of a template's button the title counts."""
    is_own = message.kind in (Kind.BUTTON_REPLY.value, Kind.LIST_REPLY.value)
    return clean_text(message.text), clean_text(message.chosen) if is_own else ""


@dataclass(frozen=True)
class _Doing:
    """One message, within the transaction in which something is done with it."""

    connection: Connection
    message: Claimed
    senders: Sequence[str]
    decision: Decision
    conversation_id: str | None
    now: float
    lately: Lately

    def settle(self) -> None:
        inbox.settle(self.connection, self.message)

    def say(self, reply: Reply | None = None) -> None:
        said = reply or self.decision.reply
        assert said is not None
        inbox.keep_reply(self.connection, self.message, as_messages(said)[1:])


def _say(doing: _Doing) -> None:
    decision, message = doing.decision, doing.message
    assert decision.reply is not None
    what = f"{message.sender} {decision.reply.message}"
    if decision.once_in and (
        inbox.is_followed(doing.connection, message, WORDLESS)
        or doing.lately.was_said(what, decision.once_in, doing.now)
    ):
        doing.settle()
    else:
        doing.say()


def _hold(doing: _Doing) -> None:
    held.hold_back(doing.connection, doing.message, doing.now)


def _ask_and_hold(doing: _Doing) -> None:
    assert doing.decision.reply is not None
    inbox.say_beside(doing.connection, doing.message, as_messages(doing.decision.reply)[1:])
    _hold(doing)


def _agree(doing: _Doing) -> None:
    assert doing.conversation_id is not None
    consents.agree(doing.connection, doing.conversation_id, channel_replies.consent_hash(), doing.now)
    if held.release(doing.connection, doing.senders):
        doing.settle()  # what was held is answered now
    else:
        doing.say(channel_replies.welcome())


def _refuse(doing: _Doing) -> None:
    held.drop_held(doing.connection, doing.senders)
    doing.say()


def _stop(doing: _Doing) -> None:
    if doing.conversation_id is not None:
        consents.stop(doing.connection, doing.conversation_id, doing.now)
    _refuse(doing)


def _erase(doing: _Doing) -> None:
    held.drop_held(doing.connection, doing.senders)
    receipt = ""
    if doing.conversation_id is not None:
        receipt = erase(doing.connection, doing.conversation_id, BY_VISITOR)
    doing.say(channel_replies.erased(receipt))


def _to_rasa(doing: _Doing) -> None:
    """Nothing yet: the reply is kept with what Rasa keeps."""


def _to_rasa_as_one(doing: _Doing) -> None:
    inbox.change(doing.connection, doing.message, text=doing.decision.text)
    held.drop_held(doing.connection, doing.senders)


_DOING: dict[Do, Callable[[_Doing], None]] = {
    Do.NOTHING: _Doing.settle,
    Do.SAY: _say,
    Do.HOLD: _hold,
    Do.ASK_AND_HOLD: _ask_and_hold,
    Do.AGREE: _agree,
    Do.REFUSE: _refuse,
    Do.STOP: _stop,
    Do.ERASE: _erase,
    Do.RASA: _to_rasa,
    Do.RASA_AS_ONE: _to_rasa_as_one,
}
