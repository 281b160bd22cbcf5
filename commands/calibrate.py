"""``kalm calibrate``: fit the weights of the search on the development set."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console

from commands.evaluation.data import DEVELOPMENT, Labelled, read_messages
from kalm.release import load_index
from kalm.search.calibration import CALIBRATION, Calibration
from kalm.search.fit import together, witnesses
from kalm.search.fitting import FOLDS, fit_passage, fit_verdict, save_calibration
from kalm.search.index import SearchIndex
from kalm.search.match import Match
from kalm.understanding import KNOWLEDGE, Understanding

if TYPE_CHECKING:
    from commands.evaluation.local_bot import LocalBot

_JUDGED = {*KNOWLEDGE, "out_of_scope"}
_WRONG_AT_MOST = 0.02
"""Share of all development messages: half of the target, because some questions of editors were written after
a look at mistakes on that set, and strangers ask in more ways (``docs/evaluation.md``)."""


def calibrate() -> None:
    """Stel de gewichten van de zoeker af op de ontwikkelset (voor ontwikkelaars)."""
    # Imported here: Rasa takes seconds to load, which no other command should pay.
    from commands.evaluation.local_bot import LocalBot

    index, bot = load_index(), LocalBot()
    for with_meaning in (False, True) if index.with_embeddings else (False,):
        _calibrate(index, bot, with_meaning)
    Console(highlight=False).print(
        f"{CALIBRATION} is opnieuw gemaakt, voor zoeken op woorden"
        f"{' en op betekenis' if index.with_embeddings else ''}. "
        "Start Kalm opnieuw om de gewichten te gebruiken, en draai 'make evaluate'."
    )


def _calibrate(index: SearchIndex, bot: LocalBot, with_meaning: bool) -> None:
    """Fit the weights of one way of looking, and keep them."""
    everything = read_messages(DEVELOPMENT)
    messages = [message for message in everything if message.intent in _JUDGED]
    found = [index.look(message.text, with_meaning) for message in messages]
    passage = _fit_passages(messages, found)
    heard, right = [], []
    for fold in range(FOLDS):
        # The search's probability of a message must come from weights that have not seen it.
        chosen = [place % FOLDS == fold for place in range(len(messages))]
        others = _fit_passages(
            [message for message, left_out in zip(messages, chosen, strict=True) if not left_out],
            [matches for matches, left_out in zip(found, chosen, strict=True) if not left_out],
        )
        for message, matches, asked in zip(messages, found, chosen, strict=True):
            if asked and matches:
                ranked = _ranked(matches, others)
                out_of_scope = Understanding(bot.understand(message.text).ranking).out_of_scope
                heard.append(witnesses(ranked, out_of_scope))
                right.append(any(match.passage.id in message.sections for match in together(ranked)))
    verdict = fit_verdict(heard, right, wrong_at_most=_WRONG_AT_MOST * len(everything))
    save_calibration(with_meaning, passage, verdict)


def _ranked(matches: list[Match], calibration: Calibration) -> list[Match]:
    judged = [replace(match, probability=calibration.probability(match.features)) for match in matches]
    return sorted(judged, key=lambda match: -match.probability)


def _fit_passages(messages: list[Labelled], found: list[list[Match]]) -> Calibration:
    pairs = [
        (match.features, match.passage.id in message.sections)
        for message, matches in zip(messages, found, strict=True)
        for match in matches
    ]
    return fit_passage([features for features, _ in pairs], [right for _, right in pairs])
