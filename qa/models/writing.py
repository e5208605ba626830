"""The extractive answer gives way to a language model's, sentence by sentence; imported only where there is a model."""

import logging
import threading
import time
from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from index.store import PassageIndex
from qa.answer import Answer
from qa.conversation import Conversation
from qa.errors import ModelFailedError
from qa.extracting import Attempt, extract, ms, settle
from qa.models.composing import Composed, LanguageModelAnswerer
from qa.models.replacing import conclude, fail, put_in_place
from qa.models.rewriting import rewrite

if TYPE_CHECKING:
    from qa.pipeline import Parts

log = logging.getLogger(__name__)


def write_over(
    tried: Attempt,
    parts: "Parts",
    writer: LanguageModelAnswerer,
    talk: Conversation,
    stop: threading.Event,
    began: float,
) -> Generator[Answer]:
    """Give what takes the place of an extractive answer that is open to be written over; the last is settled.

    `began` is the reading of `time.perf_counter` when the question came.
    """
    fallback = parts.settings.fallback is not None
    try:
        better = _rewritten(tried, parts, writer, talk, stop)
        if better is not None:
            tried = better
            yield tried.answer
        waited = time.perf_counter() - began
        question, passages = tried.answer.standalone_question, tried.passages[: parts.settings.keep_k]
        for composed in writer.write(question, passages, stop):
            answer = _in_place(tried, composed, writer, parts.index, waited)
            if composed.done:
                answer = settle(conclude(answer, tried.answer, composed, fallback, stop.is_set()), tried, parts)
            yield answer
    except ModelFailedError as failure:
        log.warning("no answer from the language model: %s", failure)
        yield settle(fail(tried.answer, failure, writer.name, fallback), tried, parts)


def _rewritten(
    tried: Attempt, parts: "Parts", writer: LanguageModelAnswerer, talk: Conversation, stop: threading.Event
) -> Attempt | None:
    """Try a follow-up again as the model writes it out; None where the rules' own writing out stands."""
    if tried.restated is None or not tried.restated.follows:
        return None
    question = rewrite(tried.restated.own, talk.turns, writer.model, stop)
    if question is None or question == tried.restated.question:
        return None
    better = extract(tried.answer, replace(tried.restated, question=question), parts)
    return better if better.open else None


def _in_place(
    tried: Attempt, composed: Composed, writer: LanguageModelAnswerer, index: PassageIndex, waited: float
) -> Answer:
    asked = [one.asked for one in tried.sought]
    answer = put_in_place(tried.answer, tried.drafts, asked, composed, index)
    timings = dict(answer.timings_ms)
    if composed.first_sentence is not None:
        timings["first_sentence"] = ms(waited + composed.first_sentence)
    if composed.tokens_per_s is not None:
        timings["tokens_per_s"] = round(composed.tokens_per_s, 2)
    return replace(answer, answerer=writer.name, timings_ms=timings)
