"""Index and rank passages; know when nothing fits."""

from kalm.search.index import Match, SearchIndex, build_index, load_index

__all__ = ["Match", "SearchIndex", "build_index", "load_index"]
