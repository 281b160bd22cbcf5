"""The folder of each candidate: what it changes, what it was made of, and what came of it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kalm.atomic import replace_file
from kalm.pointer import POINTER, Release, ReleaseError, named, publish
from kalm.settings import settings
from review.training.changes import ChangeSet
from review.training.data_files import hash_of

_ID = re.compile(r"[0-9a-f]{8,32}")
_CHANGES = "changes.json"
_COMPARISON = "comparison.json"


@dataclass(frozen=True)
class ChangedFile:
    """A file as a candidate changes it.

    Attributes:
        name: see :class:`review.training.data_files.Place`.
        before: hash of its content before, "" for a new file.
        after: hash of its content after.
    """

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Kept:
    """What a candidate changes, as it is kept.

    Attributes:
        files: in order.
        learns: see :class:`review.training.changes.ChangeSet`, like the rest.
    """

    files: tuple[ChangedFile, ...]
    learns: dict[str, list[list[Any]]]
    asked: tuple[dict[str, str], ...]
    judged_by: tuple[str, ...]
    reviewed_by: tuple[str, ...]


@dataclass(frozen=True)
class CandidateFolder:
    """The folder of one candidate."""

    path: Path

    @property
    def tree(self) -> Path:
        """The working copy, while it trains."""
        return self.path / "tree"

    @property
    def made(self) -> Path:
        """Names of the model and the index that were made for it."""
        return self.path / "made"

    @property
    def log(self) -> Path:
        """What its process prints."""
        return self.path / "log.txt"

    @property
    def asked(self) -> Path:
        """The questions it learns from, for the measuring."""
        return self.path / "asked.json"

    def content(self, place: int, after: bool) -> bytes:
        """What stands in its file of that place, after it or before; nothing for a new file before."""
        path = self.path / ("after" if after else "before") / str(place)
        return path.read_bytes() if path.exists() else b""

    def changes(self) -> Kept:
        """What it changes.

        Raises:
            OSError: the folder is gone.
            ValueError: what stands in it is broken.
        """
        found = json.loads((self.path / _CHANGES).read_text(encoding="utf-8"))
        try:
            return Kept(
                tuple(ChangedFile(**one) for one in found["files"]),
                found["learns"],
                tuple(found["asked"]),
                tuple(found["judged_by"]),
                tuple(found["reviewed_by"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"{self.path.name}: {_CHANGES} is broken") from error

    def comparison(self) -> dict[str, Any] | None:
        """How it compares with the model before; None when that was not measured, or is broken."""
        try:
            found = json.loads((self.path / _COMPARISON).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def keep_comparison(self, comparison: dict[str, Any]) -> None:
        """Keep how it compares."""
        replace_file(self.path / _COMPARISON, json.dumps(comparison, ensure_ascii=False))

    def view(self, name: str, release: Release) -> Path:
        """A folder of models in which that release is the current one."""
        folder = self.path / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for path in (release.model, release.index):
            (folder / path.name).symlink_to(path)
        publish(release, folder)
        return folder

    def remove(self) -> None:
        """Remove all of it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def remove_work(self) -> None:
        """Remove what only the training needed."""
        for path in (self.tree, self.path / "current"):
            shutil.rmtree(path, ignore_errors=True)
        for path in (self.asked, self.made):
            path.unlink(missing_ok=True)


def home() -> Path:
    """Where all of them are; made when it is not there yet."""
    path = settings().var / "review" / "candidates"
    path.mkdir(parents=True, exist_ok=True)
    return path


def folder_of(candidate_id: str) -> CandidateFolder:
    """The folder of a candidate, whether or not it exists.

    Raises:
        ValueError: that is no id.
    """
    if not is_id(candidate_id):
        raise ValueError("no id of a candidate")
    return CandidateFolder(home() / candidate_id)


def is_id(name: str) -> bool:
    """Whether a candidate could have that id."""
    return _ID.fullmatch(name) is not None


def make_folder(candidate_id: str, changes: ChangeSet) -> CandidateFolder:
    """Write down what a candidate changes; the folder has its name only when it is whole."""
    made = folder_of(candidate_id)
    draft = made.path.with_name(f".{candidate_id}")
    for side in ("before", "after"):
        (draft / side).mkdir(parents=True)
    for place, change in enumerate(changes.files):
        if change.before is not None:
            (draft / "before" / str(place)).write_bytes(change.before)
        (draft / "after" / str(place)).write_bytes(change.after)
    kept = {
        "files": [
            {
                "name": one.name,
                "before": "" if one.before is None else hash_of(one.before),
                "after": hash_of(one.after),
            }
            for one in changes.files
        ],
        "learns": changes.learns,
        "asked": changes.asked,
        "judged_by": changes.judged_by,
        "reviewed_by": changes.reviewed_by,
    }
    replace_file(draft / _CHANGES, json.dumps(kept, ensure_ascii=False))
    draft.rename(made.path)
    return made


def remove_others(ids: Iterable[str]) -> None:
    """Remove every folder but those of some candidates: what broke off, and what nobody needs any more."""
    kept = set(ids)
    for path in home().iterdir():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def kept() -> set[Path]:
    """The models and indexes of all candidates that have a folder."""
    found: set[Path] = set()
    for path in home().glob(f"*/*/{POINTER}"):
        try:
            names = json.loads(path.read_text(encoding="utf-8"))
            release = named(str(names["model"]), str(names["index"]))
        except (OSError, KeyError, TypeError, ValueError, ReleaseError):
            continue
        found |= {release.model, release.index}
    return found
