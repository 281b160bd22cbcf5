"""The passages that may have been the right answer, to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kalm import logs
from kalm.articles import ArticleError, Passage, passages, read_articles
from kalm.settings import settings
from review import stored

_Stamps = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Choice:
    """Passages under one heading.

    Attributes:
        title: of the article, or what these have in common.
        options: id and heading of each.
    """

    title: str
    options: tuple[tuple[str, str], ...]


def all_passages() -> Sequence[Passage]:
    """The passages that visitors may see, read again when a file changed; none when one cannot be read."""
    stamps = tuple((path.name, path.stat().st_mtime_ns) for path in sorted(settings().articles.glob("*.md")))
    return _read(stamps)


@lru_cache(maxsize=1)
def _read(stamps: _Stamps) -> tuple[Passage, ...]:
    try:
        return tuple(passages(read_articles(settings().articles)))
    except ArticleError as error:  # whoever edits the article hears what is wrong with it
        logs.failure("the articles cannot be read for the review screens", error)
        return ()


def choices(shown: Sequence[str], suggested: Sequence[str], chosen: str = "") -> list[Choice]:
    """All passages by article, those that were shown and suggested before them.

    Args:
        shown: ids of passages in the reply.
        suggested: questions that the reply offered.
        chosen: what was chosen earlier; it stays in the list when it is no passage any more.
    """
    by_id = {passage.id: passage for passage in all_passages()}
    found: list[Choice] = []
    if chosen and chosen not in by_id and chosen != "none":
        found.append(Choice("Staat er niet meer", ((chosen, chosen),)))
    offered = [
        passage.id for question in suggested for passage in by_id.values() if question in passage.questions
    ]
    for title, ids in (("Dit gaf Kalm als antwoord", shown), ("Dit stelde Kalm voor", offered)):
        options = [(id_, _full(by_id[id_])) for id_ in dict.fromkeys(ids) if id_ in by_id]
        if options:
            found.append(Choice(title, tuple(options)))
    by_article: dict[str, list[tuple[str, str]]] = {}
    for passage in by_id.values():
        by_article.setdefault(passage.article, []).append((passage.id, passage.section))
    return found + [Choice(title, tuple(options)) for title, options in by_article.items()]


def titles() -> dict[str, str]:
    """Each passage in words, by its id."""
    return {passage.id: _full(passage) for passage in all_passages()}


def questions_offered(reply: Sequence[Mapping[str, Any]]) -> list[str]:
    """The questions that a reply offered, as far as it can be read."""
    return [str(one.get("payload", "")) for one in stored.listed(reply, "suggestions")]


def shown_in(reply: Sequence[Mapping[str, Any]]) -> list[str]:
    """The ids of the passages in a reply, as far as it can be read."""
    return [str(one.get("id", "")) for one in stored.listed(reply, "passages")]


def _full(passage: Passage) -> str:
    return f"{passage.article}: {passage.section}"
