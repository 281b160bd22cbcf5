"""Which model and which index the servers load, and whether they are still made from the present files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kalm.embedding import embedder, embedder_name
from kalm.language import dutch
from kalm.search import SearchIndex
from kalm.search import load_index as _load_index
from kalm.settings import ROOT, settings

POINTER = "release.json"

_LANGUAGE = (
    "data/language",
    "kalm/language",
    "kalm/classification.py",
    "kalm/embedding.py",
    "requirements.lock",
)
MODEL_INPUTS = ("config.yml", "domain", "data/nlu", "data/rules", "nlu", *_LANGUAGE)
"""What the Rasa model is made of, below the checkout."""

INDEX_INPUTS = (
    "kalm/articles",
    "kalm/search",
    "data/unanswered.yml",
    "data/nlu/out_of_scope.yml",
    *_LANGUAGE,
)
"""What the search index is made of, besides the articles."""


class ReleaseError(Exception):
    """There is nothing to load; the message says what to run."""


@dataclass(frozen=True)
class Release:
    """A trained model and a search index.

    Attributes:
        model: a ``.tar.gz`` that Rasa loads.
        index: a folder that :func:`kalm.search.load_index` loads.
    """

    model: Path
    index: Path


def wanted() -> Release:
    """The release that the present files would give, whether or not it exists yet."""
    folder = settings().models
    return Release(
        model=folder / f"kalm-{fingerprint(ROOT / name for name in MODEL_INPUTS)}.tar.gz",
        index=folder / f"index-{fingerprint([settings().articles, *(ROOT / name for name in INDEX_INPUTS)])}",
    )


def current() -> Release:
    """The release that servers load.

    Raises:
        ReleaseError: nothing was trained yet, or the files are gone.
    """
    pointer = settings().models / POINTER
    try:
        names = json.loads(pointer.read_text(encoding="utf-8"))
        release = Release(settings().models / names["model"], settings().models / names["index"])
    except (FileNotFoundError, KeyError, TypeError, ValueError):
        raise ReleaseError(f"{pointer} does not name a trained model; run 'make train'") from None
    for path in (release.model, release.index):
        if not path.exists():
            raise ReleaseError(f"{path} is named in {pointer} but does not exist; run 'make train'")
    return release


def publish(release: Release) -> None:
    """Make ``release`` the current one, in one step: a server that starts meanwhile sees old or new."""
    pointer = settings().models / POINTER
    content = json.dumps({"model": release.model.name, "index": release.index.name}, indent=1)
    draft = pointer.with_suffix(f".{os.getpid()}")
    draft.write_text(content + "\n", encoding="utf-8")
    draft.replace(pointer)


def load_index() -> SearchIndex:
    """The search index of the current release.

    Raises:
        ReleaseError: nothing was trained yet.
        OtherEmbedderError: it was built with another embedder.
    """
    return _load_index(current().index, embedder())


def fingerprint(paths: Iterable[Path]) -> str:
    """Hash of the names and contents of all files at or below ``paths``, of Dutch and embedder in use."""
    digest = hashlib.sha256(f"{dutch().source} {embedder_name()}".encode())
    for path in paths:
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.is_file() and file.suffix in {".py", ".yml", ".yaml", ".md", ".lock"}:
                digest.update(file.relative_to(path.parent).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
