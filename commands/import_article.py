"""``kalm import``: a web page or file becomes a draft article."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer
from rich.console import Console

from commands.errors import CommandError
from kalm.articles.drafting import draft, make_slug, what_is_missing
from kalm.articles.importing import ArticleImportError, read_source
from kalm.settings import settings


def import_article(
    source: Annotated[str, typer.Argument(help="Een bestand, of een adres met https://")],
) -> None:
    """Maak van een webpagina, tekst of Markdown een conceptartikel."""
    try:
        imported = read_source(source)
    except ArticleImportError as error:
        raise CommandError(f"Niets geïmporteerd: {error}.") from error
    target = settings().articles / f"{make_slug(imported.title)}.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(draft(imported, date.today()))
    except FileExistsError:
        raise CommandError(
            f"Niets geïmporteerd: {target} bestaat al en wordt nooit overschreven; "
            "geef het oude bestand een andere naam of verander de titel."
        ) from None
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(f"Gemaakt: {target} met {len(imported.sections)} secties, allemaal als concept.")
    for note in what_is_missing(imported):
        console.print(f"- {note}")
    console.print("Draai daarna '.venv/bin/python -m kalm check --concepten'.")
