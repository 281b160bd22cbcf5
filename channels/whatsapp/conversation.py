"""Who wrote, what is known of them, and doing what was decided, each time in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.visitor import as_messages, clean_text
from channels.whatsapp.deciding import SILENT, Decision, Do, Held, Known, Typed, decide
from channels.whatsapp.inbound.kinds import Kind
from kalm import channel_replies
from kalm.conversation import Conversation
from kalm.reply import Reply
from storage import consents, held, inbox, outbox
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
        others: further conversations of the same person.
        senders: all pseudonyms of the person.
    """

    text: str
    conversation_id: str
    others: tuple[str, ...]
    senders: tuple[str, ...]


class WhatsAppConversations:
    """Does with messages what :mod:`channels.whatsapp.deciding` decides, up to the question to Rasa."""

    def __init__(self, known: Conversations) -> None:
        self._known = known
        self._database = known.database
        self._lately = Lately()

    def text_of_stranger(self, message: Claimed) -> str:
        """What was typed by who has not agreed, and would wait for that; "" for anybody else.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        found = self._known.find_all(NAME, *ids_of(message))
        agrees = self._what_is_known(found, [], time.time()).agrees
        return "" if agrees or message.is_urgent else clean_text(message.text)

    def take_up(self, message: Claimed, is_suspected: bool = False) -> ForRasa | None:
        """What goes to Rasa; None when the message is done with, is held, or has its reply already.

        Args:
            message: of a visitor.
            is_suspected: the model takes it for danger.

        Raises:
            LostClaimError: another worker has the message.
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        now = time.time()
        ids = ids_of(message)
        senders = [pseudonym.value for pseudonym in self._known.pseudonyms_of(NAME, ids)]
        found = self._known.find_all(NAME, *ids)
        known = self._what_is_known(found, senders, now)
        decision = decide(replace(_typed(message), is_suspected=is_suspected), known, now)
        conversation_id = known.conversation_id
        if decision.do in (Do.AGREE, Do.RASA, Do.RASA_AS_ONE) or found:
            conversation_id = self._known.find_or_start(NAME, *ids)
        with self._database.writing() as connection:
            doing = _Doing(connection, message, senders, decision, conversation_id, found, now, self._lately)
            _DOING[decision.do](doing)
        doing.remember()
        if decision.do in (Do.RASA, Do.RASA_AS_ONE):
            assert conversation_id is not None
            others = tuple(one for one in found if one != conversation_id)
            return ForRasa(decision.text, conversation_id, others, tuple(senders))
        return None

    def _what_is_known(self, found: Sequence[str], senders: Sequence[str], now: float) -> Known:
        with self._database.reading() as connection:
            waiting = tuple(
                Held(row.text, row.try_at, row.asked_at) for row in held.held_of(connection, senders)
            )
            if not found:
                return Known(held=waiting)
            slots = connection.scalar(sa.select(conversations.c.slots).where(conversations.c.id == found[0]))
            remembered = Conversation.from_slot((slots or {}).get("conversation"), int(now))
            consent = consents.consent_of(connection, found[0])
        stopped_at = consent.stopped_at if consent else 0
        in_danger = remembered.is_in_danger and remembered.danger_at >= int(stopped_at)
        return Known(found[0], consent, in_danger, waiting)


def forget_with(connection: Connection, asked: ForRasa) -> None:
    """When Rasa had the conversation erased, in this transaction, erase what else there is of the person."""
    this = sa.select(conversations.c.id).where(conversations.c.id == asked.conversation_id)
    if connection.scalar(this) is not None:
        return
    for conversation_id in sorted(asked.others):
        erase(connection, conversation_id, BY_VISITOR)
    held.drop_held(connection, asked.senders)


class Lately:
    """What was said to whom, for what need not be said twice; each worker has its own, in memory."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}

    def was_said(self, what: str, within: float, now: float) -> bool:
        """Whether this was said within so many seconds.

        Args:
            what: that was said, and to whom.
            within: seconds.
            now: seconds since 1970.
        """
        return now - self._at.get(what, float("-inf")) < within

    def say(self, what: str, now: float) -> None:
        """Remember that this is said now."""
        self._at.pop(what, None)
        self._at[what] = now
        if len(self._at) > _MOST_REMEMBERED:
            del self._at[next(iter(self._at))]


def ids_of(message: Claimed) -> tuple[str, ...]:
    """Meta's ids of who wrote, the one that lasts longest first."""
    return tuple(one for one in (message.address["user_id"], message.address["phone"]) if one)


def _typed(message: Claimed) -> Typed:
    """What was sent; of a template's button, which is not Kalm's, the title counts."""
    is_own = message.kind in (Kind.BUTTON_REPLY.value, Kind.LIST_REPLY.value)
    chosen = clean_text(message.chosen) if is_own else ""
    return Typed(Kind(message.kind), clean_text(message.text), chosen, message.at)


@dataclass
class _Doing:
    """One message, within the transaction in which something is done with it."""

    connection: Connection
    message: Claimed
    senders: Sequence[str]
    decision: Decision
    conversation_id: str | None
    found: Sequence[str]
    now: float
    lately: Lately
    has_said: bool = False

    def settle(self) -> None:
        inbox.settle(self.connection, self.message)

    def say(self, reply: Reply | None = None) -> None:
        said = reply or self.decision.reply
        assert said is not None
        outbox.keep_reply(self.connection, self.message, as_messages(said)[1:])
        self.has_said = True

    @property
    def what_is_said(self) -> str:
        assert self.decision.reply is not None
        return f"{self.message.sender} {self.decision.reply.message}"

    def remember(self) -> None:
        """After the commit: what was not kept was not said."""
        if self.has_said and self.decision.once_in:
            self.lately.say(self.what_is_said, self.now)


def _say(doing: _Doing) -> None:
    if _is_said_anyhow(doing):
        doing.settle()
        return
    doing.say()
    held.note_asked(doing.connection, doing.senders, None)


def _is_said_anyhow(doing: _Doing) -> bool:
    """Whether the same was said just now, or is said to a later message of the same kind."""
    message, once_in = doing.message, doing.decision.once_in
    if once_in and doing.lately.was_said(doing.what_is_said, once_in, doing.now):
        return True
    is_wordless = message.kind in WORDLESS and not message.text
    return is_wordless and inbox.is_followed(doing.connection, message, WORDLESS)


def _hold(doing: _Doing) -> None:
    held.hold_back(doing.connection, doing.message, doing.now)


def _ask(doing: _Doing) -> None:
    assert doing.decision.reply is not None
    outbox.say_beside(doing.connection, doing.message, as_messages(doing.decision.reply)[1:], outbox.QUESTION)


def _ask_and_hold(doing: _Doing) -> None:
    _ask(doing)
    _hold(doing)


def _ask_alone(doing: _Doing) -> None:
    _ask(doing)
    doing.settle()


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
    for conversation_id in sorted(doing.found):
        consents.stop(doing.connection, conversation_id, doing.now)
    _refuse(doing)


def _erase(doing: _Doing) -> None:
    receipt = ""
    for conversation_id in sorted(doing.found):
        receipt = erase(doing.connection, conversation_id, BY_VISITOR)
    held.drop_held(doing.connection, doing.senders)
    doing.say(channel_replies.erased(receipt))


def _to_rasa(doing: _Doing) -> None:
    """The reply is kept with what Rasa keeps."""
    held.note_asked(doing.connection, doing.senders, None)


def _to_rasa_as_one(doing: _Doing) -> None:
    inbox.change(doing.connection, doing.message, text=doing.decision.text)
    held.drop_held(doing.connection, doing.senders)


_DOING: dict[Do, Callable[[_Doing], None]] = {
    Do.NOTHING: _Doing.settle,
    Do.SAY: _say,
    Do.HOLD: _hold,
    Do.ASK: _ask_alone,
    Do.ASK_AND_HOLD: _ask_and_hold,
    Do.AGREE: _agree,
    Do.REFUSE: _refuse,
    Do.STOP: _stop,
    Do.ERASE: _erase,
    Do.RASA: _to_rasa,
    Do.RASA_AS_ONE: _to_rasa_as_one,
}
