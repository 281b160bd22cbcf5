"""``kalm measure``: measure the release of this checkout for a comparison; a candidate's process runs it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from commands.environment import rasa_environment
from kalm.atomic import replace_file


def measure(
    to: Annotated[Path, typer.Argument(help="Bestand waarin de uitslag komt.")],
    asked: Annotated[Path, typer.Option("--vragen", help="Bestand met vragen die ook gesteld worden.")],
    only_asked: Annotated[bool, typer.Option("--alleen-vragen", help="Stel alleen die vragen.")] = False,
) -> None:
    """Meet een model voor een vergelijking; hoort bij `kalm candidate`."""
    os.environ.update(rasa_environment())
    # Imported here: Rasa takes seconds to load, which no other command should pay.
    from commands.comparing.measuring import measure_release

    questions = json.loads(asked.read_text(encoding="utf-8"))
    found = measure_release(not only_asked, questions)
    replace_file(to, json.dumps(found, ensure_ascii=False))
