"""Rasa's agent, by its own extension points, without what a message of Kalm need not pay for.

What each of them wins stands in ``docs/architecture.md``; ``benchmarks/extension_points.py`` measures it.
"""
