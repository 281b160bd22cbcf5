"""Which texts a person approved, by the hash they had then; ``kalm approve`` keeps the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from kalm.articles import Article, Fault, passages
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
    """What was approved; nothing when the file does not exist yet."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except FileNotFoundError:
        raw = {}
    return Approvals(safety=dict(raw.get("veiligheid") or {}), passages=dict(raw.get("passages") or {}))


def write_approvals(approvals: Approvals, path: Path = APPROVED) -> None:
    """Write the file anew."""
    content = {
        "veiligheid": dict(sorted(approvals.safety.items())),
        "passages": dict(sorted(approvals.passages.items())),
    }
    listed = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=200)
    path.write_text(_HEAD + listed, encoding="utf-8")


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
    """Passages whose text changed since someone saw that their questions and reviews fit it."""
    paths = {article.slug: article.path for article in articles}
    faults = []
    for passage in passages(articles):
        approved = approvals.passages.get(passage.id)
        if not _is_of(approved, passage.hash):
            since = "is nieuw" if approved is None else "is veranderd"
            message = (
                f"de tekst {since}; kijk of de vragen erbij passen en draai "
                f"'{_COMMAND} {passage.id} --door NAAM'"
            )
            faults.append(Fault(paths[passage.slug], message, passage.section, remark=True))
    return faults


def _is_of(approved: str | None, text_hash: str) -> bool:
    return approved is not None and str(approved).partition(" ")[0] == text_hash
