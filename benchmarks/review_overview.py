"""How long the overview and the first screen of the team take, on both databases.

Run as ``python -m benchmarks.review_overview``. A shop's messages are made up, with replies as large as
Kalm's own, and spread over the period. Each page is asked from the app itself, so the time holds its queries,
its plots and its HTML, and no network.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table
from starlette.testclient import TestClient

from benchmarks.postgresql import NoPostgreSQLError, postgresql
from review.access import members, sessions
from review.access.members import NewPassword
from review.access.passwords import new_password
from review.application import create_app
from review.requests import COOKIE
from review.states import Role
from storage.database import Database
from storage.migrate import migrate
from storage.schema import conversations, feedback, handovers, messages, review_items, team_members

MESSAGES = 100_000
PER_CONVERSATION = 4
ROUNDS = 5
_DAY = 24 * 60 * 60
_SHOWN_TEXT = "Rusteloze benen is een aandoening waarbij je de neiging hebt om je benen te bewegen. " * 8
_KINDS = ("answer", "no_answer", "referral", "handoff", "small_talk", "out_of_scope", "emergency")
_WEIGHTS = (62, 10, 8, 4, 10, 5, 1)
_SPANS = {"30 days": 30, "a year": 365}


def main() -> None:
    """Measure and print the table."""
    table = Table(title=f"{MESSAGES:,} messages; median and slowest of {ROUNDS}, in milliseconds")
    for column in ("messages of", "database", "page", "median", "slowest"):
        table.add_column(column, justify="right" if column in ("median", "slowest") else "left")
    with ExitStack() as stack:
        for name, span, days, address in _databases(stack):
            migrate(address)
            database = Database(address)
            _fill(database, days)
            client = _logged_in(database)
            for page, path in _pages(days).items():
                taken = [_ask(client, path) for _ in range(ROUNDS + 1)][1:]
                table.add_row(span, name, page, f"{median(taken):.0f}", f"{max(taken):.0f}")
            database.close()
    Console(width=120).print(table)


def _pages(days: int) -> dict[str, str]:
    first = time.strftime("%Y-%m-%d", time.gmtime(time.time() - (days - 1) * _DAY))
    return {
        "first screen": "/",
        "overview of all, per day": f"/overzicht?van={first}",
        "overview of all, per week": f"/overzicht?van={first}&per=week",
        "overview of the last week": "/overzicht?van="
        + time.strftime("%Y-%m-%d", time.gmtime(time.time() - 6 * _DAY)),
        "handed over": "/doorgegeven",
    }


def _databases(stack: ExitStack) -> Iterator[tuple[str, str, int, str]]:
    """Name, span in words and in days, and address of each; all are empty."""
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="kalm-benchmark-")))
    for span, days in _SPANS.items():
        yield "SQLite", span, days, f"sqlite:///{folder / f'{days}.db'}"
    for span, days in _SPANS.items():
        with suppress(NoPostgreSQLError):
            yield "PostgreSQL", span, days, stack.enter_context(postgresql()).format(name="postgres")


def _ask(client: TestClient, path: str) -> float:
    started = time.perf_counter()
    assert client.get(path).status_code == 200, path
    return (time.perf_counter() - started) * 1000


def _logged_in(database: Database) -> TestClient:
    now, password = time.time(), NewPassword.of(new_password(), "bea")
    with database.writing() as connection:
        if members.by_name(connection, "bea") is None:
            members.add(connection, "bea", "Bea Bos", Role.REVIEWER, password, now)
        connection.execute(team_members.update().values(must_change=False))
        member = members.by_name(connection, "bea")
    assert member is not None
    client = TestClient(create_app(database), base_url="http://localhost")
    client.cookies.set(COOKIE, sessions.start(database, member, now))
    return client


def _fill(database: Database, days: int) -> None:
    """Make up the conversations of so many days."""
    chance = random.Random(days)
    now = time.time()
    rows: dict[str, list[dict[str, object]]] = {
        "talks": [],
        "said": [],
        "judged": [],
        "asked": [],
        "items": [],
    }
    for _ in range(MESSAGES // PER_CONVERSATION):
        talk = secrets.token_hex(32)
        channel = chance.choice(("website", "website", "whatsapp"))
        began = now - chance.random() * days * _DAY
        rows["talks"].append(_conversation(talk, channel, began))
        for number in range(1, PER_CONVERSATION + 1):
            said = _message(chance, talk, channel, number, began + 40 * number)
            rows["said"].append(said)
            about = {"conversation_id": talk, "message_id": said["id"], "at": said["at"]}
            if said["kind"] == "answer" and chance.random() < 0.15:
                rows["judged"].append({**about, "helped": chance.random() < 0.7, "reason": ""})
            if said["kind"] == "handoff":
                rows["asked"].append({**about, "state": "open"})
            rows["items"].append(_item(chance, said))
    tables = (conversations, messages, feedback, handovers, review_items)
    with database.writing() as connection:
        for table, some in zip(tables, rows.values(), strict=True):
            connection.execute(table.insert(), some)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")


def _conversation(talk: str, channel: str, began: float) -> dict[str, object]:
    return {
        "id": talk,
        "channel": channel,
        "started_at": began,
        "last_at": began + 40 * PER_CONVERSATION,
        "last_event": 0,
        "last_message": PER_CONVERSATION,
        "slots": {},
    }


def _message(chance: random.Random, talk: str, channel: str, number: int, at: float) -> dict[str, object]:
    kind = chance.choices(_KINDS, _WEIGHTS)[0]
    shown = [
        f"artikel-{chance.randrange(20)}#kop-{chance.randrange(6)}" for _ in range(chance.choice((1, 1, 2)))
    ]
    passages = [{"id": one, "hash": "0" * 16} for one in shown] if kind == "answer" else []
    payload = {
        "kind": kind,
        "message": "",
        "passages": [
            {**one, "text": _SHOWN_TEXT, "article": "Artikel", "section": "Kop"} for one in passages
        ],
        "disclaimer": "Ik ben een chatbot, geen arts.",
    }
    return {
        "id": secrets.randbits(63),
        "conversation_id": talk,
        "number": number,
        "at": at,
        "channel": channel,
        "text": "helpt magnesium tegen rusteloze benen",
        "intent": "ask_product",
        "confidence": chance.random(),
        "kind": kind,
        "reply": [{"custom": payload}],
        "passages": passages,
        "milliseconds": round(chance.lognormvariate(3.8, 0.6)),
        "understood": {"ranking": [["ask_product", 0.9]], "entities": []},
    }


def _item(chance: random.Random, said: dict[str, object]) -> dict[str, object]:
    same = {name: said[name] for name in ("at", "channel", "intent", "confidence", "kind")}
    return {
        **same,
        "message_id": said["id"],
        "group_key": secrets.token_hex(16),
        "score": chance.random(),
        "reasons": [],
        "state": "new",
        "version": 0,
    }


if __name__ == "__main__":
    main()
