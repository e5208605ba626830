"""Does a figure that a claim states follow from those of a sentence?

    提高10.9个百分点        the difference of 84.6% and 95.5%
    没通过的6人             what is left of 118人 without 112人; 不合格的不到1% of 合格率99.3%
    四分之一               the share of 6个 in 24个; 合起来占三成多 the sum of three shares
    甲类是乙类的三倍         one figure over another; 翻一番 of 由500元提高到1000元
    上一年排第7位           what 第4位 was before 较上年前进3位

A difference that is not the sentence's is a fault; anything else that does not follow is left to the other rules.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise, permutations

from index.figures import Direction, Figure, Kind, LedgerEntry, Qualifier, Role, read_figures, same_value, supports
from qa import prompts
from qa.answers.reckoning import change_of, is_change, turns, undone
from qa.language.covering import cover, heavy, lacking, names
from qa.language.picking import ledger, units_alike
from qa.language.subjects import (
    ALIKE,
    Finding,
    Outcome,
    Source,
    clause_before,
    grows,
    noun_of,
    role_of,
    without_figures,
)
from qa.questions.arithmetic import ADDED

_NAMED = 0.5  # share of what a change is of that a claim must name
_HIGHER = re.compile(
    "便宜|砍|[上下]调|前移|前进|进了|快|慢|早|晚|长|短|省|挣|剩|尚|没|未|推|高出?|低|多|少|升|降|涨|跌|增加|提高|提升|相差|差|上升|下降|扩大|缩小|缩短"
)


def compute(stated: LedgerEntry, claim: str, sources: Sequence[Source]) -> Finding | None:
    """What a claim's figure is worked out of, in the sentences nearest to it; None where nothing of that is meant."""
    figure = stated.figure
    before = claim[max(0, figure.start - 8) : figure.start]
    after = re.split("[，,；;。]", claim[figure.end :])[0]
    amount = figure.kind in (Kind.COUNT, Kind.MONEY)
    ways: list[Way] = []
    if figure.kind is Kind.POINTS or (amount and (_HIGHER.search(before) or _LACKS.search(after))):
        ways += [_difference, _gap]
    if amount or figure.kind in (Kind.RANK, Kind.PERCENT):
        ways.append(_former)
    if figure.kind is Kind.PERCENT:
        ways.append(_rest)
    if figure.kind is Kind.PERCENT and re.search("分之|半|成", figure.text):
        ways += [_share, _named_share, _part, _changed, _total]
    if figure.kind is Kind.MULTIPLE:
        ways += [_times, _changed] if figure.direction is Direction.NONE else [_doubled, _growth]
    for source in sources[:3]:
        found = next((found for way in ways if (found := way(figure, claim, ledger(source.text), source))), None)
        others = [one for one in sources if one is not source]
        if found is not None and (found.outcome is Outcome.AGREES or not _is_told(stated, claim, others)):
            return replace(found, follows=found.outcome is Outcome.AGREES)
    return None


def _is_told(stated: LedgerEntry, claim: str, sources: Sequence[Source]) -> bool:
    """Whether one of the other sentences gives a claim's figure, or its gap is to another thing: no sum is meant."""
    figure = stated.figure
    if re.search("比(?!上一?年|去年|前年|同期|原|以前|过去|年初|20)[^，,；;]{2,}$", claim[: figure.start]):
        return True
    told = (e.figure for source in sources for e in ledger(source.text))
    return figure.kind is not Kind.POINTS and any(
        same_value(one, figure) and one.unit == figure.unit and one.kind is figure.kind for one in told
    )


Way = Callable[[Figure, str, Sequence[LedgerEntry], Source], Finding | None]


def _clause_of(figure: Figure, claim: str) -> str:
    """The clause of a claim that a figure stands in, with a break in its place."""
    return f"{re.split('[，,；;。]', claim[: figure.start])[-1]}，{re.split('[，,；;。]', claim[figure.end :])[0]}"


def _difference(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    if any(e.figure.kind is figure.kind and same_value(e.figure, figure) for e in entries):
        return None  # the sentence states it
    if re.search("[到至为]了?$", claim[: figure.start]):
        return None  # where it went to, and not by how much
    if figure.kind is not Kind.POINTS and _STILL.search(_clause_of(figure, claim)):
        return None  # what is left is no change
    for first, second in turns(source.text):
        if _is_of_another(first, claim, source.text):
            continue
        a, b = first.figure, second.figure
        if a.value is None or b.value is None:
            continue
        kind = {Kind.PERCENT: Kind.POINTS, Kind.RANK: Kind.COUNT}.get(a.kind, a.kind)
        if figure.kind is not kind or (kind is not Kind.POINTS and a.unit != figure.unit):
            continue
        named = names(noun_of(first)[-4:], claim) >= _NAMED
        if not named and cover(without_figures(claim), source.text).share < _TOLD:
            continue
        value, unit = abs(b.value - a.value), "百分点" if kind is Kind.POINTS else a.unit
        result = replace(figure, value=value, unit=unit, qualifier=Qualifier.EXACT, direction=Direction.NONE)
        turned, same = _turned(claim, figure, a, b), supports(result, replace(figure, direction=Direction.NONE))
        if same and not turned:
            return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=b)
        if not named or not (role_of(first) is Role.FROM and role_of(second) is Role.TO):
            continue
        shown = f"{value.normalize():f}{'个百分点' if kind is Kind.POINTS else unit}"
        phrase = prompts.DIFFERENT_DIRECTION if same else prompts.DIFFERENT_VALUE
        told = phrase.format(stated=figure.text, right=f"{shown}（{a.text} → {b.text}）")
        return Finding(figure, Outcome.DIFFERS, shown, told, (source.number,), b)
    return None


_STILL = re.compile("还有|还剩|尚有|剩下|没有|尚未|未")


def _is_of_another(entry: LedgerEntry, claim: str, text: str) -> bool:
    """Whether a claim names what another change of a sentence is of, and not what this one is: 初中 of 小学."""
    own, *others = (
        re.sub("(?:[由从]|每[年月人天]|标准|[:：])+$", "", text[: first.figure.start])[-2:]
        for first in (entry, *(one for one, _ in turns(text) if one.figure.start != entry.figure.start))
    )
    return own not in claim and any(other in claim for other in others)


_YEAR_AGO = re.compile("(?:上一?年|前一年)(?!相?比)|一年前|此前一年")


def _former(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    """上一年排第7位 of 列第4位，较上年前进3位; None where it is not so."""
    clause = _clause_of(figure, claim)
    named = {int(year) for year in re.findall("(20[0-9]{2})年", clause)}
    base = {int(year) for year in re.findall("[比较]上?(20[0-9]{2})年", source.text)}
    ago = any(year + 1 in source.years and (year not in source.years or year in base) for year in named)
    if not (ago or _YEAR_AGO.search(clause) or re.match("一年前|上一?年", claim)) or re.search(
        "比|较|增|减|升|降|涨|跌", claim[: figure.start][-8:]
    ):
        return None
    for level in entries:
        if level.figure.kind is not figure.kind or level.figure.kind is Kind.DATE or is_change(level):
            continue
        change = change_of(level, source.text)
        total = undone(level.figure, change.figure) if change is not None else None
        before = next(iter(read_figures(total.result)), None) if total is not None else None
        if before is None or not supports(before, figure):
            continue
        if cover(without_figures(claim), source.held).share >= _TOLD:
            return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=level.figure)
    return None


_DENIED = "(?:不|没有?|未|没能|未能)(?:被|得到)?"
_RATED = re.compile("(?P<what>[一-鿿]{2})率")


def _rest(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    """不合格的不到1% of 合格率99.3%; None where it is not so."""
    clause = _clause_of(figure, claim)
    for entry in entries:
        rated = _RATED.search(entry.subject[-6:]) if entry.figure.kind is Kind.PERCENT else None
        if rated is None or entry.figure.value is None or rated["what"] not in source.text:
            continue
        if not re.search(_DENIED + rated["what"], clause) or re.search("[不未]" + rated["what"], entry.subject):
            continue
        result = replace(figure, value=100 - entry.figure.value, qualifier=Qualifier.EXACT, upper=None)
        if supports(result, figure) and cover(without_figures(claim), source.held).share >= _TOLD:
            return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=entry.figure, left=True)
    return None


_TOLD = 0.5  # share of a claim's words that a sentence must hold for one of its sums to be meant
_LACKS = re.compile("没|未|尚|还有|不(?!到|足|超|少于|多于)|剩|余")
_BEYOND = re.compile("多出?了?，|超出|超过了?，|少了?，|差了?，|缺")


def _gap(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    """没通过的6人 of 参考118人，通过112人, 比任务多65户 of 计划800户，实际865户; None where it is not so to the digit.

    Of many figures two may lie nearly so far apart by chance.
    """
    clause = _clause_of(figure, claim)
    if figure.qualifier is not Qualifier.EXACT or figure.value is None or figure.value < 2:
        return None
    told = next((e for e in entries if same_value(e.figure, figure) and e.figure.unit == figure.unit), None)
    if cover(without_figures(claim), source.text).share < _TOLD:
        return None
    lacks, beyond = _LACKS.search(clause), _BEYOND.search(clause)
    if told is not None:  # 剩余3件
        left = lacks is not None and re.search("[剩余]", clause_before(told)[-3:]) is not None
        found = Finding(figure, Outcome.AGREES, sources=(source.number,), figure=told.figure, left=True)
        return found if left else None
    counts = [e for e in entries if e.figure.kind is figure.kind and e.figure.unit == figure.unit and e.figure.value]
    for first, second in pairwise(counts):
        a, b = first.figure, second.figure
        if Qualifier.EXACT is not a.qualifier or a.qualifier is not b.qualifier or a.direction is not b.direction:
            continue
        gap = (a.value or Decimal(0)) - (b.value or Decimal(0))
        done = names(clause_before(second)[-4:], clause) >= ALIKE
        more = re.search("多|超", beyond.group()) is not None if beyond else False
        meant = gap > 0 if lacks else beyond is not None and (gap < 0) is more
        after = re.split("[，,；;。]", source.text[b.end :])[0]
        if lacks and _LACKS.search(after):
            continue  # 49座运行不正常 are themselves those that are not
        if done and meant and abs(gap) == figure.value and not _crossed(clause, first, second, gap > 0):
            return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=b, left=lacks is not None)
    return None


def _changed(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    """减少了三分之二 of 从9起降为3起, 原来的三倍 of 由1200人壮大到3650人; None where it is not so."""
    if cover(without_figures(claim), source.text).share < _TOLD:
        return None
    before = claim[max(0, figure.start - 8) : figure.start]
    for first, second in turns(source.text):
        a, b = first.figure, second.figure
        if {a.kind, b.kind} - {Kind.COUNT, Kind.MONEY} or a.unit != b.unit or not a.value:
            continue
        if names(noun_of(first)[-4:], claim) < _NAMED:
            continue
        if figure.kind is Kind.MULTIPLE:
            result = (
                (b.value or Decimal(0)) / a.value
                if re.search("原来的|原先的|以前的|过去的|[到至为是]", before)
                else None
            )
        else:
            fallen = (a.value - (b.value or Decimal(0))) / a.value * 100
            result = fallen if _DOWN.search(before) and fallen > 0 and not re.search("[到至为]", before) else None
            if re.search("只有|仅为?|相当于|[到至为是]$", before) and _YEAR_AGO.search(claim):
                result = 100 - fallen  # 花的时间只有上年的一半
        if result is None:
            continue
        near = replace(figure, value=result, qualifier=Qualifier.EXACT, upper=None, direction=Direction.NONE)
        if supports(near, replace(figure, direction=Direction.NONE)):
            return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=b)
    return None


def _crossed(clause: str, first: LedgerEntry, second: LedgerEntry, higher: bool) -> bool:
    """Whether a claim that compares two things calls the one more that is less, or leaves open which is which.

    `higher`: whether the first figure is the higher one.
    """
    compared = re.search("(?P<a>.+)比(?P<b>[^，]+)(?P<way>[多高超少低差])", clause)
    if compared is None:
        return False

    def leaning(entry: LedgerEntry) -> float:
        own = f"{clause_before(entry)[-6:]} {entry.figure.counted[:4]}"
        return names(own, compared["a"]) - names(own, compared["b"])

    more, less = (first, second) if higher else (second, first)
    said, other = (more, less) if compared["way"] in "多高超" else (less, more)
    return leaning(said) <= leaning(other)


_UP = re.compile("升|涨|增|提高|高|扩|多|上调|延长|前移|前进")
_DOWN = re.compile("砍|省|降|跌|减|下滑|回落|低(?![保收])|缩|少|下调|便宜")


def _turned(claim: str, figure: Figure, a: Figure, b: Figure) -> bool:
    """Whether a claim lets fall what rises, or rise what falls, by the last word for it before its figure."""
    said = falls(re.split("[，,；;。]", claim[: figure.start])[-1], a)
    rises = ((b.value or 0) > (a.value or 0)) is not (a.kind is Kind.RANK)  # 第3名 stands above 第17名
    if said is not None:
        return said is rises
    up, down = _UP.search(claim) is not None, _DOWN.search(claim) is not None
    return down and not up if rises else up and not down


_WAY = re.compile(f"(?P<up>{_UP.pattern})|(?P<down>{_DOWN.pattern})|(?P<fast>快)|(?P<slow>慢)")
_NO_WAY = re.compile("早高峰|晚高峰|高[速铁校中新层龄]|大厅|大约|大概|多种|多个|至少|最[多少高低大小]")
_SPANS = {"天", "小时", "分钟", "秒", "个月", "年", "工作日", "日"}


def falls(words: str, figure: Figure) -> bool | None:
    """Whether the last word for it lets something fall; None where none says which way it goes.

    快了三天 takes off from a span of time, 快了3公里 adds to a speed.
    """
    said = list(_WAY.finditer(_NO_WAY.sub("，", words)))
    if not said:
        return None
    if said[-1]["fast"] or said[-1]["slow"]:
        return (figure.unit in _SPANS) is bool(said[-1]["fast"])
    return bool(said[-1]["down"])


def _share(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    if re.search("(?:下降|增长|减少|提高|上升|增加)了?$", claim[: figure.start]):
        return None
    counts = [e.figure for e in entries if e.figure.kind is Kind.COUNT and e.figure.value]
    named = [e.figure for e in ledger(claim) if e.figure.kind is Kind.COUNT]
    for whole in counts:
        if not any(same_value(whole, one) for one in named) or re.match("[、，,]?占", source.text[whole.end :]):
            continue
        for entry in entries:
            part = entry.figure
            if part not in counts or not _is_the_part(entry, entries, claim, figure, whole):
                continue
            if part.unit == whole.unit and part.value and whole.value and part.value < whole.value:
                share = replace(figure, value=part.value / whole.value * 100, qualifier=Qualifier.EXACT, upper=None)
                if supports(share, figure):
                    return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=part)
    return None


_NEARLY = Decimal("0.75")  # 30.6% is under a third, 5% is no news for it
_OF = re.compile(
    "(?P<under>不到|不足|不及)?(?P<over>超过|多于)?(?:占|到|只有|约为|为|是)?(?P<whole>[一-鿿]{2,14}?)(?:总数|总量|总额)?的?$"
)


def _named_share(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    """放款不到综合资金的三分之一, by the figures of both; None where it is not so."""
    clause = re.split("[，,；;]", claim[: figure.start])[-1]
    of = re.search("(?:占|不到|不足|不及|超过|多于).*$", clause)
    match = _OF.fullmatch(of.group()) if of else None
    if of is None or match is None:
        return None
    under = bool(match["under"]) or figure.qualifier is Qualifier.LESS
    counts = [e for e in entries if e.figure.kind in (Kind.COUNT, Kind.MONEY) and e.figure.value]
    wholes = [e for e in counts if _names(e, match["whole"])]
    parts = [e for e in counts if e not in wholes and _names(e, claim[: figure.start - len(of.group())])]
    for whole in wholes:
        for part in parts:
            a, b = part.figure, whole.figure
            if a.unit != b.unit or not a.value or not b.value or a.value >= b.value:
                continue
            share = a.value / b.value * 100
            near = replace(figure, value=share, qualifier=Qualifier.EXACT, upper=None)
            below = under and figure.value is not None and _NEARLY * figure.value <= share < figure.value
            if below or (not under and not match["over"] and supports(near, figure)):
                return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=a)
    return None


def _part(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    """订单一半以上已交付, by 接到订单300个，交付200个; None where it is not so."""
    if cover(without_figures(claim).replace("率", "，"), f"{source.text}\n{source.headings}").share < _MOST:
        return None
    if any(e.figure.kind is Kind.PERCENT and not grows(e) for e in entries):
        return None  # the shares that it gives are told
    counts = [e for e in entries if e.figure.kind in (Kind.COUNT, Kind.MONEY) and e.figure.value]
    for whole, part in combinations(counts, 2):
        a, b = whole.figure, part.figure
        if not units_alike(a, b) or not a.value or not b.value or b.value >= a.value:
            continue
        near = replace(figure, value=b.value / a.value * 100, qualifier=Qualifier.EXACT, upper=None)
        spoken = min(cover(clause_before(e), claim).held for e in (whole, part))
        if spoken >= 2 and supports(near, figure) and _is_the_part(part, entries, claim, figure, a):
            return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=b)
    return None


def _is_the_part(part: LedgerEntry, entries: Sequence[LedgerEntry], claim: str, figure: Figure, whole: Figure) -> bool:
    """Whether of the figures of a whole the claim names this one, and no other rather: 企业 is no 个体工商户."""
    clause = claim[: figure.start] + re.split("[，,；;。]", claim[figure.end :])[0]
    others = [e for e in entries if e.figure not in (whole, part.figure) and units_alike(e.figure, part.figure)]
    own = _named_beside(part, clause)
    return own > 0 and own >= max((_named_beside(e, clause) for e in others), default=0.0)


def _named_beside(entry: LedgerEntry, clause: str) -> float:
    """Share of the pairs of characters just before a figure, cut at its neighbours too, that a clause has."""
    words = re.split("[、，,；;。0-9万亿]|其中", clause_before(entry))[-1] or entry.figure.counted[:6]
    pairs = {"".join(pair) for pair in pairwise(words)}
    return sum(pair in clause for pair in pairs) / (len(pairs) or 1)


_MOST = 0.7  # share of a claim's words that a sentence must hold for a share of its figures to be meant
_TIMES = re.compile("(?P<a>[^，,。]{2,}?)(?:的?数量)?(?:是|为|达到?|相当于|接近|超过|约)+(?P<b>[^，,。]{2,}?)的?$")


def _times(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    """甲类是乙类的三倍以上, by the figures of both; None where it is not so."""
    match = _TIMES.search(claim[: figure.start])
    if match is None or heavy(lacking(f"{match['a']}，{match['b']}", source.text)):
        return None
    counts = [e for e in entries if e.figure.kind in (Kind.COUNT, Kind.MONEY) and e.figure.value]
    for one, other in permutations(counts, 2):
        a, b = one.figure, other.figure
        there, here = (clause_before(e)[-8:] + e.figure.counted[:4] for e in (one, other))
        straight = names(match["a"], there) + names(match["b"], here)
        if (
            not units_alike(a, b)
            or not a.value
            or not b.value
            or straight <= names(match["a"], here) + names(match["b"], there)
        ):
            continue
        near = replace(figure, value=a.value / b.value, qualifier=Qualifier.EXACT, upper=None)
        if straight >= 2 * ALIKE and supports(near, figure):
            return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=a)
    return None


def _names(entry: LedgerEntry, words: str) -> bool:
    """Whether some words name in full what a figure of a report counts."""
    noun = noun_of(entry)[-4:]
    return len(noun) > 1 and names(noun, words) >= 1


def _doubled(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    """翻了一番 of 由500元提高到1000元; None where it is not so."""
    for was, now in turns(source.text):
        a, b = was.figure, now.figure
        if {a.kind, b.kind} - {Kind.COUNT, Kind.MONEY} or not a.value or not b.value or b.value <= a.value:
            continue
        if names(noun_of(was)[-4:], claim) < _NAMED:
            continue
        result = replace(figure, value=b.value / a.value - 1, qualifier=Qualifier.EXACT, upper=None)
        if supports(result, figure) and cover(without_figures(claim), source.text).share >= _TOLD:
            return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=b)
    return None


_TOGETHER = re.compile(f"{ADDED.pattern}|合计|一共|总共|共占")


def _total(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    """三类合起来占三成多 of 分别占14.2%、9.7%和8.3%; None where it is not so."""
    shares = [e.figure for e in entries if e.figure.kind is Kind.PERCENT and e.figure.value and not grows(e)]
    if not _TOGETHER.search(claim[: figure.start]) or len(shares) < 2 or "占" not in source.text:
        return None
    result = replace(figure, value=sum((f.value or Decimal(0) for f in shares), Decimal(0)), upper=None)
    if supports(replace(result, qualifier=Qualifier.EXACT), figure):
        return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=shares[0])
    return None


def _growth(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    """翻了一番 against 立项19项，比上年增加6项."""
    for now, more in pairwise([e for e in entries if e.figure.kind is not Kind.DATE]):
        a, b = now.figure, more.figure
        if (
            b.direction is Direction.NONE
            or b.direction is not figure.direction
            or a.unit != b.unit
            or a.kind is not b.kind
        ):
            continue
        if a.direction is not Direction.NONE or not a.value or not b.value or b.value >= a.value or not figure.value:
            continue
        if cover(noun_of(now), claim).share < ALIKE or cover(noun_of(now), claim).missing:
            continue
        grown = b.value / (a.value - b.value) if b.direction is Direction.UP else b.value / (a.value + b.value)
        result = replace(figure, value=grown.quantize(Decimal("0.01")), qualifier=Qualifier.EXACT, upper=None)
        if supports(result, figure):
            return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=b)
        if abs(grown - figure.value) < Decimal("0.1"):
            return None
        right = source.text[max(0, b.start - 2) : b.end]
        told = prompts.DIFFERENT_VALUE.format(stated=figure.text, right=f"{right}（{a.text}）")
        return Finding(figure, Outcome.DIFFERS, right, told, (source.number,), b)
    return None
