"""What an editor fills in for a section of an article, as it is kept in ``article_drafts.fields``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from kalm.articles import Evidence, Section, Source
from kalm.articles.drafting import make_slug

RESERVED = "nieuw"
"""No id of a section: that address is the form of a new one."""

LONGEST_ID = 60
"""Characters of an id: ``make_slug`` makes none longer, and a number may follow."""


@dataclass(frozen=True)
class ArticleHead:
    """What an editor fills in for a whole new article.

    Attributes:
        title: as visitors read it.
        topics: what it is about, small words.
        evidence: the kind of evidence of its sections, where a section says nothing.
    """

    title: str = ""
    topics: tuple[str, ...] = ()
    evidence: str = Evidence.GENERAL.value

    @property
    def slug(self) -> str:
        """Name of the article in addresses; "" without a title."""
        return make_slug(self.title) if self.title.strip() else ""


@dataclass(frozen=True)
class SectionFields:
    """One section as an editor fills it in; anything may still be missing.

    Attributes:
        heading: as visitors read it.
        id: of the section in its article; "" for a new one, which gets one from its heading.
        text: paragraphs with one blank line between them, items of a list with "- " before them.
        evidence: the kind of evidence, "" for that of the article.
        conditions: who asks a doctor first: names of ``data/safety/conditions.yml``, none for nobody; None
            where the section does not say.
        fits_referral: may stand beside a referral to huisarts or apotheker.
        sources: title and address.
        button: short title of the first question, or "".
        questions: as visitors ask them; the first is the button.
        is_draft: visitors do not see it yet (``status: concept``).
        head: of a whole new article, None in one that is there.
    """

    heading: str = ""
    id: str = ""
    text: str = ""
    evidence: str = ""
    conditions: tuple[str, ...] | None = None
    fits_referral: bool = False
    sources: tuple[Source, ...] = ()
    button: str = ""
    questions: tuple[str, ...] = ()
    is_draft: bool = False
    head: ArticleHead | None = None

    def with_id(self, taken: Sequence[str]) -> SectionFields:
        """The same with an id of its own.

        Args:
            taken: ids of the other sections of the article.
        """
        if self.id:
            return self
        first = made = make_slug(self.heading)[: LONGEST_ID - 4].rstrip("-")
        number = 2
        while made in (*taken, RESERVED):
            made, number = f"{first}-{number}", number + 1
        return replace(self, id=made)

    @property
    def data(self) -> dict[str, Any]:
        """For the column of the database."""
        return asdict(self)


def fields_of(section: Section, article_evidence: Evidence, names_evidence: bool = False) -> SectionFields:
    """The fields of a section that is there.

    Args:
        section: as read.
        article_evidence: of its article.
        names_evidence: the section has a line ``bewijs:`` of its own, also where it says the same.
    """
    own = names_evidence or section.evidence is not article_evidence
    return SectionFields(
        heading=section.heading,
        id=section.id,
        text=section.text,
        evidence=section.evidence.value if own else "",
        conditions=section.conditions,
        fits_referral=section.fits_referral,
        sources=section.sources,
        button=section.button,
        questions=section.questions,
        is_draft=section.draft,
    )


def read_fields(data: Any) -> SectionFields:
    """The fields as they were kept; what cannot be read is left empty."""
    if not isinstance(data, Mapping):
        return SectionFields()
    head = data.get("head")
    conditions = data.get("conditions")
    return SectionFields(
        **{name: _text(data.get(name)) for name in ("heading", "id", "text", "evidence", "button")},
        conditions=None if conditions is None else _texts(conditions),
        fits_referral=data.get("fits_referral") is True,
        sources=tuple(
            Source(_text(one.get("title")), _text(one.get("url")))
            for one in _list(data.get("sources"))
            if isinstance(one, Mapping)
        ),
        questions=_texts(data.get("questions")),
        is_draft=data.get("is_draft") is True,
        head=_head(head) if isinstance(head, Mapping) else None,
    )


def _head(data: Mapping[str, Any]) -> ArticleHead:
    return ArticleHead(
        title=_text(data.get("title")),
        topics=_texts(data.get("topics")),
        evidence=_text(data.get("evidence")) or Evidence.GENERAL.value,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(one for one in _list(value) if isinstance(one, str))
