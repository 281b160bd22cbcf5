"""Which texts a person approved, by the hash they had then; ``kalm approve`` keeps the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import yaml

from kalm.articles import Article, Fault, Passage, Section, passages
from kalm.articles.checking import line_of
from kalm.atomic import replace_file
from kalm.safety import SafetyError
from kalm.safety.wording import Doubt, train_reader, wording_message
from kalm.said import Said
from kalm.settings import ROOT

APPROVED = ROOT / "data" / "approved.yml"
_HEAD = """\
# Welke teksten een mens heeft nagekeken: een kenmerk van de tekst van toen, wie het deed, en wanneer.
# Verander dit niet met de hand: `.venv/bin/python -m kalm approve` schrijft het, `kalm check` leest het.
"""
_COMMAND = ".venv/bin/python -m kalm approve"


@dataclass(frozen=True)
class Approvals:
    """What was approved: by name the hash of the text, a space, who did it and when.

    Attributes:
        safety: Kalm's own safety texts.
        passages: by their id.
    """

    safety: Mapping[str, str] = field(default_factory=dict)
    passages: Mapping[str, str] = field(default_factory=dict)


def read_approvals(path: Path = APPROVED) -> Approvals:
    """What was approved; nothing when the file does not exist yet.

    Raises:
        SafetyError: it cannot be used.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return Approvals(safety=dict(raw.get("veiligheid") or {}), passages=dict(raw.get("passages") or {}))
    except FileNotFoundError:
        return Approvals()
    except (OSError, yaml.YAMLError, AttributeError, TypeError, ValueError) as error:
        raise SafetyError(
            f"{path.name} is beschadigd ({type(error).__name__}); zet de vorige versie terug en leg daarna "
            f"opnieuw vast wat sindsdien is nagekeken ('{_COMMAND}')"
        ) from error


def write_approvals(approvals: Approvals, path: Path = APPROVED) -> None:
    """Write the file anew."""
    replace_file(path, written(approvals))


def written(approvals: Approvals) -> str:
    """What stands in the file."""
    content = {
        "veiligheid": dict(sorted(approvals.safety.items())),
        "passages": dict(sorted(approvals.passages.items())),
    }
    return _HEAD + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=200)


def stale_safety_texts(approvals: Approvals, texts: Iterable[Said]) -> list[Fault]:
    """Safety texts that changed since they were approved, or never were; a release waits for them."""
    faults = []
    for text in texts:
        approved = approvals.safety.get(text.name)
        if text.is_safety and not _is_of(approved, text.hash):
            since = "nog niet nagekeken" if approved is None else "veranderd sinds het is nagekeken"
            message = (
                f"'{text.name}' is {since}; laat een arts of jurist het lezen en draai "
                f"'{_COMMAND} {text.name} --door NAAM'"
            )
            faults.append(Fault(text.path, message, line=text.line))
    return faults


def stale_passages(approvals: Approvals, articles: list[Article]) -> list[Fault]:
    """Passages whose text changed since a person read them, or that are new.

    Each is a remark: do its questions and reviews still fit? A sentence that sounds like what a shop may not
    publish is a fault, until it is changed or a person approves the passage.
    """
    faults = []
    for (article, section, passage), doubts in _waiting(approvals, articles):
        command = f"{_COMMAND} {passage.id} --door NAAM"
        since = "is veranderd" if passage.id in approvals.passages else "is nieuw"
        message = f"de tekst {since}; kijk of de vragen erbij passen en draai '{command}'"
        faults.append(Fault(article.path, message, section.heading, section.line, remark=True))
        for doubt in doubts:
            message = f"{wording_message(doubt)} Mag het toch, laat de passage dan nakijken: '{command}'"
            line = line_of(article, section, doubt.sentence)
            faults.append(Fault(article.path, message, section.heading, line))
    return faults


def doubted_passages(approvals: Approvals, articles: list[Article]) -> set[str]:
    """Ids of passages with such a sentence, which nobody approved as they stand."""
    return {found.passage.id for found, doubts in _waiting(approvals, articles) if doubts}


def _waiting(approvals: Approvals, articles: list[Article]) -> list[tuple[_Shown, list[Doubt]]]:
    """Passages that nobody approved as they stand, with the sentences that are doubted."""
    shown = list(_shown(articles))
    waiting = [found for found in shown if not _is_approved(approvals, found.passage)]
    if not waiting:
        return []
    reader = train_reader(approved_texts(approvals, articles))
    return [(found, reader.doubts(found.passage.heading_and_text)) for found in waiting]


def approved_texts(approvals: Approvals, articles: list[Article]) -> tuple[str, ...]:
    """The passages that a person approved as they stand: they teach what may be said."""
    return tuple(
        found.passage.heading_and_text for found in _shown(articles) if _is_approved(approvals, found.passage)
    )


class _Shown(NamedTuple):
    """A passage, and where it stands."""

    article: Article
    section: Section
    passage: Passage


def _shown(articles: list[Article]) -> Iterator[_Shown]:
    found = {passage.id: passage for passage in passages(articles)}
    for article in articles:
        for section in article.sections:
            passage = found.get(f"{article.slug}#{section.id}")
            if passage is not None and not section.draft:
                yield _Shown(article, section, passage)


def _is_approved(approvals: Approvals, passage: Passage) -> bool:
    return _is_of(approvals.passages.get(passage.id), passage.hash)


def _is_of(approved: str | None, text_hash: str) -> bool:
    return approved is not None and str(approved).partition(" ")[0] == text_hash
