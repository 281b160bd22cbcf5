"""Write what was imported as a draft article, and say what is left to do."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from urllib.parse import urlsplit

from kalm.articles.checking import LONGEST_PASSAGE, SHORTEST_PASSAGE, count_words
from kalm.articles.fields import mistyped_field
from kalm.articles.importing import Imported
from kalm.limits import LONGEST_BUTTON


def draft(imported: Imported, today: date) -> str:
    """The draft article as a file's content; every section waits as ``status: concept``."""
    published = min(imported.published or today, today)
    slug = make_slug(imported.title)
    source = f"{imported.title}, {urlsplit(imported.url).netloc or 'vul de uitgever in'}, {published.year}"
    lines = [
        "---",
        f"title: {_quoted(imported.title)}",
        f"slug: {_quoted(slug)}",
        f"url: {imported.url or f'/artikelen/{slug}'}",
        f"published: {published}",
        f"updated: {today}",
        "evidence: algemeen",
        "topics: [vul-aan]",
        "---",
    ]
    used: set[str] = set()
    for section in imported.sections:
        section_id = _unique(make_slug(section.heading), used)
        lines += [
            "",
            f"## {section.heading} {{#{section_id}}}",
            "",
            _harmless(section.text),
            "",
            "status: concept",
            f"bron: {source} {imported.url}".rstrip(),
            "vragen:",
        ]
    return "\n".join(lines) + "\n"


def what_is_missing(imported: Imported) -> list[str]:
    """What an editor must still do, in Dutch."""
    notes = [
        "Vertel elke sectie in eigen woorden na; neem geen zinnen over.",
        "Vul bij elke sectie de bron aan, en bij de kop 'topics:' en 'evidence:'.",
        "Schrijf onder 'vragen:' minstens drie vragen, zoals mensen ze stellen.",
        f"Zet boven 'vragen:' een regel 'knop:' met de eerste vraag in hoogstens {LONGEST_BUTTON} tekens.",
        "Haal 'status: concept' weg als iemand met kennis de sectie heeft nagekeken.",
    ]
    for section in imported.sections:
        words = count_words(section.text)
        if words > LONGEST_PASSAGE:
            notes.append(f'Splits "{section.heading}": {words} woorden, hoogstens {LONGEST_PASSAGE}.')
        elif words < SHORTEST_PASSAGE:
            notes.append(f'Vul "{section.heading}" aan: {words} woorden, minstens {SHORTEST_PASSAGE}.')
    if imported.published is None:
        notes.append("De datum van verschijnen stond er niet bij; er staat nu vandaag.")
    if not imported.url:
        notes.append("Zet bij 'url:' waar het artikel te lezen is, of laat het pad staan.")
    return notes


def make_slug(text: str) -> str:
    """Kebab-case of letters and digits, at most 60 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].rstrip("-") or "artikel"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "'") + '"'


def _harmless(text: str) -> str:
    """Text that cannot be taken for a heading, a field or a reference of the article format."""
    return "\n".join(map(_harmless_line, text.splitlines()))


def _harmless_line(line: str) -> str:
    line = re.sub(r"^[\s#]*#\s*", "", line).replace("](", "] (")
    return line.replace(":", " -", 1) if mistyped_field(line, in_text=True) else line


def _unique(slug: str, used: set[str]) -> str:
    candidate, number = slug, 2
    while candidate in used:
        candidate, number = f"{slug}-{number}", number + 1
    used.add(candidate)
    return candidate
