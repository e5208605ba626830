"""Does a claim that repeats a sentence nearly word for word say the same, or was one word of it changed?

Whoever tells a report in other words changes many of them. Where all of a claim but one word stands in the sentence as
it is, that word says something else: 释放嫌疑人1486人 of 抓获嫌疑人1486人, 年初述职 of 年终述职. Words of one meaning
(`qa.language.covering.synonyms`) are no change, nor are those that only join and place.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.lexical import normalise
from qa.checks.contradicting import without_polarity
from qa.language.covering import heavy, is_light, lacking, synonyms
from qa.language.picking import ledger
from qa.language.subjects import Source, without_figures

REPEATS = 0.6  # share of a claim's characters in runs that stand in the sentence from which on it repeats that
RUN = 3  # characters of such a run
ALIGNED = 0.7  # share of them in aligned runs from which on a word stands in the place of another
_LONGEST = 6  # characters of what may stand in a word's place
_OPENING = 4  # characters before the words that a claim begins with that it may have left out

_MARKS = re.compile("[“”‘’《》 ]")
_BOUNDARY = re.compile("[，,；;。：:、]")
_SCOPE = re.compile("[我全本各][市县区省镇国年]的?|[0-9]+年|今年|去年|目前|年末|年底")
_DENIES = re.compile("没有|没能|没|未能|尚未|未|不予|不|无|非|零")
_GENERAL = re.compile(
    "[仅只才再又]|提供|承担|帮助|解决|覆盖|存在|现象|情况|涉及|涵盖|参与|参加|组织|安排|所有|全部|问题|项目|的?人$|者$|增加|减少|降低|提高|"
    "促进|推动|增强"
)
"""Says that something is done, is so or moves, and not what: which way it moves is asked elsewhere."""
_OWN = frozenset("全我本")  # 全区 of a claim that says 松陵区
_SIDES = frozenset("前后内外上下")
_JOINS = frozenset("占，、。；：,;（）()约近超逾余多共已达将可能")


@dataclass(frozen=True)
class _Exchange:
    """Words of a claim, and those in their place in the sentence; what stands before and behind both."""

    said: str
    own: str
    before: str
    behind: str


def is_altered(claim: str, sources: Sequence[Source]) -> bool:
    """Whether a claim repeats the sentences nearly word for word, but with a word that is not theirs."""
    return _has_strange_words(claim, sources) or any(_exchanges(claim, sources))


def _has_strange_words(claim: str, sources: Sequence[Source]) -> bool:
    text = "\n".join(source.text for source in sources)
    if _repeated(claim, text) < REPEATS:
        return False
    held = "\n".join(source.held for source in sources)
    strange = heavy(lacking(without_polarity(without_figures(claim)), held))
    return any(len(_GENERAL.sub("", _SCOPE.sub("", piece))) > 1 for piece in strange)


def _repeated(claim: str, text: str) -> float:
    """Share of a claim's characters that stand in runs of a text."""
    mine, theirs = (re.sub("[^一-鿿a-z0-9.%]", "", normalise(words)) for words in (claim, text))
    hit = [False] * len(mine)
    for at in range(len(mine) - RUN + 1):
        if mine[at : at + RUN] in theirs:
            hit[at : at + RUN] = [True] * RUN
    return sum(hit) / (len(mine) or 1)


def _exchanges(claim: str, sources: Sequence[Source]) -> Iterator[_Exchange]:
    """The words of a claim that stand where the sentence nearest to it has others, which mean something else."""
    share, found = max((_aligned(claim, source.text) for source in sources), key=lambda one: one[0], default=(0.0, []))
    if share < ALIGNED:
        return
    around = "\n".join(f"{source.headings}{source.before}" for source in sources)
    text = "\n".join(source.text for source in sources)
    for one in found:
        known = len(one.said) > 1 and one.said in around
        moved = known if one.before else (one.said in text or one.own in _OWN)
        aside = re.search("[0-9.%第首]", one.said + one.own) or ledger(one.said)
        aside = aside or any(map(_BOUNDARY.search, (one.said, one.own, one.behind[:1].replace("、", ""))))
        denied = _DENIES.search(one.said) and _DENIES.search(one.own)
        if not (moved or aside or denied or _is_light(one) or _mean_the_same(one)):
            yield one


def _aligned(claim: str, text: str) -> tuple[float, list[_Exchange]]:
    """How much of a claim stands in a text in its order, and the words that stand between in the place of others."""
    mine, theirs = (_MARKS.sub("", normalise(words)) for words in (claim, text))
    mine = mine.rstrip("。！")
    steps = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
    found: list[_Exchange] = []
    for number, (step, a, b, c, d) in enumerate(steps):
        follows = number + 1 < len(steps) and steps[number + 1][0] == "equal"
        if step != "replace" or not follows:
            continue
        own = theirs[c:d] if a else _BOUNDARY.split(theirs[c:d])[-1][-max(_OPENING, b) :]
        if 0 < len(own) <= _LONGEST and b - a <= _LONGEST:
            found.append(_Exchange(mine[a:b], own, mine[max(0, a - 2) : a], mine[b : b + 2]))
    runs = sum(b - a for step, a, b, *_ in steps if step == "equal" and b - a > 1)
    return runs / (len(mine) or 1), found


def _is_light(one: _Exchange) -> bool:
    """Whether either of two words only joins, denies, handles, or says where and when at large."""
    if one.said in _SIDES and one.own in _SIDES:
        return False
    said, own = (
        "".join(c for c in _GENERAL.sub("", _DENIES.sub("", _SCOPE.sub("", words))) if c not in _JOINS)
        for words in (one.said, one.own)
    )
    return not heavy([said]) or is_light(said) or is_light(own)


def _mean_the_same(one: _Exchange) -> bool:
    """Whether two words, with what stands beside them, are said for one another: 列 and 纳 before 入."""
    said, own = (re.sub("[了着的被]", "", words) for words in (one.said, one.own))
    if set(said) & set(own):
        return True
    heads = [one.before[size:] for size in range(len(one.before) + 1)]
    tails = [one.behind[:size] for size in range(len(one.behind) + 1)]
    return any(f"{a}{own}{b}" in synonyms().get(f"{a}{said}{b}", ()) for a in heads for b in tails)
