"""Passages → the sentences of an answer. The extractive answerer speaks in the report's own words.

What it adds to the retriever's order is whether a passage holds the kind of thing that was asked for: a question for a
number of 台 is answered by the sentence with such a figure, not by the one with the most words in common.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.figures import Kind, read_figures, same_value
from index.lexical import normalise
from index.passage import Hit, Passage
from qa.asking import FIGURES, Ask, Asked, Wanted
from qa.citing import Draft
from qa.picking import Idf, Span, passage_weights, pick_clause, pick_figure, pick_name
from qa.wording import weigh


@dataclass(frozen=True)
class Sought:
    """One thing asked for and the passages found for it, best first."""

    asked: Asked
    hits: Sequence[Hit]


@dataclass(frozen=True)
class Written:
    """What an answerer made of the passages: sentences, and the short answer where the question asks for one thing.

    No drafts: the passages do not answer. `missing` are the things asked for to which they hold nothing.
    """

    drafts: tuple[Draft, ...] = ()
    short: str | None = None
    missing: tuple[Asked, ...] = ()


class Answerer(Protocol):
    """Writes the sentences of an answer from the passages found."""

    name: str

    def write(self, sought: Sequence[Sought]) -> Written:
        """Write the answer to everything sought, as short as it can be."""
        ...


@dataclass(frozen=True)
class _Candidate:
    passage: Passage
    score: float
    picks: tuple[Span | None, ...]


CANDIDATES = 8  # passages looked into for each thing asked
FITS = 0.12  # what a fully fitting figure adds to a passage's share of the best score; a name adds half as much
LACKS = 0.35  # what a passage without the kind of figure asked for loses
STATED = 0.1  # what a figure or quoted name that the question itself states adds where the passage has it
_EVERY = re.compile(
    r"都有|都是|整份|全文|通篇|前后|各自|名字里|名称里|带有?“|哪[几两二三四五六些]?[项件个处种]?(?:工作|事项|事|指标|方面|地方|领域)?(?:都|也)?(?:做到|达到|实现|提到|用到|是)"
)
_QUOTED = re.compile(r"[“‘「『\"]([^”’」』\"]{2,20})[”’」』\"]")
MOST_EVERY = 5  # passages that a question for every mention may get


class ExtractiveAnswerer:
    """Answers with the best sentence of the report, and with more where the question asks for more than one holds."""

    name = "extractive"

    def __init__(self, idf: Idf) -> None:
        self._idf = idf

    def write(self, sought: Sequence[Sought]) -> Written:
        """Choose one sentence for each thing asked, in reading order; a question for every mention gets them all."""
        passages: list[Passage] = []
        shorts: list[str] = []
        missing: list[Asked] = []
        for one in sought:
            every = _every_mention(one)
            if every:
                passages += every
                continue
            best = self._best(one)
            if best is None:
                missing.append(one.asked)
                continue
            passages.append(best.passage)
            shorts += (best.passage.text[span.start : span.end] for span in best.picks if span is not None)
        unique = sorted({p.position: p for p in passages}.values(), key=lambda p: p.position)
        short = "、".join(dict.fromkeys(shorts)) or None
        return Written(tuple(Draft(p.text, (p,)) for p in unique), short, tuple(missing))

    def _best(self, sought: Sought) -> _Candidate | None:
        candidates = [self._look_into(hit, sought) for hit in sought.hits[:CANDIDATES]]
        best = max(candidates, key=lambda c: (c.score, -c.passage.position), default=None)
        if best is None:
            return None
        asks = sought.asked.asks
        lacking = [ask for ask, pick in zip(asks, best.picks, strict=True) if pick is None and ask.wanted in FIGURES]
        return None if lacking and len(lacking) == len(asks) else best

    def _look_into(self, hit: Hit, sought: Sought) -> _Candidate:
        text, asked = hit.passage.text, sought.asked
        weights = passage_weights({t: w * self._idf(t) for t, w in weigh(asked.question).items()}, text)
        picks = tuple(_pick(ask, asked, text, weights) for ask in asked.asks)
        score = hit.score / max(sought.hits[0].score, 1e-6)
        for ask, pick in zip(asked.asks, picks, strict=True):
            if ask.wanted in FIGURES:
                score += FITS * min(pick.fit, 6.0) / 6.0 if pick is not None else -LACKS
            elif pick is not None:
                score += FITS / 2 * min(pick.fit, 4.0) / 4.0
        here = read_figures(text)
        for figure in asked.stated:
            if figure.kind is not Kind.DATE and any(same_value(figure, other) for other in here):
                score += STATED
        return _Candidate(hit.passage, score, picks)


def _pick(ask: Ask, asked: Asked, text: str, weights: dict[str, float]) -> Span | None:
    if ask.wanted in FIGURES:
        picked = pick_figure(ask, asked, text, weights)
        return picked[0] if picked else None
    if ask.wanted in (Wanted.NAME, Wanted.NAMES):
        return pick_name(ask, asked, text, weights)
    return pick_clause(text, weights) if ask.wanted is Wanted.YES_NO else None


def _every_mention(sought: Sought) -> list[Passage]:
    """The passages that hold the quoted words or the figure of a question for every mention; [] for other questions."""
    asked = sought.asked
    if asked.wanted not in (Wanted.NAME, Wanted.NAMES) or not _EVERY.search(asked.question):
        return []
    quoted = [normalise(match.group(1)) for match in _QUOTED.finditer(asked.question)]
    stated = [figure for figure in asked.stated if figure.kind is not Kind.DATE and figure.kind is not Kind.COUNT]
    if not quoted and not stated:
        return []
    found = [
        hit.passage
        for hit in sought.hits
        if all(words in normalise(hit.passage.text) for words in quoted)
        and all(any(same_value(f, other) for other in read_figures(hit.passage.text)) for f in stated)
    ]
    return found[:MOST_EVERY] if len(found) > 1 else []
