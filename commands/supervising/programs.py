"""The command lines of the servers, and of what is done around them."""

from __future__ import annotations

import sys
from pathlib import Path

from commands.environment import rasa_environment

EXPLAINED = 3
"""Exit code of an export that changed nothing, and says why in Dutch on its last line."""

_SERVE = (sys.executable, "-m", "commands.serve")


class Programs:
    """What the supervisor starts; tests start something that is quicker."""

    def environment(self) -> dict[str, str]:
        """Of all of them."""
        return rasa_environment()

    def bot(self, model: Path, listen: int | None = None, tell: int | None = None) -> list[str]:
        """The bot server.

        Args:
            model: what it loads.
            listen: descriptor of the socket to listen on, else the port of the settings.
            tell: descriptor of the socket to the supervisor, for one that must answer first.
        """
        return [*_SERVE, "bot", "--model", str(model), *_option("--listen", listen), *_option("--tell", tell)]

    def actions(self, index: Path, listen: int | None = None) -> list[str]:
        """The action server.

        Args:
            index: what it loads.
            listen: descriptor of the socket to listen on, else the port of the settings.
        """
        return [*_SERVE, "actions", "--index", str(index), *_option("--listen", listen)]

    def web(self) -> list[str]:
        """The web app."""
        return [*_SERVE, "web"]

    def announce(self) -> list[str]:
        """Waits until all answers, says so, and ends with 0; with another code when it took too long."""
        return [sys.executable, "-m", "commands.announcing"]

    def export(self, candidate: str, back: bool) -> list[str]:
        """Puts the files of a candidate in their place, all or none, or those of before it."""
        return [sys.executable, "-m", "kalm", "export", candidate, *(["--terug"] if back else [])]


def _option(name: str, descriptor: int | None) -> list[str]:
    return [] if descriptor is None else [name, str(descriptor)]
