"""Word files: the text of a .docx, and marks put into it at their place. For the confined process of qa/drafts.py.

Text is that of the body in reading order, tables and text boxes included, a line a paragraph; headers, footers and
notes are not part of it. Tracked changes are read as accepted. Reading and marking walk the same runs, so an offset in
the text is a place in the file.
"""

import io
import re
import stat
import zipfile
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.text.run import CT_R

from qa import prompts
from qa.errors import DraftError

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.oxml.xmlchemy import BaseOxmlElement

MOST_ENTRIES = 2_000  # files inside a .docx; a long report with pictures has some hundred
LARGEST_UNPACKED = 200  # MiB
MOST_RATIO = 100  # unpacked to packed bytes; text packs ten- to thirtyfold
_MIB = 1024 * 1024

_UNSAFE_NAME = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|[\x00-\x1f]")
_GONE = {
    qn("w:del"),
    qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",  # a text box, once more for old programs
}


@dataclass(frozen=True)
class Mark:
    """A comment on text[start:end], and a highlight: a name of WD_COLOR_INDEX, or None for the comment alone."""

    start: int
    end: int
    colour: str | None
    comment: str


def read_word(data: bytes) -> str:
    """Give the text of a .docx.

    Raises:
        DraftError: the file is locked or unsafe. Whatever the parsers raise at a damaged one comes through.
    """
    check_package(data)
    return "\n".join("".join(run.text for run in runs) for runs in _paragraphs(Document(io.BytesIO(data))))


def mark_word(data: bytes, marks: Sequence[Mark]) -> bytes:
    """Put marks into a .docx, the words unchanged; offsets count in what `read_word` gives.

    Raises:
        DraftError: as `read_word`.
    """
    check_package(data)
    document = Document(io.BytesIO(data))
    _put(document, marks)
    return _saved(document)


def mark_text(text: str, marks: Sequence[Mark]) -> bytes:
    """Make a .docx of a text without control characters, a paragraph a line, with marks put into it."""
    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    _put(document, marks)
    return _saved(document)


def check_package(data: bytes) -> None:
    """Look at the directory of a .docx before anything in it is unpacked.

    Raises:
        DraftError: locked; too many files, too large or packed too tightly; a name that leads out of the package, a
            link, or entities of its own.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
        if len(entries) > MOST_ENTRIES:
            raise _unsafe(prompts.DRAFT_ENTRIES.format(count=len(entries), limit=MOST_ENTRIES))
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > LARGEST_UNPACKED * _MIB:
            raise _unsafe(prompts.DRAFT_UNPACKED.format(size=unpacked / _MIB, limit=LARGEST_UNPACKED))
        if unpacked > MOST_RATIO * len(data):
            raise _unsafe(prompts.DRAFT_RATIO.format(ratio=unpacked / len(data), limit=MOST_RATIO))
        for entry in entries:
            if _UNSAFE_NAME.search(entry.filename) or stat.S_ISLNK(entry.external_attr >> 16):
                raise _unsafe(prompts.DRAFT_PATH)
            if entry.flag_bits & 1:
                raise DraftError(prompts.DRAFT_LOCKED)
            # No Word file declares entities. Without the NULs UTF-16 reads like ASCII here.
            xml = entry.filename.lower().endswith((".xml", ".rels"))
            if xml and b"<!DOCTYPE" in package.read(entry).replace(b"\0", b""):
                raise _unsafe(prompts.DRAFT_ENTITIES)


def _unsafe(why: str) -> DraftError:
    return DraftError(prompts.DRAFT_UNSAFE.format(why=why))


def _saved(document: "Word") -> bytes:
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def _paragraphs(document: "Word") -> Iterator[list[CT_R]]:
    """The runs of each paragraph, without those deleted or repeated; a text box's stand in its own paragraphs."""
    for paragraph in document.element.body.iter(qn("w:p")):
        if any(above.tag in _GONE for above in paragraph.iterancestors()):
            continue
        yield [run for run in paragraph.iter(qn("w:r")) if isinstance(run, CT_R) and _is_of(run, paragraph)]


def _is_of(run: CT_R, paragraph: "BaseOxmlElement") -> bool:
    for above in run.iterancestors():
        if above is paragraph:
            return True
        if above.tag in _GONE or above.tag == paragraph.tag:
            return False
    return False


def _put(document: "Word", marks: Sequence[Mark]) -> None:
    edges = sorted({edge for mark in marks for edge in (mark.start, mark.end)})
    runs: list[CT_R] = []
    starts: list[int] = []
    at = 0
    for paragraph in _paragraphs(document):
        for run in paragraph:
            for piece in _pieces(run, at, edges):
                runs.append(piece)
                starts.append(at)
                at += len(piece.text)
        at += 1  # the line end
    for mark in marks:
        first, last = bisect_left(starts, mark.start), bisect_left(starts, mark.end)
        inside = [run for run in runs[first:last] if run.text]
        if inside:
            _mark(document, inside, mark)


def _mark(document: "Word", runs: Sequence[CT_R], mark: Mark) -> None:
    if mark.colour is not None:
        for run in runs:
            run.get_or_add_rPr().highlight_val = WD_COLOR_INDEX[mark.colour]
    comment = document.comments.add_comment(mark.comment, author="青问", initials="青问")
    _anchor(runs[0]).insert_comment_range_start_above(comment.comment_id)
    _anchor(runs[-1]).insert_comment_range_end_and_reference_below(comment.comment_id)


def _anchor(run: CT_R) -> CT_R:
    """Where a comment on a run may stand: Word takes none inside a text box, so it goes to the run that holds it."""
    for above in run.iterancestors(qn("w:txbxContent")):
        run = next(holder for holder in above.iterancestors(qn("w:r")) if isinstance(holder, CT_R))
    return run


def _pieces(run: CT_R, at: int, edges: Sequence[int]) -> Iterator[CT_R]:
    """Cut a run, whose text begins at `at`, wherever a mark begins or ends in it."""
    end = at + len(run.text)
    inside = [edge for edge in edges[bisect_left(edges, at) : bisect_left(edges, end)] if edge > at]
    for edge in inside:
        rest = _cut(run, edge - at)
        yield run
        run, at = rest, edge
    yield run


def _cut(run: CT_R, at: int) -> CT_R:
    """Cut a run before its character `at`, 0 < at < its length; what follows goes into a run of its own, given back."""
    rest = OxmlElement("w:r")
    assert isinstance(rest, CT_R)
    if run.rPr is not None:
        rest.append(deepcopy(run.rPr))
    position = 0
    for child in list(run):
        if child.tag == qn("w:rPr"):
            continue
        length = len(str(child)) if child.tag in _WRITTEN else 0
        if position < at < position + length:  # only a w:t is longer than one character
            text = str(child)
            run.remove(child)
            run.add_t(text[: at - position])
            rest.add_t(text[at - position :])
        elif position >= at:
            rest.append(child)
        position += length
    run.addnext(rest)
    return rest


_WRITTEN = {qn(tag) for tag in ("w:br", "w:cr", "w:noBreakHyphen", "w:ptab", "w:t", "w:tab")}
"""What a run's text is made of."""
