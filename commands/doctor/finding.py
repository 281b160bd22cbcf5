"""What was found, and how bad that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(str, Enum):
    """How bad it is."""

    FAULT = "fault"
    """Visitors or the team meet it, or somebody may get in. Exit code 1."""
    WARNING = "warning"
    """Works today; somebody should know."""
    GOOD = "good"


@dataclass(frozen=True)
class Finding:
    """One thing that was found; one line on the terminal.

    Attributes:
        severity: how bad it is.
        what: what is so.
        where: a setting, file or server; "" where ``what`` says it.
        remedy: what to do; "" when nothing.
        subject: which check found it; the runner fills it in.
    """

    severity: Severity
    what: str
    where: str = ""
    remedy: str = ""
    subject: str = ""


def fault(where: str, what: str, remedy: str) -> Finding:
    """Something that is wrong."""
    return Finding(Severity.FAULT, what, where, remedy)


def warning(where: str, what: str, remedy: str) -> Finding:
    """Something that somebody should know."""
    return Finding(Severity.WARNING, what, where, remedy)


def good(what: str) -> Finding:
    """Something that was looked at and is as it should be."""
    return Finding(Severity.GOOD, what)
