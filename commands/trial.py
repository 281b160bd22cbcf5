"""``kalm trial``: a candidate answers line by line; the web app starts this for a guest.

A line ``{"session": ..., "text": ...}`` on standard input gives a line ``{"replies": [...]}`` on standard
output, or ``{"error": ...}``; before the first one stands ``{"ready": true}``. It ends as soon as its input
does.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer
import yaml

from commands.environment import ONE_THREAD, rasa_environment
from commands.errors import CommandError
from kalm import fixed_replies, release
from kalm.settings import ROOT, settings
from review.training.folders import folder_of

if TYPE_CHECKING:
    from commands.evaluation.local_bot import LocalBot, Session

_NICE = 10
"""Visitors' answers go before."""

_WARM_UP = b'{"session": "", "text": "wat is rls"}'


def trial(
    candidate_id: Annotated[str, typer.Argument(help="Nummer van de kandidaat, zoals op het scherm.")],
) -> None:
    """Laat een kandidaat antwoorden, vraag voor vraag; hoort bij een gastlink."""
    os.nice(_NICE)
    try:
        models = folder_of(candidate_id).path / "models"
    except ValueError as error:
        raise CommandError(f"there is no candidate {candidate_id!r}; a guest link starts this") from error
    to_web, lines = _own_output(), _own_input()
    os.environ.update({**rasa_environment(), **ONE_THREAD, "KALM_MODELS": str(models)})
    settings.cache_clear()
    release.pin(release.current().index)
    # Imported here: Rasa takes seconds to load, which no other command should pay.
    from commands.evaluation.local_bot import LocalBot

    bot, sessions = LocalBot(), dict[str, "Session"]()
    answer(bot, {}, _WARM_UP)
    _say(to_web, {"ready": True})
    while True:
        _say(to_web, answer(bot, sessions, lines.get()))


def answer(bot: LocalBot, sessions: dict[str, Session], line: bytes) -> dict[str, Any]:
    """What the candidate says to a line of the web app.

    Args:
        bot: the candidate.
        sessions: the conversations so far, by name; one that is new is added.
        line: JSON with ``session`` and ``text``.

    Returns:
        ``replies``, or ``error`` with the type of the error: its message might quote what a guest typed.
    """
    try:
        asked = json.loads(line)
        return {"replies": [_reply(bot, sessions, asked["session"], asked["text"])]}
    except Exception as error:  # the next question gets an answer all the same
        return {"error": type(error).__name__}


def _reply(bot: LocalBot, sessions: dict[str, Session], session: str, typed: str) -> dict[str, Any]:
    from channels.visitor import clean_text
    from commands.evaluation.local_bot import Session

    text = clean_text(typed)
    if not text:
        return {"custom": fixed_replies.empty().payload}
    said = bot.say(bot.understand(text), sessions.setdefault(session, Session()))
    if said.get("custom"):
        return {"custom": said["custom"]}
    return {"text": said.get("text") or _small_talk(said)}


def _small_talk(said: dict[str, Any]) -> str:
    """The words of a response of the domain, as Rasa would fill them in."""
    path = ROOT / "domain" / "responses.yml"
    responses = yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return str(responses[said["response"]][0]["text"]).format(introduction=said.get("introduction", ""))


def _own_output() -> IO[str]:
    """Standard output for replies alone: whatever else is printed goes where errors go."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


def _own_input() -> SimpleQueue[bytes]:
    """The lines of standard input as they come; at their end this process ends, whatever it is doing."""
    lines: SimpleQueue[bytes] = SimpleQueue()

    def read() -> None:
        rest = b""
        # Not by way of sys.stdin: Python aborts when it ends while a thread waits in there.
        while piece := os.read(sys.stdin.fileno(), 64 * 1024):
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                lines.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _say(to_web: IO[str], said: dict[str, Any]) -> None:
    to_web.write(json.dumps(said) + "\n")
    to_web.flush()
