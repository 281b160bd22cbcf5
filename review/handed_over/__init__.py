"""Visitors who asked for a person: the list, one of them, and the e-mail that tells the team."""
