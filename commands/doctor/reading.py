"""The settings of an installation; for one that cannot be used the other checks go on with its default."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr, ValidationError

from kalm.settings import Settings, SettingsError, load_settings, settings

PREFIX = "KALM_"
_SECRETS = "KALM_SECRETS"

_PIECE = 4
"""Characters of a value that a message may not repeat."""

_NEED_EACH_OTHER = {"mail_from": "smtp", "mail_to": "smtp"}
"""A setting without which the default of another is refused too."""


@dataclass(frozen=True)
class Refused:
    """A setting that cannot be used.

    Attributes:
        variable: its name.
        why: without the value or a part of it: a secret may stand in the wrong variable.
    """

    variable: str
    why: str


def written() -> dict[str, str]:
    """All variables of this process, and the settings that stand in files (``KALM_SECRETS``)."""
    folder = os.environ.get(_SECRETS, "")
    found = {}
    files = sorted(Path(folder).glob("*")) if folder else []
    for path in [file for file in files if file.name.upper().startswith(PREFIX)]:
        try:
            found[path.name.upper()] = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            continue  # reading the settings tells of it
    return {**found, **os.environ}


@contextmanager
def usable() -> Iterator[tuple[Settings, tuple[Refused, ...]]]:
    """Let this process work with the settings that can be used, and with the default of each other.

    Yields:
        The settings, which :func:`kalm.settings.settings` gives as well meanwhile, and what was refused.
    """
    refused: dict[str, Refused] = {}
    environment = written()
    kept = {name: value for name, value in os.environ.items() if name.upper().startswith(PREFIX)}
    try:
        while True:
            settings.cache_clear()
            try:
                read = load_settings()
                break
            except SettingsError as unusable:
                error = unusable.__cause__
                if not isinstance(error, ValidationError):  # of a file
                    refused["secrets"] = Refused(_SECRETS, "holds a file that cannot be read")
                    del os.environ[_SECRETS]
                    continue
                for name in _replace_by_defaults(error):
                    refused.setdefault(name, Refused(_variable(name), _why(name, error, environment)))
        # The way the rest of Kalm gets them, so that every check sees the same.
        settings.cache_clear()
        settings()
        yield read, tuple(refused.values())
    finally:
        for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
            del os.environ[name]
        os.environ.update(kept)
        settings.cache_clear()


def _replace_by_defaults(error: ValidationError) -> list[str]:
    names = [str(fault["loc"][0]) for fault in error.errors()]
    for name in {*names, *(_NEED_EACH_OTHER[name] for name in names if name in _NEED_EACH_OTHER)}:
        for written in [known for known in os.environ if known.upper() == _variable(name)]:
            del os.environ[written]
        default = Settings.__fields__[name].default
        plain = default.get_secret_value() if isinstance(default, SecretStr) else default
        os.environ[_variable(name)] = str(plain)
    return names


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _why(name: str, error: ValidationError, environment: Mapping[str, str]) -> str:
    message = next(str(fault["msg"]) for fault in error.errors() if fault["loc"][0] == name)
    values = [value for known, value in environment.items() if known.upper() == _variable(name)]
    for value in values:
        if any(value[start : start + _PIECE] in message for start in range(len(value) - _PIECE + 1)):
            return f"is not of the form it should have ({Settings.__fields__[name].field_info.description})"
    return message
