"""Passwords of the team, kept as Argon2id (RFC 9106, the second recommended choice of parameters)."""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

SHORTEST = 12
"""Characters of a password, at least."""

LONGEST = 256
"""Characters of a password, at most: a long one costs time to hash."""


_AT_ONCE = BoundedSemaphore(2)
"""Each takes 64 MiB: whoever tries many passwords at once must not take the memory of a small machine."""

_IN_LINE = BoundedSemaphore(8)
"""Attempts that wait their turn, at most: each holds a thread, and visitors' pages need some too."""


class BusyError(Exception):
    """So many passwords are tried at once that this one was not looked at."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def hash_of(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _hasher().hash(password)


def is_right(password: str, kept: str) -> bool:
    """Whether this is the password of which ``kept`` was made; a damaged one fits nothing.

    Raises:
        BusyError: too many are tried at once.
    """
    if not _IN_LINE.acquire(blocking=False):
        raise BusyError
    try:
        with _AT_ONCE:
            return _hasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _IN_LINE.release()


@cache
def nobodys() -> str:
    """A hash that no password fits: a name that is not there takes as long as one that is."""
    return hash_of("\0nobody")


def what_is_wrong_with(password: str, name: str = "") -> str:
    """Why a new password cannot be used, in Dutch, or "".

    Args:
        password: the new one.
        name: with which its owner logs in.
    """
    if len(password) < SHORTEST:
        return f"Kies een wachtwoord van minstens {SHORTEST} tekens, bijvoorbeeld vier losse woorden."
    if len(password) > LONGEST:
        return f"Kies een wachtwoord van hoogstens {LONGEST} tekens."
    if len(set(password)) < 5 or (name and password.lower().replace(name.lower(), "").strip() == ""):
        return "Dit wachtwoord is te makkelijk te raden. Vier losse woorden zijn veilig en te onthouden."
    return ""


def new_password() -> str:
    """A first password: easy to read out, hard to guess (80 bits)."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
