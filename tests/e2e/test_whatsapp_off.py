"""Without its settings there is no WhatsApp, and the rest runs."""

from __future__ import annotations

import httpx
import pytest

from tests.e2e.conftest import Servers

pytestmark = pytest.mark.e2e


def test_without_its_settings_whatsapp_is_off_and_says_so(servers: Servers) -> None:
    address = f"{servers.bot_url}/webhooks/whatsapp/webhook"
    assert httpx.get(address, timeout=20).status_code == 404
    assert httpx.post(address, json={}, timeout=20).status_code == 404
    assert "WhatsApp is off, settings are missing" in servers.log("bot")
