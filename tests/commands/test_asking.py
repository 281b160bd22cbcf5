from __future__ import annotations

from collections.abc import Iterator

import pytest
import typer

from commands.asking import go_on


@pytest.mark.parametrize(
    ("typed", "yes"),
    [(["ja"], True), (["J"], True), (["y"], True), ([""], False), (["nee"], False), (["hm", "ja"], True)],
)
def test_a_yes_in_dutch_goes_on(monkeypatch: pytest.MonkeyPatch, typed: list[str], yes: bool) -> None:
    answers: Iterator[str] = iter(typed)
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: next(answers))
    assert go_on("Alles gaat weg.") is yes
    assert list(answers) == []
