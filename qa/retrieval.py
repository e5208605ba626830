"""Question → passages: the matching of words and the likeness of meaning, fused."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.embedding import Embedder, PieceEmbedder
from index.passage import Hit, with_headings
from index.store import PassageIndex
from qa import prompts
from qa.errors import UnknownReportError
from qa.language.wording import FUNCTION, official_words, weigh

MEANING = 0.5  # share of the sentence model in the fused score; the rest is words
LATE = 0.3  # what the likeness of word piece to word piece adds to the fused score, with the embedded sentence model
LATELY = 64  # the best candidates, which are compared so
PARAGRAPH = 1.0  # what a match of words in the paragraph and its headings adds to one in the sentence itself
OFFICIAL = 0.25  # share that the official words for a question's everyday words have in its vector
DEPTH = 200  # candidates each leg brings
OWN = 0.5  # share that the words of a follow-up itself have in its score; the rest has the question written out
STAYS = 0.2  # share of the best score that the paragraph of a passage just talked about gains in a follow-up
SAME = 0.2  # what that passage itself gains besides
FOLLOWING = 0.1  # what the one after it gains besides
ASTRAY = 0.5  # share of the best score that a passage loses that has none of the words a follow-up takes over
ELSEWHERE = 0.5  # share of the best score that the reports of other places lose when a question names the place of one
OTHER_YEAR = (
    0.5  # the same for the reports of other years; half of it where the passage itself names the year asked for
)
_PLACE = re.compile("^(?:[0-9〇○零一二三四五六七八九]{4}年度?)?([一-鿿]{2,7}?[省市县区州盟旗镇])")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")


@dataclass(frozen=True)
class Retriever:
    """Finds the passages that speak of a question.

    Both legs are turned into z-scores over the whole index before they are added: ranks alone (reciprocal rank fusion)
    throw away how sure the word leg is, which on Chinese reports costs five points of recall@1. The embedded sentence
    model, whose vectors are means over word pieces, compares what both have brought piece by piece as well.

    `documents` are the reports that it is kept to; none: all.
    """

    index: PassageIndex
    embedder: Embedder
    documents: tuple[str, ...] = ()

    def only(self, documents: Iterable[str]) -> "Retriever":
        """The same, kept to some of the reports; none: as it is.

        Raises:
            UnknownReportError: one of them is not in the index, or not among those that this is kept to.
        """
        documents = tuple(dict.fromkeys(documents))
        for document in documents:
            if document not in (self.documents or self.index.document_names):
                raise UnknownReportError(prompts.NO_DOCUMENT.format(document=document))
        return replace(self, documents=documents) if documents else self

    def retrieve(self, question: str, k: int, stays: Sequence[str] = (), own: str = "") -> list[Hit]:
        """Find the k passages that fit a question best, best first, equal scores in reading order.

        `stays` are the ids of the passages that the talk was about before a follow-up; their paragraphs come nearer.
        `own` are the words that the follow-up itself adds; what they find by themselves counts besides, where its
        paragraph has something of what the question takes over from the talk.
        """
        places = self._named(question)
        positions, scores = self.candidates(_without(places.values(), question))
        if own:
            theirs = self.candidates(_without(places.values(), own))
            _, here, there = np.intersect1d(positions, theirs[0], assume_unique=True, return_indices=True)
            scores = (1 - OWN) * scores
            scores[here] += OWN * theirs[1][there]
            scores -= float(scores.max()) * ASTRAY * self._astray(question, own, positions)
        if stays:
            scores = self._drawn(positions, scores, stays)
        if len(self.index.document_names) > 1 and len(positions):
            lost = ELSEWHERE * self._elsewhere(places, positions) + OTHER_YEAR * self._off_year(
                question, places, positions
            )
            scores = scores - float(scores.max()) * lost
        best = np.lexsort((positions, -scores))[:k]
        return [Hit(self.index.passage(int(positions[i])), float(scores[i]), rank) for rank, i in enumerate(best, 1)]

    def _astray(self, question: str, own: str, positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """1 for the passages whose paragraph has nothing of what a question says beyond its own words, 0 for others."""
        weights, typed = weigh(question), weigh(own)
        taken = {t: w for t, w in weights.items() if len(t) > 1 and w > FUNCTION and t not in typed}
        spoken_of = self.index.paragraph_words.scores(taken)[self.index.paragraph_of[positions]]
        return (spoken_of <= 0).astype(np.float32) if taken else np.zeros(len(positions), dtype=np.float32)

    @cached_property
    def _places(self) -> Mapping[str, str]:
        """The place that each report's title begins with, where it does: 平江县 of 平江县2023年统计公报."""
        found = {document: _PLACE.match(self.index.title(document)) for document in self.index.document_names}
        return {document: match.group(1) for document, match in found.items() if match}

    def _named(self, question: str) -> dict[str, str]:
        """The reports whose place a question names, with the place as it names it."""
        said = {d: next((n for n in (p, p[:-1]) if len(n) > 1 and n in question), "") for d, p in self._places.items()}
        return {document: name for document, name in said.items() if name}

    def _elsewhere(self, places: Mapping[str, str], positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """1 for the passages of reports other than those named, 0 for theirs, and 0 for all where none is named."""
        if not places:
            return np.zeros(len(positions), dtype=np.float32)
        return (~self._is_of(places, positions)).astype(np.float32)

    def _off_year(self, question: str, places: Iterable[str], positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """1 for the passages of reports of other years than a question names, ½ where they name it themselves.

        0 for all where no report (of the places named) is of such a year: another one may still state its figures.
        """
        asked = _YEAR.findall(question)
        among = tuple(places) or self.index.document_names if asked else ()
        theirs = [document for document in among if str(self.index.year(document)) in asked]
        if not theirs:
            return np.zeros(len(positions), dtype=np.float32)
        off = (~self._is_of(theirs, positions)).astype(np.float32)
        for i in np.flatnonzero(off):
            text = self.index.passage(int(positions[i])).text
            off[i] = 0.5 if any(f"{year}年" in text for year in asked) else 1.0
        return off

    def _is_of(self, documents: Iterable[str], positions: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the passages at some positions are of some reports."""
        return np.isin(self.index.document_of[positions], [self.index.number(document) for document in documents])

    @cached_property
    def _within(self) -> NDArray[np.bool_] | None:
        """Which passages are of the reports that this is kept to, shape (passages,); None: all."""
        return self._is_of(self.documents, np.arange(len(self.index))) if self.documents else None

    @property
    def positions(self) -> NDArray[np.int64]:
        """The positions of the passages that may be found, in reading order."""
        return np.arange(len(self.index)) if self._within is None else np.flatnonzero(self._within)

    def mentions(self, words: str) -> bool:
        """Say whether the reports speak of some words, in their titles or in their text."""
        if any(words in self.index.title(document) for document in self.documents or self.index.document_names):
            return True
        if not self.documents:
            return self.index.mentions(words)
        return any(words in self.index.report(document).text for document in self.documents)

    def candidates(self, question: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Give the positions of the passages that either leg brings, in reading order, and their fused scores."""
        words = self.word_scores(question)
        query = self.question_vector(question)
        positions = np.union1d(self.index.nearest(query, DEPTH, self._within), _top(words, self.positions, DEPTH))
        mean, deviation = self.index.cosine_moments(query)
        meaning = (self.index.cosines(query, positions) - mean) / (deviation + 1e-6)
        matching = (words[positions] - words.mean()) / (words.std() + 1e-6)
        fused = (1 - MEANING) * matching + MEANING * meaning
        if isinstance(self.embedder, PieceEmbedder) and len(positions):
            best = _top(fused, np.arange(len(fused)), LATELY)
            passages = (self.index.passage(int(position)) for position in positions[best])
            late = self.embedder.late_interaction(question, [with_headings(passage) for passage in passages])
            late = (late - late.mean()) / (late.std() + 1e-6)
            fused += LATE * late.min()
            fused[best] += LATE * (late - late.min())
        return positions, fused

    def _drawn(
        self, positions: NDArray[np.int64], scores: NDArray[np.float32], stays: Sequence[str]
    ) -> NDArray[np.float32]:
        known = {self.index.passage(int(p)).passage_id: int(p) for p in positions}
        places = [known[passage_id] for passage_id in stays if passage_id in known]
        best = float(scores.max())
        near = np.isin(self.index.paragraph_of[positions], self.index.paragraph_of[places])
        same = np.isin(positions, places)
        following = np.isin(positions - 1, places) & near
        return scores + (best * (STAYS * near + SAME * same + FOLLOWING * following)).astype(np.float32)

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


def _top(scores: NDArray[np.float32], positions: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    if k >= len(positions):
        return positions
    return positions[np.argpartition(-scores[positions], k)[:k]]
