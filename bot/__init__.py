"""Rasa's agent, by its own extension points, without what a message of Kalm need not pay for.

What each of them wins is measured in ``docs/benchmarks.md``.
"""
