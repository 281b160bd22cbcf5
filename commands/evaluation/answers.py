"""What visitors would be told: right, wrong, or honestly nothing."""

from __future__ import annotations

from collections.abc import Sequence

from commands.evaluation.data import Dialogue, Labelled
from commands.evaluation.local_bot import LocalBot, Session
from commands.evaluation.measured import DialogueOutcomes, Outcomes, Ranking
from kalm.search import SearchIndex
from kalm.understanding import KNOWLEDGE

_SHOWN = "answer"


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
