"""Replace several files as one step that cannot be half done, whatever breaks off.

All new contents are written down beside a journal; when that stands on the disk, the step counts as taken.
Then each file gets its new content, and the journal goes last. Whoever starts next finishes what a journal
says (:func:`review.training.export.finish_interrupted`).
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from kalm.atomic import replace_file
from kalm.pointer import ReleaseError
from kalm.settings import settings
from review.training.data_files import Place, hash_of


@dataclass(frozen=True)
class Replacement:
    """What becomes of a file.

    Attributes:
        name: see :class:`review.training.data_files.Place`.
        before: hash of what stands there, "" for no file.
        content: what comes there, None for no file.
    """

    name: str
    before: str
    content: bytes | None

    @property
    def after(self) -> str:
        """Hash of what comes there, "" for no file."""
        return "" if self.content is None else hash_of(self.content)


@dataclass(frozen=True)
class Entry:
    """A file in the journal; its content is staged under its place among them."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Journal:
    """A step that was taken and may not be finished.

    Attributes:
        root: of the checkout whose files it changes.
        candidate: id of the candidate.
        back: whether the files go back to what they were before it.
        written: whether all files have their new content.
        files: in order.
    """

    root: str
    candidate: str
    back: bool
    written: bool
    files: tuple[Entry, ...]


def folder() -> Path:
    """Where the journal is."""
    return settings().var / "review" / "export"


def open_journal(place: Place) -> Journal | None:
    """The journal of this checkout; None when all is finished.

    Raises:
        ReleaseError: it cannot be read, so nobody can say which files are old and which are new.
    """
    try:
        found: dict[str, Any] = json.loads(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise _damaged() from error
    try:
        files = tuple(Entry(**one) for one in found.pop("files"))
        journal = Journal(files=files, **found)
    except (AttributeError, KeyError, TypeError) as error:
        raise _damaged() from error
    return journal if journal.root == str(place.root) else None


def begin(place: Place, candidate: str, back: bool, replacements: Sequence[Replacement]) -> Journal:
    """Write down a step; from here on it will be finished.

    Raises:
        OSError: it cannot be written; nothing has changed.
        ReleaseError: another checkout with this folder has not finished a step of its own.
    """
    if _file().exists():
        raise ReleaseError(
            f"{_file()} is of another checkout that replaces files; start Kalm there first, or give each "
            "checkout a KALM_VAR of its own"
        )
    shutil.rmtree(_staged(), ignore_errors=True)
    _staged().mkdir(parents=True)
    for number, one in enumerate(replacements):
        if one.content is not None:
            _write(_staged() / str(number), one.content)
    _flush_folder(_staged())
    entries = tuple(Entry(one.name, one.before, one.after) for one in replacements)
    journal = Journal(str(place.root), candidate, back, False, entries)
    _keep(journal)
    return journal


def prepare(place: Place, journal: Journal) -> None:
    """Write each new content beside its file, so that replacing them needs no room on the disk.

    Raises:
        OSError: one cannot be written; nothing has changed.
    """
    for number, entry in _open(place, journal):
        if entry.after:
            draft = _draft(place.path(entry.name))
            draft.parent.mkdir(parents=True, exist_ok=True)
            _write(draft, (_staged() / str(number)).read_bytes())
            if place.path(entry.name).exists():
                shutil.copymode(place.path(entry.name), draft)


def write_files(place: Place, journal: Journal) -> None:
    """Give each file its new content, once; :func:`prepare` comes first.

    Raises:
        OSError: one cannot be replaced; the journal stays.
    """
    for _, entry in _open(place, journal):
        target = place.path(entry.name)
        if target.exists() and hash_of(target.read_bytes()) != entry.before:
            _put_aside(target)
        if entry.after:
            _draft(target).replace(target)
        else:
            target.unlink(missing_ok=True)
        _flush_folder(target.parent)
    _keep(replace(journal, written=True))


def take_back(place: Place, journal: Journal) -> None:
    """Forget a step of which :func:`prepare` failed."""
    for entry in journal.files:
        _draft(place.path(entry.name)).unlink(missing_ok=True)
    close()


def _open(place: Place, journal: Journal) -> list[tuple[int, Entry]]:
    """The files that do not have their new content yet, with their place among all."""
    if journal.written:
        return []
    return [
        (number, entry)
        for number, entry in enumerate(journal.files)
        if _hash_at(place.path(entry.name)) != entry.after
    ]


def _hash_at(path: Path) -> str:
    return hash_of(path.read_bytes()) if path.exists() else ""


def _draft(target: Path) -> Path:
    return target.with_name(f".{target.name}.kalm")  # no name that Rasa or an editor takes for content


def close() -> None:
    """All is finished."""
    _file().unlink(missing_ok=True)
    shutil.rmtree(_staged(), ignore_errors=True)


def _keep(journal: Journal) -> None:
    replace_file(_file(), json.dumps(asdict(journal), ensure_ascii=False))
    _flush_folder(folder())


def _put_aside(target: Path) -> None:
    """Somebody changed the file while the step was broken off: what they wrote is not lost."""
    kept = folder().parent / "aside"
    kept.mkdir(parents=True, exist_ok=True)
    shutil.copy2(target, kept / f"{time.time_ns()}-{target.name}")


def _damaged() -> ReleaseError:
    return ReleaseError(
        f"{_file()} is damaged, so the files in data/ may be half old and half new: put them back as they "
        "were (with git, or from a backup), and remove that file"
    )


def _file() -> Path:
    return folder() / "journal.json"


def _staged() -> Path:
    return folder() / "staged"


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    """A name in a folder is on the disk only when the folder is."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
