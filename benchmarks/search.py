"""``python -m benchmarks.search``: how long one question takes, and where the time goes.

Every question of the development set is asked in turn, none a second time: what the channel masks, its
tokens with their lemmas, the rules of safety, its embedding, and the index with both at hand. Lemmas of
words that came up before are remembered, as they are in a server that has run for a while.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import perf_counter

import numpy as np
from rich.console import Console
from rich.table import Table

from commands.evaluation.data import DEVELOPMENT, read_messages
from kalm import release
from kalm.embedding import embedder
from kalm.language import dutch
from kalm.privacy.masking import mask
from kalm.safety import look_for_danger
from kalm.safety.conditions import conditions_in
from kalm.safety.personal import is_personal_decision

_ROUNDS = 3
_PERCENTILES = (50, 95, 99)


def main() -> None:
    """Measure and print the table."""
    index, language, meaning = release.load_index(), dutch(), embedder()
    questions = [message.text for message in read_messages(DEVELOPMENT)]
    steps: dict[str, list[float]] = {}
    gc.disable()  # what is measured is the work, not when Python cleans up
    for round_number in range(_ROUNDS):
        for question in questions:
            text = question + " " * (round_number + 1)  # not asked before
            taken = _measured(steps, "masking personal data", mask, text)
            taken += _measured(steps, "Dutch: tokens and lemmas", language.tokens, text)
            taken += _measured(steps, "safety: danger, conditions, decisions", _look_for_safety, text)
            if meaning is not None:
                taken += _measured(steps, "sentence embedding", meaning.embed, text)
            taken += _measured(steps, "index", index.search, text)
            steps.setdefault("all", []).append(taken)
    _print(steps, f"{len(questions)} questions, {len(index.passages)} passages, {_ROUNDS} rounds")


def _look_for_safety(text: str) -> None:
    look_for_danger(text)
    conditions_in(text)
    is_personal_decision(text)


def _measured(steps: dict[str, list[float]], name: str, work: Callable[[str], object], text: str) -> float:
    started = perf_counter()
    work(text)
    taken = (perf_counter() - started) * 1000
    steps.setdefault(name, []).append(taken)
    return taken


def _print(steps: dict[str, list[float]], title: str) -> None:
    table = Table(title=f"Search, milliseconds per question\n{title}", title_justify="left")
    table.add_column("step")
    for percentile in _PERCENTILES:
        table.add_column(f"p{percentile}", justify="right")
    for name, taken in steps.items():
        table.add_row(name, *(f"{value:.2f}" for value in np.percentile(taken, _PERCENTILES)))
    Console().print(table)


if __name__ == "__main__":
    main()
