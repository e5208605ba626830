"""The audit record: a row for every answer, check and change of the reports, chained so that a changed one is found.

    FOLDER/records.sqlite   records: number, body (JSON), chain = SHA-256 of the chain before and the body
                            ends: where the chain begins (moves on when old rows go) and where it ends
    FOLDER/key              32 random bytes; questions, texts and results stand in the rows as HMAC-SHA256 under it
    FOLDER/LOCK             held while a row is written and while the rows are read or copied, by one at a time

A plain digest of a short question could be guessed by trying questions; under the key this takes the key as well. Give
others records.sqlite or the export without it; records.sqlite-journal is there while a row is written, and stays where
the program died in it: a copy needs it then.

What the chain finds: a row changed, moved, put in, or missing at any place. Whoever may write the folder can also make
up a whole new chain, or put back an older copy of it: that is found only against an end that was noted elsewhere
(`verify` gives it and takes it).
"""

import csv
import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import sqlite3
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from qa import prompts
from qa.answer import Answer, Citation, Status
from qa.conversation import Conversation, Turn
from qa.errors import AuditError
from qa.masking import masked

if TYPE_CHECKING:
    from qa.checking import Verdict
    from qa.config import Settings
    from qa.pipeline import Parts

BEARING = ("embedder", "retrieve_k", "reranker", "answerer", "fallback", "keep_k", "max_tokens")
"""The settings that bear on what an answer or a verdict says. None of them is a secret."""

FIRST = "0" * 64  # the chain before the first row
_WAIT = 30  # seconds for another program that reads or copies the file
_SCHEMA = """
CREATE TABLE records (number INTEGER PRIMARY KEY, body TEXT NOT NULL, chain TEXT NOT NULL) STRICT;
CREATE TABLE ends (name TEXT PRIMARY KEY, number INTEGER NOT NULL, chain TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Record:
    """One row. `body` is the record as JSON; its `number` counts from 1 without gaps."""

    number: int
    body: dict[str, Any]
    chain: str


@dataclass(frozen=True)
class Verified:
    """What `AuditLog.verify` found: the first and last number, 0 where there is none, and every fault in Chinese."""

    first: int
    last: int
    count: int
    chain: str
    faults: tuple[str, ...] = ()

    def as_text(self) -> str:
        """Say in Chinese that the records are sound, and where they end."""
        if not self.count:
            return prompts.AUDIT_EMPTY
        sound = prompts.AUDIT_SOUND.format(first=self.first, last=self.last, count=self.count)
        return sound + "\n" + prompts.AUDIT_HEAD.format(last=self.last, chain=self.chain)


class AuditLog:
    """The audit records in a folder. Threads and processes may write at once; a row is on disk when a call returns."""

    def __init__(self, settings: "Settings") -> None:
        """Take folder, term and the settings that bear on answers from the settings.

        Raises:
            AuditError: the settings name no folder.
        """
        if settings.audit is None:
            raise AuditError(prompts.AUDIT_OFF)
        self.folder = settings.audit
        self._settings = settings

    def record_answer(
        self, answer: Answer, conversation: Conversation | None = None, documents: Sequence[str] = ()
    ) -> int:
        """Keep what was asked, and what was answered on what grounds; gives the row's number.

        Args:
            answer: The answer as it is shown.
            conversation: The talk before the question, as it was given to `ask`.
            documents: The reports that the question was kept to; none: all.

        Raises:
            AuditError: the row cannot be kept.
        """
        turns = [asdict(turn) for turn in conversation.turns] if conversation else []
        key = self._key(make=True)
        body = {
            **self._made_by("ask", answer.index, answer.embedder, answer.answerer),
            "answer": keyed(key, answer.id),
            "question": keyed(key, answer.question),
            "conversation": keyed(key, _canonical(turns)) if turns else None,
            "status": answer.status,
            "cited": _spans(answer.citations),
            **({"documents": list(documents)} if documents else {}),
            **outcome(key, answer),
        }
        told = json.loads(masked(_canonical(turns)))
        return self._append(body, {"question": masked(answer.question), "conversation": told})

    def record_check(self, text: str, verdicts: Sequence["Verdict"], parts: "Parts") -> int:
        """Keep that a text was checked, and every verdict with its grounds; otherwise as `record_answer`."""
        return self._record_verdicts("check", text, verdicts, parts)

    def record_claim(self, claim: str, verdict: "Verdict", parts: "Parts") -> int:
        """Keep that a line was checked as one claim; otherwise as `record_answer`."""
        return self._record_verdicts("claim", claim, [verdict], parts)

    def record_change(
        self, kind: Literal["publish", "remove"], document: str, digest: str, generation: str, embedder: str, who: str
    ) -> int:
        """Keep that a report came into force or went; `digest` is the SHA-256 of its text; else as `record_answer`."""
        self._key(make=True)
        about = {"document": document, "digest": digest, "who": who}
        return self._append({**self._made_by(kind, generation, embedder, None), **about}, None)

    def find(self, reference: str) -> Record:
        """Give the row of a number, or the latest row of an Answer's id.

        Raises:
            AuditError: there is none, or the records cannot be read.
        """
        if re.fullmatch("[0-9]{1,15}", reference):
            condition, value = "number = ?", int(reference)
        else:
            condition, value = "json_extract(body, '$.answer') = ?", keyed(self._key(), reference)
        with self._reading() as rows:
            query = f"SELECT number, body, chain FROM records WHERE {condition} ORDER BY number DESC LIMIT 1"
            row = rows.execute(query, (value,)).fetchone()
        if row is None:
            raise AuditError(prompts.REPLAY_UNKNOWN.format(reference=reference))
        return Record(row[0], _object(row[1]), row[2])

    def verify(self, noted: tuple[int, str] | None = None) -> Verified:
        """Follow the chain from end to end.

        Args:
            noted: The last number and its chain, as an earlier call gave them and as they were kept elsewhere.

        Raises:
            AuditError: there are no records in the folder, or the file cannot be read as one.
        """
        with self._copied() as rows:
            ends = {name: (number, chain) for name, number, chain in rows.execute("SELECT * FROM ends")}
            start, end = ends.get("start", (0, FIRST)), ends.get("end", (0, FIRST))
            last, chain = start
            count, pruned, faults = 0, (0, FIRST), list[str]()
            if noted and noted[0] < start[0]:
                faults.append(prompts.AUDIT_HEAD_PRUNED.format(number=noted[0]))
            elif noted and noted[0] == start[0] and noted != start:
                faults.append(prompts.AUDIT_HEAD_WRONG.format(number=noted[0]))
            for number, raw, stored in rows.execute("SELECT number, body, chain FROM records ORDER BY number"):
                count += 1
                if number != last + 1:
                    faults.append(prompts.AUDIT_MISSING.format(first=last + 1, last=number - 1))
                elif stored != linked(chain, raw) or _object(raw).get("number") != number:
                    faults.append(prompts.AUDIT_CHANGED.format(number=number))
                if noted and noted[0] == number and noted[1] != stored:
                    faults.append(prompts.AUDIT_HEAD_WRONG.format(number=number))
                body = _object(raw)
                if body.get("kind") == "prune":
                    pruned = (body.get("to", 0), body.get("chain", FIRST))
                last, chain = number, stored
            if start != pruned:
                faults.insert(0, prompts.AUDIT_START)
            known = max(end[0], noted[0] if noted else 0)
            if last < known:
                faults.append(prompts.AUDIT_CUT.format(last=known, found=last))
            elif end != (last, chain):
                faults.append(prompts.AUDIT_HEAD_WRONG.format(number=last))
        return Verified(start[0] + 1 if count else 0, last if count else 0, count, chain, tuple(faults))

    def export(self, path: Path) -> int:
        """Write the rows into a .csv for a spreadsheet; gives their count.

        `body` and `chain` stand as they are in the record, so that the chain can be followed in the table too.

        Raises:
            AuditError: there are no records in the folder, or they cannot be read.
            OSError: the file cannot be written.
        """
        from qa.exporting import guarded

        count = 0
        with self._copied() as rows, path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow((*_COLUMNS, "body", "chain"))
            for body, chain in rows.execute("SELECT body, chain FROM records ORDER BY number"):
                fields = _object(body)
                writer.writerow(
                    guarded(cell) for cell in (*(_cell(fields.get(name)) for name in _COLUMNS), body, chain)
                )
                count += 1
        return count

    def readable(self, record: Record) -> tuple[str, Conversation] | None:
        """Give the text of a row and the talk before it, as they were; None where they were not kept in full."""
        kept = record.body.get("text")
        if not isinstance(kept, dict):
            return None
        question, turns = kept["question"], kept.get("conversation") or []
        if not self.is_text(record, question):
            return None
        if turns and keyed(self._key(), _canonical(turns)) != record.body.get("conversation"):
            return None
        return question, Conversation(tuple(map(_turn, turns)))

    def is_text(self, record: Record, text: str) -> bool:
        """Say whether a text is the one that a row was made of."""
        return keyed(self._key(), text) == record.body.get("question")

    def outcome(self, made: Answer | Sequence["Verdict"]) -> dict[str, str]:
        """Give the digests by which a row knows an answer or verdicts again."""
        return outcome(self._key(), made)

    def _record_verdicts(self, kind: str, text: str, verdicts: Sequence["Verdict"], parts: "Parts") -> int:
        key, documents = self._key(make=True), parts.retriever.documents
        body = {
            **self._made_by(kind, parts.index.generation, parts.retriever.embedder.name, None),
            "question": keyed(key, text),
            "status": status_of(verdicts),
            **({"documents": list(documents)} if documents else {}),
            "cited": _spans([citation for verdict in verdicts for citation in verdict.citations]),
            "verdicts": [
                {"start": v.start, "end": v.end, "verdict": v.verdict, "cited": _spans(v.citations)} for v in verdicts
            ],
            **outcome(key, verdicts),
        }
        return self._append(body, {"question": masked(text)})

    def _made_by(self, kind: str, generation: str, embedder: str, answerer: str | None) -> dict[str, Any]:
        return {
            "kind": kind,
            "generation": generation,
            "embedder": embedder,
            "answerer": answerer,
            "settings": self._settings.model_dump(mode="json", include=set(BEARING)),
            "code": code_version(),
        }

    def _append(self, body: dict[str, Any], text: dict[str, Any] | None) -> int:
        if self._settings.audit_text and text is not None:
            body["text"] = text
        try:
            with self._writing() as rows:
                self._prune(rows)
                return _add(rows, body)
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    def _prune(self, rows: sqlite3.Connection) -> None:
        """Remove the rows whose term is over, from the start on; a row says up to where, and holds the chain there.

        It waits until the oldest row is a day late, so that such a row is written once a day at most.
        """
        days = self._settings.audit_days
        if days is None:
            return
        now = datetime.now(UTC)
        oldest = rows.execute("SELECT body FROM records ORDER BY number LIMIT 1").fetchone()
        if oldest is None or _object(oldest[0])["time"] >= _stamp(now - timedelta(days=days + 1)):
            return
        to, chain = 0, FIRST
        for number, body, link in rows.execute("SELECT number, body, chain FROM records ORDER BY number"):
            if _object(body)["time"] >= _stamp(now - timedelta(days=days)):
                break
            to, chain = number, link
        rows.execute("DELETE FROM records WHERE number <= ?", (to,))
        rows.execute("INSERT OR REPLACE INTO ends VALUES ('start', ?, ?)", (to, chain))
        _add(rows, {"kind": "prune", "to": to, "chain": chain})

    @contextmanager
    def _writing(self) -> Generator[sqlite3.Connection]:
        """A transaction, one writer at a time; undone by whoever comes next where the program dies in it."""
        with (self.folder / "LOCK").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            path = self.folder / "records.sqlite"
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as rows:
                rows.execute("PRAGMA journal_mode = DELETE")
                rows.execute("PRAGMA synchronous = EXTRA")
                rows.execute("BEGIN IMMEDIATE")
                if not rows.execute("SELECT 1 FROM sqlite_schema").fetchone():
                    for statement in _SCHEMA.split(";"):
                        rows.execute(statement)
                yield rows
                rows.execute("COMMIT")

    @contextmanager
    def _reading(self) -> Generator[sqlite3.Connection]:
        """The rows while nobody writes; a mere copy of them may be without LOCK."""
        path, lock = self.folder / "records.sqlite", self.folder / "LOCK"
        if not path.is_file():
            raise AuditError(prompts.AUDIT_NONE.format(path=path))
        try:
            with lock.open() if lock.exists() else nullcontext() as held:
                if held is not None:
                    fcntl.flock(held, fcntl.LOCK_EX)
                with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as rows:
                    rows.execute("PRAGMA query_only = ON")
                    yield rows
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    @contextmanager
    def _copied(self) -> Generator[sqlite3.Connection]:
        """All rows as they are now, in a passing copy on disk: a writer waits for the copying, not for what follows."""
        with closing(sqlite3.connect("")) as copy:
            with self._reading() as rows:
                rows.backup(copy)
            try:
                yield copy
            except sqlite3.Error as error:
                raise self._unusable(error) from error

    def _key(self, make: bool = False) -> bytes:
        """The key of this folder; made with the first row, and never anew for rows that are there."""
        path = self.folder / "key"
        try:
            had_rows = (self.folder / "records.sqlite").exists()  # asked first: the key is made before the first row
            if not path.exists():
                if had_rows or not make:
                    raise AuditError((prompts.AUDIT_NO_KEY if had_rows else prompts.AUDIT_NONE).format(path=path))
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _make_key(path)
            return path.read_bytes()
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> AuditError:
        return AuditError(prompts.AUDIT_UNUSABLE.format(why=error, folder=self.folder))


def keyed(key: bytes, text: str) -> str:
    """Digest a text under a key: HMAC-SHA256, in hex."""
    return hmac.new(key, text.encode("utf-8", "replace"), "sha256").hexdigest()


def linked(before: str, raw: str) -> str:
    """Give the chain of a row from the chain before it and its body as it is written."""
    return hashlib.sha256(f"{before}\n{raw}".encode()).hexdigest()


def outcome(key: bytes, made: Answer | Sequence["Verdict"]) -> dict[str, str]:
    """Give the digests of what was said, `words`, and of what was said about it, `rest`; neither time nor id counts."""
    if isinstance(made, Answer):
        fields = made.as_json()
        words = [fields[name] for name in ("short", "sentences")]
        rest = [fields[name] for name in ("standalone_question", "reason", "withheld", "suggestions")]
    else:
        words = [[v.claim, v.start, v.end, v.verdict, v.difference, v.correction] for v in made]
        rest = [v.as_json()["figures"] for v in made]
    return {"words": keyed(key, _canonical(words)), "rest": keyed(key, _canonical(rest))}


def status_of(made: Answer | Sequence["Verdict"]) -> str:
    """Say in a word how an answer came out, or how many verdicts of each kind there are: refuted 1, supported 2."""
    if isinstance(made, Answer):
        return Status(made.status).value
    return ", ".join(f"{ruling} {count}" for ruling, count in sorted(Counter(v.verdict.value for v in made).items()))


def cited(made: Answer | Sequence["Verdict"]) -> list[dict[str, Any]]:
    """Give the spans that an answer or verdicts cite: document, start and end in characters."""
    if isinstance(made, Answer):
        return _spans(made.citations)
    return _spans([citation for verdict in made for citation in verdict.citations])


@cache
def code_version() -> str:
    """Name the program that is running: its version, and a digest of its source files and word lists."""
    home = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for path in sorted(p for pattern in ("index/*", "qa/*", "qa/*/*") for p in home.glob(pattern)):
        if path.suffix in (".py", ".tsv", ".txt"):
            digest.update(f"{path.relative_to(home).as_posix()}\n".encode() + path.read_bytes())
    return f"{version('qingwen')}+{digest.hexdigest()[:12]}"


def _spans(citations: Sequence[Citation]) -> list[dict[str, Any]]:
    return [{"document": c.document, "start": c.start, "end": c.end} for c in citations]


def _add(rows: sqlite3.Connection, body: dict[str, Any]) -> int:
    before, chain = rows.execute("SELECT number, chain FROM ends WHERE name = 'end'").fetchone() or (0, FIRST)
    number = before + 1
    raw = _canonical({"number": number, "time": _stamp(datetime.now(UTC)), **body})
    raw = raw.encode("utf-8", "replace").decode()  # SQLite takes no half characters
    chain = linked(chain, raw)
    rows.execute("INSERT INTO records VALUES (?, ?, ?)", (number, raw, chain))
    rows.execute("INSERT OR REPLACE INTO ends VALUES ('end', ?, ?)", (number, chain))
    return number


def _make_key(path: Path) -> None:
    """Make the key, whole or not at all; where two programs begin at once, both take the one that was first."""
    new = path.with_name(f"key.new-{secrets.token_hex(8)}")
    handle = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.write(handle, secrets.token_bytes(32))
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(new, path)
    except FileExistsError:
        pass
    finally:
        new.unlink()


def _turn(fields: dict[str, Any]) -> Turn:
    tuples: dict[str, Any] = {name: tuple(fields[name]) for name in ("quotes", "passages")}
    return Turn(**{**fields, **tuples})


_COLUMNS = (
    *("number", "time", "kind", "status", "generation", "embedder", "answerer", "settings", "code"),
    *("answer", "question", "conversation", "text", "cited", "verdicts", "words", "rest"),
    *("who", "document", "digest"),
)
"""The fields of a body that have a column of their own in the export."""


def _cell(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else _canonical(value)


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _object(raw: str) -> dict[str, Any]:
    """The body of a row; empty where somebody made it something else."""
    try:
        value = json.loads(raw)
    except (ValueError, TypeError):
        return {}
    return value if isinstance(value, dict) else {}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
