"""Roles in the team, and how far a piece of work is; as they stand in the database."""

from __future__ import annotations

from enum import Enum


class Role(str, Enum):
    """What somebody may do; each may also do what the ones before may."""

    REVIEWER = "beoordelaar"
    EDITOR = "eindredacteur"
    ADMINISTRATOR = "beheerder"

    def includes(self, other: Role) -> bool:
        """Whether who has this role may do what the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


class ItemState(str, Enum):
    """How far a visitor's message is in review."""

    NEW = "new"
    JUDGED = "judged"
    """Waits for the second look."""
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    """Waits for the next training."""
    SKIPPED = "skipped"
    EXCLUDED = "excluded"
    """Not for training."""
    LEARNT = "learnt"
    """In training data that is or was live."""


class EditState(str, Enum):
    """How far a change of the training data is, or of an article."""

    DRAFT = "draft"
    READY = "ready"
    """Waits for somebody else's approval."""
    APPROVED = "approved"
    """Waits for the next training."""
    LEARNT = "learnt"
    """Is or was live."""
    UNDONE = "undone"


class CandidateState(str, Enum):
    """How far a new model is."""

    TRAINING = "training"
    READY = "ready"
    """Trained and compared."""
    FAILED = "failed"
    STOPPED = "stopped"
    GOING_LIVE = "going_live"
    LIVE = "live"
    RETIRED = "retired"
    """Was live, and another one is now."""


class CaseState(str, Enum):
    """How far somebody's wish to speak to a person is."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
