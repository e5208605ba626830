"""The word-matching leg: BM25 over character unigrams and bigrams.

Characters and bigrams need no dictionary, miss no new name, and on Chinese reports rank better than segmented words.
This module knows nothing of passages: texts are numbered from 0 in the order given.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

K1 = 1.2  # how fast repeating a term stops counting
B = 0.75  # how much a long text is held back
_RUN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]+|[a-z]+|[0-9]+(?:\.[0-9]+)?%?")


def normalise(text: str) -> str:
    """Fold full to half width and capitals to small letters (NFKC); the length may change."""
    return unicodedata.normalize("NFKC", text).lower()


def terms(text: str) -> list[str]:
    """Cut a text into the terms that BM25 counts: Chinese characters, their bigrams, Latin words, figures.

    >>> terms("接入41个单位")
    ['接', '入', '接入', '41', '个', '单', '位', '个单', '单位']
    """
    found: list[str] = []
    for match in _RUN.finditer(normalise(text)):
        run = match.group()
        if run[0] >= "\u3400":
            found += run
            found += (run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.append(run)
    return found


class LexicalIndex:
    """BM25 scores of texts for weighted terms (Robertson & Zaragoza 2009, in the form that Lucene uses)."""

    def __init__(self, bm25: bm25s.BM25, size: int) -> None:
        self._ids: dict[str, int] = bm25.vocab_dict
        self._weights: NDArray[np.float32] = bm25.scores["data"]
        self._texts: NDArray[np.int32] = bm25.scores["indices"]
        self._columns: NDArray[np.int64] = bm25.scores["indptr"]
        self._bm25 = bm25
        self.size = size

    @classmethod
    def build(cls, texts: Iterable[str]) -> "LexicalIndex":
        """Index the texts; at least one of them must hold a term."""
        ids: dict[str, int] = {}
        corpus = [[ids.setdefault(term, len(ids)) for term in terms(text)] for text in texts]
        bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
        bm25.index((corpus, ids), create_empty_token=False, show_progress=False)
        return cls(bm25, len(corpus))

    def save(self, folder: Path) -> None:
        """Write the index into a folder, as bm25s does: numpy columns, the vocabulary as JSON."""
        self._bm25.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Open an index that `save` wrote; the columns stay on disk, memory-mapped."""
        bm25 = bm25s.BM25.load(folder, mmap=True)
        return cls(bm25, bm25.scores["num_docs"])

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """Score every text for the terms of a question, each with its weight; shape (size,), 0 where nothing meets."""
        total = np.zeros(self.size, dtype=np.float32)
        for term, weight in weights.items():
            number = self._ids.get(term)
            if number is not None:
                column = slice(int(self._columns[number]), int(self._columns[number + 1]))
                total[self._texts[column]] += weight * self._weights[column]
        return total

    def idf(self, term: str) -> float:
        """Say how rare a term is among the texts: log(1 + (N - df + 0.5) / (df + 0.5)), greatest for unknown terms."""
        number = self._ids.get(term)
        df = 0 if number is None else int(self._columns[number + 1] - self._columns[number])
        return math.log(1 + (self.size - df + 0.5) / (df + 0.5))
