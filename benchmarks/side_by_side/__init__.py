"""Kalm beside stock Rasa and beside floors: the same machine, data and questions, measured in turn."""
