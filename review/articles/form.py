"""The form of the section editor: from what was sent to fields."""

from __future__ import annotations

import re

from kalm.articles import Evidence, Source
from kalm.safety.conditions import condition_rules
from review.articles.fields import ArticleHead, SectionFields
from review.requests import ReviewRequest

SPARE_SOURCES = 2
"""Empty lines for one more source that the form always shows."""

NOT_SAID, NOBODY, SOME = "onbekend", "niemand", "wie"
"""The choices of who asks a doctor first."""

_BLANK_LINES = re.compile(r"\n{3,}")
_LEADING_DASH = re.compile(r"^[-*•]\s+")


def read_form(asked: ReviewRequest, id_: str = "", is_new_article: bool = False) -> SectionFields:
    """What the editor filled in.

    Args:
        asked: the request with the form.
        id_: of the section that it changes, "" for a new one.
        is_new_article: the form also has the fields of a whole article.
    """
    return SectionFields(
        heading=_line(asked.value("heading")),
        id=id_,
        text=_paragraphs(asked.value("text")),
        evidence=_evidence(asked.value("evidence")),
        conditions=_conditions(asked),
        fits_referral=asked.value("fits_referral") == "ja",
        sources=_sources(asked),
        button=_line(asked.value("button")),
        questions=_questions(asked.value("questions")),
        is_draft=asked.value("is_draft") == "ja",
        head=_head(asked) if is_new_article else None,
    )


def _head(asked: ReviewRequest) -> ArticleHead:
    topics = re.split(r"[,;\n]", asked.value("topics"))
    plain = (re.sub(r"[^\w &-]", "", topic).strip().lower() for topic in topics)
    return ArticleHead(
        title=_line(asked.value("title")),
        topics=tuple(dict.fromkeys(topic for topic in plain if topic)),
        evidence=_evidence(asked.value("article_evidence")) or Evidence.GENERAL.value,
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(text: str) -> str:
    # What a file cannot hold as a line of its own is white space here.
    lines = [_line(line) for line in text.splitlines()]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _questions(text: str) -> tuple[str, ...]:
    lines = (_LEADING_DASH.sub("", _line(line)) for line in text.splitlines())
    return tuple(line for line in lines if line)


def _sources(asked: ReviewRequest) -> tuple[Source, ...]:
    titles, addresses = asked.values("source_title"), asked.values("source_url")
    pairs = zip(titles, addresses, strict=False)
    sources = (Source(_line(title).rstrip(" ,"), "".join(address.split())) for title, address in pairs)
    return tuple(source for source in sources if source.title or source.url)


def _evidence(value: str) -> str:
    return value if value in [kind.value for kind in Evidence] else ""


def _conditions(asked: ReviewRequest) -> tuple[str, ...] | None:
    choice = asked.value("caution")
    chosen = set(asked.values("conditions"))
    named = tuple(name for name in condition_rules().conditions if name in chosen)
    if choice == SOME or (named and choice == NOT_SAID):
        return named or None
    return () if choice == NOBODY else None
