"""A claim that something rose or fell, without a figure: 客流量比上年有所下降. Does a figure of a report say so?

Knows nothing of retrieval, and nothing of claims that state a figure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.figures import Direction, Kind, Role
from qa.checks.binding import scope_at
from qa.language.covering import heavy, lacking
from qa.language.picking import ledger
from qa.language.subjects import Source, way_of, without_figures

LOOKED_AT = 3  # sentences
_UP = "上升|提升|提高|增长|增加|上涨|扩大|攀升|延长|升高|增多|变大|拉大|拉长|多了|高了|长了|涨了"
_DOWN = "下降|降低|减少|下滑|回落|下跌|缩小|缩短|压减|变小|收窄|少了|低了|短了|降了"
_TREND = re.compile(
    "^(?P<thing>(?:(?!不|没有|未|受)[^，,。；;]){2,}?)(?:受[^，,。]{2,8}影响)?(?:(?:比|较|与|同)?(?:上年同期|去年同期|上一?年|去年|前一年|年初|原来|以往|此前)(?:相比|比)?|同比)?"
    f"(?:有所|又|也|都|均|进一步|继续|持续|略有|有了?|明显|大幅|显著|小幅|得到)*(?:(?P<up>{_UP})|(?P<down>{_DOWN}))了?$"
)
_CLAUSE = re.compile("[^，,；;。！!]+")


@dataclass(frozen=True)
class Trend:
    """Whether what a clause of a claim says of a rise or fall is true, its word for it, the report's clause and the
    number of its sentence."""

    true: bool
    said: str
    right: str
    source: int


def trends(claim: str, sources: Sequence[Source]) -> list[Trend] | None:
    """Decide every clause of a claim; None where one says something else, or no figure tells."""
    found: list[Trend] = []
    for clause in _CLAUSE.findall(claim):
        clause = re.sub("^(?:而|但|同时|其中|全年|去年|今年)+", "", clause.strip())
        match = _TREND.match(clause)
        if match is None or any(entry.figure.kind is not Kind.DATE for entry in ledger(clause)):
            return None
        trend = _trend(match, sources)
        if trend is None:
            return None
        found.append(trend)
    return found or None


def _trend(match: re.Match[str], sources: Sequence[Source]) -> Trend | None:
    thing = match["thing"]
    said = Direction.UP if match["up"] else Direction.DOWN
    best: tuple[int, Trend] | None = None
    for source in sources[:LOOKED_AT]:
        if source.planned:
            continue
        for entry in ledger(source.text):
            figure, way = entry.figure, way_of(entry)
            if figure.kind in (Kind.DATE, Kind.RANK) or figure.role is Role.FROM or way is Direction.NONE:
                continue
            scope = scope_at(source.text, figure.start)
            known = f"{source.text[: figure.end]}\n{source.headings}"
            before = re.split("[，,；;。]", source.text[: scope.start])[-2:]
            near = without_figures(f"{'，'.join(before)}\n{scope.upto}")
            if not heavy([thing]) or lacking(thing, known) or lacking(thing[-2:], near):
                continue
            far = len("".join(lacking(thing, near))) + len("".join(lacking(near, thing)))
            if best is None or far < best[0]:
                word = match["up"] or match["down"]
                best = far, Trend(way is said, word, scope.clause.strip(), source.number)
    return best[1] if best else None
