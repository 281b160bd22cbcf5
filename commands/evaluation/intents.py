"""How well intents are told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import yaml
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support
from sklearn.model_selection import StratifiedKFold

from commands.evaluation.measured import IntentScores
from kalm.classification import TextClassifier
from kalm.embedding import embedder
from kalm.settings import ROOT

FOLDS = 5
_ANNOTATION = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def training_examples() -> tuple[list[str], list[str]]:
    """Texts and intents of the training data, annotations taken out."""
    texts, intents = [], []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in str(entry["examples"]).splitlines() if "intent" in entry else ():
                texts.append(_ANNOTATION.sub(r"\1", line.removeprefix("- ")))
                intents.append(entry["intent"])
    return texts, intents


def score(right: Sequence[str], predicted: Sequence[str]) -> IntentScores:
    """Scores of predictions."""
    labels = sorted(set(right))
    _, _, f1, _ = precision_recall_fscore_support(right, predicted, labels=labels, zero_division=0)
    return IntentScores(
        labels=tuple(labels),
        macro_f1=float(f1_score(right, predicted, labels=labels, average="macro", zero_division=0)),
        accuracy=float(np.mean([one == other for one, other in zip(right, predicted, strict=True)])),
        f1={label: float(value) for label, value in zip(labels, f1, strict=True)},
        matrix=confusion_matrix(right, predicted, labels=labels).tolist(),
    )


def cross_validate() -> IntentScores:
    """Five-fold cross-validation of the intent classifier on the training data."""
    texts, intents = training_examples()
    predicted = [""] * len(texts)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for train, test in folds.split(texts, intents):
        classifier = TextClassifier.train(
            [texts[i] for i in train], [intents[i] for i in train], embedder=embedder()
        )
        for i in test:
            predicted[i] = classifier.labels[int(np.argmax(classifier.scores(texts[i])))]
    return score(intents, predicted)
