"""``kalm cluster``: put the unanswered questions about one thing together, for the review screens."""

from __future__ import annotations

import os
import time
from typing import Annotated

import typer
from rich.console import Console
from threadpoolctl import threadpool_limits

from commands.database import opened
from commands.errors import CommandError
from kalm.articles import passages, read_articles
from kalm.embedding import embedder
from kalm.settings import settings
from review.unanswered import runs
from review.unanswered.clustering import MOST, Clustered
from review.unanswered.clustering import cluster as put_together
from review.unanswered.finding import unanswered
from review.unanswered.keeping import Different, different, write
from storage.database import Database

_POLITE = 10
_KNOWN_QUESTIONS = 2
"""Of each passage, to know which words and meanings are common; their embeddings are kept by the training."""

_FAILED = "Het indelen is mislukt. Probeer het nog eens, of vraag de beheerder."


def cluster(
    run: Annotated[int | None, typer.Option(hidden=True, help="Nummer dat het scherm al gaf.")] = None,
) -> None:
    """Zet vragen zonder antwoord die over hetzelfde gaan bij elkaar."""
    if run is not None:
        os.nice(_POLITE)
    console = Console(highlight=False, soft_wrap=True)
    with opened() as database:
        number = run
        if number is None:
            with database.writing() as connection:
                number = runs.begin(connection, None, time.time())
        if number is None:
            raise CommandError("Er wordt al gekeken; wacht tot dat klaar is.")
        began = time.monotonic()
        try:
            found, clustered = _look(database, number, os.getppid() if run is not None else None)
        except Exception:
            runs.tell(database, number, time.time(), error=_FAILED)
            raise
    console.print(
        f"{sum(map(len, found.messages))} berichten, {len(found.texts)} verschillende vragen, "
        f"{len(set(clustered.labels))} groepjes, in {time.monotonic() - began:.0f} s."
    )
    if found.left_out:
        console.print(f"De oudste {found.left_out} verschillende vragen zijn niet ingedeeld.")


def _look(database: Database, number: int, parent: int | None) -> tuple[Different, Clustered]:
    def tell(share: float) -> None:
        if parent is not None and os.getppid() != parent:
            raise SystemExit(1)
        runs.tell(database, number, time.time(), share=share)

    with database.reading() as connection:
        rows = unanswered(connection)
    found = different(rows, MOST)
    known = [
        question
        for passage in passages(read_articles(settings().articles))
        for question in passage.questions[:_KNOWN_QUESTIONS]
    ]
    with threadpool_limits(1):  # several threads wait for each other by spinning, and visitors for them
        clustered = put_together(found.texts, known, embedder(), tell)
    write(database, number, found, clustered.labels, clustered.typical)
    runs.tell(
        database,
        number,
        time.time(),
        share=1,
        done_at=time.time(),
        questions=len(found.texts),
        left_out=found.left_out,
        clusters=len(set(clustered.labels)),
    )
    return found, clustered
