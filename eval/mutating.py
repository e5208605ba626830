"""Claims made from a report by rule, changed ones and faithful ones, and what the checker says of them.

A changed claim says what the report does not: another figure, unit, magnitude, qualifier, direction, rank or year, the
figure or the noun of a neighbour, or a negation; twisted ones are those of `eval.twisting`. A faithful one says the
same in other words: another order, another way to write the number, a verb that means the same, a rounding that people
accept. The rules are those of the language and know nothing of how claims are checked; the seed is fixed, so that the
same report gives the same claims.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from eval.rephrasing import FAITHFUL, rephrased
from eval.statements import DIGITS, Base, Mutation, bare, bases, pairs, replaced, without_figures
from eval.twisting import TWISTED, twisted
from index.figures import Figure, Kind, LedgerEntry, Qualifier, Role, ledger

if TYPE_CHECKING:
    from qa.pipeline import Parts


CHANGED = ("figure", "unit", "magnitude", "qualifier", "direction", "neighbour", "borrowed", "rank", "year", "negation")


@dataclass(frozen=True)
class MutationResult:
    """How a checker did: counts of (kind, true verdict, verdict given), and the claims that it got wrong."""

    counts: Counter[tuple[str, str, str]]
    wrong: tuple[tuple[Mutation, str], ...]

    def number(self, label: str) -> int:
        """How many claims are truly `label`."""
        return sum(count for (_, true, _), count in self.counts.items() if true == label)

    def recall(self, label: str) -> float:
        """Share of the claims that are truly `label` and were called so."""
        right = sum(count for (_, true, given), count in self.counts.items() if true == given == label)
        return right / (self.number(label) or 1)

    @property
    def refuted_called_supported(self) -> int:
        """The error that must not happen."""
        return sum(c for (_, true, given), c in self.counts.items() if true != "supported" == given)


def run_mutations(parts: "Parts", seed: int = 0) -> MutationResult:
    """Make the claims of every document of an index and have each one checked."""
    counts: Counter[tuple[str, str, str]] = Counter()
    wrong: list[tuple[Mutation, str]] = []
    for mutation in make_mutations([parts.index.passage(position).text for position in range(len(parts.index))], seed):
        given = parts.checker.check_claim(mutation.claim).verdict.value
        counts[mutation.kind, mutation.label, given] += 1
        if given != mutation.label and not (mutation.label == "twisted" and given != "supported"):
            wrong.append((mutation, given))
    return MutationResult(counts, tuple(wrong))


def make_mutations(sentences: Sequence[str], seed: int = 0) -> list[Mutation]:
    """Make changed and faithful claims from the sentences of a report, no claim twice."""
    rng = random.Random(seed)
    everything = "\n".join(sentences)
    made: dict[str, Mutation] = {}
    for number, sentence in enumerate(sentences):
        around = "".join(sentences[max(0, number - 3) : number + 4])
        others = [other for other in sentences if other != sentence]
        for base in bases(sentence):
            if _has_twin(base, others):
                continue
            for mutation in (*_changed(base, sentence, around, rng), *rephrased(base, rng), *twisted(base)):
                if mutation.claim not in made and (mutation.label == "supported" or mutation.claim not in everything):
                    made[mutation.claim] = mutation
    return list(made.values())


def _has_twin(base: Base, others: Sequence[str]) -> bool:
    """Whether another sentence speaks of the same thing, as a plan does of last year's figures: what is changed may be
    true of that one."""
    pairs = set(re.findall("(?=([一-鿿]{2}))", without_figures(base.last)))
    return any(2 * sum(pair in other for pair in pairs) >= len(pairs) for other in others) if pairs else True


# --- changed claims --------------------------------------------------------------------------------------------------


def _changed(base: Base, sentence: str, around: str, rng: random.Random) -> Iterator[Mutation]:
    def mutation(kind: str, claim: str) -> Mutation:
        return Mutation(kind, claim, base.text, "refuted")

    for entry in base.entries:
        figure = entry.figure
        if figure.kind is Kind.RANK:
            for text in _other_ranks(figure, [e for e in ledger(base.text) if e.figure.kind is Kind.RANK]):
                yield mutation("rank", replaced(base, figure, text))
            continue
        if figure.kind is Kind.RATIO or figure.value is None or not re.search("[0-9]", figure.text):
            continue
        for text in _other_numbers(figure, rng):
            yield mutation("figure", replaced(base, figure, text))
        for text in _other_units(figure, rng):
            yield mutation("unit", replaced(base, figure, text))
        for text in _other_magnitudes(figure):
            yield mutation("magnitude", replaced(base, figure, text))
        for text in _other_qualifiers(figure):
            yield mutation("qualifier", replaced(base, figure, text))
        for text in _borrowed(figure, sentence, around, rng):
            yield mutation("borrowed", replaced(base, figure, text))
    for first, second in pairwise(base.entries):
        for text in _neighbours(base, first, second):
            yield mutation("neighbour", text)
    for text in _turned(base):
        yield mutation("direction", text)
    for text in _other_years(base):
        yield mutation("year", text)
    for text in _negated(base, rng):
        yield mutation("negation", text)


def _other_numbers(figure: Figure, rng: random.Random) -> Iterator[str]:
    """Clearly another number; a lower bound is only raised (超过70 leaves 超过50 true), an upper one only lowered."""
    written = DIGITS.search(figure.text)
    if written is None:
        return
    number = Decimal(written.group())
    up = figure.qualifier in (Qualifier.MORE, Qualifier.AT_LEAST)
    down = figure.qualifier is Qualifier.AT_MOST
    for factor in rng.sample(["0.4", "0.7", "1.3", "1.6", "2.4"], 4):
        if (up and factor < "1") or (down and factor > "1"):
            continue
        places = len(written.group().partition(".")[2])
        other = (number * Decimal(factor)).quantize(Decimal(1).scaleb(-places))
        if other == number or abs(other - number) < number / 5 or not other:
            continue
        if figure.kind is Kind.PERCENT and other > 100 and "率" in figure.text:
            continue
        yield figure.text[: written.start()] + f"{other:f}" + figure.text[written.end() :]


_OTHER_UNITS = pairs(
    """
    个:类 项:类 类:条 条:类 家:类 件:类 件次:家 次:小时 路:公里 台:类 处:类 人次:家 元:美元
    %:个百分点 百分点:% 公里:米 亩:平方米 吨:公斤 天:小时 分钟:小时 平方米:亩 张:类 座:类 所:类
    名:类 户:类 人:类 辆:类 立方米:升 场:类 米:公里 倍:% 小时:天 千瓦:瓦 个月:年
    """
)


def _other_units(figure: Figure, rng: random.Random) -> Iterator[str]:
    other = _OTHER_UNITS.get(figure.unit)
    written = {"百分点": "个百分点"}.get(figure.unit, figure.unit)
    if other and figure.text.rstrip("以上左右内").endswith(written):
        at = figure.text.rindex(written)
        yield figure.text[:at] + other + figure.text[at + len(written) :]


def _other_magnitudes(figure: Figure) -> Iterator[str]:
    """万 for 亿 and 亿 for 万, 万 where there is none, the decimal point one place on."""
    for one, other in (("亿", "万"), ("万", "亿"), ("万", "")):
        if one in figure.text:
            yield figure.text.replace(one, other, 1)
    written = DIGITS.search(figure.text)
    if written is None:
        return
    if "." in written.group():
        whole, _, rest = written.group().partition(".")
        moved = f"{whole}{rest[0]}.{rest[1:]}".rstrip(".").lstrip("0") or "0"
        yield figure.text.replace(written.group(), moved, 1)
    elif figure.kind in (Kind.COUNT, Kind.MONEY) and not re.search("[万亿千]", figure.text):
        if figure.qualifier is not Qualifier.MORE or figure.text[0] not in "0123456789":
            yield figure.text.replace(written.group(), written.group() + "万", 1)
        yield figure.text.replace(written.group(), written.group() + "0", 1)


def _other_qualifiers(figure: Figure) -> Iterator[str]:
    plain = bare(figure)
    if figure.kind is Kind.POINTS or figure.role is not Role.NONE:
        return
    match figure.qualifier:
        case Qualifier.MORE | Qualifier.AT_LEAST:
            yield f"不足{plain}"
            yield f"不到{plain}"
        case Qualifier.LESS | Qualifier.AT_MOST:
            yield f"超过{plain}"
            yield f"{plain}以上"
        case Qualifier.EXACT:
            yield f"不到{plain}"
            yield f"超过{plain}"
        case _:
            return


def _borrowed(figure: Figure, sentence: str, around: str, rng: random.Random) -> Iterator[str]:
    """The figure of another thing nearby, in the same unit and clearly another number."""
    others = [
        e.figure
        for e in ledger(around)
        if (e.figure.kind, e.figure.unit) == (figure.kind, figure.unit) and e.figure.value and _apart(e.figure, figure)
    ]
    texts = sorted({f.text for f in others if f.text not in figure.text})
    yield from rng.sample(texts, min(2, len(texts)))


def _apart(first: Figure, second: Figure) -> bool:
    """Whether two figures are so far apart that none is a rounding of the other."""
    a, b = first.value or Decimal(0), second.value or Decimal(0)
    if first.qualifier is not second.qualifier or not a or not b:
        return False
    return abs(a - b) > max(a, b) / 5 and not (first.qualifier is not Qualifier.EXACT and a < b)


def _neighbours(base: Base, first: LedgerEntry, second: LedgerEntry) -> Iterator[str]:
    """Two figures, or the two nouns that they count, in each other's place."""
    a, b = first.figure, second.figure
    if a.role is not Role.NONE or b.role is not Role.NONE or a.value == b.value or b.start < a.end:
        return
    if a.kind is not b.kind or a.end == b.start:
        return
    if a.unit == b.unit or {a.unit, b.unit} <= {"个", "项", "家", "条", "类", "件"}:
        yield base.text[: a.start] + b.text + base.text[a.end : b.start] + a.text + base.text[b.end :]
    nouns = [re.match("[一-鿿]{2,8}(?=[、和及，。的]|$)", base.text[f.end :]) for f in (a, b)]
    if a.unit == b.unit and nouns[0] and nouns[1] and nouns[0].group() != nouns[1].group():
        x, y = (f.end for f in (a, b))
        one, two = nouns[0].group(), nouns[1].group()
        yield base.text[:x] + two + base.text[x + len(one) : y] + one + base.text[y + len(two) :]


_DIRECTIONS = pairs(
    """
    增长:下降 下降:增长 提升:下降 提高:下降 增加(?!值):减少 减少:增加 上升:下降 压减:增加
    缩短:延长 压缩:延长 净增:净减 缩小:扩大 跃升:滑落 前移:后退
    """
)


def _turned(base: Base) -> Iterator[str]:
    for word, other in _DIRECTIONS.items():
        for match in re.finditer(word, base.text):
            after = base.text[match.end() : match.end() + 14]
            if base.entries and re.match("(?:[至到了为]{0,2})[^，。]{0,4}[0-9]", after):
                yield base.text[: match.start()] + other + base.text[match.end() :]
    pair = [e.figure for e in base.entries if e.figure.role is not Role.NONE]
    if len(pair) == 2 and pair[0].role is Role.FROM:
        a, b = pair
        yield base.text[: a.start] + b.text + base.text[a.end : b.start] + a.text + base.text[b.end :]


def _other_ranks(figure: Figure, ranks: Sequence[LedgerEntry]) -> Iterator[str]:
    written = re.search("[0-9]+|[一二三四五六七八九十百]+", figure.text)
    if written is None or figure.text.startswith("首") or figure.unit not in ("名", "位", "强"):
        return
    best = int(figure.value or 0)
    if figure.qualifier is Qualifier.AT_MOST and any(e.figure.qualifier is Qualifier.EXACT for e in ranks):
        return  # 第9位 leaves 前九 true as well as 前十
    for other in sorted({1, 2, 3, 4, 7, 9} - {best}):
        if figure.qualifier is Qualifier.AT_MOST and other >= best:
            continue  # 前5名 leaves 前7名 true
        digits = str(other) if written.group().isdigit() else "零一二三四五六七八九"[other]
        yield figure.text[: written.start()] + digits + figure.text[written.end() :]


def _other_years(base: Base) -> Iterator[str]:
    """Another year where the report itself writes one."""
    for match in re.finditer("(20[0-9]{2})(?=年)", base.text):
        for step in (-1, 1, 2):
            yield base.text[: match.start()] + str(int(match.group()) + step) + base.text[match.end() :]


_VERBS = [
    "接入",
    "整合",
    "归集",
    "建成",
    "实现",
    "开放",
    "吸引",
    "召开",
    "完成",
    "打造",
    "出台",
    "印发",
    "举办",
    "获评",
    "进入",
    "开展",
    "提供",
    "开发",
    "部署",
    "纳入",
    "汇入",
    "入榜",
    "破解",
    "创建",
    "受理",
    "修复",
    "改造",
    "新增",
    "新建",
    "引进",
    "建设",
    "发放",
    "获得",
    "推出",
    "启动",
    "成立",
    "组建",
    "设立",
    "培育",
    "覆盖",
    "达到",
    "推动",
    "支持",
    "打通",
    "梳理",
    "构建",
    "落实",
    "收集",
    "办结",
    "审核",
    "搭建",
    "出版",
    "加固",
    "修编",
    "转移",
    "举行",
    "通过",
    "投产",
    "开通",
    "通车",
    "盘活",
    "接待",
    "办理",
    "清理",
    "制定",
    "入选",
    "位列",
    "结束",
]
_DENIED = re.compile("未|不|没|无|非|零")


def _negated(base: Base, rng: random.Random) -> Iterator[str]:
    """A negation before the first verb of the last clause."""
    if _DENIED.search(base.last):
        return
    at = len(base.text) - 1 - len(base.last)
    places = [at + m.start() for verb in _VERBS for m in re.finditer(verb, base.last)]
    # A verb inside a name, after 的 or before it, or after another verb, is not what the clause says.
    places = [
        p
        for p in places
        if base.text[p - 1 : p] not in tuple("的“《和与、化")
        and base.text[:p].count("“") == base.text[:p].count("”")
        and base.text[:p].count("《") == base.text[:p].count("》")
        and base.text[p + 2 : p + 3] not in tuple("的率额量费")
    ]
    if not places:
        return
    p = min(places)
    for word in rng.sample(["没有", "未", "尚未", "并未"], 2):
        yield base.text[:p] + word + base.text[p:]


# --- from the command line -------------------------------------------------------------------------------------------


def render(result: MutationResult) -> str:
    """Draw a result for a terminal: what became of each kind, then the bars."""
    lines = [f"{'kind':<12}{'true':<12}{'supported':>10}{'refuted':>10}{'not enough':>12}"]
    for label, kinds in (("refuted", CHANGED), ("twisted", TWISTED), ("supported", FAITHFUL)):
        for kind in kinds:
            row = [result.counts[kind, label, given] for given in ("supported", "refuted", "not_enough_info")]
            lines.append(f"{kind:<12}{label:<12}{row[0]:>10}{row[1]:>10}{row[2]:>12}")
    lines.append(
        f"{result.number('refuted')} changed, recall {result.recall('refuted'):.3f}; "
        f"{result.number('twisted')} twisted; of both {result.refuted_called_supported} called supported; "
        f"{result.number('supported')} faithful: "
        f"recall {result.recall('supported'):.3f}"
    )
    return "\n".join(lines)


def main() -> None:
    """Check the claims made from the reports of an index: python -m eval.mutating [INDEX] [--wrong]."""
    from pathlib import Path

    import typer

    from qa.config import Settings
    from qa.pipeline import load_parts

    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("--")]
    parts = load_parts(Settings(index=folders[0]) if folders else Settings())
    result = run_mutations(parts)
    if "--wrong" in sys.argv:
        for mutation, given in result.wrong:
            typer.echo(f"{mutation.kind}: {mutation.claim} | {mutation.label}, called {given} | {mutation.original}")
    typer.echo(render(result))


if __name__ == "__main__":
    main()
