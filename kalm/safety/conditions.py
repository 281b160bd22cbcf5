"""When one asks a doctor first, and what of that a visitor told: ``data/safety/conditions.yml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kalm.safety.context import Context, has, sentence_around
from kalm.safety.danger import danger_rules
from kalm.safety.files import SafetyError, faults_of, read_file, texts
from kalm.safety.patterns import Pattern, read_patterns
from kalm.safety.text import Text, read_message
from kalm.text_cache import text_cache


@dataclass(frozen=True)
class Condition:
    """One condition.

    Attributes:
        name: as editors write it behind ``let_op:``.
        when: completes "Vraag eerst je huisarts of apotheker als ...".
        told: completes "Je noemde ...".
        also: name of the condition that it counts as too, or "".
        sources: what the caution rests on.
        patterns: any one of them tells it.
        over: any one of them tells that it is over ("ben bevallen").
    """

    name: str
    when: str
    told: str
    also: str
    sources: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    over: tuple[Pattern, ...] = ()


@dataclass(frozen=True)
class ConditionRules:
    """The content of the file."""

    conditions: Mapping[str, Condition]
    about: frozenset[str]
    not_about: tuple[Pattern, ...]
    doubting: frozenset[str]

    def find(self, text: Text, context: Context) -> tuple[str, ...]:
        """Names of the conditions that the text tells of the visitor or of someone near."""
        forms = {word.form for word in text.words}
        if not forms & self.about:
            return ()
        text = context.literal(text)
        denials = context.denials(text)
        return tuple(
            name
            for name, condition in self.conditions.items()
            if any(self._tells(pattern, text, denials, context) for pattern in condition.patterns)
        )

    def find_over(self, text: Text, context: Context) -> tuple[str, ...]:
        """Names of the conditions that the visitor plainly takes back.

        A dropped pregnancy is worse than a referral too many: a question, a doubt, another person, or
        anything long ago takes nothing back.
        """
        forms = {word.form for word in text.words}
        if not forms or "?" in forms or text[0].form in context.asking or forms & self.doubting:
            return ()
        return tuple(
            name
            for name, condition in self.conditions.items()
            if any(self._is_over(pattern, text, context) for pattern in condition.over)
        )

    def _is_over(self, pattern: Pattern, text: Text, context: Context) -> bool:
        denials = context.denials(text)
        return any(
            not context.is_denied(denials, parts)
            and not context.is_long_ago(text, parts)
            and not has(self.not_about, sentence_around(text, parts))
            for parts in pattern.find(text)
        )

    def _tells(self, pattern: Pattern, text: Text, denials: Text, context: Context) -> bool:
        return any(
            not context.is_denied(denials, parts)
            and not context.is_long_ago(text, parts, chronic=False)
            and not has(self.not_about, sentence_around(text, parts))
            for parts in pattern.find(text)
        )


@cache
def condition_rules() -> ConditionRules:
    """The conditions of this process, read once.

    Raises:
        SafetyError: the file cannot be used.
    """
    raw = read_file("conditions.yml")
    words = raw.get("woorden") or {}
    with faults_of("conditions.yml"):
        conditions = {
            str(name): _read(str(name), one, words) for name, one in (raw.get("omstandigheden") or {}).items()
        }
        for condition in conditions.values():
            if condition.also and condition.also not in conditions:
                raise SafetyError(f"'{condition.name}' noemt bij 'ook' een onbekende naam")
        return ConditionRules(
            conditions,
            frozenset(texts(raw, "over_wie")),
            read_patterns(raw, "niet_over", words),
            frozenset(texts(raw, "twijfel")),
        )


@text_cache(64)
def conditions_in(message: str) -> tuple[str, ...]:
    """Names of the conditions that a visitor's message tells, those they count as included."""
    rules = condition_rules()
    found = rules.find(read_message(message), danger_rules().context)
    also = (rules.conditions[name].also for name in found)
    return tuple(dict.fromkeys([*found, *(name for name in also if name)]))


@text_cache(64)
def conditions_over(message: str) -> tuple[str, ...]:
    """Names of the conditions that a visitor's message takes back: "ik ben niet zwanger", "de kuur is af"."""
    return condition_rules().find_over(read_message(message), danger_rules().context)


def in_words(names: Iterable[str], field: str) -> str:
    """Conditions as part of a sentence: "a, b of c".

    Args:
        names: of conditions, in their order.
        field: "when" or "told"; told conditions are joined by "en".
    """
    rules = condition_rules()
    parts = [str(getattr(rules.conditions[name], field)) for name in names if name in rules.conditions]
    joint = " of " if field == "when" else " en "
    return joint.join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _read(name: str, raw: Mapping[str, Any], words: Mapping[str, Any]) -> Condition:
    return Condition(
        name=name,
        when=" ".join(texts(raw, "als")),
        told=" ".join(texts(raw, "noemt")),
        also=str(raw.get("ook") or ""),
        sources=texts(raw, "bron"),
        patterns=read_patterns(raw, "patronen", words),
        over=read_patterns(raw, "voorbij", words) if "voorbij" in raw else (),
    )
