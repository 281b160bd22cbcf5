"""``kalm search``: the ranking for a question, with what it rests on."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from kalm.release import load_index
from kalm.search.index import CANDIDATES


def search(
    question: Annotated[str, typer.Argument(help="De vraag, tussen aanhalingstekens.")],
    limit: Annotated[int, typer.Option(help="Hoeveel passages.", min=1, max=CANDIDATES)] = CANDIDATES,
    details: Annotated[bool, typer.Option("--details", help="Toon ook de kenmerken.")] = False,
) -> None:
    """Toon welke passages bij een vraag horen, met hun score."""
    index = load_index()
    matches = index.search(question)[:limit]
    console = Console(highlight=False)
    if not matches:
        console.print("Geen enkele passage heeft hier iets mee gemeen.")
        return
    table = Table("Kans", "Passage", "Kop")
    for name in index.feature_names if details else ():
        table.add_column(name.replace("_", "\n"), justify="right")
    for match in matches:
        values = [f"{value:.2f}" for value in match.features] if details else []
        table.add_row(f"{match.probability:.2f}", match.passage.id, match.passage.section, *values)
    console.print(table)
