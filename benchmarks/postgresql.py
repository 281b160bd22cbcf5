"""A PostgreSQL server of its own: for a benchmark, as a shop would run it, and for the tests."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


class NoPostgreSQLError(Exception):
    """There is none here; the message says why."""


@contextmanager
def postgresql(settings: str = "") -> Iterator[str]:
    """Start a server that listens on a socket in a folder, and remove it afterwards.

    Args:
        settings: options of ``postgres``, such as ``-c fsync=off``.

    Yields:
        Address of the server, without the name of a database at ``{name}``.

    Raises:
        NoPostgreSQLError: PostgreSQL is not installed, or there is nobody to run it.
    """
    programs, user = _programs(), _user()
    if programs is None:
        raise NoPostgreSQLError("PostgreSQL is not installed; 'apt-get install postgresql' brings it")
    if user is None:
        raise NoPostgreSQLError(
            "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'"
        )
    with TemporaryDirectory(prefix="kalm-postgresql-", dir="/tmp") as name:
        folder = Path(name)
        options: dict[str, Any] = {"check": True, "capture_output": True, "cwd": folder}
        if os.geteuid() == 0:
            account = pwd.getpwnam(user)
            os.chown(folder, account.pw_uid, account.pw_gid)
            options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        data = folder / "data"
        encoding = ["-E", "UTF8", "--locale=C"]
        create: list[str | Path] = [programs / "initdb", "-D", data, "-U", "kalm", "-A", "trust", *encoding]
        control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        subprocess.run(create, **options)
        subprocess.run([*control, "-o", f"-k {folder} -c listen_addresses= {settings}", "start"], **options)
        try:
            yield f"postgresql://kalm@/{{name}}?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **options)


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
