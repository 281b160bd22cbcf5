"""``make audit`` with stand-ins for both tools: what is known, what is new, and silence that looks safe."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kalm.settings import ROOT

PAGE = """# Dependencies

## Known holes

| Package | Hole | What |
|---|---|---|
| `aiohttp` 3.9.5 | CVE-2024-0001 (GHSA-aaaa-bbbb-cccc) | old |

## Old, and no hole found

| `sanic` 21.12.2 | CVE-2022-35920 | |
"""
NO_NPM_HOLES: dict[str, Any] = {"auditReportVersion": 2, "vulnerabilities": {}}
BUSY = {"message": "405 Method Not Allowed", "statusCode": 405}


def package(name: str, version: str, *holes: tuple[str, ...]) -> dict[str, Any]:
    vulnerable = [{"id": first, "aliases": aliases, "fix_versions": ["9.9"]} for first, *aliases in holes]
    return {"name": name, "version": version, "vulns": vulnerable}


KNOWN = package("aiohttp", "3.9.5", ("PYSEC-2024-99999", "CVE-2024-0001"))
FINE = package("attrs", "22.1.0")


class Audit:
    """A checkout with stand-ins for pip-audit and npm."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("scripts", "docs", "widget", "bin", ".venv-audit/bin", ".venv/bin"):
            (folder / name).mkdir(parents=True)
        for name in ("audit.sh", "compare_audit.py"):
            shutil.copy(ROOT / "scripts" / name, folder / "scripts" / name)
        version = (ROOT / "scripts" / "audit.sh").read_text().partition("PIP_AUDIT=")[2].split()[0]
        (folder / ".venv-audit" / f".installed-{version}").touch()
        (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
        (folder / "docs" / "dependencies.md").write_text(PAGE)

    def run(self, python: list[dict[str, Any]] | None, npm: dict[str, Any] | None) -> tuple[int, str]:
        """Gives the exit code and all that was said; None for a tool that breaks off without a report."""
        told = self.folder / "told.json"
        told.write_text(json.dumps({"dependencies": python}))
        write = (
            f'while [ "$1" != -o ]; do shift; done; cp {told} "$2"; exit 0'
            if python is not None
            else "exit 1"
        )
        self._script(".venv-audit/bin/pip-audit", f'echo "Failed to resolve" >&2; {write}')
        self._script("bin/npm", f"echo '{json.dumps(npm)}'; exit 1" if npm is not None else "exit 1")
        done = subprocess.run(
            [self.folder / "scripts" / "audit.sh"],
            env={"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def _script(self, name: str, body: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    return Audit(tmp_path)


def test_what_is_known_is_told_and_no_error(audit: Audit) -> None:
    code, said = audit.run([KNOWN, FINE], NO_NPM_HOLES)
    assert code == 0, said
    assert "known  aiohttp 3.9.5: PYSEC-2024-99999, CVE-2024-0001; fixed in 9.9" in said
    assert "1 known, none new" in said


def test_a_new_hole_in_python_is_an_error_and_named(audit: Audit) -> None:
    code, said = audit.run([KNOWN, package("sanic", "21.12.2", ("CVE-2022-35920",))], NO_NPM_HOLES)
    assert code == 1
    assert "NEW    sanic 21.12.2: CVE-2022-35920; fixed in 9.9" in said


def test_a_new_hole_in_the_widget_is_an_error_and_named(audit: Audit) -> None:
    cause = {"source": 7, "url": "https://github.com/advisories/GHSA-dddd-eeee-ffff", "range": "<8.3.5"}
    found = {"vite": {"via": [cause]}, "vitest": {"via": ["vite"]}}
    code, said = audit.run([KNOWN], {**NO_NPM_HOLES, "vulnerabilities": found})
    assert code == 1
    assert "NEW    vite <8.3.5: GHSA-dddd-eeee-ffff" in said
    assert "vitest" not in said


def test_a_database_that_cannot_be_reached_is_an_error_of_its_own(audit: Audit) -> None:
    code, said = audit.run(None, NO_NPM_HOLES)
    assert code == 3
    assert "Failed to resolve" in said
    assert "NOT LOOKED UP: pip-audit gave no report" in said


def test_packages_that_the_tool_passed_over_are_not_taken_for_safe(audit: Audit) -> None:
    code, said = audit.run([KNOWN, {"name": "attrs", "skip_reason": "not found"}], NO_NPM_HOLES)
    assert code == 3
    assert "could not look up 1 of 2 packages" in said


@pytest.mark.parametrize("python", [[FINE], []])
def test_a_database_that_knows_nothing_is_not_taken_for_one(audit: Audit, python: list[Any]) -> None:
    code, said = audit.run(python, NO_NPM_HOLES)
    assert code == 3
    assert "NOT LOOKED UP" in said


@pytest.mark.parametrize(
    ("npm", "why"), [(BUSY, "405 Method Not Allowed"), (None, "npm audit gave no report")]
)
def test_npm_without_an_answer_is_an_error_too(audit: Audit, npm: dict[str, Any] | None, why: str) -> None:
    code, said = audit.run([KNOWN], npm)
    assert code == 3
    assert why in said


def test_a_new_hole_goes_before_silence(audit: Audit) -> None:
    code, said = audit.run([KNOWN, package("sanic", "21.12.2", ("CVE-2022-35920",))], BUSY)
    assert code == 1
    assert "405" in said
