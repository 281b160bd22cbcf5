"""``kalm conflicts``: the long look for sentences that contradict each other, which the screens start.

It reads the examples and what was approved since, and writes which of them are alike and which are doubted.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console

from commands.child import Lock
from commands.database import opened
from commands.errors import CommandError
from commands.evaluation.intents import FOLDS, PreparedEmbedder, left_out
from commands.likeness import by_letters, by_meaning
from kalm.embedding import Embedder, Vectors, embedder
from review.background import CONFLICTS, BusyError, Tell
from review.conflicts import results
from review.conflicts.edits import edits_in_force
from review.conflicts.findings import Finding, Kind
from review.conflicts.results import Result
from review.conflicts.sentences import Sentence, fingerprint, sentences
from review.folding import fold

DOUBTED_FROM = 0.8
"""Probability of another intent from which on a sentence is worth a look."""

_BATCH = 256


def conflicts(lock: Lock = None) -> None:
    """Zoek zinnen in de voorbeelden die elkaar tegenspreken of te veel op elkaar lijken."""
    console = Console(highlight=False, soft_wrap=True)
    try:
        with CONFLICTS.do(lock) as tell:
            result = _look(_Teller(console, tell))
            results.write(result)
    except BusyError as error:
        raise CommandError("Er wordt al gekeken; wacht tot dat klaar is.") from error
    console.print(f"{result.compared} zinnen bekeken in {result.seconds:.0f} s.")
    for kind, number in Counter(line[0] for line in result.lines).items():
        console.print(f"  {kind}: {number}")


class _Teller:
    """Tells the screens how far the look is, and the terminal each step."""

    def __init__(self, console: Console, tell: Tell) -> None:
        self._console, self._tell, self._step = console, tell, ""

    def __call__(self, step: str, share: float) -> None:
        if step != self._step:
            self._console.print(f"{step} ...")
            self._step = step
        self._tell(step, share)


def _look(tell: Tell) -> Result:
    began, at = time.monotonic(), time.time()
    tell("Leest de voorbeelden", 0.02)
    with opened() as database, database.reading() as connection:
        found = sentences(connection, edits_in_force(connection))
    prepared = _prepare(found, tell)
    lines = tuple(
        results.line(finding)
        for finding in (*_alike(found, prepared, tell), *_doubted(found, prepared, tell))
    )
    return Result(fingerprint(found), at, round(time.monotonic() - began, 1), len(found), lines)


def _prepare(found: Sequence[Sentence], tell: Tell) -> PreparedEmbedder | None:
    """The embeddings of all sentences; those of visitors are not kept on the disk."""
    step = "Leest wat elke zin betekent"
    tell(step, 0.05)
    model = embedder()
    if model is None:
        return None
    vectors: dict[str, Vectors] = {}
    ours = list(dict.fromkeys(sentence.plain for sentence in found if sentence.message_id is None))
    for start in range(0, len(ours), _BATCH):
        batch = ours[start : start + _BATCH]
        vectors.update(zip(batch, model.embed_all(batch), strict=True))
        tell(step, 0.05 + 0.25 * start / len(ours))
    vectors.update(_of_visitors(model, found, set(ours)))
    return PreparedEmbedder(model.name, vectors)


def _of_visitors(
    model: Embedder, found: Sequence[Sentence], known: set[str]
) -> Iterator[tuple[str, Vectors]]:
    for sentence in found:
        if sentence.message_id is not None and sentence.plain not in known:
            yield sentence.plain, model.embed(sentence.plain)


def _alike(found: Sequence[Sentence], prepared: PreparedEmbedder | None, tell: Tell) -> Iterator[Finding]:
    tell("Vergelijkt de zinnen met elkaar", 0.3)
    texts, intents = [sentence.plain for sentence in found], [sentence.intent for sentence in found]
    folded = [fold(text) for text in texts]
    pairs = (
        by_letters(folded, intents)
        if prepared is None
        else by_meaning(prepared.embed_all(texts).reshape(len(texts), -1), intents)
    )
    for pair in pairs:
        one, other = found[pair.one], found[pair.other]
        if folded[pair.one] == folded[pair.other]:
            continue  # the screen sees those by itself
        if one.intent != other.intent:
            yield Finding(Kind.ALIKE, one, other, score=pair.likeness)
        elif one.message_id is None and other.message_id is None:
            yield Finding(Kind.SUPERFLUOUS, one, other, score=pair.likeness)


def _doubted(found: Sequence[Sentence], prepared: PreparedEmbedder | None, tell: Tell) -> Iterator[Finding]:
    step = "Laat Kalm elke zin raden zonder die te kennen"
    tell(step, 0.35)
    often = Counter(sentence.intent for sentence in found)
    # An intent with fewer examples than folds would be missing from some of them.
    asked = [sentence for sentence in found if often[sentence.intent] >= FOLDS]
    intents = [sentence.intent for sentence in asked]
    if len(set(intents)) < 2:
        return
    folds = left_out([sentence.plain for sentence in asked], intents, prepared)
    for number, fold_ in enumerate(folds, 1):
        for one in fold_:
            predicted, probability = one.likeliest
            if predicted != intents[one.index] and probability >= DOUBTED_FROM:
                yield Finding(Kind.DOUBTED, asked[one.index], predicted=predicted, score=probability)
        tell(step, 0.35 + 0.65 * number / (FOLDS + 1))
