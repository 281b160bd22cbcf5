"""The website's channel on the real servers does what its OpenAPI description says, and nothing else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import httpx
import pytest

from kalm.settings import ROOT, settings
from tests.e2e.conftest import Servers

pytestmark = pytest.mark.e2e

ENVIRONMENT = ROOT / ".venv-contract"
CONTRACT = ROOT / "tests" / "contract"


@pytest.fixture
def website(servers: Servers) -> str:
    """Where the channel is. The servers trust a proxy, so that each request can come from another address."""
    return f"{servers.bot_url}/webhooks/website"


@pytest.mark.skipif(
    not any(ENVIRONMENT.glob(".installed-*")),
    reason="schemathesis is not there: scripts/contract_environment.sh installs it, with a network",
)
def test_the_channel_is_what_its_description_says(website: str, tmp_path: Path) -> None:
    tested = subprocess.run(
        [
            ENVIRONMENT / "bin" / "schemathesis",
            *("--config-file", CONTRACT / "schemathesis.toml"),
            *("run", "--no-color", f"{website}/openapi.json"),
        ],
        cwd=tmp_path,  # where Hypothesis leaves what it remembers
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(CONTRACT / "hooks.py")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert tested.returncode == 0, tested.stdout


def test_a_page_of_another_host_learns_that_it_may_ask(website: str) -> None:
    headers = {
        "Origin": settings().web_url,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    asked = httpx.options(f"{website}/messages", headers=headers)
    assert asked.headers["Access-Control-Allow-Origin"] == headers["Origin"]
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert asked.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert "Access-Control-Allow-Credentials" not in asked.headers


@pytest.mark.parametrize("method", ["PUT", "GET", "HEAD"])
def test_a_method_that_is_not_there_is_refused_in_the_shape_of_all_faults(website: str, method: str) -> None:
    refused = httpx.request(method, f"{website}/session", headers={"Content-Type": "application/json"})
    assert (refused.status_code, refused.headers["Allow"]) == (405, "POST, OPTIONS")
