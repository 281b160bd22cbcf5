"""A shop with a handful of examples instead of all of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalm.settings import load_settings, settings
from review.conflicts import results, sentences
from tests.review.second_look.conftest import judged  # noqa: F401  (fixture)

EXAMPLES = {
    "talk.yml": {
        "greet": ["hoi", "Hallo", "hoi hoi", "dag"],
        "goodbye": ["tot ziens", "Dag", "doei"],
        "ask_treatment": ["helpt [yoga](treatment)", "wat kan ik doen tegen rls"],
    },
    "danger.yml": {"report_crisis": ["ik wil niet meer leven", "zo wil ik niet verder"]},
}


def write(folder: Path, files: dict[str, dict[str, list[str]]]) -> None:
    for name, intents in files.items():
        blocks = [
            f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {line}\n" for line in lines)
            for intent, lines in intents.items()
        ]
        (folder / name).write_text("nlu:\n" + "".join(blocks), encoding="utf-8")


@pytest.fixture
def examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the examples; nothing is kept of a look."""
    folder = tmp_path / "nlu"
    folder.mkdir()
    write(folder, EXAMPLES)
    monkeypatch.setattr(sentences, "FOLDER", folder)
    own = load_settings(**{**settings().dict(), "var": tmp_path / "var"})
    monkeypatch.setattr(results, "settings", lambda: own)
    (tmp_path / "var" / "review").mkdir(parents=True)
    return folder
