"""Articles: read, validate and import them; split them into passages."""

from kalm.articles.checking import check_articles
from kalm.articles.faults import ArticleError, Fault
from kalm.articles.model import Article, Evidence, Passage, Section, Source, passages
from kalm.articles.reading import read_article, read_articles

__all__ = [
    "Article",
    "ArticleError",
    "Evidence",
    "Fault",
    "Passage",
    "Section",
    "Source",
    "check_articles",
    "passages",
    "read_article",
    "read_articles",
]
