"""Who else on this machine can read or change what Kalm keeps."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from commands.doctor.finding import Finding, fault, good
from commands.doctor.look import Look
from kalm.privacy.pseudonyms import key_file

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_WRITE = stat.S_IWGRP | stat.S_IWOTH

_OF_A_CONTAINER = Path("/run/secrets")
"""Where Docker puts them, with a mode of its own; in a container there is nobody else."""


def look(looked: Look) -> Iterator[Finding]:
    """Modes, and folders that this user cannot write."""
    found = [*_private(looked), *_secrets(looked), *_writable_by_others(looked), *_not_ours(looked)]
    yield from found
    if not found:
        yield good("what Kalm keeps is for its own user alone")


def _private(looked: Look) -> Iterator[Finding]:
    for path in _with_secrets(looked):
        try:
            mode = path.stat().st_mode
        except OSError:
            continue
        if mode & _OTHERS:
            what = f"others on this machine may open it (mode {stat.S_IMODE(mode):o})"
            right = "700" if path.is_dir() else "600"
            yield fault(str(path), what, f"chmod {right} {path}")


def _with_secrets(looked: Look) -> list[Path]:
    file = looked.database.file
    beside = [] if file is None else [file, Path(f"{file}-wal")]
    logs = looked.settings.var / "logs"
    return [looked.root / ".env", key_file(), *beside, logs]


def _secrets(looked: Look) -> Iterator[Finding]:
    """Files of ``KALM_SECRETS`` that everybody on this machine may read; a group may be meant to."""
    folder = Path(looked.settings.secrets)
    if not looked.settings.secrets or folder == _OF_A_CONTAINER or not folder.stat().st_mode & stat.S_IXOTH:
        return
    for path in sorted(folder.iterdir()):
        mode = path.stat().st_mode
        if path.is_file() and mode & stat.S_IRWXO:
            what = f"everybody on this machine may open it (mode {stat.S_IMODE(mode):o})"
            yield fault(str(path), what, f"chmod 600 {path}, or chmod 700 {folder} for all of them")


def _writable_by_others(looked: Look) -> Iterator[Finding]:
    for folder in (looked.settings.var, looked.settings.models, looked.settings.articles):
        try:
            mode = folder.stat().st_mode
        except OSError:
            continue
        if mode & _WRITE and not mode & stat.S_ISVTX:
            what = f"others on this machine may put files there (mode {stat.S_IMODE(mode):o})"
            yield fault(str(folder), what, f"chmod go-w {folder}")


def _not_ours(looked: Look) -> Iterator[Finding]:
    var = looked.settings.var
    there = var if var.exists() else var.parent
    if not os.access(there, os.W_OK | os.X_OK):
        what = "cannot be written by the user who asks this"
        yield fault(str(there), what, "let the user that runs Kalm write there, and ask as that user")
