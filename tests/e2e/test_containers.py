"""The servers as ``deploy/compose.yml`` starts them, without containers: each alone, secrets in files."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from kalm.settings import FOR_WHATSAPP, ROOT, settings
from tests.deploy.caddy import needs_caddy, running_caddy
from tests.e2e.conftest import free_ports

pytestmark = pytest.mark.e2e

SITE = "kalm.winkel.example"
WHATSAPP = tuple(f"kalm_{name}" for name in FOR_WHATSAPP)
ACTIONS = "127.0.0.3"
"""An address of its own, as a container has."""


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text(encoding="utf-8"))
    return read["services"]


@pytest.fixture(scope="module")
def ports() -> dict[str, str]:
    return dict(
        zip(("KALM_BOT_PORT", "KALM_ACTIONS_PORT", "KALM_WEB_PORT"), map(str, free_ports(3)), strict=True)
    )


@pytest.fixture(scope="module")
def running(
    compose: dict[str, Any], ports: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """All servers of Kalm, started in the order that compose.yml gives."""
    folder = tmp_path_factory.mktemp("containers")
    files, var = folder / "secrets", folder / "var"
    files.mkdir()
    var.mkdir()
    for name in compose["doctor"]["secrets"]:
        (files / name).touch()  # as docs/deploy.md says of what is not used
    (files / "kalm_database").write_text(f"sqlite:///{folder / 'kalm.db'}\n")
    (files / "kalm_pseudonym_key").write_text(f"{secrets.token_hex(32)}\n")
    for name in ("kalm_rest_token", "kalm_metrics_token", *WHATSAPP[1:]):
        (files / name).write_text(f"{secrets.token_hex(32)}\n")
    (files / WHATSAPP[0]).write_text(f"{10**15 + secrets.randbelow(10**15)}\n")
    (files / "kalm_smtp").write_text(f"smtp://kalm:{secrets.token_hex(32)}@127.0.0.1:1\n")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KALM_")},
        **{
            name: str(value).replace("${SITE}", SITE) for name, value in compose["bot"]["environment"].items()
        },
        "KALM_PUBLIC_URL": f"https://{SITE}",
        "KALM_SHOP_NAME": "de winkel op de hoek",
        "KALM_CONTACT": "via de balie",
        **dict.fromkeys(("KALM_ALLOWED_ORIGINS", "KALM_OFFICE_HOURS"), ""),
        **dict.fromkeys(("KALM_MAIL_FROM", "KALM_MAIL_TO"), "team@winkel.example"),
        **ports,
        "KALM_SECRETS": str(files),
        "KALM_MODELS": str(settings().models),
        "KALM_HOST": "127.0.0.1",
        "KALM_ACTIONS_HOST": ACTIONS,
        "KALM_TRUSTED_PROXIES": "127.0.0.1",
        "KALM_VAR": str(var),
    }
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for name in ("migrate", "actions", "bot", "web"):
            command = [sys.executable, *compose[name]["command"][1:]]
            with (folder / f"{name}.log").open("wb") as log:
                process = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env={**environment, "KALM_SECRETS": str(given_to(compose[name], files))},
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            processes.append(process)
            if name == "migrate":
                assert process.wait(60) == 0, (folder / "migrate.log").read_text()
        for name in ("actions", "bot", "web"):
            wait_until_healthy(compose[name], environment, folder / f"{name}.log")
        yield environment
    finally:
        for process in processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in processes:
            process.wait(30)


def given_to(service: dict[str, Any], files: Path) -> Path:
    """A folder with the secrets of one service, as an engine makes it."""
    folder = Path(tempfile.mkdtemp(dir=files.parent, prefix="given-"))
    for name in service["secrets"]:
        (folder / name).symlink_to(files / name)
    return folder


def wait_until_healthy(service: dict[str, Any], environment: dict[str, str], log: Path) -> None:
    """Ask what the health check of a service asks."""
    how, _python, *rest = service["healthcheck"]["test"]
    assert how == "CMD"
    check = rest[-1].replace("//actions:", f"//{ACTIONS}:")
    for name, port in (("BOT", 5005), ("ACTIONS", 5055), ("WEB", 8000)):
        check = check.replace(f":{port}/", f":{environment[f'KALM_{name}_PORT']}/")
    deadline = time.monotonic() + 120
    while subprocess.run([sys.executable, "-c", check], capture_output=True).returncode != 0:
        assert time.monotonic() < deadline, log.read_text(errors="replace")[-3000:]
        time.sleep(0.5)


@pytest.fixture(scope="module")
def site(running: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Caddy before them."""
    where = {"BOT_PORT": running["KALM_BOT_PORT"], "WEB_PORT": running["KALM_WEB_PORT"]}
    with running_caddy(tmp_path_factory.mktemp("caddy"), where) as client:
        yield client


@needs_caddy
def test_a_visitor_gets_an_answer_through_the_proxy(site: httpx.Client) -> None:
    consent = site.get("/webhooks/website/configuration").json()["consent"]
    token = site.post("/webhooks/website/session", json={"consent": consent["id"]}).json()["token"]
    answer = site.post(
        "/webhooks/website/messages",
        headers={"Authorization": f"Bearer {token}"},
        json={"id": uuid.uuid4().hex, "text": "Wat zijn rusteloze benen?"},
    )
    assert answer.status_code == 200, answer.text
    assert "geen medisch advies" in answer.text
    assert f"https://{SITE}/privacy" == site.get("/webhooks/website/configuration").json()["privacy_page"]


@needs_caddy
def test_the_team_and_the_pages_are_there_and_the_rest_is_not(site: httpx.Client) -> None:
    assert site.get("/artikelen").status_code == 200
    assert site.get("/kalm.js").status_code == 200
    assert site.get("/review/inloggen").status_code == 200
    for path in ("/webhooks/rest/webhook", "/webhooks/rest/ready", "/toestand", "/metrics"):
        assert site.get(path).status_code == 404


def test_the_privacy_page_tells_of_whatsapp_and_meta_is_heard(
    site: httpx.Client, running: dict[str, str]
) -> None:
    assert "WhatsApp" in site.get("/privacy").text
    word = (Path(running["KALM_SECRETS"]) / "kalm_whatsapp_verify_token").read_text().strip()
    asked = {"hub.mode": "subscribe", "hub.verify_token": word, "hub.challenge": "42"}
    assert site.get("/webhooks/whatsapp/webhook", params=asked).text == "42"


def test_nothing_of_a_secret_is_in_a_log(running: dict[str, str]) -> None:
    folder = Path(running["KALM_SECRETS"])
    told = {"kalm_database": None, "kalm_smtp": urlsplit((folder / "kalm_smtp").read_text()).password}
    looked_for = {file.name: told.get(file.name, file.read_text().strip()) for file in folder.iterdir()}
    assert len(looked_for) == 9
    logs = [log for log in folder.parent.rglob("*.log") if log.stat().st_size]
    assert logs
    for log in logs:
        written = log.read_text(errors="replace")
        for name, secret in looked_for.items():
            assert secret is None or secret not in written, f"{name} is in {log.name}"
