from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from commands.asking import go_on

app = typer.Typer()


@app.command()
def ask() -> None:
    typer.echo(f"antwoord: {go_on('Alles gaat weg.')}")


@pytest.mark.parametrize(
    ("typed", "yes"),
    [("ja\n", True), ("J\n", True), ("y\n", True), ("\n", False), ("nee\n", False), ("hm\nja\n", True)],
)
def test_a_yes_in_dutch_goes_on(typed: str, yes: bool) -> None:
    done = CliRunner().invoke(app, input=typed)
    assert f"antwoord: {yes}" in done.output
    assert "Alles gaat weg. Doorgaan? [j/N]" in done.output
    assert ("Typ ja of nee." in done.output) == typed.startswith("hm")


def test_nobody_there_is_no_yes() -> None:
    done = CliRunner().invoke(app, input="")
    assert done.exit_code == 1
    assert "antwoord" not in done.output
