"""A PostgreSQL server of its own for a benchmark, as a shop would run it: a commit is on the disk."""

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


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a server that listens on a socket in a folder, and remove it afterwards.

    Yields:
        Address of an empty database, "" when PostgreSQL is not installed or there is nobody to run it.
    """
    programs, user = _programs(), _user()
    if programs is None or user is None:
        yield ""
        return
    with TemporaryDirectory(prefix="kalm-postgresql-", dir="/tmp") as name:
        folder = Path(name)
        options: dict[str, Any] = {"check": True, "capture_output": True, "cwd": folder}
        if os.geteuid() == 0:
            account = pwd.getpwnam(user)
            os.chown(folder, account.pw_uid, account.pw_gid)
            options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        data = folder / "data"
        create: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "kalm",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        subprocess.run(create, **options)
        subprocess.run([*control, "-o", f"-k {folder} -c listen_addresses=", "start"], **options)
        try:
            yield f"postgresql://kalm@/postgres?host={folder}"
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
