"""One whole evaluation."""

from __future__ import annotations

from pathlib import Path

from commands.evaluation.answers import ask_all, hold_all, rank_all
from commands.evaluation.data import read_dialogues, read_messages
from commands.evaluation.intents import cross_validate, score
from commands.evaluation.local_bot import LocalBot
from commands.evaluation.measured import Measured
from commands.evaluation.safety import measure_safety
from kalm.embedding import embedder_name
from kalm.language import dutch
from kalm.release import load_index


def measure(folder: Path, name: str) -> Measured:
    """Measure the current release on the labelled messages and dialogues of a folder."""
    messages, dialogues = read_messages(folder), read_dialogues(folder)
    index, bot = load_index(), LocalBot()
    rankings = [bot.understand(message.text).ranking for message in messages]
    predicted = [max(ranking, key=ranking.__getitem__) for ranking in rankings]
    return Measured(
        name=name,
        language=f"{dutch().source}, {embedder_name()}",
        intents=score([message.intent for message in messages], predicted),
        cross_validated=cross_validate(),
        ranking=rank_all(index, messages),
        outcomes=ask_all(bot, messages, {p.questions[0]: p.id for p in index.passages}),
        dialogues=hold_all(bot, dialogues),
        safety=measure_safety(bot, folder),
    )
