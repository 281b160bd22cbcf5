from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kalm.settings import ROOT, Settings, SettingsError, load_settings, settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith("KALM_"):
            monkeypatch.delenv(name)


def test_without_environment_everything_stays_on_this_machine_and_in_the_checkout() -> None:
    chosen = load_settings()

    assert chosen.host == "127.0.0.1"
    assert chosen.articles == ROOT / "data" / "articles"
    assert chosen.models == ROOT / "models"
    assert chosen.var == ROOT / "var"
    assert (chosen.bot_url, chosen.actions_url, chosen.web_url) == (
        "http://127.0.0.1:5005",
        "http://127.0.0.1:5055",
        "http://127.0.0.1:8000",
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("host", "0.0.0.0", "0.0.0.0"),
        ("bot_port", "1", 1),
        ("actions_port", "65535", 65535),
        ("web_port", "8001", 8001),
        ("public_url", "https://kalm.winkel.nl//", "https://kalm.winkel.nl"),
        ("public_bot_url", "https://bot.winkel.nl/", "https://bot.winkel.nl"),
        ("shop_name", "Café één", "Café één"),
        ("contact", "via info@winkel.nl", "via info@winkel.nl"),
        ("start_timeout", "5", 5),
    ],
)
def test_each_setting_comes_from_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: object
) -> None:
    monkeypatch.setenv(f"KALM_{name.upper()}", value)

    assert getattr(load_settings(), name) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name in ("KALM_BOT_PORT", "KALM_ACTIONS_PORT", "KALM_WEB_PORT")
        for value in ("0", "-1", "65536", "80.5", "web", "")
    ]
    + [("KALM_START_TIMEOUT", value) for value in ("4", "3601", "lang", "")]
    + [
        (name, value)
        for name in ("KALM_PUBLIC_URL", "KALM_PUBLIC_BOT_URL")
        for value in ("winkel.nl", "ftp://winkel.nl", "/kalm", "https://")
    ]
    + [(name, "") for name in ("KALM_HOST", "KALM_ARTICLES", "KALM_MODELS", "KALM_VAR")],
)
def test_a_bad_value_is_refused_with_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=rf"^{name}: .*See docs/settings\.md\.$"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("KALM_OFFICE_HOURS", "9-17", "no part of office hours"),
        ("KALM_SMTP", "mail.example", "no address of a mail server"),
        ("KALM_MAIL_FROM", "kalm", "no e-mail address"),
        ("KALM_MAIL_FROM", "kalm@winkel.example, b@winkel.example", "must be one"),
        ("KALM_MAIL_TO", "bea@winkel.example; bram@winkel.example", "no e-mail address"),
    ],
)
def test_a_bad_value_for_the_team_is_refused_with_its_name_and_the_reason(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, fault: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=rf"^{name}: .*{fault}"):
        load_settings()


def test_a_mail_server_wants_a_sender_and_receivers_and_keeps_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KALM_SMTP", "smtps://me:geheim@mail.example")

    with pytest.raises(SettingsError, match=r"KALM_MAIL_FROM: must be set.*KALM_MAIL_TO: must be set"):
        load_settings()
    chosen = load_settings(mail_from="kalm@winkel.example", mail_to="a@b.nl, c@d.nl")
    assert chosen.mail_server is not None
    assert chosen.mail_receivers == ("a@b.nl", "c@d.nl")
    assert "geheim" not in repr(chosen)
    assert load_settings(smtp="").mail_server is None


def test_all_bad_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_BOT_PORT", "web")
    monkeypatch.setenv("KALM_PUBLIC_URL", "winkel.nl")

    with pytest.raises(SettingsError, match=r"KALM_BOT_PORT.*; KALM_PUBLIC_URL"):
        load_settings()


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("::1", "[::1]"),
        ("2001:db8::1", "[2001:db8::1]"),
        ("kalm.example", "kalm.example"),
    ],
)
def test_the_servers_are_reached_where_they_listen_also_when_that_is_everywhere(
    host: str, reached: str
) -> None:
    chosen = load_settings(host=host)

    assert chosen.bot_url == f"http://{reached}:5005"
    assert chosen.web_url == f"http://{reached}:8000"


def test_the_action_server_stays_on_this_machine_whatever_the_host() -> None:
    assert load_settings(host="192.0.2.1").actions_url == "http://127.0.0.1:5055"


@pytest.mark.parametrize(
    ("given_url", "base"), [("", "http://localhost:8001"), ("https://kalm.nl/", "https://kalm.nl")]
)
def test_links_to_articles_start_at_the_public_address_or_the_web_port(given_url: str, base: str) -> None:
    assert load_settings(public_url=given_url, web_port=8001).article_base == base


@pytest.mark.parametrize("name", ["articles", "models", "var"])
def test_relative_paths_start_at_the_checkout_wherever_one_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"KALM_{name.upper()}", "ergens/anders")

    assert getattr(load_settings(), name) == ROOT / "ergens" / "anders"


@pytest.mark.parametrize("name", ["articles", "models", "var"])
def test_absolute_paths_stay_as_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setenv(f"KALM_{name.upper()}", str(tmp_path))

    assert getattr(load_settings(), name) == tmp_path


def test_arguments_go_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_WEB_PORT", "8001")

    assert load_settings(web_port=8002).web_port == 8002


def test_an_unknown_setting_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="KALM_KLEUR"):
        load_settings(kleur="blauw")


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(TypeError):
        load_settings().web_port = 1  # type: ignore[misc]


NAMES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=30)
PORTS = st.integers(1, 65535)


@hypothesis_settings(max_examples=60, deadline=None, derandomize=True)
@given(shop=NAMES, contact=NAMES, port=PORTS, folder=st.sampled_from(["data/articles", "/tmp/a b", "x/é"]))
def test_the_environment_for_child_processes_gives_the_same_settings(
    shop: str, contact: str, port: int, folder: str
) -> None:
    chosen = load_settings(shop_name=shop, contact=contact, web_port=port, articles=folder)

    with patch.dict(os.environ, chosen.environment()):
        assert load_settings() == chosen


def test_the_environment_for_child_processes_holds_every_setting() -> None:
    assert set(load_settings().environment()) == {f"KALM_{name.upper()}" for name in Settings.__fields__}


def test_the_settings_of_a_process_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.cache_clear()
    try:
        first = settings()
        monkeypatch.setenv("KALM_WEB_PORT", "8123")

        assert settings() is first
    finally:
        settings.cache_clear()


@pytest.mark.parametrize("name", ["KALM_REST_TOKEN", "KALM_METRICS_TOKEN"])
@pytest.mark.parametrize("token", ["two words", "één-woord", "line\nbreak", "tab\t"])
def test_a_token_that_fits_in_no_header_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, token: str
) -> None:
    monkeypatch.setenv(name, token)

    with pytest.raises(SettingsError, match=rf"^{name}: ") as refused:
        load_settings()

    assert token.strip() not in str(refused.value)


def test_a_setting_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_SECRETS", str(tmp_path))
    (tmp_path / "kalm_database").write_text("postgresql://kalm:geheim@database/kalm\n")
    (tmp_path / "KALM_CONTACT").write_text(" via de balie ")
    (tmp_path / "kalm_shop_name").write_text("de winkel op de hoek")
    (tmp_path / "postgres_password").write_text("geheim")
    monkeypatch.setenv("KALM_SHOP_NAME", "Café één")

    chosen = load_settings()

    assert chosen.database_url == "postgresql://kalm:geheim@database/kalm"
    assert (chosen.contact, chosen.shop_name) == ("via de balie", "Café één")


def test_a_secret_in_a_file_gets_into_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_SECRETS", str(tmp_path))
    monkeypatch.setenv("KALM_METRICS_TOKEN", "in-the-environment-already")
    (tmp_path / "kalm_database").write_text("postgresql://kalm:geheim@database/kalm")
    (tmp_path / "kalm_rest_token").write_text("een-geheim-woord")
    (tmp_path / "kalm_metrics_token").write_text("another")

    environment = load_settings().environment()

    assert not [value for value in environment.values() if "geheim" in value]
    assert environment["KALM_METRICS_TOKEN"] == "in-the-environment-already"
    assert environment["KALM_SECRETS"] == str(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert load_settings().database_url == "postgresql://kalm:geheim@database/kalm"


def test_a_value_in_a_file_is_checked_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_SECRETS", str(tmp_path))
    (tmp_path / "kalm_bot_port").write_text("web")
    with pytest.raises(SettingsError, match=r"^KALM_BOT_PORT: "):
        load_settings()


def test_a_folder_that_is_not_there_and_a_file_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KALM_SECRETS", str(tmp_path / "gone"))
    with pytest.raises(SettingsError, match=r"^KALM_SECRETS: is no folder"):
        load_settings()
    monkeypatch.setenv("KALM_SECRETS", str(tmp_path))
    (tmp_path / "kalm_contact").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"^KALM_SECRETS: a file in it cannot be read"):
        load_settings()


def test_an_action_server_elsewhere_is_asked_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_ACTIONS_HOST", "actions")
    assert load_settings().actions_url == "http://actions:5055"
    monkeypatch.setenv("KALM_ACTIONS_HOST", "0.0.0.0")
    assert load_settings().actions_url == "http://127.0.0.1:5055"
    for wrong in ("::1", "", "http://actions"):
        monkeypatch.setenv("KALM_ACTIONS_HOST", wrong)
        with pytest.raises(SettingsError, match=r"^KALM_ACTIONS_HOST: "):
            load_settings()
