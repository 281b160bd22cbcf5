"""The short title of a section's first question: what stands on its button where a button holds little."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from kalm.articles.faults import Fault
from kalm.articles.model import Article, Section
from kalm.limits import LONGEST_BUTTON

_MARKUP = re.compile(r"[*_~`]")


def short_title(section: Section) -> str:
    """What stands on the button: the ``knop:`` of a section, else its first question.

    Returns:
        At most ``LONGEST_BUTTON`` characters; "" when neither is that short.
    """
    titles = (section.button, *section.questions[:1])
    return next((title for title in titles if title and len(title) <= LONGEST_BUTTON), "")


def check_button(section: Section) -> Iterator[str]:
    """What is wrong with the ``knop:`` of a section and what to do, in Dutch; a section may have none."""
    if len(section.button) > LONGEST_BUTTON:
        yield (
            f"heeft een knop van {len(section.button)} tekens ('{section.button}'); op een knop van WhatsApp "
            f"passen er {LONGEST_BUTTON}, zeg het korter zonder een woord af te breken"
        )
    if mark := _MARKUP.search(section.button):
        yield f"heeft een opmaakteken in de knop ('{mark[0]}' in '{section.button}'); haal het weg"


def same_buttons(articles: Iterable[Article]) -> Iterator[Fault]:
    """Titles that two sections share: on WhatsApp such buttons could stand in one message."""
    titled: dict[str, list[tuple[Article, Section]]] = defaultdict(list)
    for article in articles:
        for section in article.sections:
            if title := _fold(short_title(section)):
                titled[title].append((article, section))
    for places in titled.values():
        if len(places) > 1 and any(section.button for _, section in places):  # else the questions are alike
            article, section = places[-1]
            first = f'{places[0][0].path.name}, sectie "{places[0][1].heading}"'
            yield Fault(
                article.path,
                f"heeft op de knop '{short_title(section)}', net als {first}; knoppen in één bericht "
                "verschillen, schrijf bij een van beide een andere 'knop:'",
                section.heading,
                section.line,
                draft=sum(not place.draft for _, place in places) <= 1,
            )


def _fold(title: str) -> str:
    """Without what a visitor does not see as a difference: capitals and punctuation."""
    return " ".join(re.sub(r"[^\w ]", "", title.casefold()).split())
