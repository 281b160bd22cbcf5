"""Measurements of speed; each module prints a table. Quality is measured by ``kalm evaluate``."""
