"""The tables of a benchmark: speed with its ratios, targets, quality, search and language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from benchmarks.side_by_side.contenders import BRIEF, CONTENDERS, FLOOR_COMMIT, KALM, STOCK
from benchmarks.side_by_side.figures import Figure, ratio
from benchmarks.side_by_side.results import Results
from benchmarks.side_by_side.sheets import NOT_MEASURED, Sheet, number, share, spread
from benchmarks.side_by_side.speed import PLACES, SENDERS
from benchmarks.side_by_side.stock_project import WHOLE_EPOCHS
from benchmarks.side_by_side.targets import Target

WITHOUT_EMBEDDINGS = "Kalm, no embeddings"
WITH_DIET = "Kalm with DIET"
WHOLE_STOCK = f"stock Rasa, {WHOLE_EPOCHS} epochs"
BM25 = "BM25, no Dutch"
DIET_BY_WORDS = {
    "WhitespaceTokenizer": "DIET alone, stock's words",
    "nlu.tokenizer.DutchTokenizer": "DIET alone, Kalm's words",
}
"""By its tokenizer, DIET without the rest of a pipeline."""

OF_WHOLE_TRAINING = (WHOLE_STOCK, WITH_DIET, *DIET_BY_WORDS.values())
"""Those that :mod:`benchmarks.side_by_side.whole_training` measures."""

_PERCENTILES = (50, 95, 99)


def sheets(results: Results) -> list[Sheet]:
    """The tables of what was measured, those first that say most."""
    making = (targets_sheet, speed_sheet, answers_sheet, intents_sheet, search_sheet, language_sheet)
    return [sheet for make in making if (sheet := make(results)).rows]


def targets(results: Results) -> list[Target]:
    """What Kalm wants to be, with what was found."""
    first, last = results.in_conversation(KALM, 10), results.in_conversation(KALM, 400)
    wrong, wrong_of_stock = (results.quality(who, "wrong_at_first") for who in (KALM, WHOLE_STOCK))
    return [
        Target(
            "full answer, p50: stock ÷ Kalm",
            5,
            True,
            _stock_to_kalm(results, partial(results.idle, which=50)),
        ),
        Target(
            "full answer, p99: stock ÷ Kalm",
            5,
            True,
            _stock_to_kalm(results, partial(results.idle, which=99)),
        ),
        Target(
            "answers a second, 16 senders: Kalm ÷ stock",
            8,
            True,
            ratio(results.at_once(KALM, 16, "rate"), results.at_once(STOCK, 16, "rate")),
        ),
        Target("Kalm: message 400 ÷ message 10", 1.2, False, ratio(last, first)),
        Target("message 400: stock ÷ Kalm", 20, True, ratio(results.in_conversation(STOCK, 400), last)),
        Target(
            "training from nothing: stock ÷ Kalm (stock's is reckoned)",
            6,
            True,
            _stock_to_kalm(results, partial(results.training, what="whole")),
        ),
        Target(
            "time to ready: Kalm ÷ stock",
            1 / 3,
            False,
            ratio(_of_run(results, "ready", KALM), _of_run(results, "ready", STOCK)),
        ),
        Target("memory: Kalm ÷ stock", 0.7, False, ratio(results.memory(KALM), results.memory(STOCK))),
        Target(
            "full answer, p50: Kalm ÷ Sanic with one SQLite commit",
            10,
            False,
            ratio(results.idle(KALM, 50), results.idle(FLOOR_COMMIT, 50)),
        ),
        Target(
            f"wrong answers by the first passage: Kalm ÷ stock, {WHOLE_EPOCHS} epochs",
            0.5,
            False,
            wrong / wrong_of_stock if wrong is not None and wrong_of_stock else None,
        ),
    ]


def targets_sheet(results: Results) -> Sheet:
    """Each target as met or not."""
    rows = [
        (
            one.what,
            f"{'at least' if one.is_least else 'at most'} {number(one.wanted)}",
            number(one.found),
            one.verdict,
        )
        for one in targets(results)
    ]
    return Sheet("Targets", ("ratio of medians", "wanted", "found", ""), rows)


def speed_sheet(results: Results) -> Sheet:
    """Every figure of speed and size of every contender; without those of :data:`BRIEF` that did not run."""
    rows: list[Sequence[str]] = []
    contenders = [who for who in CONTENDERS if who not in BRIEF or _of_run(results, "ready", who)]

    def add(name: str, value: Callable[[str], Figure | None]) -> None:
        found = [value(who) for who in contenders]
        if any(found):
            rows.append((name, *map(spread, found), number(_stock_to_kalm(results, value))))

    epochs = results.raw.get("training", {}).get("epochs", NOT_MEASURED)
    add("training from nothing, s (stock: reckoned)", partial(results.training, what="whole"))
    add(f"training, {epochs} epochs as measured, s", partial(results.training, what="short"))
    add("model, with index, MB", partial(results.training, what="size"))
    add("time to ready, s", partial(_of_run, results, "ready"))
    add("memory of bot and actions, MB", results.memory)
    add("the same after all questions, MB", results.memory_afterwards)
    add("memory of the web app beside it, MB", results.memory_beside)
    for which in _PERCENTILES:
        add(f"parse alone, p{which}, ms", partial(results.parse, which=which))
    for which in _PERCENTILES:
        add(f"full answer, p{which}, ms", partial(results.idle, which=which))
    add("processor an answer, ms", partial(_of_run, results, "processor"))
    add("share answered by a custom action", partial(_of_run, results, "by_action"))
    for senders in SENDERS:
        for what, words in (("rate", "answers a second"), ("p95", "p95, ms"), ("unanswered", "unanswered")):
            add(f"{senders} at once: {words}", partial(results.at_once, senders=senders, what=what))
    for place in PLACES:
        add(f"message {place} of one conversation, ms", partial(results.in_conversation, place=place))
    return Sheet("Speed and size", ("", *contenders, "stock ÷ Kalm"), rows, _notes_of_speed(results))


def answers_sheet(results: Results) -> Sheet:
    """How well each answers."""
    columns = {
        "right": "right",
        "wrong": "wrong",
        "refused": "refused",
        "right_at_first": "by its first passage alone: right",
        "wrong_at_first": "by its first passage alone: wrong",
    }
    contenders = (KALM, WITHOUT_EMBEDDINGS, WITH_DIET, WHOLE_STOCK, BM25)
    return _quality_sheet("Answers on the development set", results, contenders, columns)


def intents_sheet(results: Results) -> Sheet:
    """How well each tells intents apart."""
    columns = {
        "accuracy": "development set, folded: accuracy",
        "macro_f1": "folded: macro F1",
        "accuracy_of_all": "development set, all 22: accuracy",
        "macro_f1_of_all": "all 22: macro F1",
        "accuracy_across": "cross-validated, five folds: accuracy",
        "macro_f1_across": "five folds: macro F1",
        "accuracy_of_first_fold": "the first fold alone: accuracy",
        "macro_f1_of_first_fold": "first fold: macro F1",
    }
    contenders = (KALM, WITHOUT_EMBEDDINGS, WITH_DIET, WHOLE_STOCK, *DIET_BY_WORDS.values())
    return _quality_sheet("Intents", results, contenders, columns)


def _quality_sheet(
    title: str, results: Results, contenders: Sequence[str], columns: Mapping[str, str]
) -> Sheet:
    shares = {who: [results.quality(who, what) for what in columns] for who in contenders}
    known = {who: found for who, found in shares.items() if any(value is not None for value in found)}
    rows = [(who, *map(share, found)) for who, found in known.items()]
    return Sheet(title, ("", *columns.values()), rows, _notes_of_quality(results, contenders))


def search_sheet(results: Results) -> Sheet:
    """The search engine at every size."""
    rows = [
        (
            f"{one['count']:,}",
            *(number(one[name]) for name in ("build", "size", "memory", "p50", "p99")),
        )
        for one in results.raw.get("search", ())
    ]
    columns = ("passages", "build, s", "index, MB", "memory, MB", "p50, ms", "p99, ms")
    return Sheet("Search engine alone", columns, rows)


def language_sheet(results: Results) -> Sheet:
    """Dutch alone."""
    found = results.raw.get("language", {})
    names = {"kalm": "Kalm", "simplemma": "simplemma alone", "spacy": "spaCy's lookup tables"}
    if not found:
        return Sheet("Dutch alone", ("", ""), ())
    rows = [
        ("tokens a second, no word seen before", number(found["tokens_cold"])),
        ("tokens a second, every word seen before", number(found["tokens_warm"])),
        *(
            (f"lemmas right of {found['forms']} forms, {words}", share(found[name]))
            for name, words in names.items()
        ),
    ]
    return Sheet("Dutch alone", ("", ""), rows)


def _of_run(results: Results, what: str, contender: str) -> Figure | None:
    return results.of_runs(contender, lambda run: run[what])


def _stock_to_kalm(results: Results, value: Callable[[str], Figure | None]) -> float | None:
    return ratio(value(STOCK), value(KALM))


def _notes_of_speed(results: Results) -> list[str]:
    notes = ["Medians of the runs, in brackets the lowest and the highest run."]
    if results.training(STOCK, "whole") is not None:
        epochs = results.raw["training"]["epochs"]
        notes.append(
            f"Stock's training from nothing is reckoned: what {epochs} epochs took in this run, and the time "
            f"of the epochs up to {WHOLE_EPOCHS} by Rasa's own log."
        )
    seconds = results.whole and results.whole["seconds"]["stock"]
    if results.whole is not None and seconds is not None:
        notes.append(
            f"A whole training of stock Rasa, measured on {results.whole['date']}: {seconds:,.0f} s "
            f"({results.whole['machine']})."
        )
    return notes


def _notes_of_quality(results: Results, contenders: Sequence[str]) -> list[str]:
    whole = results.whole or {"quality": {}}
    asked = [who for who in contenders if who in OF_WHOLE_TRAINING]
    measured = [who for who in asked if whole["quality"].get(who)]
    missing = [who for who in asked if who not in measured]
    command = "'python -m benchmarks.side_by_side.whole_training'"
    notes = []
    if measured:
        note = f"{_named(measured)} measured on {whole['date']} by {command}."
        if whole["data"] != results.raw.get("data"):
            note += " The data has changed since."
        notes.append(note)
    if missing:
        notes.append(f"{_named(missing)} not measured: {command} does it in some hours.")
    return notes


def _named(contenders: Sequence[str]) -> str:
    """Such as "'one' and 'other' were"."""
    *others, last = (f"'{who}'" for who in contenders)
    return f"{', '.join(others)} and {last} were" if others else f"{last} was"
