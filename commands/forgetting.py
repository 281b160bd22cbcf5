"""``kalm purge``, ``forget`` and ``rotate-key``: what must go, and who wrote it."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Annotated

import sqlalchemy as sa
import typer
from rich.console import Console

from commands.asking import go_on
from commands.database import opened
from commands.errors import CommandError
from commands.finding import ChannelOption, ConversationArgument, SenderOption, find
from kalm import logs
from kalm.privacy.pseudonyms import rotate
from kalm.settings import settings
from storage import erasure
from storage.database import Database
from storage.housekeeping import drop_unused_keys
from storage.retention import Removed
from storage.retention import purge as purge_database
from storage.schema import conversations, erasures


def purge() -> None:
    """Verwijder wat te lang bewaard is. De draaiende Kalm doet dit elke dag zelf."""
    with opened() as database:
        removed = purge_database(database, time.time())
        keys = drop_unused_keys(database)
        erasure.clean_files(database)
    files = logs.remove_old(datetime.now(timezone.utc))
    for line in _in_words(removed, len(files), keys):
        _print(line)


def _in_words(removed: Removed, files: int, keys: int) -> list[str]:
    days, review_days = settings().conversation_days, settings().review_days
    return [
        f"Gesprekken ouder dan {days} dagen, verwijderd: {removed.conversations}.",
        f"Berichten daaruit die los bewaard blijven tot ze {review_days} dagen oud zijn: {removed.loosened}.",
        f"Oude berichten, verwijderd: {removed.messages}.",
        f"Oude stappen van gesprekken die doorgaan, verwijderd: {removed.events}.",
        f"Bonnummers ouder dan een jaar, verwijderd: {removed.receipts}.",
        f"Resten van WhatsApp, verwijderd: {removed.of_whatsapp}.",
        f"Oude sessies, regels van het logboek en proeven van gasten, verwijderd: {removed.of_team}.",
        f"Logbestanden ouder dan {settings().log_days} dagen, verwijderd: {files}.",
        f"Oude sleutels die niemand meer gebruikt, verwijderd: {keys}.",
    ]


def forget(
    conversation: ConversationArgument = None,
    channel: ChannelOption = "",
    sender: SenderOption = "",
    sure: Annotated[bool, typer.Option("--ja", help="Vraag niet of het zeker is.")] = False,
) -> None:
    """Wis een gesprek overal, met een bonnummer: op zijn nummer, of op kanaal en afzender."""
    with opened() as database:
        found = find(database, conversation, channel, sender)
        what = f"{_description(database, found)} Wissen kan niet ongedaan gemaakt worden."
        if not sure and not go_on(what):
            raise typer.Exit(1)
        receipts = []
        for conversation_id in found:
            with database.writing() as connection:
                receipts.append(erasure.erase(connection, conversation_id, erasure.BY_SHOP))
        _clean(database)
    _print(f"Gewist. Bonnummer: {', '.join(receipts)}.")


def _description(database: Database, ids: list[str]) -> str:
    with database.reading() as connection:
        rows = connection.execute(sa.select(conversations).where(conversations.c.id.in_(ids))).all()
    return " ".join(
        f"Gesprek van {_time(row.started_at)} (UTC), {row.last_message} bericht(en)." for row in rows
    )


def receipt(number: Annotated[str, typer.Argument(help="Zoals K-7F3Q-29XM.")]) -> None:
    """Zoek een bonnummer op: wanneer er gewist is, en wie erom vroeg."""
    with opened() as database, database.reading() as connection:
        found = connection.execute(
            sa.select(erasures).where(erasures.c.receipt == number.strip().upper())
        ).one_or_none()
    if found is None:
        raise CommandError(f"there is no receipt {number}; they are kept for {erasure.KEPT_DAYS} days")
    who = "de bezoeker" if found.asked_by == erasure.BY_VISITOR else "de winkel"
    done = f"en om {_time(found.cleaned_at)} opgeruimd" if found.cleaned_at else "en wordt nog opgeruimd"
    _print(
        f"Op {_time(found.at)} (UTC) gewist op verzoek van {who}, {done}. Wat erin stond, is niet bewaard."
    )


def rotate_key() -> None:
    """Maak een nieuwe sleutel voor de pseudoniemen; lopende gesprekken gaan door."""
    names = rotate().names
    _print(
        f"Er is een nieuwe sleutel ({names[0]}). Start Kalm opnieuw. De oude blijft tot elk gesprek van "
        f"daarvoor over is, hoogstens {settings().conversation_days} dagen, en gaat dan vanzelf weg."
    )


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%d %H:%M")


def _clean(database: Database) -> None:
    """Empty the files too; a reader in the way is gone in a moment, and else the running Kalm does it."""
    deadline = time.monotonic() + 10
    while erasure.clean(database) == 0 and time.monotonic() < deadline:
        time.sleep(0.2)


def _print(text: str) -> None:
    Console(highlight=False, soft_wrap=True, markup=False).print(text)
