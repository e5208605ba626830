"""Does every figure, date and quoted name of a sentence stand in the spans that it cites? Whoever wrote the sentence.

A sum is checked by doing it again: its operands must stand in the spans, and its result must be right.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from index.figures import Figure, Kind, Qualifier, read_figures, same_figure
from index.lexical import normalise, terms
from qa import prompts
from qa.answer import Withheld
from qa.citing import Draft

_NAME = re.compile(r"“([^“”]{2,60})”|《([^《》]{2,80})》")
_DENIED = re.compile(r"不是“[^”]*”")
_SUM = re.compile(r"(?P<a>[^，。：=≈]+?) (?P<sign>[+−÷]) (?P<b>[^，。：=≈]+?) (?P<equal>[=≈]) (?P<result>[^，。：]+)")
_DIGITS = re.compile(r"[0-9]+(?:[.,:/][0-9]+)*")
_HEDGE = re.compile("超过|最多|最少|至少|不足|不到|将近|大约|[超近约逾多余]")
_NUMERAL = "[一二三四五六七八九十百千两几]+"
_LOOSE = re.compile(rf"(?:{_HEDGE.pattern}){_NUMERAL}.?")


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
    stated = _SUM.sub(_operands, stated)
    figures = read_figures(stated)
    wrong += (figure.text for figure in figures if not any(_says_the_same(figure, f) for f in here))
    folded = normalise(held)
    names = normalise(_without(figures, stated))
    codes = set(_DIGITS.findall(folded))
    wrong += (code for code in _DIGITS.findall(names) if code not in codes)  # 08, 5G: digits that state no quantity
    units = "|".join(sorted({f.unit for f in here if f.unit and not re.search("[0-9]", f.text)}))
    levels = re.findall(f"{_NUMERAL}(?:{units})", names) if units else []
    wrong += (words for words in (*_LOOSE.findall(names), *levels) if words not in folded)  # 约两级, 一级 for 三级
    bare = {_HEDGE.sub("", normalise(f.text)) for f in here if f.qualifier is not Qualifier.EXACT}
    apart = normalise(_without(here, held))
    wrong += (words for words in sorted(bare) if len(words) > 1 and words in names and words not in apart)  # 跑一次
    for match in _NAME.finditer(stated):
        name = match.group(1) or match.group(2)
        if not read_figures(name) and normalise(name) not in folded:
            wrong.append(name)
    return wrong


def _says_the_same(figure: Figure, held: Figure) -> bool:
    """Whether two figures are one, unit by the letter: who quotes 41个单位 does not write 41台."""
    return same_figure(figure, held) and (figure.unit == held.unit or not figure.unit or not held.unit)


def _without(figures: Sequence[Figure], text: str) -> str:
    """The text with a break in place of each figure."""
    for figure in reversed(figures):
        text = f"{text[: figure.start]}\n{text[figure.end :]}"
    return text


_WHOLE = "100%"  # of which a rate is a part; no report need say so


def _operands(match: re.Match[str]) -> str:
    """What a sum is made of, which the spans must hold."""
    a = "" if match["sign"] == "−" and match["a"].endswith(_WHOLE) else match["a"]
    return f"{a}，{match['b'].replace('(1 +', '').replace('(1 −', '').replace(' + ', '，')}"


def _adds_up(match: re.Match[str]) -> bool:
    """Whether a sum is right to the last place shown, and its result has the unit of what it came from."""
    first, result = _last_figure(match["a"]), _last_figure(match["result"])
    parts = [match["b"]] if match["b"].startswith("(1") else match["b"].split(" + ")
    others = [figure for part in parts if (figure := _last_figure(part)) is not None]
    if first is None or not others or result is None:
        return False
    second = others[0]
    if len(others) > 1 and match["sign"] != "+":
        return False
    a, shown = first.value, result.value
    b = sum((figure.value or Decimal(0) for figure in others), Decimal(0)) if second.value is not None else None
    if a is None or b is None or shown is None or result.qualifier is not Qualifier.EXACT:
        return False
    if match["b"].startswith("(1"):
        b = 1 + b / 100 * (1 if "+" in match["b"] else -1)
    if b == 0 and match["sign"] == "÷":
        return False
    units = {first.unit, second.unit, "百分点" if first.kind is second.kind is Kind.PERCENT else ""}
    if result.unit not in units and (match["sign"] in "+−" or result.kind not in (Kind.PERCENT, Kind.MULTIPLE)):
        return False
    if match["sign"] in "+−":
        value = a + b if match["sign"] == "+" else a - b
    else:
        value = a / b * (100 if result.kind is Kind.PERCENT else 1)
    return abs(value - shown) <= _last_place(result.text) / 2 if match["equal"] == "≈" else value == shown


def _last_place(number: str) -> Decimal:
    """What one more in the last digit adds: 0.1万 for 12.5万."""
    found = re.search(r"[0-9]+(?:\.(?P<decimals>[0-9]+))?(?P<scale>[万亿]?)", number)
    if found is None:
        return Decimal(0)
    scale = {"": 0, "万": 4, "亿": 8}[found["scale"]]
    return Decimal(1).scaleb(scale - len(found["decimals"] or ""))


def _last_figure(words: str) -> Figure | None:
    figures = [figure for figure in read_figures(words) if figure.kind is not Kind.DATE]
    return figures[-1] if figures else None


def ground(drafts: Sequence[Draft]) -> tuple[list[Draft], tuple[Withheld, ...]]:
    """Part the sentences that their sources hold from those that they do not."""
    shown: list[Draft] = []
    withheld: list[Withheld] = []
    for draft in drafts:
        wrong = ungrounded(draft.text, [source.text for source in draft.sources])
        if wrong:
            withheld.append(Withheld(draft.text, prompts.UNGROUNDED.format(wrong="、".join(wrong))))
        else:
            shown.append(draft)
    return shown, tuple(withheld)


# --- sentences that a language model wrote ---------------------------------------------------------------------------

LIKE = 0.5  # share of the characters of a sentence that must stand in the spans it cites, each with a neighbour
STRANGE = 3  # characters in a row that do not stand there make a sentence say something else
_NEUTRAL = re.compile(
    "截至|截止|目前|总共|一共|共计|合计|数量|总数|分别|其中|此外|另外|同时|根据|按照|资料|报告|显示|提到|指出|写明|介绍|情况|"
    "方面|达到|包括|以及|具体|而且|并且|因此|所以|也就是|[的了是有为共在和与]"
)
_NOT = re.compile("[不没未无非别]")
_ASKS = re.compile("多少|几|什么|哪|谁|怎|何")
_CHINESE = re.compile("[一-鿿]+")
_MARKUP = re.compile(
    r"<(script|style)\b[^<>]*>.*?</\1\s*>|<[^<>]*>?|!?\[[^\[\]]*\]\s*\([^()]*\)?|[a-z][a-z0-9+.-]{1,15}://\S*|(?:javascript|vbscript|data|mailto)\s*:\S*|"
    r"(?<![a-z0-9])(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}(?:[:/?#]\S*)?|\S+@\S+|&(?:#\w+|[a-z]+);|\\[ux][0-9a-f]{2,}|[<>]",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)


def has_markup(text: str) -> bool:
    """Whether text holds a tag, a link, an address or an escape, in full or half width.

    A sentence of a language model with one is withheld even where its source holds it too: there it may have come to
    lead readers astray. Who asks for an address gets the report's own sentence from the extractive answerer.
    """
    return _MARKUP.search(normalise(text)) is not None


def without_markup(text: str) -> str:
    """The text with … for each tag, link, address or escape: a record of what was withheld leads nowhere either."""
    return _MARKUP.sub("…", text) if not has_markup(_MARKUP.sub("…", text)) else _MARKUP.sub("…", normalise(text))


def departs(sentence: str, quotes: Sequence[str]) -> str | None:
    """Say in Chinese what a sentence in somebody's own words has that its cited spans do not hold; None if nothing.

    Besides figures, dates and quoted names these are Latin words and words at large: a character is held where it
    stands in the spans with the same neighbour. A sentence needs `LIKE` of its characters held, may add words shorter
    than `STRANGE` and words that only connect, but no negation, nor an interrogative: to say the question
    again answers nothing. A bare yes says nothing that could be looked up.

    >>> departs("平台一共吸引了44家企业。", ["平台已开放1712个数据目录,吸引44家企业入驻。"])
    >>> departs("平台吸引44家企业，芝麻开门。", ["平台已开放1712个数据目录,吸引44家企业入驻。"])
    '引用的原文中没有：芝麻开门'
    """
    known = set(terms("\n".join(quotes)))
    wrong = ungrounded(sentence, quotes)
    wrong += [
        word for word in terms(sentence) if word.isascii() and word.isalpha() and len(word) > 1 and word not in known
    ]
    figures = read_figures(sentence)
    held = strange = 0
    for run in _CHINESE.findall(normalise(_without(figures, sentence))):
        left = _without_held(run, known)
        held += left.count("\n")
        for words in _NEUTRAL.sub("\n", left).split():
            strange += len(words)
            if len(words) >= STRANGE or _NOT.search(words) or _ASKS.search(words):
                wrong.append(words)
    if wrong:
        return prompts.UNGROUNDED.format(wrong="、".join(dict.fromkeys(wrong)))
    grounded = held >= LIKE * (held + strange) if held + strange else bool(figures)
    return None if grounded else prompts.UNLIKE


def _without_held(run: str, known: set[str]) -> str:
    """A run of characters with a break for each that is held: that makes a known pair with one of its neighbours."""
    pairs = [run[i : i + 2] in known for i in range(len(run) - 1)]
    before, after = [False, *pairs], [*pairs, False]
    return "".join("\n" if one or other else c for c, one, other in zip(run, before, after, strict=True))
