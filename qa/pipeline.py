"""One question, from what was typed to the Answer. Read this file first."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from index.embedding import load_embedder
from index.store import PassageIndex
from qa import prompts
from qa.answer import Answer, Status, Withheld
from qa.answering import Answerer, ExtractiveAnswerer, Sought
from qa.asking import FIGURES, Asked, read_question, split_question
from qa.citing import Draft, cite
from qa.config import Settings
from qa.conversation import Conversation, restate
from qa.grounding import ungrounded
from qa.retrieval import Retriever
from qa.scope import is_far, missing_place, missing_year, refuse_outright, without_orders
from qa.screening import clean, objection
from qa.spelling import Speller
from qa.suggesting import suggest


@dataclass(frozen=True)
class Parts:
    """What a question passes through; each part can be swapped."""

    settings: Settings
    index: PassageIndex
    speller: Speller
    retriever: Retriever
    answerer: Answerer

    @cached_property
    def examples(self) -> tuple[str, ...]:
        """A few questions that the documents answer, from all over them, for a newcomer to try."""
        spread = sorted(range(min(len(self.index), _SPREAD)), key=lambda position: (position % 7, position))
        return suggest(self.index, spread, lambda question: _attempt(question, self, Conversation())[0], 4)


_SPREAD = 500  # passages that the examples are taken from
_NEAR = 5  # passages found for a question that a refusal offers questions from


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
    return Parts(settings, index, Speller(index), Retriever(index, embedder), ExtractiveAnswerer(index, embedder))


def ask(question: str, parts: Parts, conversation: Conversation | None = None) -> Answer:
    """Answer one question from the reports, or say plainly that they do not and offer questions that they answer."""
    began = time.perf_counter()
    question = question.encode("utf-8", "replace").decode()  # half a character would stop whoever prints the answer
    answer, near = _attempt(question, parts, conversation or Conversation())
    if answer.status not in (Status.ANSWERED, Status.PARTIAL):
        offered = suggest(parts.index, near, lambda other: _attempt(other, parts, Conversation())[0], 3)
        answer = replace(answer, suggestions=offered or parts.examples[:3])
    total = round((time.perf_counter() - began) * 1000, 2)
    return replace(answer, timings_ms={**answer.timings_ms, "total": total})


def _attempt(question: str, parts: Parts, conversation: Conversation) -> tuple[Answer, list[int]]:
    """The answer or refusal, and the positions of the passages that came nearest."""
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
        return replace(answer, status=Status.INVALID_INPUT, reason=reason), []
    typed = without_orders(parts.speller.correct(answer.standalone_question))
    reason = refuse_outright(typed) if typed else prompts.NO_ORDERS
    if reason is not None:
        return replace(answer, status=Status.OUT_OF_SCOPE, reason=reason), []
    restated = restate(typed, conversation, lambda words: _found(words, parts))
    answer = replace(answer, standalone_question=restated.question)

    began = time.perf_counter()
    retrieve, k = parts.retriever.retrieve, parts.settings.retrieve_k
    sought = [
        Sought(replace(one, told=restated.told), retrieve(one.question, k, restated.stays, restated.own))
        for one in split_question(read_question(restated.question))
    ]
    retrieved = time.perf_counter()
    near = [hit.passage.position for one in sought for hit in one.hits[:_NEAR]]
    if not restated.follows and all(is_far(one.asked, one.hits, parts.retriever) for one in sought):
        return replace(answer, status=Status.OUT_OF_SCOPE, reason=prompts.OUT_OF_SCOPE), []
    written = parts.answerer.write(sought)
    reason = _absence(answer.standalone_question, [one.asked for one in sought], written.drafts, parts.index)
    if reason is not None:
        return replace(answer, status=Status.NOT_IN_REPORT, reason=reason), near
    shown, withheld = _ground(written.drafts)
    if not shown:
        return replace(answer, status=Status.NOT_IN_REPORT, reason=prompts.NOT_IN_REPORT, withheld=withheld), near
    sentences, citations = cite(shown, parts.index)
    steps = {"retrieve": retrieved - began, "answer": time.perf_counter() - retrieved}
    answer = replace(
        answer,
        status=Status.PARTIAL if written.missing else Status.ANSWERED,
        reason=_lacking(written.missing) if written.missing else None,
        short=written.short if not withheld or any((written.short or "") in d.text for d in shown) else None,
        sentences=sentences,
        citations=citations,
        withheld=withheld,
        timings_ms={step: round(seconds * 1000, 2) for step, seconds in steps.items()},
    )
    return answer, near


def _found(words: str, parts: Parts) -> list[str]:
    return [hit.passage.text for hit in parts.retriever.retrieve(words, _NEAR)]


def _absence(question: str, asked: Sequence[Asked], drafts: Sequence[Draft], index: PassageIndex) -> str | None:
    """Why the reports do not answer: another place, another year, no such figure; None where they do."""
    place = missing_place(question, index.mentions)
    if place is not None:
        return prompts.NO_PLACE.format(place=place)
    for one in asked:
        sources = [draft.sources[0] for draft in drafts]
        years = [missing_year(one, source, index.report(source.document)) for source in sources]
        if years and all(years):
            return prompts.NO_YEAR.format(year=years[0])
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
