"""The index on disk and the reading of it. It knows nothing of models, only of their vectors and names.

    DIR/CURRENT                 the name of the generation in force, replaced atomically
    DIR/LOCK                    held by the one writer
    DIR/gen-<id>/manifest.json  format, model, counts, and the SHA-256 of every file; <id> is the manifest's own digest
                 text.utf8      the documents one after another
                 documents.jsonl, documents.npy, sections.npy, headings.utf8, passages.npy
                 vectors.faiss  one unit vector a passage, inner product
                 moments.npy    mean and covariance of the vectors, for z-scores over the whole index
                 words/ paragraph-words/    BM25 over passages, and over whole paragraphs with their headings

Rows are columns of fixed width that are memory-mapped, so opening costs the same for fifty passages and for millions.
A generation is never changed once CURRENT names it; readers stay on theirs.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexBusyError, IndexDamagedError, IndexMissingError, ModelMismatchError
from index.lexical import LexicalIndex
from index.passage import Hit, Paragraph, Passage, Report, Section

FORMAT = 1
REBUILD = "rebuild it with python -m index build"

_DOCUMENT = np.dtype(
    [("text", "<i8", 2), ("passages", "<i8", 2), ("paragraphs", "<i8", 2), ("sections", "<i8", 2), ("year", "<i4")]
)
_SECTION = np.dtype(
    [("document", "<i4"), ("parent", "<i4"), ("level", "<i4"), ("start", "<i4"), ("end", "<i4"), ("heading", "<i8", 2)]
)
_PASSAGE = np.dtype(
    [
        ("document", "<i4"),
        ("section", "<i4"),
        ("paragraph", "<i8"),
        ("start", "<i4"),
        ("end", "<i4"),
        ("text", "<i8", 2),
    ]
)
_CURRENT = re.compile(rb"gen-[0-9a-f]{16}\n")
_MANIFEST = "manifest.json"
_REPORTS_KEPT = 16  # whole documents held in memory; an answer looks into a few
_PASSAGES_KEPT = 4096  # passages held in memory, some 2 MB; an answer reads each of its few dozen many times


@dataclass(frozen=True)
class Manifest:
    """What a generation says of itself.

    `files` maps a file's path inside the generation to its SHA-256; `query_prompt` is what the embedder puts before a
    question.
    """

    format: int
    embedder: str
    embedder_digest: str
    dim: int
    documents: int
    paragraphs: int
    passages: int
    files: dict[str, str]
    query_prompt: str = ""


class PassageIndex:
    """One generation of an index, open for reading. Many threads may read it at once."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.generation = folder.name
        self.manifest = manifest
        self._documents: NDArray[Any] = np.load(folder / "documents.npy", mmap_mode="r")
        self._sections: NDArray[Any] = np.load(folder / "sections.npy", mmap_mode="r")
        self._passages: NDArray[Any] = np.load(folder / "passages.npy", mmap_mode="r")
        self._text: NDArray[np.uint8] = np.memmap(folder / "text.utf8", mode="r")
        self._headings: NDArray[np.uint8] = _map_bytes(folder / "headings.utf8")
        self._vectors: faiss.Index = faiss.read_index(str(folder / "vectors.faiss"), faiss.IO_FLAG_MMAP_IFC)
        moments = np.load(folder / "moments.npy")
        self._mean, self._covariance = moments[0], moments[1:]
        self.words = LexicalIndex.load(folder / "words")
        self.paragraph_words = LexicalIndex.load(folder / "paragraph-words")
        self._kept_report = lru_cache(maxsize=_REPORTS_KEPT)(self._read_report)
        self._kept_passage = lru_cache(maxsize=_PASSAGES_KEPT)(self._read_passage)
        self.paragraph_of: NDArray[np.int64] = self._passages["paragraph"]
        self.document_of: NDArray[np.int32] = self._passages["document"]
        with (folder / "documents.jsonl").open(encoding="utf-8", newline="\n") as lines:
            self._about: list[dict[str, str]] = [json.loads(line) for line in lines]

    @classmethod
    def open(cls, folder: Path, name: str | None = None) -> "PassageIndex":
        """Open the generation in force, or the one of that name, and check every file of it against its digest.

        Raises:
            IndexMissingError: there is no index in the folder, or no generation of that name (any more).
            IndexDamagedError: a file is missing, changed, or of another format.
        """
        if name is not None and not (_CURRENT.fullmatch(f"{name}\n".encode()) and (folder / name).is_dir()):
            raise IndexMissingError(
                f"no generation {name!r} in {folder}; only that in force and the one before are kept"
            )
        generation = folder / (name or current_generation(folder))
        return cls(generation, verify_generation(generation))

    def __len__(self) -> int:
        return self.manifest.passages

    @cached_property
    def document_names(self) -> list[str]:
        """The names of the documents, in the order in which they were added."""
        return [about["document"] for about in self._about]

    def number(self, document: str) -> int:
        """Give the place of a document among those of the index, from 0, as `document_of` names it for each passage.

        Raises:
            KeyError: no document of that name is in the index.
        """
        return self._numbers[document]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {document: number for number, document in enumerate(self.document_names)}

    def title(self, document: str) -> str:
        """Give the title of a document."""
        return self._about[self.number(document)]["title"]

    def report(self, document: str) -> Report:
        """Read a whole document back, as it was indexed; the last few are kept.

        Raises:
            KeyError: no document of that name is in the index.
        """
        return self._kept_report(document)

    def _read_report(self, document: str) -> Report:
        number = self.number(document)
        row = self._documents[number]
        rows = self._sections[slice(*row["sections"])]
        sections = tuple(
            Section(self._path(int(row["sections"][0]) + i), int(s["level"]), int(s["start"]), int(s["end"]))
            for i, s in enumerate(rows)
        )
        year = int(row["year"])
        return Report(
            document=document,
            title=self.title(document),
            text=self._slice(row["text"]),
            sections=sections,
            paragraphs=tuple(self._paragraphs(*row["passages"])),
            year=year or None,
        )

    def year(self, document: str) -> int | None:
        """Give the year that a document speaks of, where known."""
        return int(self._documents[self.number(document)]["year"]) or None

    def passage(self, position: int) -> Passage:
        """Give the passage at a position, 0 <= position < len(self); the last few thousand are kept."""
        return self._kept_passage(position)

    def _read_passage(self, position: int) -> Passage:
        row = self._passages[position]
        document = self.document_names[row["document"]]
        start, end = int(row["start"]), int(row["end"])
        return Passage(
            passage_id=f"{document}:{start}-{end}",
            document=document,
            section=self._path(int(row["section"])),
            start=start,
            end=end,
            text=self._slice(row["text"]),
            position=position,
            paragraph=int(row["paragraph"]),
        )

    def search(self, queries: NDArray[np.float32], k: int) -> list[list[Hit]]:
        """Find the k passages nearest to each query.

        Args:
            queries: Unit rows, float32, shape (n, dim).
            k: Passages per query; fewer come back when the index holds fewer.

        Returns:
            One list per query, best first, equal scores in reading order; score is the cosine, -1 to 1.

        Raises:
            ModelMismatchError: dim is not the one this index was built with.
        """
        self._check_dim(queries.shape[1])
        cosines, positions = self._vectors.search(queries, min(k, len(self)))
        found: list[list[Hit]] = []
        for row, places in zip(cosines, positions, strict=True):
            pairs = sorted((-float(c), int(p)) for c, p in zip(row, places, strict=True) if p >= 0)
            found.append([Hit(self.passage(p), -c, rank) for rank, (c, p) in enumerate(pairs, 1)])
        return found

    def nearest(self, query: NDArray[np.float32], k: int, within: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Give the positions of the k passages nearest to one query, shape (dim,), in no fixed order.

        `within`, shape (passages,), says which of them count; None: all.
        """
        self._check_dim(query.shape[0])
        only = None
        if within is not None:
            bits = np.packbits(within, bitorder="little")  # must live as long as the search: faiss keeps a pointer
            only = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))  # pyright: ignore[reportCallIssue] - its stubs are without
        positions = self._vectors.search(query[None, :], min(k, len(self)), params=only)[1][0]
        return positions[positions >= 0]

    def cosines(self, query: NDArray[np.float32], positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """Give the cosine of one query, shape (dim,), with the passages at some positions."""
        return self._vectors.reconstruct_batch(positions) @ query

    def vectors(self) -> NDArray[np.float32]:
        """Give the vectors of all passages, in reading order, shape (passages, dim)."""
        return self._vectors.reconstruct_n(0, len(self))

    def cosine_moments(self, query: NDArray[np.float32]) -> tuple[float, float]:
        """Give mean and standard deviation of the cosines of a query with all passages, without reading them."""
        return float(self._mean @ query), float(np.sqrt(max(query @ self._covariance @ query, 0.0)))

    def mentions(self, words: str) -> bool:
        """Say whether some paragraph or heading holds all the characters and bigrams of some words."""
        return self.paragraph_words.holds(words)

    def check_model(self, name: str, digest: str) -> None:
        """Make sure that queries come from the model that made the vectors.

        Raises:
            ModelMismatchError: another model, or another version of it.
        """
        made_by = self.manifest
        if (name, digest) != (made_by.embedder, made_by.embedder_digest):
            raise ModelMismatchError(
                f"{self.folder} was built with {made_by.embedder} ({made_by.embedder_digest[:12]}, dim {made_by.dim}), "
                f"not with {name} ({digest[:12]}); name that model with --embedder, or {REBUILD} --embedder {name}"
            )

    def _check_dim(self, dim: int) -> None:
        if dim != self.manifest.dim:
            raise ModelMismatchError(f"index has dim {self.manifest.dim}, model gives {dim}; {REBUILD}")

    def _slice(self, span: NDArray[np.int64]) -> str:
        return self._text[span[0] : span[1]].tobytes().decode()

    def _path(self, section: int) -> tuple[str, ...]:
        path: list[str] = []
        while section >= 0:
            row = self._sections[section]
            path.append(self._headings[row["heading"][0] : row["heading"][1]].tobytes().decode())
            section = int(row["parent"])
        return tuple(reversed(path))

    def _paragraphs(self, first: int, last: int) -> Iterator[Paragraph]:
        """Paragraphs as the spans of their passages (blanks at the ends of a line are not kept)."""
        rows = self._passages[first:last]
        for number in np.unique(rows["paragraph"]):
            inside = rows[rows["paragraph"] == number]
            yield Paragraph(int(inside[0]["start"]), int(inside[-1]["end"]), self._path(int(inside[0]["section"])))


def current_generation(folder: Path) -> str:
    """Read which generation is in force.

    Raises:
        IndexMissingError: there is no index in the folder.
        IndexDamagedError: CURRENT does not hold the name of a generation.
    """
    try:
        name = (folder / "CURRENT").read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissingError(f"no index in {folder}; make one with python -m index build --out {folder}") from None
    if not _CURRENT.fullmatch(name):
        raise IndexDamagedError(f"{folder / 'CURRENT'} does not name a generation; {REBUILD} --out {folder}")
    return name.decode().strip()


def verify_generation(generation: Path) -> Manifest:
    """Check every file of a generation against the digests in its manifest, and the manifest against its name.

    Raises:
        IndexDamagedError: something is missing, changed, or of another format; the message names it.
    """
    try:
        raw = (generation / _MANIFEST).read_bytes()
    except OSError:
        raise IndexDamagedError(f"{generation / _MANIFEST} is missing; {REBUILD}") from None
    if generation.name != _generation_name(raw):
        raise IndexDamagedError(f"{generation / _MANIFEST} is not the manifest that was written; {REBUILD}")
    fields = json.loads(raw)
    if fields["format"] != FORMAT:
        raise IndexDamagedError(f"{generation} has format {fields['format']}, this program reads {FORMAT}; {REBUILD}")
    manifest = Manifest(**fields)
    for name, digest in manifest.files.items():
        if not (generation / name).is_file() or _sha256(generation / name) != digest:
            raise IndexDamagedError(f"{generation / name} is missing or was changed since it was written; {REBUILD}")
    return manifest


@contextmanager
def writer(folder: Path) -> Generator[None]:
    """Be the one writer of an index folder; left-overs of a writer that was killed are removed.

    Raises:
        IndexBusyError: another process is writing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "LOCK").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusyError(f"another process is writing {folder}; try again when it has finished") from None
        for left_over in folder.glob(".new-*"):
            shutil.rmtree(left_over)
        yield


def write_generation(
    folder: Path,
    reports: Sequence[Report],
    passages: Sequence[Passage],
    vectors: NDArray[np.float32],
    words: LexicalIndex,
    paragraph_words: LexicalIndex,
    embedder: tuple[str, str, str],
) -> str:
    """Write a generation and put it in force; the one before stays on disk for those who read it, older ones go.

    Call it inside `writer`. Passages come in reading order, document by document, and `vectors` has a unit row for
    each, shape (passages, dim). `embedder` is the model's name, digest and query prompt. Returns the
    generation's name; the same input gives the same name.
    """
    new = folder / f".new-{os.getpid()}"
    new.mkdir()
    _write_documents(new, reports, passages)
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    faiss.write_index(flat, str(new / "vectors.faiss"))
    mean = vectors.mean(axis=0)
    covariance = vectors.T @ vectors / len(vectors) - np.outer(mean, mean)
    np.save(new / "moments.npy", np.vstack([mean, covariance]).astype(np.float32))
    words.save(new / "words")
    paragraph_words.save(new / "paragraph-words")
    files = sorted(p for p in new.rglob("*") if p.is_file())
    manifest = Manifest(
        format=FORMAT,
        embedder=embedder[0],
        embedder_digest=embedder[1],
        dim=vectors.shape[1],
        documents=len(reports),
        paragraphs=paragraph_words.size,
        passages=len(passages),
        files={p.relative_to(new).as_posix(): _sha256(p) for p in files},
        query_prompt=embedder[2],
    )
    raw = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    (new / _MANIFEST).write_bytes(raw)
    for path in (*files, new / _MANIFEST, *(p for p in new.iterdir() if p.is_dir()), new):
        _sync(path)
    name = _generation_name(raw)
    if not _is_intact(folder / name):
        if (folder / name).exists():
            (folder / name).rename(new.with_name(new.name + "-damaged"))
        new.rename(folder / name)
        _sync(folder)
    before = _in_force(folder)
    _replace(folder / "CURRENT", f"{name}\n")
    for left_over in (*folder.glob(".new-*"), *_superseded(folder, name, before)):
        shutil.rmtree(left_over)
    return name


def _write_documents(folder: Path, reports: Sequence[Report], passages: Sequence[Passage]) -> None:
    documents = np.zeros(len(reports), _DOCUMENT)
    sections = np.zeros(sum(len(r.sections) for r in reports), _SECTION)
    rows = np.zeros(len(passages), _PASSAGE)
    about: list[str] = []
    headings = bytearray()
    next_passage = next_section = next_paragraph = 0
    with (folder / "text.utf8").open("wb") as text:
        for number, report in enumerate(reports):
            base = text.tell()
            byte_at = _byte_offsets(report.text)
            text.write(report.text.encode())
            first_passage, first_section, first_paragraph = next_passage, next_section, next_paragraph
            numbers: dict[tuple[str, ...], int] = {}
            for section in report.sections:
                heading = section.path[-1].encode()
                sections[next_section] = (
                    number,
                    numbers.get(section.path[:-1], -1),
                    section.level,
                    section.start,
                    section.end,
                    (len(headings), len(headings) + len(heading)),
                )
                headings += heading
                numbers[section.path] = next_section
                next_section += 1
            while next_passage < len(passages) and passages[next_passage].document == report.document:
                passage = passages[next_passage]
                span = (base + byte_at[passage.start], base + byte_at[passage.end])
                place = numbers.get(passage.section, -1)
                rows[next_passage] = (number, place, passage.paragraph, passage.start, passage.end, span)
                next_passage += 1
            next_paragraph += len(report.paragraphs)
            documents[number] = (
                (base, text.tell()),
                (first_passage, next_passage),
                (first_paragraph, next_paragraph),
                (first_section, next_section),
                report.year or 0,
            )
            digest = hashlib.sha256(report.text.encode()).hexdigest()
            fields = {"document": report.document, "title": report.title, "sha256": digest}
            about.append(json.dumps(fields, ensure_ascii=False) + "\n")
    np.save(folder / "documents.npy", documents)
    np.save(folder / "sections.npy", sections)
    np.save(folder / "passages.npy", rows)
    (folder / "headings.utf8").write_bytes(bytes(headings))
    (folder / "documents.jsonl").write_text("".join(about), encoding="utf-8")


def _byte_offsets(text: str) -> NDArray[np.int64]:
    """Give the UTF-8 byte offset of every character of a text, its end included."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
    sizes = 1 + (codes > 0x7F).astype(np.int64) + (codes > 0x7FF) + (codes > 0xFFFF)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])


def _map_bytes(path: Path) -> NDArray[np.uint8]:
    return np.memmap(path, mode="r") if path.stat().st_size else np.zeros(0, np.uint8)


def _in_force(folder: Path) -> str | None:
    try:
        return current_generation(folder)
    except (IndexMissingError, IndexDamagedError):
        return None


def _superseded(folder: Path, *kept: str | None) -> list[Path]:
    return [generation for generation in folder.glob("gen-*") if generation.name not in kept]


def _is_intact(generation: Path) -> bool:
    try:
        verify_generation(generation)
    except IndexDamagedError:
        return False
    return True


def _generation_name(manifest: bytes) -> str:
    return f"gen-{hashlib.sha256(manifest).hexdigest()[:16]}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(path: Path, text: str) -> None:
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _sync(path.parent)
