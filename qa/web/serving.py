"""What page and HTTP share: the index in force, and the talk that a caller's earlier questions make.

A new generation of the index is picked up between two questions; an answer under way stays on the one it began with.
Knows nothing of HTTP.
"""

import logging
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from index.errors import QingwenError
from index.store import PassageIndex, current_generation
from qa.answer import Answer
from qa.checking import Verdict
from qa.config import Settings
from qa.conversation import MOST_TURNS, Conversation
from qa.pipeline import Parts, ask, load_parts, stream
from qa.web.selftest import self_test

log = logging.getLogger(__name__)

_TALKS = 1024  # talks remembered, so that a follow-up does not ask all its earlier questions again


@dataclass(frozen=True)
class Health:
    """Whether it may be asked, and why not.

    `index` is the generation that answers; `refused` the one in force where that is damaged and the one before still
    answers; `failed` the questions of the self-test that were not answered as they must be; `closing`: it is ending.
    """

    ready: bool
    index: str
    refused: str
    failed: tuple[str, ...]
    closing: bool


class Service:
    """Answers many callers at once from the index in force."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.closing = False
        self._under_way: set[threading.Event] = set()
        self._under_way_lock = threading.Lock()
        self._failed: tuple[str, ...] | None = None
        self._parts = load_parts(settings)
        self._renewing = threading.Lock()
        self._refused = ""
        self._known_talk = lru_cache(maxsize=_TALKS)(_talk)

    def test(self) -> None:
        """Run the self-test; until it has passed, `health` says not ready."""
        self._failed = self_test(self._parts)
        for question in self._failed:
            log.error("the self-test failed: %s", question)

    @property
    def parts(self) -> Parts:
        """What answers the next question: the generation in force, or the last sound one where that is damaged."""
        if self._renewing.acquire(blocking=False):
            try:
                self._renew()
            finally:
                self._renewing.release()
        return self._parts

    @property
    def refused(self) -> str:
        """Name the generation in force where it could not be opened, so that the one before still answers; else ''."""
        return self._refused

    def talk(self, earlier: Sequence[str], parts: Parts) -> Conversation:
        """Give the talk that a caller's earlier questions make, oldest first; only the last few count.

        They are answered anew in the report's own sentences, which takes milliseconds: nothing of a talk is kept
        between two calls, and any replica can answer the next one.
        """
        latest = tuple(earlier[-MOST_TURNS:])
        return self._known_talk(latest, parts) if latest else Conversation()

    @contextmanager
    def asking(self) -> Generator[threading.Event]:
        """Give what stops one answer: set when the caller goes away, or when the program ends."""
        stop = threading.Event()
        with self._under_way_lock:
            self._under_way.add(stop)
        if self.closing:
            stop.set()
        try:
            yield stop
        finally:
            stop.set()
            with self._under_way_lock:
                self._under_way.discard(stop)

    def close(self) -> None:
        """Let the answers that are still being written end, with what was verified of them; ready no more."""
        self.closing = True
        with self._under_way_lock:
            for stop in self._under_way:
                stop.set()

    def ask(self, question: str, earlier: Sequence[str] = (), documents: Sequence[str] = ()) -> Answer:
        """Answer one question; see `stream`."""
        *_, answer = self.stream(question, earlier, threading.Event(), documents)
        return answer

    def stream(
        self, question: str, earlier: Sequence[str], stop: threading.Event, documents: Sequence[str] = ()
    ) -> Generator[Answer]:
        """Answer one question as it grows, see `qa.pipeline.stream`; the last Answer goes into the audit records.

        `documents` are the reports that it is kept to, the talk before it too; none: all.

        Raises:
            UnknownReportError: one of them is not in the index.
        """
        parts = self.parts.only(documents)
        talk = self.talk(earlier, parts)
        answer = None
        for answer in stream(question, parts, talk, stop):
            yield answer
        if parts.audit and answer is not None:
            parts.audit.record_answer(answer, talk, documents)

    def check(self, text: str, documents: Sequence[str] = ()) -> tuple[Verdict, ...]:
        """Check every claim of a text, see `qa.checking`; what came of it goes into the audit records.

        `documents` are the reports that it is held against; none: all.

        Raises:
            UnknownReportError: one of them is not in the index.
        """
        parts = self.parts.only(documents)
        verdicts = parts.checker.check(text)
        if parts.audit:
            parts.audit.record_check(text, verdicts, parts)
        return verdicts

    def health(self) -> Health:
        """Say whether everything that an answer needs is there and works."""
        failed, parts = self._failed, self.parts
        ready = failed == () and not self.closing
        return Health(ready, parts.index.generation, self._refused, failed or (), self.closing)

    def _renew(self) -> None:
        try:
            name = current_generation(self.settings.index)
        except QingwenError as error:
            name = str(error)
        if name in (self._parts.index.generation, self._refused):
            return
        try:
            self._parts, self._refused = self._parts.over(PassageIndex.open(self.settings.index)), ""
            self._known_talk.cache_clear()
        except QingwenError:
            log.exception("%s stays in force: the generation after it cannot be opened", self._parts.index.generation)
            self._refused = name


def _talk(earlier: tuple[str, ...], parts: Parts) -> Conversation:
    talk = Conversation()
    for question in earlier:
        talk = talk.after(ask(question, parts.without_model(), talk))
    return talk
