from __future__ import annotations

import gzip
import json
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage.backup import Content, backup, restore
from storage.conversations import Conversations
from storage.database import Database
from storage.erasure import BY_SHOP, erase
from storage.errors import StorageError
from storage.migrate import migrate, newest, revisions
from storage.schema import conversations, events, feedback, metadata
from tests.storage.conftest import new_postgresql
from tests.storage.test_conversations import known
from tests.storage.test_messages import bot, keep, slot, user
from tests.storage.test_tracker_store import open_store, said, saved

__all__ = ["known"]  # the fixture


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A second, empty database to restore into, without even a schema."""
    if request.param == "sqlite":
        (tmp_path / "ander").mkdir()
        opened = Database(f"sqlite:///{tmp_path / 'ander' / 'kalm.db'}", create=True)
    else:
        opened = Database(new_postgresql(request.getfixturevalue("postgresql_server")))
    yield opened
    opened.close()


def content(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.reading() as connection:
        return {
            table.name: sorted(
                (dict(row) for row in connection.execute(table.select()).mappings()), key=lambda row: str(row)
            )
            for table in metadata.sorted_tables
        }


def fill(known: Conversations, database: Database) -> None:
    keep(known, database, [user("één vraag 🦵"), bot()], [user("dank"), slot("helped", True), bot("handoff")])
    with database.writing() as connection:
        erase(connection, "eerder gewist", BY_SHOP)


def test_what_goes_in_comes_out_in_either_database(
    known: Conversations, database: Database, other: Database, tmp_path: Path
) -> None:
    fill(known, database)
    made = backup(database, tmp_path / "kalm.backup")
    assert made == Content(newest(), 6)
    assert stat.S_IMODE((tmp_path / "kalm.backup").stat().st_mode) == 0o600
    assert restore(other, tmp_path / "kalm.backup") == made
    assert content(other) == content(database)
    with other.writing() as connection:  # and new rows get new numbers
        row = connection.execute(sa.select(feedback)).one()
        values = {name: value for name, value in row._mapping.items() if name != "id"}
        connection.execute(feedback.insert().values(**values))


def test_what_was_there_is_replaced(known: Conversations, database: Database, tmp_path: Path) -> None:
    fill(known, database)
    before = content(database)
    backup(database, tmp_path / "kalm.backup")
    known.find_or_start("rest", "iemand van daarna")
    restore(database, tmp_path / "kalm.backup")
    assert content(database) == before


def test_what_was_erased_since_stays_erased(known: Conversations, database: Database, tmp_path: Path) -> None:
    fill(known, database)
    (conversation_id,) = known.find_all("rest", "jan")
    backup(database, tmp_path / "kalm.backup")
    with database.writing() as connection:
        receipt = erase(connection, conversation_id, BY_SHOP)
    assert restore(database, tmp_path / "kalm.backup").erased == 1
    after = content(database)
    assert [after[name] for name in ("conversations", "messages", "feedback", "handovers")] == [[]] * 4
    assert receipt in {row["receipt"] for row in after["erasures"]}


@pytest.mark.parametrize("earlier", revisions())
def test_a_backup_of_each_earlier_schema_is_brought_to_the_newest(
    empty_address: str, other: Database, tmp_path: Path, earlier: str
) -> None:
    migrate(empty_address, to=earlier)
    lines = [{"kalm_backup": 1, "schema": earlier, "made_at": 1}, {"rows": 0}]
    path = tmp_path / "oud.backup"
    with gzip.open(path, "wt") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    assert restore(other, path) == Content(earlier, 0)
    assert migrate(_address_of(other)) == (newest(), newest())


def _address_of(database: Database) -> str:
    return str(database.engine.url.render_as_string(hide_password=False))


def test_a_backup_under_load_is_one_state_and_hinders_nobody(
    address: str, monkeypatch: pytest.MonkeyPatch, other: Database, tmp_path: Path
) -> None:
    store = open_store(address, monkeypatch)
    stop, wrote = threading.Event(), []

    def write() -> None:
        number = 0
        while not stop.is_set():
            saved(store, said(f"een {number}"), said(f"twee {number}"), sender=f"gesprek {number % 7}")
            number += 1
            wrote.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(wrote) < 20:
            stop.wait(0.01)
        before = len(wrote)
        made = backup(Database(address), tmp_path / "kalm.backup")
        while len(wrote) <= before:
            stop.wait(0.01)
    finally:
        stop.set()
        writer.join()
    restore(other, tmp_path / "kalm.backup")
    assert made.rows > 40
    with other.reading() as connection:
        per_conversation = dict(
            connection.execute(
                sa.select(events.c.conversation_id, sa.func.count()).group_by(events.c.conversation_id)
            ).all()
        )
        told = dict(connection.execute(sa.select(conversations.c.id, conversations.c.last_event)).all())
    assert per_conversation == told, "a turn is there as a whole, or not at all"
    assert all(number % 2 == 0 for number in told.values())


def test_a_restore_under_load_leaves_one_state(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = open_store(address, monkeypatch)
    saved(store, said("van voor de back-up"))
    backup(Database(address), tmp_path / "kalm.backup")
    saved(store, said("van na de back-up"))
    stop, wrote = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            saved(store, said("een"), said("twee"), sender=f"gesprek {len(wrote) % 5}")
            wrote.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(wrote) < 10:
            stop.wait(0.01)
        restore(Database(address), tmp_path / "kalm.backup")
    finally:
        stop.set()
        writer.join()
    tracker = saved(store, said("van na het terugzetten"))
    assert [event.text for event in tracker.events] == ["van voor de back-up", "van na het terugzetten"]
    with Database(address).reading() as connection:
        told = dict(connection.execute(sa.select(conversations.c.id, conversations.c.last_event)).all())
        counted = dict(
            connection.execute(
                sa.select(events.c.conversation_id, sa.func.count()).group_by(events.c.conversation_id)
            ).all()
        )
    assert {id_: number for id_, number in told.items() if number} == counted


def test_other_peoples_tables_are_left_alone(
    known: Conversations, database: Database, tmp_path: Path
) -> None:
    fill(known, database)
    backup(database, tmp_path / "kalm.backup")
    with database.writing() as connection:
        connection.execute(sa.text("CREATE TABLE webshop_orders (id INTEGER)"))
    restore(database, tmp_path / "kalm.backup")
    with database.reading() as connection:
        assert sa.inspect(connection).has_table("webshop_orders")


def test_a_database_of_a_newer_version_is_not_overwritten(
    known: Conversations, database: Database, tmp_path: Path
) -> None:
    fill(known, database)
    backup(database, tmp_path / "kalm.backup")
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="a newer one made it"):
        restore(database, tmp_path / "kalm.backup")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: b"", "no backup of Kalm"),
        (lambda data: b"een brief", "no backup of Kalm"),
        (lambda data: data[: len(data) // 2], "damaged"),
        (
            lambda data: gzip.compress(b"\n".join(gzip.decompress(data).splitlines()[:-1]) + b"\n"),
            "incomplete",
        ),
        (
            lambda data: gzip.compress(gzip.decompress(data).replace(f'"{newest()}"'.encode(), b'"9999"', 1)),
            "a newer version",
        ),
        (lambda data: gzip.compress(b'{"iets": "anders"}\n'), "no backup of Kalm"),
        (lambda data: gzip.compress(b"[1, 2]\n"), "no backup of Kalm"),
    ],
)
def test_a_file_that_is_not_right_changes_nothing(
    known: Conversations, database: Database, tmp_path: Path, spoil: Any, message: str
) -> None:
    fill(known, database)
    before = content(database)
    path = tmp_path / "kalm.backup"
    backup(database, path)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(StorageError, match=message):
        restore(database, path)
    assert content(database) == before


def test_a_backup_that_cannot_be_finished_leaves_the_older_one(
    known: Conversations, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(known, database)
    path = tmp_path / "kalm.backup"
    backup(database, path)
    before = path.read_bytes()

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("storage.backup._write", full)
    with pytest.raises(OSError, match="No space"):
        backup(database, path)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.glob("*.part")] == []
