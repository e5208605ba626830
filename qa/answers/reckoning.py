"""Figures found for the sides of a sum → the sum: 95.5% − 84.6% = 10.9个百分点.

Figures go together that are of one unit and said of the two things that were asked about; of those that do, the ones
that fit their questions best are taken. Knows nothing of how they were found.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from index.figures import Direction, Figure, Kind, LedgerEntry, Qualifier, Role
from index.lexical import pairs
from index.passage import Passage
from qa.language.asking import Wanted
from qa.language.picking import KINDRED, ledger, units_alike
from qa.language.subjects import role_of
from qa.language.wording import official_words
from qa.questions.arithmetic import DONE, PAST, How, Plan, Side, characters


@dataclass(frozen=True)
class Operand:
    """A figure that may answer a side, and how well (`qa.answers.fitting`)."""

    passage: Passage
    entry: LedgerEntry
    fit: float

    @property
    def figure(self) -> Figure:
        """The figure itself."""
        return self.entry.figure


@dataclass(frozen=True)
class Sum:
    """A sum as shown, 95.5% − 84.6% = 10.9个百分点, its result alone, and the figures it rests on."""

    shown: str
    result: str
    operands: tuple[Figure, ...]


@dataclass(frozen=True)
class Reckoned:
    """A sum, the passages it rests on (one or two), and how well its figures fit."""

    sum: Sum
    passages: tuple[Passage, ...]
    fit: float
    less: bool = False  # whether the figure of the first side, or the later one of a change, is the lesser


_TURNED = 2.0  # nats that two figures lose of which the one is less that is said to be more
_TOGETHER = 2.0  # nats that two figures of one paragraph gain
_BESIDE = 0.5  # and two of one sentence besides
_PART_OF_PART = 2.0  # nats that a whole and what is taken from it lose where they are of other parts or years
_MOST = 12  # figures looked at for each side
_SINCE = re.compile(rf"[比较](?:{PAST})")
_RATE = re.compile("率|占比|比例|比重|份额|满意度")
_DONE = re.compile(DONE)
_UNDONE = re.compile("未|没|不|尚|绝|剩|余")  # such a figure is itself what is left


def reckon(plan: Plan, operands: Sequence[Sequence[Operand]]) -> Reckoned | None:
    """Put together the figures found for the sides of a plan that fit best; None where none go together."""
    return _best(reckonings(plan, operands))


def reckonings(plan: Plan, operands: Sequence[Sequence[Operand]]) -> list[Reckoned]:
    """All that the figures found for the sides of a plan come to, put together in every way that goes."""
    if plan.how is How.CHANGE or (plan.how is How.TIMES and len(operands) == 1):
        done = _SUMS[plan.how]
        turns = ((done(now.figure, was.figure), was, now) for was, now in _turns(operands[0]))
        return [
            Reckoned(total, (was.passage,), was.fit, _is_less(now.figure, was.figure))
            for total, was, now in turns
            if total is not None
        ]
    if plan.how is How.BEFORE:
        asked = plan.sides[0].asked
        rate = asked.wanted is not Wanted.RANK and _RATE.search(asked.question) is not None
        return list(_befores([o for o in operands[0] if (o.figure.kind is Kind.PERCENT) is rate]))
    if plan.row:
        return list(_in_a_row(plan, operands[0]))
    if plan.how is How.REST and len(operands) == 1:
        return list(_others(plan.sides[0], operands[0]))
    ranked = [sorted(side, key=lambda operand: -operand.fit)[:_MOST] for side in operands]
    found: list[Reckoned] = []
    for a in ranked[0]:
        for b in ranked[1]:
            if a.entry == b.entry and a.passage == b.passage:
                continue
            loss, total = _evidence(plan, a, b), _SUMS[plan.how](a.figure, b.figure)
            if loss is not None and total is not None:
                near = a.passage.paragraph == b.passage.paragraph
                gain = near * _TOGETHER + (a.passage == b.passage) * _BESIDE
                loss += _PART_OF_PART * (
                    plan.how is How.REST and (_is_part_of_part(a, b) or _is_done(plan.sides[1], a))
                )
                fit = a.fit if plan.how is How.MEAN else (a.fit + b.fit - loss + gain) / 2
                less = _is_less(a.figure, b.figure)
                fit -= _TURNED * (plan.more is less)
                found.append(Reckoned(total, tuple(dict.fromkeys((a.passage, b.passage))), fit, less))
    return found


def _is_less(a: Figure, b: Figure) -> bool:
    return (a.value or 0) < (b.value or 0)


def _best(found: Iterable[Reckoned]) -> Reckoned | None:
    return max(found, key=lambda one: one.fit, default=None)


def _in_a_row(plan: Plan, operands: Sequence[Operand]) -> Iterator[Reckoned]:
    """The sum of figures that stand in a row, one of them an operand: 分别占14.2%、9.7%和8.3%.

    Each is that of one of the things named, else all are those that the row gives 分别.
    """
    for operand in operands:
        own, text = operand.figure, operand.passage.text
        entries = [e for e in ledger(text) if e.figure.kind is own.kind and _counted_alike(e.figure, own)]
        for at in range(len(entries) - plan.row + 1):
            row = entries[at : at + plan.row]
            figures = tuple(entry.figure for entry in row)
            gaps = [text[one.end : other.start] for one, other in pairwise(figures)]
            if own not in figures or not all(_NEXT.fullmatch(gap) for gap in gaps):
                continue
            if not (_are_named(plan.things, row, text) if plan.things else _is_whole_row(row, entries, text)):
                continue
            total = sum((figure.value or Decimal(0) for figure in figures), Decimal(0))
            result = _scaled(total, *figures) + ("%" if own.kind is Kind.PERCENT else _unit(figures[0]))
            shown = _shown(" + ".join(figure.text for figure in figures), result, figures)
            yield Reckoned(shown, (operand.passage,), operand.fit)


def _are_named(things: Sequence[str], row: Sequence[LedgerEntry], text: str) -> bool:
    """Whether each figure of a row is that of another one of some things, in any order."""
    about = [_clause(text, entry.figure) for entry in row]
    found = [[i for i, words in enumerate(about) if pairs(thing) & pairs(words)] for thing in things]
    return len(things) == len(row) and all(len(at) == 1 for at in found) and len({at[0] for at in found}) == len(row)


def _is_whole_row(row: Sequence[LedgerEntry], entries: Sequence[LedgerEntry], text: str) -> bool:
    """Whether figures are all that 分别 gives, and no part of a longer row."""
    first, last = row[0].figure, row[-1].figure
    before, after = text[: first.start], text[last.end :]
    longer = any(e.figure.start > last.end and _NEXT.fullmatch(text[last.end : e.figure.start]) for e in entries)
    return re.search("(?:分别|依次)[^，,；;。]{0,4}$", before) is not None and not longer and bool(after)


def _counted_alike(a: Figure, b: Figure) -> bool:
    return a.unit == b.unit or (units_alike(a, b) and not any(figure.unit in _OFTEN for figure in (a, b)))


_OFTEN = ("次", "人次", "件次", "人", "户")
_NEXT = re.compile("[^，,；;。0-9]{0,10}[、，,和与及][^，,；;。0-9]{0,10}")


def _others(side: Side, rates: Sequence[Operand]) -> Iterator[Reckoned]:
    """What a rate leaves: 没满足的 of 满足率达99.5%."""
    for operand in rates:
        figure = operand.figure
        if figure.kind is Kind.PERCENT and figure.value and side.thing and side.thing in operand.entry.subject[-8:]:
            left = _plain(100 - figure.value) + "%"
            yield Reckoned(_shown(f"100% − {figure.text}", left, (figure, figure)), (operand.passage,), operand.fit)


def _evidence(plan: Plan, a: Operand, b: Operand) -> float | None:
    """Nats that two figures lose where a single character says of what they are; None where they do not go together."""
    one, other = plan.sides
    if is_change(a.entry) is not is_change(b.entry):
        return None
    if plan.how is How.MEAN:
        return 0.0 if a.passage == b.passage and _counts(other.thing, b) else None
    if plan.how is How.REST:
        before = re.split("[，,；;。]", b.passage.text[: b.figure.start])[-1]
        whole, part = a.figure, b.figure
        if _UNDONE.search(before) or (whole.value or 0) <= (part.value or 0) or whole.unit != part.unit:
            return None
        if a.passage.paragraph != b.passage.paragraph:
            return None
        said = pairs(one.asked.question + _about(b))
        if a.passage != b.passage and one.stated is None and not said & pairs(_about(a)):
            return None  # a whole of something else
        if not other.thing and not other.stated:
            return 0.0 if _DONE.search(before) else None
    if plan.how is How.SHARE and a.passage.paragraph != b.passage.paragraph:
        return None
    if plan.how is How.TOTAL and any(_is_of_both(plan.sides, operand) for operand in (a, b)):
        return None
    done = [mark for mark in _marks(plan.done) if len(mark) > 1]
    if done and not any(mark in _about(operand) for mark in done for operand in (a, b)):
        return None
    losses = [_unsaid(one, a), _unsaid(other, b)]
    if None in losses and _shared(one, a) and _shared(other, b) and (losses[0] == 0.0 or losses[1] == 0.0):
        apart = _unsaid(one, b) != 0.0 if losses[0] == 0.0 else _unsaid(other, a) != 0.0
        losses = [loss or 0.0 for loss in losses] if apart else losses
    return None if losses[0] is None or losses[1] is None else losses[0] + losses[1]


def _is_done(side: Side, whole: Operand) -> bool:
    """Whether a figure is told of what was done, 审结161件, and so is no whole of which some is left to do."""
    done = pairs(side.thing)
    return bool(done & pairs(_clause(whole.passage.text, whole.figure))) and not done & pairs(side.other)


def _is_part_of_part(whole: Operand, part: Operand) -> bool:
    """Whether a figure is told of another part, 收案174件，审结161件，其中68件, or of this year beside all years'."""
    text, own = part.passage.text, part.figure
    before = re.split("[，,；;。]", text[: own.start])[-1]
    alike = [e.figure for e in ledger(text) if e.figure.unit == own.unit and e.figure.kind is own.kind]
    if before.startswith("其中"):
        nearest = max((f for f in alike if f.end <= own.start), key=lambda f: f.end, default=None)
        return nearest is not None and part.passage == whole.passage and nearest.start != whole.figure.start
    return re.search("当年|本年|新增", before) is not None and "累计" in text[own.end :]


def _is_of_both(sides: Sequence[Side], operand: Operand) -> bool:
    """Whether a figure counts both things together: 智慧社区、智慧街区示范点超过70个."""
    one, other = sides
    words = re.split("[，,；;。]", operand.passage.text[: operand.figure.start])[-1]
    alone = re.search("[、和与及]", words) is not None and re.search("[0-9]", words) is None
    if not alone or not one.thing or not other.thing:
        return False
    own = [pairs(side.thing) - _marks(side.other) for side in sides]
    return all(some & pairs(words) for some in own)


_OFFICIALLY = 1.0  # nats that a figure loses which is said of its thing by another word for it
_HARDLY = 2.5  # and by a single character


def _unsaid(side: Side, operand: Operand) -> float | None:
    """What a figure loses by how it is said of its thing, and not of the other; None where it is not."""
    about = _about(operand)
    other = _marks(side.other)
    if not side.thing or any(pair in about for pair in pairs(side.thing) - other):
        return 0.0
    marks = [mark for mark in _marks(side.thing) - other if mark in about]
    return min((_OFFICIALLY if len(mark) > 1 else _HARDLY for mark in marks), default=None)


def _shared(side: Side, operand: Operand) -> bool:
    """Whether a figure is said of the thing of a side by a word that both sides may have."""
    return any(mark in _about(operand) for mark in _marks(side.thing) if len(mark) > 1)


def _about(operand: Operand) -> str:
    return f"{_clause(operand.passage.text, operand.figure)}，{operand.entry.subject}"


def _marks(thing: str) -> set[str]:
    """The pairs of characters of a thing and of its official words, and its own characters but for the commonest."""
    return {*pairs("，".join((thing, *official_words(thing)))), *characters(thing)}


def _counts(per: str, operand: Operand) -> bool:
    """Whether a figure counts what a mean is taken over, 座图书馆: by its classifier, or else by its noun."""
    figure = operand.figure
    rows = [row for row in KINDRED if per[:1] in row]
    if rows:
        return any((figure.unit or "个") in row for row in rows)
    said_of = f"{figure.counted}，{operand.entry.subject}"
    return any(pair in said_of for pair in pairs(per))


def is_change(entry: LedgerEntry) -> bool:
    """Whether a figure says by how much something changed, and not what it was or is."""
    figure = entry.figure
    moved = figure.direction is not Direction.NONE and figure.role is Role.NONE
    net = entry.subject.endswith(("净", "前进", "前移", "后移", "后退"))
    return moved or net or figure.kind is Kind.POINTS or _SINCE.search(entry.subject) is not None


def is_level(entry: LedgerEntry) -> bool:
    """Whether a figure says what something was or is, and not by how much it changed."""
    return entry.figure.role is not Role.NONE or (entry.figure.kind is Kind.PERCENT and not is_change(entry))


def is_money(entry: LedgerEntry) -> bool:
    """Whether a figure may be an amount of money: 206亿, but no ratio of 1.93."""
    return entry.figure.kind is Kind.MONEY or (
        not entry.figure.unit and re.search("[百千万亿]", entry.figure.text) is not None
    )


def is_stated(how: How, entry: LedgerEntry) -> bool:
    """Whether a figure may itself be what would be computed: a change, mean or share, what is left, any for a total."""
    if how is How.CHANGE:
        return is_change(entry)
    if how is How.MEAN:
        return any("均" in aspect for aspect in entry.figure.aspect)
    clause = re.split("[，,；;。]", entry.sentence[: entry.figure.start - entry.sentence_start])[-1]
    if how is How.SHARE:
        return entry.figure.kind is Kind.PERCENT and re.search("占|比[重例]", clause) is not None
    return how is not How.REST or _UNDONE.search(clause) is not None


def _turns(levels: Sequence[Operand]) -> Iterator[tuple[Operand, Operand]]:
    """What was and what is, each fitting as well as the better of the two."""
    fits = {(o.passage.position, o.figure.start): o.fit for o in levels}
    for passage in dict.fromkeys(operand.passage for operand in levels):
        for was, now in turns(passage.text):
            fit = max(fits.get((passage.position, e.figure.start), NO_FIT) for e in (was, now))
            if fit != NO_FIT:
                yield Operand(passage, was, fit), Operand(passage, now, fit)


def turns(text: str) -> Iterator[tuple[LedgerEntry, LedgerEntry]]:
    """What was and what is: 由90天延长至150天, 原有的94个专窗整合为36个, 3214对，上年为2880对."""
    for first, second in pairwise([e for e in ledger(text) if e.figure.kind is not Kind.DATE]):
        before, between = text[: first.figure.start], text[first.figure.end : second.figure.start]
        if not units_alike(first.figure, second.figure):
            continue
        if role_of(first) is Role.FROM and role_of(second) is Role.TO:
            yield first, second
        elif is_change(first) or is_change(second):
            continue
        elif _FORMER.search(before) and _BECAME.fullmatch(between):
            yield first, second
        elif _WAS.fullmatch(between):
            yield second, first


NO_FIT = -6.0  # nats that a passage without a candidate for a figure counts as fitting
_FORMER = re.compile(rf"(?:{PAST}|原有?|[由从])[^，,；;。0-9]{{0,8}}$")
_BECAME = re.compile("[^，,；;。]{0,16}[为成到至]")
_WAS = re.compile(rf"[，,（(]?(?:{PAST})(?:同期)?[为是]?(?:[约近]|超过)?")


def formerly(plan: Plan, levels: Sequence[Operand]) -> Operand | None:
    """What the report itself says that something was before, where a question asks for that."""
    turns = _turns(levels) if plan.how is How.BEFORE else ()
    return max((was for was, _ in turns), key=lambda was: was.fit, default=None)


def _befores(levels: Sequence[Operand]) -> Iterator[Reckoned]:
    """What it was before the change that is told of it."""
    for level in levels:
        no_level = is_change(level.entry) or level.figure.role is Role.FROM or level.figure.kind is Kind.DATE
        change = None if no_level else change_of(level.entry, level.passage.text)
        total = undone(level.figure, change.figure) if change is not None else None
        if total is not None:
            yield Reckoned(total, (level.passage,), level.fit)


def change_of(level: LedgerEntry, text: str) -> LedgerEntry | None:
    """The change that is told of a level: the next one, or that of the same thing where several things stand in a row.

    净增21家，总数达到236家 tells it just before.
    """
    entries = [e for e in ledger(text) if e.figure.kind is not Kind.DATE]
    at = next(i for i, entry in enumerate(entries) if entry.figure.start == level.figure.start)
    own = [e for e in entries[at + 1 :] if is_change(e) and e.subject == level.subject]
    if own:
        return own[0]
    for entry in entries[at + 1 :]:
        if is_change(entry):
            return None if any(entry.subject == e.subject and not is_change(e) for e in entries[:at]) else entry
        if entry.figure.unit == level.figure.unit:
            break  # what follows is told of that one
    before = entries[at - 1] if at else None
    same = before is not None and is_change(before) and before.figure.unit == level.figure.unit
    return before if same else None


def undone(now: Figure, change: Figure) -> Sum | None:
    """This year's figure without its change, in the same unit, in places, in points, or as a rate of growth."""
    if now.value is None or not change.value:
        return None
    fell = change.direction is Direction.DOWN
    if now.kind is Kind.RANK and change.kind is Kind.COUNT and change.unit in _PLACES:
        sign, value = ("−", now.value - change.value) if fell else ("+", now.value + change.value)
        return _shown(f"{now.text} {sign} {change.text}", f"第{_plain(value)}{change.unit}", (now, change))
    points = now.kind is Kind.PERCENT and change.kind is Kind.POINTS
    if points or (now.kind is change.kind and now.unit == change.unit and now.kind is not Kind.PERCENT):
        sign, value = ("+", now.value + change.value) if fell else ("−", now.value - change.value)
        return _shown(f"{now.text} {sign} {change.text}", _scaled(value, now, change) + _unit(now), (now, change))
    if change.kind is Kind.PERCENT and now.kind in (Kind.COUNT, Kind.MONEY):
        sign, rate = ("−", 1 - change.value / 100) if fell else ("+", 1 + change.value / 100)
        result = _rounded(now.value / rate) + _unit(now)
        return _shown(f"{now.text} ÷ (1 {sign} {change.text})", result, (now, change), rounded=True)
    return None


def difference(a: Figure, b: Figure) -> Sum | None:
    """What lies between two figures of one unit; None where they are of two, or the same."""
    if a.value is None or b.value is None or a.value == b.value or a.kind is not b.kind or not units_alike(a, b):
        return None
    high, low = (a, b) if a.value > b.value else (b, a)
    unit = "个百分点" if a.kind is Kind.PERCENT else _unit(a) or _unit(b)
    return _shown(f"{high.text} − {low.text}", _scaled(abs(a.value - b.value), a, b) + unit, (high, low))


def _total(a: Figure, b: Figure) -> Sum | None:
    if a.value is None or b.value is None or a.kind is not b.kind or not units_alike(a, b):
        return None
    return _shown(f"{a.text} + {b.text}", _scaled(a.value + b.value, a, b) + (_unit(a) or _unit(b)), (a, b))


def _share(a: Figure, b: Figure) -> Sum | None:
    part, whole = (a, b) if (a.value or 0) < (b.value or 0) else (b, a)
    if not part.value or not whole.value or a.kind is not b.kind or not units_alike(a, b):
        return None
    if a.kind not in (Kind.COUNT, Kind.MONEY):  # a share of shares of two things is a share of nothing
        return None
    return _quotient(part, whole, part.value / whole.value * 100, "%")


def _times(a: Figure, b: Figure) -> Sum | None:
    if not a.value or not b.value or a.kind is not b.kind or not units_alike(a, b):
        return None
    return _quotient(a, b, a.value / b.value, "倍")


def _mean(total: Figure, among: Figure) -> Sum | None:
    same = (total.unit, total.counted) == (among.unit, among.counted)
    if not total.value or not among.value or total.value < among.value or same:
        return None
    if {total.kind, among.kind} - {Kind.COUNT, Kind.MONEY} or among.kind is Kind.MONEY:
        return None
    each = total.value / among.value
    return _quotient(total, among, round(each) if total.unit in _PERSONS and each >= _MANY else each, _unit(total))


def _quotient(a: Figure, b: Figure, value: Decimal | int, unit: str) -> Sum:
    result = _rounded(Decimal(value))
    exact = (
        value == round(value, 1) and value < _WHOLE and a.value == value * (b.value or 0) / (100 if unit == "%" else 1)
    )
    return _shown(f"{a.text} ÷ {b.text}", result + unit, (a, b), rounded=not exact)


_SUMS: dict[How, Callable[[Figure, Figure], Sum | None]] = {
    How.CHANGE: difference,
    How.DIFFERENCE: difference,
    How.REST: difference,
    How.TOTAL: _total,
    How.SHARE: _share,
    How.TIMES: _times,
    How.MEAN: _mean,
}
_PERSONS = ("人", "名", "位", "人次")
_PLACES = ("位", "名")
_WHOLE = 100  # from here on no tenths are told
_MANY = 10  # people; so many are not told in tenths


def _shown(terms: str, result: str, operands: tuple[Figure, ...], rounded: bool = False) -> Sum:
    """A sum as it is shown; 约 where it or one of its operands is rounded."""
    loose = rounded or {f.qualifier for f in operands} != {Qualifier.EXACT}
    return Sum(f"{terms} {'≈' if loose else '='} {result}", ("约" if loose else "") + result, operands)


def _clause(passage: str, figure: Figure) -> str:
    """The clause that a figure stands in."""
    before = re.split("[，,；;。、（(]", passage[: figure.start])[-1]
    return before + re.split("[，,；;。、）)]", passage[figure.start :])[0]


def _unit(figure: Figure) -> str:
    """The unit as it is written: 个工作日."""
    return f"个{figure.unit}" if figure.text.endswith(f"个{figure.unit}") else figure.unit


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_SCALES = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))


def _rounded(value: Decimal) -> str:
    """To what people say: 13.1万, 206.96亿, 2462, 4.4."""
    for scale, name in _SCALES:
        if value >= scale:
            return _plain(round(value / scale, 2)) + name
    return _plain(round(value, 1) if value < _WHOLE else Decimal(round(value)))


def _scaled(value: Decimal, *operands: Figure) -> str:
    """Write a number as people do, 50000 → 5万, and as finely as its operands are; others stay as they are."""
    finest = max((len(decimals) for f in operands for decimals in re.findall(r"\.(\d+)", f.text)), default=0)
    for scale, name in _SCALES:
        if value >= scale:
            shorter = value / scale
            if shorter == round(shorter, max(2, finest)):
                return _plain(shorter) + name
    return _plain(value)
