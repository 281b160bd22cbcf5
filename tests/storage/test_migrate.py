from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage.database import Database
from storage.errors import StorageError
from storage.migrate import migrate, newest, require_newest, revisions
from storage.schema import metadata


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
