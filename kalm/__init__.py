"""Kalm's own logic: language, articles, search, answers and replies. Knows nothing of Rasa."""
