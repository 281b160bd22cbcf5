"""What visitors would be told: right, wrong, or honestly nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commands.evaluation.data import Dialogue, Labelled
from commands.evaluation.local_bot import LocalBot, Session
from commands.evaluation.measured import DialogueOutcomes, Outcomes, Ranking
from kalm.search import SearchIndex

_SHOWN = "answer"


@dataclass(frozen=True)
class Answered:
    """What a message brought.

    Attributes:
        intent: the likeliest, fallback left out.
        kind: of the reply, "smalltalk" for a reply without payload.
        passages: that were shown as an answer.
        hit: whether one of them holds the answer.
        offered: whether Kalm asked back and offered the right subject.
    """

    intent: str
    kind: str
    passages: tuple[Mapping[str, Any], ...]
    hit: bool
    offered: bool


def answer(bot: LocalBot, message: Labelled, questions: Mapping[str, str]) -> Answered:
    """Ask a message in a conversation of its own.

    Args:
        bot: the trained bot.
        message: labelled.
        questions: a suggestion's payload to the id of the passage it leads to.
    """
    understood = bot.understand(message.text)
    payload = bot.say(understood, Session()).get("custom")
    kind = payload["kind"] if payload else "smalltalk"
    passages = tuple(payload["passages"]) if payload and kind == _SHOWN else ()
    offers = {questions.get(s["payload"]) for s in payload["suggestions"]} if payload else set()
    return Answered(
        intent=max(understood.ranking, key=understood.ranking.__getitem__),
        kind=kind,
        passages=passages,
        hit=bool({passage["id"] for passage in passages} & set(message.sections)),
        offered=kind == "clarify" and bool(offers & set(message.sections)),
    )


def ask_all(bot: LocalBot, messages: Sequence[Labelled], questions: Mapping[str, str]) -> Outcomes:
    """Ask each message and judge the reply; see :func:`answer`."""
    outcomes = Outcomes()
    for message in messages:
        found = answer(bot, message, questions)
        shown = tuple(passage["id"] for passage in found.passages)
        outcomes.count(message, shown, found.offered)
        outcomes.kinds[found.kind] += 1
        if (shown or message.sections) and not found.hit:
            outcomes.mistakes.append((message.text, message.intent, found.kind, shown))
    return outcomes


def rank_all(index: SearchIndex, messages: Sequence[Labelled]) -> Ranking:
    """Where the first passage that holds the answer stands."""
    answerable = [message for message in messages if message.sections]
    ranks = []
    for message in answerable:
        ids = [match.passage.id for match in index.search(message.text)]
        ranks.append(next((place for place, found in enumerate(ids, 1) if found in message.sections), 0))
    count = len(ranks)
    return Ranking(
        hit_1=sum(rank == 1 for rank in ranks) / count,
        hit_3=sum(0 < rank <= 3 for rank in ranks) / count,
        mean_reciprocal_rank=sum(1 / rank for rank in ranks if rank) / count,
    )


def hold_all(bot: LocalBot, dialogues: Sequence[Dialogue]) -> DialogueOutcomes:
    """Hold each dialogue from its start."""
    outcomes = DialogueOutcomes()
    for dialogue in dialogues:
        session = Session()
        for turn in dialogue.turns:
            payload = bot.reply(turn.message.text, session)
            kind = payload["kind"] if payload else "smalltalk"
            shown = {passage["id"] for passage in payload["passages"]} if payload else set()
            right = kind in turn.kinds and (
                kind != _SHOWN or not turn.message.sections or bool(shown & set(turn.message.sections))
            )
            outcomes.turns += 1
            outcomes.right += right
            if not right:
                said = f"{kind} {', '.join(sorted(shown))}".strip()
                outcomes.mistakes.append((dialogue.name, turn.message.text, said))
    return outcomes
