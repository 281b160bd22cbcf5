"""``kalm calibrate``: fit the weights of the search on the development set."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console

from commands.evaluation.data import DEVELOPMENT, Labelled, read_messages
from kalm.release import load_index
from kalm.search.calibration import (
    CALIBRATION,
    Calibration,
    fit_passage,
    fit_verdict,
    save_calibration,
    witness_features,
)
from kalm.search.fit import together
from kalm.search.index import Match
from kalm.understanding import KNOWLEDGE, Understanding

_JUDGED = {*KNOWLEDGE, "out_of_scope"}
_FOLDS = 5


def calibrate() -> None:
    """Stel de gewichten van de zoeker af op de ontwikkelset (voor ontwikkelaars)."""
    # Imported here: Rasa takes seconds to load, which no other command should pay.
    from commands.evaluation.local_bot import LocalBot

    index, bot = load_index(), LocalBot()
    messages = [message for message in read_messages(DEVELOPMENT) if message.intent in _JUDGED]
    found = [index.search(message.text) for message in messages]
    passage = _fit_passages(messages, found)
    features, right = [], []
    for fold in range(_FOLDS):
        # The search's probability of a message must come from weights that have not seen it.
        chosen = [place % _FOLDS == fold for place in range(len(messages))]
        others = _fit_passages(
            [message for message, left_out in zip(messages, chosen, strict=True) if not left_out],
            [matches for matches, left_out in zip(found, chosen, strict=True) if not left_out],
        )
        for message, matches, asked in zip(messages, found, chosen, strict=True):
            if asked and matches:
                shown = together(_ranked(matches, others))
                features.append(
                    witness_features(
                        shown[0].probability,
                        shown[1].probability if len(shown) > 1 else None,
                        Understanding(bot.understand(message.text).ranking).out_of_scope,
                    )
                )
                right.append(any(match.passage.id in message.sections for match in shown))
    save_calibration(passage, fit_verdict(features, right))
    Console(highlight=False).print(
        f"{CALIBRATION} is opnieuw gemaakt uit {len(messages)} berichten. "
        "Start Kalm opnieuw om ze te gebruiken, en draai 'make evaluate'."
    )


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
