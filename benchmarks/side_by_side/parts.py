"""The parts of the benchmark that need no order of runs: parsing, quality, search, Dutch."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.side_by_side.bare_bm25 import quality_of_bm25
from benchmarks.side_by_side.contenders import KALM, QUIET, STOCK, stock_environment
from benchmarks.side_by_side.figures import percentile
from benchmarks.side_by_side.parsing import AS_KALM
from benchmarks.side_by_side.report import BM25
from benchmarks.side_by_side.speed import questions_for_all
from benchmarks.side_by_side.training import size_of
from benchmarks.side_by_side.workers import worker
from commands.environment import ONE_THREAD
from commands.evaluation.data import DEVELOPMENT, read_messages
from kalm.articles import passages, read_articles
from kalm.language import dutch
from kalm.search.vectors import analyse
from kalm.settings import settings

Say = Callable[[str], None]


def parse_in_turn(
    kalm_model: Path,
    kalm_environment: Mapping[str, str],
    stock_model: Path,
    rounds: int,
    messages: int,
    folder: Path,
    say: Say,
) -> dict[str, list[list[float]]]:
    """Let both models parse the same messages, in rounds of alternating order.

    Args:
        kalm_model: Kalm's.
        kalm_environment: of a Kalm with that model.
        stock_model: stock Rasa's.
        rounds: how many.
        messages: in each round, the first ones of the development set's fixed order.
        folder: for logs.
        say: told of each step.

    Returns:
        Milliseconds of each message, by contender and round.
    """
    texts = questions_for_all()[:messages]
    wanted: dict[str, tuple[Mapping[str, str], tuple[str, ...]]] = {
        KALM: ({**kalm_environment, **ONE_THREAD}, (str(kalm_model), AS_KALM)),
        STOCK: (stock_environment(None), (str(stock_model),)),
    }
    taken: dict[str, list[list[float]]] = {name: [] for name in wanted}
    with ExitStack() as stack:
        say("parsing: loading both models")
        workers = {
            name: stack.enter_context(
                worker("parsing", folder / f"parsing {name}.log", environment, *arguments)
            )
            for name, (environment, arguments) in wanted.items()
        }
        for one in workers.values():
            one.ask(texts[-20:])
        for number in range(rounds):
            say(f"parsing: round {number + 1} of {rounds}")
            for name in sorted(workers, reverse=bool(number % 2)):
                taken[name].append([parse["milliseconds"] for parse in workers[name].ask(texts)])
    return taken


def judge_kalm(
    environments: Mapping[str, Mapping[str, str]], folder: Path, across: bool = True
) -> dict[str, Any]:
    """Judge trained Kalms on the development set, all at once: nothing is timed here.

    Args:
        environments: of each, by name.
        folder: for logs.
        across: whether to cross-validate the intents too.
    """

    # Broken off, the workers are ended first: the threads would wait for them.
    with ThreadPoolExecutor(len(environments)) as pool, ExitStack() as stack:
        workers = [
            stack.enter_context(worker("judging", folder / f"judging {name}.log", environment))
            for name, environment in environments.items()
        ]
        answers = pool.map(lambda one: one.ask({"across": across}), workers)
        return dict(zip(environments, answers, strict=True))


def judge_bm25() -> dict[str, Any]:
    """Judge BM25 without Kalm's Dutch, by its name in the tables."""
    said = passages(read_articles(settings().articles))
    return {BM25: quality_of_bm25(read_messages(DEVELOPMENT), said).as_json()}


def measure_search(sizes: Sequence[int], folder: Path, say: Say) -> list[dict[str, float]]:
    """Build and ask the engine at every size; each time in a process of its own.

    Returns:
        For each size its "count", seconds of "build", MB of index "size", the resident "memory" in MB by
        which a process grew that loaded it and answered, the "p50" and "p99" of a query in milliseconds.
    """
    language = dutch()
    terms = _terms_of_articles()
    queries = [list(analyse(text, language).weights) for text in questions_for_all()]
    queries = [query for query in queries if query]
    found = []
    for count in sizes:
        say(f"search: {count:,} passages")
        with TemporaryDirectory(prefix="search-", dir=folder) as name:
            asked = {"folder": name, "count": count, "terms": terms, "queries": queries}
            log, environment = folder / "search.log", {**os.environ, **QUIET}
            with worker("search_at_size", log, environment) as builder:
                built = builder.ask({**asked, "what": "build"})
            with worker("search_at_size", log, environment) as searcher:
                asked_for = searcher.ask({**asked, "terms": [], "what": "search"})
            times = {f"p{which}": percentile(asked_for["milliseconds"], which) for which in (50, 99)}
            memory = asked_for["memory"]
            found.append({"count": count, **built, "size": size_of(Path(name)), "memory": memory, **times})
    return found


def measure_language(folder: Path) -> Any:
    """Tokens a second and lemmas; see :mod:`benchmarks.side_by_side.language_alone`."""
    with worker("language_alone", folder / "language.log", {**os.environ, **QUIET}) as one:
        return one.ask({})


def _terms_of_articles() -> list[str]:
    """The terms of each sentence of the articles, one for each sentence in which it stands."""
    language = dutch()
    said = passages(read_articles(settings().articles))
    sentences = [line for one in said for line in (one.section, *one.text.split("."), *one.questions)]
    return [term for sentence in sentences for term in analyse(sentence, language).weights]
