"""What Kalm says: the one exit for every word about health. A reply without disclaimer cannot be built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from kalm.articles import Passage
from kalm.articles.reviewing import SHOWN_AFTER, months_since
from kalm.safety.claims import claims_in
from kalm.sentences import sentences
from kalm.settings import settings

MOST_PASSAGES = 2
MOST_SUGGESTIONS = 4
_NUMBER = re.compile(r"\b(0800-0113|0800-2000|1712|112|113(?!\.nl)|1813|070 245 245|088 0767 000|106)\b")
_BETWEEN_DIGITS = re.compile(r"[ -]")
_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


class Kind(str, Enum):
    """What sort of reply this is; a channel draws each in its own way."""

    ANSWER = "answer"
    SOURCE = "source"
    CLARIFY = "clarify"
    NO_ANSWER = "no_answer"
    REFERRAL = "referral"
    EMERGENCY = "emergency"
    CRISIS = "crisis"
    HANDOFF = "handoff"
    OUT_OF_SCOPE = "out_of_scope"
    PRIVACY = "privacy"
    FAILURE = "failure"


class ClaimError(ValueError):
    """A reply would say what a shop may not say. The message names the kind, never the text."""


class Disclaimer(Enum):
    """The disclaimers there are: the long one opens a conversation, the short one follows.

    In danger the third takes their place: "vraag je huisarts" must not take "bel nu 112" back.
    """

    LONG = "disclaimer_long"
    SHORT = "disclaimer_short"
    DANGER = "disclaimer_danger"

    @property
    def text(self) -> str:
        """The words, from ``data/sentences.yml``."""
        return str(getattr(sentences(), self.value))


@dataclass(frozen=True)
class Suggestion:
    """A question the visitor may press.

    Attributes:
        title: what the button says.
        payload: the text that pressing it sends, a plain Dutch question that goes the normal way.
    """

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One reply, whole. Build it only where ``kalm.answering`` does.

    Attributes:
        kind: sort of reply.
        disclaimer: which of the two; any other text is refused.
        message: what Kalm says itself, before the passages.
        passages: best first, at most two; word for word from the articles.
        cites_only: the passages are named as a source, not shown again.
        sources: what the article itself rests on, as lines of text, when the visitor asks.
        caution: who asks a doctor first, or "".
        notice: that the shop sells what this is about, or "".
        choices: sentence that introduces the suggestions where the text needs them, or "".
        suggestions: what one may ask next.
        question: asks whether it helped, or "".

    Raises:
        TypeError: the disclaimer is not a :class:`Disclaimer`.
        ValueError: the parts do not fit the kind.
        ClaimError: a part makes a health claim that a shop may not make.
    """

    kind: Kind
    disclaimer: Disclaimer
    message: str = ""
    passages: tuple[Passage, ...] = ()
    cites_only: bool = False
    sources: tuple[str, ...] = ()
    caution: str = ""
    notice: str = ""
    choices: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    question: str = ""

    def __post_init__(self) -> None:
        """Refuse what must never be sent."""
        if not isinstance(self.disclaimer, Disclaimer):
            raise TypeError("a Reply needs a Disclaimer")
        if not self.disclaimer.text.strip():
            raise ValueError("the disclaimer is empty")
        if (self.kind is Kind.ANSWER) and not self.passages:
            raise ValueError("an answer needs a passage")
        if not self.message and not self.passages:
            raise ValueError("a reply must say something")
        if len(self.passages) > MOST_PASSAGES or len(self.suggestions) > MOST_SUGGESTIONS:
            raise ValueError("a reply holds at most two passages and four suggestions")
        if self.kind in (Kind.CRISIS, Kind.EMERGENCY) and (self.suggestions or self.passages):
            raise ValueError("an emergency or crisis carries no passages and no suggestions")
        for text in self._said():
            if claims_in(text):
                raise ClaimError(f"a {self.kind.value} would make a health claim")

    def _said(self) -> Iterator[str]:
        """What comes from articles; ``kalm check`` has read Kalm's own sentences."""
        yield from (suggestion.title for suggestion in self.suggestions)
        for passage in self.passages:
            yield from (passage.article, passage.section, passage.text)

    @property
    def text(self) -> str:
        """The whole in one plain text, without blank lines: some channels split there."""
        lines = [self.message]
        for passage in self.passages:
            if not self.cites_only:
                lines.append(passage.text)
            lines.extend((_source_line(passage), age(passage)))
        if self.sources:
            lines.append(sentences().source_rests_on)
            lines.extend(f"- {source}" for source in self.sources)
        lines.extend((self.caution, self.notice))
        if self.choices:
            lines.append(self.choices)
            lines.extend(
                f"{number}. {suggestion.title}" for number, suggestion in enumerate(self.suggestions, 1)
            )
        lines.append(self.disclaimer.text)
        lines.append(self.question)
        return _without_blank_lines("\n".join(lines))

    @property
    def payload(self) -> dict[str, Any]:
        """The same as data, JSON-ready; travels as the message's ``custom``."""
        return {
            "kind": self.kind.value,
            "message": self.message,
            "numbers": numbers(self.message),
            "passages": [
                {
                    "id": passage.id,
                    "hash": passage.hash,
                    "text": passage.text,
                    "article": passage.article,
                    "section": passage.section,
                    "url": link(passage),
                    "updated": passage.updated,
                    "evidence": passage.evidence.value,
                    "age": age(passage),
                }
                for passage in self.passages
            ],
            "cites_only": self.cites_only,
            "sources": list(self.sources),
            "caution": self.caution,
            "notice": self.notice,
            "disclaimer": self.disclaimer.text,
            "choices": self.choices,
            "suggestions": [
                {"title": suggestion.title, "payload": suggestion.payload} for suggestion in self.suggestions
            ],
            "question": self.question,
        }


def numbers(text: str) -> dict[str, str]:
    """The numbers of help that a text names, each with the address that calls it, in their order."""
    return {found: f"tel:{_BETWEEN_DIGITS.sub('', found)}" for found in _NUMBER.findall(text)}


def link(passage: Passage) -> str:
    """Where a visitor can read the passage: the public article, or Kalm's own page of it."""
    if passage.url.startswith("/"):
        return f"{settings().article_base}{passage.url}#{passage.id.partition('#')[2]}"
    return passage.url


def age(passage: Passage) -> str:
    """That nobody looked at the article for over two years, or ""."""
    months = months_since(date.fromisoformat(passage.reviewed), date.today()) if passage.reviewed else 0
    return sentences().old.format(years=months // 12) if months >= SHOWN_AFTER else ""


def dutch_date(iso: str) -> str:
    """ "2024-09-06" as "6 september 2024"."""
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _source_line(passage: Passage) -> str:
    return (
        f"Bron: ‘{passage.article}’, onder ‘{passage.section}’ "
        f"({passage.evidence.in_words}, {dutch_date(passage.updated)}): {link(passage)}"
    )


def _without_blank_lines(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip())
