"""One question, from what was typed to the Answer. Read this file first."""

import hashlib
import time
from dataclasses import dataclass, replace

from index.embedding import load_embedder
from index.store import PassageIndex
from qa import prompts
from qa.answer import Answer, Status
from qa.answering import Answerer, ExtractiveAnswerer, Sought
from qa.asking import read_question, split_question
from qa.citing import cite
from qa.config import Settings
from qa.retrieval import Retriever
from qa.screening import clean, objection
from qa.suggesting import suggest


@dataclass(frozen=True)
class Parts:
    """What a question passes through; each part can be swapped."""

    settings: Settings
    index: PassageIndex
    retriever: Retriever
    answerer: Answerer

    @property
    def examples(self) -> tuple[str, ...]:
        """A few questions that the documents answer, for a newcomer to try."""
        return suggest(self.index, range(len(self.index)))


def load_parts(settings: Settings) -> Parts:
    """Open the index and load the models that the settings name.

    Raises:
        IndexMissingError, IndexDamagedError: there is no sound index in the folder.
        ModelNotFoundError: the sentence model cannot be loaded.
        ModelMismatchError: the index was built with another sentence model.
    """
    index = PassageIndex.open(settings.index)
    embedder = load_embedder(settings.embedder)
    index.check_model(embedder.name, embedder.digest)
    return Parts(settings, index, Retriever(index, embedder), ExtractiveAnswerer(index.words.idf))


def ask(question: str, parts: Parts) -> Answer:
    """Answer one question from the report, or say plainly that the report does not."""
    began = time.perf_counter()
    answer = Answer(
        id=hashlib.sha256(f"{parts.index.generation}\n{question}".encode()).hexdigest()[:16],
        question=question,
        standalone_question=clean(question),
        status=Status.ANSWERED,
        index=parts.index.generation,
        embedder=parts.retriever.embedder.name,
        answerer=parts.answerer.name,
    )
    reason = objection(question)
    if reason is not None:
        return replace(answer, status=Status.INVALID_INPUT, reason=reason, suggestions=parts.examples)
    asked = split_question(read_question(answer.standalone_question))
    sought = [Sought(one, parts.retriever.retrieve(one.question, parts.settings.retrieve_k)) for one in asked]
    retrieved = time.perf_counter()
    written = parts.answerer.write(sought)
    if not written.drafts:
        near = suggest(parts.index, [hit.passage.position for one in sought for hit in one.hits])
        return replace(answer, status=Status.NOT_IN_REPORT, reason=prompts.NOT_IN_REPORT, suggestions=near)
    sentences, citations = cite(written.drafts, parts.index)
    ended = time.perf_counter()
    timings = {"retrieve": retrieved - began, "answer": ended - retrieved, "total": ended - began}
    return replace(
        answer,
        status=Status.PARTIAL if written.missing else Status.ANSWERED,
        short=written.short,
        sentences=sentences,
        citations=citations,
        timings_ms={step: round(seconds * 1000, 2) for step, seconds in timings.items()},
    )
