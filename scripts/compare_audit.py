"""Tell new holes in dependencies apart from those that docs/dependencies.md knows; see ``scripts/audit.sh``.

Exit code 0 when all was looked up and nothing is new, 1 for something new, 3 when something was not looked
up.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NEW = 1
NOT_LOOKED_UP = 3

_ID = re.compile(r"\b(?:CVE-\d{4}-\d+|GHSA(?:-[0-9a-z]{4}){3}|PYSEC-\d{4}-\d+)\b")
_ROW = re.compile(r"^\| `([^`]+)` (\S+) \| ([^|]+) \|", re.MULTILINE)


@dataclass(frozen=True)
class Hole:
    """One that a database told of.

    Attributes:
        package: its name, with the version where that is known.
        ids: all names of the hole, the database's own first.
        fixed: versions without it, or another word on what to do.
    """

    package: str
    ids: tuple[str, ...]
    fixed: str

    def __str__(self) -> str:
        return f"{self.package}: {', '.join(self.ids)}; fixed in {self.fixed or 'no version yet'}"


class NotLookedUpError(Exception):
    """A report holds no answer; the message says why."""


def known_holes(page: str) -> frozenset[str]:
    """The ids in the table of known holes."""
    table = page.partition("\n## Known holes\n")[2].partition("\n## ")[0]
    return frozenset(id_ for _, _, ids in _ROW.findall(table) for id_ in _ID.findall(ids))


def of_pip(report: str, known: frozenset[str]) -> list[Hole]:
    """What pip-audit found.

    Raises:
        NotLookedUpError: some package was not looked up, or the database cannot know them.
    """
    packages = _json(report, "pip-audit").get("dependencies", [])
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if not packages or skipped:
        raise NotLookedUpError(
            f"pip-audit could not look up {len(skipped)} of {len(packages)} packages: its database was not "
            "reached, or is a mirror without vulnerabilities"
        )
    found = [
        Hole(
            f"{package['name']} {package['version']}",
            tuple(dict.fromkeys((hole["id"], *hole.get("aliases", ())))),
            ", ".join(hole.get("fix_versions", ())),
        )
        for package in packages
        for hole in package["vulns"]
    ]
    if known and not any(known.intersection(hole.ids) for hole in found):
        raise NotLookedUpError(
            "pip-audit was told of none of the holes in docs/dependencies.md: that is no database of "
            "vulnerabilities, or the whole table is out of date"
        )
    return found


def of_npm(report: str) -> list[Hole]:
    """What ``npm audit`` found.

    Raises:
        NotLookedUpError: it got no answer.
    """
    data = _json(report, "npm audit")
    if "vulnerabilities" not in data:
        raise NotLookedUpError(f"npm audit got no answer: {data.get('message', 'no reason was given')}")
    return list(_npm_holes(data["vulnerabilities"]))


def _npm_holes(vulnerabilities: dict[str, Any]) -> Iterator[Hole]:
    for name, told in vulnerabilities.items():
        for cause in told.get("via", []):
            if isinstance(cause, dict):  # else the name of another package, which has an entry of its own
                ids = _ID.findall(cause.get("url", "")) or [str(cause.get("source"))]
                yield Hole(f"{name} {cause.get('range', '')}".strip(), tuple(ids), "see npm audit")


def _json(report: str, tool: str) -> dict[str, Any]:
    try:
        data = json.loads(report)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise NotLookedUpError(f"{tool} gave no report: its database was not reached, or it is not there")
    return data


def main(page: Path, pip_report: Path, npm_report: Path) -> int:
    """Print what is known, what is new and what was not looked up; gives the exit code."""
    known = known_holes(page.read_text(encoding="utf-8"))
    holes: list[Hole] = []
    silent: list[str] = []
    for read in (
        lambda: of_pip(_read(pip_report), known),
        lambda: of_npm(_read(npm_report)),
    ):
        try:
            holes += read()
        except NotLookedUpError as reason:
            silent.append(str(reason))
    new = [hole for hole in holes if not known.intersection(hole.ids)]
    for hole in holes:
        print(f"{'NEW  ' if hole in new else 'known'}  {hole}")
    for reason in silent:
        print(f"NOT LOOKED UP: {reason}.", file=sys.stderr)
    if new:
        print(
            f"{len(new)} new: renew the package, or add a row to {page} that says why not.", file=sys.stderr
        )
        return NEW
    if silent:
        print("Nothing is known of what was not looked up. Try it where there is a network.", file=sys.stderr)
        return NOT_LOOKED_UP
    print(f"All was looked up; {len(holes)} known, none new.")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:4])))
