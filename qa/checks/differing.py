"""Does a figure that a claim states stand in a report, and how do the two differ where it does not?

A figure of the claim is held against the figure of the report that is said of the same thing: what is counted, the
subject, the year, the period, the place in 由A提升至B. Which figures support which is settled in
`index.figures.supports`; a few rules are added here:

* A bound is given as it is: 3岁以下 does not bear out 30岁以下, nor 0.5天 the claim 5天以内; 第3名 bears out 前5名.
* 件 and 件次 count the same; 人 and 人次 do not.
* A bound bears out a nearby one: 超过123万 says 120万以上 as well, 超过7.8亿 is no news for 超过1亿.

What follows from several figures (`qa.checks.computing`) is worked out first.

Knows nothing of sentences without figures, and nothing of retrieval.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.figures import (
    UNDER,
    Direction,
    Figure,
    Kind,
    LedgerEntry,
    Qualifier,
    Role,
    digits_of,
    read_figures,
    same_value,
    supports,
)
from index.lexical import normalise
from qa import prompts
from qa.answers.reckoning import is_change
from qa.checks.computing import compute
from qa.checks.measuring import Shared, may_mean, tells_nothing_of
from qa.language.covering import cover, heavy, lacking, names, synonyms
from qa.language.picking import KINDRED, ledger, made_of_two
from qa.language.subjects import (
    ALIKE,
    NOT_REACHED,
    NOUN,
    PLAIN_UNITS,
    Finding,
    Outcome,
    Source,
    about,
    clause_before,
    entry_years,
    grows,
    lead_of,
    noun_of,
    role_of,
    way_of,
    without_figures,
)

RIVAL = 0.12  # a figure that fits less well than the best by more than this does not bear the claim out
SIBLING = 0.03  # the same for figures of one sentence, where it is easy to say which is meant
_UNHEARD = 0.5  # share of a claim's words that its sentence may lack where its figure is to be the right one
_REWORDED = 0.2  # the same where another figure of the sentence is the claim's
NEAR = 0.55  # share of the words about a claim's figure that the sentence of the report must hold
_TOLD = 0.9  # share of a claim's words with which a sentence tells all that it says
_HEAD = 4  # the first of them, which tell most


@dataclass(frozen=True)
class Rival:
    """A figure of the report with how well it fits, 0 to 1, and how far it counts what the claim's figure counts."""

    entry: LedgerEntry
    source: Source
    fit: float
    alike: float
    known: bool = True  # whether the sentence knows all that the claim says its figure is of


def find_figure(stated: LedgerEntry, claim: str, years: frozenset[int], sources: Sequence[Source]) -> Finding:
    """Hold one figure of a claim against the sentences found for it."""
    stated = exceeding(stated)
    figure = stated.figure
    computed = compute(stated, claim, sources)
    if computed is not None:
        return computed
    rivals = rivals_of(stated, claim, years, sources)
    if not rivals:
        return Finding(figure, Outcome.ABSENT)
    best = max(rivals, key=lambda rival: rival.fit)
    for rival in sorted(rivals, key=lambda rival: -rival.fit):
        margin = SIBLING if rival.source == best.source else RIVAL
        if rival.fit < best.fit - margin or rival.alike < ALIKE:
            continue
        if bears_out(rival.entry, stated):
            return Finding(figure, Outcome.AGREES, sources=(rival.source.number,), figure=rival.entry.figure)
    if best.alike < ALIKE or best.fit < NEAR or not best.known:
        return Finding(figure, Outcome.ABSENT)
    if _stands_nearer(stated, claim, best, sources) or _is_whole(stated.figure, claim, sources):
        return Finding(figure, Outcome.ABSENT)
    given = figure.kind is Kind.PERCENT and figure.qualifier in (Qualifier.EXACT, Qualifier.ABOUT)
    if given and any(_is_of_two(figure, source.text) for source in sources[:3]):
        return Finding(figure, Outcome.ABSENT)
    if _cannot_refute(stated, claim, best):
        return Finding(figure, Outcome.ABSENT)
    return _differ(stated, best)


def _is_whole(stated: Figure, claim: str, sources: Sequence[Source]) -> bool:
    """Whether a claim's figure is a whole of which it speaks (118个社区中), and some sentence gives it of the same."""
    of_them = re.match("[^，,；;。]{0,10}?(?:当中|(?<!集)中|里头?|里面)(?![心小学国医等])", claim[stated.end :])
    return of_them is not None and any(e.figure.text == stated.text for source in sources for e in ledger(source.text))


def _cannot_refute(stated: LedgerEntry, claim: str, best: Rival) -> bool:
    """Whether the figure of a report says nothing against a claim's: of another thing, or as near as people put it."""
    own, text = best.entry.figure, best.source.text
    if stated.figure.kind is Kind.MONEY and not own.unit and (own.value or 0) < _LEAST_MONEY:
        return True
    above = {Qualifier.MORE, Qualifier.AT_LEAST}
    if {stated.figure.qualifier, own.qualifier} <= above and digits_of(stated.figure) < digits_of(own):
        least, value = stated.figure.value or 0, own.value or 0
        return least <= value <= least * _NO_NEWS  # 超过百万 is no error for 超过120万
    if own.unit == "岁" and "多" in stated.figure.text and own.upper is not None:
        return True  # 90多岁 is no error for 60至79周岁
    words = without_figures(claim)
    size = len("".join(heavy(lacking(words, ""))))
    lost = len("".join(heavy(lacking(words, best.source.held))))
    shared = Shared(claim, stated.figure.start, stated.figure, own, best.source)
    beside = any(same_value(e.figure, stated.figure) for e in ledger(text))
    return (
        _is_measured_otherwise(stated, claim, best)
        or (not beside and _is_told_too(stated.figure, claim, own))
        or _follows(stated.figure, text, together=_TOGETHER.search(claim) is not None)
        or _is_of_two(stated.figure, f"{best.source.before[-_BEFORE:]}{text}")
        or lost > _UNHEARD * size
        or (tells_nothing_of(shared) and not beside)
        or (units_agree(stated.figure, own) and may_mean(stated.figure, own))
        or (lost > _REWORDED * size and _stands_beside(stated.figure, text))
    )


_NEAR_BY = 16  # characters before a figure that say what sort it is of
_BEFORE = 80  # characters before a sentence that it may go on from
_NO_NEWS = Decimal("1.25")  # by how much more a claim's bound may be passed without being wrong
_LEAST_MONEY = 10_000  # yuan: a number without a unit is no sum of money unless it is as large
_EACH = re.compile("平均每(?![年月日天])|每(?![年月日天周季一])[一-鿿]|[人户亩]均")
_OF_EACH = re.compile("[均每]")
_MEANT = re.compile("原计划|年度计划|(?:任务|目标)[^，,]{0,4}$")
_BEYOND = re.compile("超出|超过|完成")
_GOAL = re.compile("(?<!超出)(?<!超过)(?<!超出年度)(?<!完成)(?:计划|任务|目标)")


def _is_measured_otherwise(stated: LedgerEntry, claim: str, best: Rival) -> bool:
    """Whether one figure is a mean, a goal, a change or a gap, and the other is not: 任务是22万亩 of 新建23.8万亩."""
    entry = best.entry
    near, theirs = re.split("[，,；;。]", claim[: stated.figure.start])[-1][-_NEAR_BY:], clause_before(entry)
    of_each = _EACH.search(near) and not _OF_EACH.search(theirs)
    meant = _MEANT.search(near) and not (_BEYOND.search(near) or best.source.planned or _GOAL.search(theirs))
    by_how_much = _BY_HOW_MUCH.search(claim[: stated.figure.start]) and not is_change(entry)
    to_what = re.search("[到至为]了?[约近]?$", near) and is_change(entry)
    return bool(of_each or meant or by_how_much or to_what)


def _is_told_too(stated: Figure, claim: str, own: Figure) -> bool:
    """Whether a claim gives the report's figure as well, of the same things: 再增加12个，总数达到40个."""
    alike = {"", stated.counted[:2]}
    others = (e.figure for e in ledger(claim) if e.figure.kind is not Kind.DATE and e.figure.start != stated.start)
    return any(same_value(one, own) and one.counted[:2] in alike for one in others)


_TOGETHER = re.compile("一共|合计|共计|总共|加起来")


def _follows(stated: Figure, text: str, *, together: bool = False) -> bool:
    """Whether a figure is what two of a sentence's make together, or what one leaves of the other.

    非税收入8.9亿元 is no error beside 收入28.7亿元，税收19.8亿元.
    """
    rate = stated.kind is Kind.PERCENT
    own = [e.figure for e in ledger(text) if e.figure.kind in ((Kind.PERCENT, Kind.POINTS) if rate else (stated.kind,))]
    return (together or digits_of(stated) > 1) and made_of_two(
        stated.value, (f.value for f in own if rate or not stated.unit or f.unit == stated.unit)
    )


def _is_of_two(stated: Figure, text: str) -> bool:
    """Whether a figure is about the share of one of a sentence's counts in another, or so many times one of them.

    四分之一 is no error beside 86个基层所中有21个, nor 300万元 beside 3家组织, 每家奖励100万元.
    """
    own = [e.figure for e in ledger(text) if e.figure.kind in (Kind.COUNT, Kind.MONEY) and e.figure.value]
    if stated.kind is Kind.PERCENT:
        shares = [
            (a, b)
            for a in own
            for b in own
            if a.unit == b.unit and (a.value or 0) < (b.value or 0) and "中" in text[b.end : a.start]
        ]
        return any(
            supports(replace(stated, value=100 * (a.value or 0) / (b.value or 1), qualifier=Qualifier.EXACT), stated)
            for a, b in shares
        )
    if "每" not in text or digits_of(stated) > 6:
        return False
    times = [f.value for f in own if f.kind is Kind.COUNT and f.unit != stated.unit]
    return any(
        f.unit == stated.unit and f.value != stated.value and f.value and stated.value == f.value * n
        for f in own
        for n in times
        if n
    )


_BY_HOW_MUCH = re.compile("比(?!上年|去年|同期)[^，,；;]+?(?:[大小多少高低早晚长短快慢]|[多少][一-鿿])[了出]?[约近]?$")


def _stands_beside(stated: Figure, text: str) -> bool:
    """Whether a sentence gives the very figure of a claim, of more than one digit, to another thing that it names."""
    if stated.kind is Kind.RANK or (digits_of(stated) < 2 and stated.qualifier is Qualifier.EXACT):
        return False
    if normalise(stated.text) in normalise(text):
        return False
    return any(units_agree(e.figure, stated) and supports(e.figure, stated) for e in ledger(text))


def _stands_nearer(stated: LedgerEntry, claim: str, best: Rival, sources: Sequence[Source]) -> bool:
    """Whether a sentence that holds more of a claim's words gives the very figure, though of words farther off."""
    words = without_figures(claim)
    share = cover(words, best.source.text).share
    return digits_of(stated.figure) > 1 and any(
        same_value(entry.figure, stated.figure) and entry.figure.unit == stated.figure.unit
        for source in sources
        if source is not best.source and cover(words, source.text).share > share
        for entry in ledger(source.text)
    )


def rivals_of(stated: LedgerEntry, claim: str, years: frozenset[int], sources: Sequence[Source]) -> list[Rival]:
    """The figures of some sentences that can be compared with a claim's, in the order of the sentences."""
    found = [
        rival
        for source in sources
        for entry in ledger(source.text)
        if entry.figure.kind is not Kind.DATE and (rival := _rival(stated, claim, years, entry, source)) is not None
    ]
    return found + [rival for source in sources for rival in _superlatives(stated, claim, source)]


def exceeding(stated: LedgerEntry) -> LedgerEntry:
    """过了六成 and 过六成 as 超过六成, which the grammar of figures leaves to the verb."""
    if stated.figure.unit == "年" and stated.figure.value == Decimal("0.5"):
        stated = replace(stated, figure=replace(stated.figure, value=Decimal(6), unit="个月"))
    before = stated.sentence[: stated.figure.start - stated.sentence_start]
    after = stated.sentence[stated.figure.end - stated.sentence_start :]
    half = re.match("半(?!数|年|天|个)(以上|多)?", after)
    if half and stated.figure.value is not None and stated.figure.text[-1] in "成年":
        more = Qualifier.MORE if half[1] else stated.figure.qualifier
        if stated.figure.text.endswith("成"):
            return replace(stated, figure=replace(stated.figure, value=stated.figure.value + 5, qualifier=more))
        months = 12 * stated.figure.value + 6
        return replace(stated, figure=replace(stated.figure, value=months, unit="个月", qualifier=more))
    if stated.figure.qualifier is Qualifier.EXACT and re.match("还多|有余|开外|出头", after):
        return replace(stated, figure=replace(stated.figure, qualifier=Qualifier.MORE))
    if stated.figure.qualifier is Qualifier.EXACT and NOT_REACHED.search(before):
        return replace(
            stated, figure=replace(stated.figure, qualifier=Qualifier.LESS, text=f"不到{stated.figure.text}")
        )
    earlier = [f for f in read_figures(before) if f.unit in _WITH_GE and f.text.endswith(f"个{f.unit.lstrip('个')}")]
    if stated.figure.unit == "个" and not stated.figure.counted and earlier and re.match("[，,。；;]|$", after):
        return replace(stated, figure=replace(stated.figure, unit=earlier[-1].unit, kind=earlier[-1].kind))
    if stated.figure.unit == "块":
        return replace(stated, figure=replace(stated.figure, unit="元", kind=Kind.MONEY))
    if stated.figure.unit == "斤" and stated.figure.value is not None:
        return replace(stated, figure=replace(stated.figure, unit="公斤", value=stated.figure.value / 2))
    if stated.figure.unit == "个" and stated.figure.counted.startswith(("种类", "类别", "大类", "门类")):
        return replace(stated, figure=replace(stated.figure, unit="类", counted=""))
    if stated.figure.qualifier is Qualifier.EXACT and _PASSES.search(before) and _is_round(stated.figure):
        return replace(stated, figure=replace(stated.figure, qualifier=Qualifier.MORE))
    if stated.figure.qualifier is Qualifier.EXACT and re.search("(?:最多|至多|顶多)[只要]?[一-鿿]$", before):
        return replace(stated, figure=replace(stated.figure, qualifier=Qualifier.AT_MOST))
    if stated.figure.qualifier is Qualifier.EXACT and _AT_LEAST.search(before):
        return replace(stated, figure=replace(stated.figure, qualifier=Qualifier.AT_LEAST))
    if stated.figure.qualifier is Qualifier.EXACT and stated.figure.text in ("一半", "半数"):
        return replace(stated, figure=replace(stated.figure, qualifier=Qualifier.ABOUT))
    return stated


_AT_LEAST = re.compile("(?:至少|最少|起码)[^，,；;。0-9一二两三四五六七八九十百千万]{0,8}$")
_PASSES = re.compile("(?<![经通透不])过了?$")


def _is_round(figure: Figure) -> bool:
    """Whether a figure is one that things are said to pass: 过六成, 过8000万; 封过9个小时 was closed for nine."""
    rounded = digits_of(figure) < 2 or (digits_of(figure) < 3 and (figure.value or 0) >= 1000)
    return figure.kind is not Kind.COUNT or (rounded and figure.unit not in _TIMES)


_TIMES = {"次", "场", "回", "遍", "届", "小时", "天", "分钟", "个月"}


# --- which figure of the report is said of the same thing ------------------------------------------------------------


_WITH_GE = {"工作日", "个月", "百分点"}
_PERIODS = (
    re.compile("日均|每天|每日|一天(?!半)|天天|单日|日处理|/日"),
    re.compile("月均|每月|每个月|按月|逐月"),
    re.compile("每季度|每个季度|按季|逐季"),
    re.compile("每(?:个)?学期"),
    re.compile("每(?:个)?学年"),
    re.compile("年均|每年"),
    re.compile("每小时|每个小时"),
    re.compile("每次|每趟|单次"),
    re.compile("人均|每人|户均|每户|每[百千万]人|平均每(?![天日月年])"),
)


def same_periods(claim: str, text: str) -> bool:
    """Whether a text speaks by the day, by the head and so on where a claim does."""
    return all(pattern.search(text) for pattern in _PERIODS if pattern.search(claim))


TOTAL = re.compile("累计|历年|总计|总共|一共|总数|总量|已有|共有|现有|一直以来|至今")
_THIS_YEAR = re.compile("今年|全年|本年|年内|当年|一年|20[0-9]{2}年")
_CHANGE = re.compile("新增|净增|新添|新建|增加|增长|多了|上升|提高|下降|减少|降低|少了|增幅|涨幅|降幅|增速|涨")
_GROWTH = re.compile(
    "同比|增长|增速|增幅|涨幅|降幅|下降|上升|提高|减少|增加|涨|降|比上年|比去年|上年同期|去年同期|较上年|环比"
)
_PAST = re.compile("原来|原有|此前|之前|年初|上年|去年|过去|以前|起初|从前|由|从")


def _rival(stated: LedgerEntry, claim: str, years: frozenset[int], entry: LedgerEntry, source: Source) -> Rival | None:
    """Weigh how far a figure of the report is said of the same thing; None where the two cannot be compared."""
    figure, other = stated.figure, entry.figure
    if not _comparable(figure, other):
        return None
    if figure.kind is Kind.PERCENT and grows(stated) != grows(entry):
        return None
    figure_was = _PAST.search(re.split("[，,；;。]", claim[: figure.start])[-1]) is not None
    own = entry_years(entry, source)
    said = re.findall("(?<![比较与同和跟至到])((?:19|20)[0-9]{2})年(?!以?来|底以来|起)", claim[: figure.start])
    elsewhen = len(years) > 1 and said and int(said[-1]) not in own and entry.figure.role is Role.NONE
    if own and (elsewhen or (years and not years & own)):
        return None
    near, noun = about(stated), noun_of(entry)
    lead = lead_of(entry)
    rated = entry.figure.kind in (Kind.RANK, Kind.PERCENT) and not entry.figure.counted
    nouns = [noun, *([about(entry)[:NOUN]] if rated else []), *([lead[-NOUN:]] if lead else [])]
    direct = max((names(one, near) + names(one[:_HEAD], near)) / 2 for one in nouns)
    mine = names(noun_of(stated), f"{lead} {about(entry)}")
    direct = max(direct, 0.9 * mine)
    if not (units_agree(figure, other) or same_value(figure, other)) and min(direct, mine) < ALIKE:
        return None  # 四十多家 is nothing to 1.3亿条
    named = max(names(one, claim) for one in nouns)
    told = cover(near, f"{lead} {about(entry)}").share if near else 0.5
    words = without_figures(claim)
    held = source.held
    around = (cover(words, source.text).share + cover(words, held).share) / 2
    if around >= _TOLD and noun[-2:] and noun[-2:] == noun_of(stated)[-2:]:
        direct = max(direct, 0.7)  # 迁建投资 and 概算投资, in a sentence that tells of all else
    fit = 0.3 * direct + 0.05 * mine + 0.15 * named + 0.25 * told + 0.25 * around
    fit += _COMPANY * min(2, _company(stated, claim, source)) - apart(stated, claim, entry)
    fit -= _TAKEN * _is_taken(figure, other, claim)
    fit -= _PLANNED * (source.planned and not _PLAN.search(claim))
    fit += _WAS * (figure_was and entry.figure.role is Role.FROM)
    if source.planned and _NOW.search(claim):
        return None
    known = not _unknown(near, source) and around >= _SPOKEN
    return Rival(entry, source, fit, max(direct, min(named, around)), known)


def _unknown(words: str, source: Source) -> list[str]:
    """What some words name that a sentence does not know: no word for doing or placing, nor the year of a plan."""
    lost = {*cover(words, source.held).missing, *lacking(words, source.held)}
    named = heavy([piece for piece in lost if piece[1:] and piece not in synonyms()])
    ahead = {str(year + 1) for year in source.years if source.planned}
    return [name for name in named if name not in synonyms() and name not in ahead]


_NOW = re.compile("现在|目前|现有|如今|已经|已(?!知)|当前|至今")
_SPOKEN = 0.4  # share of a claim's words that a sentence must hold for its figure to be the right one
_COMPANY = 0.05  # what a sentence gains for each other figure of the claim that it gives too


def _company(stated: LedgerEntry, claim: str, source: Source) -> int:
    """How many other figures of the claim stand in the sentence as well."""
    held = [e.figure for e in ledger(source.text) if e.figure.kind is not Kind.DATE]
    others = [
        e.figure for e in ledger(claim) if e.figure.kind is not Kind.DATE and e.figure.start != stated.figure.start
    ]
    return sum(any(same_value(other, figure) for figure in held) for other in others)


_PLAN = re.compile("将|力争|计划|打算|预计|目标|拟|要|预算|安排|20[0-9]{2}年|明年")
_WAS = 0.1  # what a figure from which something went gains for a claim of what was before
_PLANNED = 0.05  # what a plan loses for a claim that speaks of none
_TAKEN = 0.08  # what a figure of the report loses that another figure of the claim repeats


def _is_taken(figure: Figure, other: Figure, claim: str) -> bool:
    others = [e.figure for e in ledger(claim) if e.figure.start != figure.start]
    return not same_value(figure, other) and any(same_value(one, other) for one in others)


def apart(stated: LedgerEntry, claim: str, entry: LedgerEntry) -> float:
    """What a figure loses that is of another period, another sort of count or the other end of a change."""
    before = claim[max(0, stated.figure.start - 24) : stated.figure.start]
    theirs = clause_before(entry)
    lost = 0.0
    for pattern in _PERIODS:
        if bool(pattern.search(claim)) != bool(pattern.search(theirs)):
            lost += 0.25
    total, this = TOTAL.search(claim), _THIS_YEAR.search(claim)
    if total and not TOTAL.search(theirs) and _THIS_YEAR.search(theirs):
        lost += 0.2
    if this and not total and TOTAL.search(theirs):
        lost += 0.2
    if bool(TOTAL.search(before)) != bool(TOTAL.search(theirs)):
        lost += 0.1
    if stated.figure.kind is Kind.PERCENT and bool(_GROWTH.search(before)) != bool(_GROWTH.search(theirs)):
        lost += 0.15
    elif bool(_CHANGE.search(before)) != bool(_CHANGE.search(theirs[-12:])):
        lost += 0.05
    mine, other = role_of(stated), role_of(entry)
    if other is Role.FROM and mine is not Role.FROM and not _PAST.search(before):
        lost += 0.5
    if {mine, other} == {Role.FROM, Role.TO}:
        lost += 0.5
    if bool(stated.figure.counted) != bool(entry.figure.counted):
        lost += 0.12 if _has_neighbour(entry) else 0.04  # 12个问题整改11个
    units = {stated.figure.unit, entry.figure.unit}
    if "" in units and not units <= PLAIN_UNITS:
        lost += 0.15
    return lost


def _has_neighbour(entry: LedgerEntry) -> bool:
    """Whether another figure that counts something stands in the clause of a figure of a report."""
    start = entry.figure.start - entry.sentence_start - len(clause_before(entry)) + len("".join(entry.figure.aspect))
    clause = re.split("[，,；;。]", entry.sentence[start:])[0]
    return sum(e.figure.kind is entry.figure.kind for e in ledger(clause)) > 1


_LOOSE_UNITS = ("件次", "件")


def _comparable(stated: Figure, other: Figure) -> bool:
    if stated.kind is other.kind is Kind.RANK:
        if "" in (stated.unit, other.unit) and stated.value == other.value:
            return True
        counting = {"次", "批", "届", "个", "家", "期"}
        return (stated.unit in counting) == (other.unit in counting)
    counts = {Kind.COUNT, Kind.MONEY}
    if stated.kind is other.kind is Kind.MONEY:
        return True  # 亿元 for 万美元
    if {stated.kind, other.kind} == {Kind.MULTIPLE, Kind.PERCENT}:
        return stated.direction is not Direction.NONE  # A是B的两倍 is no growth
    if stated.kind is not other.kind and not {stated.kind, other.kind} <= counts:
        return stated.value == other.value and {stated.kind, other.kind} == {Kind.PERCENT, Kind.POINTS}
    if stated.value == other.value and stated.value is not None and stated.value > 1:
        return True  # the same number in another unit is a slip worth telling of
    if stated.kind is Kind.COUNT and {stated.unit, other.unit} & _SPANS:
        return stated.unit in _SPANS and other.unit in _SPANS
    return units_agree(stated, other) or {stated.unit, other.unit} <= _CLASSIFIERS


_CLASSIFIERS = set("个家所项类条件台套部辆艘份张处座栋场批款门种间")
_SPANS = {"年", "个月", "周", "天", "日", "工作日", "小时", "分钟", "秒", "岁", "周年", "级", "届"}


_MINUTES = {"分钟": 1, "小时": 60, "天": 1440, "日": 1440, "周": 10080, "个月": 43200, "年": 525600}
_MEASURES = (_MINUTES, {"公斤": 1, "千克": 1, "吨": 1000}, {"米": 1, "公里": 1000, "千米": 1000})
_MONTHS = Decimal(12)


def in_unit_of(stated: Figure, other: Figure) -> Figure:
    """A span, weight or length in the unit of another: 两个月 as 60天, 一年半 as 18个月, 1吨 as 1000公斤."""
    units = (stated.unit, other.unit)
    measure = next((one for one in _MEASURES if {*units} <= {*one}), None)
    if stated.kind is not Kind.COUNT or stated.value is None or units[0] == units[1] or measure is None:
        return stated
    factor = Decimal(measure[stated.unit]) / measure[other.unit]
    if set(units) == {"年", "个月"}:
        factor = _MONTHS if stated.unit == "年" else 1 / _MONTHS
    return replace(stated, value=(stated.value * factor).normalize(), unit=other.unit, upper=None)


def units_agree(first: Figure, second: Figure) -> bool:
    """Whether two figures count in one unit, or in units that may stand for one another."""
    units = {first.unit, second.unit}
    if any(units <= {*one} for one in _MEASURES) and same_value(in_unit_of(first, second), second):
        return True
    return len(units) == 1 or "" in units or any(units <= row for row in KINDRED) or units <= set(_LOOSE_UNITS)


def comparable_counts(first: Figure, second: Figure) -> bool:
    """Whether of two figures of a report one can be more than the other."""
    return first.kind is second.kind and first.kind not in (Kind.DATE, Kind.RANK) and units_agree(first, second)


def bears_out(entry: LedgerEntry, claimed: LedgerEntry) -> bool:
    """Whether the report's figure supports the claim's, by `supports` and the ways that the two go.

    A bound is given as it is: ages 以下3岁 are not those 以下30岁. Nor is a 百强榜 a 七强榜.
    """
    other, stated = entry.figure, in_unit_of(claimed.figure, entry.figure)
    claimed = replace(claimed, figure=stated)
    if {way_of(entry), way_of(claimed)} == {Direction.UP, Direction.DOWN}:
        return False
    counts = other.kind in (Kind.COUNT, Kind.MONEY) and entry.figure.role is Role.NONE
    if counts and way_of(entry) is not Direction.NONE and way_of(claimed) is Direction.NONE and _is_level(claimed):
        return False
    if stated.unit == other.unit == "强" and stated.value != other.value:
        return False
    if stated.qualifier is Qualifier.LESS and other.qualifier is Qualifier.AT_MOST and UNDER.match(stated.text):
        return same_value(stated, other) and units_agree(stated, other)  # 不到20万元的村 are those 20万元以下
    bounds = (Qualifier.AT_MOST, Qualifier.AT_LEAST)
    listed = stated.unit == "强" and stated.counted.startswith("榜")
    if (stated.qualifier is other.qualifier in bounds and stated.kind is not Kind.RANK) or listed:
        spans = {stated.unit, other.unit} & _SPANS and stated.unit != other.unit
        same = same_value(other, stated) and units_agree(other, stated) and not spans
        return same and stated.qualifier is other.qualifier
    if other.unit in _LOOSE_UNITS and stated.unit in _LOOSE_UNITS:
        other = replace(other, unit=stated.unit)
    if not _same_measure(entry, claimed):
        return False
    above = (Qualifier.MORE, Qualifier.AT_LEAST)
    if stated.qualifier in above and other.qualifier in above and stated.kind is not Kind.RANK:
        if stated.unit in _EXACT_BOUNDS and stated.value != other.value:
            return False  # 65岁以上 are not those 60岁以上
        low, high = stated.value or Decimal(0), other.value or Decimal(0)
        if low <= high <= _NEARLY * low:
            return supports(replace(other, value=low), stated)
    low, high = sorted((stated.value or Decimal(0), other.value or Decimal(0)))
    if stated.qualifier in bounds and stated.kind is not Kind.RANK and high > 2 * low:
        return False  # 0.5天 is no news for 5天以内
    if {stated.kind, other.kind} == {Kind.MULTIPLE, Kind.PERCENT}:
        return supports(_as_percent(other), _as_percent(stated))
    return supports(other, stated)


def _is_level(claimed: LedgerEntry) -> bool:
    """Whether a claim gives a figure as what there is (住院日为8天), not as a change."""
    before = claimed.sentence[: claimed.figure.start - claimed.sentence_start]
    return re.search("(?:为|是|达到?)(?:约|近)?$", before) is not None and not _CHANGE.search(before)


_EXACT_BOUNDS = {"岁", "级"}
_NEARLY = Decimal("1.1")  # 超过123万 bears out 120万以上, 超过7.8亿 says too much for 超过1亿


_PERSONS = {"人", "名", "位", "人次"}


def _same_measure(entry: LedgerEntry, claimed: LedgerEntry) -> bool:
    """Whether what follows the two figures measures the same: 6.1/10万 is not 6.1/万, nor 3万剂次 3万人次."""
    after = [one.sentence[one.figure.start - one.sentence_start + len(one.figure.text) :] for one in (entry, claimed)]
    rates = [re.match("/[0-9]*[万亿]?[一-鿿]?", text) for text in after]
    if rates[0] and not rates[1] and re.match("/[一-鿿]", rates[0].group()):
        rates = [None, None]  # 24微克 for 24微克/立方米
    if any(rates) and [rate and rate.group()[:4] for rate in rates].count(None) == 1:
        return False
    if all(rates) and rates[0] and rates[1] and rates[0].group()[:4] != rates[1].group()[:4]:
        return False
    units = (entry.figure.unit, claimed.figure.unit)
    if claimed.figure.kind is Kind.COUNT and "" not in units and (units[0] in _PERSONS) != (units[1] in _PERSONS):
        return re.search("[人者员生师工民户]$", noun_of(claimed)) is not None  # 团队1846个 are not 1846人
    for one, other, text in ((entry, claimed, after[0]), (claimed, entry, after[1])):
        bare = not one.figure.unit and one.figure.counted and re.match("[一-鿿]", text)
        unit = other.figure.unit
        if bare and other.figure.kind is Kind.COUNT and unit not in PLAIN_UNITS and not text.startswith(unit):
            return False
    return True


def _as_percent(figure: Figure) -> Figure:
    """增长1倍 and 翻一番 as growth of 100%."""
    if figure.kind is Kind.PERCENT or figure.value is None:
        return figure
    return replace(figure, kind=Kind.PERCENT, unit="%", value=figure.value * 100)


_MOST = re.compile(
    "(?P<scope>全国|全省|全市|全球|世界|国内|省内|同类)?[一-鿿]{0,4}?(?:最多|最高|最大|最快|最早|居首|首位|榜首)"
)


def _superlatives(stated: LedgerEntry, claim: str, source: Source) -> list[Rival]:
    """全省数量最多 says what 全省第一 says."""
    figure = stated.figure
    if figure.kind is not Kind.RANK or figure.unit not in ("名", "位"):
        return []
    found: list[Rival] = []
    for match in _MOST.finditer(source.text):
        if match["scope"] and match["scope"][-1] not in claim:
            continue
        rank = Figure(match.group(), match.start(), match.end(), Kind.RANK, Decimal(1), unit=figure.unit)
        around = cover(without_figures(claim), source.held).share
        entry = LedgerEntry(rank, "", source.text, 0, len(source.text))
        found.append(Rival(entry, source, around, around))
    return found


# --- in words --------------------------------------------------------------------------------------------------------


def _differ(claimed: LedgerEntry, best: Rival) -> Finding:
    """Say how the claim's figure differs from the report's."""
    stated, other = claimed.figure, best.entry.figure
    right = other.text
    if other.unit == "" and stated.unit and stated.kind is other.kind:
        right += stated.unit
    phrase = prompts.DIFFERENT_VALUE
    if same_value(stated, other):
        if {way_of(best.entry), way_of(claimed)} == {Direction.UP, Direction.DOWN}:
            phrase = prompts.DIFFERENT_DIRECTION
        elif not units_agree(stated, other):
            phrase = prompts.DIFFERENT_UNIT
        elif stated.qualifier is not other.qualifier:
            phrase = prompts.DIFFERENT_QUALIFIER
        else:
            phrase = prompts.DIFFERENT_UNIT if stated.unit != other.unit else prompts.DIFFERENT_DIRECTION
    counted = re.split("[和与及的、，,]", normalise(other.counted))[0][:NOUN]
    shown = right + (counted if counted and other.role is Role.NONE else "")
    return Finding(
        stated, Outcome.DIFFERS, right, phrase.format(stated=stated.text, right=shown), (best.source.number,), other
    )
