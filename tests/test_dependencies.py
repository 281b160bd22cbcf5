"""docs/dependencies.md speaks of the versions in the lock: when that moves, somebody looks at it again."""

from __future__ import annotations

import re

import pytest

from kalm.settings import ROOT
from scripts.compare_audit import known_holes

PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
LOCK = dict(
    re.findall(
        r"^([a-z0-9.-]+)==(\S+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE
    )
)
NAMED = re.findall(r"^\| `([^`]+)` ([0-9]\S*) \|", PAGE, re.MULTILINE)


def rows(heading: str) -> list[list[str]]:
    table = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if line.startswith("| `")
    ]


def test_each_package_is_in_the_lock_at_the_version_that_the_page_names() -> None:
    assert len(NAMED) > 15
    assert {name: version for name, version in NAMED if LOCK.get(name) != version} == {}


def test_packages_that_were_not_looked_up_are_in_the_lock_too() -> None:
    said = PAGE.partition("Not looked up one by one:")[2].partition("\n\n")[0]
    names = re.findall(r"`([a-z-]+)`", said)
    assert names
    assert [name for name in names if name not in LOCK] == []


@pytest.mark.parametrize("row", rows("Known holes"), ids=lambda row: row[0])
def test_each_known_hole_has_an_id_a_reason_and_something_that_closes_it(row: list[str]) -> None:
    assert len(row) == 5
    assert all(row)
    assert re.search(r"(CVE|GHSA|PYSEC)-", row[1])


def test_the_audit_reads_the_ids_of_the_table_and_no_others() -> None:
    known = known_holes(PAGE)
    assert {"CVE-2025-69223", "GHSA-6mq8-rvhq-8wgg", "PYSEC-2026-1812"} <= known
    assert "CVE-2022-35920" not in known, "what was not found to be a hole here must stay new"


def test_the_page_says_what_rasa_wants() -> None:
    """The reasons that are pins of Rasa's are read from Rasa itself."""
    from importlib.metadata import requires

    pins = {re.split(r"[ \[(;<>=!~]", pin)[0].lower(): pin for pin in requires("rasa") or []}
    for name, *_, why, _ in ([row[0].split("`")[1], *row[1:]] for row in rows("Known holes")):
        if why.startswith("Rasa "):
            assert name in pins, f"{name}: Rasa does not ask for it"
