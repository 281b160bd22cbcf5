"""Replies for which nothing is looked up: they work also when the index and the articles are gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kalm.articles import Passage
from kalm.conversation import Conversation
from kalm.reply import Disclaimer, Kind, Reply, Suggestion
from kalm.sentences import sentences

DANGER_AGAIN = 4
"""How often the reply to a danger is said again, before what follows is taken for something else."""


@dataclass(frozen=True)
class Answer:
    """A reply and the conversation after it."""

    reply: Reply
    conversation: Conversation


def danger(kind: Kind, conversation: Conversation) -> Answer:
    """An emergency or a crisis: who to call, and nothing else."""
    return _danger(kind, conversation, DANGER_AGAIN)


def danger_again(conversation: Conversation) -> Answer | None:
    """The same once more, for whatever is said after it that is not clearly another question.

    "Moet ik wachten tot morgen", "wie moet ik bellen" and "doei" are about the danger too. None when there
    was none, or when it has been said :data:`DANGER_AGAIN` times more.
    """
    kinds = {kind.value: kind for kind in (Kind.EMERGENCY, Kind.CRISIS)}
    kind = kinds.get(conversation.danger)
    if kind is None or conversation.danger_left < 1:
        return None
    return _danger(kind, conversation, conversation.danger_left - 1)


def _danger(kind: Kind, conversation: Conversation, left: int) -> Answer:
    message = sentences().crisis if kind is Kind.CRISIS else sentences().emergency
    return say(kind, message, replace(closed(conversation), danger=kind.value, danger_left=left))


def handoff(conversation: Conversation) -> Answer:
    """How to reach a person."""
    return say(Kind.HANDOFF, sentences().handoff, closed(conversation))


def capabilities(conversation: Conversation) -> Answer:
    """What Kalm can do, with questions to start from."""
    return with_starters(Kind.CLARIFY, sentences().capabilities, conversation)


def privacy() -> Answer:
    """Forget what was talked about and tell what is kept."""
    return say(Kind.PRIVACY, sentences().privacy, Conversation())


def failure() -> Reply:
    """The honest apology for when nothing else can be said."""
    return Reply(kind=Kind.FAILURE, disclaimer=Disclaimer.LONG, message=sentences().failure)


def empty() -> Reply:
    """For a message without words that never reached the understanding."""
    return Reply(kind=Kind.NO_ANSWER, disclaimer=Disclaimer.LONG, message=sentences().empty)


def too_long(limit: int) -> Reply:
    """For a message longer than ``limit`` characters."""
    return Reply(
        kind=Kind.NO_ANSWER,
        disclaimer=Disclaimer.LONG,
        message=sentences().too_long.format(limit=limit),
    )


def with_starters(kind: Kind, message: str, conversation: Conversation) -> Answer:
    """A message with the questions that a conversation can start from."""
    return say(
        kind,
        message,
        conversation,
        choices=sentences().capabilities_choices,
        suggestions=as_suggestions(sentences().starters),
    )


def say(
    kind: Kind,
    message: str,
    conversation: Conversation,
    *,
    passages: Sequence[Passage] = (),
    cites_only: bool = False,
    sources: Sequence[str] = (),
    notice: str = "",
    choices: str = "",
    suggestions: Sequence[Suggestion] = (),
    question: str = "",
) -> Answer:
    """A reply with the disclaimer that its place in the conversation asks for."""
    reply = Reply(
        kind=kind,
        disclaimer=Disclaimer.SHORT if conversation.disclaimed else Disclaimer.LONG,
        message=message,
        passages=tuple(passages),
        cites_only=cites_only,
        sources=tuple(sources),
        notice=notice,
        choices=choices,
        suggestions=tuple(suggestions),
        question=question,
    )
    # After forgetting, the next reply is a first one again.
    return Answer(reply, replace(conversation, disclaimed=kind is not Kind.PRIVACY))


def closed(conversation: Conversation) -> Conversation:
    """The conversation after a reply without an answer: "waar staat dat?" must not cite an older one."""
    return replace(conversation, question="", shown=(), latest=0, rejections=0)


def as_suggestions(questions: Iterable[str]) -> list[Suggestion]:
    """Buttons that send the question they show."""
    return [Suggestion(question, question) for question in questions]
