"""Dutch text to tokens, lemmas, compound parts and search terms: the one door to spaCy.

The same tokens and lemmas feed the intents (``nlu/``) and the search (``kalm.search``).
"""

from kalm.language.analysis import DutchLanguage, Term, Token, dutch
from kalm.language.normalise import character_ngrams, normalise

__all__ = ["DutchLanguage", "Term", "Token", "character_ngrams", "dutch", "normalise"]
