"""What Kalm may not pass over and may not say; the rules themselves stand in ``data/safety``."""

from kalm.safety.danger import DangerSign, Found, danger_in, danger_in_pieces, danger_rules, look_for_danger
from kalm.safety.files import SafetyError
from kalm.safety.settled import says_help_has_been, says_it_is_back, says_it_is_settled, says_it_was_misread

__all__ = [
    "DangerSign",
    "Found",
    "SafetyError",
    "danger_in",
    "danger_in_pieces",
    "danger_rules",
    "look_for_danger",
    "says_help_has_been",
    "says_it_is_back",
    "says_it_is_settled",
    "says_it_was_misread",
]
