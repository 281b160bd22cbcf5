"""``kalm check``: are the articles and sentences good enough to publish?"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from kalm.articles import Fault, check_articles, passages, read_articles
from kalm.sentences import SENTENCES, sentences
from kalm.settings import settings


def check(
    quiet: Annotated[bool, typer.Option("--quiet", help="Zeg alleen iets als er iets mis is.")] = False,
) -> None:
    """Controleer de artikelen: velden, bronnen, datums, lengtes, verwijzingen."""
    console = Console(highlight=False, soft_wrap=True)
    articles = read_articles(settings().articles)
    faults = [*check_articles(articles), *_check_starters([p.questions for p in passages(articles)])]
    blocking = [fault for fault in faults if fault.blocking]
    for fault in blocking:
        console.print(f"[red]fout[/red]    {escape(str(fault))}", markup=True)
    if not quiet:
        for fault in faults:
            if not fault.blocking:
                console.print(f"[yellow]concept[/yellow] {escape(str(fault))}", markup=True)
        shown = passages(articles)
        drafts = sum(section.draft for article in articles for section in article.sections)
        console.print(
            f"{len(articles)} artikelen, {len(shown)} passages, {drafts} secties als concept, "
            f"{sum(len(passage.questions) for passage in shown)} vragen."
        )
    if blocking:
        console.print(f"[red]{len(blocking)} fout(en); verbeter ze voordat Kalm hiermee antwoordt.[/red]")
        raise typer.Exit(1)
    if not quiet:
        console.print("[green]Alles in orde.[/green]")


def _check_starters(questions: list[tuple[str, ...]]) -> list[Fault]:
    known = {question for listed in questions for question in listed}
    return [
        Fault(
            SENTENCES,
            f"stelt '{starter}' voor, maar die vraag staat in geen artikel; kies er een die er staat",
        )
        for starter in sentences().starters
        if starter not in known
    ]
