"""What is wanted, how far it is, and what runs."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from enum import Enum


class BusyError(Exception):
    """Another wish is not done yet."""


class NoSupervisorError(Exception):
    """Nobody would fulfil the wish: Kalm does not run, or not under ``kalm run``."""


class Step(str, Enum):
    """How far a wish is."""

    WAITING = "waiting"
    """The supervisor has not seen it yet."""
    STARTING = "starting"
    ANSWERED = "answered"
    """The new servers answered the canary questions."""
    LIVE = "live"
    REFUSED = "refused"

    @property
    def is_end(self) -> bool:
        """Whether nothing comes after it."""
        return self in (Step.LIVE, Step.REFUSED)


class Reason(str, Enum):
    """Why a wish was refused."""

    BROKEN = "broken"
    """The wish cannot be read."""
    MISSING = "missing"
    """Its model or its index is not there."""
    RUNNING = "running"
    """It runs already."""
    ENDED = "ended"
    """A new server ended by itself."""
    TOO_SLOW = "too_slow"
    NO_ACTIONS = "no_actions"
    """The new action server does not answer."""
    NO_STORE = "no_store"
    """The new bot cannot reach the database."""
    NO_ANSWER = "no_answer"
    """The canary question got no answer with a passage and the disclaimer."""
    NO_HELP = "no_help"
    """A message of danger did not get the numbers of help."""
    FILES = "files"
    """The files of the training data could not be replaced."""
    FAILED = "failed"
    """Something else broke, a full disk for example."""
    STOPPED = "stopped"
    """Kalm was stopped meanwhile."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants live.

    Attributes:
        model: name of its file in the folder for models.
        index: name of its folder there.
        candidate: id of the candidate whose files come or go with it; empty for none.
        back: the files go back to what they were before the candidate.
        member: name of who asks.
    """

    model: str
    index: str
    candidate: str = ""
    back: bool = False
    member: str = ""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True)
class Outcome:
    """How far a wish is.

    Attributes:
        wish: its id.
        reason: empty unless it was refused.
        details: a sentence in Dutch about it, where there is one.
        candidate: as in the wish.
        back: as in the wish.
        at: of this step, in seconds since 1970.
    """

    wish: str
    step: Step
    reason: str = ""
    details: str = ""
    candidate: str = ""
    back: bool = False
    at: float = field(default_factory=time.time)

    @classmethod
    def of(cls, wish: Wish, step: Step, reason: str = "", details: str = "") -> Outcome:
        """How far a wish is now."""
        return cls(wish.id, step, reason, details, wish.candidate, wish.back)


@dataclass(frozen=True)
class Running:
    """What runs.

    Attributes:
        model: name of its file.
        index: name of its folder.
        candidate: id of the candidate that it came with, empty when it did not.
        since: in seconds since 1970.
        actions_port: on which its action server listens.
        earlier: names of the model and index that ran before; two empty ones for none.
    """

    model: str
    index: str
    candidate: str = ""
    since: float = field(default_factory=time.time)
    actions_port: int = 0
    earlier: tuple[str, str] = ("", "")

    @property
    def names(self) -> tuple[str, str]:
        """Names of model and index."""
        return self.model, self.index
