"""Two bots that start at the same time, as ``kalm run`` starts one, on a database that is not there yet."""

from __future__ import annotations

import shlex
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from commands.run import commands_of_servers
from storage.database import Database
from storage.schema import conversations, messages
from tests.e2e.conftest import Servers, Visitor, free_ports, wait_for_bot
from tests.e2e.test_faults import over_rest
from tests.storage.conftest import new_postgresql, postgresql_server

__all__ = ["postgresql_server"]  # the fixture
pytestmark = pytest.mark.e2e

START = "{python} -m kalm migrate && exec {bot}"


@pytest.mark.parametrize("sort", ["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def test_two_bots_that_start_at_once_on_an_empty_database(
    servers: Servers, sort: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path / 'kalm.db'}"
    if sort == "postgresql":
        address = new_postgresql(request.getfixturevalue("postgresql_server"))
    start = START.format(python=sys.executable, bot=shlex.join(commands_of_servers()["bot"]))
    names = [f"{sort} one", f"{sort} two"]
    bots = []
    try:
        for name, port in zip(names, free_ports(2), strict=True):
            own = {"KALM_BOT_PORT": str(port), "KALM_DATABASE": address, "KALM_VAR": str(tmp_path)}
            servers.start(name, own, command=["sh", "-c", start])
            bots.append(replace(servers, bot_url=f"http://127.0.0.1:{port}"))
        for bot in bots:
            wait_for_bot(bot)
        sender = Visitor(servers).sender
        with ThreadPoolExecutor(6) as pool:
            said = [pool.submit(over_rest, Visitor(bots[number % 2], sender)) for number in range(6)]
            assert {one.result().kind for one in said} <= {"answer", "source"}
    finally:
        for name in names:
            servers.kill(name)
            del servers.processes[name]
    database = Database(address)
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(conversations)) == 1
        found = sa.select(messages.c.number).order_by(messages.c.number)
        assert list(connection.scalars(found)) == list(range(1, 7))
    database.close()
