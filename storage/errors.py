"""What can be wrong with the storage."""

from __future__ import annotations


class StorageError(Exception):
    """The storage cannot be used as it is; the message says what is wrong and what to do."""
