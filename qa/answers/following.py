"""How well does a figure go on from a talk? What a follow-up leaves out tells less than where the talk just was.

Written out (那业务系统呢 → 城市云脑的业务系统有多少) a follow-up carries words along that may be the wrong ones. Its
figures are therefore judged once more: by the words typed now alone, by the sentence just cited, by what was told. The
weights were learned as those of `qa.answers.fitting` were, from the follow-ups of gold sets (`python -m eval learn
--only follow-ups` writes following.tsv); how well a figure fits the question written out is one reading among them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from index.figures import Figure, LedgerEntry, read_figures, same_value
from index.passage import Passage, Report
from qa.answers.fitting import Features, read_weights, weighed
from qa.conversation import Restated, Turn
from qa.language.asking import Asked
from qa.language.picking import Likeness, clause_span, covered, passage_weights
from qa.language.tense import asks_ahead, speaks_ahead
from qa.language.wording import weigh

_WEIGHTS = Path(__file__).parent / "following.tsv"
_BRIEF = 8  # characters of a follow-up that says next to nothing by itself
_COUNTED = 8  # characters of what is counted that name it
_EMPTY = re.compile("[呢吗啊呀多少几？?，,。]|一共|总共|其中|还有")


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """Read the learned weights; `none` is what the passages' not answering scores."""
    return read_weights(_WEIGHTS)


def fit_of(features: Features) -> float:
    """Nats over "none of them"."""
    known = weights()
    return weighed(features, known) - known["none"]


@dataclass(frozen=True)
class Following:
    """The readings of figures for a follow-up: the words typed now, and the turn before."""

    own: str
    last: Turn
    idf: Callable[[str], float]
    like: Likeness

    @classmethod
    def of(cls, restated: Restated | None, idf: Callable[[str], float], like: Likeness) -> "Following | None":
        """What a question goes on from; None where it stands alone."""
        if restated is None or restated.last is None or not restated.follows:
            return None
        return cls(restated.own, restated.last, idf, like)

    def features(self, asked: Asked, passage: Passage, report: Report, entry: LedgerEntry, fit: float) -> Features:
        """Read how a figure stands to the talk; `fit` is how well it answers the question written out."""
        text, figure = passage.text, entry.figure
        clause = text[slice(*clause_span(text, figure.start, figure.end))]
        own, before = passage_weights(self._own, text), self._before
        bare = _EMPTY.sub("", self.own)
        about = entry.subject + figure.counted[:_COUNTED]
        alike = self.like(bare, clause) if bare else 0.0
        same = passage.passage_id in self.last.passages
        ahead = asks_ahead(asked, report) is True
        return {
            "fit": fit,
            "own_clause": covered(clause, own) / (sum(own.values()) or 1.0),
            "alike_clause": alike,
            "alike_about": self.like(bare, about) if bare and about else 0.0,
            "alike_here": same * alike,
            "brief_here": same and len(self.own) <= _BRIEF,
            "question_before": covered(text, before) / (sum(before.values()) or 1.0),
            "unit_before": any(other.unit == figure.unit for other in self._just_told),
            "told": any(same_value(figure, told) for told in asked.told),
            "ahead_here": ahead and same,
            "ahead_plan": ahead and speaks_ahead(passage, report),
            "precedes": same and self._precedes(text, entry),
        }

    @cached_property
    def _own(self) -> Mapping[str, float]:
        return self._weighed(self.own)

    @cached_property
    def _before(self) -> Mapping[str, float]:
        return self._weighed(self.last.standalone)

    @cached_property
    def _just_told(self) -> list[Figure]:
        """The figures of the short answer before."""
        return read_figures(self.last.short or "")

    def _weighed(self, words: str) -> Mapping[str, float]:
        return {term: weight * self.idf(term) for term, weight in weigh(words).items()}

    def _precedes(self, text: str, entry: LedgerEntry) -> bool:
        """Whether a figure stands just before the one that the talk was told last: a talk goes forward."""
        figures = read_figures(text)
        at = next((i for i, figure in enumerate(figures) if any(same_value(figure, f) for f in self._just_told)), 0)
        return at > 0 and figures[at - 1].start == entry.figure.start
