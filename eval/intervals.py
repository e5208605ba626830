"""How sure is a figure? Bootstrap intervals over questions; this module knows no metric.

A figure here is the mean over its parts of found ÷ of, each summed over all questions: a plain mean has one part and
`of` 1 everywhere, citation precision one part and as many as were cited, macro F1 a part a label. Questions are drawn
one by one, as if they were independent; those on one paragraph are not quite, so the true interval is a little wider.
The same values and seed give the same interval.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000  # the ends of an interval then move by a fraction of a point from seed to seed
_BLOCK = 100  # resamples at once: 100 × 3,500 questions fit the processor's cache

Counts = NDArray[np.float64]
"""Shape (questions, parts)."""


def figure(found: Counts, of: Counts) -> float:
    """Give the figure itself; 0 for a part that has nothing to find.

    Raises:
        ValueError: no part has anything to find.
    """
    if not of.any():
        raise ValueError("no value to average over")
    return float(_figures(found.sum(axis=0), of.sum(axis=0)))


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """Give the 95 % bootstrap interval of the mean of one value a question (Efron 1979, percentiles 2.5 and 97.5).

    Raises:
        ValueError: there is no value.
    """
    rows = np.asarray(values, dtype=np.float64).reshape(-1, 1)
    return figure_interval(rows, np.ones_like(rows), seed)


def figure_interval(found: Counts, of: Counts, seed: int = 0) -> tuple[float, float]:
    """Give the 95 % bootstrap interval of a figure; found and of together are drawn again by question.

    Raises:
        ValueError: there is no value.
    """
    return _ends([_figures(found[rows].sum(axis=1), of[rows].sum(axis=1)) for rows in _draws(len(found), seed)])


def difference_interval(
    before: tuple[Counts, Counts], after: tuple[Counts, Counts], seed: int = 0
) -> tuple[float, float]:
    """Give the 95 % paired bootstrap interval of after − before, both (found, of) over the same questions in order.

    A draw takes a question with both its outcomes (Efron & Tibshirani 1993; for systems compared on one test set,
    Koehn 2004): what is equally hard for both cancels out, and two equal runs differ by exactly 0 in every draw.

    Raises:
        ValueError: there is no value.
    """
    differences: list[NDArray[np.float64]] = []
    for rows in _draws(len(before[0]), seed):
        old, new = (_figures(found[rows].sum(axis=1), of[rows].sum(axis=1)) for found, of in (before, after))
        differences.append(new - old)
    return _ends(differences)


def quantile_interval(values: Sequence[float], share: float, seed: int = 0) -> tuple[float, float, float]:
    """Give a quantile of some values, share 0 to 1, with its 95 % bootstrap interval.

    Raises:
        ValueError: there is no value.
    """
    rows = np.asarray(values, dtype=np.float64)
    low, high = _ends([np.quantile(rows[drawn], share, axis=1) for drawn in _draws(len(rows), seed)])
    return float(np.quantile(rows, share)), low, high


def _draws(size: int, seed: int) -> list[NDArray[np.int64]]:
    if not size:
        raise ValueError("no value to resample")
    generator = np.random.default_rng(seed)
    return [generator.integers(0, size, (_BLOCK, size)) for _ in range(RESAMPLES // _BLOCK)]


def _figures(found: Counts, of: Counts) -> NDArray[np.float64]:
    """Sums, shape (…, parts), to figures, shape (…)."""
    return np.divide(found, of, out=np.zeros_like(found), where=of > 0).mean(axis=-1)


def _ends(figures: Sequence[NDArray[np.float64]]) -> tuple[float, float]:
    low, high = np.quantile(np.concatenate(figures), (0.025, 0.975))
    return float(low), float(high)
