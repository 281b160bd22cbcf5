"""Sentences as people type them, and much that they never would, on one line as a judgement keeps it."""

from __future__ import annotations

from hypothesis import strategies as st

from review.judging.sentences import tidied


def sentences(without: str = "", longest: int = 80) -> st.SearchStrategy[str]:
    """Any sentence.

    Args:
        without: signs that are not in it.
        longest: characters.
    """
    no_sign = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")  # which no judgement may have
    signs = st.characters(blacklist_categories=no_sign, blacklist_characters=without)
    return st.text(signs, min_size=1, max_size=longest).map(tidied).filter(bool)
