"""Findings as lines for a person, or as JSON for a program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from commands.doctor.finding import Finding, Severity

_STYLES = {Severity.FAULT: "red", Severity.WARNING: "yellow", Severity.GOOD: "green"}


def print_lines(console: Console, findings: Sequence[Finding]) -> None:
    """A line per finding, and one that counts them."""
    width = max((len(one.subject) for one in findings), default=0)
    for one in findings:
        label = Text(f"{one.severity.value:<8}", style=_STYLES[one.severity])
        where = f"{one.where}: " if one.where else ""
        remedy = f" -> {one.remedy}" if one.remedy else ""
        console.print(label, f"{one.subject:<{width}}  {where}{one.what}{remedy}", sep="")
    console.print(summary(findings), style=_STYLES[worst(findings)])


def as_json(findings: Sequence[Finding]) -> str:
    """An object with ``faults``, ``warnings``, ``good`` (numbers) and ``findings``."""
    counts = _counts(findings)
    told = {
        "faults": counts[Severity.FAULT],
        "warnings": counts[Severity.WARNING],
        "good": counts[Severity.GOOD],
        "findings": [{**asdict(one), "severity": one.severity.value} for one in findings],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def summary(findings: Sequence[Finding]) -> str:
    """How many of each."""
    counts = _counts(findings)
    faults, warnings = counts[Severity.FAULT], counts[Severity.WARNING]
    return f"{_number(faults, 'fault')}, {_number(warnings, 'warning')}, {counts[Severity.GOOD]} good."


def worst(findings: Sequence[Finding]) -> Severity:
    """The worst of all; good when there are none."""
    counts = _counts(findings)
    return next((severity for severity in Severity if counts[severity]), Severity.GOOD)


def _counts(findings: Sequence[Finding]) -> Counter[Severity]:
    return Counter(one.severity for one in findings)


def _number(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"
