"""How the screens, the command line and the supervisor agree on which release runs.

Three small files in the folder ``live`` below ``KALM_VAR``, each written in one step:

- ``wish.json``: what somebody wants live. There is one at most; the supervisor takes it away when it is done.
- ``outcome.json``: how far the last wish is, or why it was refused.
- ``running.json``: which release runs, and which one ran before it.

``supervisor.lock`` is held by the supervisor for as long as it lives, so that nobody waits for one that is
not there. They are in ``var`` and not beside the models: several installations may share a folder of models.
Loads nothing heavy: the supervisor stays in memory as long as Kalm runs.
"""

from kalm.going_live.files import (
    actions_url,
    ask,
    kept,
    last_about,
    outcome,
    outcome_of,
    release_of,
    running,
    take_away,
    tell,
    tell_running,
    wish,
    wish_or_none,
)
from kalm.going_live.kinds import BusyError, NoSupervisorError, Outcome, Reason, Running, Step, Wish
from kalm.going_live.presence import be_the_supervisor, folder, is_supervised

__all__ = [
    "BusyError",
    "NoSupervisorError",
    "Outcome",
    "Reason",
    "Running",
    "Step",
    "Wish",
    "actions_url",
    "ask",
    "be_the_supervisor",
    "folder",
    "is_supervised",
    "kept",
    "last_about",
    "outcome",
    "outcome_of",
    "release_of",
    "running",
    "take_away",
    "tell",
    "tell_running",
    "wish",
    "wish_or_none",
]
