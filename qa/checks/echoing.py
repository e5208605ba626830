"""Does a claim repeat a figure of the report though it names its thing in other words?

`qa.checks.differing` compares the figures that are named alike. A claim that says 收上来的样本 for 采集样品 is as true:
the figure itself, when no other one of the sentence is meant rather, tells what it speaks of.
"""

import re
from collections.abc import Sequence

from index.figures import Figure, Kind, LedgerEntry, same_value
from qa.checks.binding import beside_of, distance
from qa.checks.differing import TOTAL, Rival, apart, bears_out, exceeding, rivals_of, units_agree
from qa.language.picking import ledger
from qa.language.subjects import ALIKE, Finding, Outcome, Source

_NEW = re.compile("新[增建设添购办开配]|净增")
_APART = 10  # characters that the other period or sort of count outweighs


def find_echo(
    stated: LedgerEntry, claim: str, years: frozenset[int], sources: Sequence[Source], found: Sequence[Finding]
) -> Finding | None:
    """The figure of the report that a claim repeats, the nearest first; None where no figure bears it out, or where the
    claim's words name another one rather. Those that its other figures were `found` to be are theirs."""
    stated = exceeding(stated)
    theirs = {(one.sources[0], one.figure.start) for one in found if one.outcome is Outcome.AGREES and one.figure}
    rivals = [
        rival
        for rival in rivals_of(stated, claim, years, sources)
        if (rival.source.number, rival.entry.figure.start) not in theirs
    ]
    for echo in sorted(rivals, key=lambda rival: (rival.source.number, -rival.fit)):
        figure = echo.entry.figure
        if not units_agree(figure, stated.figure) or not bears_out(echo.entry, stated):
            continue
        if theirs and not any(echo.source.number == number for number, _ in theirs):
            continue  # the figures of a claim stand together
        if any(_is_crossed(stated, figure, one) for one in found if echo.source.number in one.sources):
            continue
        beside = [
            Rival(entry, echo.source, 0.0, 0.0)
            for entry in ledger(echo.source.text)
            if entry.figure.kind is not Kind.DATE and (echo.source.number, entry.figure.start) not in theirs
        ]
        farther = [r for r in rivals if r.alike >= ALIKE and r.fit > echo.fit and not theirs]
        others = [r for r in (*beside, *farther) if not same_value(r.entry.figure, figure)]
        if _NEW.search(beside_of(claim, stated.figure.start)) and TOTAL.search(
            beside_of(echo.source.text, figure.start)
        ):
            continue
        mine = _distance(stated, claim, echo)
        nearest = min((_distance(stated, claim, other) for other in others), default=None)
        respective = "分别" in echo.source.text  # whose turn it is `qa.checks.binding` asks
        if nearest is None or mine < nearest or (respective and mine == nearest):
            return Finding(stated.figure, Outcome.AGREES, sources=(echo.source.number,), figure=figure)
    return None


def _is_crossed(stated: LedgerEntry, figure: Figure, found: Finding) -> bool:
    """Whether two figures of a kind stand in a claim the other way round than in the report: 11 of 12 for 12 of 11."""
    if found.outcome is not Outcome.AGREES or found.figure is None or not units_agree(figure, found.figure):
        return False
    here, there = stated.figure.start < found.stated.start, figure.start < found.figure.start
    return figure.kind is found.figure.kind and here is not there


def _distance(stated: LedgerEntry, claim: str, rival: Rival) -> float:
    far = distance(beside_of(claim, stated.figure.start), claim, rival.entry, rival.source)
    return far + _APART * apart(stated, claim, rival.entry)
