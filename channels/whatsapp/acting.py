"""Doing with a message what was decided, in one transaction, so that a crash leaves no half of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from channels.visitor import as_messages
from channels.whatsapp.conversation import Person
from channels.whatsapp.deciding import SILENT, Decision, Do
from channels.whatsapp.inbound.kinds import Kind
from kalm import channel_replies
from kalm.reply import Reply
from storage import claiming, consents, held, outbox
from storage.claiming import Claimed
from storage.erasure import BY_VISITOR, erase

_MOST_REMEMBERED = 1000

_WORDLESS = tuple(
    kind.value
    for kind in Kind
    if kind not in {*SILENT, Kind.TEXT, Kind.BUTTON, Kind.BUTTON_REPLY, Kind.LIST_REPLY}
)
"""Kinds that mostly come without a word; of several in a row one is answered."""


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
        return 0 <= now - self._at.get(what, float("-inf")) < within  # the clock may have been put back

    def say(self, what: str, now: float) -> None:
        """Remember that this is said now."""
        self._at.pop(what, None)
        self._at[what] = now
        if len(self._at) > _MOST_REMEMBERED:
            del self._at[next(iter(self._at))]


@dataclass
class Act:
    """What is done with one message, within one transaction.

    Attributes:
        connection: of the transaction.
        message: which.
        person: who wrote it.
        decision: what to do.
        conversation_id: for who agrees, and for Rasa; else "".
        now: seconds since 1970.
        lately: what was said before.
        has_reply: whether a reply was kept.
    """

    connection: Connection
    message: Claimed
    person: Person
    decision: Decision
    conversation_id: str
    now: float
    lately: Lately
    has_reply: bool = False

    def do(self) -> None:
        """Do it.

        Raises:
            LostClaimError: another worker has the message.
        """
        _ACTS[self.decision.do](self)

    def settle(self) -> None:
        """Forget the message."""
        claiming.settle(self.connection, self.message)

    def say(self, reply: Reply | None = None) -> None:
        """Keep a reply; that of the decision when none is given."""
        said = reply or self.decision.reply
        assert said is not None
        outbox.keep_reply(self.connection, self.message, as_messages(said)[1:])
        self.has_reply = True

    @property
    def what_is_said(self) -> str:
        """The reply of the decision, and to whom."""
        assert self.decision.reply is not None
        return f"{self.message.sender} {self.decision.reply.message}"

    def remember(self) -> None:
        """After the commit: what was not kept was not said."""
        if self.has_reply and self.decision.once_in:
            self.lately.say(self.what_is_said, self.now)


def _say(act: Act) -> None:
    if _is_said_anyhow(act):
        act.settle()
        return
    act.say()
    held.note_asked(act.connection, act.person.senders, None)


def _is_said_anyhow(act: Act) -> bool:
    """Whether the same was said just now, or is said to a later message of the same kind."""
    message, once_in = act.message, act.decision.once_in
    if once_in and act.lately.was_said(act.what_is_said, once_in, act.now):
        return True
    is_wordless = message.kind in _WORDLESS and not message.text
    return is_wordless and claiming.is_followed(act.connection, message, _WORDLESS)


def _hold(act: Act) -> None:
    held.hold_back(act.connection, act.message, act.now)


def _ask(act: Act) -> None:
    assert act.decision.reply is not None
    outbox.say_beside(act.connection, act.message, as_messages(act.decision.reply)[1:], outbox.QUESTION)


def _ask_and_hold(act: Act) -> None:
    _ask(act)
    _hold(act)


def _ask_alone(act: Act) -> None:
    _ask(act)
    act.settle()


def _agree(act: Act) -> None:
    consents.agree(act.connection, act.conversation_id, channel_replies.consent_hash(), act.now)
    if held.release(act.connection, act.person.senders):
        act.settle()  # what was held is answered now
    else:
        act.say(channel_replies.welcome())


def _refuse(act: Act) -> None:
    held.drop_held(act.connection, act.person.senders)
    act.say()


def _stop(act: Act) -> None:
    for conversation_id in sorted(act.person.found):
        consents.stop(act.connection, conversation_id, act.now)
    _refuse(act)


def _erase(act: Act) -> None:
    receipt = ""
    for conversation_id in sorted(act.person.found):
        receipt = erase(act.connection, conversation_id, BY_VISITOR)
    held.drop_held(act.connection, act.person.senders)
    act.say(channel_replies.erased(receipt))


def _to_rasa(act: Act) -> None:
    """The reply is kept with what Rasa keeps."""
    held.note_asked(act.connection, act.person.senders, None)


def _to_rasa_as_one(act: Act) -> None:
    claiming.change(act.connection, act.message, text=act.decision.text)
    held.drop_held(act.connection, act.person.senders)


_ACTS: dict[Do, Callable[[Act], None]] = {
    Do.NOTHING: Act.settle,
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
