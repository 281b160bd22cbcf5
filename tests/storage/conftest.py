"""Both databases, for real: SQLite in a file, and a PostgreSQL server started for the tests."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.migrate import migrate


def _programs() -> Path | None:
    """Folder with PostgreSQL's own programs; Debian does not put them all on the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _user() -> str | None:
    """Who runs the server: PostgreSQL refuses root; None when root has nobody to hand it to."""
    if os.geteuid() != 0:
        return getpass.getuser()
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), None)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Address of a PostgreSQL server, without the database's name; it listens on a socket in a folder."""
    programs, user = _programs(), _user()
    if programs is None:
        pytest.skip("PostgreSQL is not installed; 'apt-get install postgresql' brings it")
    if user is None:
        pytest.skip("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'")
    with TemporaryDirectory(prefix="kalm-postgresql-", dir="/tmp") as name:
        folder = Path(name)
        options: dict[str, object] = {"check": True, "capture_output": True, "cwd": folder}
        if os.geteuid() == 0:
            account = pwd.getpwnam(user)
            os.chown(folder, account.pw_uid, account.pw_gid)
            options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        data = folder / "data"
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "kalm", "-A", "trust", "-E", "UTF8", "--locale=C"],
            **options,  # type: ignore[call-overload]
        )
        # The server itself may be slow to reach the disk; what is tested is not that.
        settings = f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
        control = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        subprocess.run([*control, "-o", settings, "start"], **options)  # type: ignore[call-overload]
        try:
            yield f"postgresql://kalm@/{{name}}?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **options)  # type: ignore[call-overload]


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
