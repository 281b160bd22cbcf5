"""Read article files: the head, and the ``##`` sections with their fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from kalm.articles.faults import ArticleError, Fault
from kalm.articles.fields import SECTION_FIELDS, mistyped_field
from kalm.articles.head import Head, evidence_of, front_matter, read_head
from kalm.articles.model import Article, Evidence, Section, Source
from kalm.safety.conditions import condition_rules

_HEADING = re.compile(r"^## (?P<heading>.+?)\s*(?:\{#(?P<id>[^}]*)\})?\s*$")
_LIKE_HEADING = re.compile(r"^\s*#{1,6}\s*(?P<heading>[^#\s].*?)\s*\{#[^}]*\}?\s*$")
_FIELD = re.compile(rf"^(?P<name>{'|'.join(SECTION_FIELDS)}):\s*(?P<value>.*)$")
_SOURCE = re.compile(r"^(?P<title>.*?)\s*(?P<url>https?://\S+)?$")
_SHOWN = 40
_NONE = "geen"


@dataclass
class _Draft:
    """A section while its lines are read."""

    heading: str
    id: str
    line: int
    text: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    astray: bool = False
    """Whether the line before did not belong there: those that follow it are the same fault."""


def read_article(path: Path) -> Article:
    """Read one article.

    Raises:
        ArticleError: the file is no UTF-8, its head is missing or incomplete, or a section has a field
            that is not known. Whether the content is good enough is for ``kalm.articles.checking``.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError([Fault(path, "is geen UTF-8-tekst; sla het bestand op als UTF-8")]) from error
    head = read_head(path, content)
    faults: list[Fault] = []
    meta = front_matter(path, head, faults)
    drafts = _split(path, head, faults)
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


def _split(path: Path, head: Head, faults: list[Fault]) -> list[_Draft]:
    drafts: list[_Draft] = []
    loose = False
    for number, line in enumerate(head.body, start=head.above + 1):
        heading = _HEADING.match(line)
        like = None if heading else _LIKE_HEADING.match(line)
        if heading:
            drafts.append(_Draft(heading["heading"], heading["id"] or "", number))
        elif like:
            faults.append(
                Fault(
                    path,
                    f"heeft een kop die Kalm niet herkent ('{line.strip()[:_SHOWN]}'); begin de regel met "
                    "twee hekjes en een spatie, en sluit het id met een accolade: '## Kop {#id}'",
                    line=number,
                )
            )
            drafts.append(_Draft(like["heading"], "", number))
        elif drafts:
            _add_line(path, drafts[-1], line, number, faults)
        elif line.strip() and not loose:
            loose = True
            faults.append(
                Fault(path, "heeft tekst boven de eerste '## '-kop; zet er een kop boven", line=number)
            )
    return drafts


def _add_line(path: Path, draft: _Draft, line: str, number: int, faults: list[Fault]) -> None:
    found = _FIELD.match(line)
    mistyped = None if found else mistyped_field(line, in_text=not draft.fields)
    if found:
        _add_field(path, draft, found["name"], found["value"].strip(), number, faults)
    elif mistyped:
        name, meant, value = mistyped
        message = f"heeft '{name}:', dat kent Kalm niet zo; bedoel je '{meant}:'? Typ het precies zo, vooraan"
        faults.append(Fault(path, message, draft.heading, number))
        draft.fields.append((meant, value))
        draft.astray = False
    elif not draft.fields:
        draft.text.append(line.rstrip())
    elif line.strip().startswith("- ") and draft.fields[-1][0] == "vragen":
        draft.questions.append(line.strip()[2:].strip())
        draft.astray = False
    elif line.strip() and not draft.astray:
        draft.astray = True
        faults.append(Fault(path, _stray(line.strip(), draft.fields[-1][0]), draft.heading, number))


def _add_field(path: Path, draft: _Draft, name: str, value: str, number: int, faults: list[Fault]) -> None:
    message = ""
    if name == "vragen" and value:
        message = (
            f"heeft tekst achter 'vragen:' ('{value[:_SHOWN]}'); zet elke vraag op een eigen regel met '- '"
        )
    elif name == "knop" and not value:
        message = "heeft niets achter 'knop:'; schrijf er een korte titel achter of haal de regel weg"
    elif name == "knop" and any(above == "knop" for above, _ in draft.fields):
        message = f"heeft nog een 'knop:' ('{value[:_SHOWN]}'); een sectie heeft er één, haal een regel weg"
    if message:
        faults.append(Fault(path, message, draft.heading, number))
    draft.fields.append((name, value))
    draft.astray = False


def _stray(line: str, field_above: str) -> str:
    if field_above == "vragen":
        return (
            f"heeft onder 'vragen:' een regel die geen vraag is ('{line[:_SHOWN]}'); zet voor een vraag "
            "'- ', en zet gewone tekst boven de velden"
        )
    fields = ", ".join(f"{name}:" for name in SECTION_FIELDS)
    return (
        f"heeft na de velden een regel die geen veld is ('{line[:_SHOWN]}'); tekst hoort boven "
        f"de velden, en een veld is een van {fields}"
    )


def _section(path: Path, draft: _Draft, evidence: Evidence, faults: list[Fault]) -> Section:
    sources: list[Source] = []
    is_draft = fits_referral = False
    button = ""
    conditions: tuple[str, ...] | None = None
    for name, value in draft.fields:
        if name == "bron":
            source = _SOURCE.match(value)
            assert source is not None  # both groups may be empty
            sources.append(Source(source["title"].rstrip(" ,"), source["url"] or ""))
        elif name == "bewijs":
            evidence = evidence_of(path, value, faults, draft.heading, draft.line)
        elif name == "let_op":
            conditions = _conditions(path, draft, value, faults)
        elif name == "bij_verwijzing":
            fits_referral = value == "ja"
            if value not in ("ja", "nee"):
                message = f"heeft bij 'bij_verwijzing' '{value}'; schrijf 'ja' of haal de regel weg"
                faults.append(Fault(path, message, draft.heading, draft.line))
        elif name == "knop":
            button = value
        elif name == "status":
            is_draft = value == "concept"
            if not is_draft:
                message = f"heeft status '{value}'; alleen 'concept' bestaat, haal de regel anders weg"
                faults.append(Fault(path, message, draft.heading, draft.line))
    return Section(
        id=draft.id,
        heading=draft.heading,
        text="\n".join(draft.text).strip(),
        evidence=evidence,
        sources=tuple(sources),
        questions=tuple(draft.questions),
        draft=is_draft,
        line=draft.line,
        conditions=conditions,
        fits_referral=fits_referral,
        button=button,
    )


def _conditions(path: Path, draft: _Draft, value: str, faults: list[Fault]) -> tuple[str, ...]:
    """Names behind ``let_op:``; none for "geen"."""
    names = [name.strip() for name in value.split(",") if name.strip()]
    if names == [_NONE]:
        return ()
    known = condition_rules().conditions
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        message = (
            f"heeft bij 'let_op' '{', '.join(unknown)}'; kies uit {', '.join(known)}, of schrijf '{_NONE}'"
        )
        faults.append(Fault(path, message, draft.heading, draft.line))
    return tuple(name for name in names if name in known)
