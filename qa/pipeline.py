"""One question, from what was typed to the Answer. Read this file first.

    stream    the extractive answer at once; with a language model, its sentences in place of it as they are verified
    ask       the last of these

What is made at once stands in extracting.py, how a language model's sentences take its place in writing.py.
"""

import threading
import time
from bisect import bisect_left
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from index.embedding import load_embedder
from index.store import PassageIndex
from qa.answer import Answer
from qa.answering import Answerer, ExtractiveAnswerer
from qa.config import Settings
from qa.conversation import Conversation
from qa.extracting import attempt, ms, settle
from qa.questions.spelling import Speller
from qa.retrieval import Retriever
from qa.suggesting import suggest

if TYPE_CHECKING:
    from qa.audit import AuditLog
    from qa.checking import Checker
    from qa.models.composing import LanguageModelAnswerer
    from qa.reranking import Reranker

_SPREAD = 500  # passages that the examples are taken from


@dataclass(frozen=True)
class Parts:
    """What a question passes through; each part can be swapped."""

    settings: Settings
    index: PassageIndex
    speller: Speller
    retriever: Retriever
    answerer: Answerer
    reranker: "Reranker | None" = None
    writer: "LanguageModelAnswerer | None" = None

    @cached_property
    def examples(self) -> tuple[str, ...]:
        """A few questions that the documents answer, from all over them, for a newcomer to try."""
        positions = map(int, self.retriever.positions[:_SPREAD])
        spread = sorted(positions, key=lambda position: (position % 7, position))
        return self.suggest(spread, 4)

    def suggest(self, positions: Iterable[int], most: int) -> tuple[str, ...]:
        """Questions that the passages at some positions answer."""
        return suggest(self.index, positions, lambda question: attempt(question, self, Conversation()).answer, most)

    def suggest_from(self, document: str, start: int, end: int, most: int) -> tuple[str, ...]:
        """Questions that the passages answer which begin in [start, end) of a document."""
        order = {name: number for number, name in enumerate(self.index.document_names)}

        def place(position: int) -> tuple[int, int]:
            passage = self.index.passage(position)
            return order[passage.document], passage.start

        everywhere = range(len(self.index))
        first = bisect_left(everywhere, (order[document], start), key=place)
        return self.suggest(range(first, bisect_left(everywhere, (order[document], end), first, key=place)), most)

    @cached_property
    def checker(self) -> "Checker":
        """What judges claims by the same reports."""
        from qa.checking import Checker

        return Checker(self.index, self.retriever)

    @cached_property
    def audit(self) -> "AuditLog | None":
        """Where answers and checks are recorded; None where the settings name no folder."""
        if self.settings.audit is None:
            return None
        from qa.audit import AuditLog

        return AuditLog(self.settings)

    def over(self, index: PassageIndex) -> "Parts":
        """The same models, answering from another index.

        Raises:
            ModelMismatchError: the index was built with another sentence model.
        """
        embedder = self.retriever.embedder
        index.check_model(embedder.name, embedder.digest)
        writer = self.writer and self.writer.over(index)
        retriever, extractive = Retriever(index, embedder), ExtractiveAnswerer(index, embedder)
        return Parts(self.settings, index, Speller(index), retriever, extractive, self.reranker, writer)

    def only(self, documents: Sequence[str]) -> "Parts":
        """The same, answering from some of the reports alone; none: as they are.

        Raises:
            UnknownReportError: one of them is not in the index.
        """
        return replace(self, retriever=self.retriever.only(documents)) if documents else self

    def without_model(self) -> "Parts":
        """The same, answering in the report's own sentences alone."""
        return replace(self, writer=None)


def load_parts(settings: Settings, generation: str | None = None) -> Parts:
    """Open the index and the models that the settings name; a language model is loaded when first needed.

    `generation` names one of the index that is still kept; None is the one in force.

    Raises:
        IndexMissingError, IndexDamagedError: there is no sound index in the folder.
        ModelNotFoundError: the sentence model cannot be loaded.
        ModelMismatchError: the index was built with another sentence model.
        SettingsError: the name of a language model is not one.
    """
    index = PassageIndex.open(settings.index, generation)
    embedder = load_embedder(settings.embedder)
    index.check_model(embedder.name, embedder.digest)
    retriever, extractive = Retriever(index, embedder), ExtractiveAnswerer(index, embedder)
    parts = Parts(settings, index, Speller(index), retriever, extractive)
    if settings.reranker:
        from qa.reranking import load_reranker

        parts = replace(parts, reranker=load_reranker(settings.reranker))
    if settings.answerer not in (None, extractive.name):
        from qa.llm import load_model
        from qa.models.composing import LanguageModelAnswerer

        model = load_model(settings.answerer, key=settings.api_key)
        parts = replace(parts, writer=LanguageModelAnswerer(model, index, settings.max_tokens))
    return parts


def ask(question: str, parts: Parts, conversation: Conversation | None = None) -> Answer:
    """Answer one question from the reports, or say plainly that they do not and offer questions that they answer."""
    *_, answer = stream(question, parts, conversation)
    return answer


def stream(
    question: str, parts: Parts, conversation: Conversation | None = None, stop: threading.Event | None = None
) -> Generator[Answer]:
    """Answer one question, and better with every Answer: each takes the place of the one before.

    Without a language model there is one. With one the first is the extractive answer, and says so (`answerer`); then
    comes the model's, sentence by sentence, each cited and grounded before it is shown. Once `stop` is set the last
    follows within a second: what was verified so far, or the extractive answer where that is nothing.
    """
    began = time.perf_counter()
    question = question.encode("utf-8", "replace").decode()  # half a character would stop whoever prints the answer
    with closing(_answers(question, parts, conversation or Conversation(), stop or threading.Event())) as answers:
        for answer in answers:
            yield replace(answer, timings_ms={**answer.timings_ms, "total": ms(time.perf_counter() - began)})


def _answers(question: str, parts: Parts, talk: Conversation, stop: threading.Event) -> Generator[Answer]:
    began = time.perf_counter()
    tried = attempt(question, parts, talk)
    if parts.writer is None or not tried.open:
        yield settle(tried.answer, tried, parts)
        return
    yield tried.answer
    from qa.models.writing import (
        write_over,  # and all that only a language model needs, a tenth of a question's imports
    )

    yield from write_over(tried, parts, parts.writer, talk, stop, began)
