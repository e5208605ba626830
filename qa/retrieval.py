"""Question → passages: the matching of words and the likeness of meaning, fused."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

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
ELSEWHERE = 0.5  # share of the best score that the reports of other places lose when a question names the place of one
_PLACE = re.compile("^[一-鿿]{2,7}?[省市县区州盟旗镇]")


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
        places = self._named(question)
        positions, scores = self.candidates(_without(places.values(), question))
        if own:
            theirs = self.candidates(_without(places.values(), own))
            _, here, there = np.intersect1d(positions, theirs[0], assume_unique=True, return_indices=True)
            scores = (1 - OWN) * scores
            scores[here] += OWN * theirs[1][there]
        if stays:
            scores = self._drawn(positions, scores, stays)
        if len(places) < len(self.index.document_names):
            scores = scores - ELSEWHERE * float(scores.max()) * self._elsewhere(places, positions)
        best = np.lexsort((positions, -scores))[:k]
        return [Hit(self.index.passage(int(positions[i])), float(scores[i]), rank) for rank, i in enumerate(best, 1)]

    @cached_property
    def _places(self) -> Mapping[str, str]:
        """The place that each report's title begins with, where it does: 平江县 of 平江县2023年统计公报."""
        found = {document: _PLACE.match(self.index.title(document)) for document in self.index.document_names}
        return {document: match.group() for document, match in found.items() if match}

    def _named(self, question: str) -> dict[str, str]:
        """The reports whose place a question names, with the place as it names it."""
        said = {d: next((n for n in (p, p[:-1]) if len(n) > 1 and n in question), "") for d, p in self._places.items()}
        return {document: name for document, name in said.items() if name}

    def _elsewhere(self, places: Mapping[str, str], positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """1 for the passages of reports other than those named, 0 for theirs, and 0 for all where none is named."""
        if not places:
            return np.zeros(len(positions), dtype=np.float32)
        return np.array([self.index.passage(int(p)).document not in places for p in positions], dtype=np.float32)

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


def _without(places: Iterable[str], question: str) -> str:
    """A question without the places that its reports are about: their names tell no two passages of a report apart."""
    for place in sorted(places, key=len, reverse=True):
        question = question.replace(place, "")
    return question


def _top(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    if k >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(-scores, k)[:k]
