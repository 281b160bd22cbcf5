"""Personal data in what a visitor typed: taken out before anything is stored or logged."""

from kalm.privacy.masking import mask

__all__ = ["mask"]
