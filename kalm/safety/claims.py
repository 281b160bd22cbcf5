"""Health claims that a shop may not make, found by the rules of ``data/safety/claims.yml``.

The law: Regulation (EU) 1169/2011, article 7 (no food cures, treats or prevents an illness) and Regulation
(EC) 1924/2006, article 10 (no health claim but the authorised ones; for magnesium ten, in Regulation (EU)
432/2012, for what is taken in by mouth).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from kalm.safety.context import has
from kalm.safety.danger import danger_rules
from kalm.safety.files import SafetyError, faults_of, read_file, texts, yes_or_no
from kalm.safety.patterns import Pattern, Places, read_pattern, read_patterns
from kalm.safety.text import Text, read_text

_SENTENCE = re.compile(r"[^.?!\n]+(?:[.?!](?=\S)[^.?!\n]+)*[.?!]*", re.MULTILINE)
_NEAR = 16
"""Words within which a sentence takes back a claim."""

_WHOLE = 1000
"""Words: a claim may be spread over a whole sentence, however long."""


@dataclass(frozen=True)
class ClaimRule:
    """One kind of forbidden claim.

    Attributes:
        name: in the file.
        explanation: what is wrong and what to do, in Dutch, for an editor.
        allowed: an example of what may be said instead.
        patterns: any one of them makes the claim; the second part is the effect.
        most_words: texts with more words are no name or heading; 0 for any length.
        unless_neutral: sentences that only tell what something is or how it is used do not break it.
    """

    name: str
    explanation: str
    allowed: str
    patterns: tuple[Pattern, ...]
    most_words: int = 0
    unless_neutral: bool = False


@dataclass(frozen=True)
class Claim:
    """A claim that was found: the words it stands in, and the rule it breaks."""

    sentence: str
    rule: ClaimRule


def sentences_of(text: str) -> Iterator[str]:
    """The sentences of a text; an item of a list is one too."""
    for match in _SENTENCE.finditer(text):
        if sentence := match[0].strip():
            yield sentence


@dataclass(frozen=True)
class ClaimRules:
    """The content of the file."""

    rules: tuple[ClaimRule, ...]
    products: Pattern
    complaints: Pattern
    lifted_by: tuple[Pattern, ...]
    neutral: tuple[Pattern, ...]
    using: frozenset[str]
    attributed: tuple[Pattern, ...]
    reviewed: frozenset[str]
    contrast: frozenset[str]
    neutral_questions: frozenset[str]
    pointing: frozenset[str]
    affirming: frozenset[str]
    praising: tuple[Pattern, ...]
    sources: tuple[str, ...]

    def find(self, text: str) -> Iterator[Claim]:
        """Every claim in the text, at most one a sentence."""
        before = ""
        for sentence in sentences_of(text):
            rule = self._broken(sentence, text) or self._broken_together(before, sentence, text)
            if rule is not None and sentence not in self.reviewed:
                yield Claim(sentence, rule)
            before = sentence

    def _broken_together(self, before: str, sentence: str, text: str) -> ClaimRule | None:
        """A sentence that speaks of the product before it, or praises one for the complaint before it."""
        here, there = read_text(sentence), read_text(before)
        names_product = self.products.stands_in(here)
        points_back = any(word.form in self.pointing for word in here.words)
        if before.endswith("?") and here[0].form in self.affirming and self.products.stands_in(there):
            return self._broken(before.rstrip("?"), "")
        if before.endswith("?") and names_product and self.complaints.stands_in(there):
            return self._broken(f"{before.rstrip('?')}, {sentence}", text)
        if not names_product and points_back and self.products.stands_in(there) and not before.endswith("?"):
            if self._broken(before, text) is None:
                return self._broken(f"{before.rstrip('.!')}, {sentence}", text)
            # Told already; what counts now is what this sentence itself says of the product.
            rule = self._broken(f"magnesium, {sentence}", text)
            return None if rule is None or rule.unless_neutral else rule
        return None

    def _broken(self, sentence: str, text: str) -> ClaimRule | None:
        """The first rule that the sentence breaks.

        Args:
            sentence: to judge.
            text: in which it stands.
        """
        words = read_text(sentence)
        if not self.products.stands_in(words) or self.only_asks(sentence, words):
            return None
        if has(self.attributed, words) and self._lacks_proof(text):
            return None
        context = danger_rules().context
        denials = context.denials(words)
        lifting = [parts for pattern in self.lifted_by for parts in pattern.find(words, _NEAR)]
        is_neutral = words[0].form in self.using or has(self.neutral, words)
        for rule in self.rules:
            if (rule.most_words and len(words) > rule.most_words) or (rule.unless_neutral and is_neutral):
                continue
            for pattern in rule.patterns:
                for parts in pattern.find(words, _WHOLE):
                    effect = parts[1:2] or parts
                    if context.is_denied(denials, effect) and not self._has_contrast(words, effect[0][-1]):
                        continue
                    if not self._is_lifted(words, parts, lifting):
                        return rule
        return None

    def only_asks(self, sentence: str, words: Text) -> bool:
        """Whether the sentence is a question that recommends nothing."""
        return (
            sentence.endswith("?")
            and words[0].form in self.neutral_questions
            and not has(self.praising, words)
        )

    def _has_contrast(self, words: Text, place: int) -> bool:
        return any(word.form in self.contrast for word in words.words[place + 1 :])

    def _is_lifted(self, words: Text, parts: Sequence[Places], lifting: Sequence[Sequence[Places]]) -> bool:
        last = (parts[1] if len(parts) > 2 else max(parts, key=max))[-1]
        for lift in lifting:
            start, end = min(part[0] for part in lift), max(part[-1] for part in lift)
            between = words.words[start if end > last else end + 1 : last + 1]
            if start > last or not any(word.form in self.contrast for word in between):
                return True
        return False

    def _lacks_proof(self, text: str) -> bool:
        """Whether a text says anywhere of the product that proof is missing."""
        for sentence in sentences_of(text):
            words = read_text(sentence)
            about = self.products.stands_in(words) or any(word.form in self.pointing for word in words.words)
            if about and has(self.lifted_by, words):
                return True
        return False


@cache
def claim_rules() -> ClaimRules:
    """The rules of this process, read once.

    Raises:
        SafetyError: the file cannot be used.
    """
    raw = read_file("claims.yml")
    words = raw.get("woorden") or {}
    with faults_of("claims.yml"):
        return ClaimRules(
            rules=tuple(
                _read_rule(str(name), rule, words) for name, rule in (raw.get("regels") or {}).items()
            ),
            products=read_pattern("<product>", words),
            complaints=read_pattern("<klacht>|<gezondheid>", words),
            lifted_by=read_patterns(raw, "opgeheven_door", words),
            neutral=read_patterns(raw, "neutraal", words),
            using=frozenset(texts(raw, "gebruik")),
            attributed=read_patterns(raw, "toegeschreven", words),
            reviewed=_read_reviewed(raw.get("nagekeken") or ()),
            contrast=frozenset(texts(raw, "tegenstelling")),
            neutral_questions=frozenset(texts(raw, "neutrale_vraag")),
            pointing=frozenset(texts(raw, "verwijswoorden")),
            praising=read_patterns(raw, "prijzend", words),
            affirming=frozenset(texts(raw, "bevestigend")),
            sources=texts(raw, "bron"),
        )


def is_taken_back(sentence: str) -> bool:
    """Whether a sentence denies, doubts, tells what the law says, or only asks."""
    words = read_text(sentence)
    rules = claim_rules()
    return has(rules.lifted_by, words) or rules.only_asks(sentence, words)


@lru_cache(maxsize=4096)
def claims_in(text: str) -> tuple[Claim, ...]:
    """The forbidden claims in a text that Kalm would show."""
    return tuple(claim_rules().find(text))


def claim_message(place: str, claim: Claim) -> str:
    """What an editor reads about a claim: where, which rule, why, and what may be said instead.

    Args:
        place: where it stands, in Dutch: "de kop".
        claim: that was found.
    """
    return (
        f"zegt in {place} iets wat een winkel niet mag zeggen ({claim.rule.name}): ‘{claim.sentence}’. "
        f"{claim.rule.explanation} Wel mag: ‘{claim.rule.allowed}’ Is de zin toch geen "
        "bewering? Laat iemand met kennis van de regels haar nakijken en zet haar met "
        "zijn of haar naam onder 'nagekeken:' in data/safety/claims.yml."
    )


def _read_reviewed(raw: Sequence[Any]) -> frozenset[str]:
    """Sentences that a person found to be no claim.

    Raises:
        SafetyError: one does not say who found that.
    """
    for one in raw:
        if not isinstance(one, Mapping) or not one.get("zin") or not str(one.get("door") or "").strip():
            sentence = one.get("zin") if isinstance(one, Mapping) else one
            raise SafetyError(
                f"'nagekeken' zegt niet wie '{sentence}' nakeek; schrijf 'zin: ...' en daaronder "
                "'door: naam, datum'"
            )
    return frozenset(str(one["zin"]) for one in raw)


def _read_rule(name: str, raw: Mapping[str, Any], words: Mapping[str, Sequence[str]]) -> ClaimRule:
    return ClaimRule(
        name=name,
        explanation=" ".join(texts(raw, "uitleg")),
        allowed=" ".join(texts(raw, "mag")),
        patterns=read_patterns(raw, "patronen", words),
        most_words=int(raw.get("hooguit", 0)),
        unless_neutral=yes_or_no(raw, "tenzij_neutraal"),
    )
