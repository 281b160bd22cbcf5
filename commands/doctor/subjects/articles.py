"""The articles and what Kalm says itself: ``kalm check``."""

from __future__ import annotations

from collections.abc import Iterator

from commands.check import what_blocks
from commands.doctor.finding import Finding, fault, good
from commands.doctor.look import Look
from kalm.articles import passages, read_articles

_SHOWN = 5


def look(looked: Look) -> Iterator[Finding]:
    """What blocks publishing; the words of an editor are left to ``kalm check``."""
    articles = read_articles(looked.settings.articles)
    blocking = what_blocks(articles)
    for one in blocking[:_SHOWN]:
        where = f"{one.path}:{one.line}" if one.line else str(one.path)
        yield fault(where, "an article or sentence has a fault", "'python -m kalm check' says which")
    if len(blocking) > _SHOWN:
        yield fault("", f"{len(blocking) - _SHOWN} more faults in articles", "run 'python -m kalm check'")
    if not blocking:
        yield good(f"{len(articles)} articles with {len(passages(articles))} passages, without a fault")
