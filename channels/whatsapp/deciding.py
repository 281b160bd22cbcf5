"""What becomes of a message: consent first, stop always, and whoever is in danger is never kept waiting.

Rules alone, without storage: what is known of who wrote goes in, what to do comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from channels.visitor import is_too_long
from channels.whatsapp.inbound.kinds import Kind
from kalm import channel_replies, fixed_replies
from kalm.channel_replies import AGREES, REFUSES, consent_hash
from kalm.channel_wish import Wish, wish_of
from kalm.conversation import ONE_STORY
from kalm.limits import LONGEST_TEXT
from kalm.reply import Reply
from kalm.safety import danger_in, danger_in_pieces
from kalm.safety.fallback import unless_it_fails
from storage.consents import Consent

ASKED_FOR = 60
"""Seconds in which the question for consent is not asked again: people send three messages in a row."""

READING_TAKES = 5
"""Seconds after the question within which what comes was typed without having read it."""

AGAIN_AFTER_STOP = 24 * 60 * 60
"""Seconds after which who stopped, and writes all the same, is told once more how to start."""

AGAIN_WITHOUT_WORDS = 60
"""Seconds in which it is not told again that a photo cannot be seen: an album comes as ten messages."""

SILENT = frozenset({Kind.REACTION, Kind.SYSTEM, Kind.EDIT, Kind.DELETION})
"""Kinds that get no reply: they ask nothing."""

MOST_PIECES = 3
"""Messages before the last that may be pieces of one."""

_HEARD = {Kind.AUDIO, Kind.VOICE}
_SEEN = {Kind.IMAGE, Kind.VIDEO}


class Do(Enum):
    """What to do with a message."""

    NOTHING = "forget it"
    SAY = "say a reply that needs no conversation, unless it was said just now"
    HOLD = "keep it until the sender agrees"
    ASK = "ask for consent"
    ASK_AND_HOLD = "ask for consent, and keep it until then"
    AGREE = "keep the consent, and answer what was held"
    REFUSE = "forget what was held"
    STOP = "keep that the consent is taken back, and forget what was held"
    ERASE = "erase the conversation, and forget what was held"
    RASA = "give it to Rasa"
    RASA_AS_ONE = "give it to Rasa together with what was held"


@dataclass(frozen=True)
class Held:
    """A message that is held.

    Attributes:
        text: what was typed, masked.
        since: when it began to be held, in seconds since 1970.
        asked_at: when the question for consent was sent; None when it was not, or something else was said
            since.
    """

    text: str
    since: float
    asked_at: float | None = None


@dataclass(frozen=True)
class Known:
    """What is known of who wrote.

    Attributes:
        conversation_id: None when there is no conversation.
        consent: what was agreed to.
        in_danger: a danger was told that is not over, after a stop if there was one.
        held: in order.
    """

    conversation_id: str | None = None
    consent: Consent | None = None
    in_danger: bool = False
    held: tuple[Held, ...] = ()

    @property
    def has_stopped(self) -> bool:
        """Whether the visitor asked to stop."""
        return self.consent is not None and self.consent.stopped_at > 0

    def was_asked_before(self, at: float) -> bool:
        """Whether the question for consent was the last thing said when something was typed.

        Args:
            at: when it was typed, in seconds since 1970; Meta gives whole ones.
        """
        return any(one.asked_at is not None and one.asked_at < at + 1 for one in self.held)

    @property
    def is_asked(self) -> bool:
        """Whether the question for consent was the last thing said."""
        return any(one.asked_at is not None for one in self.held)

    @property
    def agrees(self) -> bool:
        """Whether the visitor agreed to what is asked now, and still does."""
        return not self.has_stopped and self.consent is not None and self.consent.text_hash == consent_hash()


@dataclass(frozen=True)
class Decision:
    """What to do with a message.

    Attributes:
        do: what.
        text: for Rasa.
        reply: to say, when it is known by now.
        once_in: seconds in which the same is not said again; 0 for always.
    """

    do: Do
    text: str = ""
    reply: Reply | None = None
    once_in: float = 0


@dataclass(frozen=True)
class Typed:
    """What somebody sent.

    Attributes:
        kind: what sort of message.
        text: what was typed, cleaned and masked; "" for nothing.
        chosen: id of a pressed button or row of Kalm's own; "" for none.
        at: when, in seconds since 1970.
        is_suspected: the model takes it for danger.
    """

    kind: Kind
    text: str
    chosen: str
    at: float
    is_suspected: bool = False


def decide(typed: Typed, known: Known, now: float) -> Decision:
    """What becomes of a message.

    Args:
        typed: the message.
        known: of who wrote.
        now: seconds since 1970.
    """
    text, chosen = typed.text, typed.chosen
    if typed.kind in SILENT:
        # An edit asks nothing anew, but may tell of danger.
        return Decision(Do.RASA, text) if tells_of_danger(text) else Decision(Do.NOTHING)
    if chosen.startswith(AGREES):
        # Of an old button, what it agrees to may have changed.
        is_of_now = chosen == f"{AGREES}{consent_hash()}"
        return Decision(Do.AGREE) if is_of_now else _ask(Do.ASK)
    if chosen == REFUSES:
        return _stop(known) if known.agrees else _refuse()
    if not (chosen or text):
        is_silent = known.has_stopped and not known.in_danger
        return Decision(Do.NOTHING) if is_silent else _without_words(typed.kind)
    return _of_words(chosen or text, typed, known, now)


def tells_of_danger(text: str) -> bool:
    """Whether a text tells of danger by the rules; False when they fail."""
    return bool(text) and unless_it_fails(danger_in, text) is not None


def _of_words(text: str, typed: Typed, known: Known, now: float) -> Decision:
    wish = wish_of(text)
    if wish is Wish.STOP:
        return _stop(known)
    if typed.is_suspected or tells_of_danger(text):
        return Decision(Do.RASA, text)
    if known.agrees:
        return _in_conversation(text, wish)
    if wish is Wish.AGREE and known.was_asked_before(typed.at):
        return Decision(Do.AGREE)
    if wish is Wish.REFUSE and known.is_asked:  # a no counts also when the question was sent only just then
        return _refuse()
    if wish is Wish.START:
        return _ask(Do.ASK_AND_HOLD)
    if known.in_danger:
        return _in_conversation(text, wish)
    if known.has_stopped and not known.held:
        return _after_stop(wish)
    return _before_consent(text, wish, typed.at, known, now)


def _in_conversation(text: str, wish: Wish) -> Decision:
    if wish is Wish.START:
        return _say(channel_replies.welcome())
    if is_too_long(text):
        return _say(fixed_replies.too_long(LONGEST_TEXT))
    return Decision(Do.RASA, text)


def _after_stop(wish: Wish) -> Decision:
    if wish is Wish.ERASE:
        return Decision(Do.ERASE)
    if wish is Wish.PERSON:
        return _say(channel_replies.handoff())
    return _say(channel_replies.stopped_before(), AGAIN_AFTER_STOP)


def _before_consent(text: str, wish: Wish, at: float, known: Known, now: float) -> Decision:
    if wish is Wish.PERSON:
        return _say(channel_replies.handoff())
    if wish is Wish.ERASE:
        return Decision(Do.ERASE)
    recent = [one.text for one in known.held if now - one.since < ONE_STORY]
    pieces = [piece[:LONGEST_TEXT] for piece in recent[-MOST_PIECES:]]
    together = _danger_in_pieces(pieces, text)
    if together:
        return Decision(Do.RASA_AS_ONE, together)
    asked_at = max((one.asked_at for one in known.held if one.asked_at is not None), default=None)
    if asked_at is None or now - asked_at >= ASKED_FOR:
        return _ask(Do.ASK_AND_HOLD)
    if at <= asked_at + READING_TAKES:
        return Decision(Do.HOLD)
    return Decision(Do.ASK_AND_HOLD, reply=channel_replies.ask_consent_again())


def _danger_in_pieces(pieces: Sequence[str], text: str) -> str:
    """Messages that are a danger together and not by themselves, as one: "ik heb pijn", "op mijn borst"."""
    if not pieces:
        return ""
    if unless_it_fails(danger_in_pieces, pieces[-1], text) is not None:
        return f"{pieces[-1]} {text}"
    together = " ".join([*pieces, text])
    return together if tells_of_danger(together) else ""


def _without_words(kind: Kind) -> Decision:
    if kind is Kind.TEXT:
        return _say(fixed_replies.empty())
    reply = (
        channel_replies.cannot_listen()
        if kind in _HEARD
        else channel_replies.cannot_see()
        if kind in _SEEN
        else channel_replies.cannot_read()
    )
    return _say(reply, AGAIN_WITHOUT_WORDS)


def _stop(known: Known) -> Decision:
    reply = channel_replies.stopped(known.conversation_id is not None, known.in_danger)
    return Decision(Do.STOP, reply=reply)


def _refuse() -> Decision:
    return Decision(Do.REFUSE, reply=channel_replies.refused())


def _ask(do: Do) -> Decision:
    return Decision(do, reply=channel_replies.ask_consent())


def _say(reply: Reply, once_in: float = 0) -> Decision:
    return Decision(Do.SAY, reply=reply, once_in=once_in)
