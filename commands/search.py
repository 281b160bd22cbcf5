"""``kalm search``: the ranking for a question, with what it rests on."""

from __future__ import annotations

import textwrap
from typing import Annotated

import typer
from rich.console import Console

from commands.errors import CommandError
from kalm import release
from kalm.embedding import OtherEmbedderError
from kalm.search import Match
from kalm.search.calibration import feature_names
from kalm.search.index import CANDIDATES, SearchIndex

_INDENT = " " * 6


def search(
    question: Annotated[str, typer.Argument(help="De vraag, tussen aanhalingstekens.")] = "",
    limit: Annotated[int, typer.Option(help="Hoeveel passages.", min=1, max=CANDIDATES)] = CANDIDATES,
    details: Annotated[bool, typer.Option("--details", help="Toon ook de kenmerken.")] = False,
) -> None:
    """Toon welke passages bij een vraag horen, met hun kans."""
    if not any(letter.isalnum() for letter in question):
        raise CommandError(
            "Er staat geen vraag; zet haar tussen aanhalingstekens achter 'search', "
            'bijvoorbeeld: .venv/bin/python -m kalm search "helpt koffie"'
        )
    # Ids are to be copied: no line is cut, folded or taken for markup.
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    index = _index(console)
    matches = index.search(question)[:limit]
    if not matches:
        console.print("Geen enkele passage heeft hier iets mee gemeen.")
        return
    console.print("Kans  Passage, met daaronder haar kop", style="bold")
    for match in matches:
        console.print(f"{match.probability:.2f}  {match.passage.id}")
        console.print(f"{_INDENT}{match.passage.section}", style="dim")
        if details:
            console.print(_features(match, console.width))


def _index(console: Console) -> SearchIndex:
    """The index to search in, after a word when it is no longer that of the articles.

    Raises:
        CommandError: there is none that can be used here.
    """
    try:
        if release.current().index != release.wanted().index:
            console.print("De zoekindex is ouder dan de artikelen; draai 'make train'.", style="yellow")
        return release.load_index()
    except release.ReleaseError as error:
        raise CommandError("Er is nog geen zoekindex; draai 'make train'.") from error
    except OtherEmbedderError as error:
        raise CommandError(
            "De zoekindex is met een ander taalmodel gemaakt dan er nu staat; draai 'make train'."
        ) from error


def _features(match: Match, width: int) -> str:
    named = zip(feature_names(match.with_meaning), match.features, strict=True)
    return textwrap.fill(
        ", ".join(f"{name.replace('_', ' ')}\N{NO-BREAK SPACE}{value:.2f}" for name, value in named),
        width=width,
        initial_indent=_INDENT,
        subsequent_indent=_INDENT,
    )
