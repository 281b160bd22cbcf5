"""The files of ``data/safety``: rules kept as data, so that a doctor or a lawyer can review them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from kalm.settings import ROOT

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""As safe as the loader in Python and ten times as quick, where it is built in."""

FOLDER = ROOT / "data" / "safety"


class SafetyError(ValueError):
    """A file of ``data/safety`` cannot be used; the message says, in Dutch, what to mend."""


def read_file(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """The content of one file.

    Raises:
        SafetyError: it is missing, is no YAML, or holds no fields.
    """
    try:
        raw = yaml.load((folder / name).read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SafetyError(f"{name}: is niet te lezen ({' '.join(str(error).split())[:160]})") from error
    if not isinstance(raw, dict):
        raise SafetyError(f"{name}: bevat geen velden; schrijf 'naam:' met daaronder de inhoud")
    return raw


@contextmanager
def faults_of(name: str) -> Iterator[None]:
    """Name the file in a fault that is found in its content.

    Raises:
        SafetyError: with the name of the file before the message.
    """
    try:
        yield
    except SafetyError as error:
        raise SafetyError(f"{name}: {error}") from error


def texts(raw: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A field that holds one text or a list of texts.

    Raises:
        SafetyError: it is missing or holds something else, such as a number without quotes.
    """
    value = raw.get(name)
    listed = value if isinstance(value, list) else [value]
    if not listed or not all(isinstance(one, str) and one.strip() for one in listed):
        raise SafetyError(f"'{name}' ontbreekt, is leeg of heeft een getal zonder aanhalingstekens")
    return tuple(" ".join(str(one).split()) for one in listed)


def yes_or_no(raw: Mapping[str, Any], name: str) -> bool:
    """A field that is "ja" or "nee"; missing is no.

    Raises:
        SafetyError: it holds something else, which must not count as no in silence.
    """
    value = raw.get(name, "nee")
    if value not in ("ja", "nee"):
        raise SafetyError(f"'{name}' heeft '{value}'; schrijf ja of nee")
    return bool(value == "ja")
