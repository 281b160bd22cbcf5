"""Parses messages with a trained model in this process, a worker's: how long it takes, what it means.

Its second argument is the model, a ``.tar.gz`` of Rasa's.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from typing import Any

from benchmarks.side_by_side.workers import answer_parent
from kalm.text_cache import forget_texts
from kalm.understanding import NLU_FALLBACK

AS_KALM = "--as-kalm"
"""Argument by which the model is loaded as Kalm's bot server loads it."""


class Parser:
    """A model with Rasa's whole pipeline, without servers and policies."""

    def __init__(self, model: str, as_kalm: bool) -> None:
        # Imported here: a test of what a parse says needs no Rasa.
        import structlog
        from rasa.core.agent import Agent

        # Rasa's server does this at its start; without it every text is printed.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        if as_kalm:
            from bot.agent import KalmAgent

            self._agent = KalmAgent()
            self._agent.load_model(model)
        else:
            self._agent = Agent.load(model)
        self._loop = asyncio.new_event_loop()

    def parse_all(self, texts: list[str]) -> list[dict[str, Any]]:
        """What each text means, and the milliseconds that it took; no text is remembered from before."""
        forget_texts()
        found = []
        for text in texts:
            started = time.perf_counter()
            parsed = self._loop.run_until_complete(self._agent.parse_message(text))
            found.append({"milliseconds": (time.perf_counter() - started) * 1000, **gist(parsed)})
        return found


def gist(parsed: dict[str, Any]) -> dict[str, Any]:
    """What is needed of what Rasa says about a message.

    Returns:
        The "intent" after the fallback, the "likeliest" one without it, and the key of the likeliest
        "response" of a retrieval intent, or None.
    """
    ranking = [guess for guess in parsed["intent_ranking"] if guess["name"] != NLU_FALLBACK]
    likeliest = max(ranking, key=lambda guess: guess["confidence"], default=parsed["intent"])
    selected = parsed.get("response_selector", {}).get("default", {}).get("response", {})
    return {
        "intent": parsed["intent"]["name"],
        "likeliest": likeliest["name"],
        "response": selected.get("intent_response_key"),
    }


if __name__ == "__main__":
    answer_parent(Parser(sys.argv[2], AS_KALM in sys.argv[3:]).parse_all)
