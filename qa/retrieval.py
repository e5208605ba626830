"""Question → passages: the matching of words and the likeness of meaning, fused."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding import Embedder
from index.lexical import terms
from index.passage import Hit
from index.store import PassageIndex

MEANING = 0.35  # share of the sentence model in the fused score; the rest is words
PARAGRAPH = 0.6  # what a match of words in the paragraph and its headings adds to one in the sentence itself
DEPTH = 200  # candidates each leg brings


@dataclass(frozen=True)
class Retriever:
    """Finds the passages that speak of a question.

    Both legs are turned into z-scores over the whole index before they are added: ranks alone (reciprocal rank fusion)
    throw away how sure the word leg is, which on Chinese reports costs five points of recall@1.
    """

    index: PassageIndex
    embedder: Embedder

    def retrieve(self, question: str, k: int) -> list[Hit]:
        """Find the k passages that fit a question best, best first, equal scores in reading order."""
        words = self.word_scores(question)
        query = self.embedder.embed_queries([question])[0]
        positions = np.union1d(self.index.nearest(query, DEPTH), _top(words, DEPTH))
        mean, deviation = self.index.cosine_moments(query)
        meaning = (self.index.cosines(query, positions) - mean) / (deviation + 1e-6)
        matching = (words[positions] - words.mean()) / (words.std() + 1e-6)
        scores = (1 - MEANING) * matching + MEANING * meaning
        best = np.lexsort((positions, -scores))[:k]
        return [Hit(self.index.passage(int(positions[i])), float(scores[i]), rank) for rank, i in enumerate(best, 1)]

    def word_scores(self, question: str) -> NDArray[np.float32]:
        """Score all passages by BM25 of the sentence and, with less weight, of its paragraph; shape (passages,)."""
        weights = Counter(terms(question))
        return (
            self.index.words.scores(weights)
            + PARAGRAPH * self.index.paragraph_words.scores(weights)[self.index.paragraph_of]
        )


def _top(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    if k >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(-scores, k)[:k]
