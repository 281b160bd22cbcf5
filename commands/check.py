"""``kalm check``: are the articles and sentences good enough to publish?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from kalm.approval import read_approvals, stale_passages, stale_safety_texts
from kalm.articles import Article, Fault, check_articles, passages, read_articles
from kalm.articles.reviewing import unreviewed
from kalm.safety.claims import claim_message, claims_in
from kalm.said import Said, said
from kalm.sentences import SENTENCES, sentences
from kalm.settings import settings
from review.training.export import finish_interrupted

_SHOW_DRAFTS = ".venv/bin/python -m kalm check --concepten"


def check(
    quiet: Annotated[bool, typer.Option("--quiet", help="Zeg alleen iets als er iets mis is.")] = False,
    drafts: Annotated[
        bool, typer.Option("--concepten", help="Noem ook alles wat er aan de concepten nog mist.")
    ] = False,
) -> None:
    """Controleer de artikelen en wat Kalm zelf zegt: vorm, bronnen, beweringen, en wie het nakeek."""
    console = Console(highlight=False, soft_wrap=True)
    finish_interrupted()
    articles = read_articles(settings().articles)
    faults = _faults(articles)
    blocking = [fault for fault in faults if fault.blocking]
    if not quiet:
        _print_drafts(console, [fault for fault in faults if fault.draft], drafts)
        _print(console, "[yellow]let op[/yellow]  ", (f for f in faults if f.remark and not f.draft))
        console.print(_counts(articles))
    _print(console, "[red]fout[/red]    ", blocking)
    if blocking:
        console.print(f"[red]{len(blocking)} fout(en); verbeter ze voordat Kalm hiermee antwoordt.[/red]")
        raise typer.Exit(1)
    if not quiet:
        console.print("[green]Alles in orde.[/green]")


def what_blocks(articles: list[Article]) -> list[Fault]:
    """The faults with which Kalm should not answer."""
    return [fault for fault in _faults(articles) if fault.blocking]


def _faults(articles: list[Article]) -> list[Fault]:
    approvals, texts = read_approvals(), said()
    return [
        *check_articles(articles),
        *_check_starters([p.questions for p in passages(articles)]),
        *_check_claims(texts),
        *stale_safety_texts(approvals, texts),
        *stale_passages(approvals, articles),
        *unreviewed(articles, date.today()),
    ]


def _print(console: Console, label: str, faults: Iterable[Fault]) -> None:
    for fault in faults:
        console.print(f"{label}{escape(str(fault))}", markup=True)


def _print_drafts(console: Console, faults: list[Fault], all_of_them: bool) -> None:
    if all_of_them:
        _print(console, "[yellow]concept[/yellow] ", faults)
    elif faults:
        console.print(f"[yellow]concept[/yellow] {len(faults)} opmerking(en); toon ze: {_SHOW_DRAFTS}")


def _counts(articles: list[Article]) -> str:
    shown = passages(articles)
    waiting = sum(section.draft for article in articles for section in article.sections)
    return (
        f"{len(articles)} artikelen, {len(shown)} passages, {waiting} secties als concept, "
        f"{sum(len(passage.questions) for passage in shown)} vragen."
    )


def _check_claims(texts: list[Said]) -> list[Fault]:
    """What Kalm says itself may not claim anything either."""
    return [
        Fault(text.path, claim_message(f"'{text.name}'", claim), line=text.line)
        for text in texts
        if not text.is_rule
        for claim in claims_in(text.text)
    ]


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
