"""``kalm doctor``: name what is wrong with an installation before a visitor meets it. It changes nothing.

Each subject is a function of its own in ``subjects/`` that yields findings. One that breaks or takes too long
becomes a finding itself and hides no other. Nothing is told that could be a secret, or a visitor's words.
"""

from commands.doctor.command import doctor

__all__ = ["doctor"]
