"""Questions that lean on what was said before: "en de bijwerkingen?", "en bij zwangerschap?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kalm.conversation import Conversation
from kalm.language import dutch, normalise
from kalm.search import Match, SearchIndex
from kalm.search.fit import MAYBE_FROM

_CONTINUING = re.compile(r"^(\w+ )?(en|ook)\b")
"""Opens a question that goes on about the subject, however well it reads alone."""

_OPENINGS = re.compile(r"^(en|maar|of|ook|dus|hoezo|waarom dan|hoe dan|hoe komt dat|oke en|ok en|ja en)\b")
_POINTING = re.compile(
    r"\b(dat|die|dit|deze|daar|daarvan|daarbij|daartegen|daarmee|daarvoor|daardoor|hiervan|hierbij|hiertegen|"
    r"ervan|erbij|ertegen|ervoor|ermee|ervanaf|het)\b"
)
_GENERAL = re.compile(r"\b(welk|welke|wat|waarom|wie)\b")
"""Words with which a question asks for facts, and not whether or how much someone may."""

_WHOLE_FROM = 0.72
"""Probability from which a question that points back is understood by itself too."""

_MOST_TERMS = 3
"""A question with more to say than this stands by itself."""


@dataclass(frozen=True)
class Question:
    """What to answer.

    Attributes:
        text: the question, with what it leans on.
        topic: the question that a next follow-up will lean on.
        matches: the passages found for it, best first.
        leaned: whether it leans on the topic, so that the words alone say little about the subject.
    """

    text: str
    topic: str
    matches: Sequence[Match]
    leaned: bool = False


def resolve(text: str, conversation: Conversation, index: SearchIndex) -> Question:
    """Read ``text`` by itself, or together with the topic of the conversation where it leans on that.

    When the two together find nothing, or only something about the topic that does not speak of what the
    text asks, the subject has changed and the text counts by itself.
    """
    alone = Question(text, text, index.search(text))
    exact = bool(alone.matches) and alone.matches[0].is_exact
    if exact or not conversation.topic or not leans_on_before(text):
        return alone
    # The topic, or with what an earlier follow-up made of it ("en bij kinderen?", "en medicijnen?").
    tried = [
        Question(
            together,
            conversation.topic,
            index.search(together),
            leaned=True,
        )
        for together in dict.fromkeys(
            f"{before} {text}" for before in (conversation.question, conversation.topic) if before
        )
    ]
    best = max(tried, key=_best_probability)
    continues = _CONTINUING.search(normalise(text))
    if not continues and _best_probability(alone) > max(_WHOLE_FROM, _best_probability(best)):
        return alone
    if _best_probability(best) < MAYBE_FROM or not index.speaks_of(best.matches[0].passage, text):
        return alone
    return best


def _best_probability(question: Question) -> float:
    return question.matches[0].probability if question.matches else 0.0


def leans_on_before(text: str) -> bool:
    """Whether a text is half a question: it opens with "en", or points back and says little itself."""
    plain = normalise(text)
    content = [term for term in dutch().terms(text) if term.content]
    if len(content) > _MOST_TERMS:
        return False
    return bool(_OPENINGS.search(plain) or _POINTING.search(plain)) or not content


def asks_in_general(text: str) -> bool:
    """Whether a text asks for facts: "in welke voeding zit het", and not "en 300?"."""
    return bool(_GENERAL.search(normalise(text)))
