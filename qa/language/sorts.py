"""Things of one sort that reports tell apart: 城镇 and 农村, 金牌 and 银牌. General Chinese, in sorts.tsv."""

import re
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).parent / "sorts.tsv"


@lru_cache(maxsize=1)
def _sorts() -> tuple[tuple[re.Pattern[str], ...], ...]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return tuple(tuple(map(re.compile, line.split("\t"))) for line in lines if not line.startswith("#"))


@lru_cache(maxsize=1024)  # a question comes again for every passage and figure looked into
def _named(words: str) -> list[tuple[list[re.Pattern[str]], list[re.Pattern[str]]]]:
    """The sorts that words name, each beside the others of its row."""
    rows = (([s for s in row if s.search(words)], [s for s in row if not s.search(words)]) for row in _sorts())
    return [(mine, others) for mine, others in rows if mine]


def is_of_another_sort(words: str, text: str) -> bool:
    """Whether words are of one thing of a sort and a text of others alone.

    >>> is_of_another_sort("城镇户厕改造了多少", "改造农村户厕3万座")
    True
    """
    return any(
        not any(sort.search(text) for sort in mine) and any(sort.search(text) for sort in others)
        for mine, others in _named(words)
    )
