"""Both databases, for real: SQLite in a file, and a PostgreSQL server started for the tests."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from benchmarks.postgresql import NoPostgreSQLError, postgresql
from storage.database import Database
from storage.migrate import migrate


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Address of a PostgreSQL server, without the database's name; it listens on a socket in a folder."""
    try:
        # The server itself may be slow to reach the disk; what is tested is not that.
        with postgresql("-c fsync=off -c full_page_writes=off") as server:
            yield server
    except NoPostgreSQLError as error:
        pytest.skip(str(error))


def new_postgresql(server: str, template: str = "template0") -> str:
    """Make a database on the server; gives its address."""
    name = f"test_{uuid.uuid4().hex}"
    engine = sa.create_engine(server.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return server.format(name=name)


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> str:
    """Name of a database with the newest schema, to be copied: that is quicker than migrating."""
    address = new_postgresql(postgresql_server)
    migrate(address)
    return str(make_url(address).database)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    path = tmp_path_factory.mktemp("template") / "kalm.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def sort(request: pytest.FixtureRequest) -> str:
    """Each sort of database in turn."""
    return str(request.param)


@pytest.fixture
def empty_address(sort: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database, of each sort in turn."""
    if sort == "sqlite":
        return f"sqlite:///{tmp_path / 'kalm.db'}"
    return new_postgresql(request.getfixturevalue("postgresql_server"))


@pytest.fixture
def address(sort: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database with the newest schema and no rows, of each sort in turn."""
    if sort == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "kalm.db")
        return f"sqlite:///{tmp_path / 'kalm.db'}"
    template = request.getfixturevalue("migrated_postgresql")
    return new_postgresql(request.getfixturevalue("postgresql_server"), template)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """A database with the newest schema and no rows."""
    opened = Database(address)
    yield opened
    opened.close()
