"""Which conversation a person means who types a command."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.errors import CommandError
from kalm.logs.fields import CHANNELS
from kalm.privacy.pseudonyms import has_key, key_file, pseudonyms
from kalm.privacy.receipts import RECEIPT
from storage.conversations import Conversations, beginning_with
from storage.database import Database

ConversationArgument = Annotated[
    str | None, typer.Argument(help="Nummer van het gesprek, of het begin ervan zoals het in het log staat.")
]
ChannelOption = Annotated[
    str, typer.Option("--kanaal", help=f"Kanaal van de afzender: {', '.join(sorted(CHANNELS))}.")
]
SenderOption = Annotated[str, typer.Option("--afzender", help="De afzender, zoals een telefoonnummer.")]


SHORTEST = 16
"""Digits of a conversation's number that are enough: as many as the log shows."""


def find(database: Database, number: str | None, channel: str, sender: str) -> list[str]:
    """The ids of a conversation, by the beginning of its number, or of all of a sender.

    Raises:
        CommandError: there is none, there are several of that number, both ways or neither were used, or the
            key is gone.
    """
    if bool(number) == bool(channel and sender):
        raise CommandError("name a conversation, or give --kanaal and --afzender")
    if number:
        return [_by_number(database, number)]
    if channel not in CHANNELS:
        raise CommandError(f"there is no channel {channel!r}; choose from {', '.join(sorted(CHANNELS))}")
    if not has_key():
        raise CommandError(
            f"there is no {key_file()} and no KALM_PSEUDONYM_KEY, so a sender cannot be found; give the key "
            "that Kalm ran with, or the number of the conversation"
        )
    found = Conversations(database, pseudonyms()).find_all(channel, sender)
    if not found:
        raise CommandError("this sender has no conversation here, or it is gone already")
    return found


def _by_number(database: Database, number: str) -> str:
    if RECEIPT.fullmatch(number.strip().upper()):
        raise CommandError(
            f"{number} is the receipt of a conversation that is gone; look it up with "
            "'python -m kalm receipt'"
        )
    if len(number) < SHORTEST:
        raise CommandError(f"give at least the {SHORTEST} digits that the log shows")
    with database.reading() as connection:
        begins = beginning_with(connection, number)
    if len(begins) != 1:
        how_many = "no conversation" if not begins else "more than one conversation"
        raise CommandError(f"there is {how_many} whose number begins with {number}")
    return begins[0]
