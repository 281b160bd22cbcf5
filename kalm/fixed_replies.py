"""Replies for which nothing is looked up: they work also when the index and the articles are gone."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from kalm.articles import Passage
from kalm.conversation import Conversation
from kalm.notice import is_about_what_is_sold
from kalm.office_hours import clock, day_in_words
from kalm.reply import Disclaimer, Kind, Reply, Suggestion
from kalm.sentences import sentences
from kalm.settings import settings


@dataclass(frozen=True)
class Answer:
    """A reply and the conversation after it."""

    reply: Reply
    conversation: Conversation


def handoff(conversation: Conversation) -> Answer:
    """How to reach a person, and when."""
    return to_person(sentences().handoff, closed(conversation))


def to_person(message: str, conversation: Conversation) -> Answer:
    """A message that leads to a person, with when somebody is there.

    Not in a danger: whoever should call 112 must not wait for the shop to open.
    """
    hours = "" if conversation.is_in_danger else when_somebody_is_there(time.time())
    return say(Kind.HANDOFF, f"{message} {hours}".strip(), conversation)


def when_somebody_is_there(now: float) -> str:
    """The office hours, and whether somebody is there at that moment; "" when the hours are not known.

    Args:
        now: seconds since 1970.
    """
    hours = settings().hours
    if hours is None:
        return ""
    when = datetime.fromtimestamp(now, ZoneInfo(settings().time_zone))
    until = hours.closes_at(when)
    if until is not None:
        present = sentences().office_open.format(until=clock(until))
    else:
        ahead, minute = hours.opens_next(when)
        present = sentences().office_closed.format(next=f"{day_in_words(ahead, when)} {clock(minute)}")
    return f"{sentences().office_hours.format(hours=hours.in_words())} {present}"


def capabilities(conversation: Conversation) -> Answer:
    """What Kalm can do, with questions to start from."""
    return with_starters(Kind.CLARIFY, sentences().capabilities, conversation)


def failure() -> Reply:
    """The honest apology for when nothing else can be said."""
    return Reply(kind=Kind.FAILURE, disclaimer=Disclaimer.LONG, message=sentences().failure)


def empty() -> Reply:
    """For a message without words that never reached the understanding."""
    return Reply(kind=Kind.NO_ANSWER, disclaimer=Disclaimer.LONG, message=sentences().empty)


def only_masked(conversation: Conversation) -> Answer:
    """For a message in which nothing is left after masking."""
    return say(Kind.NO_ANSWER, sentences().only_masked, conversation)


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
        if not (conversation.is_in_danger and is_about_what_is_sold((), one.payload))
    )
    # "Vraag je huisarts" must not take "bel nu 112" back.
    in_danger = kind in (Kind.EMERGENCY, Kind.CRISIS) or (kind is Kind.PRIVACY and conversation.is_in_danger)
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
    disclaimed = conversation.disclaimed or not in_danger
    return Answer(reply, replace(conversation, disclaimed=disclaimed, introduced=True))


def closed(conversation: Conversation) -> Conversation:
    """The conversation after a reply without an answer: "waar staat dat?" must not cite an older one."""
    return replace(conversation, question="", shown=(), latest=0, referred=False, rejections=0)


def as_suggestions(questions: Iterable[str]) -> list[Suggestion]:
    """Buttons that send the question they show."""
    return [Suggestion(question, question) for question in questions]
