"""What stays in memory as long as Kalm runs loads nothing that only a training needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kalm.settings import ROOT

HEAVY = ("rasa", "tensorflow", "sklearn", "scipy", "pandas", "matplotlib")


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("review.application, web", HEAVY),
        ("commands.supervising.supervisor", (*HEAVY, "spacy", "numpy", "sqlalchemy")),
    ],
)
def test_it_loads_nothing_heavy(module: str, heavy: tuple[str, ...]) -> None:
    say = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", say], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
