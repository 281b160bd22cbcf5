"""The command itself."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from commands.doctor.finding import Severity
from commands.doctor.look import Look
from commands.doctor.printing import as_json, print_lines, worst
from commands.doctor.reading import usable, written
from commands.doctor.running import examine
from commands.doctor.subjects import SUBJECTS


def doctor(
    for_programs: Annotated[bool, typer.Option("--json", help="Als JSON, voor programma's.")] = False,
) -> None:
    """Zoek wat er mis is met deze installatie, voordat een bezoeker het merkt; verandert niets."""
    environment = written()
    with usable() as (settings, refused):
        findings = examine(Look(settings, environment, refused), SUBJECTS)
    # Brackets and colons in addresses are no markup and no emoji.
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    if for_programs:
        typer.echo(as_json(findings))
    else:
        print_lines(console, findings)
    if worst(findings) is Severity.FAULT:
        raise typer.Exit(1)
