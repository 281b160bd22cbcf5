"""Questions that lean on what was said before: "en de bijwerkingen?", "en bij zwangerschap?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kalm.conversation import Conversation
from kalm.language import dutch, normalise
from kalm.search import Match, SearchIndex
from kalm.search.fit import MAYBE_FROM

_OPENINGS = re.compile(r"^(en|maar|of|ook|dus|hoezo|waarom dan|hoe dan|hoe komt dat|oke en|ok en|ja en)\b")
_POINTING = re.compile(
    r"\b(dat|die|dit|deze|daar|daarvan|daarbij|daartegen|daarmee|daarvoor|daardoor|hiervan|hierbij|hiertegen|"
    r"ervan|erbij|ertegen|ervoor|ermee|ervanaf|het)\b"
)
_MOST_TERMS = 3
"""A question with more to say than this stands by itself."""


@dataclass(frozen=True)
class Question:
    """What to answer.

    Attributes:
        text: the question, with what it leans on.
        topic: the question that a next follow-up will lean on.
        matches: the passages found for it, best first.
    """

    text: str
    topic: str
    matches: Sequence[Match]


def resolve(text: str, conversation: Conversation, index: SearchIndex) -> Question:
    """Read ``text`` by itself, or together with the topic of the conversation where it leans on that.

    A follow-up looks past the passages that were just shown; when the two together find nothing, the
    subject has changed and the text counts by itself.
    """
    alone = Question(text, text, index.search(text))
    if not conversation.topic or not leans_on_before(text):
        return alone
    together = f"{conversation.topic} {text}"
    found = [match for match in index.search(together) if match.passage.id not in conversation.shown]
    if found and found[0].probability >= MAYBE_FROM:
        return Question(together, conversation.topic, found)
    return alone


def leans_on_before(text: str) -> bool:
    """Whether a text is half a question: it opens with "en", or points back and says little itself."""
    plain = normalise(text)
    content = [term for term in dutch().terms(text) if term.content]
    if len(content) > _MOST_TERMS:
        return False
    return bool(_OPENINGS.search(plain) or _POINTING.search(plain)) or not content
