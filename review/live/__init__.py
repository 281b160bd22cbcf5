"""A person puts a model live: the wish for it, and what becomes of it.

The supervisor of ``kalm run`` does the work (``commands/supervising/``); it says in files how far it is
(:mod:`kalm.going_live`). Here those are shown, and the candidates brought in line with what runs.
"""
