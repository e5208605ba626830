"""The words of a question, weighed: its own, and those that official prose uses for the same things.

everyday.tsv holds general Chinese usage, one line a thing: the words people say, a tab, the words of official prose.
It was written without sight of any report or question; a city may add its own lines.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from index.lexical import terms

OFFICIAL = 0.5  # weight of an official word that the question itself does not use
FUNCTION = 0.4  # weight of characters that only build sentences
_MOST = 4  # official words taken for one everyday word, the commonest first
FUNCTION_CHARACTERS = set(
    "的了是在有和与及或为这那个一不吗呢么什哪谁几多少何怎如请问该到底里上都就也能要会被把给跟让得着过啊呀吧嘛"
)
_TABLE = Path(__file__).parent / "everyday.tsv"


@lru_cache(maxsize=1)
def everyday() -> Mapping[str, tuple[str, ...]]:
    """Read the table: the official words for every everyday word, commonest first."""
    table: dict[str, tuple[str, ...]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        said, tab, official = line.partition("\t")
        if tab and not line.startswith("#"):
            words = tuple(word for word in official.split("、") if len(word) > 1)
            for form in said.split("、"):
                table[form] = (*table.get(form, ()), *words[:_MOST])
    return table


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, everyday()))


def official_words(question: str) -> list[str]:
    """Find the official words for the everyday words of a question, longest everyday word first at each place.

    >>> official_words("看病要排队吗")
    ['就医', '就诊', '诊疗', '医疗']
    """
    return list(_official_words(question))


@lru_cache(maxsize=4096)  # a question, its clauses and nouns come again for every passage looked into
def _official_words(question: str) -> tuple[str, ...]:
    table = everyday()
    longest = _longest()
    found: list[str] = []
    at = 0
    while at < len(question):
        size = next((n for n in range(min(longest, len(question) - at), 0, -1) if question[at : at + n] in table), 0)
        found += table.get(question[at : at + size], ())
        at += size or 1
    return tuple(dict.fromkeys(found))


def weigh(question: str) -> dict[str, float]:
    """Weigh every term that tells which passages a question is about; the question's own count most."""
    return dict(_weigh(question))


@lru_cache(maxsize=256)
def _weigh(question: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for term in terms(question):
        weight = FUNCTION if FUNCTION_CHARACTERS.issuperset(term) else 1.0
        weights[term] = max(weights.get(term, 0.0), weight)
    for word in official_words(question):
        for term in terms(word):
            weight = OFFICIAL if len(term) > 1 else OFFICIAL / 2
            weights[term] = max(weights.get(term, 0.0), weight)
    return weights
