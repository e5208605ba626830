"""Claims that say the same as a statement of a report in other words: another way to write the number, another order, a
verb that means the same, a rounding that people accept."""

import random
import re
from collections.abc import Iterator
from decimal import Decimal

from eval.statements import DIGITS, Base, Mutation, bare, pairs, replaced
from index.figures import Figure, Kind, Qualifier, Role

FAITHFUL = ("numeral", "scale", "comma", "width", "rounding", "verb", "order", "frame")


def rephrased(base: Base, rng: random.Random) -> Iterator[Mutation]:
    """Make the faithful claims of a statement."""

    def mutation(kind: str, claim: str) -> Mutation:
        return Mutation(kind, claim, base.text, "supported")

    for entry in base.entries:
        figure = entry.figure
        written = DIGITS.search(figure.text)
        if written is None or figure.value is None or figure.kind in (Kind.RATIO, Kind.RANK):
            continue
        for kind, text in _rewritten(figure, written):
            yield mutation(kind, replaced(base, figure, text))
        for text in _rounded(figure, written):
            yield mutation("rounding", replaced(base, figure, text))
        ordered = _reordered(base, figure)
        if ordered is not None:
            yield mutation("order", ordered)
    for text in _other_verbs(base, rng):
        yield mutation("verb", text)
    if base.entries:
        yield mutation("width", base.text.translate(_FULL))
        for words in rng.sample(["报告显示，", "据介绍，", "报告提到，", "据了解，"], 2):
            yield mutation("frame", words + base.text)


_FULL = str.maketrans("0123456789%,", "０１２３４５６７８９％，")
_NUMERALS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """Write a whole number from 1 to 99,999,999 in Chinese characters.

    >>> chinese(1018), chinese(11918), chinese(20)
    ('一千零一十八', '一万一千九百一十八', '二十')
    """
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return chinese(number // 10_000) + "万" + gap + (chinese(rest) if rest else "")
    text, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if gap and text else "") + _NUMERALS[digit] + name
        gap = not digit
    return text[1:] if text.startswith("一十") else text


def _rewritten(figure: Figure, written: re.Match[str]) -> Iterator[tuple[str, str]]:
    """The same number in characters, in another scale, with thousands separators."""
    number, before, after = written.group(), figure.text[: written.start()], figure.text[written.end() :]
    whole = "." not in number
    if figure.kind is Kind.PERCENT and after.startswith("%"):
        spoken = chinese(int(number.partition(".")[0])) if int(number.partition(".")[0]) else "零"
        if not whole:
            spoken += "点" + "".join(_NUMERALS[int(digit)] for digit in number.partition(".")[2])
        spoken = "一百" if spoken == "一百" else spoken
        yield "numeral", before + ("百分之百" if number == "100" else f"百分之{spoken}") + after[1:]
        return
    if whole and figure.kind in (Kind.COUNT, Kind.MONEY) and not re.match("[0-9.,]", after):
        if int(number) != 2:
            yield "numeral", before + chinese(int(number)) + after
        if len(number) > 3:
            yield "comma", f"{before}{int(number):,}{after}"
    if after.startswith("亿"):
        yield "scale", f"{before}{(Decimal(number) * 10_000).normalize():f}万{after[1:]}"
    elif after.startswith("万"):
        plain = Decimal(number) * 10_000
        if plain == plain.to_integral_value() and figure.qualifier is Qualifier.EXACT:
            yield "scale", f"{before}{int(plain)}{after[1:]}"
        if plain >= 10_000_000:
            yield "scale", f"{before}{(Decimal(number) / 10_000).normalize():f}亿{after[1:]}"
    elif whole and len(number) > 4 and figure.qualifier is Qualifier.EXACT:
        yield "scale", f"{before}{(Decimal(number) / 10_000).normalize():f}万{after}"


def _rounded(figure: Figure, written: re.Match[str]) -> Iterator[str]:
    """About the leading digits, a little more than these, nearly the next: what people say for an exact number."""
    number, after = written.group(), figure.text[written.end() :]
    if figure.role is not Role.NONE or written.start() or figure.upper is not None:
        return
    if figure.qualifier is Qualifier.EXACT and figure.kind in (Kind.COUNT, Kind.MONEY) and number.isdigit():
        value, step = int(number), 10 ** (len(number) - 2)
        if len(number) < 3 or value % step == 0:
            return
        low = value // step * step
        if (value - low) * 2 < step:
            yield f"约{low}{after}"
        yield f"超过{low}{after}"
        if not re.match("[万亿]", after):
            yield f"{low}多{after}"
        if (low + step - value) * 2 < step:
            yield f"近{low + step}{after}"
    elif figure.qualifier is Qualifier.LESS or (figure.qualifier is Qualifier.MORE and "以上" not in figure.text):
        plain = bare(figure)
        yield f"约{plain}"


_NAMED_VERBS = [
    "接入",
    "整合",
    "归集",
    "建成",
    "开放",
    "吸引",
    "召开",
    "部署",
    "开发",
    "建设",
    "新增",
    "引进",
    "改造",
    "提供",
    "审核",
    "受理",
    "修复",
    "纳入",
    "新建",
    "举办",
    "发放",
    "完成",
]


def _reordered(base: Base, figure: Figure) -> str | None:
    """接入41个单位 → 接入的单位有41个."""
    after = re.match("(?P<noun>[一-鿿]{2,8})。$", base.text[figure.end :])
    before = base.text[: figure.start]
    verb = next((verb for verb in _NAMED_VERBS if before.endswith(verb)), None)
    if after is None or verb is None or figure.qualifier is Qualifier.AT_MOST:
        return None
    return f"{before}的{after['noun']}有{figure.text}。"


_SAME_VERBS = pairs(
    """
    接入:连接 整合:汇聚 归集:汇集 建成:建设完成 召开:举行 吸引:引来 打造:建设 出台:发布 印发:下发
    举办:主办 部署:安装 开发:研发 提供:供给 受理:接收 梳理形成:归纳出 纳入:列入 入榜:上榜 审核:审查
    提升至:上升到 获评:被评为 实现:做到 改造:翻新 新建:新修建 引进:招引 达到:达 增长:增加 减少:下降
    启动:开始 成立:设立 组建:成立 发放:下发 收集:征集 办结:办理完毕 建立:设立 盘活:激活 推动:促进
    破解:化解
    """
)


def _other_verbs(base: Base, rng: random.Random) -> Iterator[str]:
    """Another verb for the first one that the last clause has; names and quotations stay as they are."""
    at = len(base.text) - 1 - len(base.last)
    for verb, other in _SAME_VERBS.items():
        p = base.text.find(verb, at)
        quoted = base.text[:p].count("“") != base.text[:p].count("”") or base.text[:p].count("《") > base.text[
            :p
        ].count("》")
        if p >= 0 and not quoted and base.text[p + len(verb) : p + len(verb) + 1] not in tuple("率额量费"):
            yield base.text[:p] + other + base.text[p + len(verb) :]
