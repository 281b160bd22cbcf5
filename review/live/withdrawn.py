"""Whether what visitors would read is still approved.

A text that a candidate has may be taken back all the same once the candidate was refused, or another one was
trained with it. What an editor took back must not go live by an older candidate.
"""

from __future__ import annotations

import sqlalchemy as sa

from review.states import EditState
from review.training.folders import CandidateFolder
from storage.database import Database
from storage.schema import article_drafts

WITHDRAWN = (
    "Een tekst uit deze training is intussen teruggehaald of veranderd. Train opnieuw; dan gaat live wat er "
    "nu goedgekeurd is."
)


def has_withdrawn_text(database: Database, folder: CandidateFolder) -> bool:
    """Whether a text that a candidate brings is no longer approved as it was.

    Raises:
        OSError: its folder is gone.
        ValueError: what stands in it is broken.
    """
    learns = [tuple(one) for one in folder.changes().learns.get("drafts", ())]
    if not learns:
        return False
    draft = article_drafts.c
    is_in_place = (draft.state == EditState.LEARNT.value) & (draft.candidate == folder.path.name)
    wanted = sa.select(draft.id, draft.version).where(
        draft.id.in_([one[0] for one in learns]),
        (draft.state == EditState.APPROVED.value) | is_in_place,
    )
    with database.reading() as connection:
        approved = {tuple(row) for row in connection.execute(wanted)}
    return not approved.issuperset(learns)
