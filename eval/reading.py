"""Retrieval on a reading set: question → its paragraph among all, question → the sentence with its answer among all.

A reading set is JSON lines, one paragraph each:

    {"id": "…", "title": "…", "text": "…",
     "questions": [{"question": "…", "answers": ["…", …], "starts": [12, …]}, …]}

`starts` are the character positions of the answers in `text`, -1 where unknown. SQuAD-like sets (CMRC 2018, DRCD,
DuReader) convert to it line by line.

Every paragraph becomes a report of one paragraph, indexed as any report is. Three rankings are measured, all made by
the parts that answer questions: words alone, meaning alone, and both fused. A paragraph ranks as its best sentence
does, but for words alone, where its own BM25 is the stronger rival.
"""

import json
import tempfile
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from eval.errors import GoldError
from eval.intervals import interval
from eval.ranking import mean, reciprocal_rank, success_at_k
from index.build import Track, build_reports, untracked
from index.embedding import Embedder
from index.passage import Paragraph, Report
from index.store import PassageIndex
from qa.language.wording import weigh
from qa.retrieval import DEPTH, Retriever

CUT = 10  # items kept of a ranking: no figure looks deeper

Order = NDArray[np.int64]
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class ReadingQuestion:
    """A question on a paragraph; `starts` are the characters where its accepted answers begin, as far as known."""

    question: str
    answers: tuple[str, ...]
    starts: tuple[int, ...]


@dataclass(frozen=True)
class ReadingParagraph:
    """One line of a reading set."""

    paragraph_id: str
    title: str
    text: str
    questions: tuple[ReadingQuestion, ...]


@dataclass(frozen=True)
class Figure:
    """A mean over questions with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ReadingResult:
    """What was measured on how much, and `figures[task][ranking][metric]`.

    Tasks are paragraphs and sentences, rankings are words, meaning and hybrid, metrics Success@1, Success@5, MRR@10.
    A question has one relevant paragraph, so Success@k is Recall@k there; it may have several relevant sentences, one
    for each place where an accepted answer was marked, and any of them will do. `placed` counts the questions with a
    known place: sentences are measured on those alone.
    """

    name: str
    embedder: str
    paragraphs: int
    sentences: int
    questions: int
    placed: int
    figures: dict[str, dict[str, dict[str, Figure]]]


def read_reading_set(path: Path) -> list[ReadingParagraph]:
    """Read a reading set, in the order of the file. A start that is not known is looked for in the text.

    Raises:
        GoldError: a line is not in the format; the message names file, line and field.
    """
    paragraphs: list[ReadingParagraph] = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            where = f"{path}, line {number}"
            try:
                fields = json.loads(line)
            except ValueError as error:
                raise GoldError(f"{where} is not JSON: {error}") from error
            text = _field(fields, "text", str, where)
            paragraphs.append(
                ReadingParagraph(
                    _field(fields, "id", str, where),
                    _field(fields, "title", str, where),
                    text,
                    tuple(_question(q, text, where) for q in _field(fields, "questions", list, where)),
                )
            )
    if not any(paragraph.questions for paragraph in paragraphs):
        raise GoldError(f"{path} holds no question")
    return paragraphs


def measure_reading(
    name: str, paragraphs: Sequence[ReadingParagraph], embedder: Embedder, every: int = 1, track: Track = untracked
) -> ReadingResult:
    """Index the paragraphs in a temporary folder and rank them for every `every`-th question, the first included."""
    reports = [
        Report(p.paragraph_id, p.title or p.paragraph_id, p.text, (), (Paragraph(0, len(p.text), ()),))
        for p in paragraphs
    ]
    with tempfile.TemporaryDirectory() as folder:
        build_reports(reports, Path(folder), embedder, track)
        retriever = Retriever(PassageIndex.open(Path(folder)), embedder)
        sentences = len(retriever.index)
        asked = [(number, q) for number, p in enumerate(paragraphs) for q in p.questions][::every]
        starts = [(passage.paragraph, passage.start) for passage in map(retriever.index.passage, range(sentences))]
        # Relevant are the number of a question's paragraph and the positions of the sentences with its answers.
        qrels: dict[str, dict[str, dict[str, int]]] = {"paragraphs": {}, "sentences": {}}
        runs: dict[str, dict[str, dict[str, dict[str, float]]]] = {task: {} for task in qrels}
        for at, (number, question) in enumerate(track(asked, "检索 retrieving")):
            qrels["paragraphs"][str(at)] = {str(number): 1}
            if question.starts:
                qrels["sentences"][str(at)] = {str(bisect(starts, (number, s)) - 1): 1 for s in question.starts}
            for ranking, (passages, numbers) in rank(question.question, retriever).items():
                runs["sentences"].setdefault(ranking, {})[str(at)] = _falling(passages)
                runs["paragraphs"].setdefault(ranking, {})[str(at)] = _falling(numbers)
        return ReadingResult(
            name=name,
            embedder=embedder.name,
            paragraphs=len(paragraphs),
            sentences=sentences,
            questions=len(asked),
            placed=len(qrels["sentences"]),
            figures={
                task: {ranking: _figures(qrels[task], run) for ranking, run in rankings.items()}
                for task, rankings in runs.items()
                if qrels[task]
            },
        )


def rank(question: str, retriever: Retriever) -> dict[str, tuple[Order, Order]]:
    """Rank sentences (by position) and paragraphs (by number) for a question, best first, in three ways."""
    index = retriever.index
    words = _best_first(retriever.word_scores(question))
    query = retriever.question_vector(question)
    nearest = np.sort(index.nearest(query, DEPTH))
    meaning = nearest[_best_first(index.cosines(query, nearest))]
    positions, scores = retriever.candidates(question)
    hybrid = positions[_best_first(scores)]
    return {
        "words": (words[:CUT], _best_first(index.paragraph_words.scores(weigh(question)))[:CUT]),
        "meaning": (meaning[:CUT], _paragraphs_of(meaning, index)),
        "hybrid": (hybrid[:CUT], _paragraphs_of(hybrid, index)),
    }


def _figures(qrels: dict[str, dict[str, int]], run: dict[str, dict[str, float]]) -> dict[str, Figure]:
    metrics = {
        "Success@1": success_at_k(qrels, run, 1),
        "Success@5": success_at_k(qrels, run, 5),
        "MRR@10": reciprocal_rank(qrels, run, 10),
    }
    return {metric: Figure(mean(values), *interval(list(values.values()))) for metric, values in metrics.items()}


def _best_first(scores: NDArray[np.float32]) -> Order:
    """The places of the scores, highest first, equal ones in reading order, as the retriever has it."""
    return np.argsort(-scores, kind="stable")


def _paragraphs_of(sentences: Order, index: PassageIndex) -> Order:
    """The first paragraphs that a ranking of sentences comes to, each once."""
    paragraphs = index.paragraph_of[sentences]
    return paragraphs[np.sort(np.unique(paragraphs, return_index=True)[1])][:CUT]


def _falling(order: Order) -> dict[str, float]:
    """A ranking as scores that fall with the rank, so that ties stay as they were settled."""
    return {str(item): -float(rank) for rank, item in enumerate(order)}


def _question(fields: object, text: str, where: str) -> ReadingQuestion:
    answers = _field(fields, "answers", list, where)
    starts = _field(fields, "starts", list, where)
    if len(answers) != len(starts):
        raise GoldError(f"{where}: {len(answers)} answers but {len(starts)} starts")
    found = (at if at >= 0 else text.find(answer) for answer, at in zip(answers, starts, strict=True))
    places = tuple(dict.fromkeys(at for at in found if at >= 0))
    return ReadingQuestion(_field(fields, "question", str, where), tuple(answers), places)


def _field(fields: object, name: str, kind: type[Kind], where: str) -> Kind:
    value: object = cast(dict[str, object], fields).get(name) if isinstance(fields, dict) else None
    if not isinstance(value, kind):
        raise GoldError(f"{where}: field {name!r} is {value!r}, not {kind.__name__}")
    return value
