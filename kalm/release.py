"""Which model and which index the servers load, and whether they are still made from the present files."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from kalm.embedding import embedder, embedder_name
from kalm.language import dutch
from kalm.pointer import POINTER, Release, ReleaseError, current, named, publish
from kalm.search import SearchIndex
from kalm.search import load_index as _load_index
from kalm.settings import ROOT, settings

__all__ = [
    "INDEX_INPUTS",
    "MODEL_INPUTS",
    "POINTER",
    "Release",
    "ReleaseError",
    "current",
    "fingerprint",
    "load_index",
    "load_index_at",
    "named",
    "pin",
    "publish",
    "wanted",
]

_LANGUAGE = (
    "data/language",
    "kalm/language",
    "kalm/classification.py",
    "kalm/classifier_pair.py",
    "kalm/logistic_regression.py",
    "kalm/lbfgs.py",
    "kalm/embedding",
    "requirements.lock",
)
MODEL_INPUTS = ("config.yml", "domain", "data/nlu", "data/rules", "nlu", "kalm/intents.py", *_LANGUAGE)
"""What the Rasa model is made of, below the checkout."""

INDEX_INPUTS = (
    "kalm/articles",
    "kalm/search",
    "data/unanswered.yml",
    "data/nlu/out_of_scope.yml",
    *_LANGUAGE,
)
"""What the search index is made of, besides the articles."""


def wanted(root: Path = ROOT, articles: Path | None = None) -> Release:
    """The release that the present files would give, whether or not it exists yet.

    Args:
        root: a checkout, or a copy of one.
        articles: the folder with its articles, in place of that of the settings.
    """
    folder, texts = settings().models, articles or settings().articles
    return Release(
        model=folder / f"kalm-{fingerprint(root / name for name in MODEL_INPUTS)}.tar.gz",
        index=folder / f"index-{fingerprint([texts, *(root / name for name in INDEX_INPUTS)])}",
    )


_pinned: Path | None = None


def pin(index: Path) -> None:
    """Let this process load this index, whichever the pointer names: two releases may run at once."""
    global _pinned
    _pinned = index


def load_index() -> SearchIndex:
    """The search index of the current release, or the one that this process was told to load.

    Raises:
        ReleaseError: nothing was trained yet.
        OtherEmbedderError: it was built with another embedder.
    """
    return load_index_at(_pinned or current().index)


def load_index_at(folder: Path) -> SearchIndex:
    """The search index in a folder, also where this process may not write, as in a container.

    Raises:
        FileNotFoundError: there is none.
        OtherEmbedderError: it was built with another embedder.
    """
    return _load_index(_writable(folder), embedder())


def _writable(folder: Path) -> Path:
    """The folder, or a copy for as long as this process lives: tantivy takes a lock beside what it reads."""
    if os.access(folder, os.W_OK) or not folder.is_dir():
        return folder
    aside = Path(tempfile.mkdtemp(prefix="kalm-index-"))
    atexit.register(shutil.rmtree, aside, ignore_errors=True)
    copy = aside / folder.name
    shutil.copytree(folder, copy, copy_function=shutil.copyfile)
    copy.chmod(0o700)
    return copy


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
