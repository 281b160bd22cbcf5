"""``/live`` and ``/ready`` of a running bot server, while what it needs goes and comes back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.schema import metadata, review_items
from tests.e2e.conftest import Servers, Visitor

pytestmark = pytest.mark.e2e


def ready(servers: Servers) -> httpx.Response:
    return httpx.get(f"{servers.bot_url}/ready", timeout=30)


def is_live(servers: Servers) -> bool:
    return httpx.get(f"{servers.bot_url}/live", timeout=30).json() == {"status": "live"}


def wait_until(servers: Servers, status: int) -> httpx.Response:
    deadline = time.monotonic() + 180
    while (answer := ready(servers)).status_code != status:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.2)
    return answer


def rows(servers: Servers) -> dict[str, int]:
    """How many rows each table has, but for the team's inbox, which still catches up."""
    database = Database(f"sqlite:///{servers.var / 'kalm.db'}")
    with database.reading() as connection:
        return {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table is not review_items
        }


def test_it_is_ready_and_nothing_is_left_of_how_it_found_out(servers: Servers) -> None:
    before = rows(servers)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ready(servers), range(40)))
    time.sleep(1.1)
    answers.append(ready(servers))
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, '{"status":"ready"}')}
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert rows(servers) == before
    assert httpx.head(f"{servers.bot_url}/ready", timeout=30).status_code == 200


def test_visitors_are_answered_while_it_is_asked(servers: Servers, visitor: Visitor) -> None:
    with ThreadPoolExecutor(2) as pool:
        asking = pool.submit(lambda: [ready(servers) for _ in range(40)])
        for _ in range(5):
            assert visitor.ask("wat is ferritine?")["kind"] == "answer"
        assert {answer.status_code for answer in asking.result()} == {200}


def stop(servers: Servers) -> Callable[[], None]:
    servers.kill("actions")
    return lambda: servers.start("actions")


def stall(servers: Servers) -> Callable[[], None]:
    group = servers.processes["actions"].pid
    os.killpg(group, signal.SIGSTOP)
    return lambda: os.killpg(group, signal.SIGCONT)


@pytest.mark.parametrize("harm", [stop, stall])
def test_without_the_action_server_it_is_not_ready_and_with_it_again(
    servers: Servers, harm: Callable[[Servers], Callable[[], None]]
) -> None:
    wait_until(servers, 200)
    undo = harm(servers)
    try:
        answer = wait_until(servers, 503)
        assert answer.json() == {"status": "not ready", "reason": "the action server does not answer"}
        assert is_live(servers)
        started = time.monotonic()
        time.sleep(1.1)
        assert ready(servers).status_code == 503
        assert time.monotonic() - started < 1.1 + 10, "it does not wait for what stalls"
    finally:
        undo()
    wait_until(servers, 200)
    assert "not ready for visitors reason=no_actions" in servers.log("bot")
    assert "ready for visitors again" in servers.log("bot")


def test_without_the_database_it_is_not_ready_and_with_it_again(servers: Servers) -> None:
    wait_until(servers, 200)
    files = list(servers.var.glob("kalm.db*"))
    for file in files:
        file.rename(file.with_name(f"weg-{file.name}"))
    try:
        answer = wait_until(servers, 503)
        assert answer.json()["reason"] == "the database cannot be read and written"
        assert is_live(servers)
    finally:
        for file in files:
            file.with_name(f"weg-{file.name}").rename(file)
    wait_until(servers, 200)
