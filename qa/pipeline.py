"""One question, from what was typed to the Answer. Read this file first."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.embedding import load_embedder
from index.figures import read_figures
from index.store import PassageIndex
from qa import prompts
from qa.answer import Answer, Status, Withheld
from qa.answering import Answerer, ExtractiveAnswerer, Sought
from qa.arithmetic import default_weigher
from qa.asking import FIGURES, Asked, read_question, split_question
from qa.citing import Draft, cite
from qa.config import Settings
from qa.conversation import Conversation, standalone
from qa.grounding import ungrounded
from qa.retrieval import Retriever
from qa.scope import is_far, is_order, missing_place, missing_year, refuse_outright, without_orders
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
    return Parts(settings, index, Retriever(index, embedder), ExtractiveAnswerer(default_weigher(index.words.idf)))


def ask(question: str, parts: Parts, conversation: Conversation | None = None) -> Answer:
    """Answer one question from the reports, or say plainly that they do not."""
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
        return _refuse(answer, Status.INVALID_INPUT, reason, parts)
    typed = answer.standalone_question
    if is_order(typed):
        typed = without_orders(typed)
    reason = refuse_outright(typed) if typed else prompts.NO_ORDERS
    if reason is not None:
        return _refuse(answer, Status.OUT_OF_SCOPE, reason, parts)
    conversation = conversation or Conversation()
    nearby = [hit.passage.text for hit in parts.retriever.retrieve(typed, 5)] if conversation.turns else []
    answer = replace(answer, standalone_question=standalone(typed, conversation, nearby))
    told = tuple(f for turn in conversation.turns for f in read_figures(turn.short or ""))
    asked = [replace(one, told=told) for one in split_question(read_question(answer.standalone_question))]
    followed = answer.standalone_question != typed
    stays = conversation.turns[-1].passages if followed and conversation.turns else ()
    sought = [Sought(one, parts.retriever.retrieve(one.question, parts.settings.retrieve_k, stays)) for one in asked]
    retrieved = time.perf_counter()
    if not followed and all(is_far(one.asked, list(one.hits), parts.retriever) for one in sought):
        return _refuse(answer, Status.OUT_OF_SCOPE, prompts.OUT_OF_SCOPE, parts)
    written = parts.answerer.write(sought)
    reason = _absence(answer.standalone_question, asked, written.drafts, parts)
    if reason is not None:
        near = [hit.passage.position for one in sought for hit in one.hits[:5]]
        return _refuse(answer, Status.NOT_IN_REPORT, reason, parts, near)
    shown, withheld = _ground(written.drafts)
    sentences, citations = cite(shown, parts.index)
    ended = time.perf_counter()
    timings = {"retrieve": retrieved - began, "answer": ended - retrieved, "total": ended - began}
    return replace(
        answer,
        status=Status.PARTIAL if written.missing else Status.ANSWERED,
        reason=_lacking(written.missing) if written.missing else None,
        short=written.short,
        sentences=sentences,
        citations=citations,
        withheld=withheld,
        timings_ms={step: round(seconds * 1000, 2) for step, seconds in timings.items()},
    )


def _absence(question: str, asked: Sequence[Asked], drafts: Sequence[Draft], parts: Parts) -> str | None:
    """Say why the reports do not answer: another place, another year, no such figure; None where they do."""
    names = parts.index.document_names
    place = missing_place(question, "".join(parts.index.report(name).text for name in names))
    if place is not None:
        return prompts.NO_PLACE.format(place=place)
    for one in asked:
        for draft in drafts:
            source = draft.sources[0]
            year = missing_year(one, source, parts.index.report(source.document))
            if year is not None:
                return prompts.NO_YEAR.format(year=year)
    return None if drafts else _lacking(asked)


def _lacking(asked: Sequence[Asked]) -> str:
    wanted = next((a.wanted for one in asked for a in one.asks if a.wanted in FIGURES), None)
    return prompts.NO_FIGURE.format(wanted=prompts.WANTED[wanted.value]) if wanted else prompts.NOT_IN_REPORT


def _ground(drafts: Sequence[Draft]) -> tuple[list[Draft], tuple[Withheld, ...]]:
    """Part what its sources hold from what they do not."""
    shown: list[Draft] = []
    withheld: list[Withheld] = []
    for draft in drafts:
        wrong = ungrounded(draft.text, [source.text for source in draft.sources])
        if wrong:
            withheld.append(Withheld(draft.text, prompts.UNGROUNDED.format(wrong="、".join(wrong))))
        else:
            shown.append(draft)
    return shown, tuple(withheld)


def _refuse(answer: Answer, status: Status, reason: str, parts: Parts, near: Sequence[int] = ()) -> Answer:
    suggestions = suggest(parts.index, near or range(len(parts.index)), 3)
    return replace(answer, status=status, reason=reason, suggestions=suggestions)
