"""A question → its extractive answer, or why there is none: what is made at once, with or without a language model."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.passage import Passage
from qa import prompts
from qa.answer import Answer, Status
from qa.answering import Sought, Written
from qa.answers.absence import absence, lacking
from qa.citing import Draft, cite
from qa.conversation import Conversation, Restated, restate
from qa.editions import side_by_side
from qa.grounding import ground
from qa.language.asking import read_question
from qa.questions.scope import is_far, refuse_outright, without_orders
from qa.questions.screening import clean, objection
from qa.questions.splitting import split_question

if TYPE_CHECKING:
    from qa.pipeline import Parts

NEAR = 5  # passages found for a question that say what else may be asked


@dataclass(frozen=True)
class Attempt:
    """How far a question came by itself: its extractive answer or refusal, and what that rests on.

    `open`: passages were found that may answer, and nothing forbids to write from them.
    """

    answer: Answer
    restated: Restated | None = None
    sought: Sequence[Sought] = ()
    drafts: Sequence[Draft] = ()
    open: bool = False

    @property
    def near(self) -> list[int]:
        """Positions of the passages that came nearest, for a refusal to offer questions from."""
        return [hit.passage.position for one in self.sought for hit in one.hits[:NEAR]]

    @property
    def passages(self) -> list[Passage]:
        """Those that the extractive answer cites, then those found, the best first."""
        hits = sorted((hit for one in self.sought for hit in one.hits), key=lambda hit: hit.rank)
        return list(dict.fromkeys([*(d.sources[0] for d in self.drafts), *(hit.passage for hit in hits)]))


def attempt(question: str, parts: "Parts", talk: Conversation) -> Attempt:
    """Screen what was typed, write it out in full, and answer it in the report's own sentences, or refuse it."""
    answer = Answer(
        id=hashlib.sha256(
            "\n".join((parts.index.generation, *parts.retriever.documents, question)).encode()
        ).hexdigest()[:16],
        question=question,
        standalone_question=clean(question),
        status=Status.ANSWERED,
        index=parts.index.generation,
        embedder=parts.retriever.embedder.name,
        answerer=parts.answerer.name,
    )
    reason = objection(question)
    if reason is not None:
        return Attempt(replace(answer, status=Status.INVALID_INPUT, reason=reason))
    typed = without_orders(parts.speller.correct(answer.standalone_question))
    reason = refuse_outright(typed) if typed else prompts.NO_ORDERS
    if reason is not None:
        return Attempt(replace(answer, status=Status.OUT_OF_SCOPE, reason=reason))
    return extract(answer, restate(typed, talk, lambda words: _found(words, parts)), parts)


def extract(answer: Answer, restated: Restated, parts: "Parts") -> Attempt:
    """Find passages for a question that stands alone, and answer it in the report's own sentences."""
    began = time.perf_counter()
    answer = replace(answer, standalone_question=restated.question)
    sought = _seek(restated, parts)
    retrieved = time.perf_counter()
    if not restated.follows and all(is_far(one.asked, one.hits, parts.retriever) for one in sought):
        return Attempt(replace(answer, status=Status.OUT_OF_SCOPE, reason=prompts.OUT_OF_SCOPE))
    written = parts.answerer.write(sought)
    asked = [one.asked for one in sought if one.asked not in written.missing] or [one.asked for one in sought]
    reason = absence(restated.question, asked, written.drafts, parts.retriever)
    if reason is not None:
        return Attempt(replace(answer, status=Status.NOT_IN_REPORT, reason=reason), restated, sought)
    written = side_by_side(
        sought, written, parts.retriever, lambda name, question: _ask_of(name, question, restated, parts)
    )
    shown, withheld = ground(written.drafts)
    nearest = [one.hits[0].passage.text for one in sought if one.hits]
    steps = {"retrieve": retrieved - began, "answer": time.perf_counter() - retrieved}
    if shown:
        sentences, citations = cite(shown, parts.index)
        answer = replace(
            answer,
            status=Status.PARTIAL if written.missing else Status.ANSWERED,
            reason=lacking(written.missing, nearest) if written.missing else None,
            short=written.short if not withheld or any((written.short or "") in d.text for d in shown) else None,
            sentences=sentences,
            citations=citations,
            timings_ms={step: ms(seconds) for step, seconds in steps.items()},
        )
    else:
        reason = prompts.NOT_IN_REPORT if written.drafts else lacking(asked, nearest)
        answer = replace(answer, status=Status.NOT_IN_REPORT, reason=reason)
    return Attempt(replace(answer, withheld=withheld), restated, sought, shown, open=True)


def _seek(restated: Restated, parts: "Parts") -> list[Sought]:
    """Find passages for each thing that a question asks."""
    sought: list[Sought] = []
    for one in split_question(read_question(restated.question)):
        hits = parts.retriever.retrieve(one.question, parts.settings.retrieve_k, restated.stays, restated.adds)
        hits = parts.reranker.rerank(one.question, hits) if parts.reranker else hits
        sought.append(Sought(replace(one, told=restated.told), hits, restated))
    return sought


def _ask_of(document: str, question: str, restated: Restated, parts: "Parts") -> tuple[Sequence[Sought], Written]:
    """What one document alone answers to a question: what was found in it, and what was made of that."""
    sought = _seek(replace(restated, question=question), parts.only([document]))
    return sought, parts.answerer.write(sought)


def _found(words: str, parts: "Parts") -> list[str]:
    return [hit.passage.text for hit in parts.retriever.retrieve(words, NEAR)]


def ms(seconds: float) -> float:
    """Seconds as milliseconds, as an answer's timings give them."""
    return round(seconds * 1000, 2)


def settle(answer: Answer, tried: Attempt, parts: "Parts") -> Answer:
    """The last answer, with questions to ask instead where there is none."""
    if answer.status in (Status.ANSWERED, Status.PARTIAL):
        return answer
    return replace(answer, suggestions=parts.suggest(tried.near, 3) or parts.examples[:3])
