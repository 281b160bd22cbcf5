from __future__ import annotations

import pytest

from commands.doctor.subjects import ways_in as subject
from tests.commands.doctor.conftest import Examine, all_good, faults, told, warnings

PUBLIC = {"public_url": "https://kalm.winkel.example", "public_bot_url": "https://bot.winkel.example"}


def test_nothing_is_wrong_behind_a_proxy_on_this_machine(examined: Examine) -> None:
    assert all_good(examined(subject.look))
    assert all_good(examined(subject.look, **PUBLIC, trusted_proxies="127.0.0.1, ::1"))


def test_others_reach_the_bot_and_rest_is_closed_to_them_until_there_is_a_token(examined: Examine) -> None:
    chosen = {"host": "0.0.0.0", **PUBLIC, "trusted_proxies": "10.0.0.1"}
    closed = "REST is closed to other machines until KALM_REST_TOKEN is set"
    found = examined(subject.look, **chosen)
    assert all_good(found)
    assert closed in told(found)
    found = examined(subject.look, **chosen, rest_token="9f86d081884c7d659a2feaa0c55ad015")
    assert all_good(found)
    assert closed not in told(found)


def test_links_that_others_cannot_open(examined: Examine) -> None:
    found = warnings(examined(subject.look, host="0.0.0.0"))
    assert [one.where for one in found] == ["KALM_PUBLIC_URL"]


def test_an_address_of_another_machine(examined: Examine) -> None:
    (found,) = faults(examined(subject.look, host="192.0.2.1"))
    assert found.where == "KALM_HOST"
    (found,) = faults(examined(subject.look, host="geen-naam.invalid"))
    assert "geen-naam" not in told([found])


@pytest.mark.parametrize("host", ["0.0.0.0", "8.8.8.8"])
def test_an_action_server_for_everybody(examined: Examine, host: str) -> None:
    (found,) = faults(examined(subject.look, actions_host=host))
    assert found.where == "KALM_ACTIONS_HOST"


@pytest.mark.parametrize("host", ["actions", "172.28.0.3", "169.254.1.1"])
def test_an_action_server_for_others(examined: Examine, host: str) -> None:
    (found,) = warnings(examined(subject.look, actions_host=host))
    assert found.where == "KALM_ACTIONS_HOST"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.3", "localhost"])
def test_an_action_server_for_this_machine(examined: Examine, host: str) -> None:
    assert all_good(examined(subject.look, actions_host=host))


@pytest.mark.parametrize("proxy", ["caddy", "10.0.0.0/8", "10.0.0.1:443"])
def test_a_proxy_that_is_never_recognised(examined: Examine, proxy: str) -> None:
    (found,) = faults(examined(subject.look, trusted_proxies=f"127.0.0.1,{proxy}"))
    assert (found.where, "number 2" in found.what) == ("KALM_TRUSTED_PROXIES", True)


def test_https_without_a_trusted_proxy(examined: Examine) -> None:
    (found,) = warnings(examined(subject.look, **PUBLIC))
    assert found.where == "KALM_TRUSTED_PROXIES"


@pytest.mark.parametrize("origin", ["https://*.winkel.example", "https://kalm:geheim@winkel.example"])
def test_an_origin_that_never_fits(examined: Examine, origin: str) -> None:
    (found,) = faults(examined(subject.look, allowed_origins=f"https://winkel.example,{origin}"))
    assert (found.where, "number 2" in found.what) == ("KALM_ALLOWED_ORIGINS", True)
    assert "geheim" not in told([found])


def test_a_page_over_http(examined: Examine) -> None:
    (found,) = warnings(examined(subject.look, allowed_origins="http://winkel.example,http://localhost:8080"))
    assert (found.where, "number 1" in found.what) == ("KALM_ALLOWED_ORIGINS", True)


@pytest.mark.parametrize("name", ["public_url", "public_bot_url"])
def test_visitors_over_http(examined: Examine, name: str) -> None:
    (found,) = faults(examined(subject.look, **{name: "http://kalm.winkel.example"}))
    assert found.where == f"KALM_{name.upper()}"
    assert all_good(examined(subject.look, **{name: "http://127.0.0.1:8000"}))


def test_a_page_over_https_asks_a_bot_over_http(examined: Examine) -> None:
    (found,) = warnings(examined(subject.look, public_url="https://kalm.winkel.example"))
    assert found.where == "KALM_PUBLIC_BOT_URL"
