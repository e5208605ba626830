"""Things that stand side by side in a text, as a row cut clean at both ends: 教育、医疗和养老.

Knows nothing of questions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.patterns import pattern

BEGINS = pattern(
    "(?:的|了|在(?!线)|由|被|把|将|向|与|和|及|以及|从|给|让|使|已|并|其中|通过|利用|依托|基于|围绕|分别是|成为|晋升|"
    "推动|推进|开展|举办|召开|建设|建成|建立|打造|创建|完成|实现|支持|提供|整合|接入|汇入|纳入|获评|荣获|印发|出台|成立|组建|启动|实施|发布|升级|改造|完善|入选|入榜|落实|聚焦|承办|参加|引进|引入|开通|上线|投用|搭建|构建|全面|积极|成功|持续|深入|大力|加快)"
)
"""Behind what the name of a thing may begin: 在, 打造, 提供."""
_HOLDS = pattern("开放|涵盖|包括|涉及|覆盖|配备|增设|集成|推出|推行|用于|抓好|[是为对]|以(?![上下内外来])")
_ITEM = r"(?:“[^“”]{1,30}”|《[^《》]{1,40}》|[^、，,；;。：:！？“”《》])+"
_ROW = pattern(rf"{_ITEM}(?:、{_ITEM})+|{_ITEM}(?<=[”》])(?=[“《]){_ITEM}")
_SEPARATOR = pattern("、|(?<=[”》])(?:和|及|以及|与)?(?=[“《])")
_PAIR = pattern(rf"{_ITEM}(?:和|与|及|以及){_ITEM}")
_AND = pattern("以及|和|与|及")
MANY = "[0-9二两三四五六七八九十]+[多余]?[个家所座位名项条类种支款部件处场套大张道样级][^，,。；;、]{0,4}"
_STOPS = pattern(rf"等|(?={MANY})|实现|产值|累计|分别|最受|优先|[参开推对均可将]|的")


@dataclass(frozen=True)
class Row:
    """Things that stand side by side: 教育、医疗和养老; [start, end) leaves out what leads up to them and follows."""

    start: int
    end: int
    items: int


def rows(text: str) -> Iterator[Row]:
    """The rows of a text, cut clean at both ends: things that stand side by side are of like length."""
    for match in (*_ROW.finditer(text), *_PAIR.finditer(text)):
        bounds = [match.start(), *(p for s in _SEPARATOR.finditer(text, *match.span()) for p in s.span()), match.end()]
        spans = list(zip(bounds[::2], bounds[1::2], strict=True))
        told = next((i for i, (s, e) in enumerate(spans) if i and _TELLS.search(text, s, e)), len(spans) - 1)
        spans = [*spans[:told], *_split_end(*spans[told], text)]
        if len(spans) < 2:
            continue
        lengths = [end - start for start, end in spans[1:-1]]
        usual = sum(lengths) / len(lengths) if lengths else min(end - start for start, end in spans)
        end = _end(*spans[-1], text, usual)
        usual = usual if lengths else end - spans[-1][0]
        start = _begin(*spans[0], text, usual, quoted=text[spans[-1][0]] in "“《")
        if start is None or end - spans[-1][0] < _LEAST_ITEM:
            continue
        ratio = (spans[0][1] - start) / (end - spans[-1][0])
        if "、" in match.group() or _LIKE < ratio < 1 / _LIKE:  # 建设和美家园: 和 joins nothing
            yield Row(start, end, len(spans))


_LEAST_ITEM = 2  # characters
_TELLS = pattern("分别|[增下][长降]|[0-9]%")
_LIKE = 0.39  # share of the length of the other that each of two has that stand side by side


def _split_end(start: int, end: int, text: str) -> list[tuple[int, int]]:
    """The last of a row's pieces, in two where 和 stands in it: 费用支付和结果查询."""
    joined = [m for m in _AND.finditer(text, start, end) if m.start() - start > 1 and end - m.end() > 1]
    inside = [m for m in joined if text.count("“", start, m.start()) == text.count("”", start, m.start())]
    if not inside:
        return [(start, end)]
    return [(start, inside[0].start()), (inside[0].end(), end)]


def _begin(start: int, end: int, text: str, usual: float, *, quoted: bool) -> int | None:
    """Where the first of a row begins, behind the words that lead up to it; None: not to be told."""
    if quoted and (mark := max(text.rfind("“", start, end), text.rfind("《", start, end))) >= 0:
        return mark
    cuts = [cut.end() for p in (BEGINS, _HOLDS) for cut in p.finditer(text, start, end) if end - cut.end() > 1]
    if not start or text[start - 1] in "，,。；;：:“（(!！?？\n":
        cuts.append(start)
    return min(cuts, key=lambda cut: (abs(end - cut - usual), -cut), default=None)


def _end(start: int, end: int, text: str, usual: float) -> int:
    """Where the last of a row ends, before the words that follow it."""
    if text[start] in "“《":
        return min((p + 1 for mark in "”》" if (p := text.find(mark, start, end)) >= 0), default=end)
    etcetera = text.find("等", start, end)
    if etcetera > start + 1 and re.match(MANY, text[etcetera + 1 : end]):
        return etcetera
    if etcetera > start + 1:
        after = BEGINS.search(text, etcetera + 2, end)
        return after.start() if after else end
    cuts = [cut.start() for p in (BEGINS, _STOPS) for cut in p.finditer(text, start + 2, end)]
    return min((*cuts, end), key=lambda cut: (abs(cut - start - usual), cut))
