"""What staff hand in to be checked: a .txt, .docx or .pdf → its text, and back into a .docx with marks.

Any file may be hostile, whoever hands it in. Its size and its first bytes are looked at here; Word and PDF files are
opened only in a process of their own (this module, run as a program), with bounds on memory and time, so that a bomb or
a fault of a parser ends that process and nothing else. A file's name is shown and never used as a path.
"""

import json
import logging
import os
import re
import resource
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from index.errors import ReadingError
from index.reading import decode
from qa import prompts
from qa.errors import DraftError

if TYPE_CHECKING:
    from qa.wordfile import Mark

log = logging.getLogger(__name__)

LARGEST = 50  # MiB of a file
LONGEST = 1_000_000  # characters of a text; a press release has some 3,000
MOST_PAGES = 500  # of a PDF
_MIB = 1024 * 1024
_MEMORY = 1024 * _MIB  # bytes of address space for the process that opens a file
_CPU = 60  # seconds of processor time for it
_WAIT = 90  # seconds until it is ended in any case
_REFUSED = 3  # its exit status when it says why in Chinese

_BEGINNINGS = {b"%PDF-": ".pdf", b"PK\x03\x04": ".docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ".doc"}


@dataclass(frozen=True)
class Manuscript:
    """A text handed in; `name` is its file's for showing, '' where it was pasted; `word` the .docx itself, if any."""

    text: str
    name: str = ""
    word: bytes | None = None


def open_manuscript(path: Path) -> Manuscript:
    """Read a file that is to be checked.

    Raises:
        DraftError: as `read_manuscript`.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return read_manuscript(path.name, file.read(LARGEST * _MIB + 1))


def read_manuscript(name: str, data: bytes) -> Manuscript:
    """Read the bytes of a file that is to be checked; `name` is what its owner calls it.

    Raises:
        DraftError: another kind of file than its name says or than can be read; too large, too long, without text,
            locked, damaged or unsafe.
    """
    name = printable(PurePosixPath(name.replace("\\", "/")).name)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in (".txt", ".docx", ".pdf"):
        raise DraftError(prompts.DRAFT_KIND.format(name=name))
    if len(data) > LARGEST * _MIB:
        raise DraftError(prompts.DRAFT_LARGE.format(name=name, size=len(data) / _MIB, limit=LARGEST))
    if not data:
        raise DraftError(prompts.DRAFT_EMPTY.format(name=name))
    found = _kind(data)
    if found != suffix:
        kind = prompts.DRAFT_OLD_WORD if found == ".doc" else prompts.DRAFT_UNKNOWN if found == ".txt" else found
        raise DraftError(prompts.DRAFT_OTHER.format(name=name, suffix=suffix, kind=kind))
    text = _read_plain(name, data) if suffix == ".txt" else _confined(f"read{suffix}", data).decode()
    if not text.strip():
        raise DraftError(prompts.DRAFT_EMPTY.format(name=name))
    check_length(text)
    return Manuscript(text, name, data if suffix == ".docx" else None)


def pasted(text: str) -> Manuscript:
    """Take a text that was typed or pasted.

    Raises:
        DraftError: it is blank or too long.
    """
    if not text.strip():
        raise DraftError(prompts.DRAFT_BLANK)
    check_length(text)
    return Manuscript(text.encode("utf-8", "replace").decode())  # half a character would stop whoever prints it


def check_length(text: str) -> None:
    """Refuse a text that is too long to be checked.

    Raises:
        DraftError: more than LONGEST characters.
    """
    if len(text) > LONGEST:
        raise DraftError(prompts.DRAFT_LONG.format(limit=LONGEST))


def mark_manuscript(manuscript: Manuscript, marks: "Sequence[Mark]") -> bytes:
    """Give a .docx with marks: the one handed in, its words and looks unchanged, or a new one for other texts.

    Raises:
        DraftError: the .docx cannot be opened within the bounds.
    """
    text = None if manuscript.word is not None else printable(manuscript.text)
    shown = [{**asdict(mark), "comment": printable(mark.comment)} for mark in marks]
    head = json.dumps({"text": text, "marks": shown}).encode()
    return _confined("mark", head + b"\n" + (manuscript.word or b""))


def printable(text: str) -> str:
    """Put U+FFFD for every character that a terminal would obey, that turns the reading direction, or that XML forbids.

    Line ends and tabs stay; no offset changes.

    >>> printable("接入\\x1b[31m41个\\n")
    '接入\ufffd[31m41个\\n'
    """
    return _UNPRINTABLE.sub("\ufffd", text)


_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def _kind(data: bytes) -> str:
    if b"%PDF-" in data[:1024]:  # readers accept some bytes before it
        return ".pdf"
    return next((kind for beginning, kind in _BEGINNINGS.items() if data.startswith(beginning)), ".txt")


def _read_plain(name: str, data: bytes) -> str:
    try:
        return decode(data, name)
    except ReadingError as error:
        raise DraftError(prompts.DRAFT_ENCODING.format(name=name)) from error


def _confined(job: str, data: bytes) -> bytes:
    """Do a job in a process of its own, with bounds on memory and time, and nothing of our environment and its keys."""
    home = str(Path(__file__).resolve().parent.parent)
    environment = {"PYTHONPATH": os.pathsep.join((home, *filter(None, sys.path)))}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "qa.drafts", job],
            input=data,
            capture_output=True,
            timeout=_WAIT,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DraftError(prompts.DRAFT_HEAVY) from None
    if done.returncode == 0:
        return done.stdout
    complaint = done.stderr.decode("utf-8", "replace")
    if done.returncode == _REFUSED:
        raise DraftError(complaint)
    last = complaint.strip().rpartition("\n")[2]  # the parser's own words; the way there says little
    log.warning("a file handed in could not be opened (%s, status %d): %s", job, done.returncode, last[:500])
    heavy = done.returncode < 0 or "MemoryError" in complaint
    raise DraftError(prompts.DRAFT_HEAVY if heavy else prompts.DRAFT_BROKEN)


def read_pdf(data: bytes) -> str:
    """Give the text of a PDF, lines that fill the page's width joined to the next.

    Raises:
        DraftError: locked, damaged, too many pages, or too long.
    """
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == raw.FPDF_ERR_PASSWORD
        raise DraftError(prompts.DRAFT_LOCKED if locked else prompts.DRAFT_BROKEN) from error
    if len(document) > MOST_PAGES:
        raise DraftError(prompts.DRAFT_PAGES.format(pages=len(document), limit=MOST_PAGES))
    text = ""
    for page in document:
        text += join_lines(page.get_textpage().get_text_bounded()) + "\n"
        check_length(text)
    return text


_RADICALS = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")  # PDF fonts often give these for the ideographs that look alike
_ENDS = tuple("。！？；!?;：:")


def join_lines(page: str) -> str:
    """Undo the line breaks of a page's layout: a line that is nearly as wide as the widest goes on in the next.

    >>> join_lines("城市云脑接入41个单位的121\\r\\n个业务系统。\\r\\n二、数字社会\\r\\n")
    '城市云脑接入41个单位的121个业务系统。\\n二、数字社会'
    """
    page = _RADICALS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), page)
    page = re.sub("[\x00-\x08\x0e-\x1f\xad\ufffe]", "", page)  # hyphens of the layout among them
    lines = [stripped for line in page.splitlines() if (stripped := line.strip())]
    widest = max(map(_width, lines), default=0)
    joined = ""
    for line in lines:
        whole = _width(line) < 0.9 * widest or line.endswith(_ENDS)
        between = " " if not whole and line[-1].isascii() and line[-1].isalpha() else ""
        joined += line + ("\n" if whole else between)
    return joined.rstrip()


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line)


def main() -> None:
    """Do one job on the bytes of standard input: read.docx, read.pdf, or mark; the result goes to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU, _CPU))
    job, data = sys.argv[1], sys.stdin.buffer.read()
    try:
        if job == "read.pdf":
            result = read_pdf(data).encode("utf-8", "replace")
        else:
            from qa.wordfile import Mark, mark_text, mark_word, read_word

            if job == "read.docx":
                result = read_word(data).encode()
            else:
                head, _, word = data.partition(b"\n")
                fields = json.loads(head)
                marks = [Mark(**mark) for mark in fields["marks"]]
                result = mark_word(word, marks) if fields["text"] is None else mark_text(fields["text"], marks)
    except DraftError as error:
        sys.stderr.buffer.write(str(error).encode())
        sys.exit(_REFUSED)
    sys.stdout.buffer.write(result)


if __name__ == "__main__":
    main()
