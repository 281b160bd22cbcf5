"""The same over REST with PostgreSQL: kept, gone for a while, forgotten."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from kalm.sentences import sentences
from storage.database import Database
from storage.schema import erasures, messages, metadata, request_counts
from tests.e2e.conftest import Visitor, running_servers
from tests.storage.conftest import new_postgresql, postgresql_server
from tests.storage.test_faults import allow_connections

__all__ = ["postgresql_server"]  # the fixture
pytestmark = pytest.mark.e2e
CANARY = "kanariepiet"


def test_a_conversation_is_kept_goes_on_after_an_outage_and_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgresql_server: str
) -> None:
    address = new_postgresql(postgresql_server)
    monkeypatch.setenv("KALM_DATABASE", address)
    database = Database(address)
    with running_servers(tmp_path) as servers:
        visitor = Visitor(servers)
        ready = f"{servers.bot_url}/webhooks/rest/ready"

        visitor.ask(f"ik ben zwanger en heb een {CANARY}, hoeveel magnesium mag ik?")
        database.close()
        allow_connections(database, False)
        assert visitor.ask("helpt magnesium bij rusteloze benen?")["kind"] == "failure"
        assert "112" in visitor.ask("ik heb ineens pijn op de borst")["text"]
        assert httpx.get(ready, timeout=30).status_code == 503
        allow_connections(database, True)
        assert httpx.get(ready, timeout=30).status_code == 200
        assert "zwanger" in visitor.ask("helpt magnesium bij rusteloze benen?")["text"]
        with database.reading() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(messages)) == 2

        visitor.ask("vergeet mij")
        assert "bonnummer" in visitor.ask(sentences().forget_yes)["text"]
        with database.reading() as connection:
            left = {
                table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
                for table in metadata.sorted_tables
            }
        # How often somebody asked leads to no conversation, and goes within minutes.
        del left[request_counts.name]
        assert left.pop(erasures.name) == 1
        assert set(left.values()) == {0}
        for path in servers.logs.rglob("*"):
            assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path
    database.close()
