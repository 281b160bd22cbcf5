"""No engine of containers runs here; what its file says is compared with Kalm."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from commands import serve
from commands.cli import _app
from commands.doctor.redacting import looks_like_a_secret
from kalm.settings import Settings, load_settings

Compose = dict[str, Any]

OF_KALM = ("bot", "actions", "web", "migrate", "doctor")
ONCE = {"migrate", "doctor"}
"""Those that end by themselves."""

SETTINGS = {f"KALM_{name.upper()}" for name in Settings.__fields__}


def services_of_kalm(compose: Compose) -> list[dict[str, Any]]:
    return [compose["services"][name] for name in OF_KALM]


def test_every_service_is_known_here(compose: Compose) -> None:
    assert set(compose["services"]) == {*OF_KALM, "proxy", "database"}


def test_each_command_is_one_that_exists(compose: Compose) -> None:
    commands = {command.name for command in _app.registered_commands}
    for service in services_of_kalm(compose):
        python, option, module, what = service["command"]
        assert (python, option) == ("python", "-m")
        if module == "commands.serve":
            assert vars(serve._arguments().parse_args([what]))["server"] == what
        else:
            assert (module, what in commands) == ("kalm", True)


def test_each_variable_is_a_setting_and_may_be_empty_or_default(
    compose: Compose, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service in services_of_kalm(compose):
        assert set(service["environment"]) <= SETTINGS
    for name, value in compose["x-kalm"]["environment"].items():
        if name != "KALM_SECRETS":
            monkeypatch.setenv(name, filled_in(str(value)))
    chosen = load_settings()
    assert chosen.actions_url == "http://actions:5055"
    assert chosen.public_url == chosen.public_bot_url == "https://kalm.winkel.example"


def filled_in(value: str) -> str:
    """As an engine does it who was given a host name alone."""
    value = re.sub(r"\$\{SITE[^}]*\}", "kalm.winkel.example", value)
    return re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", value)


def test_each_file_with_a_secret_is_a_setting_that_is_not_told(compose: Compose) -> None:
    names = {name.upper() for service in services_of_kalm(compose) for name in service["secrets"]}
    assert names <= SETTINGS
    hidden = {f"KALM_{name.upper()}" for name in load_settings().secret_names}
    assert hidden <= names
    used = {name for service in compose["services"].values() for name in service.get("secrets", [])}
    assert used == set(compose["secrets"])
    assert all(value == {"file": f"secrets/{name}"} for name, value in compose["secrets"].items())


def test_each_service_has_the_secrets_that_it_reads_and_no_other(compose: Compose) -> None:
    given = {
        name: set(service["secrets"])
        for name, service in zip(OF_KALM, services_of_kalm(compose), strict=True)
    }
    everything = set(compose["secrets"]) - {"postgres_password"}
    assert given["doctor"] == everything
    assert given["bot"] == everything - {"kalm_smtp"}
    assert given["web"] == everything - {"kalm_rest_token"}
    assert given["actions"] == {"kalm_metrics_token"}
    assert given["migrate"] == {"kalm_database"}
    for name in ("proxy", "database"):
        assert not set(compose["services"][name].get("secrets", [])) & everything, name


def test_a_doctor_comes_only_when_it_is_asked_for(compose: Compose) -> None:
    assert {name for name, service in compose["services"].items() if "profiles" in service} == {"doctor"}


def test_there_are_connections_for_several_bots(compose: Compose) -> None:
    """More than PostgreSQL's usual 100, which eight bots would use up."""
    program, option, value = compose["services"]["database"]["command"]
    assert (program, option) == ("postgres", "-c")
    assert value == "max_connections=300"


def test_a_bot_may_finish_what_it_is_answering(compose: Compose) -> None:
    assert compose["services"]["bot"]["stop_grace_period"] == "60s"


def test_no_secret_stands_in_it(compose: Compose) -> None:
    hidden = {f"KALM_{name.upper()}" for name in load_settings().secret_names}
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            assert name not in hidden
            assert not looks_like_a_secret(str(value))
            assert "PASSWORD" not in name or name.endswith("_FILE")


def test_nothing_runs_as_root_or_can_become_it(compose: Compose) -> None:
    for name, service in compose["services"].items():
        user, _, group = service["user"].partition(":")
        assert int(user) > 0, name
        assert int(group) > 0, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else []), name
        assert not service.get("privileged"), name


def test_nothing_can_be_written_but_what_must_be(compose: Compose) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
    assert [name for name, service in compose["services"].items() if "volumes" in service] == [
        "proxy",
        "database",
    ]


def test_each_is_watched_limited_and_started_again(compose: Compose) -> None:
    for name, service in compose["services"].items():
        limits = service["deploy"]["resources"]["limits"]
        assert set(limits) == {"cpus", "memory"}, name
        assert service["logging"]["options"]["max-size"], name
        if name in ONCE:
            assert service["restart"] == "no", name
        else:
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"][0] == "CMD", name


def test_only_the_proxy_is_reached_from_outside(compose: Compose) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]
    networks = compose["networks"]
    assert networks["front"]["internal"]
    assert networks["back"]["internal"]
    for name in ("actions", "database", "migrate"):
        assert compose["services"][name]["networks"] == ["back"]


def test_the_proxy_reaches_the_servers_from_the_address_that_they_trust(compose: Compose) -> None:
    proxy = compose["services"]["proxy"]["networks"]
    for name in ("bot", "web"):
        assert set(proxy) & set(compose["services"][name]["networks"]) == {"front"}
    address = proxy["front"]["ipv4_address"]
    (subnet,) = compose["networks"]["front"]["ipam"]["config"]
    assert ip_address(address) in ip_network(subnet["subnet"])
    dealt = ip_network(subnet["ip_range"])
    assert dealt.subnet_of(ip_network(subnet["subnet"]))  # type: ignore[arg-type]
    assert ip_address(address) not in dealt, "another container may get it while the proxy is down"
    assert compose["x-kalm"]["environment"]["KALM_TRUSTED_PROXIES"] == address


def test_servers_wait_for_the_schema(compose: Compose) -> None:
    for name in ("bot", "actions", "web"):
        waits = compose["services"][name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}


def test_no_image_names_a_registry(compose: Compose) -> None:
    for service in compose["services"].values():
        assert "/" not in service["image"]
