"""``kalm cluster``: put the unanswered questions about one thing together, for the review screens."""

from __future__ import annotations

import time

from rich.console import Console
from threadpoolctl import threadpool_limits

from commands.child import Lock
from commands.database import opened
from commands.errors import CommandError
from kalm.articles import passages, read_articles
from kalm.embedding import embedder
from kalm.settings import settings
from review.background import CLUSTERING, BusyError, Tell
from review.unanswered import runs
from review.unanswered.clustering import MOST, Clustered
from review.unanswered.clustering import cluster as put_together
from review.unanswered.finding import unanswered
from review.unanswered.keeping import Different, different, write
from storage.database import Database

_KNOWN_QUESTIONS = 2
"""Of each passage, to know which words and meanings are common; their embeddings are kept by the training."""


def cluster(lock: Lock = None) -> None:
    """Zet vragen zonder antwoord die over hetzelfde gaan bij elkaar."""
    began = time.monotonic()
    try:
        with CLUSTERING.do(lock) as tell, opened() as database:
            found, clustered = _look(database, tell)
    except BusyError as error:
        raise CommandError("Er wordt al gekeken; wacht tot dat klaar is.") from error
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"{sum(map(len, found.messages))} berichten, {len(found.texts)} verschillende vragen, "
        f"{len(set(clustered.labels))} groepjes, in {time.monotonic() - began:.0f} s."
    )
    if found.left_out:
        console.print(f"De oudste {found.left_out} verschillende vragen zijn niet ingedeeld.")


def _look(database: Database, tell: Tell) -> tuple[Different, Clustered]:
    with database.writing() as connection:
        number = runs.begin(connection, time.time())
    with database.reading() as connection:
        rows = unanswered(connection)
    found = different(rows, MOST)
    known = [
        question
        for passage in passages(read_articles(settings().articles))
        for question in passage.questions[:_KNOWN_QUESTIONS]
    ]
    with threadpool_limits(1):  # several threads wait for each other by spinning, and visitors for them
        clustered = put_together(found.texts, known, embedder(), lambda share: tell("", share))
    write(database, number, found, clustered.labels, clustered.typical)
    with database.writing() as connection:
        runs.complete(connection, number, len(found.texts), found.left_out, time.time())
    return found, clustered
