"""Stand-ins for what is slow or far away, with the same contracts. No network, no weights."""

import hashlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


class HashEmbedder:
    """A sentence model made from a hash: texts that share characters are alike, and nothing was learned.

    Every character and every pair of neighbours adds or takes one in a component that its SHA-256 names, so that the
    same text has the same vector on every machine and in every run.

    >>> rows = HashEmbedder(dim=32).embed(["城市云脑接入41个单位", "城市云脑接入多少单位", "放款206亿"])
    >>> bool(rows[0] @ rows[1] > rows[0] @ rows[2])
    True
    """

    def __init__(self, dim: int = 64) -> None:
        self.dim = dim
        self.name = f"hash-{dim}"
        self.digest = hashlib.sha256(self.name.encode()).hexdigest()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, float32, shape (n, dim); a zero row for an empty text."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for piece in (*text, *map("".join, pairwise(text))):
                value = int.from_bytes(hashlib.sha256(piece.encode()).digest()[:8])
                row[(value >> 1) % self.dim] += 1 if value & 1 else -1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / np.where(lengths > 0, lengths, 1)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `embed`."""
        return self.embed(texts)
