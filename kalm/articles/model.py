"""What an article is: front matter, sections, sources."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

_REFERENCE = re.compile(r"\[([^\]]*)\]\([^)]*\)")


class Evidence(str, Enum):
    """What kind of knowledge a passage rests on, and how a visitor reads it."""

    EXPERIENCE = "ervaring"
    RESEARCH = "onderzoek"
    OFFICIAL = "officieel"
    GENERAL = "algemeen"

    @property
    def in_words(self) -> str:
        """The kind of evidence as the source line names it."""
        return {
            Evidence.EXPERIENCE: "ervaring van gebruikers",
            Evidence.RESEARCH: "onderzoek",
            Evidence.OFFICIAL: "officiële bron",
            Evidence.GENERAL: "algemene informatie",
        }[self]


@dataclass(frozen=True)
class Source:
    """Where facts come from: title with publisher and year, and a public address ("" in some drafts)."""

    title: str
    url: str


@dataclass(frozen=True)
class Section:
    """One ``##`` section of an article: the passage that the bot can show, word for word.

    Attributes:
        id: kebab-case, unique within the article.
        heading: as the visitor reads it.
        text: plain text; paragraphs are separated by one blank line, list items start with "- ".
        evidence: of this section, or of the whole article where the section says nothing.
        sources: at least one in a valid article.
        questions: questions this section answers, as people ask them; the first serves as button.
        conditions: names of conditions (``data/safety/conditions.yml``) under which one asks a doctor first;
            None where the section does not say.
        fits_referral: an editor found it safe beside "ask your huisarts or apotheker".
        button: short title of the first question (``knop:``), "" when an editor wrote none.
        draft: True for ``status: concept``: editors see it, visitors never.
        line: line number of the heading in the file, from 1.
    """

    id: str
    heading: str
    text: str
    evidence: Evidence
    sources: tuple[Source, ...]
    questions: tuple[str, ...]
    draft: bool
    line: int
    conditions: tuple[str, ...] | None = None
    fits_referral: bool = False
    button: str = ""


@dataclass(frozen=True)
class Article:
    """One Markdown file of ``data/articles``.

    Attributes:
        checked_by: who with medical knowledge read it, by name or office; "" when nobody did.
        checked_on: when.
    """

    title: str
    slug: str
    url: str
    published: date
    updated: date
    evidence: Evidence
    topics: tuple[str, ...]
    sections: tuple[Section, ...]
    path: Path
    checked_by: str = ""
    checked_on: date | None = None


@dataclass(frozen=True)
class Passage:
    """A section with what is needed to show and cite it.

    Attributes:
        id: ``slug#section``, for example ``restless-legs-en-magnesium#twee-soorten``.
        text: as in the section, references reduced to their words.
        article: the article's title.
        section: the section's heading.
        url: public https address, or a path of Kalm's own web app.
        updated: ISO date.
        evidence: the kind of evidence.
        topics: of the article.
        sources: what the section rests on.
        questions: that this passage answers.
        conditions: under which one asks a doctor first.
        fits_referral: may be shown beside a referral.
        reviewed: ISO date on which someone last changed or checked the article.
    """

    id: str
    text: str
    article: str
    section: str
    url: str
    updated: str
    evidence: Evidence
    topics: tuple[str, ...]
    sources: tuple[Source, ...]
    questions: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    fits_referral: bool = False
    reviewed: str = ""

    @property
    def slug(self) -> str:
        """The article's slug."""
        return self.id.partition("#")[0]

    @property
    def heading_and_text(self) -> str:
        """What a visitor reads of it, the heading on a line of its own."""
        return f"{self.section}\n{self.text}"

    @property
    def hash(self) -> str:
        """Short hash of the heading, the text and who must be careful, to see later whether they changed."""
        said = "\n".join((self.heading_and_text, *self.conditions, str(self.fits_referral)))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def passages(articles: list[Article]) -> list[Passage]:
    """The passages that visitors may see: every section that is no draft, in order."""
    return [
        Passage(
            id=f"{article.slug}#{section.id}",
            text=without_references(section.text),
            article=article.title,
            section=section.heading,
            url=article.url,
            updated=article.updated.isoformat(),
            evidence=section.evidence,
            topics=article.topics,
            sources=section.sources,
            questions=section.questions,
            conditions=section.conditions or (),
            fits_referral=section.fits_referral,
            reviewed=max(article.updated, article.checked_on or article.updated).isoformat(),
        )
        for article in articles
        for section in article.sections
        if not section.draft
    ]


def without_references(text: str) -> str:
    """The text of a passage as a visitor reads it: of ``[ijzer](#ferritine)`` the word alone."""
    return _REFERENCE.sub(r"\1", text)
