"""Question → passages: the matching of words and the likeness of meaning, fused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding import Embedder
from index.passage import Hit
from index.store import PassageIndex
from qa.wording import official_words, weigh

MEANING = 0.42  # share of the sentence model in the fused score; the rest is words
PARAGRAPH = 1.0  # what a match of words in the paragraph and its headings adds to one in the sentence itself
OFFICIAL = 0.5  # share that the official words for a question's everyday words have in its vector
DEPTH = 200  # candidates each leg brings
OWN = 0.5  # share that the words of a follow-up itself have in its score; the rest has the question written out
STAYS = 0.3  # share of the best score that a passage gains when a follow-up comes upon it
NEIGHBOUR = 0.3  # the same for the other passages of its paragraph


@dataclass(frozen=True)
class Retriever:
    """Finds the passages that speak of a question.

    Both legs are turned into z-scores over the whole index before they are added: ranks alone (reciprocal rank fusion)
    throw away how sure the word leg is, which on Chinese reports costs five points of recall@1.
    """

    index: PassageIndex
    embedder: Embedder

    def retrieve(self, question: str, k: int, stays: Sequence[str] = (), own: str = "") -> list[Hit]:
        """Find the k passages that fit a question best, best first, equal scores in reading order.

        `stays` are the ids of the passages that the talk was about just before a follow-up; they come nearer.
        `own` are the words that the follow-up itself adds; what they find by themselves counts besides.
        """
        positions, scores = self.candidates(question)
        if own:
            theirs = self.candidates(own)
            _, here, there = np.intersect1d(positions, theirs[0], assume_unique=True, return_indices=True)
            scores = (1 - OWN) * scores
            scores[here] += OWN * theirs[1][there]
        if stays:
            scores = self._drawn(positions, scores, stays)
        best = np.lexsort((positions, -scores))[:k]
        return [Hit(self.index.passage(int(positions[i])), float(scores[i]), rank) for rank, i in enumerate(best, 1)]

    def candidates(self, question: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Give the positions of the passages that either leg brings, in reading order, and their fused scores."""
        words = self.word_scores(question)
        query = self.question_vector(question)
        positions = np.union1d(self.index.nearest(query, DEPTH), _top(words, DEPTH))
        mean, deviation = self.index.cosine_moments(query)
        meaning = (self.index.cosines(query, positions) - mean) / (deviation + 1e-6)
        matching = (words[positions] - words.mean()) / (words.std() + 1e-6)
        return positions, (1 - MEANING) * matching + MEANING * meaning

    def _drawn(
        self, positions: NDArray[np.int64], scores: NDArray[np.float32], stays: Sequence[str]
    ) -> NDArray[np.float32]:
        known = {self.index.passage(int(p)).passage_id: int(p) for p in positions}
        places = [known[passage_id] for passage_id in stays if passage_id in known]
        best = float(scores.max())
        near = np.isin(self.index.paragraph_of[positions], self.index.paragraph_of[places])
        nearer = np.where(np.isin(positions, places), STAYS, np.where(near, NEIGHBOUR, 0.0))
        return scores + (best * nearer).astype(np.float32)

    def question_vector(self, question: str) -> NDArray[np.float32]:
        """Embed a question, drawn towards the official words for its everyday ones; a unit row, shape (dim,)."""
        official = "".join(official_words(question))
        vectors = self.embedder.embed_queries([question, official] if official else [question])
        query = vectors[0] + OFFICIAL * vectors[1] if official else vectors[0]
        return query / (np.linalg.norm(query) or 1.0)

    def word_scores(self, question: str) -> NDArray[np.float32]:
        """Score all passages by BM25 of the sentence and, with less weight, of its paragraph; shape (passages,)."""
        weights = weigh(question)
        scores = self.index.words.scores(weights)
        scores += PARAGRAPH * self.index.paragraph_words.scores(weights)[self.index.paragraph_of]
        return scores


def _top(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    if k >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(-scores, k)[:k]
