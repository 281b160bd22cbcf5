"""The website's channel: the routes that the chat element calls, under ``/webhooks/website``."""

from channels.website.channel import WebsiteChannel

__all__ = ["WebsiteChannel"]
