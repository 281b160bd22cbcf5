"""An editor's text as it stands in an article file; every byte that is not about it stays as it was.

Pure functions of texts: nothing here reads or writes a file. A file must be read and written with
``newline=""``, so that its own line ends stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from pathlib import Path

import yaml

from kalm.articles import Article, Evidence
from kalm.articles.fields import SECTION_FIELDS
from kalm.articles.head import read_head
from review.articles.fields import ArticleHead, SectionFields, fields_of

_HEADING = re.compile(r"^## (?P<heading>.+?)\s*(?:\{#(?P<id>[^}]*)\})?\s*$")
_OWN_EVIDENCE = re.compile(r"^bewijs:", re.MULTILINE)
_UPDATED = re.compile(r"^(updated\s*:\s*)\S.*?(\s*)$")
_FIELD = re.compile(rf"^(?P<name>{'|'.join(SECTION_FIELDS)}):\s*(?P<value>.*)$")
_COMMA_BEFORE_ADDRESS = re.compile(r"[\s,]+(?=https?://\S+$)")
_SAYS_NOTHING = (SECTION_FIELDS.index("bij_verwijzing"), "nee")
_NOWHERE = Path("artikel.md")


class SectionGoneError(Exception):
    """The section that a draft changes is no longer in the file."""


@dataclass(frozen=True)
class DraftText:
    """What goes into an article file.

    Attributes:
        article: slug of the article.
        section: id of the section that it changes, "" for a new one.
        fields: what the editor filled in.
        day: on which a whole new article appears.
    """

    article: str
    section: str
    fields: SectionFields
    day: date


def render_section(fields: SectionFields) -> str:
    """A section as the article format has it, from its heading to its last question, with a line end."""
    return "".join(f"{line}\n" for line in _lines(fields))


def apply_draft(file_text: str, draft: DraftText) -> str:
    """The file with the draft in it.

    A section that says what the draft says leaves the file as it is, however its lines are spelled. Where
    something differs, that section alone is written anew, in the usual order and spelling of fields (a comma
    before the address of a source goes). A new section is put at the end, and an empty text becomes a whole
    new article.

    Args:
        file_text: content of the article file, "" when there is none yet.
        draft: what goes in.

    Raises:
        SectionGoneError: the file no longer has the section.
        ArticleError: the file has no head that can be read.
    """
    if not file_text.strip():
        head = draft.fields.head or ArticleHead(title=draft.fields.heading)
        return f"{_render_head(head, draft)}\n{render_section(draft.fields.with_id(()))}"
    lines = file_text.splitlines(keepends=True)
    sections = sections_in(file_text)
    end_of_line = "\r\n" if lines[0].endswith("\r\n") else "\n"
    if not draft.section:
        fields = draft.fields.with_id([one.id for one in sections])
        return _at_end(file_text, render_section(fields), end_of_line)
    block = next((one for one in sections if one.id == draft.section), None)
    if block is None:
        raise SectionGoneError(draft.section)
    written = render_section(replace(draft.fields, id=draft.section))
    if _meaning(lines[block.start : block.end]) == _meaning(written.splitlines()):
        return file_text
    written = written.replace("\n", end_of_line)
    last = lines[block.end - 1]
    if not last.endswith(("\n", "\r")):
        written = written.removesuffix(end_of_line)
    return "".join((*lines[: block.start], written, *lines[block.end :]))


def own_fields(file_text: str, article: Article, section_id: str) -> SectionFields | None:
    """The fields of a section as its file has them; None when it has no such section.

    Args:
        file_text: content of the file of the article.
        article: as read from it.
        section_id: of the section.
    """
    section = next((one for one in article.sections if one.id == section_id), None)
    block = next((one for one in sections_in(file_text) if one.id == section_id), None)
    if section is None or block is None:
        return None
    content = "".join(file_text.splitlines(keepends=True)[block.start : block.end])
    return fields_of(section, article.evidence, bool(_OWN_EVIDENCE.search(content)))


def set_updated(file_text: str, day: date) -> str:
    """The file with a later date behind ``updated:``, and every other byte as it was.

    A file that was updated on that day or after it stays as it is.

    Raises:
        ArticleError: the file has no head that can be read.
    """
    lines = file_text.splitlines(keepends=True)
    head = read_head(_NOWHERE, file_text.removeprefix("\ufeff"))
    if number := head.lines.get("updated", 0):
        if str(head.fields["updated"]) >= day.isoformat():
            return file_text
        lines[number - 1] = _UPDATED.sub(rf"\g<1>{day}\2", lines[number - 1], count=1)
    return "".join(lines)


@dataclass(frozen=True)
class SectionLines:
    """A section in a file: its id, and its lines from the heading to the last that is not blank."""

    id: str
    start: int
    end: int


def sections_in(file_text: str) -> list[SectionLines]:
    """Where the sections of an article stand, in order, as ``kalm.articles`` reads them.

    Raises:
        ArticleError: the file has no head that can be read.
    """
    head = read_head(_NOWHERE, file_text.removeprefix("\ufeff"))
    found = [
        (number, match["id"] or "")
        for number, line in enumerate(head.body, start=head.above)
        if (match := _HEADING.match(line))
    ]
    lines = file_text.splitlines()
    sections = []
    for place, (start, id_) in enumerate(found):
        end = found[place + 1][0] if place + 1 < len(found) else len(lines)
        while not lines[end - 1].strip():
            end -= 1
        sections.append(SectionLines(id_, start, end))
    return sections


def question_lines(lines: Sequence[str], section: SectionLines) -> list[tuple[int, str]]:
    """The questions of a section, each behind its place among the lines of the file."""
    found, field = [], ""
    for number in range(section.start + 1, section.end):
        if named := _FIELD.match(lines[number]):
            field = named["name"]
        elif field == "vragen" and (line := lines[number].strip()).startswith("- "):
            found.append((number, line[2:].strip()))
    return found


def _meaning(block: Sequence[str]) -> tuple[str, str, list[tuple[int, str]], list[str]]:
    """What the lines of a section say: heading, text, fields in the usual order, questions."""
    text: list[str] = []
    fields: list[tuple[int, str]] = []
    questions: list[str] = []
    for line in block[1:]:
        if field := _FIELD.match(line):
            fields.append((SECTION_FIELDS.index(field["name"]), _value(field["name"], field["value"])))
        elif fields:
            questions.extend([line.strip()] if line.strip() else [])
        else:
            text.append(line.rstrip())
    said = [(place, value) for place, value in fields if (place, value) != _SAYS_NOTHING]
    return block[0].strip(), "\n".join(text).strip(), sorted(said, key=itemgetter(0)), questions


def _value(name: str, value: str) -> str:
    if name == "let_op":
        return ", ".join(sorted(one.strip() for one in value.split(",") if one.strip()))
    return _COMMA_BEFORE_ADDRESS.sub(" ", value.strip()) if name == "bron" else value.strip()


def _at_end(file_text: str, written: str, end_of_line: str) -> str:
    """Below a blank line; what stands there already is not touched."""
    blank = "" if file_text.endswith(2 * end_of_line) else end_of_line
    if not file_text.endswith(("\n", "\r")):
        blank = 2 * end_of_line
    return file_text + blank + written.replace("\n", end_of_line)


def _lines(fields: SectionFields) -> Iterator[str]:
    yield f"## {fields.heading} {{#{fields.id}}}"
    yield ""
    yield from fields.text.split("\n")
    yield ""
    if fields.evidence:
        yield f"bewijs: {fields.evidence}"
    if fields.is_draft:
        yield "status: concept"
    if fields.conditions is not None:
        yield f"let_op: {', '.join(fields.conditions) or 'geen'}"
    if fields.fits_referral:
        yield "bij_verwijzing: ja"
    for source in fields.sources:
        yield f"bron: {source.title} {source.url}".rstrip()
    if fields.button:
        yield f"knop: {fields.button}"
    yield "vragen:"
    for question in fields.questions:
        yield f"- {question}"


def _render_head(head: ArticleHead, draft: DraftText) -> str:
    title = head.title.replace("\\", "").replace('"', "'")
    # By the library, for "on", "1" and "&b" are no texts in YAML.
    listed = list(head.topics or ("rls",))
    topics = yaml.safe_dump(listed, default_flow_style=True, allow_unicode=True, width=float("inf"))
    return (
        f'---\ntitle: "{title}"\nslug: {draft.article}\nurl: /artikelen/{draft.article}\n'
        f"published: {draft.day}\nupdated: {draft.day}\n"
        f"evidence: {head.evidence or Evidence.GENERAL.value}\ntopics: {topics}---\n"
    )
