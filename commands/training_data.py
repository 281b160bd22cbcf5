"""The sentences that the intents are trained on, as Rasa reads them from ``data/nlu``."""

from __future__ import annotations

import re

import yaml

from kalm.settings import ROOT

_ANNOTATION = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def training_examples() -> tuple[list[str], list[str]]:
    """Texts and intents of the training data, one intent per text, annotations taken out."""
    texts, intents = [], []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in str(entry["examples"]).splitlines() if "intent" in entry else ():
                texts.append(_ANNOTATION.sub(r"\1", line.removeprefix("- ")))
                intents.append(entry["intent"])
    return texts, intents


def unanswered() -> list[str]:
    """Sentences that no article answers: questions known to be so, and everything out of scope."""
    known = yaml.safe_load((ROOT / "data" / "unanswered.yml").read_text(encoding="utf-8"))
    texts, intents = training_examples()
    scope = [text for text, intent in zip(texts, intents, strict=True) if intent == "out_of_scope"]
    return [*map(str, known["vragen"]), *scope]
