"""How much can be learnt from a message: reasons, each with a weight, and their sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kalm.reply import Kind
from kalm.understanding import NLU_FALLBACK
from review.inbox.grouping import content_words
from review.inbox.vocabulary import new_words
from review.judging.danger import is_danger
from storage.messages import NOTHING


@dataclass(frozen=True)
class Reason:
    """One reason to look at a message.

    Attributes:
        weight: how much it counts.
        words: for the reviewer.
        why: why it counts that much.
    """

    weight: float
    words: str
    why: str


REASONS: Mapping[str, Reason] = {
    "danger": Reason(5, "gevaar", "a danger that was missed or seen wrongly does the most harm"),
    "thumbs_down": Reason(4, "duim omlaag", "the visitor says so: no guess of ours"),
    "not_understood": Reason(4, "niet begrepen", "Kalm itself says that it did not know"),
    "rejected": Reason(3, "antwoord afgewezen", "the visitor says so in the next message"),
    "asked_again": Reason(3, "vroeg het opnieuw", "the answer was of no use, though nobody said so"),
    "failure": Reason(3, "storing", "nobody was answered, and the message may tell why"),
    "no_answer": Reason(2.5, "geen antwoord", "an intent or an article may be missing"),
    "low_confidence": Reason(2, "onzeker", "an example like it makes Kalm sure"),
    "small_margin": Reason(2, "twijfel tussen twee", "an example like it draws the line between two"),
    "handed_over": Reason(2, "wilde daarna een mens", "the answer may not have been enough"),
    "refused": Reason(1.5, "vroeg terug of wees af", "often right, but a wrong one turns a visitor away"),
    "new_words": Reason(1.5, "nieuwe woorden", "words that no example has yet"),
}
"""All reasons by name. A sure sign from the visitor counts more than a guess of ours."""

_UNSURE = 0.6
"""Confidence below which Kalm asks for a second opinion, as ``kalm.understanding`` has it."""

_CLOSE = 0.15
"""Difference of confidence between the first two that could as well have been the other way round."""

_SOON = 180.0
"""Seconds in which somebody asks again what was not answered."""

_REJECTS = frozenset(("reject_answer", "give_feedback_negative"))
_ASKS_PERSON = "ask_human"
_GOES_ON = frozenset(("choose_suggestion", "ask_more", "ask_source", "affirm", "deny", "thank"))


@dataclass(frozen=True)
class Said:
    """A message as far as its score depends on it.

    Attributes:
        text: masked.
        at: seconds since 1970.
        intent: what it was taken for, or "".
        confidence: from 0 to 1.
        kind: of the reply.
        ranking: confidence of the likeliest intents, the highest first; may be empty.
        helped: what the visitor said of the reply, None for nothing.
    """

    text: str
    at: float
    intent: str
    confidence: float
    kind: str
    ranking: tuple[float, ...] = ()
    helped: bool | None = None


def reasons_of(said: Said, following: Said | None) -> list[str]:
    """Why one would look at a message, the heaviest first.

    Args:
        said: the message.
        following: the next one of the conversation, if there is one yet.
    """
    found = {*_in_itself(said), *(_by_what_followed(said, following) if following else ())}
    return [name for name in REASONS if name in found]


def score_of(reasons: list[str]) -> float:
    """The sum of the weights; a reason that is no longer known counts for nothing."""
    return sum(REASONS[name].weight for name in reasons if name in REASONS)


def _in_itself(said: Said) -> Iterator[str]:
    understood = said.intent not in ("", NLU_FALLBACK)
    if is_danger(said.intent, said.kind):
        yield "danger"
    if said.helped is False:
        yield "thumbs_down"
    if not understood:
        yield "not_understood"
    if understood and said.confidence < _UNSURE:
        yield "low_confidence"
    if len(said.ranking) > 1 and said.ranking[0] - said.ranking[1] < _CLOSE:
        yield "small_margin"
    if said.kind == Kind.NO_ANSWER.value:
        yield "no_answer"
    if said.kind in (Kind.FAILURE.value, NOTHING):
        yield "failure"
    if said.kind in (Kind.OUT_OF_SCOPE.value, Kind.CLARIFY.value):
        yield "refused"
    if new_words(said.text):
        yield "new_words"


def _by_what_followed(said: Said, following: Said) -> Iterator[str]:
    if following.intent in _REJECTS:
        yield "rejected"
    elif following.intent == _ASKS_PERSON or following.kind == Kind.HANDOFF.value:
        if said.kind == Kind.ANSWER.value:
            yield "handed_over"
    elif _asks_again(said, following):
        yield "asked_again"


def _asks_again(said: Said, following: Said) -> bool:
    """Whether the next message asks the same in other words."""
    if following.intent in _GOES_ON or not 0 <= following.at - said.at <= _SOON:
        return False
    asked, again = content_words(said.text), content_words(following.text)
    return asked != again and bool(asked & again)
