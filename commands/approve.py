"""``kalm approve``: record that a person read a text as it stands now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import typer
from rich.console import Console

from commands.errors import CommandError
from kalm.approval import Approvals, doubted_passages, read_approvals, write_approvals
from kalm.articles import passages, read_articles
from kalm.said import said
from kalm.settings import settings


def approve(
    by: Annotated[str, typer.Option("--door", help="Wie de teksten las: naam of functie.")],
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Namen van teksten of passages, zoals `kalm check` ze noemt."),
    ] = None,
    everything: Annotated[bool, typer.Option("--alles", help="Alles wat nieuw of veranderd is.")] = False,
) -> None:
    """Leg vast dat iemand deze teksten heeft nagekeken zoals ze nu zijn."""
    safety = {text.name: text.hash for text in said() if text.is_safety}
    articles = read_articles(settings().articles)
    shown = {passage.id: passage.hash for passage in passages(articles)}
    chosen = set(names or ())
    unknown = sorted(chosen - safety.keys() - shown.keys())
    if unknown:
        raise CommandError(f"'{unknown[0]}' bestaat niet; `kalm check` noemt de namen")
    before = read_approvals()
    doubted: set[str] = set()
    if everything:
        doubted = doubted_passages(before, articles) - chosen
        chosen |= (_changed(before.safety, safety) | _changed(before.passages, shown)) - doubted
    if not (chosen or everything) or not by.strip():
        raise CommandError("noem wie het las en welke teksten, of gebruik --alles; zie `kalm check`")
    mark = f"door {by.strip()} op {date.today()}"
    # What no longer exists is left out.
    write_approvals(
        Approvals(
            safety=_renewed(before.safety, safety, chosen, mark),
            passages=_renewed(before.passages, shown, chosen, mark),
        )
    )
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{len(chosen)} tekst(en) vastgelegd in data/approved.yml.")
    for name in sorted(doubted):
        console.print(
            f"Niet vastgelegd: {name}. `kalm check` zegt aan welke zin Kalm twijfelt; noem haar bij naam."
        )


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    return {name for name, text_hash in now.items() if not before.get(name, "").startswith(text_hash)}


def _renewed(
    before: Mapping[str, str], now: Mapping[str, str], chosen: set[str], mark: str
) -> dict[str, str]:
    kept = {name: approved for name, approved in before.items() if name in now}
    return kept | {name: f"{text_hash} {mark}" for name, text_hash in now.items() if name in chosen}
