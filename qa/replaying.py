"""An audit record asked again: does the same come out, and if not, what changed?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.errors import IndexMissingError, ModelMismatchError
from qa import prompts
from qa.answer import Answer
from qa.audit import BEARING, AuditLog, Record, cited, code_version, status_of
from qa.conversation import Conversation
from qa.errors import AuditError
from qa.pipeline import Parts, ask, load_parts

if TYPE_CHECKING:
    from qa.checking import Verdict
    from qa.config import Settings


@dataclass(frozen=True)
class Change:
    """Something that is not what it was; `what` is a key of prompts.REPLAY_WHAT. Digests are not shown: None."""

    what: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class Replay:
    """What a replay gave: `came_out` is what differs in the outcome, `made_by` in what made it."""

    number: int
    came_out: tuple[Change, ...]
    made_by: tuple[Change, ...]

    @property
    def same(self) -> bool:
        """Whether the outcome is word for word what it was, with the same citations."""
        return not self.came_out

    def as_text(self) -> str:
        """Say it in Chinese, a line a change."""
        lines = [(prompts.REPLAY_SAME if self.same else prompts.REPLAY_OTHER).format(number=self.number)]
        for change in (*self.came_out, *self.made_by):
            what = prompts.REPLAY_WHAT[change.what]
            if change.before is None:
                lines.append(f"  {what}")
            else:
                lines.append(prompts.REPLAY_CHANGE.format(what=what, before=change.before, after=change.after))
        return "\n".join(lines)


def replay(reference: str, settings: "Settings", text: str | None = None) -> Replay:
    """Ask again what a record was made of, with its settings and on its generation of the index where that is kept.

    Args:
        reference: The number of a record, or the id of an Answer.
        settings: Name the folders of index and audit records; what bears on answers is taken from the record.
        text: What was typed, where the record does not hold it.

    Raises:
        AuditError: no such record, or its text (with the talk before it) is not known.
        IndexMissingError, ModelNotFoundError, …: as `load_parts`.
    """
    log = AuditLog(settings)
    record = log.find(reference)
    question, talk = _asked(log, record, text)
    kept = {name: value for name, value in record.body["settings"].items() if name in BEARING}
    parts = _open(settings.model_copy(update=kept), record.body["generation"]).only(record.body.get("documents", ()))
    made: Answer | Sequence[Verdict]
    if record.body["kind"] == "ask":
        made = ask(question, parts, talk)
    elif record.body["kind"] == "claim":
        made = [parts.checker.check_claim(question)]
    else:
        made = parts.checker.check(question)
    return Replay(record.number, _came_out(log, record, made), _made_by(record, made, parts))


def _asked(log: AuditLog, record: Record, text: str | None) -> tuple[str, Conversation]:
    body, number = record.body, record.number
    if body["kind"] not in ("ask", "check", "claim"):
        why = prompts.REPLAY_PRUNING if body["kind"] == "prune" else prompts.REPLAY_CHANGED
        raise AuditError(why.format(number=number))
    kept = log.readable(record)
    if text is None and kept is None:
        why = prompts.REPLAY_MASKED if "text" in body else prompts.REPLAY_NEEDS_TEXT
        raise AuditError(why.format(number=number))
    if text is not None and not log.is_text(record, text):
        raise AuditError(prompts.REPLAY_OTHER_TEXT.format(number=number))
    if kept is not None:
        return kept
    if body.get("conversation"):
        raise AuditError(prompts.REPLAY_NO_TALK.format(number=number))
    return text or "", Conversation()


def _open(settings: "Settings", generation: str) -> Parts:
    try:
        return load_parts(settings, generation)
    except (IndexMissingError, ModelMismatchError):
        return load_parts(settings)


def _came_out(log: AuditLog, record: Record, made: "Answer | Sequence[Verdict]") -> tuple[Change, ...]:
    body = record.body
    status, now = status_of(made), {"cited": cited(made), **log.outcome(made)}
    told = [Change(what) for what in ("words", "cited", "rest") if now[what] != body[what]]
    return (*([Change("status", body["status"], status)] if status != body["status"] else ()), *told)


def _made_by(record: Record, made: "Answer | Sequence[Verdict]", parts: Parts) -> tuple[Change, ...]:
    before: dict[str, Any] = {
        "index": record.body["generation"],
        **{name: record.body[name] for name in ("embedder", "answerer", "code")},
    }
    now = {
        "index": parts.index.generation,
        "embedder": parts.retriever.embedder.name,
        "answerer": made.answerer if isinstance(made, Answer) else None,
        "code": code_version(),
    }
    changes = [Change(name, str(before[name]), str(now[name])) for name in before if before[name] != now[name]]
    dropped = {name: value for name, value in record.body["settings"].items() if name not in BEARING}
    return (*changes, *(Change("settings", f"{name}={value}", "—") for name, value in dropped.items()))
