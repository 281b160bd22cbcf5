"""A copy of what training and measuring need of the checkout, with a candidate's files in it."""

from __future__ import annotations

import shutil
from pathlib import Path

from kalm.settings import settings
from review.training.data_files import Place
from review.training.folders import CandidateFolder

NEEDED = (
    *("actions", "bot", "channels", "commands", "data", "domain", "kalm", "nlu", "review", "storage", "web"),
    *("config.yml", "credentials.yml", "endpoints.yml", "requirements.lock", "tests/data"),
)
"""What is copied. A list of what is not would have to know whatever lies in somebody's folder."""

_NEVER = shutil.ignore_patterns("__pycache__", "*.pyc", ".git", "node_modules", ".venv*", "models", "var")


def make_copy(place: Place, folder: CandidateFolder) -> Path:
    """Copy the checkout, and put the candidate's files in.

    Returns:
        The copy.
    """
    copy = folder.tree
    shutil.rmtree(copy, ignore_errors=True)
    for name in NEEDED:
        source, target = place.root / name, copy / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=_NEVER)
        elif source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    articles = place.articles_in_copy(copy)
    if not articles.exists():
        shutil.copytree(place.articles, articles, ignore=_NEVER)
    for number, changed in enumerate(folder.changes().files):
        target = place.in_copy(changed.name, copy)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(folder.content(number, after=True))
    return copy


def environment_in(copy: Path, place: Place, models: Path | None = None) -> dict[str, str]:
    """Settings for a process that works in the copy: its own articles, the same models and ``var``.

    Args:
        copy: from :func:`make_copy`.
        place: what was copied.
        models: another folder of models.
    """
    return {
        **settings().environment(),
        "KALM_ARTICLES": str(place.articles_in_copy(copy)),
        "KALM_MODELS": str(models or settings().models),
    }
