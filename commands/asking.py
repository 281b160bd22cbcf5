"""Asks a person at a terminal whether to go on, in Dutch."""

from __future__ import annotations

import typer

_YES = {"j", "ja", "y", "yes"}
_NO = {"", "n", "nee", "no"}


def go_on(what_happens: str) -> bool:
    """Whether the person says yes; an empty answer is a no, and anything else is asked again.

    Args:
        what_happens: a sentence that tells it.

    Raises:
        typer.Abort: nobody is there to answer.
    """
    while True:
        answer = typer.prompt(f"{what_happens} Doorgaan? [j/N]", default="", show_default=False)
        if answer.strip().lower() in _YES | _NO:
            return answer.strip().lower() in _YES
        typer.echo("Typ ja of nee.")
