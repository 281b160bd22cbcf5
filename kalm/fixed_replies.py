"""Replies for which nothing is looked up: they work also when the index and the articles are gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kalm.articles import Passage
from kalm.conversation import Conversation
from kalm.notice import is_about_what_is_sold
from kalm.reply import Disclaimer, Kind, Reply, Suggestion
from kalm.safety import danger_in, danger_rules, says_it_is_settled
from kalm.sentences import sentences

DANGER_AGAIN = 4
"""How often the reply to a danger is said again, before what follows is taken for something else."""


@dataclass(frozen=True)
class Answer:
    """A reply and the conversation after it."""

    reply: Reply
    conversation: Conversation


def danger(kind: Kind, text: str, conversation: Conversation) -> Answer:
    """An emergency or a crisis: who to call, and nothing else.

    Args:
        kind: of the intent, for a danger that only the classifier saw.
        text: what the visitor typed; its danger sign says which message is right.
        conversation: what was said before.
    """
    sign = danger_in(text)
    began = replace(
        closed(conversation),
        danger=sign.name if sign else kind.value,
        danger_kind=sign.kind if sign else kind.value,
        danger_at=conversation.at,
        danger_left=DANGER_AGAIN,
    )
    return say(Kind(began.danger_kind), danger_message(began), began)


def danger_again(conversation: Conversation) -> Answer | None:
    """The same once more, for whatever is said after it that is not clearly another question.

    "Moet ik wachten tot morgen", "wie moet ik bellen" and "doei" are about the danger too. None when there
    was none, or when it has been said :data:`DANGER_AGAIN` times more.
    """
    if not is_in_danger(conversation) or conversation.danger_left < 1:
        return None
    again = replace(closed(conversation), danger_left=conversation.danger_left - 1)
    return say(Kind(conversation.danger_kind), danger_message(conversation), again)


def danger_message(conversation: Conversation) -> str:
    """What is said about the danger that the conversation is about."""
    sign = next((sign for sign in danger_rules().signs if sign.name == conversation.danger), None)
    if sign is not None:
        return sign.message
    return sentences().crisis if conversation.danger_kind == Kind.CRISIS.value else sentences().emergency


def is_in_danger(conversation: Conversation) -> bool:
    """Whether a danger was spoken of that the visitor has not said to be over."""
    return conversation.danger_kind in (Kind.EMERGENCY.value, Kind.CRISIS.value)


def withheld(conversation: Conversation) -> Answer:
    """Instead of an answer about magnesium or products, while a danger is not over."""
    kind = Kind(conversation.danger_kind)
    message = sentences().withheld_crisis if kind is Kind.CRISIS else sentences().withheld_emergency
    return say(kind, message, closed(conversation))


def settled(text: str, conversation: Conversation) -> Answer | None:
    """The answer to "it is over" after a danger; None for any other message."""
    if not is_in_danger(conversation) or not says_it_is_settled(text):
        return None
    after = closed(conversation.settled())
    if conversation.danger_kind == Kind.CRISIS.value:
        return say(Kind.CLARIFY, sentences().settled_crisis, after)
    return say(Kind.CLARIFY, sentences().settled_emergency, after)


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


def too_long(limit: int, text: str = "") -> Reply:
    """For a message longer than ``limit`` characters, unless what can be read of it gives a danger sign."""
    sign = danger_in(text)
    if sign is not None:
        return Reply(kind=Kind(sign.kind), disclaimer=Disclaimer.LONG, message=sign.message)
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
    caution: str = "",
    notice: str = "",
    choices: str = "",
    suggestions: Sequence[Suggestion] = (),
    question: str = "",
) -> Answer:
    """A reply with the disclaimer that its place in the conversation asks for.

    After a danger nothing is suggested that leads to magnesium or a product.
    """
    offered = tuple(
        one
        for one in suggestions
        if not (is_in_danger(conversation) and is_about_what_is_sold((), one.payload))
    )
    reply = Reply(
        kind=kind,
        disclaimer=Disclaimer.SHORT if conversation.disclaimed else Disclaimer.LONG,
        message=message,
        passages=tuple(passages),
        cites_only=cites_only,
        sources=tuple(sources),
        caution=caution,
        notice=notice,
        choices=choices if offered else "",
        suggestions=offered,
        question=question,
    )
    # After forgetting, the next reply is a first one again.
    said = kind is not Kind.PRIVACY
    return Answer(reply, replace(conversation, disclaimed=said, introduced=said))


def closed(conversation: Conversation) -> Conversation:
    """The conversation after a reply without an answer: "waar staat dat?" must not cite an older one."""
    return replace(conversation, question="", shown=(), latest=0, rejections=0)


def as_suggestions(questions: Iterable[str]) -> list[Suggestion]:
    """Buttons that send the question they show."""
    return [Suggestion(question, question) for question in questions]
