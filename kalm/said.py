"""Every text that Kalm says by itself, in one list: what is checked for claims, and what must be approved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from kalm.safety import danger_rules
from kalm.safety.comfort import comfort_rules
from kalm.safety.conditions import condition_rules
from kalm.safety.during import during_danger
from kalm.safety.files import FOLDER, read_file
from kalm.safety.wording import EXAMPLES
from kalm.sentences import SENTENCES, Sentences, load_sentences
from kalm.settings import ROOT

RESPONSES = ROOT / "domain" / "responses.yml"
ENTITIES = ROOT / "data" / "nlu" / "entities.yml"

_SIGN_TEXTS = ("zeg", "bron", "betekent")

SAFETY_SENTENCES = frozenset(
    {
        "disclaimer_long",
        "disclaimer_short",
        "disclaimer_danger",
        "notice_magnesium",
        "introduction",
        "failure",
        "too_long",
        "referral",
        "referral_condition",
        "referral_passage",
        "caution",
        "privacy",
        "forget",
        "forget_kept",
        "forget_not_sure",
        "forget_not_yet",
        "erased",
        "emergency",
        "crisis",
        "also_crisis",
        "danger_grows",
        "after_emergency",
        "after_crisis",
        "withheld_emergency",
        "withheld_needs_help",
        "withheld_crisis",
        "settled_emergency",
        "settled_crisis",
        "needs_help",
        "consent",
        "danger_line",
        "consent_whatsapp",
        "consent_waiting",
        "consent_unclear",
        "consent_refused",
        "stopped",
        "cannot_listen",
        "cannot_see",
        "cannot_read",
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
        is_rule: it is read by Kalm and never said.
    """

    name: str
    text: str
    path: Path
    is_safety: bool = False
    is_rule: bool = False

    @property
    def hash(self) -> str:
        """Short hash of the text."""
        return text_hash(self.text)

    @property
    def line(self) -> int:
        """Line of the file where the text is named, from 1; 0 when it stands nowhere by name."""
        if self.name.startswith(("rules/", "wording/")):
            return 1
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
    return [
        *_sentences(),
        *_dangers(),
        *_during(),
        *_comforts(),
        *_conditions(),
        *responses(),
        *_product_names(),
        *_rules(),
    ]


def written_sentences() -> Sentences:
    """The sentences as an editor wrote them: a setting is no change of a text."""
    return load_sentences(SENTENCES, None)


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
        yield Said(f"danger/{sign.name}", sign.message, FOLDER / "danger.yml", is_safety=True)


def _during() -> Iterator[Said]:
    path = FOLDER / "during.yml"
    rules = during_danger()
    for remark in rules.remarks:
        yield Said(f"during/{remark.name}/nood", remark.emergency, path, is_safety=True)
        yield Said(f"during/{remark.name}/crisis", remark.crisis, path, is_safety=True)
    for name, again in (("nood", rules.again_emergency), ("crisis", rules.again_crisis)):
        for number, text in enumerate(again):
            yield Said(f"during/herhaling/{name}/{number}", text, path, is_safety=True)


def _comforts() -> Iterator[Said]:
    for comfort in comfort_rules().comforts:
        text = f"{comfort.word} {comfort.support}"
        yield Said(f"comfort/{comfort.name}", text, FOLDER / "comfort.yml", is_safety=True)


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


def _rules() -> Iterator[Said]:
    """What Kalm goes by. A change of a rule waits for a reader as a change of a text does."""
    for path in sorted(FOLDER.glob("*.yml")):
        raw = read_file(path.name)
        signs = raw.pop("gevaren", None) or {}
        raw["volgorde"] = list(signs)  # of the signs the first that fits counts
        for name, sign in signs.items():
            rule = {field: value for field, value in sign.items() if field not in _SIGN_TEXTS}
            yield _rule(f"danger/{name}/patronen", rule, path)
        yield _rule(f"rules/{path.stem}", raw, path)
    for path in sorted(EXAMPLES.glob("*.txt")):
        yield _rule(f"wording/{path.stem}", path.read_text(encoding="utf-8"), path)


def _rule(name: str, content: Any, path: Path) -> Said:
    text = json.dumps(content, ensure_ascii=False)
    return Said(name, text, path, is_safety=True, is_rule=True)


def _product_names() -> Iterator[Said]:
    for entry in yaml.safe_load(ENTITIES.read_text(encoding="utf-8"))["nlu"]:
        if entry.get("lookup") == "product":
            for line in entry["examples"].splitlines():
                name = line.strip().removeprefix("- ").strip()
                if name:
                    yield Said(f"products/{name}", name, ENTITIES)
