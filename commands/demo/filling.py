"""The team and the conversations of the demo; Kalm's own model answers what the made-up visitors ask."""

from __future__ import annotations

import secrets
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import yaml
from rich.console import Console
from sqlalchemy.engine import Connection

from kalm.settings import ROOT, settings
from review.access import members
from review.access.members import NewPassword, names
from review.states import Role
from storage.database import Database
from storage.messages import Message, judge, messages_of, store
from storage.schema import conversations, team_members

PASSWORD = "kalm-demo-wachtwoord"
DEMO_TEAM = {
    "bea": ("Bea Bos", Role.REVIEWER),
    "eva": ("Eva Evers", Role.EDITOR),
    "emiel": ("Emiel Eik", Role.EDITOR),
    "hans": ("Hans Hoek", Role.ADMINISTRATOR),
}
CONVERSATIONS = Path(__file__).parent / "conversations.yml"


def fill() -> None:
    """Fill the database of the settings, unless that was done before."""
    database = Database(settings().database_url)
    with database.reading() as connection:
        if names(connection):
            return
    console = Console(highlight=False)
    console.print("Verzonnen gesprekken maken (een halve minuut) ...")
    held = _hold_conversations()
    password = NewPassword.of(PASSWORD, "")
    with database.writing() as connection:
        for name, (full_name, role) in DEMO_TEAM.items():
            members.add(connection, name, full_name, role, password, time.time())
        connection.execute(team_members.update().values(must_change=False))
        for channel, said in held:
            _keep(connection, channel, said)
    database.close()


class _Said(NamedTuple):
    """A message, and what the visitor thought of the answer, None for nothing."""

    message: Message
    helped: bool | None


def _hold_conversations() -> list[tuple[str, list[_Said]]]:
    # Imported here: Rasa takes seconds to load, which no other command should pay.
    from commands.evaluation.local_bot import LocalBot, Session

    bot, small_talk = LocalBot(), _small_talk()
    today = datetime.now(ZoneInfo(settings().time_zone))
    held = []
    for conversation in yaml.safe_load(CONVERSATIONS.read_text(encoding="utf-8")):
        session = Session()
        said: list[_Said] = []
        at = _time(today, conversation["days_ago"], conversation["time"])
        for line in conversation["said"]:
            one = line if isinstance(line, dict) else {"text": line}
            understood = bot.understand(one["text"])
            reply = bot.say(understood, session)
            custom, response = reply.get("custom"), reply.get("response") or ""
            answered = {"data": {"custom": custom}} if custom else {"text": small_talk.get(response, "")}
            events: list[dict[str, Any]] = [
                {
                    "event": "user",
                    "text": one["text"],
                    "timestamp": at,
                    "input_channel": conversation["channel"],
                    "parse_data": understood.message,
                },
                {"event": "bot", **answered},
            ]
            (message,) = messages_of(events)
            said.append(_Said(message, one.get("helped")))
            at += 45
        held.append((conversation["channel"], said))
    return held


def _time(today: datetime, days_ago: int, time_of_day: str) -> float:
    """That time on that day, or a little ago where it is still to come."""
    hour, minute = map(int, time_of_day.split(":"))
    at = (today - timedelta(days=days_ago)).replace(hour=hour, minute=minute, second=0)
    return min(at.timestamp(), today.timestamp() - 600)


def _small_talk() -> dict[str, str]:
    """The text of each response of the domain."""
    found = {}
    for path in sorted((ROOT / "domain").glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, variants in (content.get("responses") or {}).items():
            found[name] = variants[0]["text"].replace("{introduction}", "")
    return found


def _keep(connection: Connection, channel: str, said: list[_Said]) -> None:
    conversation_id = secrets.token_hex(16)
    connection.execute(
        conversations.insert().values(
            id=conversation_id,
            channel=channel,
            started_at=said[0].message.at,
            last_at=said[-1].message.at,
            last_event=0,
            last_message=len(said),
            slots={},
        )
    )
    for number, (message, helped) in enumerate(said, 1):
        # Not all at the same pace, as with real visitors.
        store(connection, conversation_id, [message], number - 1, 90 + 7 * len(message.text) % 120)
        if helped is not None:
            judge(connection, conversation_id, number, message.at + 20, helped, "")
