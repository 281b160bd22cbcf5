"""``python -m benchmarks.side_by_side.floor PORT [DATABASE]``: a reply without a thought.

The server that Rasa stands on, with the same REST address, one sentence for an answer and, where a database
is named, one row kept for each message: on the disk before the answer goes, as Kalm keeps its conversations.
"""

from __future__ import annotations

import sqlite3
import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, text

from kalm.settings import LOOPBACK

_REPLY = "Dit antwoord is altijd hetzelfde."


def make_app(database: str | None) -> Sanic:
    """The server.

    Args:
        database: file of SQLite; None keeps nothing.
    """
    app = Sanic("floor")
    connection = None if database is None else _open(database)

    @app.get("/")
    async def health(request: Request) -> HTTPResponse:
        return text("ok")

    @app.post("/webhooks/rest/webhook")
    async def receive(request: Request) -> HTTPResponse:
        sender, message = request.json["sender"], request.json["message"]
        if connection is not None:
            with connection:
                connection.execute("INSERT INTO messages (sender, message) VALUES (?, ?)", (sender, message))
        return json([{"recipient_id": sender, "text": _REPLY}])

    return app


def _open(database: str) -> sqlite3.Connection:
    """A database as careful as Kalm's own (``storage.database``): a commit is on the disk when it returns."""
    connection = sqlite3.connect(database, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, sender TEXT, message TEXT)")
    connection.commit()
    return connection


if __name__ == "__main__":
    port, *rest = sys.argv[1:]
    make_app(rest[0] if rest else None).run(
        host=LOOPBACK, port=int(port), access_log=False, debug=False, motd=False
    )
