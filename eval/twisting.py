"""Claims that twist a statement of a report as spin does: its figures and words stand, and yet it is not what was said.

Another month, 新增 for 增至, 可以 for 不得, 已 for 力争, 超过五成 of 45.8%, the city for its own offices, a part for
all. A twisted claim may be refuted or left open; it must never be called supported.
"""

import math
import re
from collections.abc import Iterator
from decimal import Decimal

from eval.statements import Base, Mutation, replaced
from index.figures import Kind, Qualifier, Role

TWISTED = ("month", "reached", "bound", "plan", "threshold", "level", "part")


def twisted(base: Base) -> Iterator[Mutation]:
    """Make the twisted claims of a statement."""
    for kind, claims in (
        ("month", _other_months(base.text)),
        ("reached", _exchanged(base.text, _REACHED)),
        ("bound", _exchanged(base.text, _BOUND)),
        ("plan", _exchanged(base.text, _PLAN)),
        ("threshold", _other_thresholds(base)),
        ("level", _exchanged(base.text, _LEVEL)),
        ("part", _exchanged(base.text, _PART)),
    ):
        for claim in claims:
            yield Mutation(kind, claim, base.text, "twisted")


def _other_months(text: str) -> Iterator[str]:
    for match in re.finditer("(?<![0-9每])(?:1[0-2]|[1-9])(?=月(?![均活度薪租内期]))", text):
        for step in (4, 7):
            yield text[: match.start()] + str((int(match.group()) + step - 1) % 12 + 1) + text[match.end() :]


def _rows(rows: str) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(one), other) for one, other in (row.split("→") for row in rows.split())]


_NUMBER = "(?=[^，。；、（第]{0,6}[0-9])"
_REACHED = _rows(
    f"""
    增至{_NUMBER}→新增 (?:增加|增长|扩大|发展|提高|上升)[到至]{_NUMBER}→增加了
    累计(?:达到?|建成|完成)?{_NUMBER}→当年新增
    总数(?:达到?|突破)?{_NUMBER}→新增 新增(?!长){_NUMBER}→累计达到 净增{_NUMBER}→总数达到
    (?:缩短|压缩|压减|下降|减少|降)[到至]{_NUMBER}→减少了
    """
)
_BOUND = _rows(
    """
    不得(?!不)→可以 必须→不必 须(?=[提经先在])→不必 有权→无权 禁止→允许 严禁→允许 无需→必须 无须→必须 不必→必须
    免费→收费 不再(?=收|要|需|受|是)→仍然 不收→仍收 允许→禁止 应当→不必 可(?=[申享领到在直])→不得 一律(?!不)→不必
    """
)
_PLAN = _rows(
    """
    力争→已经 (?<![规策])计划(?=[新建完引改到在开启])→已经 拟(?=[建新面在于])→已 将(?=新|建|完成|推|开|继续|启)→已经
    打算→已经
    已(?=[建完全经在有发达成投办])→计划
    """
)
_LEVEL = _rows("市本级→全市 全市→全省 全省→全国 全县→全市 全区→全市 省级→国家级 市级→省级 县级→市级 全国→全球")
_PART = _rows(
    "全部→部分 均(?=[已为达实完])→只有少数 所有→部分 部分(?![地门])→全部 首个→第二个 首次→再次 首家→第二家 唯一→又一"
)


def _exchanged(text: str, rows: list[tuple[re.Pattern[str], str]]) -> Iterator[str]:
    """A text with one word after the other in its place, not within a name."""
    for pattern, other in rows:
        for match in pattern.finditer(text):
            before = text[: match.start()]
            if before.count("“") == before.count("”") and before.count("《") == before.count("》"):
                yield before + other + text[match.end() :]


_DIGITS = "零一二三四五六七八九"
_CLEAR = Decimal(2)  # points between a share and the threshold that it misses


def _other_thresholds(base: Base) -> Iterator[str]:
    """超过五成 and 不足四成 of 45.8%."""
    for entry in base.entries:
        figure = entry.figure
        if figure.kind is not Kind.PERCENT or figure.qualifier is not Qualifier.EXACT or figure.value is None:
            continue
        if figure.role is not Role.NONE or not 10 < figure.value < 90 or not figure.text.endswith("%"):
            continue
        over, under = math.ceil((figure.value + _CLEAR) / 10), math.floor((figure.value - _CLEAR) / 10)
        if over < 10:
            yield replaced(base, figure, f"超过{_DIGITS[over]}成")
        if under:
            yield replaced(base, figure, f"不足{_DIGITS[under]}成")
