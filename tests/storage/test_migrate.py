from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage.database import Database
from storage.errors import StorageError
from storage.migrate import go_back, migrate, newest, require_newest, require_way_back, revisions
from storage.schema import erasures, metadata


def test_an_empty_database_gets_the_schema_that_the_code_describes(empty_address: str) -> None:
    assert migrate(empty_address) == ("", newest())
    database = Database(empty_address)
    require_newest(database)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_a_second_time_nothing_is_done(address: str) -> None:
    assert migrate(address) == (newest(), newest())


@pytest.mark.parametrize("earlier", revisions())
def test_each_earlier_schema_is_brought_to_the_newest(empty_address: str, earlier: str) -> None:
    assert migrate(empty_address, to=earlier) == ("", earlier)
    assert migrate(empty_address) == (earlier, newest())


def test_of_four_at_once_one_makes_the_schema(empty_address: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(migrate, [empty_address] * 4))
    assert sorted(done) == [("", newest())] + [(newest(), newest())] * 3


def test_an_empty_database_is_refused_with_the_command_to_run(empty_address: str) -> None:
    database = Database(empty_address, create=True)
    if database.file is not None:
        with pytest.raises(StorageError, match=r"there is no .*python -m kalm migrate"):
            require_newest(database)
        database.file.touch()
    with pytest.raises(StorageError, match=r"no schema yet.*python -m kalm migrate"):
        require_newest(database)
    database.close()


def test_a_schema_of_a_newer_version_is_left_alone(address: str) -> None:
    database = Database(address)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="a newer one made it"):
        migrate(address)
    with pytest.raises(StorageError, match="a newer one made it"):
        require_newest(database)
    database.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "kalm.db").write_text("geen database, maar een brief van een paar regels" * 100)
    with pytest.raises(StorageError, match=r"kalm\.db cannot be migrated: file is not a database"):
        migrate(f"sqlite:///{tmp_path / 'kalm.db'}")


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    with pytest.raises(StorageError, match="cannot be migrated") as failure:
        migrate("postgresql://kalm:geheim@127.0.0.1:1/kalm")
    assert "geheim" not in str(failure.value)
    assert "Connection refused" in str(failure.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://kalm:geheim@localhost:abc/kalm",
        "postgresql://kalm:ge@heim@127.0.0.1:1/kalm",
        "postgresql://127.0.0.1:1/kalm?password=geheim&user=kalm",
        "postgresql://kalm:geheim@[::1/kalm",
        "mysql://kalm:geheim@localhost/kalm",
        "postgresql://kalm:geheim@localhost",
        "postgresql://kalm:zeer@ge/geheim@localhost/kalm",
        "sqlite://",
        "kalm:geheim",
    ],
)
def test_a_wrong_address_is_told_without_what_is_secret_in_it(address: str) -> None:
    with pytest.raises(StorageError) as failure:
        migrate(address)
    assert "geheim" not in str(failure.value)
    assert "heim@" not in str(failure.value)
    assert "kalm:" not in str(failure.value).replace("kalm:secret", "")


def shape(address: str) -> tuple[dict[tuple[str, str], tuple[str, bool, bool]], set[str]]:
    """What a program relies on: each column with its type, whether it must be given, and what is forbidden.

    Returns:
        By table and column: the type, whether it may be empty, whether it has a default. And all rules that
        rows must keep.
    """
    database = Database(address)
    with database.reading() as connection:
        inspector = sa.inspect(connection)
        columns, rules = {}, set()
        for table in inspector.get_table_names():
            for column in inspector.get_columns(table):
                of_it = (str(column["type"]), bool(column["nullable"]), column["default"] is not None)
                columns[table, column["name"]] = of_it
            for rule in (
                *inspector.get_foreign_keys(table),
                *inspector.get_unique_constraints(table),
                *inspector.get_check_constraints(table),
                *(index for index in inspector.get_indexes(table) if index["unique"]),
            ):
                # Options are objects that are never equal to others.
                parts = sorted((name, value) for name, value in rule.items() if not name.endswith("options"))
                rules.add(f"{table}: {parts}")
    database.close()
    return columns, rules


@pytest.mark.parametrize(("before", "after"), pairwise(revisions()))
def test_the_version_before_can_go_on_with_each_schema(empty_address: str, before: str, after: str) -> None:
    """During an upgrade, the old bots work with the new schema until they are stopped."""
    migrate(empty_address, to=before)
    columns, rules = shape(empty_address)
    migrate(empty_address, to=after)
    new_columns, new_rules = shape(empty_address)
    assert {name: new_columns.get(name) for name in columns} == columns
    tables = {table for table, _ in columns}
    for (table, column), (_, may_be_empty, has_default) in new_columns.items():
        is_new = table in tables and (table, column) not in columns
        assert not is_new or may_be_empty or has_default, f"the version before does not fill {table}.{column}"
    forbidden = {rule for rule in new_rules - rules if rule.partition(":")[0] in tables}
    assert forbidden == set(), "the version before does not know this rule"


OLDEST_TO_GO_BACK_TO = "0004"


@pytest.mark.parametrize("earlier", revisions()[revisions().index(OLDEST_TO_GO_BACK_TO) : -1])
def test_there_is_a_way_back_and_forth_again(empty_address: str, earlier: str) -> None:
    migrate(empty_address, to=earlier)
    was = shape(empty_address)
    migrate(empty_address)
    database = Database(empty_address)
    with database.writing() as connection:
        connection.execute(
            erasures.insert().values(receipt="K", conversation_hash="h", at=1, asked_by="shop")
        )
    assert go_back(empty_address, earlier) == (newest(), earlier)
    assert shape(empty_address) == was
    with database.reading() as connection:
        assert connection.scalar(sa.select(erasures.c.receipt)) == "K"
    database.close()
    assert migrate(empty_address) == (earlier, newest())


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("0003", "from 0004 there is no way back to 0003"),
        (newest(), "is no earlier one"),
        ("9999", "is no earlier one"),
        ("", "is no earlier one"),
    ],
)
def test_where_there_is_no_way_back_nothing_is_changed(address: str, to: str, why: str) -> None:
    was = shape(address)
    for look_or_go in (require_way_back, go_back):
        with pytest.raises(StorageError, match=why):
            look_or_go(address, to)
    assert shape(address) == was
    assert migrate(address) == (newest(), newest())


def test_an_empty_database_has_no_way_back(empty_address: str) -> None:
    Database(empty_address, create=True).engine.connect().close()
    with pytest.raises(StorageError, match="has no schema yet"):
        go_back(empty_address, OLDEST_TO_GO_BACK_TO)
