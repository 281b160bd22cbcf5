"""What Kalm wants to be beside stock Rasa, and whether it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A ratio that is wanted, and the one that was found.

    Attributes:
        what: is compared, in words.
        wanted: the bound.
        is_least: whether the bound is the least that is wanted; otherwise it is the most.
        found: None when something of it was not measured.
    """

    what: str
    wanted: float
    is_least: bool
    found: float | None

    @property
    def is_met(self) -> bool | None:
        """Whether the ratio is as wanted; None when it was not measured."""
        if self.found is None:
            return None
        return self.found >= self.wanted if self.is_least else self.found <= self.wanted

    @property
    def verdict(self) -> str:
        """The same in words."""
        return {True: "met", False: "NOT met", None: "not measured"}[self.is_met]
