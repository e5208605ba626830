"""Does a figure that a claim states stand in a report, and how do the two differ where it does not?

A figure of the claim is held against the figure of the report that is said of the same thing: what is counted, the
subject, the year, the period, the place in 由A提升至B. Which figures support which is settled in
`index.figures.supports`; three rules are added here:

* A bound is given as it is: 3岁以下 does not bear out 30岁以下, nor 0.5天 the claim 5天以内; 第3名 bears out 前5名.
* 件 and 件次 count the same; 人 and 人次 do not.
* 翻一番 is growth of 100%, 提高10.9个百分点 the difference of 84.6% and 95.5%, 四分之一 6个 of 24个.

Knows nothing of sentences without figures, and nothing of retrieval.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from index.figures import Direction, Figure, Kind, LedgerEntry, Qualifier, Role, same_value, supports
from index.lexical import normalise
from qa import prompts
from qa.covering import cover, names, synonyms
from qa.picking import KINDRED, ledger

ALIKE = 0.6  # share of what one figure counts that the other must name for both to be said of the same thing
RIVAL = 0.12  # a figure that fits less well than the best by more than this does not bear the claim out
SIBLING = 0.03  # the same for figures of one sentence, where it is easy to say which is meant
NEAR = 0.55  # share of the words about a claim's figure that the sentence of the report must hold
_NOUN = 8  # characters of what is counted that name it
_TOLD = 0.9  # share of a claim's words with which a sentence tells all that it says
_HEAD = 4  # the first of them, which tell most


@dataclass(frozen=True)
class Source:
    """A sentence of a report with what is understood in it and the years it is of."""

    number: int  # its place among the sentences found, 0 the nearest
    text: str
    headings: str  # and the title of its report
    before: str  # the sentences before it in its paragraph
    years: frozenset[int]
    planned: bool = False  # whether it speaks of a year after the report's own

    @property
    def context(self) -> str:
        """What is understood in the sentence."""
        return f"{self.headings}\n{self.before}"

    @property
    def held(self) -> str:
        """The sentence and what is understood in it."""
        return f"{self.text}\n{self.context}"


class Outcome(Enum):
    """What came of holding a figure of the claim against the report."""

    AGREES = "agrees"
    DIFFERS = "differs"
    ABSENT = "absent"


@dataclass(frozen=True)
class Finding:
    """The outcome for one figure of a claim; `right` is what the report has in its place, "" where it agrees.

    `difference` says in Chinese how the two differ. `sources` are the numbers of the sentences it rests on.
    """

    stated: Figure
    outcome: Outcome
    right: str = ""
    difference: str = ""
    sources: tuple[int, ...] = ()
    figure: Figure | None = None


@dataclass(frozen=True)
class _Rival:
    """A figure of the report with how well it fits, 0 to 1, and how far it counts what the claim's figure counts."""

    entry: LedgerEntry
    source: Source
    fit: float
    alike: float
    known: bool = True  # whether the sentence knows all that the claim says its figure is of


def find_figure(stated: LedgerEntry, claim: str, years: frozenset[int], sources: Sequence[Source]) -> Finding:
    """Hold one figure of a claim against the sentences found for it."""
    stated = _exceeding(stated)
    figure = stated.figure
    computed = _compute(stated, claim, sources)
    if computed is not None:
        return computed
    rivals = [
        rival
        for source in sources
        for entry in ledger(source.text)
        if entry.figure.kind is not Kind.DATE and (rival := _rival(stated, claim, years, entry, source)) is not None
    ]
    rivals += [rival for source in sources for rival in _superlatives(stated, claim, source)]
    if not rivals:
        return Finding(figure, Outcome.ABSENT)
    best = max(rivals, key=lambda rival: rival.fit)
    for rival in sorted(rivals, key=lambda rival: -rival.fit):
        margin = SIBLING if rival.source == best.source else RIVAL
        if rival.fit < best.fit - margin or rival.alike < ALIKE:
            continue
        if _bears_out(rival.entry, stated):
            return Finding(figure, Outcome.AGREES, sources=(rival.source.number,), figure=rival.entry.figure)
    if best.alike < ALIKE or best.fit < NEAR or not best.known:
        return Finding(figure, Outcome.ABSENT)
    return _differ(stated, best)


def _exceeding(stated: LedgerEntry) -> LedgerEntry:
    """过了六成 and 过六成 as 超过六成, which the grammar of figures leaves to the verb."""
    before = stated.sentence[: stated.figure.start - stated.sentence_start]
    if stated.figure.qualifier is Qualifier.EXACT and re.search("(?<![经通透不])过了?$", before):
        return replace(stated, figure=replace(stated.figure, qualifier=Qualifier.MORE))
    return stated


# --- which figure of the report is said of the same thing ------------------------------------------------------------


_PERIODS = (
    re.compile("日均|每天|每日|一天|天天|单日"),
    re.compile("月均|每月|每个月"),
    re.compile("年均|每年"),
    re.compile("人均|每人|户均|每户|平均每"),
)


def same_periods(claim: str, text: str) -> bool:
    """Whether a text speaks by the day, by the head and so on where a claim does."""
    return all(pattern.search(text) for pattern in _PERIODS if pattern.search(claim))


_TOTAL = re.compile("累计|历年|总计|总数|总量|已有|共有|现有|一直以来|至今")
_THIS_YEAR = re.compile("今年|全年|本年|年内|当年|一年|20[0-9]{2}年")
_CHANGE = re.compile("新增|净增|新添|新建|增加|增长|多了|上升|提高|下降|减少|降低|少了|增幅|涨幅|降幅|增速|涨")
_GROWTH = re.compile(
    "同比|增长|增速|增幅|涨幅|降幅|下降|上升|提高|减少|增加|涨|降|比上年|比去年|上年同期|去年同期|较上年|环比"
)
_PAST = re.compile("原来|原有|此前|之前|年初|上年|去年|过去|以前|起初|从前|由|从")


def _rival(stated: LedgerEntry, claim: str, years: frozenset[int], entry: LedgerEntry, source: Source) -> _Rival | None:
    """Weigh how far a figure of the report is said of the same thing; None where the two cannot be compared."""
    figure, other = stated.figure, entry.figure
    if not _comparable(figure, other):
        return None
    if figure.kind is Kind.PERCENT and grows(stated) != grows(entry):
        return None
    own = entry_years(entry, source)
    if years and own and not years & own:
        return None
    near, noun = _about(stated), noun_of(entry)
    lead = _lead(entry)
    rated = entry.figure.kind in (Kind.RANK, Kind.PERCENT) and not entry.figure.counted
    nouns = [noun, *([_about(entry)[:_NOUN]] if rated else []), *([lead[-_NOUN:]] if lead else [])]
    direct = max((names(one, near) + names(one[:_HEAD], near)) / 2 for one in nouns)
    mine = names(noun_of(stated), f"{lead} {_about(entry)}")
    direct = max(direct, 0.9 * mine)
    if not (_units_agree(figure, other) or same_value(figure, other)) and min(direct, mine) < ALIKE:
        return None  # 四十多家 is nothing to 1.3亿条
    named = max(names(one, claim) for one in nouns)
    told = cover(near, f"{lead} {_about(entry)}").share if near else 0.5
    words = without_figures(claim)
    held = source.held
    around = (cover(words, source.text).share + cover(words, held).share) / 2
    if around >= _TOLD and noun[-2:] and noun[-2:] == noun_of(stated)[-2:]:
        direct = max(direct, 0.7)  # 迁建投资 and 概算投资, in a sentence that tells of all else
    fit = 0.3 * direct + 0.05 * mine + 0.15 * named + 0.25 * told + 0.25 * around
    fit += _COMPANY * min(2, _company(stated, claim, source)) - _apart(stated, claim, entry)
    fit -= _TAKEN * _taken(figure, other, claim)
    fit -= _PLANNED * (source.planned and not _PLAN.search(claim))
    if source.planned and _NOW.search(claim):
        return None
    unknown = [piece for piece in cover(near, held).missing if piece not in synonyms()]
    return _Rival(entry, source, fit, max(direct, min(named, around)), not unknown)


_NOW = re.compile("现在|目前|现有|如今|已经|已(?!知)|当前|至今")
_COMPANY = 0.05  # what a sentence gains for each other figure of the claim that it gives too


def _company(stated: LedgerEntry, claim: str, source: Source) -> int:
    """How many other figures of the claim stand in the sentence as well."""
    held = [e.figure for e in ledger(source.text) if e.figure.kind is not Kind.DATE]
    others = [
        e.figure for e in ledger(claim) if e.figure.kind is not Kind.DATE and e.figure.start != stated.figure.start
    ]
    return sum(any(same_value(other, figure) for figure in held) for other in others)


_PLAN = re.compile("将|力争|计划|打算|预计|目标|拟|要|预算|安排|20[0-9]{2}年|明年")
_PLANNED = 0.05  # what a plan loses for a claim that speaks of none
_TAKEN = 0.08  # what a figure of the report loses that another figure of the claim repeats


def _taken(figure: Figure, other: Figure, claim: str) -> bool:
    others = [e.figure for e in ledger(claim) if e.figure.start != figure.start]
    return not same_value(figure, other) and any(same_value(one, other) for one in others)


def _apart(stated: LedgerEntry, claim: str, entry: LedgerEntry) -> float:
    """What a figure loses that is of another period, another sort of count or the other end of a change."""
    before = claim[max(0, stated.figure.start - 24) : stated.figure.start]
    theirs = _clause(entry)
    lost = 0.0
    for pattern in _PERIODS:
        if bool(pattern.search(claim)) != bool(pattern.search(theirs)):
            lost += 0.25
    total, this = _TOTAL.search(claim), _THIS_YEAR.search(claim)
    if total and not _TOTAL.search(theirs) and _THIS_YEAR.search(theirs):
        lost += 0.2
    if this and not total and _TOTAL.search(theirs):
        lost += 0.2
    if bool(_TOTAL.search(before)) != bool(_TOTAL.search(theirs)):
        lost += 0.1
    if stated.figure.kind is Kind.PERCENT and bool(_GROWTH.search(before)) != bool(_GROWTH.search(theirs)):
        lost += 0.15
    elif bool(_CHANGE.search(before)) != bool(_CHANGE.search(theirs[-12:])):
        lost += 0.05
    mine, other = _role(stated), _role(entry)
    if other is Role.FROM and mine is not Role.FROM and not _PAST.search(before):
        lost += 0.5
    if {mine, other} == {Role.FROM, Role.TO}:
        lost += 0.5
    if bool(stated.figure.counted) != bool(entry.figure.counted):
        lost += 0.12 if _has_neighbour(entry) else 0.04  # 12个问题整改11个
    units = {stated.figure.unit, entry.figure.unit}
    if "" in units and not units <= _PLAIN_UNITS:
        lost += 0.15
    return lost


def _has_neighbour(entry: LedgerEntry) -> bool:
    """Whether another figure that counts something stands in the clause of a figure of a report."""
    start = entry.figure.start - entry.sentence_start - len(_clause(entry)) + len("".join(entry.figure.aspect))
    clause = re.split("[，,；;。]", entry.sentence[start:])[0]
    return sum(e.figure.kind is entry.figure.kind for e in ledger(clause)) > 1


_RATE = re.compile("(?:增幅|增速|涨幅|降幅|同比|环比|增长(?:率|目标|速度|预期|幅度))[^，,]{0,4}$")
_LISTED = re.compile("(?:[0-9.]+%[、和与及])+$")


def grows(entry: LedgerEntry) -> bool:
    """Whether a percentage is one of growth (增长5%) and not a share or rate, wherever that moved to (提高到63.5%)."""
    before = entry.sentence[: entry.figure.start - entry.sentence_start]
    before = _LISTED.sub("", before)  # 增长5.4%和7.6%
    if _role(entry) is not Role.NONE or re.search("[到至为]了?(?:约|近|超过?)?$", before):
        return False
    return _way(entry) is not Direction.NONE or _RATE.search(before) is not None


_PLAIN_UNITS = {"", "个", "人", "名", "位", "户", "元", "项", "条", "件"}
_OPENS = re.compile("(?<![理自缘])(?:由|从)[^由从，。；,;]{0,14}$")
_CLOSES = re.compile("(?:[至到成]|(?<![作因以])为)了?$")


def _role(entry: LedgerEntry) -> Role:
    """The place of a figure in 由A至B, whatever the verb: 由17家整合为5家, 从95.5%跌到84.6%."""
    text, at = entry.sentence, entry.figure.start - entry.sentence_start
    before, after = text[:at], text[at + len(entry.figure.text) :]
    if entry.figure.role is not Role.NONE:
        return entry.figure.role
    if _OPENS.search(before) and re.match("[^，。；,;]{0,14}(?:[至到成]|为)", after):
        return Role.FROM
    opened = re.search(
        "(?<![理自缘])(?:由|从)[^由从，。；,;]*[0-9一二三四五六七八九十百千万亿%][^由从，。；,;]*$", before
    )
    return Role.TO if _CLOSES.search(before) and opened else Role.NONE


def _clause(entry: LedgerEntry) -> str:
    """The words of the clause before a figure of a report, with those that it shares with the clause before it."""
    text, at = entry.sentence, entry.figure.start - entry.sentence_start
    start = max(text.rfind(mark, 0, at) for mark in "，,；;。：:") + 1
    return "".join(entry.figure.aspect) + text[start:at]


def _about(entry: LedgerEntry) -> str:
    """The words that say what a figure is said of."""
    subject = entry.subject
    counted = _PREDICATE.split(entry.figure.counted)[0][: 2 * _NOUN]
    owner, _, owned = counted.partition("的")
    counted = owner if len(owner) > 1 and owned else counted  # 41个单位的业务系统 counts 单位
    if counted:
        subject = without_figures(subject).partition("\n")[0]  # 接入41个单位的 is said of the units
    return f"{subject} {counted}"


def _lead(entry: LedgerEntry) -> str:
    """What a change is of that its own clause does not name: 总产量12.9万吨，连续十年增产3%."""
    named = bool(entry.figure.counted or cover(noun_of(entry), "").missing)  # 总数 and 占比 alone name nothing
    if named and entry.figure.direction is Direction.NONE and _way(entry) is Direction.NONE:
        return ""
    before = entry.sentence[: entry.figure.start - entry.sentence_start]
    clauses = re.split("[，,；;：:]", before)
    return without_figures(clauses[-2])[-2 * _NOUN :] if len(clauses) > 1 else ""


def noun_of(entry: LedgerEntry) -> str:
    """What a figure counts: the words after it, else the last before it; of a named thing its sort (“一件事”事项)."""
    counted = _QUOTED.sub("", entry.figure.counted) or entry.figure.counted
    counted = _PREDICATE.split(re.split("[和与及的、，,]", counted)[0])[0][:_NOUN]
    if len(counted) > 1:
        return counted
    subject = _EDGE.sub("", re.split("[，,、]", entry.subject)[-1].strip())
    last = subject.rpartition("的")[2]
    return (last if len(last) > 1 else subject)[-_NOUN:]


_QUOTED = re.compile("“[^“”]*”")
_PREDICATE = re.compile("都|均|已|是(?!否)|里|中(?![国心小医等])|(?<!所)有(?!关|效|机|线)|纳入|入驻")
_EDGE = re.compile("(?:[已达到为是至有共约的了]|排名?第?|位列|位居|累计|同比|达到|评为|获评|整合)+$")


@lru_cache(maxsize=4096)
def without_figures(text: str) -> str:
    """A text with a break in place of each figure."""
    for entry in reversed(ledger(text)):
        text = f"{text[: entry.figure.start]}\n{text[entry.figure.end :]}"
    return text


def entry_years(entry: LedgerEntry, source: Source) -> frozenset[int]:
    """The years that a figure of a report is of: those its clause names, else those of its sentence."""
    named = re.findall("((?:19|20)[0-9]{2})年", _clause(entry))
    return frozenset(int(year) for year in named[-1:]) or source.years


_LOOSE_UNITS = ("件次", "件")


def _comparable(stated: Figure, other: Figure) -> bool:
    if stated.kind is other.kind is Kind.RANK:
        counting = {"次", "批", "届", "个", "家", "期"}
        return (stated.unit in counting) == (other.unit in counting)
    counts = {Kind.COUNT, Kind.MONEY}
    if {stated.kind, other.kind} == {Kind.MULTIPLE, Kind.PERCENT}:
        return other.direction is not Direction.NONE or stated.direction is not Direction.NONE
    if stated.kind is not other.kind and not {stated.kind, other.kind} <= counts:
        return stated.value == other.value and {stated.kind, other.kind} == {Kind.PERCENT, Kind.POINTS}
    if stated.value == other.value and stated.value is not None and stated.value > 1:
        return True  # the same number in another unit is a slip worth telling of
    if stated.kind is Kind.COUNT and {stated.unit, other.unit} & _SPANS:
        return stated.unit in _SPANS and other.unit in _SPANS
    return _units_agree(stated, other) or {stated.unit, other.unit} <= _CLASSIFIERS


_CLASSIFIERS = set("个家所项类条件台套部辆艘份张处座栋场批款门种间")
_SPANS = {"年", "个月", "周", "天", "日", "工作日", "小时", "分钟", "秒", "岁", "周年", "级", "届"}


def _units_agree(first: Figure, second: Figure) -> bool:
    units = {first.unit, second.unit}
    return len(units) == 1 or "" in units or any(units <= row for row in KINDRED) or units <= set(_LOOSE_UNITS)


def comparable_counts(first: Figure, second: Figure) -> bool:
    """Whether of two figures of a report one can be more than the other."""
    return first.kind is second.kind and first.kind not in (Kind.DATE, Kind.RANK) and _units_agree(first, second)


def _bears_out(entry: LedgerEntry, claimed: LedgerEntry) -> bool:
    """Whether the report's figure supports the claim's, by `supports` and the ways that the two go.

    A bound is given as it is: ages 以下3岁 are not those 以下30岁. Nor is a 百强榜 a 七强榜.
    """
    other, stated = entry.figure, claimed.figure
    if {_way(entry), _way(claimed)} == {Direction.UP, Direction.DOWN}:
        return False
    bounds = (Qualifier.AT_MOST, Qualifier.AT_LEAST)
    listed = stated.unit == "强" and stated.counted.startswith("榜")
    if (stated.qualifier is other.qualifier in bounds and stated.kind is not Kind.RANK) or listed:
        return same_value(other, stated) and _units_agree(other, stated) and stated.qualifier is other.qualifier
    if other.unit in _LOOSE_UNITS and stated.unit in _LOOSE_UNITS:
        other = replace(other, unit=stated.unit)
    if other.unit in _LOOSE_UNITS and stated.unit in _LOOSE_UNITS:
        other = replace(other, unit=stated.unit)
    low, high = sorted((stated.value or Decimal(0), other.value or Decimal(0)))
    if stated.qualifier in bounds and stated.kind is not Kind.RANK and high > 2 * low:
        return False  # 0.5天 is no news for 5天以内
    if {stated.kind, other.kind} == {Kind.MULTIPLE, Kind.PERCENT}:
        return supports(_as_percent(other), _as_percent(stated))
    return supports(other, stated)


_WAYS = re.compile(
    "(?:(?P<up>增长|增加|净增|提高|提升|上升|上涨|升|涨|扩大|延长|跃升|攀升|前移)|"
    "(?P<down>下降|减少|净减|降低|降|下滑|回落|跌|压减|压缩|缩短|缩小|滑落|后移|后退|削减|精简))(?:了|到|至|为|达|近|约|超过|超|逾|不足|不到|分别|均)*$"
)


def _way(entry: LedgerEntry) -> Direction:
    """Which way the verb just before a figure lets it go."""
    way = _WAYS.search(_LISTED.sub("", entry.sentence[: entry.figure.start - entry.sentence_start]))
    if way is None:
        return entry.figure.direction
    return Direction.UP if way["up"] else Direction.DOWN


def _as_percent(figure: Figure) -> Figure:
    """增长1倍 and 翻一番 as growth of 100%."""
    if figure.kind is Kind.PERCENT or figure.value is None:
        return figure
    return replace(figure, kind=Kind.PERCENT, unit="%", value=figure.value * 100)


_MOST = re.compile(
    "(?P<scope>全国|全省|全市|全球|世界|国内|省内|同类)?[一-鿿]{0,4}?(?:最多|最高|最大|最快|最早|居首|首位|榜首)"
)


def _superlatives(stated: LedgerEntry, claim: str, source: Source) -> list[_Rival]:
    """全省数量最多 says what 全省第一 says."""
    figure = stated.figure
    if figure.kind is not Kind.RANK or figure.value != 1 or figure.unit not in ("名", "位"):
        return []
    found: list[_Rival] = []
    for match in _MOST.finditer(source.text):
        if match["scope"] and match["scope"][-1] not in claim:
            continue
        rank = Figure(match.group(), match.start(), match.end(), Kind.RANK, Decimal(1), unit=figure.unit)
        around = cover(without_figures(claim), source.held).share
        entry = LedgerEntry(rank, "", source.text, 0, len(source.text))
        found.append(_Rival(entry, source, around, around))
    return found


# --- what has to be computed -----------------------------------------------------------------------------------------


_HIGHER = re.compile("高出?|低|多|少|升|降|涨|跌|增加|提高|提升|相差|差|上升|下降|扩大|缩小|缩短")


def _compute(stated: LedgerEntry, claim: str, sources: Sequence[Source]) -> Finding | None:
    """A difference between the ends of a change, or the share of one count in another; None where neither is meant."""
    figure = stated.figure
    before = claim[max(0, figure.start - 8) : figure.start]
    for source in sources[:3]:
        entries = ledger(source.text)
        if figure.kind is Kind.POINTS or (figure.kind in (Kind.COUNT, Kind.MONEY) and _HIGHER.search(before)):
            found = _difference(stated, claim, entries, source)
            if found is not None:
                return found
        if figure.kind is Kind.PERCENT and re.search("分之|半|成", figure.text):
            found = _share(figure, claim, entries, source)
            if found is not None:
                return found
    return None


def _difference(stated: LedgerEntry, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    figure = stated.figure
    if any(e.figure.kind is figure.kind and same_value(e.figure, figure) for e in entries):
        return None  # the sentence states it
    for first, second in pairwise([e for e in entries if e.figure.kind is not Kind.DATE]):
        a, b = first.figure, second.figure
        if not (a.role is Role.FROM and b.role is Role.TO) or a.value is None or b.value is None:
            continue
        kind = Kind.POINTS if a.kind is Kind.PERCENT else a.kind
        if figure.kind is not kind or (kind is not Kind.POINTS and a.unit != figure.unit):
            continue
        if cover(noun_of(first), claim).share < ALIKE:
            continue
        value, unit = abs(b.value - a.value), "百分点" if kind is Kind.POINTS else a.unit
        result = replace(figure, value=value, unit=unit, qualifier=Qualifier.EXACT, direction=Direction.NONE)
        if supports(result, replace(figure, direction=Direction.NONE)) and not _turned(claim, a, b):
            return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=b)
        shown = f"{value.normalize():f}{'个百分点' if kind is Kind.POINTS else unit}"
        told = prompts.DIFFERENT_VALUE.format(stated=figure.text, right=f"{shown}（{a.text} → {b.text}）")
        return Finding(figure, Outcome.DIFFERS, shown, told, (source.number,), b)
    return None


_UP = re.compile("升|涨|增|提高|高|扩|多")
_DOWN = re.compile("降|跌|减|下滑|回落|低|缩|少")


def _turned(claim: str, a: Figure, b: Figure) -> bool:
    """Whether a claim lets fall what rises, or rise what falls."""
    up, down = _UP.search(claim), _DOWN.search(claim)
    rises = (b.value or 0) > (a.value or 0)
    return bool(down and not up) if rises else bool(up and not down)


def _share(figure: Figure, claim: str, entries: Sequence[LedgerEntry], source: Source) -> Finding | None:
    counts = [e.figure for e in entries if e.figure.kind is Kind.COUNT and e.figure.value]
    named = [e.figure for e in ledger(claim) if e.figure.kind is Kind.COUNT]
    for whole in counts:
        if not any(same_value(whole, one) for one in named):
            continue
        for part in counts:
            if part.unit == whole.unit and part.value and whole.value and part.value < whole.value:
                share = replace(figure, value=part.value / whole.value * 100, qualifier=Qualifier.EXACT, upper=None)
                if supports(share, figure):
                    return Finding(figure, Outcome.AGREES, sources=(source.number,), figure=part)
    return None


# --- in words --------------------------------------------------------------------------------------------------------


def _differ(claimed: LedgerEntry, best: _Rival) -> Finding:
    """Say how the claim's figure differs from the report's."""
    stated, other = claimed.figure, best.entry.figure
    right = other.text
    if other.unit == "" and stated.unit and stated.kind is other.kind:
        right += stated.unit
    phrase = prompts.DIFFERENT_VALUE
    if same_value(stated, other):
        if {_way(best.entry), _way(claimed)} == {Direction.UP, Direction.DOWN}:
            phrase = prompts.DIFFERENT_DIRECTION
        elif not _units_agree(stated, other):
            phrase = prompts.DIFFERENT_UNIT
        elif stated.qualifier is not other.qualifier:
            phrase = prompts.DIFFERENT_QUALIFIER
        else:
            phrase = prompts.DIFFERENT_UNIT if stated.unit != other.unit else prompts.DIFFERENT_DIRECTION
    counted = re.split("[和与及的、，,]", normalise(other.counted))[0][:_NOUN]
    shown = right + (counted if counted and other.role is Role.NONE else "")
    return Finding(
        stated, Outcome.DIFFERS, right, phrase.format(stated=stated.text, right=shown), (best.source.number,), other
    )
