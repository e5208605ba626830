"""What people asked that the report did not answer, alike questions together: the list for next year's report.

Read from the audit records (qa/audit.py) of programs that keep what was typed (QINGWEN_AUDIT_TEXT=1); with the votes
of the page (qa/web/feedback.py) also what was answered and voted down.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.errors import RunError
from eval.matching import normalise
from index.embedding import Embedder
from qa.answer import Status
from qa.audit import keyed
from qa.masking import masked

UNANSWERED = (Status.NOT_IN_REPORT, Status.PARTIAL, Status.OUT_OF_SCOPE)
DISLIKED = "disliked"
ALIKE = 0.55  # cosine with the middle of a group from which on a question belongs to it; for the embedded model
_EXAMPLES = 5  # other wordings shown of a group


@dataclass(frozen=True)
class Gap:
    """Alike questions that went unanswered or were voted down.

    `questions` have their counts, the most frequent first; `why` counts statuses and DISLIKED; `last` is UTC.
    """

    count: int
    questions: tuple[tuple[str, int], ...]
    why: Mapping[str, int]
    reasons: tuple[str, ...]
    last: str

    def as_row(self) -> dict[str, str | int]:
        """One flat row for a spreadsheet."""
        others = "；".join(question for question, _ in self.questions[1 : _EXAMPLES + 1])
        why = {name: self.why.get(name, 0) for name in (*(status.value for status in UNANSWERED), DISLIKED)}
        row: dict[str, str | int] = {"count": self.count, "question": self.questions[0][0], "others": others}
        return {**row, **why, "reasons": "；".join(self.reasons), "last": self.last}


@dataclass(frozen=True)
class Gaps:
    """All groups, the most frequent first; `asked` questions in all, `unreadable` ones of them kept without text."""

    asked: int
    unreadable: int
    groups: tuple[Gap, ...]


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Read the bodies of the audit records, in order; `path` is their folder or the SQLite file itself.

    Raises:
        RunError: there are none, or they cannot be read.
    """
    for (body,) in _rows(
        path / "records.sqlite" if path.is_dir() else path, "SELECT body FROM records ORDER BY number"
    ):
        yield json.loads(body)


def read_dislikes(path: Path, audit: Path) -> dict[str, list[str]]:
    """Read the votes against answers: the digest that the audit records have of an answer → the reasons given.

    `audit` is the folder of the audit records: the digest is made under its key.

    Raises:
        RunError: the votes or the key cannot be read.
    """
    try:
        key = (audit / "key").read_bytes()
    except OSError as error:
        raise RunError(f"{audit / 'key'} cannot be read ({error.strerror}); name the folder of the records") from error
    dislikes: dict[str, list[str]] = {}
    for answer, reason in _rows(path, "SELECT answer, reason FROM feedback WHERE up = 0 ORDER BY rowid"):
        dislikes.setdefault(keyed(key, answer), []).append(reason)
    return dislikes


def find_gaps(
    bodies: Iterable[Mapping[str, Any]],
    embedder: Embedder,
    alike: float = ALIKE,
    dislikes: Mapping[str, Sequence[str]] | None = None,
) -> Gaps:
    """Group the questions of audit records that were not answered, or voted down.

    A question joins the group whose middle is nearest, if it is near enough, the most frequent questions first; else
    it begins one. What was typed is masked again, whoever wrote it. A follow-up stands behind the question that it
    follows.
    """
    asked = unreadable = 0
    counts: Counter[str] = Counter()
    wordings: dict[str, Counter[str]] = {}
    why: dict[str, Counter[str]] = {}
    reasons: dict[str, list[str]] = {}
    last: dict[str, str] = {}
    for body in bodies:
        if body.get("kind") != "ask":
            continue
        asked += 1
        against = (dislikes or {}).get(body["answer"])
        if body["status"] not in UNANSWERED and against is None:
            continue
        text = _typed(body)
        key = normalise(text)
        if not key:
            unreadable += 1
            continue
        counts[key] += 1
        wordings.setdefault(key, Counter())[text] += 1
        why.setdefault(key, Counter())[body["status"] if against is None else DISLIKED] += 1
        reasons.setdefault(key, []).extend(masked(reason) for reason in against or () if reason)
        last[key] = max(last.get(key, ""), body["time"])
    keys = sorted(counts, key=lambda key: (-counts[key], key))
    gaps = [
        Gap(
            count=sum(counts[key] for key in group),
            questions=tuple((_most_common(wordings[key]), counts[key]) for key in group),
            why=dict(sum((why[key] for key in group), Counter[str]())),
            reasons=tuple(dict.fromkeys(reason for key in group for reason in reasons[key])),
            last=max(last[key] for key in group),
        )
        for group in _groups(keys, [counts[key] for key in keys], embedder, alike)
    ]
    return Gaps(asked, unreadable, tuple(sorted(gaps, key=lambda gap: (-gap.count, gap.questions[0][0]))))


def _rows(path: Path, query: str) -> Iterator[tuple[Any, ...]]:
    if not path.is_file():
        raise RunError(f"{path} does not exist; name what QINGWEN_AUDIT or QINGWEN_FEEDBACK names")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as rows:
            yield from rows.execute(query)
    except sqlite3.Error as error:
        raise RunError(f"{path} is not such a file: {error}") from error


def _typed(body: Mapping[str, Any]) -> str:
    text = body.get("text")
    if not isinstance(text, dict):
        return ""
    talk: list[dict[str, Any]] = text.get("conversation") or []
    before = f"{talk[-1]['standalone']} → " if talk else ""
    return masked(before + str(text["question"]).strip())


def _most_common(wordings: Counter[str]) -> str:
    return min(wordings, key=lambda wording: (-wordings[wording], wording))


def _groups(keys: Sequence[str], counts: Sequence[int], embedder: Embedder, alike: float) -> list[list[str]]:
    """Leader clustering (Hartigan 1975), in the order given; the middles are weighted by count."""
    groups: list[list[str]] = []
    if not keys:
        return groups
    vectors = embedder.embed_queries(list(keys))
    sums = np.zeros((len(keys), vectors.shape[1]))
    for key, count, vector in zip(keys, counts, vectors, strict=True):
        lengths = np.linalg.norm(sums[: len(groups)], axis=1)
        cosines = sums[: len(groups)] @ vector / np.where(lengths > 0, lengths, 1)
        nearest = int(np.argmax(cosines)) if groups else -1
        if nearest < 0 or cosines[nearest] < alike:
            nearest = len(groups)
            groups.append([])
        groups[nearest].append(key)
        sums[nearest] += count * vector
    return groups
