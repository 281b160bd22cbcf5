"""What the intents and the index are trained on, as plain sentences."""

from __future__ import annotations

from kalm.settings import ROOT
from kalm.training_examples import read_examples, unanswered_in


def training_examples() -> tuple[list[str], list[str]]:
    """Texts and intents of the training data, one intent per text, annotations taken out."""
    examples = read_examples(ROOT / "data" / "nlu")
    return [example.plain for example in examples], [example.intent for example in examples]


def unanswered() -> list[str]:
    """Sentences that no article answers: questions known to be so, and everything out of scope."""
    known = unanswered_in((ROOT / "data" / "unanswered.yml").read_text(encoding="utf-8"))
    texts, intents = training_examples()
    scope = [text for text, intent in zip(texts, intents, strict=True) if intent == "out_of_scope"]
    return [*known, *scope]
