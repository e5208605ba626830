"""Sums that a question asks for, from two figures of the report: difference, share, mean, the year before.

Nothing is computed that was not asked for, and nothing where the report states the result itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from index.figures import Figure, Kind, LedgerEntry, Qualifier, Role, same_value
from qa.asking import FIGURES, Ask, Asked, Wanted, read_question
from qa.picking import KINDRED, ledger, passage_weights, pick_figure
from qa.wording import official_words, weigh


@dataclass(frozen=True)
class Sum:
    """A sum as shown, 95.5% − 84.6% = 10.9个百分点, its result alone, and the figures it rests on."""

    shown: str
    result: str
    operands: tuple[Figure, ...]


Weigher = Callable[[str, str], dict[str, float]]
"""(question, passage) → the weights of the question's terms inside the passage."""

_POINTS = re.compile(
    r"(?:上升|提高|提升|增加|增长|下降|降低|涨|升|降|高出?|低|变化|多|少)了?(?:多少|几)个?(?:百分点|点)|(?:百分点|个点)"
)
_MORE = re.compile(r"(?P<a>.*?)比(?![例重率])(?P<b>.+?)(?:多|高|少|低|大|小)(?:出|了|出了)?(?:多少|几)")
_LESS = re.compile(
    r"(?P<a>.*?)(?:扣掉|扣除|除去|减去|刨去|刨掉|去掉|不算)(?P<b>.+?)(?:[,，]?(?:还|就|只)?(?:剩|有)(?:下|余)?(?:的)?(?:有)?|[,，][^，,]{0,10}?)(?:多少|几)"
)
_GAP = re.compile(r"(?:相差|差了|差距|差)(?:是|有|了)?(?:多少|几)|之差|多出(?:来)?(?:多少|几)")
ADDED = re.compile("加在?一(?:起|块儿?)|[加合]起来|合在一起|之和|总和")
"""Asks for the sum of two figures."""
_BOTH = re.compile(
    f"(?P<a>[^，,]{{2,}}?)[和与跟同](?P<b>[^，,]{{2,}}?)[，,]?(?:{ADDED.pattern})(?:一共|总共|大概|[有是])*(?:多少|几)"
)
_SHARE = re.compile(
    r"(?P<a>.*?)(?:大约|大概|约)?(?:占|占到|占了)(?:到|了)?(?P<b>.*?)的?(?:百分之(?:几|多少)|(?:几|多少)成|多大比例|多少(?![个家项条次名件])|比例|比重|几分之几)"
)
_REST = re.compile(
    r"(?:还|尚|仍)(?:有多少|有几|没|未|剩)|(?:没|未)(?:有)?.{0,12}(?:有|剩)(?:几|多少)|剩下?(?:的)?(?:有)?(?:几|多少)"
)
_BEFORE = re.compile(
    r"(?<![跟比和与较])(?:上一年|前一年|上年)(?!比|相比)[^涨增多升降减]{0,14}(?:多少|几)|倒推|反推|推算"
)
_MEAN = re.compile(
    r"(?:平均|均摊|平摊|分摊|摊)(?:下来|算下来|分摊|算|摊)?到?[，,]?(?:每|一(?=[个家户人台场次座所项件张条天]))(?P<per>.{1,6}?)(?:大概|大约|用|有|是|办|开|要|能|服务|贷|授信|提供|享受|多少|几|约)|人均|户均|家均|平均每"
)


_OF_RATE = re.compile("[率度]|比例|占比|比重")
_CHANGED = re.compile(
    r"(?:省|缩短|压缩|减少|提高|增加|提升|多|少|加|添|减|降|升|涨|[高低](?=了))(?:下|了|出|掉)*(?:多少|几)"
)


_STATED_MEAN = {"日均", "人均", "户均", "月均", "年均", "平均"}


def is_sum(asked: Asked) -> bool:
    """Whether a question asks for something that has to be computed unless the report states it."""
    q = asked.question
    return any(p.search(q) for p in (_POINTS, _MORE, _LESS, _GAP, ADDED, _SHARE, _REST, _BEFORE, _MEAN, _CHANGED))


_PAST = re.compile("去年|上年|前年|[上前头]一?年|同期|年初|往年|以前|之前|原来|过去|计划|目标|预期")


def compares(asked: Asked) -> bool:
    """Whether a question asks by how much one thing exceeds another: then only the sum of the two answers it."""
    more = _MORE.search(asked.question)
    return more is not None and not _PAST.search(more["b"])


def compute(asked: Asked, passage: str, weigher: Weigher) -> Sum | None:
    """Compute what a question asks for from the figures of one passage; None where they do not fit."""
    question = asked.question
    if not any(ask.wanted in FIGURES for ask in asked.asks):
        return None
    entries = ledger(passage)
    weights = weigher(question, passage)
    if _POINTS.search(question):
        return _points(entries, weights)
    if _BEFORE.search(question):
        return _year_before(entries, passage, asked, weights)
    if _REST.search(question) and not _LESS.search(question):
        return _rest(asked, entries, passage)
    if _CHANGED.search(question):
        change = _change(asked, entries)
        if change is None and _OF_RATE.search(question) and not any(ask.unit for ask in asked.asks):
            change = _points(entries, weights)
        if change is not None:
            return change
    share = _SHARE.search(question)
    if share is not None:
        two = _stated_pair(asked, entries)
        if two is None and len(share["b"]) < 2:
            return None
        pair = two or _pair(share["a"], share["b"], entries, passage, asked, weigher)
        return _ratio(pair) if pair else None
    more = _MORE.search(question) or _LESS.search(question)
    if more is not None:
        pair = _pair(more["a"], more["b"], entries, passage, asked, weigher)
        return _difference(pair) if pair else None
    gap = _GAP.search(question)
    if gap is not None:
        sides = [_DEMONSTRATIVE.sub("", half) for half in re.split("[和与同跟、]", question[: gap.start()])]
        pair = _stated_pair(asked, entries)
        if pair is None and not gap_stated(asked) and all(speaks_of(half, passage) for half in sides):
            pair = _pair("", "", entries, passage, asked, weigher)
        return _difference(pair) if pair else None
    if ADDED.search(question):
        pair = _stated_pair(asked, entries)
        two = _BOTH.search(question)
        if pair is None and two is not None:
            pair = _pair(two["a"], two["b"], entries, passage, asked, weigher)
        return _total(pair) if pair else None
    if _MEAN.search(question) and not any(_STATED_MEAN & set(e.figure.aspect) for e in entries):
        return _mean(entries, asked, passage, weigher)
    return None


_DEMONSTRATIVE = re.compile("两者|二者|它们|他们|这两|之间|现在|目前|当前|如今|数量|[个项者]")


def _points(entries: list[LedgerEntry], weights: dict[str, float]) -> Sum | None:
    best: tuple[float, Figure, Figure] | None = None
    for first, second in pairwise(entries):
        a, b = first.figure, second.figure
        if a.role is Role.FROM and b.role is Role.TO and a.kind is b.kind is Kind.PERCENT:
            near = sum(w for t, w in weights.items() if t in first.subject)
            if best is None or near > best[0]:
                best = near, a, b
    if best is None or best[1].value is None or best[2].value is None:
        return None
    _, a, b = best
    high, low = (b, a) if best[2].value >= best[1].value else (a, b)
    result = f"{_plain((high.value or Decimal(0)) - (low.value or Decimal(0)))}个百分点"
    return Sum(f"{high.text} − {low.text} = {result}", result, (a, b))


def _year_before(entries: list[LedgerEntry], passage: str, asked: Asked, weights: dict[str, float]) -> Sum | None:
    """This year's figure and its growth give the year before's."""
    growth = [e.figure for e in entries if e.figure.kind is Kind.PERCENT and e.figure.direction.value != "none"]
    ask = next((a for a in asked.asks if a.wanted in (Wanted.COUNT, Wanted.MONEY)), Ask(Wanted.COUNT, "", "", 0, 0))
    picked = pick_figure(ask, asked, passage, weights)
    if picked is None or not growth:
        return None
    now = picked[1].figure
    rate = min(growth, key=lambda f: (f.start < now.end, abs(f.start - now.end)))
    if now.value is None or rate.value is None:
        return None
    change = rate.value / 100 * (1 if rate.direction.value == "up" else -1)
    result = f"约{_rounded(now.value / (1 + change))}{now.unit}"
    sign = "+" if change >= 0 else "−"
    return Sum(f"{now.text} ÷ (1 {sign} {rate.text}) ≈ {result.removeprefix('约')}", result, (now, rate))


def _change(asked: Asked, entries: list[LedgerEntry]) -> Sum | None:
    """由25分钟缩短到6分钟: the difference, where the question asks for its unit and the passage does not state it."""
    units = {ask.unit for ask in asked.asks if ask.unit}
    money = asked.wanted is Wanted.MONEY
    for first, second in pairwise(entries):
        a, b = first.figure, second.figure
        fits = a.unit in units or (money and a.kind is Kind.MONEY)
        if a.role is Role.FROM and b.role is Role.TO and a.unit == b.unit and fits:
            return _difference((a, b))
    return None


_TARGET = re.compile("的?(?:目标|计划|预期|实际|完成|指标|预计)(?:值|数|额)?|打算|要")


@dataclass(frozen=True)
class Half:
    """One side of a comparison: the question for its figure, and what the figure must be said of ("" for a year)."""

    asked: Asked
    thing: str


def halves(asked: Asked) -> tuple[Half, ...]:
    """The sides of a comparison of two years or two things, 2024年的目标比2023年多多少; () for other questions."""
    more = _MORE.search(asked.question)
    if more is None or not asked.asks or _PAST.search(more["b"]):
        return ()
    a, b = more["a"].strip("，, "), more["b"].strip("，, ")
    one, other = _YEAR.search(a), _YEAR.search(b)
    asks = asked.question[asked.asks[-1].start : asked.asks[-1].end]
    if one is None and other is None:
        first, second = _unshared(a, b)
        if min(len(first), len(second)) < 2:
            return ()
        return Half(read_question(f"{a}有{asks}"), first), Half(read_question(f"{b}有{asks}"), second)
    if one is None or other is None or one.group() == other.group():
        return ()
    thing = _TARGET.sub("", a.replace(one.group(), "", 1)).strip("的，, ")
    rest = _TARGET.sub("", b.replace(other.group(), "", 1)).strip("的，, ")
    if len(rest) > 1 and not speaks_of(thing, b):
        return ()
    return tuple(Half(read_question(f"{year.group()}{thing}{asks}"), "") for year in (one, other))


def gap_stated(asked: Asked) -> tuple[Figure, ...]:
    """The two figures of a question that states both and asks for what lies between; () for other questions."""
    stated = tuple(figure for figure in asked.stated if figure.kind is not Kind.DATE)
    return stated if len(stated) == 2 and _GAP.search(asked.question) else ()


def is_said_of(half: Half, figure: Figure, passage: str) -> bool:
    """Whether a figure of a passage is said of the thing on one side of a comparison."""
    subject = next((e.subject for e in ledger(passage) if e.figure.start == figure.start), "")
    return speaks_of(half.thing, f"{_clause(passage, figure)}，{subject}")


_YEAR = re.compile(r"(?:19|20)\d\d年")


def difference(one: Figure, other: Figure) -> Sum | None:
    """What lies between two figures of one unit; None where they are of two, or the same."""
    return _difference((one, other)) if one.kind is other.kind and _alike(one, other) else None


_DONE = re.compile(r"办结|完成|整改|解决|修复|建成|销号|化解|办理|落实|竣工|验收|交付")


def _rest(asked: Asked, entries: list[LedgerEntry], passage: str) -> Sum | None:
    """A whole and the part that is done give the part that is not."""
    rate = [e.figure for e in entries if e.figure.kind is Kind.PERCENT and e.figure.value == 100]
    counts = [e.figure for e in entries if e.figure.kind is Kind.COUNT]
    wholes = [f for f in counts if any(same_value(f, s) for s in asked.stated)] or counts[:1]
    for whole in wholes:
        for part in counts:
            before = re.split("[，,；;。]", passage[: part.start])[-1]
            finished = part.start > whole.start and _DONE.search(before) is not None
            same = part.counted[:2] == whole.counted[:2] and bool(part.counted) and bool(rate)
            if part.unit != whole.unit or not (same or finished):
                continue
            if part.value is None or whole.value is None or part.value >= whole.value:
                continue
            result = f"{_plain(whole.value - part.value)}{whole.unit}"
            return Sum(f"{whole.text} − {part.text} = {result}", result, (whole, part))
    return None


def _pair(
    a: str, b: str, entries: list[LedgerEntry], passage: str, asked: Asked, weigher: Weigher
) -> tuple[Figure, Figure] | None:
    """The two figures, of one unit, that the two halves of a comparison speak of."""
    counts = [e.figure for e in entries if e.figure.kind in (Kind.COUNT, Kind.MONEY)]
    if not (speaks_of(a, passage) and speaks_of(b, passage)):
        return None
    if not re.search(r"[一-鿿]{2}", a + b) and not re.search("[和与同]", asked.question):
        return _two_alike(counts)
    unit = next((ask.unit for ask in asked.asks if ask.unit), "")
    said_of = {e.figure: f"{_clause(passage, e.figure)}，{e.subject}" for e in entries}
    a, b = _unshared(a, b)
    best: tuple[float, Figure, Figure] | None = None
    first = _ranked(a or asked.question, unit, passage, weigher)
    second = _ranked(b or asked.question, unit, passage, weigher)
    for fit_a, figure_a in first:
        for fit_b, figure_b in second:
            apart = figure_a.start != figure_b.start and _alike(figure_a, figure_b)
            if apart and speaks_of(a, said_of[figure_a]) and speaks_of(b, said_of[figure_b]):
                fit = fit_a + fit_b
                if best is None or fit > best[0]:
                    best = fit, figure_a, figure_b
    return (best[1], best[2]) if best else None


def _unshared(a: str, b: str) -> tuple[str, str]:
    """What tells two things apart: 户籍 and 常住 of 户籍人口, 常住人口; as they are where too little is left."""
    ends = next((n for n in range(min(len(a), len(b))) if a[-n - 1] != b[-n - 1]), 0)
    one, other = (a[:-ends], b[:-ends]) if ends > 1 else (a, b)
    return (one, other) if min(len(one), len(other)) > 1 else (a, b)


def _clause(passage: str, figure: Figure) -> str:
    """The clause that a figure stands in."""
    before = re.split("[，,；;。、（(]", passage[: figure.start])[-1]
    return before + re.split("[，,；;。、）)]", passage[figure.start :])[0]


def speaks_of(words: str, passage: str) -> bool:
    """Whether a passage has anything of what one half of a comparison names."""
    pairs = re.findall("(?=([一-鿿]{2}))", "，".join((words, *official_words(words))))
    return not pairs or any(pair in passage for pair in pairs)


def _stated_pair(asked: Asked, entries: list[LedgerEntry]) -> tuple[Figure, Figure] | None:
    """The two figures of the passage that the question itself names."""
    named = [e.figure for s in asked.stated for e in entries if same_value(e.figure, s) and s.kind is not Kind.DATE]
    return (named[0], named[1]) if len(named) >= 2 else None


def _ranked(words: str, unit: str, passage: str, weigher: Weigher) -> list[tuple[float, Figure]]:
    """Every count of a passage with how well it fits some words, best first."""
    found: list[tuple[float, Figure]] = []
    weights = weigher(words, passage)
    asked = read_question(words)
    bare = replace(asked, stated=())
    for _ in range(6):
        picked = pick_figure(Ask(Wanted.COUNT, unit, "", 0, 0), bare, passage, weights)
        if picked is None:
            break
        found.append((picked[0].fit, picked[1].figure))
        bare = replace(bare, stated=(*bare.stated, picked[1].figure))
    return found


def _two_alike(counts: list[Figure]) -> tuple[Figure, Figure] | None:
    """The only two figures of one unit, larger first."""
    for unit in dict.fromkeys(f.unit for f in counts):
        same = [f for f in counts if f.unit == unit and f.value is not None]
        if len(same) == 2:
            return tuple(sorted(same, key=lambda f: -(f.value or Decimal(0))))  # type: ignore[return-value]
    return None


def _alike(a: Figure, b: Figure) -> bool:
    return a.unit == b.unit or any({a.unit, b.unit} <= row for row in KINDRED)


def _difference(pair: tuple[Figure, Figure]) -> Sum | None:
    a, b = sorted(pair, key=lambda f: -(f.value or Decimal(0)))
    if a.value is None or b.value is None or a.value == b.value:
        return None
    loose = {a.qualifier, b.qualifier} != {Qualifier.EXACT}
    result = ("约" if loose else "") + _scaled(a.value - b.value) + (a.unit or b.unit)
    return Sum(f"{a.text} − {b.text} {'≈' if loose else '='} {result.removeprefix('约')}", result, (a, b))


def _total(pair: tuple[Figure, Figure]) -> Sum | None:
    a, b = pair
    if a.value is None or b.value is None or not _alike(a, b):
        return None
    loose = {a.qualifier, b.qualifier} != {Qualifier.EXACT}
    result = ("约" if loose else "") + _scaled(a.value + b.value) + (a.unit or b.unit)
    return Sum(f"{a.text} + {b.text} {'≈' if loose else '='} {result.removeprefix('约')}", result, (a, b))


def _ratio(pair: tuple[Figure, Figure]) -> Sum | None:
    part, whole = pair
    if part.value is None or not whole.value:
        return None
    if part.value > whole.value:
        part, whole = whole, part
    percent = (part.value or Decimal(0)) / (whole.value or Decimal(1)) * 100
    result = f"约{_plain(round(percent, 1))}%"
    return Sum(f"{part.text} ÷ {whole.text} ≈ {result.removeprefix('约')}", result, (part, whole))


def _mean(entries: list[LedgerEntry], asked: Asked, passage: str, weigher: Weigher) -> Sum | None:
    """What falls to each: the larger total by the number of those who share it."""
    counts = [e.figure for e in entries if e.figure.kind in (Kind.COUNT, Kind.MONEY) and e.figure.value]
    unit = next((ask.unit for ask in asked.asks if ask.unit), "")
    if asked.wanted is Wanted.MONEY:
        totals = [f for f in counts if f.kind is Kind.MONEY]
    else:
        people = any(ask.noun == "人" or ask.unit == "人" for ask in asked.asks)
        units = {unit, *(_PERSONS if people else ())}
        totals = [f for f in counts if unit and f.unit in units]
    sharers = [f for f in counts if f not in totals]
    if not totals or not sharers:
        return None
    total = totals[0]
    mean = _MEAN.search(asked.question)
    each = (mean["per"] if mean else None) or ""
    said_of = {e.figure: f"{e.figure.counted}，{e.subject}" for e in entries}

    def distance(figure: Figure) -> tuple[bool, int, int]:
        """Nearest is what 每座图书馆 names by classifier and noun, then what stands nearest."""
        shared = sum(pair in said_of[figure] for pair in re.findall("(?=([一-鿿]{2}))", each))
        named = any(each[:1] in row and figure.unit in row for row in KINDRED)
        return not (named or each.startswith(figure.unit or "个")), -shared, abs(figure.start - total.start)

    if each and not any(distance(figure)[1] < 0 or not distance(figure)[0] for figure in sharers):
        return None
    noun = next((ask.noun for ask in asked.asks if ask.noun), "")
    named = [f for f in totals if noun and noun[:2] in said_of[f]]
    if noun and not named and len(totals) > 1:
        return None
    total = (named or totals)[0]
    among = min(sharers, key=distance)
    if among.value is None or total.value is None or total.value < among.value:
        return None
    if not total.value or not among.value:
        return None
    each_gets = total.value / among.value
    whole = total.unit in _PERSONS and each_gets >= _MANY
    result = f"约{_scaled(Decimal(round(each_gets))) if whole else _rounded(each_gets)}{total.unit}"
    return Sum(f"{total.text} ÷ {among.text} ≈ {result.removeprefix('约')}", result, (total, among))


_PERSONS = ("人", "名", "位", "人次")
_MANY = 10  # people; so many are not told in tenths


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(value: Decimal) -> str:
    return _scaled(round(value, 1) if value < 100 else Decimal(round(value)))


def _scaled(value: Decimal) -> str:
    """Write a number as people do: 50000 → 5万, 468000000 → 4.68亿; others stay as they are."""
    for scale, name in ((Decimal(10**8), "亿"), (Decimal(10**4), "万")):
        if value >= scale:
            shorter = value / scale
            if shorter == round(shorter, 2):
                return _plain(shorter) + name
    return _plain(value)


def default_weigher(idf: Callable[[str], float]) -> Weigher:
    """Weigh terms by their rarity in the index and in the passage."""
    return lambda question, passage: passage_weights({t: w * idf(t) for t, w in weigh(question).items()}, passage)
