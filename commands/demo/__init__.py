"""``kalm demo``: Kalm with a made-up team and made-up conversations, to try the review screens."""

from commands.demo.starting import demo

__all__ = ["demo"]
