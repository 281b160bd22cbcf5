from __future__ import annotations

import os
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from commands.doctor import reaching
from commands.doctor.subjects import database as subject
from storage import migrate
from tests.commands.doctor.conftest import Examine, all_good, faults, told, warnings
from tests.storage.conftest import migrated_postgresql, new_postgresql, postgresql_server  # noqa: F401


def test_a_database_of_this_version(examined: Examine, database: Path) -> None:
    found = examined(subject.look)
    assert all_good(found)
    assert sqlite3.sqlite_version in told(found)


def test_looking_changes_neither_files_nor_modes(examined: Examine, database: Path) -> None:
    database.chmod(0o644)
    before = (database.read_bytes(), database.stat().st_mode, database.stat().st_mtime_ns)
    assert all_good(examined(subject.look))
    assert (database.read_bytes(), database.stat().st_mode, database.stat().st_mtime_ns) == before
    assert [path.name for path in database.parent.iterdir()] == ["kalm.db"]


def test_no_file(examined: Examine, here: Path) -> None:
    (found,) = faults(examined(subject.look))
    assert (found.where, "kalm migrate" in found.remedy) == ("KALM_DATABASE", True)
    assert list((here / "var").iterdir()) == []


def test_a_file_that_is_no_database(examined: Examine, here: Path) -> None:
    (here / "var" / "kalm.db").write_bytes(b"een plaatje" * 1000)
    (found,) = faults(examined(subject.look))
    assert "not a database" in found.what


def test_an_old_and_a_newer_schema(examined: Examine, database: Path) -> None:
    for revision, remedy in (("0001", "kalm migrate"), ("9999", "version of Kalm that made it")):
        with sqlite3.connect(database) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.close()
        (found,) = faults(examined(subject.look))
        assert revision in found.what
        assert remedy in found.remedy


def test_an_empty_database(examined: Examine, here: Path) -> None:
    sqlite3.connect(here / "var" / "kalm.db").close()
    (here / "var" / "kalm.db").touch()
    (found,) = faults(examined(subject.look))
    assert "no schema yet" in found.what
    assert "kalm migrate" in found.remedy


def test_a_file_that_cannot_be_written(
    examined: Examine, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    found = faults(examined(subject.look))
    assert [one.where for one in found] == [str(database), str(database.parent)]


def test_a_library_that_is_too_old(
    examined: Examine, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 23, 1))
    (found,) = faults(examined(subject.look))
    assert "3.23.1 is too old" in found.what


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://kalm:zeergeheim@wachtwoord@localhost:1/kalm",
        "postgresql://kalm:zeergeheim@x/wachtwoord@localhost:1/kalm",
        "postgresql://kalm:zeergeheim:wachtwoord@localhost:poort/kalm",
        "postgresql://kalm:zeergeheim#wachtwoord@localhost:1/kalm",
        "postgresql://kalm:zeer%67eheim@localhost:1/kalm?sslmode=wachtwoord",
        "postgres://kalm:zeergeheim@localhost/wachtwoord",
        "zeergeheimwachtwoord",
        "postgresql://kalm:zeergeheim@localhost:1/kalm",
    ],
)
def test_nothing_of_a_password_is_told_whatever_the_address(examined: Examine, address: str) -> None:
    found = faults(examined(subject.look, database=address))
    assert [one.where for one in found] == ["KALM_DATABASE"]
    assert found[0].remedy
    for piece in ("zeergeheim", "zeer%67eheim", "wachtwoord"):
        assert piece not in told(found)


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_server_that_says_nothing_is_given_up(
    examined: Examine, silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaching, "GIVE_UP", 0.5)
    began = time.monotonic()
    (found,) = faults(examined(subject.look, database=f"postgresql://kalm@127.0.0.1:{silent}/kalm"))
    assert "did not answer within 0.5 s" in found.what
    assert time.monotonic() - began < 3


@pytest.fixture
def postgresql_address(postgresql_server: str, migrated_postgresql: str) -> str:  # noqa: F811
    """A database with the newest schema."""
    return new_postgresql(postgresql_server, migrated_postgresql)


@pytest.mark.database
class TestPostgreSQL:
    def run(self, address: str, *statements: str) -> None:
        engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
        engine.dispose()

    def test_of_this_version(self, examined: Examine, postgresql_address: str) -> None:
        assert all_good(examined(subject.look, database=postgresql_address))

    def test_of_an_older_version(self, examined: Examine, postgresql_address: str) -> None:
        self.run(postgresql_address, "UPDATE alembic_version SET version_num = '0001'")
        (found,) = faults(examined(subject.look, database=postgresql_address))
        assert migrate.newest() in found.what

    def test_a_server_that_is_too_old(
        self, examined: Examine, postgresql_address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(subject, "OLDEST_POSTGRESQL", 10**6)
        (found,) = faults(examined(subject.look, database=postgresql_address))
        assert "too old" in found.what

    def test_a_user_that_may_not_write(self, examined: Examine, postgresql_address: str) -> None:
        self.run(
            postgresql_address,
            "DROP ROLE IF EXISTS looker",
            "CREATE ROLE looker LOGIN",
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker",
            "GRANT INSERT, UPDATE, DELETE ON messages TO looker",
        )
        url = make_url(postgresql_address).set(username="looker")
        (found,) = faults(examined(subject.look, database=str(url)))
        assert "conversations" in found.what
        assert "messages" not in found.what.replace("whatsapp", "")

    def test_a_database_that_is_read_only(self, examined: Examine, postgresql_address: str) -> None:
        name = make_url(postgresql_address).database
        self.run(postgresql_address, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        (found,) = faults(examined(subject.look, database=postgresql_address))
        assert "default_transaction_read_only" in found.what

    def test_a_copy_that_follows_another(self, examined: Examine, postgresql_address: str) -> None:
        with patch.object(subject, "_IS_A_COPY", "SELECT true"):
            (found,) = faults(examined(subject.look, database=postgresql_address))
        assert "follows" in found.what

    def test_an_encoding_that_cannot_keep_everything(
        self,
        examined: Examine,
        postgresql_server: str,  # noqa: F811
    ) -> None:
        self.run(
            postgresql_server.format(name="postgres"),
            "DROP DATABASE IF EXISTS latin",
            "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'",
        )
        address = postgresql_server.format(name="latin")
        migrate.migrate(address)
        (found,) = warnings(examined(subject.look, database=address))
        assert "UTF8" in found.what
