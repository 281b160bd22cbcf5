"""WhatsApp, through Meta's Cloud API: stored first, acknowledged second, answered third."""

from channels.whatsapp.channel import WhatsAppChannel

__all__ = ["WhatsAppChannel"]
