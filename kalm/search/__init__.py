"""Index and rank passages; know when nothing fits."""

from kalm.search.features import NAMES as FEATURE_NAMES
from kalm.search.index import Match, SearchIndex, build_index, load_index

__all__ = ["FEATURE_NAMES", "Match", "SearchIndex", "build_index", "load_index"]
