"""Starts Kalm in a folder of its own, filled once."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Annotated

import typer
from rich.console import Console

from commands.child import run_child
from commands.demo.filling import DEMO_TEAM, PASSWORD, fill
from commands.errors import CommandError
from commands.run import run
from kalm.settings import LOOPBACK, ROOT, settings
from storage.migrate import migrate

_FOLDER = "demo"
_VECTORS = "embeddings.sqlite"  # as kalm/embedding names it


def demo(
    only_fill: Annotated[
        bool, typer.Option("--vul", hidden=True, help="Alleen vullen, niet starten.")
    ] = False,
) -> None:
    """Start Kalm met een verzonnen team en verzonnen gesprekken, om de schermen van het team te proberen."""
    if only_fill:
        fill()
        return
    # Never among what is kept of real visitors, also where KALM_VAR says where that is.
    os.environ["KALM_VAR"] = str(settings().var / _FOLDER)
    settings.cache_clear()
    # Anybody can read the passwords below.
    if settings().host not in (LOOPBACK, "localhost", "::1"):
        raise CommandError(
            f"the demo has passwords that everybody knows, so it runs on this machine alone; KALM_HOST is "
            f"{settings().host}, leave it out"
        )
    if settings().database.get_secret_value():
        raise CommandError(
            "the demo would put made-up conversations into the database of KALM_DATABASE; leave it out"
        )
    _share_vectors()
    _do("train")
    settings().var.mkdir(parents=True, exist_ok=True)
    migrate(settings().database_url)
    _do("demo", "--vul")
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    console.print(f"De schermen van het team: http://localhost:{settings().web_port}/review")
    for name, (full_name, role) in DEMO_TEAM.items():
        console.print(f"  inlognaam {name:6} wachtwoord {PASSWORD}   ({full_name}, {role.value})")
    run()


def _share_vectors() -> None:
    """Begin with the vectors of our own texts that are known: without them a training takes minutes."""
    known, wanted = ROOT / "var" / _VECTORS, settings().var / _VECTORS
    if known.exists() and not wanted.exists():
        wanted.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(known, wanted)


def _do(*command: str) -> None:
    """Do a command in a process of its own: Rasa would stay in memory as long as Kalm runs."""
    done = run_child([sys.executable, "-m", "kalm", *command], cwd=ROOT)
    if done.returncode != 0:
        raise typer.Exit(done.returncode)
