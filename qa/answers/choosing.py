"""Which of the passages looked into answers? What the rules of `qa.answering` make of each is one reading of several.

The rules tell whether a passage holds what is asked for. How near its words come to the question, as a whole and word
piece by word piece, tells which one where several do. The weights were learned as those of `qa.answers.fitting` were,
as a conditional logit over the passages of a question: `python -m eval learn --only passages` writes choosing.tsv.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.embedding import Embedder, PieceEmbedder, embedded
from index.passage import Passage, contextual_text, with_headings
from qa.answers.fitting import Features, read_weights, weighed

_WEIGHTS = Path(__file__).parent / "choosing.tsv"


@dataclass(frozen=True)
class Candidate:
    """A passage as the rules see it."""

    passage: Passage
    score: float  # how well it fits in all
    fit: float  # of the best figure or name picked in it, in nats
    out_of_time: float  # what it loses as a plan where none is asked for, and the other way round
    corrects: bool  # whether it contradicts what the question takes for granted


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """Read the learned weights."""
    return read_weights(_WEIGHTS)


def fits(readings: Sequence[Features]) -> list[float]:
    """How likely each passage of a question answers it, in nats up to a constant."""
    return [weighed(features, weights()) for features in readings]


def read(question: str, candidates: Sequence[Candidate], embedder: Embedder) -> list[Features]:
    """Read the passages looked into for a question, at least one.

    An embedder that does not compare word piece by word piece gives way to the embedded one.
    """
    embedder = embedder if isinstance(embedder, PieceEmbedder) else embedded()
    asked, *rows = embedder.embed([question, *(contextual_text(one.passage) for one in candidates)])
    pieces = embedder.late_interaction(question, [with_headings(one.passage) for one in candidates])
    return [
        {
            "score": one.score,
            "fit": one.fit,
            "out_of_time": one.out_of_time,
            "corrects": one.corrects,
            "likeness": float(asked @ row),
            "pieces": float(met),
        }
        for one, row, met in zip(candidates, rows, pieces, strict=True)
    ]
