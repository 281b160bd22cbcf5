"""Replies for which nothing is looked up: they work also when the index and the articles are gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kalm.articles import Passage
from kalm.conversation import Conversation
from kalm.notice import is_about_what_is_sold
from kalm.reply import Disclaimer, Kind, Reply, Suggestion
from kalm.safety import DangerSign, danger_in, danger_rules, says_help_has_been, says_it_is_settled
from kalm.sentences import sentences


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
        danger_open=True,
    )
    return say(Kind(began.danger_kind), danger_message(began), began)


def danger_again(conversation: Conversation, asked_who: bool = False) -> Answer | None:
    """The same once more, for whatever is said after it that is not clearly another question.

    "Moet ik wachten tot morgen", "wie moet ik bellen" and "doei" are about the danger too. None when there
    was none, or when another question was answered since.

    Args:
        conversation: what was said before.
        asked_who: the visitor asks whether this is a person, and must get an honest answer first.
    """
    if not is_in_danger(conversation) or not conversation.danger_open:
        return None
    message = danger_message(conversation)
    if asked_who:
        message = f"{sentences().introduction} {message}"
    return say(Kind(conversation.danger_kind), message, closed(conversation))


def danger_message(conversation: Conversation) -> str:
    """What is said about the danger that the conversation is about."""
    sign = _sign_of(conversation)
    if sign is not None:
        return sign.message
    return sentences().crisis if conversation.danger_kind == Kind.CRISIS.value else sentences().emergency


def _sign_of(conversation: Conversation) -> DangerSign | None:
    return next((sign for sign in danger_rules().signs if sign.name == conversation.danger), None)


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
    after_crisis = conversation.danger_kind == Kind.CRISIS.value
    if not is_in_danger(conversation) or not says_it_is_settled(text, after_crisis):
        return None
    sign = _sign_of(conversation)
    if sign is not None and sign.needs_help and not says_help_has_been(text):
        return say(Kind.EMERGENCY, sentences().needs_help, closed(conversation))
    after = closed(conversation.settled())
    if after_crisis:
        return say(Kind.CLARIFY, sentences().settled_crisis, after)
    return say(Kind.CLARIFY, sentences().settled_emergency, after)


def handoff(conversation: Conversation) -> Answer:
    """How to reach a person."""
    return say(Kind.HANDOFF, sentences().handoff, closed(conversation))


def capabilities(conversation: Conversation) -> Answer:
    """What Kalm can do, with questions to start from."""
    return with_starters(Kind.CLARIFY, sentences().capabilities, conversation)


def privacy(conversation: Conversation) -> Answer:
    """Forget what was talked about and tell what is kept; a danger comes first, and is not forgotten."""
    kept = conversation.only_danger()
    message = sentences().privacy
    if is_in_danger(kept):
        message = f"{danger_message(kept)} {message}"
    return say(Kind.PRIVACY, message, kept)


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
    in_danger = kind in (Kind.EMERGENCY, Kind.CRISIS)
    usual = Disclaimer.SHORT if conversation.disclaimed else Disclaimer.LONG
    reply = Reply(
        kind=kind,
        disclaimer=Disclaimer.DANGER if in_danger else usual,
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
    disclaimed = conversation.disclaimed if in_danger else said
    return Answer(reply, replace(conversation, disclaimed=disclaimed, introduced=said))


def closed(conversation: Conversation) -> Conversation:
    """The conversation after a reply without an answer: "waar staat dat?" must not cite an older one."""
    return replace(conversation, question="", shown=(), latest=0, rejections=0)


def as_suggestions(questions: Iterable[str]) -> list[Suggestion]:
    """Buttons that send the question they show."""
    return [Suggestion(question, question) for question in questions]
