"""What ``kalm check`` says of one section as an editor has it now, each thing with the field it is about."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from kalm.articles import Article, ArticleError, Fault, Passage, check_articles, passages, read_article
from kalm.articles.fields import SECTION_FIELDS, mistyped_field
from kalm.safety.wording import wording_message
from review.articles.faults import of_fault
from review.articles.fields import SectionFields
from review.articles.library import Library
from review.articles.markdown import DraftText, SectionGoneError, apply_draft, own_fields
from review.articles.reader import wording_reader

_FIELD_LINE = re.compile(rf"^\s*({'|'.join(SECTION_FIELDS)})\s*:")
_HEADING_LINE = re.compile(r"^\s*#{1,6}(\s|$)|\{#")
_ADDRESS = re.compile(r"^https://[^\s/]+\.[^\s/]+\S*$")
_SHOWN = 60


class Weight(str, Enum):
    """How much a finding weighs."""

    BLOCKING = "blocking"
    """First mended, then laid before somebody else."""
    DOUBT = "doubt"
    """A person has to say that it may."""
    LATER = "later"
    """Before it is no longer a draft (``status: concept``)."""
    REMARK = "remark"


@dataclass(frozen=True)
class Finding:
    """One thing to look at.

    Attributes:
        field: of the form, for a link.
        message: what is wrong and what to do, in Dutch.
    """

    field: str
    message: str
    weight: Weight = Weight.BLOCKING


@dataclass(frozen=True)
class Checked:
    """A section as it was looked at.

    Attributes:
        findings: the heaviest first.
        passage: as visitors would get it; None when the text cannot be read as a section.
        is_complete: the second reader has looked too.
    """

    findings: tuple[Finding, ...]
    passage: Passage | None
    is_complete: bool

    @property
    def is_blocked(self) -> bool:
        """Whether something must be mended first."""
        return any(finding.weight is Weight.BLOCKING for finding in self.findings)

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """What a person has to judge."""
        return tuple(finding for finding in self.findings if finding.weight is Weight.DOUBT)


def check(library: Library, draft: DraftText, patience: float = 0) -> Checked:
    """Look at a section as it would stand in its article, among all others.

    Args:
        library: the articles as they are.
        draft: the section as the editor has it; its article may be new.
        patience: seconds to wait for the second reader.

    Raises:
        SafetyError: a file with rules cannot be used.
    """
    broken = list(_structure(draft, library))
    if broken:
        return Checked(tuple(broken), None, True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _check_file(library, draft, Path(folder) / f"{draft.article}.md", patience)
    except ArticleError as error:
        return Checked(tuple(map(of_unreadable, error.faults)), None, True)
    except SectionGoneError:
        message = "Deze sectie staat niet meer in het artikel. Bewaar de tekst als nieuwe sectie."
        return Checked((Finding("heading", message),), None, True)


def of_unreadable(fault: Fault) -> Finding:
    """What to do where the article could not be read at all."""
    return Finding("text", f"Zo kan Kalm de tekst niet lezen: zij {fault.message}.")


def _check_file(library: Library, draft: DraftText, path: Path, patience: float) -> Checked:
    content = apply_draft(library.texts.get(draft.article, ""), draft)
    path.write_text(content, encoding="utf-8", newline="")
    article = read_article(path)
    section_id = draft.section or article.sections[-1].id
    found = next(one for one in article.sections if one.id == section_id)
    if own_fields(content, article, section_id) != replace(draft.fields, id=section_id, head=None):
        message = (
            "Kalm leest een regel van deze tekst anders dan hij er staat. Schrijf vreemde tekens anders."
        )
        return Checked((Finding("text", message),), None, True)
    others = [one for one in library.articles.values() if one.slug != draft.article]
    faults = [
        fault
        for fault in check_articles([*others, article])
        if (fault.path == path and fault.section == found.heading) or _is_new(fault, library)
    ]
    passage = _passage(article, section_id)
    reader = wording_reader(library.approved, patience)
    findings = [*_owed(draft.fields), *map(_finding, faults)]
    if reader is not None and not library.is_approved(passage.id, passage.hash):
        findings += [_doubt(wording_message(one)) for one in reader.doubts(passage.heading_and_text)]
    order = list(Weight)
    unique = dict.fromkeys(sorted(findings, key=lambda one: order.index(one.weight)))
    return Checked(tuple(unique), passage, reader is not None)


def _is_new(fault: Fault, library: Library) -> bool:
    """Whether this text brings the fault about, also where the check names another section."""
    return not any(
        known.path.name == fault.path.name
        and known.section == fault.section
        and known.message == fault.message
        for known in library.faults
    )


def _passage(article: Article, section_id: str) -> Passage:
    """The passage that visitors would get, also of a section that waits as a draft."""
    sections = tuple(replace(one, draft=False) for one in article.sections if one.id == section_id)
    return passages([replace(article, sections=sections)])[0]


def _finding(fault: Fault) -> Finding:
    field, message = of_fault(fault)
    weight = Weight.REMARK if fault.remark else Weight.LATER if fault.draft else Weight.BLOCKING
    return Finding(field, message, weight)


def _doubt(message: str) -> Finding:
    return Finding("text", f"Kalm twijfelt: {message}", Weight.DOUBT)


def _owed(fields: SectionFields) -> Iterator[Finding]:
    """What no section goes without, not even one that waits as a draft."""
    if fields.is_draft and not fields.sources:
        yield Finding("sources", "Er is nog geen bron. Vul bij ‘Bronnen’ de titel en het adres in.")
    for source in fields.sources:
        if not source.title or not _ADDRESS.match(source.url):
            named = (source.title or source.url)[:_SHOWN]
            message = f"Een bron heeft een titel en een adres dat met https:// begint; kijk naar ‘{named}’."
            yield Finding("sources", message)


def _has_a_word(text: str) -> bool:
    """Whether an address can be made of it."""
    return any(sign.isalnum() for sign in text)


def _structure(draft: DraftText, library: Library) -> Iterator[Finding]:
    """What would make the file of the article another than the editor means."""
    fields = draft.fields
    if fields.head is not None:
        if not _has_a_word(fields.head.title):
            yield Finding("title", "Het artikel heeft nog geen titel.")
        elif draft.article in library.articles:
            yield Finding("title", "Er is al een artikel met deze titel. Kies een andere, of schrijf erin.")
        if not fields.head.topics:
            yield Finding("topics", "Noem minstens één onderwerp, bijvoorbeeld rls of magnesium.")
    if not _has_a_word(fields.heading):
        yield Finding("heading", "De sectie heeft nog geen kop.")
    elif re.search(r"[{}]|^#", fields.heading):
        yield Finding("heading", "In de kop kan geen accolade of hekje staan.")
    if not fields.text:
        yield Finding("text", "Er staat nog geen tekst.")
    for line in fields.text.splitlines():
        if _FIELD_LINE.match(line) or mistyped_field(line, in_text=True):
            message = (
                f"Een regel begint als een vakje van dit formulier: ‘{line[:_SHOWN]}’. Schrijf die anders."
            )
            yield Finding("text", message)
        elif _HEADING_LINE.search(line):
            message = f"Een regel lijkt op een kop: ‘{line[:_SHOWN]}’. Haal het hekje weg."
            yield Finding("text", message)
    for source in fields.sources:
        if source.url and not re.match(r"https?://\S+$", source.url):
            message = f"Het adres van een bron begint met https://; kijk naar ‘{source.url[:_SHOWN]}’."
            yield Finding("sources", message)
        elif re.search(r"https?://", source.title):
            yield Finding("sources", "In de titel van een bron staat een adres. Zet het in het vak ernaast.")
