"""Read a web page, a plain text or a Markdown file: title, date, headings and the text below them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import frontmatter
import httpx
import trafilatura
from charset_normalizer import from_bytes

LARGEST = 2 * 1024 * 1024
"""Bytes of a file or page that is read; an article is a hundred times smaller."""

_PATIENCE = 20.0
_LONGEST_HEADING = 12
_BULLET = re.compile(r"^\s*(?:[-*•·]|\d+[.)])\s+")
_HTML = re.compile(rb"<(?:!doctype html|html|body|p|div|h[1-6])\b", re.IGNORECASE)
_BLOCK = " or ".join(f"self::{tag}" for tag in ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "dd", "div"))
_APART = " or ".join(
    f"ancestor-or-self::{tag}"
    for tag in ("nav", "footer", "aside", "form", "button", "script", "style", "noscript", "template")
)
_REFERENCES = re.compile(r"^(bronnen|bronnenlijst|referenties|literatuur(lijst)?)\s*:?$", re.IGNORECASE)


class ArticleImportError(Exception):
    """Nothing was imported; the message says in Dutch why and what to do."""


@dataclass(frozen=True)
class ImportedSection:
    """A heading with the text below it."""

    heading: str
    text: str


@dataclass(frozen=True)
class Imported:
    """What was found in the source.

    Attributes:
        title: of the article.
        url: public https address, or "" when it came from a file.
        published: the date the source tells, or None.
        sections: in order.
    """

    title: str
    url: str
    published: date | None
    sections: tuple[ImportedSection, ...]


def read_source(source: str) -> Imported:
    """Read a file or a web page.

    Args:
        source: path of a file, or an address that starts with http:// or https://.

    Raises:
        ArticleImportError: it cannot be read, is too large, no text, or holds no headings or no words.
    """
    url = source if source.startswith(("http://", "https://")) else ""
    content = _fetch(url) if url else _read_file(Path(source))
    if _HTML.search(content[:4096]):
        return _from_html(content, url)
    text = _decode(content)
    markdown = Path(source).suffix.lower() in {".md", ".markdown"} or bool(
        re.search(r"^#{1,3} ", text, re.MULTILINE)
    )
    return _from_markdown(text, url, source) if markdown else _from_plain(text, url, source)


def _read_file(path: Path) -> bytes:
    try:
        found = path.is_file()
    except OSError:  # such as a name that is too long
        found = False
    if not found:
        raise ArticleImportError(f"{path} bestaat niet of is geen bestand; controleer het pad")
    if path.stat().st_size > LARGEST:
        raise ArticleImportError(_too_large(str(path), path.stat().st_size))
    return path.read_bytes()


def _fetch(url: str) -> bytes:
    content = b""
    try:
        with httpx.stream("GET", url, timeout=_PATIENCE, follow_redirects=True) as response:
            response.raise_for_status()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > LARGEST:
                    raise ArticleImportError(_too_large(url, len(content)))
    except httpx.HTTPStatusError as error:
        raise ArticleImportError(
            f"{url} gaf antwoord {error.response.status_code}; controleer het adres"
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, OverflowError) as error:
        raise ArticleImportError(
            f"{url} is niet te bereiken ({type(error).__name__}); controleer het adres"
        ) from error
    return content


def _too_large(name: str, size: int) -> str:
    megabytes = f"{size / 1e6:.1f} MB, hoogstens {LARGEST / 1e6:.0f} MB"
    return f"{name} is te groot ({megabytes}); een artikel is tekst alleen"


def _decode(content: bytes) -> str:
    if b"\0" in content.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")[:1024] and not content.startswith(
        (b"\xff\xfe", b"\xfe\xff")
    ):
        raise ArticleImportError(
            "dit is geen tekst maar een binair bestand; sla het op als tekst, Markdown of webpagina"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        guess = from_bytes(content).best()
        if guess is None:
            raise ArticleImportError("de tekens zijn niet te lezen; sla het bestand op als UTF-8") from None
        text = str(guess)
    if sum(not letter.isprintable() and not letter.isspace() for letter in text) > len(text) * 0.02:
        raise ArticleImportError("dit is geen leesbare tekst; sla het op als tekst, Markdown of webpagina")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _from_html(content: bytes, url: str) -> Imported:
    text = trafilatura.extract(
        content, output_format="markdown", include_comments=False, include_tables=False, url=url or None
    )
    if not re.search(r"^#{2,6} ", text or "", re.MULTILINE):
        text = _headings_and_text(content) or text  # trafilatura takes headings of a short page for a menu
    if not text:
        raise ArticleImportError(
            "op deze pagina is geen artikel te vinden; kopieer de tekst naar een bestand"
        )
    metadata = trafilatura.extract_metadata(content, default_url=url or None)
    title = (metadata.title if metadata else "") or ""
    day = _date(metadata.date if metadata else None)
    imported = _from_markdown(text, url, title or "artikel")
    return Imported(_one_line(title) or imported.title, url, day, imported.sections)


def _headings_and_text(content: bytes) -> str:
    """All headings, paragraphs and list items of a page as Markdown, but for menus and such; "" when none."""
    page = trafilatura.load_html(content)
    if page is None:
        return ""
    inner = page.xpath(f"(//main | //article)[.//h2 or .//h3][not({_APART})]")
    for line_break in page.xpath("//br"):
        line_break.tail = f"\n{line_break.tail or ''}"
    lines: list[str] = []
    for block in (inner[0] if inner else page).xpath(f".//*[{_BLOCK}][not(.//*[{_BLOCK}])][not({_APART})]"):
        words = " ".join("".join(block.xpath(f".//text()[not({_APART})]")).split())
        if not words:
            continue
        if re.fullmatch(r"h[1-6]", block.tag):
            words = f"{'#' * int(block.tag[1])} {words}"
        elif block.xpath("ancestor-or-self::li"):
            words = f"- {words}"
        lines += [words, ""]
    return "\n".join(lines)


def _from_markdown(text: str, url: str, name: str) -> Imported:
    title = Path(name).stem
    if text.startswith("---"):
        try:
            post = frontmatter.loads(text)
            title, text = str(post.metadata.get("title") or title), post.content
        except Exception as error:  # yaml raises many kinds; whichever, the head cannot be read
            raise ArticleImportError(
                "de kop tussen de streepjes is niet te lezen; verbeter haar of haal haar weg"
            ) from error
    sections: list[ImportedSection] = []
    heading, lines = "", list[str]()
    for line in text.splitlines():
        found = re.match(r"^(#{1,6})\s+(.*?)\s*(?:\{#[^}]*\})?\s*#*$", line)
        if found and len(found[1]) == 1 and not sections and not heading:
            title = found[2]
        elif found:
            _keep(sections, heading, lines)
            heading, lines = _plain(found[2]), []
        else:
            lines.append(_plain(line))
    _keep(sections, heading, lines)
    return _whole(title, url, sections)


def _from_plain(text: str, url: str, name: str) -> Imported:
    lines = [line.strip() for line in text.splitlines()]
    filled = [line for line in lines if line]
    title = filled[0] if filled and _is_heading(filled[0]) else Path(name).stem
    sections: list[ImportedSection] = []
    heading, body = "", list[str]()
    day: date | None = None
    for line in filled[1:] if filled and title == filled[0] else filled:
        if day is None and not sections and (found := _dutch_day(line)):
            day = found
        elif _is_heading(line):
            _keep(sections, heading, body)
            heading, body = line, []
        else:
            body.append(f"- {_BULLET.sub('', line).rstrip(';.')}" if _BULLET.match(line) else line)
            body.append("")
    _keep(sections, heading, body)
    imported = _whole(title, url, sections)
    return Imported(imported.title, imported.url, day, imported.sections)


def _is_heading(line: str) -> bool:
    """A short line without a full stop, as the source article writes its headings."""
    return (
        0 < len(line.split()) <= _LONGEST_HEADING
        and not line.endswith((".", ";", ":", ",", "!"))
        and not _BULLET.match(line)
        and line[0].isalnum()
    )


def _keep(sections: list[ImportedSection], heading: str, lines: list[str]) -> None:
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    text = re.sub(r"(?m)^(- .*)\n\n(?=- )", r"\1\n", text)
    if text and not _REFERENCES.match(heading):
        sections.append(ImportedSection(heading or "Inleiding", text))


def _whole(title: str, url: str, sections: list[ImportedSection]) -> Imported:
    if not sections:
        raise ArticleImportError("er staat geen tekst in")
    if len(sections) == 1 and sections[0].heading == "Inleiding":
        raise ArticleImportError(
            "er staan geen koppen in; zet boven elk stuk een kop (in tekst: een korte regel zonder punt)"
        )
    return Imported(_one_line(_plain(title)) or "Artikel", url, None, tuple(sections))


def _plain(line: str) -> str:
    """Markdown links and emphasis become plain words: passages are plain text."""
    line = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)
    line = re.sub(r"(\*\*|__)(.+?)\1", r"\2", line)
    line = re.sub(r"(?<!\w)[*_]([^*_]+)[*_](?!\w)", r"\1", line)
    return re.sub(r"^\s*[*•·]\s+", "- ", line)


def _dutch_day(line: str) -> date | None:
    months = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
    found = re.match(r"^[-–\s]*(\d{1,2})\s+([a-z]{3,9})\.?\s+(\d{4})$", line.lower())
    if not found:
        return None
    month = found[2][:3].replace("mrt", "maa")
    try:
        return date(int(found[3]), months.index(month) + 1, int(found[1]))
    except ValueError:
        return None


def _date(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _one_line(text: str) -> str:
    """Without control codes and backslashes, which YAML does not take."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text.replace("\\", " "))
    return " ".join(kept.split())
