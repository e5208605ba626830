"""An upload → what it would change → a generation of the index. Knows nothing of HTTP, nor of who may do this.

    FOLDER/pending/<random>   an upload as read: one line of JSON about it, then its text. It goes when it is published
                              or dropped, or after a day. The file itself is not kept: the index holds the text.

Nothing here is in force before `Publisher.publish`.
"""

import hashlib
import json
import logging
import os
import re
import secrets
import threading
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from index.build import Step, add_reports, remove
from index.chunking import chunk
from index.embedding import Embedder, load_embedder
from index.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexMissingError,
    ModelMismatchError,
    NoSuchReportError,
    ReadingError,
)
from index.figures import ledger
from index.passage import Passage, Report
from index.reading import as_report
from index.store import PassageIndex, current_generation
from qa import prompts
from qa.audit import AuditLog
from qa.config import Settings
from qa.drafts import printable, read_manuscript
from qa.errors import AuditError, DraftError, StaffError

log = logging.getLogger(__name__)

SUFFIXES = (".txt", ".md", ".docx", ".pdf")
MOST_PENDING = 20
KEPT = 24 * 3600  # seconds
LONGEST_TITLE = 100  # characters
LONGEST_LINE = 2_000  # characters; paragraphs of official prose have some 400
_MOST_ORDERS = 5  # shown of what looks like orders to a program

_DOCUMENT = re.compile(r"(?!-)[A-Za-z0-9_\-\u3400-\u9fff\U00020000-\U0003ffff]{1,80}")
_NOT_OF_A_NAME = re.compile(r"[^A-Za-z0-9_\-\u3400-\u9fff\U00020000-\U0003ffff]+")
_ID = re.compile("[0-9a-f]{32}")
_BLANK_LETTERS = set("\u034f\u115f\u1160\u2800\u3164\uffa0\ufffd")
_ORDERS = re.compile(
    r".{0,10}(?:(?:忽略|无视|忘掉|忘记|不要理会|不必理会).{0,12}(?:以上|上述|之前|前面|前文|指令|规则|要求|提示|设定)|系统提示|提示词|"
    r"(?:你|您)(?:现在|从现在起)?是一[个名位].{0,8}(?:助手|模型|机器人)|"
    r"ignore (?:all|any|previous|the)|disregard|system prompt|jailbreak|<\|im_start\|>|"
    r"^[ \t]*(?:system|assistant)[ \t]*[:：]).{0,20}",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class Pending:
    """A report that was uploaded and is not in force; `time`: seconds since 1970, `hints`: for the reviewer."""

    id: str
    document: str
    title: str
    year: int | None
    file: str
    by: str
    time: float
    figures: int
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What a pending report would change.

    `fresh` holds the positions, counted from 0 in `passages`, whose text the edition in force does not have; `gone` the
    texts that it has and this has not; `before` its digest, '' where there is none.
    """

    report: Report
    passages: tuple[Passage, ...]
    fresh: frozenset[int]
    gone: tuple[str, ...]
    before: str


class Uploads:
    """The reports in a folder that wait to be published."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "pending"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def take(self, file: str, data: bytes, given: dict[str, str], by: str) -> Pending:
        """Read an upload and keep it.

        Args:
            file: What its owner calls the file; its ending says its kind.
            data: Its bytes.
            given: What was filled in: document, title, year; '' where it is to be found in the file.
            by: Who uploads it.

        Raises:
            DraftError: the file cannot be read.
            StaffError: what was filled in does not fit, or too many uploads wait.
        """
        path = PurePosixPath(printable(file).replace("\\", "/"))
        if path.suffix.lower() not in SUFFIXES:
            raise StaffError(prompts.DESK_KIND.format(name=path.name))
        document = given["document"].strip() or _NOT_OF_A_NAME.sub("-", path.stem).strip("-")
        if not _DOCUMENT.fullmatch(document):
            raise StaffError(prompts.DESK_NAME)
        title, year = _visible(given["title"]), given["year"].strip()
        if len(title) > LONGEST_TITLE:
            raise StaffError(prompts.DESK_TITLE.format(limit=LONGEST_TITLE))
        if not re.fullmatch("((19|20)[0-9]{2})?", year):
            raise StaffError(prompts.DESK_YEAR)
        if len(self.all()) >= MOST_PENDING:
            raise StaffError(prompts.DESK_FULL.format(limit=MOST_PENDING))
        # Markdown is plain text with headings, which the index knows.
        text = read_manuscript(path.stem + ".txt" if path.suffix.lower() == ".md" else path.name, data).text
        report = as_report(document, text, title or None, int(year) if year else None)
        pending = Pending(
            id=secrets.token_hex(16),
            document=document,
            title=_visible(report.title) or document,
            year=report.year,
            file=path.name,
            by=by,
            time=time.time(),
            figures=len(ledger(text)),
            hints=tuple(_hints(report)),
        )
        new = self._folder / f".new-{pending.id}"
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
            out.write(json.dumps(asdict(pending)) + "\n" + text)
        new.rename(self._folder / pending.id)
        return pending

    def all(self) -> list[Pending]:
        """List the uploads, the latest first; those older than a day go."""
        found: list[Pending] = []
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):  # published or dropped by somebody else meanwhile
                if time.time() - path.stat().st_mtime > KEPT:
                    path.unlink()
                elif _ID.fullmatch(path.name):
                    with path.open(encoding="utf-8", newline="\n") as lines:
                        found.append(_pending(lines.readline()))
        return sorted(found, key=lambda pending: -pending.time)

    def report(self, id_: str) -> tuple[Pending, Report]:
        """Give an upload and the report that it would become.

        Raises:
            KeyError: there is none of that id, or none any more.
        """
        if not _ID.fullmatch(id_):
            raise KeyError(id_)
        try:
            with (self._folder / id_).open(encoding="utf-8", newline="\n") as lines:
                pending = _pending(lines.readline())
                text = lines.read()
        except FileNotFoundError:
            raise KeyError(id_) from None
        return pending, as_report(pending.document, text, pending.title, pending.year)

    def drop(self, id_: str) -> None:
        """Take an upload away, where it is still there."""
        if _ID.fullmatch(id_):
            (self._folder / id_).unlink(missing_ok=True)


def _pending(line: str) -> Pending:
    fields: dict[str, Any] = json.loads(line)
    fields["hints"] = tuple(fields["hints"])
    return Pending(**fields)


def _visible(text: str) -> str:
    return "".join(char for char in text if not is_hidden(char)).strip()


def is_hidden(char: str) -> bool:
    """Say whether a character shows nothing, turns others round, or has no form of its own that all agree on."""
    if char in "\n\r\t":
        return False
    selects = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return selects or char in _BLANK_LETTERS or unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Cs")


def _hints(report: Report) -> Iterable[str]:
    """What the reviewer should look at before the report is published."""
    text = report.text
    hidden = Counter({char: count for char, count in Counter(text).items() if is_hidden(char)})
    if hidden:
        codes = "、".join(f"U+{ord(char):04X}" for char, _ in hidden.most_common(5))
        yield prompts.HINT_HIDDEN.format(count=hidden.total(), codes=codes)
    long = sum(len(line) > LONGEST_LINE for line in text.split("\n"))
    if long:
        yield prompts.HINT_LONG_LINES.format(count=long, limit=LONGEST_LINE)
    if report.title == report.document:
        yield prompts.HINT_NO_TITLE
    if not report.sections:
        yield prompts.HINT_NO_HEADINGS
    if report.year is None:
        yield prompts.HINT_NO_YEAR
    # Read without what is hidden: it may stand between the letters.
    plain = text.translate(dict.fromkeys(map(ord, hidden)))
    for number, match in enumerate(_ORDERS.finditer(plain)):
        if number == _MOST_ORDERS:
            break
        yield prompts.HINT_ORDERS.format(found=f"“{match.group().strip()}”")


def digest(index: PassageIndex, document: str) -> str:
    """Give the SHA-256 of the text of a report in force; '' where there is none of that name."""
    if document not in index.document_names:
        return ""
    return hashlib.sha256(index.report(document).text.encode()).hexdigest()


def preview(report: Report, index: PassageIndex) -> Preview:
    """Cut a report into its passages, and compare them with the edition in force, if any."""
    passages = tuple(chunk(report))
    before = digest(index, report.document)
    left = Counter(p.text for p in chunk(index.report(report.document))) if before else Counter[str]()
    fresh: set[int] = set()
    for position, passage in enumerate(passages):
        if left[passage.text]:
            left[passage.text] -= 1
        else:
            fresh.add(position)
    return Preview(report, passages, frozenset(fresh), tuple(left.elements()), before)


@dataclass(frozen=True)
class Published:
    """What came of it: the generation in force, its reports and passages, all checked; `record`: of the audit."""

    generation: str
    documents: int
    passages: int
    record: int | None


@dataclass
class Job:
    """A report that is being published or removed; the steps of the embedding are counted as they come."""

    kind: Literal["publish", "remove"]
    document: str
    by: str
    done: int = 0
    steps: int = 0
    outcome: Future[Published] = field(default_factory=Future[Published])

    def track(self, steps: Sequence[Step], label: str) -> Iterable[Step]:
        """Count the steps; see `index.build.Track`."""
        self.steps = len(steps)
        for self.done, step in enumerate(steps):
            yield step

    @property
    def failure(self) -> str | None:
        """Why it came to nothing, in Chinese; None while it is under way or where it did not."""
        error = self.outcome.exception() if self.outcome.done() else None
        return None if error is None else explained(error, self.document)


class Publisher:
    """Changes the index, one report at a time, in a thread of its own; citizens go on asking meanwhile."""

    def __init__(self, settings: Settings, uploads: Uploads) -> None:
        self._settings = settings
        self._uploads = uploads
        self._thread = ThreadPoolExecutor(1, "publishing")
        self._starting = threading.Lock()
        self._opened: PassageIndex | None = None
        self.job: Job | None = None
        """The change under way, or the last one."""

    @property
    def index(self) -> PassageIndex:
        """The index in force.

        Raises:
            IndexMissingError, IndexDamagedError: there is no sound index.
        """
        opened = self._opened
        if opened is None or opened.generation != current_generation(self._settings.index):
            opened = self._opened = PassageIndex.open(self._settings.index)
        return opened

    def publish(self, id_: str, before: str, by: str) -> Job:
        """Put a pending report in force; `before` is the digest of the edition that its preview was compared with.

        Raises:
            KeyError: there is no such upload.
            StaffError: another report is being published or removed.
        """
        pending, report = self._uploads.report(id_)
        job = Job("publish", pending.document, by)

        def work() -> Published:
            self._check_unchanged(pending.document, before)
            generation = add_reports([report], self._settings.index, self._embedder, job.track)
            self._uploads.drop(id_)
            return self._finished(job, generation, hashlib.sha256(report.text.encode()).hexdigest())

        return self._start(job, work)

    def remove(self, document: str, before: str, by: str) -> Job:
        """Take a report out of the index; otherwise as `publish`."""
        job = Job("remove", document, by)

        def work() -> Published:
            self._check_unchanged(document, before)
            generation = remove([document], self._settings.index, self._embedder, job.track)
            return self._finished(job, generation, before)

        return self._start(job, work)

    def _start(self, job: Job, work: Callable[[], Published]) -> Job:
        with self._starting:
            if self.job is not None and not self.job.outcome.done():
                raise StaffError(prompts.DESK_BUSY, retry=True)
            job.outcome = self._thread.submit(work)
            self.job = job
        job.outcome.add_done_callback(lambda done: _note(job, done))
        return job

    def _check_unchanged(self, document: str, before: str) -> None:
        if digest(self.index, document) != before:
            raise StaffError(prompts.DESK_STALE.format(document=document), retry=True)

    @cached_property
    def _embedder(self) -> Embedder:
        return load_embedder(self._settings.embedder)

    def _finished(self, job: Job, generation: str, changed: str) -> Published:
        """Check every passage against its document, and keep the record."""
        index = PassageIndex.open(self._settings.index, generation)
        texts = {name: index.report(name).text for name in index.document_names}
        for position in range(len(index)):
            passage = index.passage(position)
            if texts[passage.document][passage.start : passage.end] != passage.text:
                raise StaffError(prompts.DESK_UNSOUND)
        record = None
        if self._settings.audit:
            audit, made_by = AuditLog(self._settings), index.manifest.embedder
            try:
                record = audit.record_change(job.kind, job.document, changed, generation, made_by, job.by)
            except AuditError as error:
                raise StaffError(prompts.DESK_UNRECORDED.format(why=error)) from error
        return Published(generation, len(index.document_names), len(index), record)


def _note(job: Job, done: Future[Published]) -> None:
    error = done.exception()
    if error is None:
        log.info("%s %s by %s: %s", job.kind, job.document, job.by, done.result().generation)
    else:
        log.error("%s %s by %s failed", job.kind, job.document, job.by, exc_info=error)


def explained(error: BaseException, document: str = "") -> str:
    """Say in Chinese why a report was not published or removed."""
    if isinstance(error, StaffError | DraftError):
        return str(error)
    reasons: dict[type[BaseException], str] = {
        IndexBusyError: prompts.DESK_BUSY,
        IndexMissingError: prompts.DESK_NO_INDEX,
        IndexDamagedError: prompts.DESK_DAMAGED,
        ModelMismatchError: prompts.DESK_MODEL,
        NoSuchReportError: prompts.DESK_LAST.format(document=document),
        ReadingError: prompts.DESK_NO_WORDS,
        OSError: prompts.DESK_NO_SPACE,
    }
    return next((said for kind, said in reasons.items() if isinstance(error, kind)), prompts.DESK_FAILED)
