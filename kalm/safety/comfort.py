"""What is heavy and no danger, such as a loss, and the kind word to it: ``data/safety/comfort.yml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kalm.safety.context import has, sentence_around
from kalm.safety.danger import danger_rules
from kalm.safety.files import faults_of, read_file, texts, yes_or_no
from kalm.safety.patterns import Pattern, read_patterns
from kalm.safety.text import read_message
from kalm.text_cache import text_cache


@dataclass(frozen=True)
class Comfort:
    """Something heavy, and what Kalm says to it.

    Attributes:
        name: in the file.
        meaning: what it is, in Dutch, for whoever reviews the texts.
        word: stands before an answer.
        support: follows the word where there is nothing to answer.
        patterns: any one of them tells it.
        suggests: subjects of the articles are offered beside the support.
    """

    name: str
    meaning: str
    word: str
    support: str
    patterns: tuple[Pattern, ...]
    suggests: bool = False


@dataclass(frozen=True)
class ComfortRules:
    """The content of the file."""

    comforts: tuple[Comfort, ...]
    long_ago: tuple[Pattern, ...]
    sources: tuple[str, ...]


@cache
def comfort_rules() -> ComfortRules:
    """The rules of this process, read once.

    Raises:
        SafetyError: the file cannot be used.
    """
    raw = read_file("comfort.yml")
    words = raw.get("woorden") or {}
    with faults_of("comfort.yml"):
        comforts = tuple(
            Comfort(
                name=str(name),
                meaning=" ".join(texts(one, "betekent")),
                word=" ".join(texts(one, "zeg")),
                support=" ".join(texts(one, "steun")),
                patterns=read_patterns(one, "patronen", words),
                suggests=yes_or_no(one, "suggesties"),
            )
            for name, one in (raw.get("troost") or {}).items()
        )
        return ComfortRules(comforts, read_patterns(raw, "lang_geleden", words), texts(raw, "bron"))


@text_cache(64)
def comfort_for(message: str) -> Comfort | None:
    """The kind word that a visitor's message asks for, or None."""
    rules = comfort_rules()
    context = danger_rules().context
    text = read_message(message)
    for comfort in rules.comforts:
        for pattern in comfort.patterns:
            for parts in pattern.find(text):
                is_past = has(rules.long_ago, sentence_around(text, parts))
                if not is_past and not context.is_denied(text, parts) and not context.is_general(text, parts):
                    return comfort
    return None
