"""What the screens call things: nothing is left without a Dutch name."""

from __future__ import annotations

import yaml

from kalm.reply import Kind
from kalm.settings import ROOT
from review import words


def test_each_intent_has_a_name() -> None:
    known = set()
    for path in (ROOT / "domain").glob("*.yml"):
        for intent in yaml.safe_load(path.read_text(encoding="utf-8")).get("intents") or []:
            known |= {intent} if isinstance(intent, str) else set(intent)
    assert known
    assert set(words.INTENTS) - {"", "nlu_fallback"} == known


def test_each_kind_of_reply_has_a_name() -> None:
    assert {kind.value for kind in Kind} <= set(words.KINDS)


def test_each_file_of_example_sentences_has_a_name() -> None:
    assert set(words.THEMES) == {path.stem for path in (ROOT / "data" / "nlu").glob("*.yml")}
