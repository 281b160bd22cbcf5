"""The head of an article: the fields between the two lines of dashes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from kalm.articles.faults import ArticleError, Fault
from kalm.articles.fields import FRONT_MATTER, OPTIONAL_FRONT_MATTER, meant
from kalm.articles.model import Evidence

_DASHES = re.compile(r"^-{3,}\s*$")
_FIELD = re.compile(r"^(?P<name>\w+)\s*:(?P<space>\s*)(?P<value>.*)$")
_DATES = ("published", "updated")
_EXAMPLE = f"een regel '---', dan de velden {', '.join(FRONT_MATTER)}, en weer een regel '---'"
_SHOWN = 60


@dataclass(frozen=True)
class Head:
    """What stands between the dashes, and what below it.

    Attributes:
        fields: by name, as YAML reads them.
        lines: line number of each field, from 1.
        body: the lines below the head.
        above: how many lines stand above the body.
    """

    fields: Mapping[str, Any]
    lines: Mapping[str, int]
    body: Sequence[str]
    above: int


def read_head(path: Path, content: str) -> Head:
    """Take the head from the content of an article file.

    Raises:
        ArticleError: with one fault: there is no head, a line of dashes is missing, or it is no YAML.
    """
    lines = content.splitlines()
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if not lines or not _DASHES.match(lines[start]):
        raise ArticleError([_no_head(path, lines[start] if lines else "", start + 1)])
    end = _end(lines, start + 1)
    if end is None:
        message = "mist de regel '---' onder de kop; zet haar tussen het laatste veld en de eerste '## '-kop"
        raise ArticleError([Fault(path, message, line=start + 1)])
    head, first = lines[start + 1 : end], start + 2
    try:
        fields = yaml.safe_load("\n".join(head))
    except Exception as error:  # yaml raises many kinds; whichever, the head cannot be read
        raise ArticleError([_unreadable(path, head, first, error)]) from error
    if not isinstance(fields, dict):
        message = f"heeft geen velden in de kop; begin het bestand met {_EXAMPLE}"
        raise ArticleError([Fault(path, message, line=start + 1)])
    found = [(_FIELD.match(line), number) for number, line in enumerate(head, start=first)]
    return Head(
        fields={str(name): value for name, value in fields.items()},
        lines={match["name"]: number for match, number in found if match},
        body=lines[end + 1 :],
        above=end + 1,
    )


def front_matter(path: Path, head: Head, faults: list[Fault]) -> dict[str, Any]:
    """The fields of the head as an :class:`~kalm.articles.model.Article` takes them.

    Args:
        path: the article file.
        head: of it.
        faults: what is wrong is added here, one fault per cause.
    """
    missing = [name for name in FRONT_MATTER if head.fields.get(name) in (None, "", [])]
    for name in head.fields:
        if name not in (*FRONT_MATTER, *OPTIONAL_FRONT_MATTER):
            absent = [other for other in missing if other not in head.fields]
            instead = meant(name, absent)
            mend = f"bedoel je '{instead}:'?" if instead else "haal het weg"
            message = f"heeft '{name}:' in de kop, dat kent Kalm niet; {mend}"
            faults.append(Fault(path, message, line=head.lines.get(name, 0)))
            missing = [other for other in missing if other != instead]
    for name in missing:
        message = f"mist '{name}:' in de kop; vul het aan"
        faults.append(Fault(path, message, line=head.lines.get(name, 0)))
    meta: dict[str, Any] = {name: str(head.fields.get(name, "")).strip() for name in ("title", "slug", "url")}
    for name in _DATES:
        meta[name] = _date(path, name, head, faults)
    meta["evidence"] = evidence_of(
        path,
        str(head.fields.get("evidence") or Evidence.GENERAL.value),
        faults,
        line=head.lines.get("evidence", 0),
    )
    meta["topics"] = _topics(path, head, faults)
    meta["checked_by"], meta["checked_on"] = _checked(path, head, faults)
    return meta


def evidence_of(path: Path, value: str, faults: list[Fault], section: str = "", line: int = 0) -> Evidence:
    """The kind of evidence that an editor named; a fault, and general, when there is no such kind."""
    try:
        return Evidence(value.strip())
    except ValueError:
        allowed = ", ".join(kind.value for kind in Evidence)
        faults.append(Fault(path, f"heeft als soort bewijs '{value}'; kies uit {allowed}", section, line))
        return Evidence.GENERAL


def _end(lines: Sequence[str], start: int) -> int | None:
    """Where the head ends; None when the sections begin before it does."""
    for number, line in enumerate(lines[start:], start=start):
        if _DASHES.match(line):
            return number
        if line.startswith("## "):
            return None
    return None


def _no_head(path: Path, line: str, number: int) -> Fault:
    found = _FIELD.match(line)
    if found and meant(found["name"], FRONT_MATTER):
        message = f"mist de regel '---' boven de kop; zet haar boven '{line[:_SHOWN].strip()}'"
        return Fault(path, message, line=number)
    return Fault(path, f"heeft geen kop; begin het bestand met {_EXAMPLE}", line=1)


def _unreadable(path: Path, head: Sequence[str], first: int, error: Exception) -> Fault:
    """The fault of a head that is no YAML: the line that cannot be read by itself, or where YAML stopped."""
    mark = getattr(error, "problem_mark", None)
    place = min(mark.line, len(head) - 1) if mark else 0
    for number, line in enumerate(head):
        if line.strip() and not line.startswith((" ", "#", "-")) and not _is_field(line):
            place = number
            break
    line = head[place]
    shown = "".join(letter for letter in line.strip() if letter.isprintable())[:_SHOWN]
    message = f"heeft in de kop een regel die niet te lezen is ({shown}); {_mend(line)}"
    return Fault(path, message, line=first + place)


def _is_field(line: str) -> bool:
    try:
        return isinstance(yaml.safe_load(line), dict)
    except Exception:  # see read_head
        return False


def _mend(line: str) -> str:
    found = _FIELD.match(line)
    if not line.strip().isprintable():
        return "haal het onzichtbare teken weg: typ de regel opnieuw"
    if not found:
        return "een regel in de kop is een veld, een dubbele punt en een waarde, zoals 'title: Koude voeten'"
    name, value = found["name"], found["value"].strip()
    if not found["space"] and value:
        return f"zet een spatie achter '{name}:'"
    if name in _DATES:
        return f"'{name}:' is geen datum; schrijf bijvoorbeeld 2026-11-22"
    if name == "topics":
        return "schrijf de onderwerpen tussen rechte haken, bijvoorbeeld [rls, ijzer]"
    bare = value.strip("\"'").replace('"', "'").replace("\\", "")
    return f'zet aanhalingstekens om de waarde: {name}: "{bare}"'


def _date(path: Path, name: str, head: Head, faults: list[Fault]) -> date:
    value = head.fields.get(name)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if value not in (None, "", []):
        message = f"heeft bij '{name}:' geen datum; schrijf bijvoorbeeld 2026-11-22"
        faults.append(Fault(path, message, line=head.lines.get(name, 0)))
    return date.min


def _checked(path: Path, head: Head, faults: list[Fault]) -> tuple[str, date | None]:
    """Who checked the article, and when: a name or office, a comma, a date."""
    value = str(head.fields.get("gecontroleerd") or "").strip()
    if not value:
        return "", None
    who, _, day = value.rpartition(",")
    try:
        on = date.fromisoformat(day.strip())
    except ValueError:
        on = None
    if on is None or not who.strip():
        message = (
            f"heeft bij 'gecontroleerd:' '{value[:_SHOWN]}'; schrijf wie en wanneer, bijvoorbeeld "
            "'J. Jansen (apotheker), 2026-11-22'"
        )
        faults.append(Fault(path, message, line=head.lines.get("gecontroleerd", 0)))
    return who.strip(), on


def _topics(path: Path, head: Head, faults: list[Fault]) -> tuple[str, ...]:
    topics = head.fields.get("topics") or []
    if not isinstance(topics, list):
        message = "heeft bij 'topics:' geen lijst; schrijf bijvoorbeeld [rls, ijzer]"
        faults.append(Fault(path, message, line=head.lines.get("topics", 0)))
        return ()
    return tuple(str(topic) for topic in topics)
