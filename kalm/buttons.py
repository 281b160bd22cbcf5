"""The short titles of the questions that Kalm suggests, for channels whose buttons hold little."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kalm import logs
from kalm.articles import ArticleError, read_article
from kalm.articles.short_titles import short_title
from kalm.limits import LONGEST_BUTTON
from kalm.safety import SafetyError
from kalm.settings import settings


def button_for(question: str) -> str:
    """The short title of a question that Kalm suggests, as an editor wrote it under ``knop:``.

    A question of which no article gives a title is its own title where it is short enough ("Wis dit
    gesprek"). Two titles are never alike within the articles that ``kalm check`` approves.

    Args:
        question: as suggested.

    Returns:
        At most 20 characters; "" when there is no title: the question then has to be shown as text.
    """
    own = question if len(question) <= LONGEST_BUTTON else ""
    return _titles(settings().articles).get(question, own)


def read_buttons() -> int:
    """Read the articles now rather than at the first suggestion; they are read once, as everywhere in Kalm.

    Returns:
        How many questions have a short title.
    """
    return len(_titles(settings().articles))


@cache
def _titles(folder: Path) -> Mapping[str, str]:
    """Short titles by first question, of the sections that visitors may see.

    An article that cannot be read gives none: a message without buttons is better than no message.
    """
    titles: dict[str, str] = {}
    for path in sorted(folder.glob("*.md")):
        try:
            article = read_article(path)
        except (ArticleError, SafetyError, OSError) as error:
            logs.failure("an article cannot be read, so it gives no buttons; 'kalm check' says why", error)
            continue
        for section in article.sections:
            if (title := short_title(section)) and not section.draft:
                titles.update(dict.fromkeys(section.questions[:1], title))
    return titles
