"""Replies that ask back, or say honestly that nothing was found, and what they offer to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from kalm.articles import Passage
from kalm.conversation import Conversation
from kalm.fixed_replies import Answer, as_suggestions, say, with_starters
from kalm.reply import Kind, Suggestion
from kalm.search import Match
from kalm.sentences import sentences
from kalm.showing import may_be_offered

NEAR_FROM = 0.02
"""Least probability of a passage that is offered as a near subject; what is shown must be likelier."""

_NEAR = 3
_CHOICES = 4


def clarify(passages: Sequence[Passage], conversation: Conversation) -> Answer:
    """Ask which of these subjects is meant."""
    return say(
        Kind.CLARIFY,
        sentences().clarify,
        conversation,
        choices=sentences().clarify_choices,
        suggestions=subjects(may_be_offered(passages, conversation)[:_CHOICES]),
    )


def which(offered: Sequence[str], conversation: Conversation) -> Answer:
    """Ask which of the questions that were offered is meant; what to ask at all when there are none."""
    if not offered:
        return with_starters(Kind.CLARIFY, sentences().nothing_before, conversation)
    return say(
        Kind.CLARIFY,
        sentences().which,
        conversation,
        choices=sentences().clarify_choices,
        suggestions=as_suggestions(offered[:_CHOICES]),
    )


def no_answer(matches: Sequence[Match], conversation: Conversation) -> Answer:
    """Say that no passage answers, and offer the nearest subjects or else what to start from."""
    found = [match.passage for match in matches if match.probability >= NEAR_FROM]
    near = may_be_offered(found, conversation)
    if not near:
        return with_starters(Kind.NO_ANSWER, sentences().no_answer, conversation)
    return say(
        Kind.NO_ANSWER,
        sentences().no_answer,
        conversation,
        choices=sentences().no_answer_choices,
        suggestions=subjects(near[:_NEAR]),
    )


def subjects(passages: Sequence[Passage]) -> list[Suggestion]:
    """One button per passage; its heading as payload would read oddly, so its first question is sent."""
    return as_suggestions(passage.questions[0] for passage in passages)
