"""The files that training changes: where they are, and what stands in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kalm.settings import ROOT, settings

UNANSWERED = "data/unanswered.yml"
APPROVED = "data/approved.yml"


@dataclass(frozen=True)
class Place:
    """A checkout.

    Attributes:
        root: its folder.
        articles: folder with the articles, which may be elsewhere.
    """

    root: Path
    articles: Path

    def name_of(self, path: Path) -> str:
        """A file's name below the checkout; the whole path of one that is elsewhere."""
        return (path.relative_to(self.root) if path.is_relative_to(self.root) else path).as_posix()

    def path(self, name: str) -> Path:
        """Where the file of that name is."""
        return self.root / name

    def in_copy(self, name: str, copy: Path) -> Path:
        """Where the file of that name is in a copy of the checkout."""
        path = self.path(name)
        if path.is_relative_to(self.root):
            return copy / name
        return copy / "outside" / self.articles.name / path.relative_to(self.articles)

    def articles_in_copy(self, copy: Path) -> Path:
        """The folder with the articles in a copy of the checkout."""
        return self.in_copy(self.name_of(self.articles / "x.md"), copy).parent


def here() -> Place:
    """The checkout that this process runs from."""
    return Place(ROOT, settings().articles)


def read_texts(place: Place) -> dict[str, str]:
    """Every file that training may change, by name, line ends as they are.

    Raises:
        OSError: a file is gone.
        UnicodeDecodeError: one is no UTF-8.
    """
    return {place.name_of(path): path.read_bytes().decode("utf-8") for path in _paths(place)}


def is_nlu(name: str) -> bool:
    """Whether a file holds examples of intents."""
    return name.startswith("data/nlu/")


def hash_of(content: bytes) -> str:
    """What tells one content of a file from another."""
    return hashlib.sha256(content).hexdigest()


def _paths(place: Place) -> Iterator[Path]:
    yield from sorted((place.root / "data" / "nlu").glob("*.yml"))
    yield from sorted(place.articles.glob("*.md"))
    yield place.root / UNANSWERED
    if (place.root / APPROVED).exists():
        yield place.root / APPROVED
