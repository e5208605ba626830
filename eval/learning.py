"""Learn how well a figure answers what is asked for, and which passage and stretch where none is: from gold sets.

All along the program's own path. Every figure that the answerer may pick for a question is a candidate with its
features (`qa.answers.fitting`); those that say what the gold set asks for, in a sentence of its evidence, are right.
Where no figure is asked for, the passages looked into are (`qa.answers.choosing`), and then every stretch of the right
one (`qa.answers.spans`), which gains by how nearly it is the answer. A conditional logit (McFadden 1974) over the
candidates of a question, for figures with "none of them", with a ridge penalty on standardised features. Gold sets
differ by author and report, so the figures to quote are those of `held_out`: each set tried with what was learned from
the others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from eval.answers import character_f1, full, short_right
from eval.gold import GoldQuestion, GoldSet, Span
from eval.matching import groups_found
from index.figures import LedgerEntry
from index.passage import Passage
from qa.answering import ExtractiveAnswerer, Sought
from qa.answers.fitting import Features
from qa.conversation import Conversation
from qa.extracting import Attempt, attempt
from qa.language.asking import FIGURES, Ask, read_question
from qa.pipeline import Parts

PENALTY = 3e-3  # of the squared weights beside a question's mean loss; from 1e-3 to 1e-2 all come out level
OWN = 1.8  # how many times as dear as a feature's weight is what one kind of question adds to it
TOLD = 0.1  # what a stretch gains that says all that is asked for, before its F1 with the answer
COUNTED = 8  # characters of what is counted that are read with a figure: 3人 of 3人即发车

Weights = dict[str, float]
FiguresOf = Callable[[Ask, Sought], Sequence[tuple[Passage, LedgerEntry, Features]]]


@dataclass(frozen=True)
class Choice:
    """One thing asked for: the features of its candidates, and how right each is, 0 to 1; all 0 where nothing is."""

    group: str
    answerable: bool
    features: tuple[Features, ...]
    right: tuple[float, ...]


@dataclass(frozen=True)
class Trial:
    """How often the best candidate is right, of the answerable that have candidates, and how much is refused."""

    group: str
    answerable: int
    right: int
    refused: int
    unanswerable: int
    rightly_refused: int


def _opened(gold: GoldSet, parts: Parts) -> tuple[GoldSet, ExtractiveAnswerer]:
    """A gold set with its evidence found in the reports, and the answerer that is taught."""
    assert isinstance(parts.answerer, ExtractiveAnswerer)
    return gold.located({name: parts.index.report(name).text for name in parts.index.document_names}), parts.answerer


def choices(gold: GoldSet, parts: Parts) -> Iterator[Choice]:
    """Give what the questions of a gold set let the answerer choose from, and its turns, in their talk and written out.

    Sums are left out.
    """
    gold, answerer = _opened(gold, parts)
    for question in gold.questions:
        yield from _choices(gold.name, question, attempt(question.question, parts, Conversation()), answerer.figures)
    for turn, tried, follows in _turns(gold, parts):
        yield from _choices(gold.name, turn, tried, answerer.figures)
        if follows:
            yield from _choices(gold.name, turn, attempt(turn.standalone, parts, Conversation()), answerer.figures)


def _turns(gold: GoldSet, parts: Parts) -> Iterator[tuple[GoldQuestion, Attempt, bool]]:
    """Each turn of each talk, what was tried for it in its talk, and whether it follows another."""
    for dialogue in gold.dialogues:
        talk = Conversation()
        for turn in dialogue.turns:
            tried = attempt(turn.question, parts, talk)
            yield turn, tried, turn is not dialogue.turns[0]
            talk = talk.after(tried.answer)


def _choices(group: str, gold: GoldQuestion, tried: Attempt, figures: FiguresOf) -> Iterator[Choice]:
    for sought in tried.sought if not gold.arithmetic else ():
        asks = [ask for ask in sought.asked.asks[:1] if ask.wanted in FIGURES]
        found = [candidate for ask in asks for candidate in figures(ask, sought)]
        if found:
            right = tuple(_is_right(passage, entry, gold) for passage, entry, _ in found)
            yield Choice(group, gold.answerable, tuple(features for *_, features in found), right)


def follow_ups(gold: GoldSet, parts: Parts) -> Iterator[Choice]:
    """Give what the follow-ups of a gold set, asked in their talk, let the answerer choose from; sums are left out."""
    gold, answerer = _opened(gold, parts)
    for turn, tried, _ in _turns(gold, parts):
        choice = next(_choices(gold.name, turn, tried, answerer.follow_ups), None)
        if choice is not None and (not turn.answerable or any(choice.right)):
            yield choice


def passages(gold: GoldSet, parts: Parts) -> Iterator[Choice]:
    """Give the passages that the answerer may choose from for the questions of a gold set that ask for one thing.

    Sums, questions for a figure, and those whose passage is not among those looked into are left out.
    """
    gold, answerer = _opened(gold, parts)
    for question in gold.questions:
        sought = attempt(question.question, parts, Conversation()).sought
        if len(sought) == 1 and not question.arithmetic:
            found = answerer.passages(sought[0])
            right = tuple(float(_proves(passage, question)) for passage, _ in found)
            if any(right):
                yield Choice(gold.name, True, tuple(features for _, features in found), right)


def _is_right(passage: Passage, entry: LedgerEntry, question: GoldQuestion) -> bool:
    figure = entry.figure
    said = (figure.text, figure.text + figure.counted[:COUNTED])
    return _proves(passage, question) and any(
        groups_found([group], words) for group in question.must_contain for words in said
    )


def _proves(passage: Passage, question: GoldQuestion) -> bool:
    here = Span(passage.document, passage.start, passage.end)
    return any(place.overlaps(here) for evidence in question.evidence for place in evidence.places)


def stretches(gold: GoldSet, parts: Parts) -> Iterator[Choice]:
    """Give the stretches that answer the questions of a gold set in short, its turns as they are written out.

    Of questions that one sentence answers and that ask for one thing, which is no figure.
    """
    gold, answerer = _opened(gold, parts)
    passages = [parts.index.passage(position) for position in range(len(parts.index))]
    turns = [(turn, turn.standalone) for dialogue in gold.dialogues for turn in dialogue.turns]
    for question, words in [*((question, question.question) for question in gold.questions), *turns]:
        asked = read_question(words)
        one_thing = len(asked.asks) < 2 and asked.wanted not in FIGURES and not question.arithmetic
        if not (question.must_contain and one_thing):
            continue
        answering = (p for p in passages if _proves(p, question) and full(question.must_contain, p.text))
        passage = next(answering, None)
        if passage is not None:
            found = answerer.spans(asked, passage)
            gains = tuple(_gain(passage.text[span.start : span.end], question) for span, _ in found)
            yield Choice(gold.name, True, tuple(features for _, features in found), gains)


def _gain(said: str, question: GoldQuestion) -> float:
    """How nearly a stretch is the answer, 0 to 1; 0 where it is not all that is asked for."""
    right = short_right(question.must_contain, said)
    return right * (TOLD + (1 - TOLD) * character_f1(question.answers, said))


def learn(given: Sequence[Choice], penalty: float = PENALTY) -> Weights:
    """Fit the weights; `none` is the score of the candidates' not answering, where some are not.

    What one kind of question adds to a feature's weight (name:kind) is standardised as the feature is.
    """
    refusable = not all(choice.answerable for choice in given)
    names = sorted({name for choice in given for features in choice.features for name in features})
    rows = _rows(given, names)
    columns = {name: column for column, name in enumerate(names)}
    mean, deviation = rows.mean(0), rows.std(0) + 1e-6
    deviation = np.array([deviation[columns[n.split(":")[0]]] * (OWN if ":" in n else 1) for n in names])
    standard = torch.tensor((rows - mean) / deviation)
    of = torch.tensor(np.repeat(np.arange(len(given)), [len(choice.features) for choice in given]))
    right = torch.tensor([float(one) for choice in given for one in choice.right])
    has = torch.tensor([any(choice.right) for choice in given])
    weights = torch.zeros(len(names), requires_grad=True)
    none = torch.full((1,), 0.0 if refusable else -1e9, requires_grad=refusable)
    fitted = [weights, none] if refusable else [weights]
    optimiser = torch.optim.LBFGS(fitted, max_iter=400, line_search_fn="strong_wolfe")

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
    found = dict(zip(names, map(float, learned), strict=True))
    return found | {"none": float(none.detach()) + float(mean @ learned)} if refusable else found


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
        fits = _rows([choice], names) @ vector
        best = int(fits.argmax())
        none = bool(fits[best] <= weights.get("none", -np.inf))
        right += choice.right[best] > 0
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
    """The lines of a file of weights, the heaviest of standard size first left to the reader: by name."""
    return "".join(f"{name}\t{weight:.4g}\n" for name, weight in sorted(weights.items()))
