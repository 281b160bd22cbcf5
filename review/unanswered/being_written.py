"""Which clusters the team already writes about: those with a question that stands in an open draft.

Clusters have other numbers after each look, so a draft does not keep which one it was begun for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy.engine import Connection

from review.articles import drafts
from review.articles.drafts import Draft
from review.unanswered.clusters import Cluster
from review.unanswered.keeping import what_is_asked


def texts_about(connection: Connection, clusters: Iterable[Cluster]) -> dict[int, list[Draft]]:
    """The open drafts that ask a question of each cluster, by its number; those with none are not in it.

    Args:
        connection: of a transaction that reads.
        clusters: with their questions.
    """
    asking: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts.in_states(connection, drafts.OPEN):
        for question in {what_is_asked(one) for one in draft.fields.questions}:
            asking[question].append(draft)
    if not asking:
        return {}
    found: dict[int, list[Draft]] = {}
    for cluster in clusters:
        questions = {what_is_asked(question.text) for question in cluster.questions}
        about = {draft.id: draft for question in questions for draft in asking.get(question, ())}
        if about:
            found[cluster.number] = [about[id_] for id_ in sorted(about)]
    return found
