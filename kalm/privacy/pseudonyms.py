"""Who wrote, as a keyed pseudonym: the same sender gives the same one, nobody without the key can go back.

A pseudonym is HMAC-SHA256 (RFC 2104) over the channel and the sender id. A plain hash would not do: all
telephone numbers can simply be tried (EDPB guidelines 01/2025 on pseudonymisation).

Keys come from ``KALM_PSEUDONYM_KEY``, or else from a file in ``var/`` that is made once. There may be
several, newest first: a new sender gets a pseudonym of the newest, a running conversation is found with the
older ones.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from kalm.locks import alone_in
from kalm.settings import SettingsError, settings

KEY_FILE = "pseudonym.key"
"""Name of the file in ``var/``: one key a line in hexadecimal, newest first, readable by its owner alone."""

_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Pseudonym:
    """A sender under one key.

    Attributes:
        value: 64 hexadecimal digits.
        key: which key made it: 8 digits that say nothing of the key itself.
    """

    value: str
    key: str


class Pseudonyms:
    """Makes pseudonyms with one or more keys of 32 bytes, newest first."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("at least one key is needed")
        self._keys = {_name(key): key for key in keys}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the keys, newest first."""
        return tuple(self._keys)

    def all_of(self, channel: str, sender: str) -> tuple[Pseudonym, ...]:
        """The sender under each key, newest first.

        Args:
            channel: name of the channel; the same id in two channels is two senders.
            sender: id as the channel knows it, such as a telephone number.
        """
        # The length goes before the channel, so that no two pairs give the same text.
        text = f"{len(channel)}:{channel}:{sender}".encode("utf-8", "surrogatepass")
        return tuple(
            Pseudonym(hmac.new(key, text, sha256).hexdigest(), name) for name, key in self._keys.items()
        )

    def signatures(self, purpose: str, data: bytes) -> tuple[bytes, ...]:
        """What shows that this installation wrote something, under each key, newest first.

        Args:
            purpose: what is signed, so that one thing cannot pass for another; no name of a channel.
            data: to sign.

        Returns:
            32 bytes each (HMAC-SHA256, RFC 2104).
        """
        text = f"signature of {purpose}:".encode() + data
        return tuple(hmac.new(key, text, sha256).digest() for key in self._keys.values())


def read_pseudonyms() -> Pseudonyms:
    """The pseudonyms of this installation; the key file is made when there is no key at all.

    Raises:
        SettingsError: a key is not 64 hexadecimal digits, or the file cannot be read or made.
    """
    chosen = settings().pseudonym_key.get_secret_value()
    if chosen:
        return Pseudonyms(_read_keys(chosen.replace(",", "\n"), "KALM_PSEUDONYM_KEY"))
    path = key_file()
    try:
        _make_once(path)
        return Pseudonyms(_read_keys(path.read_text(encoding="ascii"), str(path)))
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read or made ({error.strerror}); it holds the key of the pseudonyms. Let the "
            "user that runs Kalm read and write it, or set KALM_PSEUDONYM_KEY."
        ) from error
    except UnicodeDecodeError as error:
        raise _wrong_key(str(path)) from error


@cache
def pseudonyms() -> Pseudonyms:
    """The pseudonyms of this process, read once."""
    return read_pseudonyms()


def rotate() -> Pseudonyms:
    """Put a new key before those in the file.

    Raises:
        SettingsError: the keys come from the environment, or the file cannot be written.
    """
    if settings().pseudonym_key.get_secret_value():
        raise SettingsError(
            "the key comes from KALM_PSEUDONYM_KEY: put a new one before it there, with a comma between "
            "(openssl rand -hex 32), and restart Kalm"
        )
    read_pseudonyms()
    with alone_in(key_file().parent):  # what another process writes must not be lost
        lines = key_file().read_text(encoding="ascii").split()
        _write_keys([secrets.token_hex(32), *lines])
    return read_pseudonyms()


def drop_keys(unused: Sequence[str]) -> None:
    """Remove from the file the keys with these names; the newest always stays."""
    with alone_in(key_file().parent):  # what another process writes must not be lost
        keys = _read_keys(key_file().read_text(encoding="ascii"), str(key_file()))
        kept = [key.hex() for number, key in enumerate(keys) if number == 0 or _name(key) not in unused]
        if len(kept) < len(keys):
            _write_keys(kept)


def has_key() -> bool:
    """Whether there is a key already; without one no sender is known."""
    return bool(settings().pseudonym_key.get_secret_value()) or key_file().exists()


def key_file() -> Path:
    """Where the keys are when they do not come from the environment."""
    return settings().var / KEY_FILE


def _name(key: bytes) -> str:
    return sha256(b"name of a key of pseudonyms" + key).hexdigest()[:8]


def _make_once(path: Path) -> None:
    """Make the file with a first key; of two processes at once only one does."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    _write(fresh, [secrets.token_hex(32)])
    try:
        os.link(fresh, path)  # fails when another process was first; its key then holds for both
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _write_keys(lines: Sequence[str]) -> None:
    path = key_file()
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    _write(fresh, lines)
    fresh.replace(path)


def _write(path: Path, lines: Sequence[str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def _read_keys(text: str, where: str) -> list[bytes]:
    lines = text.split()
    if not lines or not all(_KEY.fullmatch(line) for line in lines):
        raise _wrong_key(where)
    return [bytes.fromhex(line) for line in lines]


def _wrong_key(where: str) -> SettingsError:
    return SettingsError(
        f"{where} must hold one or more keys of 64 hexadecimal digits in small letters, newest first; make "
        "one with 'openssl rand -hex 32'. Without the old key, running conversations begin anew."
    )
