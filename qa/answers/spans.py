"""Which stretch of a passage is the short answer, where no figure is asked for: a name, a row of names, a clause.

Every stretch between two cuts of the passage is a candidate: between punctuation, quotation marks, and the words that
lead up to a name or follow it. Its features, below, are plain readings; how much each counts depends on what is asked
(`_asks`), and was learned from gold sets (`python -m eval learn` writes spans.tsv) as a conditional logit over the
stretches of a passage (McFadden 1974).
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np

from index.lexical import normalise
from index.patterns import pattern
from qa.answers.candidates import DOES
from qa.answers.fitting import Features, read_weights, weighed
from qa.language.asking import Ask, Asked, Wanted
from qa.language.kinds import KINDS
from qa.language.picking import Span, Weights
from qa.language.rows import BEGINS

LONGEST_SHORT = 30  # characters of a stretch; names that were picked and are longer are shown whole
MOST = 0.6  # share of a passage of several clauses that is short beside it
_WEIGHTS = Path(__file__).parent / "spans.tsv"

_LEAST = 2  # characters of a stretch
_NEAR = 12  # characters about a stretch that may tell whose it is
_BESIDE = 8  # characters about a stretch that are set against the question's word for word
_ALIGNED = 6  # characters of the question so set against
_MARKS = "，,；;。：:！？!?"
_OPENS, _CLOSES = "“《（(「", "”》）)」"
_PAIRS = tuple(zip(_OPENS, _CLOSES, strict=True))
_LEADS = pattern("[由被把将向与和及从给让使在对为是以于到至入获了的地并则即叫有成用按据如等、后前中上内均已可能要]")
"""Behind which a stretch may begin; rows.BEGINS has the verbs."""
_FOLLOWS = pattern(
    "[的等和与及在为是由被将已可以对从向把并后中上内均进开实建获负牵主承举参设推提完组共、]|方面|问题|工作"
)
"""Before which a stretch may end."""
_NUMBER = pattern("[0-9.%]+[多余]?[万亿]?[一-鿿]")
_DIGIT = frozenset("0123456789.%")

_BEFORE = (
    *(("by", "由被"), ("at", "在于到至从向"), ("is", "为是叫成作"), ("of", "的"), ("and", "和与及"), ("got", "了得获")),
    *(("for", "将把对给让使以用"), ("item", "、"), ("opens", _OPENS), ("closes", _CLOSES), ("mark", _MARKS)),
)
_AFTER = (
    *(("of", "的"), ("and", "和与及"), ("more", "等"), ("item", "、"), ("opens", _OPENS), ("closes", _CLOSES)),
    *(("mark", _MARKS), ("link", "在为是由被将已可以对从向把并均")),
)
"""What stands just before and just after a stretch."""

_WAY = pattern("(?:通过|利用|依托|依靠|得益于|凭借|采用|推行|实行|采取|靠|凭|用|以)$")
_CAUSE = pattern("(?:因|由于|受|因为|原因是|主要是|为了|在于|为)$")
_ALLOWS = pattern("可[以凭]?|有权|必须|应当|不得|无需|免|不收|优先|随时|均|全部|都|已")
_WHY = pattern("为(?:什么|啥|何)|原因|凭|图|难|问题|缘")
_OFFICE = ("部门", "机构", "单位", "局", "公司", "企业", "机关")
_ADVERBS = pattern("(?:都|又|到底|究竟|具体|分别|主要|是|了|的|有|个)+$")
_PARTICLES = pattern("^[的了呢吗啊呀，,。？? ]+")


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """Read the learned weights: of a feature for every question, and what is added to it for one kind (name:kind)."""
    return read_weights(_WEIGHTS)


def best_span(ask: Ask | None, asked: Asked, text: str, words: Weights, named: Span | None) -> Span | None:
    """Pick the stretch that answers an ask, the question itself where it asks in no words known; None: no stretch.

    `words` weigh the question's terms inside the passage (`qa.language.picking.passage_weights`). `named` are
    the names that were picked for it (`qa.answers.phrases`); several too long for a short answer are left as they are.
    """
    if named is not None and len(normalise(text[named.start : named.end])) > LONGEST_SHORT:
        return named
    found = candidates(ask, asked, text, words, named)
    fits = [(weighed(features, weights()), start, end) for start, end, features in found]
    fit, start, end = max(fits, default=(0.0, 0, 0))
    return Span(start, end, fit) if end else None


def candidates(
    ask: Ask | None, asked: Asked, text: str, words: Weights, named: Span | None
) -> Iterator[tuple[int, int, Features]]:
    """Give the stretches of a passage that may answer, as [start, end), each with its features."""
    seen = _Seen(ask, asked, text, words, named)
    for start, end in _stretches(text, named):
        features = seen.features(start, end)
        kind = seen.asks
        yield start, end, {**features, **{f"{name}:{kind}": value for name, value in features.items()}}


def _asks(ask: Ask | None, question: str) -> str:
    """Which kind of words an ask wants, as the weights are kept."""
    if ask is None:
        return "none"
    if ask.wanted is Wanted.NAME:
        office = question.startswith("谁", ask.start) or ask.noun in _OFFICE
        return "who" if office else "name" if ask.noun else "what"
    if ask.wanted is Wanted.MANNER:
        return "why" if _WHY.search(question) else "how"
    return ask.wanted.value


def _stretches(text: str, named: Span | None) -> list[tuple[int, int]]:
    """The stretches between two cuts that make a short answer, brackets and quotation marks whole."""
    begins, ends = {0}, {len(text)}
    for i, char in enumerate(text):
        if char in _MARKS or char in _OPENS or char in _CLOSES:
            begins.add(i + 1)
            ends.add(i)
        if char in _OPENS:
            begins.add(i)
        if char in _CLOSES:
            ends.add(i + 1)
    for verb in (*BEGINS.finditer(text), *DOES.finditer(text)):
        begins.add(verb.end())
        ends.add(verb.start())
    for number in _NUMBER.finditer(text):
        begins.add(number.start())
        ends.add(number.end())
    begins.update(lead.end() for lead in _LEADS.finditer(text))
    ends.update(follow.start() for follow in _FOLLOWS.finditer(text))
    inside = {i for i in range(1, len(text)) if {text[i - 1], text[i]} <= _DIGIT}
    starts, stops = sorted(begins - inside), sorted(ends - inside)
    longest = MOST * len(text) if any(char in _MARKS for char in text[:-1]) else len(text)
    found = [
        (start, stop)
        for start in starts
        for stop in stops[bisect_left(stops, start + _LEAST) :]
        if stop - start <= longest and _is_whole(text, start, stop) and _is_even(text, start, stop)
    ]
    own = [(named.start, named.end)] if named is not None else []
    return list(dict.fromkeys([*found, *own]))


def _is_whole(text: str, start: int, end: int) -> bool:
    words = text[start:end]
    if words[0] in f"{_MARKS}{_CLOSES}、了" or words[-1] in f"{_MARKS}{_OPENS}、":
        return False
    return len(normalise(words)) <= LONGEST_SHORT and all(_is_paired(words, *pair) for pair in _PAIRS)


def _is_paired(words: str, opens: str, closes: str) -> bool:
    """Whether no mark of a pair closes before it opens, and all that open close."""
    depth = [0, *accumulate((char == opens) - (char == closes) for char in words)]
    return min(depth) == 0 == depth[-1]


def _is_even(text: str, start: int, end: int) -> bool:
    """Whether a stretch of several clauses ends with one."""
    return text[end : end + 1] in _MARKS or not any(char in _MARKS for char in text[start:end])


class _Seen:
    """A question and a passage as its stretches are judged by."""

    def __init__(self, ask: Ask | None, asked: Asked, text: str, words: Weights, named: Span | None) -> None:
        question = asked.question
        self.asks = _asks(ask, question)
        self._text, self._named = text, named
        self._question = normalise(question)
        self._noun = ask.noun if ask is not None else ""
        self._endings = KINDS.get(self._noun, ())
        before, after = (question[: ask.start], question[ask.end :]) if ask is not None else (question, "")
        self._before, self._after = _ADVERBS.sub("", before.rstrip("，,。？? ")), _PARTICLES.sub("", after)
        self._mass = _mass(words, text)
        bounds = [0, *(i + 1 for i, char in enumerate(text) if char in _MARKS), len(text) + 1]
        self._clauses = [(a, b - 1) for a, b in pairwise(bounds)]

    def features(self, start: int, end: int) -> Features:
        """What is read of one stretch."""
        return {
            **self._edges(start, end),
            **self._form(start, end),
            **self._said(start, end),
            **self._beside(start, end),
        }

    def _edges(self, start: int, end: int) -> Features:
        """What it stands between."""
        before, after = self._text[start - 1 : start], self._text[end : end + 1]
        at = next((name for name, chars in _BEFORE if before and before in chars), "")
        then = next((name for name, chars in _AFTER if after and after in chars), "")
        if not then and DOES.match(self._text, end):
            then = "verb"
        if not at and DOES.fullmatch(self._text, max(0, start - 2), start):
            at = "verb"
        return {
            f"before_{at or ('other' if before else 'none')}": True,
            f"after_{then or ('other' if after else 'none')}": True,
            "way": _WAY.search(self._text, max(0, start - 4), start) is not None,
            "cause": _CAUSE.search(self._text, max(0, start - 4), start) is not None,
        }

    def _form(self, start: int, end: int) -> Features:
        """How long it is, and what it is made of."""
        words = self._text[start:end]
        length = len(normalise(words))
        opens, closes = self._text[start - 1 : start], self._text[end : end + 1]
        return {
            "length": length / 10,
            "length_squared": length * length / 100,
            "long": length > 18,
            "clauses": sum(char in _MARKS for char in words),
            "items": words.count("、"),
            "digits": any(char in "0123456789" for char in words),
            "begins_with_digit": words[0] in _DIGIT,
            "ends_with_digit": words[-1] in _DIGIT,
            "of": "的" in words,
            "quoted": opens != "" and opens in "“《" and closes != "" and closes in "”》",
            "allows": _ALLOWS.search(words) is not None,
        }

    def _said(self, start: int, end: int) -> Features:
        """How much of the question it says, and how much is said about it."""
        first, last = self._clause(start), self._clause(end)
        left, right = self._clauses[first][0], self._clauses[last][1]
        folded = normalise(self._text[start:end])
        inside, length = self._held(start, end), len(folded) or 1
        pairs = [folded[i : i + 2] for i in range(len(folded) - 1)]
        return {
            "inside": inside,
            "density": 10 * inside / length,
            "clause": self._held(left, right) - inside,
            "elsewhere": 1 - self._held(left, right),
            "left": self._held(max(left, start - _NEAR), start),
            "right": self._held(end, min(right, end + _NEAR)),
            "clause_before": self._held(*self._clauses[first - 1]) if first else 0.0,
            "clause_after": self._held(*self._clauses[last + 1]) if last + 1 < len(self._clauses) else 0.0,
            "whole_clause": start == left and end == right,
            "last": right >= len(self._text) - 1,
            "told": sum(pair in self._question for pair in pairs) / max(len(pairs), 1),
        }

    def _beside(self, start: int, end: int) -> Features:
        """Does the question's wording about its interrogative stand about it too? Is it of the kind asked for?"""
        words = self._text[start:end]
        left = self._text[max(0, start - _BESIDE) : start].rstrip("“《：:")
        right = self._text[end : end + _BESIDE].lstrip("”》")
        sizes = range(_ALIGNED, 0, -1)
        features: dict[str, float] = {
            "aligned_left": min(
                4, next((n for n in sizes if len(self._before) >= n and left.endswith(self._before[-n:])), 0)
            ),
            "aligned_right": min(
                4, next((n for n in sizes if len(self._after) >= n and right.startswith(self._after[:n])), 0)
            ),
        }
        if self._noun:
            features["noun_ends"] = words.endswith(self._noun)
            features["noun_inside"] = self._noun in words
            features["noun_follows"] = self._noun in right
            features["kind_ends"] = bool(self._endings) and words.endswith(self._endings)
        if self._named is not None:
            common = max(0, min(end, self._named.end) - max(start, self._named.start))
            features["named"] = (start, end) == (self._named.start, self._named.end)
            features["named_fit"] = features["named"] * min(self._named.fit, 5.0)
            features["named_shared"] = 2 * common / (end - start + self._named.end - self._named.start)
            features["named_inside"] = start <= self._named.start and self._named.end <= end
        return features

    def _held(self, start: int, end: int) -> float:
        """Share of what the passage holds of the question that stands in [start, end)."""
        return float(self._mass[end] - self._mass[start]) if end > start else 0.0

    def _clause(self, place: int) -> int:
        """The number of the clause that a place is in."""
        return next(i for i, (start, end) in enumerate(self._clauses) if start <= place <= end)


def _mass(words: Weights, text: str) -> np.ndarray:
    """What stands of the question's terms up to each place of a text, 0 to 1."""
    folded = normalise(text)
    folded = folded if len(folded) == len(text) else text.lower()
    mass = np.zeros(len(text) + 1)
    for term, weight in words.items():
        place = folded.find(term)
        while place >= 0:
            mass[place + 1 : place + len(term) + 1] += weight / len(term)
            place = folded.find(term, place + 1)
    total = np.cumsum(mass)
    return total / (total[-1] or 1.0)
