"""Which messages are so much alike that they are judged together.

Two messages share a group when they have the same content words, whatever their form, order and fillers:
"Wat is RLS?", "wat is rls" and "wat is rusteloze benen nou precies". Rather too many groups than too few:
what is judged together by mistake teaches Kalm something wrong.
"""

from __future__ import annotations

import hashlib
import re

from kalm.language import dutch, normalise
from kalm.privacy.masking import without_labels

LONGEST = 1000
"""Characters that are looked at."""

_FILLERS = frozenset(("nou", "eens", "hoor", "joh", "ofzo", "enzo", "ehm", "hmm", "pff", "jullie", "please"))
"""Words that the dictionary of stop words does not have, and that add nothing to a question."""

_DECISIVE = {
    **dict.fromkeys(("niet", "geen", "niets", "nooit", "zonder", "noch"), "niet"),
    **dict.fromkeys(("ik", "mij", "me", "mijn", "m'n", "ikzelf", "mezelf", "mijzelf"), "ik"),
    **{word: word for word in ("meer", "minder", "na", "voor", "tijdens", "tegen", "tussen", "min")},
    **{word: word for word in ("weinig", "beide", "andere", "anders", "beter", "alleen", "eerste", "of")},
}
"""Stop words that change what is asked, each with what it counts as: a denial is a denial."""

_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def group_key(text: str, in_danger: bool) -> str:
    """Name of the group of a message, 32 hexadecimal digits.

    Args:
        text: masked.
        in_danger: whether Kalm took it for a danger; such a message stands with no other.
    """
    said = without_labels(text[:LONGEST])
    parts = ["danger"] if in_danger else []
    parts += content_of(said) or ["as typed", *_words(said)]
    if not _words(said):  # a smile, or nothing but marks
        parts.append(text.strip()[:LONGEST])
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def content_of(text: str) -> list[str]:
    """What a text says, whatever the order: content words, question words and what denies or turns it.

    Nothing when there is no content word in it: then each word counts.
    """
    terms = [term for term in dutch().terms(text) if term.form not in _FILLERS]
    if not any(term.content for term in terms):
        return []
    decisive = {_DECISIVE[word] for word in _words(text) if word in _DECISIVE}
    return sorted({term.form for term in terms} | {f"+{word}" for word in decisive})


def content_words(text: str) -> frozenset[str]:
    """The content words alone, to see whether two messages are about one thing."""
    return frozenset(term.form for term in dutch().terms(text) if term.content and term.form not in _FILLERS)


def _words(text: str) -> list[str]:
    return _WORDS.findall(normalise(text))
