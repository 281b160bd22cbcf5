"""Which passages may be shown, and what must stand beside them."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from kalm.articles import Evidence, Passage
from kalm.conversation import Conversation
from kalm.notice import is_about_what_is_sold, notice
from kalm.safety.claims import claims_in
from kalm.safety.conditions import in_words
from kalm.sentences import sentences
from kalm.settings import settings

logger = logging.getLogger(__name__)


def is_blocked(passage: Passage) -> bool:
    """Whether a passage is never sent: it makes a claim, or tells an experience where that is off."""
    if settings().claims == "streng" and passage.evidence is Evidence.EXPERIENCE:
        return True
    shown = (passage.article, passage.section, passage.text, passage.questions[0])
    claims = [claim for text in shown for claim in claims_in(text)]
    for claim in claims:
        logger.error("%s makes a claim (%s) and is never sent; run 'kalm check'", passage.id, claim.rule.name)
    return bool(claims)


def is_about_products(passage: Passage) -> bool:
    """Whether the passage itself, whatever else its article tells, is about what the shop sells."""
    return is_about_what_is_sold((), f"{passage.section} {passage.text}")


def may_be_offered(passages: Sequence[Passage], conversation: Conversation) -> list[Passage]:
    """The passages that may be suggested: after a danger none about what the shop sells."""
    return [one for one in passages if not (conversation.is_in_danger and is_about_products(one))]


def needs_care(passage: Passage) -> bool:
    """Whether a passage about what the shop sells names anyone who asks a doctor first."""
    return bool(passage.conditions) and is_about_products(passage)


def conditions_of(passages: Sequence[Passage]) -> list[str]:
    """Names of the conditions that the passages name, each once."""
    return list(dict.fromkeys(name for passage in passages for name in passage.conditions))


def caution_for(passages: Sequence[Passage]) -> str:
    """The sentence that says who asks a doctor first, or ""."""
    conditions = conditions_of(passages)
    return sentences().caution.format(conditions=in_words(conditions, "when")) if conditions else ""


def notice_for(passages: Sequence[Passage]) -> str:
    """The sentence that names the shop's interest, or ""."""
    topics = [topic for passage in passages for topic in passage.topics]
    return notice(topics, " ".join(passage.text for passage in passages))
