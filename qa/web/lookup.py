"""Some words → the figures of the reports that are said of them, each with its sentence and its place.

Nothing is computed and nothing is judged: what comes back are rows of the ledger, as `python -m index figures` prints
them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from index.figures import Kind, LedgerEntry, ledger
from index.store import PassageIndex
from qa.language.covering import cover
from qa.retrieval import Retriever

PASSAGES = 8  # passages whose figures are looked at
MOST = 10  # figures given
HELD = 0.5  # share of the words that a passage, with its headings and its title, must hold


@dataclass(frozen=True)
class FoundFigure:
    """A row of a report's ledger, and whose report it is: report[start:end] is the figure as written."""

    document: str
    title: str
    year: int | None
    entry: LedgerEntry

    def as_json(self) -> dict[str, Any]:
        """The fields as JSON knows them, those of the ledger as `python -m index figures --json` prints them."""
        return {"document": self.document, "title": self.title, "year": self.year, **self.entry.as_row()}


def look_up(words: str, retriever: Retriever, most: int = MOST) -> list[FoundFigure]:
    """Find the figures that some words name, best first; [] where the reports hold none.

    Those come first whose subject, and whose sentence, hold most of the words; among equals the better passage, then
    reading order. Dates are no figures here.
    """
    found: list[tuple[float, int, int, FoundFigure]] = []
    for hit in retriever.retrieve(words, PASSAGES):
        passage, index = hit.passage, retriever.index
        title = index.title(passage.document)
        held = cover(words, "\n".join((title, *passage.section, passage.text))).share
        if held < HELD:
            continue
        for entry in _entries_within(index, passage.document, passage.start, passage.end):
            said_of = cover(words, f"{entry.subject}{entry.figure.text}{entry.figure.counted}").share
            row = FoundFigure(passage.document, title, index.year(passage.document), entry)
            found.append((-(held + said_of), hit.rank, entry.figure.start, row))
    return [row for *_, row in sorted(found, key=lambda one: one[:3])][:most]


def _entries_within(index: PassageIndex, document: str, start: int, end: int) -> Iterator[LedgerEntry]:
    for entry in _kept_ledger(index.report(document).text):
        if start <= entry.figure.start < end and entry.figure.kind is not Kind.DATE:
            yield entry


_kept_ledger = lru_cache(maxsize=64)(ledger)  # of a text: no index is held open for it
