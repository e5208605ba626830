"""Things of one sort that reports tell apart: 城镇 and 农村, 金牌 and 银牌. General Chinese, in sorts.tsv."""

import re
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).parent / "sorts.tsv"


@lru_cache(maxsize=1)
def _sorts() -> tuple[tuple[re.Pattern[str], ...], ...]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return tuple(tuple(map(re.compile, line.split("\t"))) for line in lines if not line.startswith("#"))


def is_of_another_sort(words: str, text: str) -> bool:
    """Whether words are of one thing of a sort and a text of others alone.

    >>> is_of_another_sort("城镇户厕改造了多少", "改造农村户厕3万座")
    True
    """
    for row in _sorts():
        mine = [sort for sort in row if sort.search(words)]
        theirs = [sort for sort in row if sort.search(text)]
        if mine and theirs and not any(sort in theirs for sort in mine):
            return True
    return False
