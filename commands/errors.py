"""The error that ends a command with a message."""


class CommandError(Exception):
    """Something a person can mend; the message says what and how."""
