"""Keeps secrets out of what is told, whatever message they got into.

Each check already tells no values. This is for the messages of drivers and libraries, and for a secret that
somebody put into the wrong variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from commands.doctor.reading import PREFIX
from kalm.addresses import parts
from kalm.settings import Settings

SHORTEST = 6
"""Characters; anything shorter would blot out ordinary words."""

HIDDEN = "…"

_TOKEN = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_+=|-]{20,}")
"""What ``openssl rand``, Meta and the like give."""


def looks_like_a_secret(value: str) -> bool:
    """Whether a value is rather a secret than a name, path or address."""
    return bool(_TOKEN.fullmatch(value.strip())) or bool(password_in(value))


def password_in(address: str) -> str:
    """The password in an address, as it stands there; "" for none."""
    # By hand: an address that cannot be parsed may hold one as well.
    found = re.match(r"[a-z0-9+]+://[^:/@\s]*:(.+)@", address.strip(), re.IGNORECASE)
    return found[1] if found else ""


class Redactor:
    """Takes out of texts what may not be told."""

    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        found = {part for value in _secrets(settings, environment) for part in _forms(value)}
        longest_first = sorted((part for part in found if len(part) >= SHORTEST), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def clean(self, text: str) -> str:
        """The text without secrets, on one line."""
        line = " ".join(text.split())
        return self._pattern.sub(HIDDEN, line) if self._pattern else line


def _secrets(settings: Settings, environment: Mapping[str, str]) -> Iterator[str]:
    is_secret = settings.secret_names
    for name in is_secret:
        yield getattr(settings, name).get_secret_value()
    for variable, value in environment.items():
        if not variable.upper().startswith(PREFIX):
            continue
        name = variable[len(PREFIX) :].lower()
        if name in is_secret or name not in Settings.__fields__ or looks_like_a_secret(value):
            yield value


def _forms(secret: str) -> Iterator[str]:
    """The secret itself, and what of it others may tell."""
    if not secret:
        return
    if "://" not in secret:
        yield secret
        yield from parts(secret)
        return
    password = password_in(secret)
    if password:
        yield secret
    yield from (password, unquote(password), *re.split(r"[@/:?#]", password))
    try:
        query = urlsplit(secret).query
    except ValueError:
        query = ""
    yield from (value for pair in query.split("&") for value in (pair.partition("=")[2],) if "/" not in value)
