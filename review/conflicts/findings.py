"""What is wrong between sentences: what kinds there are, how bad each is, and what can be seen at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import combinations

from review.conflicts.sentences import KEEP, MOST_EXAMPLES, Edit, Sentence
from review.folding import fold
from review.judging.danger import DANGERS


class Kind(str, Enum):
    """What is wrong; what hurts most comes first."""

    SAME = "same"
    """The same sentence under two intents, letter for letter."""
    NORMALISED = "normalised"
    """The same but for case, accents, spaces and punctuation, under two intents."""
    ALIKE = "alike"
    """Nearly the same, under two intents."""
    DOUBTED = "doubted"
    """What was trained without this sentence takes it for something else."""
    TWICE = "twice"
    """The same sentence more than once under one intent."""
    SUPERFLUOUS = "superfluous"
    """So much like another one under the same intent that it adds nothing."""


_ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Finding:
    """Something that is wrong.

    Attributes:
        kind: what.
        one: the sentence it is about.
        other: the other sentence of the pair; None for a sentence that is doubted.
        predicted: what a doubted sentence was taken for, or "".
        score: how alike, or how sure the other intent is; from 0 to 1.
    """

    kind: Kind
    one: Sentence
    other: Sentence | None = None
    predicted: str = ""
    score: float = 1.0

    @property
    def place(self) -> int:
        """Of its kind: what hurts most has the lowest."""
        return _ORDER[self.kind]

    @property
    def touches_danger(self) -> bool:
        """Whether Kalm could overlook somebody in danger by it."""
        return bool({self.one.intent, self.predicted, self.other.intent if self.other else ""} & DANGERS)


_folded_example = lru_cache(maxsize=MOST_EXAMPLES)(fold)


def at_once(found: Sequence[Sentence]) -> Iterator[Finding]:
    """The same sentences, which take no model to see."""
    alike: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in found:
        folded = _folded_example if sentence.message_id is None else fold
        alike[folded(sentence.plain)].append(sentence)
    for group in alike.values():
        for one, other in combinations(group, 2):
            yield from _same(one, other)


def _same(one: Sentence, other: Sentence) -> Iterator[Finding]:
    if one.intent != other.intent:
        is_same = one.plain.strip() == other.plain.strip()
        yield Finding(Kind.SAME if is_same else Kind.NORMALISED, one, other)
    # What a visitor typed and stands in the files already costs nothing: it is one more of the same.
    elif one.message_id is None and other.message_id is None:
        yield Finding(Kind.TWICE, one, other)


def to_decide(findings: Iterable[Finding], edits: Iterable[Edit]) -> list[Finding]:
    """What still asks for a decision, what hurts most first.

    Args:
        findings: in any order; the same pair of sentences may be in it more than once.
        edits: what was decided; what may stay is left out.
    """
    kept = {
        frozenset({(edit.text, edit.intent), (edit.other_text, edit.to_intent)})
        for edit in edits
        if edit.kind == KEEP
    }
    worst_first = sorted(
        (finding for finding in findings if _pair(finding) not in kept),
        key=lambda finding: (finding.place, not finding.touches_danger, -finding.score),
    )
    seen: dict[frozenset[tuple[str, str]], Finding] = {}
    for finding in worst_first:
        seen.setdefault(_pair(finding), finding)
    return list(seen.values())


def _pair(finding: Finding) -> frozenset[tuple[str, str]]:
    other = finding.other
    return frozenset(
        {
            (finding.one.reference, finding.one.intent),
            (other.reference, other.intent) if other else ("", finding.predicted),
        }
    )
