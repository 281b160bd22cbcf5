"""Sentences that sound like what a shop may not publish, learned from ``data/safety/wording``.

Copywriters have more words than any list of rules (:mod:`kalm.safety.claims`). This second reader learned
from examples what a promise sounds like, a dose, advice on a medicine, a danger sign without a number to
call. It doubts more than it knows, so a person who approved the passage has the last word; measured in
docs/evaluation.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kalm.safety.claims import is_taken_back, sentences_of
from kalm.safety.files import FOLDER, SafetyError, faults_of, read_file, texts

if TYPE_CHECKING:
    from kalm.classification import TextClassifier

EXAMPLES = FOLDER / "wording"

ALLOWED = "mag"
"""Name of the examples of what may be said."""

DOUBT_FROM = 0.5
"""Probability from which a sentence is doubted."""

_WORD = re.compile(r"\w+")
_DENYING = frozenset({"niet", "geen", "nooit"})
_CLAIM, _DANGER = "bewering", "gevaar"


@dataclass(frozen=True)
class Sort:
    """One sort of what may not be published.

    Attributes:
        name: in the file.
        explanation: completes "deze zin ...", in Dutch, for an editor.
        advice: what to do.
    """

    name: str
    explanation: str
    advice: str


@dataclass(frozen=True)
class Doubt:
    """A sentence that a person has to judge, and what it sounds like."""

    sentence: str
    sort: Sort


@dataclass(frozen=True)
class WordingReader:
    """Reads a passage sentence by sentence."""

    sorts: tuple[Sort, ...]
    helping: frozenset[str]
    calling: frozenset[str]
    waiting: frozenset[str]
    classifier: TextClassifier

    def doubts(self, passage: str) -> list[Doubt]:
        """The sentences of a passage that sound like what may not be published."""
        names_help = any(self._sends_to_help(sentence) for sentence in sentences_of(passage))
        names_help = names_help and not any(word in passage.lower() for word in self.waiting)
        doubts = []
        for sentence in sentences_of(passage):
            sort = self._sounds_like(sentence)
            if sort is None or (sort.name == _DANGER and names_help):
                continue
            if sort.name == _CLAIM and is_taken_back(sentence):
                continue
            doubts.append(Doubt(sentence, sort))
        return doubts

    def _sends_to_help(self, sentence: str) -> bool:
        """Whether a sentence says to call or see someone who can help, and does not deny that."""
        words = set(_WORD.findall(sentence.lower()))
        return bool(words & self.helping and words & self.calling) and not words & _DENYING

    def _sounds_like(self, sentence: str) -> Sort | None:
        probabilities = dict(
            zip(self.classifier.labels, self.classifier.probabilities(sentence), strict=True)
        )
        if 1 - probabilities[ALLOWED] < DOUBT_FROM:
            return None
        return max(self.sorts, key=lambda sort: probabilities[sort.name])


@lru_cache(maxsize=4)
def train_reader(approved: tuple[str, ...] = ()) -> WordingReader:
    """A reader that learned from the examples, and from passages that a person approved; takes some seconds.

    Words and letters alone, no embeddings: they won little here, and every machine then judges alike.

    Args:
        approved: passages that may be published.

    Raises:
        SafetyError: the file or the examples cannot be used.
    """
    raw = read_file("wording.yml")
    with faults_of("wording.yml"):
        sorts = tuple(
            Sort(str(name), " ".join(texts(one, "uitleg")), " ".join(texts(one, "doe")))
            for name, one in (raw.get("soorten") or {}).items()
        )
        helping, calling, waiting = (frozenset(texts(raw, name)) for name in ("hulp", "bellen", "afwachten"))
    examples = [
        (text, name) for name in (*(sort.name for sort in sorts), ALLOWED) for text in _examples(name)
    ]
    examples += [(sentence, ALLOWED) for passage in approved for sentence in sentences_of(passage)]
    # Loads scikit-learn, which the web app should not have in memory as long as nobody writes an article.
    from kalm.classification import TextClassifier

    classifier = TextClassifier.train(
        [text for text, _ in examples],
        [name for _, name in examples],
        least_texts=2,  # with these two it judges as well, and learns in a third of the time
        iterations=60,
    )
    return WordingReader(sorts, helping, calling, waiting, classifier)


def wording_message(doubt: Doubt) -> str:
    """What an editor reads about a doubt."""
    return f"de zin ‘{doubt.sentence}’ {doubt.sort.explanation}. {doubt.sort.advice}"


def _examples(name: str) -> list[str]:
    path = EXAMPLES / f"{name}.txt"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SafetyError(f"wording/{path.name}: is niet te lezen; zet er een zin per regel in") from error
    found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not found:
        raise SafetyError(f"wording/{path.name}: heeft geen voorbeelden; zet er een zin per regel in")
    return found
