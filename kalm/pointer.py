"""Which model and which index servers load: a small file that names a pair.

Apart from :mod:`kalm.release`, which loads what a model is made of: who only starts processes needs none of
that in memory.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from kalm.atomic import replace_file
from kalm.settings import settings

POINTER = "release.json"


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

    @property
    def names(self) -> tuple[str, str]:
        """Names of model and index in the folder for models."""
        return self.model.name, self.index.name

    @property
    def is_there(self) -> bool:
        """Whether both exist."""
        return self.model.exists() and self.index.exists()


def named(model: str, index: str) -> Release:
    """The release of these names, whether or not it exists.

    Raises:
        ReleaseError: a name is no name of a file, or leads out of the folder for models.
    """
    for name in (model, index):
        if not name or name != Path(name).name or name.startswith("."):
            raise ReleaseError(f"{name!r} is no name of a model or an index")
    return Release(settings().models / model, settings().models / index)


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


def publish(release: Release, models: Path | None = None) -> None:
    """Make ``release`` the current one, in one step: a server that starts meanwhile sees old or new.

    Args:
        release: both its names stand in the folder.
        models: a folder of models other than that of the settings.
    """
    content = json.dumps({"model": release.model.name, "index": release.index.name}, indent=1)
    replace_file((models or settings().models) / POINTER, content + "\n")
