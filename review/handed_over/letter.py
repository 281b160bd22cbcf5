"""The e-mail that tells the team of visitors who asked for a person; it has no word of theirs in it.

An e-mail goes past other people's computers and stays there. What a visitor told is about their health, so
the team reads it on the screens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from kalm.settings import Settings
from review import words
from review.clock import local_time
from review.requests import PREFIX

MOST_LISTED = 20
"""Requests that are listed by themselves; of more the number is told."""

_CLOSING = (
    "In deze mail staat met opzet niets van wat de bezoeker schreef. "
    "Het gesprek lees je op het scherm, na het inloggen."
)


@dataclass(frozen=True)
class Asked:
    """A visitor asked for a person.

    Attributes:
        id: of the handover.
        at: when, in seconds since 1970.
        channel: name of the channel.
    """

    id: int
    at: float
    channel: str


def letter(asked: Sequence[Asked], chosen: Settings, now: float) -> EmailMessage:
    """One e-mail about all of these, in order of time.

    Args:
        asked: at least one.
        chosen: the settings, with sender and receivers.
        now: seconds since 1970.
    """
    message = EmailMessage()
    message["Subject"] = (
        "Iemand wil een medewerker spreken"
        if len(asked) == 1
        else f"{len(asked)} keer gevraagd om een medewerker"
    )
    message["From"] = chosen.mail_from
    message["To"] = ", ".join(chosen.mail_receivers)
    message["Date"] = format_datetime(local_time(now))
    message["Message-ID"] = make_msgid("kalm", chosen.mail_from.rpartition("@")[2])
    # So that no holiday reply comes back (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(_lines(asked, f"{chosen.article_base}{PREFIX}/doorgegeven")))
    return message


def _lines(asked: Sequence[Asked], address: str) -> list[str]:
    lines = ["Bij Kalm is gevraagd om een medewerker:", ""]
    for one in asked[:MOST_LISTED]:
        when = local_time(one.at)
        how = words.channel(one.channel)
        lines += [f"- op {words.day(when.date())} om {when:%H:%M}, via {how}", f"  {address}/{one.id}"]
    if len(asked) > MOST_LISTED:
        lines += [f"- en nog {len(asked) - MOST_LISTED} keer", f"  {address}"]
    return [*lines, "", _CLOSING]
