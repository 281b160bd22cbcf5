"""Every text that Kalm says by itself, in one list: what is checked for claims, and what must be approved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import yaml

from kalm.safety import danger_rules
from kalm.safety.conditions import condition_rules
from kalm.safety.files import FOLDER
from kalm.sentences import SENTENCES, Sentences, load_sentences
from kalm.settings import ROOT, settings

RESPONSES = ROOT / "domain" / "responses.yml"
ENTITIES = ROOT / "data" / "nlu" / "entities.yml"

SAFETY_SENTENCES = frozenset(
    {
        "referral_passage",
        *(
            "disclaimer_long",
            "disclaimer_short",
            "notice_magnesium",
            "referral",
            "referral_condition",
            "caution",
        ),
        *("emergency", "crisis", "after_danger", "withheld_emergency", "withheld_crisis"),
        *(
            "settled_emergency",
            "settled_crisis",
            "needs_help",
            "disclaimer_danger",
            "failure",
            "too_long",
            "introduction",
        ),
    }
)
"""Sentences that a doctor or a lawyer approves; a change of one waits for that."""


@dataclass(frozen=True)
class Said:
    """A text that Kalm may say.

    Attributes:
        name: unique, for example "danger/hart".
        text: as Kalm says it; placeholders may stand in it.
        path: the file it comes from.
        is_safety: whether it must be approved before a release.
    """

    name: str
    text: str
    path: Path
    is_safety: bool = False

    @property
    def hash(self) -> str:
        """Short hash of the text."""
        return text_hash(self.text)

    @property
    def line(self) -> int:
        """Line of the file where the text is named, from 1; 0 when it stands nowhere by name."""
        parts = self.name.split("/")
        lines = self.path.read_text(encoding="utf-8").splitlines()
        begins = (f"{parts[1]}:", f"- {parts[1]}")
        return next((number for number, line in enumerate(lines, 1) if line.strip().startswith(begins)), 0)


def text_hash(text: str) -> str:
    """Short hash that changes with the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def said() -> list[Said]:
    """Every fixed text, in a fixed order.

    Raises:
        SafetyError, SentencesError: a file cannot be used.
    """
    return [*_sentences(), *_dangers(), *_conditions(), *responses(), *_product_names()]


def written_sentences() -> Sentences:
    """The sentences as an editor wrote them: the name of the shop is no change of a text."""
    placeholders = {"shop_name": "{shop}", "contact": "{contact}"}
    return load_sentences(SENTENCES, settings().copy(update=placeholders))


def _sentences() -> Iterator[Said]:
    written = written_sentences()
    for field in fields(Sentences):
        value = getattr(written, field.name)
        texts = [value] if isinstance(value, str) else list(value)
        for number, text in enumerate(texts):
            name = f"sentences/{field.name}" if isinstance(value, str) else f"sentences/{field.name}/{number}"
            yield Said(name, text, SENTENCES, field.name in SAFETY_SENTENCES)


def _dangers() -> Iterator[Said]:
    for sign in danger_rules().signs:
        path = FOLDER / "danger.yml"
        yield Said(f"danger/{sign.name}", sign.message, path, is_safety=True)
        patterns = " ; ".join(pattern.source for pattern in sign.patterns)
        yield Said(f"danger/{sign.name}/patronen", patterns, path, is_safety=True)


def _conditions() -> Iterator[Said]:
    written = written_sentences()
    for condition in condition_rules().conditions.values():
        text = f"{written.caution.format(conditions=condition.when)} Je noemde {condition.told}."
        yield Said(f"conditions/{condition.name}", text, FOLDER / "conditions.yml", is_safety=True)


def responses() -> Iterator[Said]:
    """Small talk."""
    raw = yaml.safe_load(RESPONSES.read_text(encoding="utf-8"))["responses"]
    for name, variants in raw.items():
        for number, variant in enumerate(variants):
            is_safety = name == "utter_bot"  # what Kalm says of itself
            yield Said(f"responses/{name}/{number}", variant["text"], RESPONSES, is_safety)


def _product_names() -> Iterator[Said]:
    for entry in yaml.safe_load(ENTITIES.read_text(encoding="utf-8"))["nlu"]:
        if entry.get("lookup") == "product":
            for line in entry["examples"].splitlines():
                name = line.strip().removeprefix("- ").strip()
                if name:
                    yield Said(f"products/{name}", name, ENTITIES)
