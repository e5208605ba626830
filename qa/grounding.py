"""Does every figure, date and quoted name of a sentence stand in the spans that it cites? Whoever wrote the sentence.

A sum is checked by doing it again: its operands must stand in the spans, and its result must be right.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from index.figures import Figure, Kind, read_figures, same_figure
from index.lexical import normalise

_NAME = re.compile(r"“([^“”]{2,60})”|《([^《》]{2,80})》")
_DENIED = re.compile(r"不是“[^”]*”")
_SUM = re.compile(r"(?P<a>[^，。：=≈]+?) (?P<sign>[−÷]) (?P<b>[^，。：=≈]+?) (?P<equal>[=≈]) (?P<result>[^，。：]+)")
_TOLERANCE = Decimal("0.006")  # share by which a rounded result may miss


def ungrounded(sentence: str, quotes: Sequence[str]) -> list[str]:
    """List what a sentence states that its cited spans do not hold: figures with unit and qualifier, dates, names.

    Empty when the sentence may be shown. What the sentence denies (不是“35个部门”) needs no ground.

    >>> ungrounded("全市有智慧社区超过80个。", ["全市建成智慧社区、智慧街区示范点超过70个。"])
    ['超过80个']
    """
    stated = _DENIED.sub("", sentence)
    held = "\n".join(quotes)
    here = read_figures(held)
    wrong: list[str] = []
    for match in _SUM.finditer(stated):
        if not _adds_up(match):
            wrong.append(match.group())
    stated = _SUM.sub(lambda match: f"{match['a']}，{match['b']}".replace("(1 +", "").replace("(1 −", ""), stated)
    wrong += (figure.text for figure in read_figures(stated) if not any(same_figure(figure, f) for f in here))
    folded = normalise(held)
    for match in _NAME.finditer(stated):
        name = match.group(1) or match.group(2)
        if not read_figures(name) and normalise(name) not in folded:
            wrong.append(name)
    return wrong


def _adds_up(match: re.Match[str]) -> bool:
    a, b, result = _value(match["a"]), _value(match["b"]), _value(match["result"])
    if a is None or b is None or result is None:
        return False
    if match["b"].startswith("(1"):
        b = 1 + b / 100 * (1 if "+" in match["b"] else -1)
    if b == 0 and match["sign"] == "÷":
        return False
    value = a - b if match["sign"] == "−" else a / b * (100 if "%" in match["result"] else 1)
    return abs(value - result) <= _TOLERANCE * abs(value) if match["equal"] == "≈" else value == result


def _value(words: str) -> Decimal | None:
    figures: list[Figure] = [figure for figure in read_figures(words) if figure.kind is not Kind.DATE]
    return figures[-1].value if figures else None
