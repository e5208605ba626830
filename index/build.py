"""Reports → index, the whole of this folder in one screen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.chunking import chunk
from index.embedding import Embedder
from index.errors import NoSuchReportError, ReadingError
from index.lexical import LexicalIndex, terms
from index.passage import Passage, Report, contextual_text
from index.reading import find_reports, read_report
from index.store import PassageIndex, write_generation, writer

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
        return _write(reports, out, embedder, track, {})


def add(paths: Sequence[Path], out: Path, embedder: Embedder, track: Track = untracked) -> str:
    """Add reports to an index; one of the same name as one that is there takes its place. Otherwise as `build`.

    Raises:
        ReadingError: a report cannot be read.
        IndexMissingError, IndexDamagedError: there is no sound index in `out`.
        ModelMismatchError: the index was built with another model.
        IndexBusyError: another process is writing `out`.
    """
    return add_reports([read_report(path) for path in track(find_reports(paths), "读取 reading")], out, embedder, track)


def add_reports(reports: Sequence[Report], out: Path, embedder: Embedder, track: Track = untracked) -> str:
    """Add reports that were read already; the rest as in `add`."""
    fresh = {report.document: report for report in reports}
    return _revise(out, embedder, track, lambda held: list(({r.document: r for r in held} | fresh).values()))


def remove(documents: Sequence[str], out: Path, embedder: Embedder, track: Track = untracked) -> str:
    """Take reports out of an index by their names; at least one must stay.

    Raises:
        NoSuchReportError: there is none of that name, or none would stay.
        IndexMissingError, IndexDamagedError, ModelMismatchError, IndexBusyError: as in `add`.
    """

    def kept(held: Sequence[Report]) -> list[Report]:
        names = [report.document for report in held]
        unknown = [name for name in documents if name not in names]
        if unknown:
            raise NoSuchReportError(f"no report named {', '.join(unknown)} in {out}; it holds {', '.join(names)}")
        staying = [report for report in held if report.document not in documents]
        if not staying:
            raise NoSuchReportError(f"all {len(names)} reports of {out} would go; an index holds at least one")
        return staying

    return _revise(out, embedder, track, kept)


def _revise(out: Path, embedder: Embedder, track: Track, change: Callable[[Sequence[Report]], Sequence[Report]]) -> str:
    """Write a generation that differs from the one in force; what did not change is not embedded again."""
    before = PassageIndex.open(out)  # said before the lock is taken: where there is no index, none is begun
    with writer(out):
        before = PassageIndex.open(out)
        before.check_model(embedder.name, embedder.digest)
        reports = change([before.report(name) for name in before.document_names])
        vectors = before.vectors()
        known = {contextual_text(before.passage(i)): vectors[i] for i in range(len(before))}
        return _write(reports, out, embedder, track, known)


def _write(
    reports: Sequence[Report], out: Path, embedder: Embedder, track: Track, known: Mapping[str, NDArray[np.float32]]
) -> str:
    """Chunk, embed and write; `known` holds the vectors of contextual texts that were embedded before."""
    passages: list[Passage] = []
    paragraphs: list[str] = []
    for report in reports:
        passages += chunk(report, len(passages), len(paragraphs))
        paragraphs += ("\n".join((*p.section, report.text[p.start : p.end])) for p in report.paragraphs)
    if not any(terms(passage.text) for passage in passages):
        names = ", ".join(report.document for report in reports)
        raise ReadingError(f"no words found in {names}; give a report with some text")
    texts = [contextual_text(passage) for passage in passages]
    new = [text for text in dict.fromkeys(texts) if text not in known]
    vectors = dict(known)
    for batch in track([new[i : i + BATCH] for i in range(0, len(new), BATCH)], "编码 embedding"):
        vectors.update(zip(batch, embedder.embed(batch), strict=True))
    return write_generation(
        out,
        reports,
        passages,
        np.stack([vectors[text] for text in texts]),
        LexicalIndex.build(p.text for p in passages),
        LexicalIndex.build(paragraphs),
        (embedder.name, embedder.digest, embedder.query_prompt),
    )
