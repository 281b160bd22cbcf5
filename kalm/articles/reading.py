"""Read article files: front matter and ``##`` sections with their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import frontmatter
import yaml

from kalm.articles.model import Article, Evidence, Section, Source
from kalm.settings import ROOT

FRONT_MATTER = ("title", "slug", "url", "published", "updated", "evidence", "topics")
SECTION_FIELDS = ("bewijs", "status", "bron", "vragen")
_HEADING = re.compile(r"^## (?P<heading>.+?)\s*(?:\{#(?P<id>[^}]*)\})?\s*$")
_FIELD = re.compile(rf"^(?P<name>{'|'.join(SECTION_FIELDS)}):\s*(?P<value>.*)$")
_SOURCE = re.compile(r"^(?P<title>.*?)\s*(?P<url>https?://\S+)?$")


@dataclass(frozen=True)
class Fault:
    """Something an editor must mend: where it stands, what is wrong and what to do, in Dutch."""

    path: Path
    message: str
    section: str = ""
    line: int = 0
    blocking: bool = True
    """False where only editors see the text (``status: concept``): nothing has to wait for it."""

    def __str__(self) -> str:
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        place = f'sectie "{self.section}" ' if self.section else ""
        line = f":{self.line}" if self.line else ""
        return f"{path}{line}: {place}{self.message}"


class ArticleError(Exception):
    """An article file cannot be read; holds every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass
class _Draft:
    """A section while its lines are read."""

    heading: str
    id: str
    line: int
    text: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


def read_article(path: Path) -> Article:
    """Read one article.

    Raises:
        ArticleError: the file is no UTF-8, its front matter is incomplete, or a section has a field
            that is not known. Whether the content is good enough is for ``kalm.articles.checking``.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
        post = frontmatter.loads(content)
    except UnicodeDecodeError as error:
        raise ArticleError([Fault(path, "is geen UTF-8-tekst; sla het bestand op als UTF-8")]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise ArticleError(
            [Fault(path, f"heeft een kop (tussen de streepjes) die niet te lezen is: {_short(error)}")]
        ) from error
    faults: list[Fault] = []
    meta = _front_matter(path, post.metadata, faults)
    offset = len(content.rstrip().splitlines()) - len(post.content.splitlines())
    drafts = _split(path, post.content, offset, faults)
    if faults:
        raise ArticleError(faults)
    sections = tuple(_section(path, draft, meta["evidence"], faults) for draft in drafts)
    if faults:
        raise ArticleError(faults)
    return Article(sections=sections, path=path, **meta)


def read_articles(folder: Path) -> list[Article]:
    """Read every ``*.md`` of a folder, in order of file name.

    Raises:
        ArticleError: with the faults of all files together, or when the folder holds no article.
    """
    articles: list[Article] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.md")):
        try:
            articles.append(read_article(path))
        except ArticleError as error:
            faults.extend(error.faults)
    if not articles and not faults:
        faults.append(Fault(folder, "bevat geen artikelen; zet er een .md-bestand in"))
    if faults:
        raise ArticleError(faults)
    return articles


def _front_matter(path: Path, raw: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    for name in FRONT_MATTER:
        if raw.get(name) in (None, "", []):
            faults.append(Fault(path, f"mist '{name}:' in de kop; vul het aan"))
    for name in raw:
        if name not in FRONT_MATTER:
            faults.append(Fault(path, f"heeft '{name}:' in de kop, dat kent Kalm niet; haal het weg"))
    meta: dict[str, Any] = {name: str(raw.get(name, "")).strip() for name in ("title", "slug", "url")}
    for name in ("published", "updated"):
        meta[name] = _date(path, name, raw.get(name), faults)
    meta["evidence"] = _evidence(path, str(raw.get("evidence", "")), faults)
    topics = raw.get("topics")
    if topics is not None and not isinstance(topics, list):
        faults.append(Fault(path, "heeft bij 'topics:' geen lijst; schrijf bijvoorbeeld [rls, ijzer]"))
        topics = []
    meta["topics"] = tuple(str(topic) for topic in topics or [])
    return meta


def _split(path: Path, content: str, offset: int, faults: list[Fault]) -> list[_Draft]:
    drafts: list[_Draft] = []
    for number, line in enumerate(content.splitlines(), start=offset + 1):
        heading = _HEADING.match(line)
        if heading:
            drafts.append(_Draft(heading["heading"], heading["id"] or "", number))
        elif drafts:
            _add_line(path, drafts[-1], line, number, faults)
        elif line.strip():
            faults.append(
                Fault(path, "heeft tekst boven de eerste '## '-kop; zet er een kop boven", line=number)
            )
    return drafts


def _add_line(path: Path, draft: _Draft, line: str, number: int, faults: list[Fault]) -> None:
    found = _FIELD.match(line)
    if found:
        draft.fields.append((found["name"], found["value"].strip()))
    elif not draft.fields:
        draft.text.append(line.rstrip())
    elif line.strip().startswith("- ") and draft.fields[-1][0] == "vragen":
        draft.questions.append(line.strip()[2:].strip())
    elif line.strip():
        faults.append(
            Fault(
                path,
                f"heeft na de velden een regel die geen veld is ('{line.strip()[:40]}'); tekst hoort boven "
                "de velden, en een veld is bewijs:, status:, bron: of vragen:",
                draft.heading,
                number,
            )
        )


def _section(path: Path, draft: _Draft, evidence: Evidence, faults: list[Fault]) -> Section:
    def fault(message: str) -> None:
        faults.append(Fault(path, message, draft.heading, draft.line))

    sources: list[Source] = []
    is_draft = False
    for name, value in draft.fields:
        if name == "bron":
            source = _SOURCE.match(value)
            assert source is not None  # both groups may be empty
            sources.append(Source(source["title"].rstrip(" ,"), source["url"] or ""))
        elif name == "bewijs":
            evidence = _evidence(path, value, faults, draft.heading, draft.line)
        elif name == "status":
            is_draft = value == "concept"
            if not is_draft:
                fault(f"heeft status '{value}'; alleen 'concept' bestaat, haal de regel anders weg")
    return Section(
        id=draft.id,
        heading=draft.heading,
        text="\n".join(draft.text).strip(),
        evidence=evidence,
        sources=tuple(sources),
        questions=tuple(draft.questions),
        draft=is_draft,
        line=draft.line,
    )


def _evidence(path: Path, value: str, faults: list[Fault], section: str = "", line: int = 0) -> Evidence:
    try:
        return Evidence(value.strip())
    except ValueError:
        allowed = ", ".join(kind.value for kind in Evidence)
        faults.append(Fault(path, f"heeft als soort bewijs '{value}'; kies uit {allowed}", section, line))
        return Evidence.GENERAL


def _date(path: Path, name: str, value: Any, faults: list[Fault]) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if value is not None:
        faults.append(Fault(path, f"heeft bij '{name}:' geen datum; schrijf bijvoorbeeld 2026-11-22"))
    return date.min


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
