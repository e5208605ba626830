"""Reports → index, the whole of this folder in one screen."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from index.chunking import chunk
from index.embedding import Embedder
from index.errors import ReadingError
from index.lexical import LexicalIndex, terms
from index.passage import Passage, Report
from index.reading import find_reports, read_report
from index.store import write_generation, writer

BUNDLED_REPORT = Path(__file__).parent / "report"
DEFAULT_INDEX = Path(__file__).resolve().parent.parent / ".qingwen" / "index"
BATCH = 1024  # passages embedded at once

Step = TypeVar("Step")


class Track(Protocol):
    """Shows the progress of long work: hands on the steps one by one, under a label."""

    def __call__(self, steps: Sequence[Step], label: str) -> Iterable[Step]:
        """Yield the steps in order, each when its turn comes."""
        ...


def untracked(steps: Sequence[Step], label: str) -> Iterable[Step]:
    """Show nothing."""
    return steps


def build(paths: Sequence[Path], out: Path, embedder: Embedder, track: Track = untracked) -> str:
    """Index reports and put the new generation in force; returns its name.

    `track` wraps long work to show its progress. What `out` held before stays in force until the last moment.

    Raises:
        ReadingError: a report cannot be read, or none of them holds a word.
        IndexBusyError: another process is writing `out`.
    """
    reports = [read_report(path) for path in track(find_reports(paths), "读取 reading")]
    return build_reports(reports, out, embedder, track)


def build_reports(reports: Sequence[Report], out: Path, embedder: Embedder, track: Track = untracked) -> str:
    """Index reports that were read already; the rest as in `build`.

    Raises:
        ReadingError: none of the reports holds a word.
        IndexBusyError: another process is writing `out`.
    """
    with writer(out):
        passages: list[Passage] = []
        paragraphs: list[str] = []
        for report in reports:
            passages += chunk(report, len(passages), len(paragraphs))
            paragraphs += ("\n".join((*p.section, report.text[p.start : p.end])) for p in report.paragraphs)
        if not any(terms(passage.text) for passage in passages):
            names = ", ".join(report.document for report in reports)
            raise ReadingError(f"no words found in {names}; give a report with some text")
        batches = [passages[i : i + BATCH] for i in range(0, len(passages), BATCH)]
        vectors = [embedder.embed([contextual_text(p) for p in batch]) for batch in track(batches, "编码 embedding")]
        return write_generation(
            out,
            reports,
            passages,
            np.concatenate(vectors),
            LexicalIndex.build(p.text for p in passages),
            LexicalIndex.build(paragraphs),
            (embedder.name, embedder.digest),
        )


def contextual_text(passage: Passage) -> str:
    """Give what stands for a passage before the sentence model: its sentence, led by its own heading."""
    return "".join(passage.section[-1:]) + "\n" + passage.text
