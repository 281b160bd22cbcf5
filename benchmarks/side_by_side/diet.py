"""Kalm with Rasa's DIETClassifier in place of its own classifier of intents, all else as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.side_by_side.stock_project import configuration, examples_entry, write_yaml
from commands.evaluation.intents import FOLDS
from kalm.settings import ROOT
from kalm.training_examples import Example

_OWN_CLASSIFIER = "nlu.intent_classifier.DutchIntentClassifier"
_GATE = "nlu.danger.DangerGate"
_FEATURES = ("LexicalSyntacticFeaturizer", "CountVectorsFeaturizer")


def diet_components(epochs: int) -> list[dict[str, Any]]:
    """Rasa's default features and DIET, for intents alone: Kalm finds entities another way."""
    stock = configuration(epochs)["pipeline"]
    diet = next(one for one in stock if one["name"] == "DIETClassifier")
    features = [one for one in stock if one["name"] in _FEATURES]
    return [*features, {**diet, "entity_recognition": False}]


def kalm_with_diet(epochs: int, root: Path = ROOT) -> dict[str, Any]:
    """Kalm's ``config.yml`` with DIET.

    The gate for danger stands behind DIET: before it, DIET would write over what the gate found.
    """
    config: dict[str, Any] = yaml.safe_load((root / "config.yml").read_text(encoding="utf-8"))
    pipeline: list[dict[str, Any]] = []
    gate = next(one for one in config["pipeline"] if one["name"] == _GATE)
    for one in config["pipeline"]:
        if one["name"] == _OWN_CLASSIFIER:
            pipeline += [*diet_components(epochs), gate]
        elif one["name"] != _GATE:
            pipeline.append(one)
    return {**config, "pipeline": pipeline}


def intents_alone(tokenizer: str, epochs: int) -> dict[str, Any]:
    """A configuration that does nothing but tell intents apart.

    Args:
        tokenizer: name of the component that makes the words.
        epochs: of DIET.
    """
    pipeline = [{"name": tokenizer}, *diet_components(epochs)]
    return {"recipe": "default.v1", "assistant_id": "intents", "language": "nl", "pipeline": pipeline}


def write_nlu(
    path: Path, examples: Sequence[tuple[str, str]], others: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Write training data for Rasa.

    Args:
        path: of the file.
        examples: text and intent of each.
        others: entries that are no intent.
    """
    by_intent: dict[str, list[str]] = {}
    for text, intent in examples:
        by_intent.setdefault(intent, []).append(text)
    entries = [*others, *(examples_entry(intent, texts) for intent, texts in by_intent.items())]
    write_yaml(path, {"version": "3.1", "nlu": entries}, width=10_000)


def first_of_each(examples: Sequence[Example], most: int | None) -> list[Example]:
    """So many examples of each intent; all of them for None.

    Raises:
        ValueError: too few to cross-validate.
    """
    if most is None:
        return list(examples)
    if most < FOLDS:
        raise ValueError(f"at least {FOLDS} examples of an intent are needed")
    counts: dict[str, int] = {}
    kept = []
    for one in examples:
        counts[one.intent] = counts.get(one.intent, 0) + 1
        if counts[one.intent] <= most:
            kept.append(one)
    return kept
