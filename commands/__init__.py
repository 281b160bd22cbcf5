"""The command line: ``python -m kalm ...``. One module per command; it may use every room."""

from commands.cli import app

__all__ = ["app"]
