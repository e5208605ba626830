"""Learn how well a figure answers what is asked for: the weights of qa/fitting.tsv, from gold sets.

Along the program's own path: every figure that the answerer may pick for a question is a candidate with its features
(`qa.fitting`); those that say what the gold set asks for, in a sentence of its evidence, are right. A conditional logit
(McFadden 1974) over the candidates of a question and "none of them", with a ridge penalty on standardised features.
Gold sets differ by author and report, so the figures to quote are those of `held_out`: each set tried with what was
learned from the others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from eval.gold import GoldQuestion, GoldSet, Span
from eval.matching import groups_found
from index.figures import LedgerEntry
from index.passage import Passage
from qa.answering import ExtractiveAnswerer
from qa.asking import FIGURES
from qa.conversation import Conversation
from qa.extracting import Attempt, attempt
from qa.fitting import Features
from qa.pipeline import Parts

PENALTY = 3e-3  # of the squared weights beside a question's mean loss; from 1e-3 to 1e-2 all come out level
COUNTED = 8  # characters of what is counted that are read with a figure: 3人 of 3人即发车

Weights = dict[str, float]


@dataclass(frozen=True)
class Choice:
    """One figure asked for: the features of its candidates, and which are right; none where there is no answer."""

    group: str
    answerable: bool
    features: tuple[Features, ...]
    right: tuple[bool, ...]


@dataclass(frozen=True)
class Trial:
    """How often the best candidate is right, of the answerable that have candidates, and how much is refused."""

    group: str
    answerable: int
    right: int
    refused: int
    unanswerable: int
    rightly_refused: int


def choices(gold: GoldSet, parts: Parts) -> Iterator[Choice]:
    """Give what the questions of a gold set let the answerer choose from, and its turns, in their talk and written out.

    Sums are left out.
    """
    answerer = parts.answerer
    assert isinstance(answerer, ExtractiveAnswerer)
    gold = gold.located({name: parts.index.report(name).text for name in parts.index.document_names})
    for question in gold.questions:
        yield from _choices(gold.name, question, attempt(question.question, parts, Conversation()), answerer)
    for dialogue in gold.dialogues:
        talk = Conversation()
        for turn in dialogue.turns:
            tried = attempt(turn.question, parts, talk)
            yield from _choices(gold.name, turn, tried, answerer)
            if turn is not dialogue.turns[0]:
                yield from _choices(gold.name, turn, attempt(turn.standalone, parts, Conversation()), answerer)
            talk = talk.after(tried.answer)


def _choices(group: str, gold: GoldQuestion, tried: Attempt, answerer: ExtractiveAnswerer) -> Iterator[Choice]:
    for sought in tried.sought if not gold.arithmetic else ():
        asks = [ask for ask in sought.asked.asks[:1] if ask.wanted in FIGURES]
        found = [candidate for ask in asks for candidate in answerer.figures(ask, sought)]
        if found:
            right = tuple(_is_right(passage, entry, gold) for passage, entry, _ in found)
            yield Choice(group, gold.answerable, tuple(features for *_, features in found), right)


def _is_right(passage: Passage, entry: LedgerEntry, question: GoldQuestion) -> bool:
    here = Span(passage.document, passage.start, passage.end)
    figure = entry.figure
    proves = any(place.overlaps(here) for evidence in question.evidence for place in evidence.places)
    said = (figure.text, figure.text + figure.counted[:COUNTED])
    return proves and any(groups_found([group], words) for group in question.must_contain for words in said)


def learn(given: Sequence[Choice], penalty: float = PENALTY) -> Weights:
    """Fit the weights; `none` is the score of the candidates' not answering."""
    names = sorted({name for choice in given for features in choice.features for name in features})
    rows = _rows(given, names)
    mean, deviation = rows.mean(0), rows.std(0) + 1e-6
    standard = torch.tensor((rows - mean) / deviation)
    of = torch.tensor(np.repeat(np.arange(len(given)), [len(choice.features) for choice in given]))
    right = torch.tensor([float(one) for choice in given for one in choice.right])
    has = torch.tensor([any(choice.right) for choice in given])
    weights = torch.zeros(len(names), requires_grad=True)
    none = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, none], max_iter=400, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        scores = standard @ weights
        top = torch.full((len(given),), -1e9).scatter_reduce(0, of, scores, "amax")
        top = torch.maximum(top, none.expand(len(given))).detach()
        odds, of_none = torch.exp(scores - top[of]), torch.exp(none - top)
        every = torch.zeros(len(given)).scatter_add(0, of, odds) + of_none
        good = torch.zeros(len(given)).scatter_add(0, of, odds * right) + torch.where(has, 0.0, of_none)
        total = torch.log(every / (good + 1e-12)).mean() + penalty * (weights**2).sum()
        total.backward()
        return total

    optimiser.step(loss)  # pyright: ignore[reportArgumentType] - it takes a closure that gives a tensor
    learned = weights.detach().numpy() / deviation
    return dict(zip(names, map(float, learned), strict=True)) | {"none": float(none.detach()) + float(mean @ learned)}


def held_out(given: Sequence[Choice], penalty: float = PENALTY) -> list[Trial]:
    """Try each group of choices with what was learned from all others."""
    return [
        attempted(
            [choice for choice in given if choice.group == group],
            learn([choice for choice in given if choice.group != group], penalty),
        )
        for group in dict.fromkeys(choice.group for choice in given)
    ]


def attempted(given: Sequence[Choice], weights: Weights) -> Trial:
    """Count what comes of choices with some weights."""
    names = [name for name in weights if name != "none"]
    vector = np.array([weights[name] for name in names])
    right = refused = rightly = 0
    for choice in given:
        fits = _rows([choice], names) @ vector - weights["none"]
        best = int(fits.argmax())
        none = bool(fits[best] <= 0)
        right += choice.right[best]
        refused += choice.answerable and none
        rightly += not choice.answerable and none
    answerable = sum(choice.answerable for choice in given)
    return Trial(given[0].group, answerable, right, refused, len(given) - answerable, rightly)


def _rows(given: Sequence[Choice], names: Sequence[str]) -> np.ndarray:
    """The features of all candidates, shape (candidates, names), float32."""
    return np.array(
        [[float(features.get(name, 0.0)) for name in names] for choice in given for features in choice.features],
        dtype=np.float32,
    )


def written(weights: Weights) -> str:
    """The lines of fitting.tsv, the heaviest of standard size first left to the reader: by name."""
    return "".join(f"{name}\t{weight:.4g}\n" for name, weight in sorted(weights.items()))
