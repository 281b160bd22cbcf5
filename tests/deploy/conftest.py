"""What goes to a server, read as the programs there read it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from kalm.settings import ROOT

DEPLOY = ROOT / "deploy"


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    """``deploy/compose.yml``, with what its services share filled in."""
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    return read
