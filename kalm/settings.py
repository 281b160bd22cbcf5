"""Every setting of Kalm, read from environment variables that start with ``KALM_``.

The table in ``docs/settings.md`` is made from this class; a test compares the two.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseSettings, Field, SecretStr, ValidationError, validator
from pydantic.fields import ModelField

from kalm.addresses import LOOPBACK, Addresses, parts
from kalm.mail_server import MailServer, parse_mail_addresses, parse_mail_server
from kalm.office_hours import OfficeHours
from kalm.office_hours import parse as parse_office_hours

__all__ = ["FOR_WHATSAPP", "LOOPBACK", "ROOT", "Settings", "SettingsError", "load_settings", "settings"]

ROOT = Path(__file__).resolve().parent.parent
"""Folder of the checkout: where Rasa finds ``config.yml`` and ``domain/``."""

FOR_WHATSAPP = (
    "whatsapp_phone_number_id",
    "whatsapp_access_token",
    "whatsapp_app_secret",
    "whatsapp_verify_token",
)
"""Settings without which WhatsApp is off."""


class SettingsError(Exception):
    """A setting has a value that cannot be used. The message says which and why."""


class Settings(Addresses, BaseSettings):
    """Values come from the environment, else the default. Relative paths start at the checkout."""

    host: str = Field(
        "127.0.0.1",
        description="Address the bot server and the web app listen on; the action server has its own",
        min_length=1,
    )
    bot_port: int = Field(5005, description="Port of the bot server (Rasa)", ge=1, le=65535)
    actions_port: int = Field(5055, description="Port of the action server", ge=1, le=65535)
    actions_host: str = Field(
        LOOPBACK,
        description="Address the action server listens on and the bot asks it at: a name or an IPv4 address; "
        "another only where each server is a container of its own, on a network that nobody else reaches "
        "(see deploy.md)",
        regex=r"^[A-Za-z0-9.-]+$",
    )
    web_port: int = Field(8000, description="Port of the web app", ge=1, le=65535)
    public_url: str = Field(
        "",
        description="Address under which visitors reach the web app, for links to articles; "
        "empty: `http://localhost` with the web port",
    )
    public_bot_url: str = Field(
        "",
        description="Address under which visitors' browsers reach the bot server, for the chat on the web "
        "app's own pages; empty: the host name of the page with the bot's port",
    )
    shop_name: str = Field("de winkel", description="Name of the shop, as the bot says it", min_length=1)
    contact: str = Field(
        "via de contactpagina van de winkel",
        description="How a visitor reaches a person; completes the sentence 'Je bereikt een medewerker ...'",
        min_length=1,
    )
    allowed_origins: str = Field(
        "",
        description="Origins of the web pages that may show the chat, with commas, such as "
        "`https://www.winkel.example`; empty: the web app alone",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses of proxies whose `X-Forwarded-For` tells where a visitor is, with commas",
    )
    rest_token: SecretStr = Field(
        SecretStr(""),
        description="Token with which programs on other machines, or behind a proxy, may use REST; "
        "empty: they may not (see rest.md)",
    )
    articles: Path = Field(Path("data/articles"), description="Folder with the articles")
    models: Path = Field(Path("models"), description="Folder for trained models and the search index")
    var: Path = Field(Path("var"), description="Folder for everything made while running")
    embeddings: bool = Field(
        True,
        description="Whether to use sentence embeddings where their package is installed; "
        "takes effect at the next `make train`",
    )
    claims: Literal["gewoon", "streng"] = Field(
        "gewoon",
        description="With `streng` Kalm withholds passages that report experiences with products, "
        "for a shop whose lawyer wants that (see veiligheid.md)",
    )
    database: SecretStr = Field(
        SecretStr(""),
        description="Database address, such as `postgresql://kalm:secret@localhost/kalm`; "
        "empty: SQLite in `kalm.db` in the folder `KALM_VAR`",
    )
    pseudonym_key: SecretStr = Field(
        SecretStr(""),
        description="Key of the pseudonyms of senders, 64 hexadecimal digits; several with commas, newest "
        "first; empty: made once in `pseudonym.key` in the folder `KALM_VAR`",
    )
    conversation_days: int = Field(30, description="Days a conversation is kept", ge=1, le=3650)
    review_days: int = Field(
        90,
        description="Days a single message is kept for review; after `KALM_CONVERSATION_DAYS` without a link "
        "to its conversation",
        ge=0,
        le=3650,
    )
    log_format: Literal["text", "json"] = Field(
        "text",
        description="How the servers write their log: `text`, readable lines, or `json` (see logs.md)",
    )
    log_days: int = Field(14, description="Days a line of the log is kept, at most", ge=1, le=365)
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="Token with which Prometheus on another machine may read `/metrics`; empty: this machine "
        "alone (see metrics.md)",
    )
    whatsapp_phone_number_id: str = Field(
        "",
        description="Meta's id of the shop's WhatsApp number, digits alone; it is not the number itself "
        "(see whatsapp.md)",
        regex=r"^[0-9]*$",
    )
    whatsapp_access_token: SecretStr = Field(
        SecretStr(""), description="Token with which Kalm may send by WhatsApp, of a system user at Meta"
    )
    whatsapp_app_secret: SecretStr = Field(
        SecretStr(""), description="Secret of the app at Meta, with which Meta signs each webhook"
    )
    whatsapp_verify_token: SecretStr = Field(
        SecretStr(""), description="Word of your own choice, which Meta repeats when you enter the webhook"
    )
    whatsapp_graph_url: str = Field(
        "https://graph.facebook.com",
        description="Where Meta's Graph API is, without version; another address only to try without Meta",
    )
    second_look: bool = Field(
        True,
        description="Whether another person looks at each judgement on the review screens before Kalm learns "
        "from it; off for a team of one (see review.md)",
    )
    office_hours: str = Field(
        "",
        description="When somebody of the shop can be reached, such as `ma-vr 09:00-17:00, za 10:00-13:00`; "
        "empty: not told to visitors; holidays are not known",
    )
    time_zone: str = Field("Europe/Amsterdam", description="Time zone of the shop and its team")
    smtp: SecretStr = Field(
        SecretStr(""),
        description="Mail server that tells the team of a visitor who asked for a person, such as "
        "`smtps://user:password@mail.example:465` or `smtp://…:587` (then with STARTTLS); empty: no e-mail",
    )
    mail_from: str = Field("", description="Sender of those e-mails, such as `kalm@winkel.example`")
    mail_to: str = Field("", description="Who gets those e-mails, with commas")
    secrets: str = Field(
        "",
        description="Folder in which each file is a setting, by the name of its variable in small letters, "
        "such as `/run/secrets/kalm_database`; a variable goes before a file (see deploy.md)",
    )
    start_timeout: int = Field(180, description="Seconds the servers may take to become ready", ge=5, le=3600)

    class Config:
        """Pydantic's own settings."""

        env_prefix = "KALM_"
        frozen = True

    @validator("articles", "models", "var")
    def _absolute(cls, value: Path) -> Path:  # noqa: N805  (pydantic validators are class methods)
        if value == Path():
            raise ValueError("must not be empty")
        return value if value.is_absolute() else ROOT / value

    @validator("rest_token", "metrics_token")
    def _fits_in_a_header(cls, value: SecretStr) -> SecretStr:  # noqa: N805
        if not re.fullmatch(r"[!-~]*", value.get_secret_value()):
            raise ValueError("must be of ASCII, without spaces")
        return value

    @validator("secrets")
    def _folder(cls, value: str) -> str:  # noqa: N805
        if value and not Path(value).is_dir():
            raise ValueError("is no folder")
        return value and str(Path(value).absolute())

    @validator("allowed_origins")
    def _origins(cls, value: str) -> str:  # noqa: N805
        for origin in parts(value):
            if not re.fullmatch(r"https?://[^/\s]+", origin):
                raise ValueError(f"{origin!r} is no origin; write it as https://www.winkel.example")
        return value

    @validator("whatsapp_graph_url")
    def _keeps_the_token_secret(cls, value: str) -> str:  # noqa: N805
        if not re.match(r"https://|http://(127\.0\.0\.1|localhost)(:|/|$)", value):
            raise ValueError("must start with https://: the access token goes there")
        return value

    @validator("time_zone")
    def _exists(cls, value: str) -> str:  # noqa: N805
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is no time zone; write it as Europe/Amsterdam") from error
        return value

    @validator("office_hours")
    def _hours(cls, value: str) -> str:  # noqa: N805
        parse_office_hours(value)
        return value

    @validator("smtp")
    def _mail_server(cls, value: SecretStr) -> SecretStr:  # noqa: N805
        if value.get_secret_value():
            parse_mail_server(value.get_secret_value())
        return value

    @validator("mail_from", "mail_to", always=True)
    def _mail_addresses(cls, value: str, values: dict[str, Any], field: ModelField) -> str:  # noqa: N805
        found = parse_mail_addresses(value)
        if field.name == "mail_from" and len(found) > 1:
            raise ValueError("must be one e-mail address")
        if not found and _plain(values.get("smtp", "")):
            raise ValueError("must be set when KALM_SMTP is")
        return value

    @validator("public_url", "public_bot_url", "whatsapp_graph_url")
    def _without_slash(cls, value: str) -> str:  # noqa: N805
        if value and not re.match(r"https?://[^/]", value):
            raise ValueError("must start with http:// or https:// and name a host")
        return value.rstrip("/")

    @property
    def secret_names(self) -> tuple[str, ...]:
        """Names of the settings that nobody else may read."""
        return tuple(name for name, field in self.__fields__.items() if field.type_ is SecretStr)

    @property
    def proxies(self) -> frozenset[str]:
        """Addresses of proxies that are trusted."""
        return frozenset(parts(self.trusted_proxies))

    @property
    def missing_for_whatsapp(self) -> tuple[str, ...]:
        """Names of the settings without which WhatsApp is off, those that are empty."""
        return tuple(f"KALM_{name.upper()}" for name in FOR_WHATSAPP if not _plain(getattr(self, name)))

    @property
    def hours(self) -> OfficeHours | None:
        """When somebody of the shop can be reached; None when that is not known."""
        return parse_office_hours(self.office_hours)

    @property
    def mail_server(self) -> MailServer | None:
        """Where the team's e-mails are handed in; None when there are none."""
        address = self.smtp.get_secret_value()
        return parse_mail_server(address) if address else None

    @property
    def mail_receivers(self) -> tuple[str, ...]:
        """Who gets the team's e-mails."""
        return parse_mail_addresses(self.mail_to)

    @property
    def longest_days(self) -> int:
        """Days after which nothing a visitor typed is kept; a message never goes before its conversation."""
        return max(self.conversation_days, self.review_days)

    @property
    def database_url(self) -> str:
        """Address of the database, as SQLAlchemy wants it; it may hold a password."""
        return self.database.get_secret_value() or f"sqlite:///{self.var / 'kalm.db'}"

    def environment(self) -> dict[str, str]:
        """All settings as environment variables, for child processes and Rasa's ``${...}``.

        But for secrets from files: child processes read those there too, and what lists an environment must
        not show them.
        """
        variables = {f"KALM_{name.upper()}": name for name in self.__fields__}
        if self.secrets:
            given = {variable.upper() for variable in os.environ}
            in_files = {f"KALM_{name.upper()}" for name in self.secret_names} - given
            variables = {variable: name for variable, name in variables.items() if variable not in in_files}
        return {variable: _plain(getattr(self, name)) for variable, name in variables.items()}


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def load_settings(**overrides: Any) -> Settings:
    """Read the settings anew; keyword arguments go before the environment.

    Raises:
        SettingsError: a value has the wrong type or is out of range, or one in a file cannot be read.
    """
    folder = os.environ.get("KALM_SECRETS", "")
    files: dict[str, Any] = {"_secrets_dir": folder} if folder and Path(folder).is_dir() else {}
    try:
        return Settings(**{**files, **overrides})
    except (OSError, UnicodeDecodeError) as error:
        name = getattr(error, "filename", None) or "one"
        raise SettingsError(
            f"KALM_SECRETS: a file in it cannot be read ({name}: {type(error).__name__}); let the user that "
            "runs Kalm read it"
        ) from error
    except ValidationError as error:
        faults = "; ".join(f"KALM_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
        raise SettingsError(f"{faults}. See docs/settings.md.") from error


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()
