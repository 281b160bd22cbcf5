"""Index and rank passages; know when nothing fits."""

from kalm.search.building import build_index, load_index
from kalm.search.index import SearchIndex
from kalm.search.match import Match

__all__ = ["Match", "SearchIndex", "build_index", "load_index"]
