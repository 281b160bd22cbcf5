from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kalm import intents
from kalm.embedding import OtherEmbedderError, Vectors
from kalm.intents import CLEAR_FROM, NO_DANGER_BELOW, IntentCascade
from tests.conftest import WordEmbedder

EXAMPLES = {
    "ask_rls": ["wat zijn rusteloze benen", "waarom kriebelen mijn benen", "wat is rls"],
    "ask_treatment": ["wat helpt tegen rusteloze benen", "welk middel helpt", "helpt bewegen"],
    "greet": ["hallo", "goedemorgen", "hoi daar"],
    "report_emergency": ["ik krijg geen lucht", "ik stik", "mijn man ligt bewusteloos"],
}
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
INTENTS = [intent for intent, texts in EXAMPLES.items() for _ in texts]


class Counting(WordEmbedder):
    """Knows that a greeting from the south is one, and counts what it is asked."""

    def __init__(self) -> None:
        super().__init__({"goeiendag": "hallo"})
        self.asked: list[str] = []

    def embed(self, text: str) -> Vectors:
        self.asked.append(text)
        return super().embed(text)


@pytest.fixture
def embedder() -> Counting:
    return Counting()


@pytest.fixture
def cascade(embedder: Counting) -> IntentCascade:
    trained = IntentCascade.train(TEXTS, INTENTS, embedder)
    embedder.asked.clear()
    return trained


def probabilities(cascade: IntentCascade, **of: float) -> Vectors:
    """Those that are named, and the rest shared by the others."""
    left = (1 - sum(of.values())) / (len(cascade.labels) - len(of))
    return np.array([of.get(label, left) for label in cascade.labels], dtype=np.float32)


def test_clear_words_are_enough(
    cascade: IntentCascade, embedder: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intents, "NO_DANGER_BELOW", 0.05)  # of four intents none is far below
    found = cascade.probabilities("hallo")
    assert cascade.labels[int(found.argmax())] == "greet"
    assert embedder.asked == []


def test_where_words_leave_doubt_the_meaning_decides(cascade: IntentCascade, embedder: Counting) -> None:
    found = cascade.probabilities("goeiendag")
    assert cascade.labels[int(found.argmax())] == "greet"
    assert embedder.asked == ["goeiendag"]


@pytest.mark.parametrize(
    ("of", "clear"),
    [
        ({"greet": CLEAR_FROM + 0.05, "report_emergency": 0.0}, True),
        ({"greet": CLEAR_FROM - 0.05, "report_emergency": 0.0}, False),
        ({"ask_rls": 0.45, "ask_treatment": 0.45, "report_emergency": 0.01}, True),
        ({"greet": 0.95, "report_emergency": NO_DANGER_BELOW + 0.01}, False),
        ({"report_emergency": 0.99}, False),
    ],
)
def test_what_is_clear(cascade: IntentCascade, of: dict[str, float], clear: bool) -> None:
    """Either intent for knowledge leads to one action; a hint of danger is always looked at twice."""
    assert cascade.is_clear(probabilities(cascade, **of)) is clear


def test_without_an_embedder_words_alone_decide() -> None:
    plain = IntentCascade.train(TEXTS, INTENTS, None)
    assert plain.probabilities("goeiendag").sum() == pytest.approx(1.0)


@pytest.mark.parametrize("text", ["hallo", "goeiendag", "ik krijg geen lucht", ""])
def test_a_saved_one_says_the_same(
    cascade: IntentCascade, embedder: Counting, tmp_path: Path, text: str
) -> None:
    cascade.save(tmp_path)
    loaded = IntentCascade.load(tmp_path, embedder)
    assert loaded.labels == cascade.labels
    assert loaded.probabilities(text) == pytest.approx(cascade.probabilities(text))


def test_one_of_words_alone_is_saved_without_more(tmp_path: Path) -> None:
    plain = IntentCascade.train(TEXTS, INTENTS, None)
    plain.save(tmp_path)
    loaded = IntentCascade.load(tmp_path, None)
    assert loaded.probabilities("hallo") == pytest.approx(plain.probabilities("hallo"))
    with pytest.raises(OtherEmbedderError, match="make train"):
        IntentCascade.load(tmp_path, WordEmbedder())
