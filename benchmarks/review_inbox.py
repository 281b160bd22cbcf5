"""``python -m benchmarks.review_inbox``: how soon the inbox opens, and how soon a judgement is kept.

A hundred thousand messages on SQLite and, where it is installed, PostgreSQL; both reach the disk with each
commit. The requests go through the whole app, the session and the page included, but over no network. Each is
asked for several times; the slowest counts too, for that is what somebody notices.
"""

from __future__ import annotations

import os
import random
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.parse import quote

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table
from starlette.testclient import TestClient

from benchmarks.postgresql import NoPostgreSQLError, postgresql
from commands.evaluation.data import DEVELOPMENT, read_messages
from kalm.language import normalise
from review.access import members, sessions
from review.access.members import Member, NewPassword
from review.application import create_app
from review.inbox.grouping import group_key
from review.inbox.keeping import warm_up
from review.inbox.scoring import REASONS, score_of
from review.requests import COOKIE, PREFIX
from review.states import ItemState, Role
from storage.database import Database
from storage.migrate import migrate
from storage.schema import conversations, messages, review_items
from web import create_app as create_web

MESSAGES = 100_000
_OF_A_CONVERSATION = 5
_AT_ONCE = 5000
_ROUNDS = 7
_DAYS = 90
_PASSWORD = "meting-batterij-nietje-juist"

_OPENED: Mapping[str, str] = {
    "newest first": "/postvak",
    "most instructive first": "/postvak?volgorde=leerzaam",
    "one intent": "/postvak?bedoeling=ask_treatment",
    "low confidence": "/postvak?zekerheid=laag",
    "one channel": "/postvak?kanaal=whatsapp",
    "one kind of reply": "/postvak?antwoord=no_answer",
    "what is approved": "/postvak?stand=approved",
    "everything": "/postvak?stand=alles",
    "one week": "/postvak?van={week}&tot={today}",
    "words": "/postvak?zoek=magnesium+nacht",
    "words that nobody typed": "/postvak?zoek=zwoefelkristal",
    "all filters at once": "/postvak?bedoeling=ask_rls&zekerheid=hoog&kanaal=website&antwoord=answer"
    "&van={week}&zoek=benen&volgorde=leerzaam",
    "a page further on": "/postvak?na={middle}",
    "the next one": "/postvak/volgende?na={middle}",
}
"""What is opened, by what it is called in the table."""


@dataclass(frozen=True)
class Team:
    """Somebody of the team with a browser.

    Attributes:
        csrf_token: of the session.
    """

    database: Database
    browser: TestClient
    csrf_token: str


def main() -> None:
    """Measure and print the table."""
    load = os.getloadavg()[0]
    results: dict[str, dict[str, list[float]]] = {}
    warm_up()  # as the web app does when it starts
    with ExitStack() as stack:
        for name, address in _databases(stack):
            team = _open(name, address)
            for what, milliseconds in _measurements(team):
                results.setdefault(what, {})[name] = milliseconds
            team.database.close()
    Console(width=120).print(_table(results, load))


def _databases(stack: ExitStack) -> Iterator[tuple[str, str]]:
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="kalm-benchmark-")))
    yield "SQLite", f"sqlite:///{folder / 'kalm.db'}"
    with suppress(NoPostgreSQLError):
        yield "PostgreSQL", stack.enter_context(postgresql()).format(name="postgres")


def _open(name: str, address: str) -> Team:
    migrate(address)
    database = Database(address)
    started = perf_counter()
    fill(database, MESSAGES)
    print(f"{name}: {MESSAGES} messages in {perf_counter() - started:.0f} s")
    now = time.time()
    password = NewPassword.of(_PASSWORD, "meting")
    with database.writing() as connection:
        members.add(connection, "meting", "Mia Meting", Role.REVIEWER, password, now)
        member = members.by_name(connection, "meting")
        assert member is not None
        members.set_password(connection, member, password, must_change=False)
    browser = TestClient(create_web(mounts={PREFIX: create_app(database)}), follow_redirects=False)
    return Team(database, browser, _log_in(database, browser, member, now))


def _log_in(database: Database, browser: TestClient, member: Member, now: float) -> str:
    token = sessions.start(database, member, now)
    session = sessions.find(database, token, now)
    assert session is not None
    browser.cookies.set(COOKIE, token, path=PREFIX)
    return session.csrf_token


def _measurements(team: Team) -> Iterator[tuple[str, list[float]]]:
    with team.database.reading() as connection:
        middle = connection.execute(
            sa.select(review_items.c.at, review_items.c.score, review_items.c.group_key)
            .order_by(review_items.c.at.desc())
            .offset(MESSAGES // 4)
            .limit(1)
        ).one()
    days = {name: time.strftime("%Y-%m-%d", time.localtime(time.time() - ago)) for name, ago in _BACK.items()}
    known = {"middle": quote(f"{middle.at!r}_{middle.score!r}_{middle.group_key}"), **days}
    for what, path in _OPENED.items():
        yield what, [_taken(lambda: _get(team, path.format(**known))) for _ in range(_ROUNDS)]  # noqa: B023
    ids = _some_new(team)
    yield "one message", [_taken(lambda: _get(team, f"/postvak/{id_}")) for id_ in islice(ids, _ROUNDS)]  # noqa: B023
    yield "a save", [_save(team, id_, alike=False) for id_ in islice(ids, _ROUNDS)]
    yield "a save with those alike", [_save(team, id_, alike=True) for id_ in islice(ids, _ROUNDS)]
    yield "undo", [_undo(team) for _ in range(_ROUNDS)]


_BACK = {"today": 0, "week": 7 * 86400}


def _some_new(team: Team) -> Iterator[int]:
    with team.database.reading() as connection:
        found = sa.select(review_items.c.message_id).where(review_items.c.state == ItemState.NEW.value)
        yield from connection.scalars(found.limit(5 * _ROUNDS)).all()


def _taken(ask: Callable[[], object]) -> float:
    started = perf_counter()
    ask()
    return (perf_counter() - started) * 1000


def _get(team: Team, path: str) -> str:
    answer = team.browser.get(f"{PREFIX}{path}")
    if answer.status_code not in (200, 303):
        raise RuntimeError(f"{path}: {answer.status_code}")
    return answer.text


def _save(team: Team, message_id: int, alike: bool) -> float:
    page = _get(team, f"/postvak/{message_id}")
    version = re.search(r'name="versie" value="(\d+)"', page)
    assert version is not None
    form = {
        "csrf_token": team.csrf_token,
        "versie": version[1],
        "bedoeling": "ask_rls",
        "zin": "waarom kriebelen mijn benen",
        "wat": "bewaar",
        **({"gelijke": "1e12"} if alike else {}),
    }
    return _post(team, f"/postvak/{message_id}", form)


def _undo(team: Team) -> float:
    return _post(team, "/postvak/ongedaan", {"csrf_token": team.csrf_token})


def _post(team: Team, path: str, form: Mapping[str, str]) -> float:
    started = perf_counter()
    answer = team.browser.post(f"{PREFIX}{path}", data=form)
    taken = (perf_counter() - started) * 1000
    if answer.status_code != 303:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return taken


def fill(database: Database, count: int) -> None:
    """Keep many messages with their items, as a shop has them: some asked often, most asked once.

    Args:
        database: of the newest schema.
        count: how many.
    """
    chance = random.Random(7)
    made = _made(chance, count)
    while some := list(islice(made, _AT_ONCE)):
        begun = [one for one in some if one[0]["number"] == 1]
        with database.writing() as connection:
            connection.execute(conversations.insert(), [_conversation(message) for message, _ in begun])
            connection.execute(messages.insert(), [message for message, _ in some])
            connection.execute(review_items.insert(), [item for _, item in some])
    if not database.is_sqlite:  # SQLite needs no such figures for these questions
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE"))


def _conversation(message: Mapping[str, object]) -> dict[str, object]:
    return {
        "id": message["conversation_id"],
        "sender": None,
        "sender_key": None,
        "channel": message["channel"],
        "started_at": message["at"],
        "last_at": message["at"],
        "last_event": 0,
        "last_message": _OF_A_CONVERSATION,
        "slots": {},
    }


def _made(chance: random.Random, count: int) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    asked = [message.text for message in read_messages(DEVELOPMENT) if message.sections]
    keys = {text: group_key(text, False) for text in asked}
    now = time.time()
    reply = [{"custom": {"kind": "answer", "passages": [{"id": "x#y", "text": "lorem " * 200}]}}]
    states = [ItemState.NEW] * 12 + [ItemState.APPROVED] * 5 + [ItemState.JUDGED, ItemState.SKIPPED]
    intents = [
        "ask_rls",
        "ask_treatment",
        "ask_product",
        "out_of_scope",
        "nlu_fallback",
        "ask_personal_advice",
    ]
    conversation, channel, at = "", "website", 0.0
    for number in range(count):
        place = number % _OF_A_CONVERSATION + 1
        if place == 1:
            conversation, channel = secrets.token_hex(32), chance.choice(["website", "website", "whatsapp"])
            at = now - chance.random() * _DAYS * 86400
        text = chance.choice(asked)
        key = keys[text]
        if chance.random() < 0.6:  # most are asked once
            text = f"{text} {number}"
            key = secrets.token_hex(16)
        confidence = chance.random()
        intent = chance.choice(intents)
        kind = chance.choice(["answer", "answer", "no_answer", "clarify", "small_talk"])
        id_ = secrets.randbits(63)
        reasons = chance.sample(list(REASONS), chance.randint(0, 3))
        shared = {
            "at": at + 30 * place,
            "channel": channel,
            "intent": intent,
            "confidence": confidence,
            "kind": kind,
        }
        yield (
            {
                "id": id_,
                "conversation_id": conversation,
                "number": place,
                "text": text,
                "reply": reply,
                "passages": [{"id": "x#y", "hash": "0" * 16}],
                "milliseconds": 120,
                "understood": {"ranking": [[intent, confidence], ["greet", confidence / 3]], "entities": []},
                **shared,
            },
            {
                "message_id": id_,
                "group_key": key,
                "score": score_of(reasons),
                "reasons": reasons,
                "state": chance.choice(states).value,
                "version": 1,
                "cluster": None,
                "words": normalise(text),
                **shared,
            },
        )


def _table(results: Mapping[str, Mapping[str, list[float]]], load: float) -> Table:
    names = list(next(iter(results.values())))
    table = Table(
        title=f"{MESSAGES} messages, {_ROUNDS} times each; load at the start {load:.1f}", title_justify="left"
    )
    table.add_column("milliseconds: median (slowest)")
    for name in names:
        table.add_column(name, justify="right")
    for what, by_database in results.items():
        taken = (by_database[name] for name in names)
        table.add_row(what, *(f"{median(each):.0f} ({max(each):.0f})" for each in taken))
    return table


if __name__ == "__main__":
    main()
