"""Secrets that are easy to guess, that stand in our documentation, or that open two doors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from commands.doctor.finding import Finding, fault, good, warning
from commands.doctor.look import Look
from commands.doctor.reading import PREFIX
from commands.doctor.redacting import password_in
from kalm.addresses import parts
from kalm.privacy.pseudonyms import has_key, key_file
from kalm.settings import SettingsError

SHORTEST = 16
"""Characters: 64 bits in hexadecimal digits, which OWASP asks of a token at least
(https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html)."""

SHORTEST_PASSWORD = 8
"""Characters, for passwords that somebody else's server keeps: NIST SP 800-63B, 5.1.1.2."""

FEWEST = 6
"""Different characters: 16 hexadecimal digits by chance have fewer once in about 25,000 times."""

_GUESSED_FIRST = frozenset(
    (
        *("changeme", "example", "geheim", "kalm", "password", "postgres", "proef"),
        *("secret", "test", "token", "verander", "voorbeeld", "wachtwoord"),
    )
)
_NEW = "make a new one with 'openssl rand -hex 32'"
_NEW_PASSWORD = "choose another where it is kept, such as 'openssl rand -hex 32' prints, and write it here"
_NEW_KEY = (
    "put a new one ('openssl rand -hex 32') before it with a comma between, and leave the old one: whoever "
    "wrote under it is found by it"
)

_KEY = f"{PREFIX}PSEUDONYM_KEY"

_THEIRS = frozenset({"whatsapp_access_token", "whatsapp_app_secret"})
"""Made by Meta: nobody here can choose a longer one."""


def look(looked: Look) -> Iterator[Finding]:
    """What is wrong with each secret, and with two together."""
    found = list(_secrets(looked))
    shipped = _documentation(looked.root)
    troubles = list(
        chain.from_iterable(_weak(where, value, is_password, shipped) for where, value, is_password in found)
    )
    yield from troubles
    twice = list(_twice([(where, value) for where, value, _ in found]))
    yield from twice
    yield from _pseudonyms(looked)
    if not troubles and not twice:
        yield good(f"{len(found)} secrets are set; none is short, an example, or used twice")


def _secrets(looked: Look) -> Iterator[tuple[str, str, bool]]:
    """Variable, value, and whether it is a password for somebody else's server."""
    for name in looked.settings.secret_names:
        variable = f"{PREFIX}{name.upper()}"
        value = getattr(looked.settings, name).get_secret_value()
        if name in ("database", "smtp"):
            if password := password_in(value):
                yield f"the password in {variable}", password, True
        elif name == "pseudonym_key":
            yield from ((variable, key, False) for key in parts(value))
        elif value:
            yield variable, value, name in _THEIRS


def _weak(where: str, value: str, is_password: bool, shipped: str) -> Iterator[Finding]:
    shortest = SHORTEST_PASSWORD if is_password else SHORTEST
    remedy = _NEW_KEY if where == _KEY else _NEW_PASSWORD if is_password else _NEW
    if value.lower() in _GUESSED_FIRST or (len(value) >= SHORTEST_PASSWORD and value in shipped):
        yield fault(where, "is an example that everybody can read", remedy)
    elif len(value) < shortest:
        tell = warning if is_password else fault
        yield tell(where, f"is shorter than {shortest} characters, so it can be guessed", remedy)
    elif len(set(value)) < FEWEST:
        yield fault(where, f"has fewer than {FEWEST} different characters, so it can be guessed", remedy)


def _twice(found: list[tuple[str, str]]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for where, value in found:
        if value in first:
            what = f"is the same as {first[value]}: who learns the one has the other"
            yield fault(where, what, "make a new one for one of the two")
        first.setdefault(value, where)


def _pseudonyms(looked: Look) -> Iterator[Finding]:
    try:
        readable = not has_key() or bool(_keys(looked))
    except (OSError, ValueError, SettingsError) as error:
        remedy = "let the user that runs Kalm read it, or put the one of before back; chats begin anew else"
        yield fault("the key of the pseudonyms", f"cannot be used ({type(error).__name__})", remedy)
        return
    if not readable:
        remedy = "put the key of before back; without it, running conversations begin anew"
        yield fault("the key of the pseudonyms", "is not 64 hexadecimal digits in small letters", remedy)
    yield from _left_behind(looked)


def _left_behind(looked: Look) -> Iterator[Finding]:
    """A key in the file that is not in the setting, which goes before the file."""
    chosen = parts(looked.settings.pseudonym_key.get_secret_value())
    if not chosen or not key_file().exists():
        return
    if set(key_file().read_text(encoding="ascii", errors="replace").split()) - set(chosen):
        what = f"holds a key that is not in {_KEY}: whoever wrote under it is not found any more"
        remedy = f"put it behind the other in {_KEY}, with a comma between; then remove the file"
        yield warning(str(key_file()), what, remedy)


def _keys(looked: Look) -> bool:
    chosen = looked.settings.pseudonym_key.get_secret_value()
    lines = chosen.replace(",", "\n").split() if chosen else key_file().read_text(encoding="ascii").split()
    return bool(lines) and all(len(line) == 64 and set(line) <= set("0123456789abcdef") for line in lines)


def _documentation(root: Path) -> str:
    # Not all below deploy/: the shop's own secrets may be there.
    pages = [
        root / "README.md",
        *sorted((root / "docs").glob("*.md")),
        *sorted((root / "deploy").glob("*.yml")),
    ]
    return "\n".join(page.read_text(encoding="utf-8", errors="replace") for page in pages if page.is_file())
