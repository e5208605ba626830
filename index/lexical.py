"""The word-matching leg: BM25 over character unigrams and bigrams.

Characters and bigrams need no dictionary, miss no new name, and on Chinese reports rank better than segmented words.
This module knows nothing of passages: texts are numbered from 0 in the order given.
"""

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1 = 0.4  # how fast repeating a term stops counting; sentences are short and hardly repeat one
B = 0.5  # how much a long text is held back
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


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring Chinese characters of a text.

    >>> sorted(pairs("接入41个单位"))
    ['个单', '单位', '接入']
    """
    return set(re.findall("(?=([一-鿿]{2}))", text))


class LexicalIndex:
    """BM25 scores of texts for weighted terms (Robertson & Zaragoza 2009, in the form that Lucene uses).

    Every term has a column with the texts that hold it and what it gives each of them; the columns lie one after
    another, memory-mapped where they come from disk.
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        starts: NDArray[np.int64],
        texts: NDArray[np.int32],
        gains: NDArray[np.float32],
        size: int,
    ) -> None:
        """Take the terms; where the column of each starts, shape (terms + 1,); the columns; the number of texts."""
        self._vocabulary = vocabulary
        self._ids = {term: number for number, term in enumerate(vocabulary)}
        self._starts, self._texts, self._gains = starts, texts, gains
        self.size = size

    @classmethod
    def build(cls, texts: Iterable[str]) -> "LexicalIndex":
        """Index the texts; at least one of them must hold a term."""
        import bm25s  # here, for it brings scipy: reading an index needs neither

        ids: dict[str, int] = {}
        corpus = [[ids.setdefault(term, len(ids)) for term in terms(text)] for text in texts]
        bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
        bm25.index((corpus, ids), create_empty_token=False, show_progress=False)
        columns: dict[str, Any] = bm25.scores
        return cls(list(ids), columns["indptr"], columns["indices"], columns["data"], len(corpus))

    def save(self, folder: Path) -> None:
        """Write the index into a new folder: the columns as numpy arrays, the terms as JSON."""
        folder.mkdir()
        for name, column in (("starts", self._starts), ("texts", self._texts), ("gains", self._gains)):
            np.save(folder / f"{name}.npy", column)
        about = {"texts": self.size, "terms": self._vocabulary}
        (folder / "terms.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Open an index that `save` wrote; the columns stay on disk, memory-mapped."""
        starts, texts, gains = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("starts", "texts", "gains"))
        about = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        return cls(about["terms"], starts, texts, gains, about["texts"])

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """Score every text for the terms of a question, each with its weight; shape (size,), 0 where nothing meets."""
        total = np.zeros(self.size, dtype=np.float32)
        for term, weight in weights.items():
            number = self._ids.get(term)
            if number is not None:
                column = slice(int(self._starts[number]), int(self._starts[number + 1]))
                total[self._texts[column]] += weight * self._gains[column]
        return total

    def holds(self, words: str) -> bool:
        """Say whether one text holds every term of some words."""
        numbers = [self._ids.get(term) for term in terms(words)]
        if not numbers or None in numbers:
            return False
        columns = [self._texts[int(self._starts[n]) : int(self._starts[n + 1])] for n in numbers if n is not None]
        return reduce(np.intersect1d, columns).size > 0

    def idf(self, term: str) -> float:
        """Say how rare a term is among the texts: log(1 + (N - df + 0.5) / (df + 0.5)), greatest for unknown terms."""
        number = self._ids.get(term)
        df = 0 if number is None else int(self._starts[number + 1] - self._starts[number])
        return math.log(1 + (self.size - df + 0.5) / (df + 0.5))
