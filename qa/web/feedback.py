"""Thumbs up and down, with a reason in the citizen's own words, in a SQLite file of our own.

A row names the answer by its id and the generation of the index that it was made from; it holds no question, no
address and no name. Whoever keeps audit records with their text finds the question there, by the id of the answer.
"""

import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from qa.masking import masked

LONGEST = 200  # characters of a reason that are kept

_TABLE = """CREATE TABLE IF NOT EXISTS feedback (
    time TEXT NOT NULL,     -- UTC, ISO 8601
    answer TEXT NOT NULL,   -- Answer.id
    "index" TEXT NOT NULL,  -- Answer.index
    up INTEGER NOT NULL,    -- 1 helpful, 0 not
    reason TEXT NOT NULL    -- '' where none was given
) STRICT"""


class Feedback:
    """The votes of all callers; any number of threads and processes may write at once.

    Args:
        path: The SQLite file; made when missing, its folder too.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as file:
            file.execute(_TABLE)

    def add(self, answer: str, index: str, up: bool) -> int:
        """Keep a vote on an answer; give the number by which it can still be changed."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        with self._open() as file:
            row = file.execute("INSERT INTO feedback VALUES (?, ?, ?, ?, '')", (now, answer, index, up)).lastrowid
        assert row is not None
        return row

    def change(self, row: int, up: bool, reason: str = "") -> None:
        """Change a vote, and say why."""
        kept = masked(" ".join(reason.split()))[:LONGEST]
        with self._open() as file:
            file.execute("UPDATE feedback SET up = ?, reason = ? WHERE rowid = ?", (up, kept, row))

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=5)) as file, file:
            yield file
