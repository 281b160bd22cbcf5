"""The web app: the start page, the articles, the chat element with a shop to try it in."""

from web.application import create_app

__all__ = ["create_app"]
