"""A checkout of its own with a tenth of the data, so that a training takes seconds.

Putting a model live writes into ``data/``: a test must never do that here. What it tries is the same code on
less data; how good a model is, is measured elsewhere.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kalm.settings import ROOT

ARTICLES = ("restless-legs-en-magnesium", "onderzoek-naar-magnesium-bij-rls", "zelf-doen-bij-rusteloze-benen")
"""They answer the starters, so that `kalm check` finds those."""

EXAMPLES = 24
QUESTIONS = 10
MEASURED = 25

CONTRADICTION = "tips om te slapen met onrustige benen"
"""It stands under the one intent, and is added to another."""

_LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", ".venv-*", "var", "models", "node_modules", "tests", "docs"),
    *("__pycache__", ".*_cache", ".rasa"),
)


def make_small_shop(folder: Path) -> Path:
    """Copy the checkout to a folder that does not exist yet, with less data, under git; gives it back."""
    shutil.copytree(ROOT, folder, ignore=_LEFT_OUT)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    (folder / "models").mkdir()
    for path in sorted((folder / "data" / "articles").glob("*.md")):
        if path.stem in ARTICLES:
            _rewrite(path, _fewer_questions)
        else:
            path.unlink()
    for path in sorted((folder / "data" / "nlu").glob("*.yml")):
        if path.name != "entities.yml":
            _rewrite(path, _fewer_examples)
    _contradict(folder / "data" / "nlu" / "rls.yml")
    _copy_measured(folder)
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "Begin")
    return folder


def log_of(folder: Path) -> str:
    """The messages of the commits, the last one first."""
    return _git(folder, "log", "--format=%an%n%B")


def _rewrite(path: Path, change: object) -> None:
    assert callable(change)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")


def _fewer_questions(lines: list[str]) -> Iterator[str]:
    """Of each list of questions the first few."""
    seen: int | None = None
    for line in lines:
        seen = 0 if line.startswith("vragen:") else None if line.startswith("#") else seen
        if seen is not None and line.startswith("- "):
            seen += 1
            if seen > QUESTIONS:
                continue
        yield line


def _fewer_examples(lines: list[str]) -> Iterator[str]:
    """Of each intent the first few examples."""
    seen = 0
    for line in lines:
        if re.match(r"\s*- intent:", line):
            seen = 0
        if re.match(r"\s+- ", line) and "intent:" not in line:
            seen += 1
            if seen > EXAMPLES:
                continue
        yield line


def _contradict(path: Path) -> None:
    """Give an example of what one does about it another intent as well."""
    first = "    examples: |\n"
    text = path.read_text(encoding="utf-8")
    assert first in text
    path.write_text(text.replace(first, f"{first}      - {CONTRADICTION}\n", 1), encoding="utf-8")


def _copy_measured(folder: Path) -> None:
    """Some of the sentences that a model is measured on, of what the articles here can answer."""
    for name in ("development", "heldout"):
        for path in sorted((ROOT / "tests" / "data" / name).rglob("*.jsonl")):
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            kept = [row for row in rows if _is_answered_here(row)][:MEASURED]
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept)
            target.write_text(lines, encoding="utf-8")


def _is_answered_here(row: dict[str, object]) -> bool:
    sections = row.get("sections") or ()
    assert isinstance(sections, list | tuple)
    return all(str(section).split("#")[0] in ARTICLES for section in sections)


def _git(folder: Path, *command: str) -> str:
    who = ("-c", "user.name=De winkel", "-c", "user.email=winkel@example.org")
    done = subprocess.run(["git", *who, *command], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout
