"""Sentences of the training data that contradict each other, and what the team decides about them."""
