"""What visitors would be told: right, wrong, or honestly nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from commands.evaluation.data import Dialogue, Labelled
from commands.evaluation.local_bot import LocalBot, Session
from kalm.search import SearchIndex
from kalm.understanding import KNOWLEDGE

_SHOWN = "answer"


@dataclass
class Outcomes:
    """Counts over labelled single messages, each asked in a conversation of its own.

    A message is answerable when it asks knowledge that a passage holds, and unanswerable when it asks
    knowledge that none holds or is out of scope.

    Attributes:
        total: all messages.
        answerable: how many.
        right: answerable ones for which a passage that holds the answer was shown.
        offered: answerable ones for which Kalm asked back and offered the right subject.
        unanswerable: how many.
        refused: unanswerable ones for which no passage was shown.
        wrong: all messages for which passages were shown, none of which holds the answer.
        mistakes: text, kind of reply and ids shown of what was not right.
    """

    total: int = 0
    answerable: int = 0
    right: int = 0
    offered: int = 0
    unanswerable: int = 0
    refused: int = 0
    wrong: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    mistakes: list[tuple[str, str, str, tuple[str, ...]]] = field(default_factory=list)


def ask_all(bot: LocalBot, messages: Sequence[Labelled], questions: dict[str, str]) -> Outcomes:
    """Ask each message and judge the reply.

    Args:
        bot: the trained bot.
        messages: labelled.
        questions: a suggestion's payload to the id of the passage it leads to.
    """
    outcomes = Outcomes()
    for message in messages:
        payload = bot.reply(message.text, Session())
        kind = payload["kind"] if payload else "smalltalk"
        shown = tuple(passage["id"] for passage in payload["passages"]) if payload and kind == _SHOWN else ()
        hit = bool(set(shown) & set(message.sections))
        outcomes.total += 1
        outcomes.kinds[kind] += 1
        outcomes.wrong += bool(shown) and not hit
        if message.intent in KNOWLEDGE and message.sections:
            outcomes.answerable += 1
            outcomes.right += hit
            offers = {questions.get(s["payload"]) for s in payload["suggestions"]} if payload else set()
            outcomes.offered += kind == "clarify" and bool(offers & set(message.sections))
        elif message.intent in KNOWLEDGE or message.intent == "out_of_scope":
            outcomes.unanswerable += 1
            outcomes.refused += not shown
        if (shown and not hit) or (message.sections and not hit):
            outcomes.mistakes.append((message.text, message.intent, kind, shown))
    return outcomes


@dataclass(frozen=True)
class Ranking:
    """Search alone, over the answerable questions."""

    hit_1: float
    hit_3: float
    mean_reciprocal_rank: float


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


@dataclass
class DialogueOutcomes:
    """Turns of dialogues with the right kind of reply and, where named, a right passage."""

    turns: int = 0
    right: int = 0
    mistakes: list[tuple[str, str, str]] = field(default_factory=list)


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
