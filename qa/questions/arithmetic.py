"""What does a question want computed? A change, a difference, what is left, a total, a share, a mean, the year before.

A question for a sum is read as the questions for its two figures: 甲比乙多多少件 as those for 甲 and for 乙. Those are
answered as any question is (`qa.answers.fitting`), and their figures put together (`qa.answers.reckoning`); this knows
of neither.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from index.figures import Figure, Kind
from qa.language.asking import FIGURES, Asked, Wanted, read_question
from qa.language.wording import FUNCTION_CHARACTERS


class How(Enum):
    """What is done with the two figures of a sum."""

    CHANGE = "change"  # from A to B
    DIFFERENCE = "difference"  # of two things
    REST = "rest"  # a whole without its part
    TOTAL = "total"
    SHARE = "share"  # of a part in a whole
    TIMES = "times"  # how many times one is the other
    MEAN = "mean"  # what falls to each
    BEFORE = "before"  # this year's figure without its change


@dataclass(frozen=True)
class Side:
    """One figure of a sum: the question for it, the thing it is said of, and that of the other side.

    The figure must be said of what tells the two things apart; of anything, where there is no thing. `stated`: the
    figure itself, where the question states it.
    """

    asked: Asked
    thing: str = ""
    other: str = ""
    stated: Figure | None = None


@dataclass(frozen=True)
class Plan:
    """How a question is computed, and its sides: two, or one where the second figure goes with the first.

    `done`: what a total is asked of, 接待了 of 加起来接待了多少. `year`: the year asked about, where what is computed
    is the year before the one reported on. `row`: of how many figures in a row the total is asked, `things`: of
    which, where they are named. `more`: whether the
    first is said to be more than the second, or less; None where the question does not say.
    """

    how: How
    sides: tuple[Side, ...]
    done: str = ""
    year: int | None = None
    row: int = 0
    things: tuple[str, ...] = ()
    more: bool | None = None


_HOW_MUCH = "(?:多少|几)"
_AFTER = "(?:下来|下去|出来?|了|掉|去|下)*"
_VERB = "(?:[高低升降涨跌增减缩扩压砍省快慢短抬提添]|(?<![参追])加|(?<![至最不])[多少])[高低升加少小短长快]?"
_CHANGED = re.compile(
    f"{_VERB}{_AFTER}{_HOW_MUCH}|变化了?{_HOW_MUCH}|[多少][一-鿿]{{1,2}}了{_HOW_MUCH}|百分点|{_HOW_MUCH}个?点(?!钟)"
)
_MORE = re.compile(
    rf"(?P<a>.*?)(?<![占同环相对])比(?![例重率])(?P<b>.+?)[，,]?"
    rf"(?:[多少][一-鿿]{{0,2}}|(?<![增提加减缩放扩升降调拉延])[高低大小超快慢长短早晚]){_AFTER}{_HOW_MUCH}"
)
_UP, _DOWN = re.compile("多(?!少)|高|超|长(?!短)|大(?![约概])"), re.compile("少(?!多)|(?<!多)少|低|短|小")
_EXCEEDS = re.compile(rf"(?P<a>.*?)[高多超]出(?P<b>(?![来了])[^，,]{{2,}}?){_HOW_MUCH}")
_TIMES = re.compile(rf"(?P<a>.*?)[，,]?(?:大约|约)?(?:是|为|相当于|达到?)(?P<b>[^，,]{{2,}}?)的?{_HOW_MUCH}倍")
_OFF = "(?:扣掉|扣除|除去|除掉|减去|减掉|刨去|刨掉|刨开|去掉|不算)"
_LESS = re.compile(
    rf"(?P<a>.*?)[，,]?(?:{_OFF}(?P<b>.+?)|把(?P<b2>[^，,]+?){_OFF})"
    rf"(?:[,，]?(?:还|就|只)?(?:剩|有|差)(?:下|余)?(?:的)?(?:有)?|[,，](?P<tail>[^，,]{{0,10}}?)){_HOW_MUCH}"
)
_GAP = re.compile(rf"(?:相差|差距|差)(?:是|有|了)?{_HOW_MUCH}|之差|多出(?:来)?{_HOW_MUCH}")
_BESIDES = re.compile(
    rf"(?:除了?|去除|不算)?(?P<b>[^，,]+?)(?:以外|之外|外(?![省地市县来资国贸埠商籍出卖围部]))的?(?![，,]?还)[，,]?(?P<a>[^，,]*?)[是有]?{_HOW_MUCH}|"
    rf"不[在属][于]?(?P<b2>[^，,]+?)的(?P<a2>[^，,]*?)[是有]?{_HOW_MUCH}"
)
_TOGETHER = re.compile(
    rf"(?P<two>[^，,]+[和与跟同][^，,]+?)(?:一共|总共|合计|共计|共)(?P<done>[^，,]{{0,4}}?){_HOW_MUCH}"
)
ADDED = re.compile("加在?一(?:起|块儿?)|[加合]起来|合在一起|之和|总和")
"""Asks for the sum of two figures."""
_SEVERAL = "(?P<many>[两三四五六])(?:个|项|类|样|种|者|批|方面|部分|块|家)"
_SUM = rf"(?:{ADDED.pattern}|合计|总共|一共|共计)"
_ROW = (
    re.compile(rf"(?:^|[，,])(?P<things>[^，,。]+[、和与及][^，,。]+?){_SEVERAL}[，,]?{_SUM}"),
    re.compile(rf"前{_SEVERAL}[^，,。]{{0,6}}?[，,]?{_SUM}"),
)
"""Asks for the sum of figures that stand in a row: 甲、乙、丙三样加起来; 前三类合计占百分之几."""
NUMBERS = {"两": 2, "三": 3, "四": 4, "五": 5, "六": 6}
DONE = "(?:办结|完成|整改|解决|修复|建成|销号|化解|办理|落实|竣工|验收|交付|采纳|通过|满足|录取|归还|回收|处置)"
"""What is done with some of those that a share is asked of."""
_SHARE = re.compile(
    r"(?P<a2>.+?)在(?P<b2>[^，,]{2,}?)(?:里头?|里面|当?中)(?:大约|大概|约)?占(?:了|到)*(?:多大|多少|百分之|几)|"
    r"(?P<b3>.{3,}?)(?:(?<!公)里(?!程)头?|里面|当?中|之中)[，,]?(?P<a3>[^，,]{2,}?)[，,]?(?:大约|大概|约)?占(?:了|到)*"
    r"(?:百分之(?:几|多少)|(?:几|多少)成|多大比例|几分之几)|"
    rf"(?P<b4>.{{4,}}?)[，,](?P<a4>{DONE})了(?:百分之(?:几|多少)|(?:几|多少)成)|"
    rf"(?P<b5>.{{3,}}?)的(?P<a5>{DONE})的?比例(?:大约|大概|约)?(?:是|有|为)?(?:多少|百分之几|几成)|"
    r"(?P<a>.*?)(?:大约|大概|约)?占(?!比)(?:到|了)*(?P<b>[^，,]{2,}?)的?"
    r"(?:百分之(?:几|多少)|(?:几|多少)成|多大比例|多少(?![个家项条次名件])|比例|比重|几分之几)"
)
_NOT = "(?:没有?|未|不[是能会]|不属于|非(?!常))"
_LEFT = (
    re.compile(
        rf"(?P<a>.*?)(?:还|尚|仍)?{_NOT}(?P<b>[^，,有？?问][^，,有？?]*?)[，,]?(?:的)?(?:还|又)?[剩有]?(?:下|余)?的?有?{_HOW_MUCH}"
    ),
    re.compile(rf"(?P<a>.*?)(?:还|尚|仍|就)[剩有]?(?:下|余)?{_HOW_MUCH}(?P<noun>[^没未不]*){_NOT}(?P<b>[^，,？?]+)"),
    re.compile(rf"(?P<a>.*?)(?:还|尚|仍|就)?剩(?:下|余)?的?有?(?:没.{{0,4}})?{_HOW_MUCH}(?P<b>)"),
)
_BEFORE = re.compile(
    rf"(?<![跟比和与较])(?:上一年|前一年|上年)(?!比|相比)(?:[^涨增多升减降]{{0,14}}{_HOW_MUCH}|[^比升降进]{{0,24}}第几)|倒推|反推|推算"
)
_BARE = re.compile("^(?:能够?|被|得到|得以)+")
_GOAL, _REACHED = "原定计划目标任务指标要求", "实际完成建成达到已经"
_OF_GOAL = re.compile(
    rf"(?:离|距离?|跟|和|与|比)[^，,]{{0,8}}(?:任务|目标|计划|指标|要求)[^，,]{{0,6}}?[还仍尚]?[差缺少]了?{_HOW_MUCH}(?!成|倍)|"
    rf"(?<![最至不大好很])(?:多|超额?|少)(?:完成|建成?|办)了?{_HOW_MUCH}(?!成|倍)"
)
"""Asks what lies between the goal and what was reached: 离任务还差几个, 多完成了几所."""
_OWN_PLACE = re.compile("(?:我们|咱们?|本|我|你们|贵)(?:这儿|这里|这边)?[省市县区镇乡]?$")
_MEAN = re.compile(
    r"(?:平均|均摊|平摊|分摊|摊)(?:下来|算下来|分摊|算|摊)?到?[，,]?"
    r"(?:每(?:[开办搞]|举办)?一?(?![天日周月年])|一(?=[个家户人台场次座所项件张条笔宗批期辆部]))(?P<per>[^，,]{1,14}?)"
    r"(?:头上|身上)?(?:[，,](?:平均|人均|户均)?|(?=约?[有是要得能]|大[约概]|多少|几|的))"
)
PAST = (
    "去年|上年|前年|[上前头]一?年|同期|年初|年底|往年|以前|之前|原来|原先|原本|过去|从前|"
    "(?:19|20)[0-9]{2}年(?:年?[初底末])?"
)
"""What a comparison may have as its base: another time."""
_BASE = re.compile(rf"(?:{PAST}|相|的|时候|那会儿|时)+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}年|[明今去]年")
_TARGET = re.compile("的?(?:目标|计划|预期|实际|完成|指标|预计)(?:值|数|额)?的?|打算|要")
_TOPIC = re.compile("[，,]|(?<=[一-鿿])里头?(?=[^，,])|里面|当中")


def read_sums(asked: Asked) -> list[Plan]:
    """The ways in which what a question asks for may be computed, to be tried in order; [] where nothing is."""
    return list(_plans(asked)) if any(ask.wanted in FIGURES for ask in asked.asks) else []


def asks_change(asked: Asked) -> bool:
    """Whether a question asks by how much something changed: no level answers that."""
    return any(plan.how is How.CHANGE for plan in read_sums(asked))


def asks_difference(asked: Asked) -> bool:
    """Whether a question asks what lies between two things: neither of their figures answers that."""
    return next((plan.how is How.DIFFERENCE for plan in read_sums(asked)), False)


def _plans(asked: Asked) -> Iterator[Plan]:
    question = asked.question
    less, share, mean, gap, added, besides, together, times = (
        pattern.search(question) for pattern in (_LESS, _SHARE, _MEAN, _GAP, ADDED, _BESIDES, _TOGETHER, _TIMES)
    )
    more = _MORE.search(question) or _EXCEEDS.search(question)
    left = next((match for pattern in _LEFT if (match := pattern.search(question))), None)
    stated = [figure for figure in asked.stated if figure.kind is not Kind.DATE]
    bare = more is not None and len(stated) == 2 and more["a"].endswith(stated[0].text)
    how = How.TOTAL if added else How.REST if less else How.DIFFERENCE if gap or bare else None
    how = how or (How.SHARE if "占" in question else None)
    row = _row(asked)
    if row is not None:
        yield row
    if how is not None and len(stated) == 2:
        yield Plan(how, tuple(Side(asked, stated=figure) for figure in stated))
    elif _BEFORE.search(question):
        yield Plan(How.BEFORE, (_level(asked),))
    elif less is not None:
        yield from _without(less["a"] or less["tail"] or "", less["b"] or less["b2"], asked)
    elif besides is not None:
        yield from _without(besides["a"] or besides["a2"] or "", besides["b"] or besides["b2"], asked)
    elif mean is not None:
        whole = read_question(question[: mean.start()] + question[mean.start("per") :])
        yield Plan(How.MEAN, (Side(whole), Side(read_question(f"有多少{mean['per']}"), mean["per"])))
    elif share is not None and (part := _either("a", share)):
        if not re.match("没|未|不", part):
            yield Plan(How.SHARE, _sides(part, _either("b", share), asked))
    elif times is not None:
        past = _BASE.fullmatch(times["b"]) is not None
        yield Plan(How.TIMES, (_level(asked),) if past else _sides(times["a"], times["b"], asked))
    elif added is not None:
        done = re.sub("一共|总共|大概|大约|[有是了，,]", "", question[added.end() : asked.asks[-1].start])
        yield from (replace(p, done=done) for p in _of_two(How.TOTAL, question[: added.start()], asked))
    elif more is not None:
        said = more.group()[more.end("b") - more.start() :]
        higher = True if _UP.search(said) else False if _DOWN.search(said) else None
        yield from (replace(plan, more=higher) for plan in _two_years(more["a"], more["b"], asked))
        if _BASE.fullmatch(more["b"].strip("，, ")) or len(characters(more["a"])) < _TELLING:
            yield Plan(How.CHANGE, (_level(asked),))
        else:
            sides = _sides(*_referred(more["a"], more["b"]), asked)
            base = next((figure for figure in stated if figure.text == more["b"].strip("，, ")), None)
            sides = sides if base is None else (replace(sides[0], thing="", other=""), Side(asked, stated=base))
            yield Plan(How.DIFFERENCE, sides, more=higher)
    elif (goal := _OF_GOAL.search(question)) is not None:
        yield _of_goal(question[: goal.start()], asked)
    elif gap is not None:
        two = list(_of_two(How.DIFFERENCE, question[: gap.start()], asked))
        yield from two or [Plan(How.CHANGE, (_level(asked),))]
        if not two:
            yield _of_goal(question[: gap.start()], asked)
    elif _CHANGED.search(question):
        yield Plan(How.CHANGE, (_level(asked),))
    elif together is not None:
        yield from (replace(plan, done=together["done"]) for plan in _of_two(How.TOTAL, together["two"], asked))
    elif left is not None:
        yield from _without(left["a"], left["b"], asked)
        if asked.asks[-1].wanted is Wanted.PERCENT:
            done = _BARE.sub("", left["b"])[:2]
            rate = read_question(f"{left['a']}{done}率是百分之多少")
            yield Plan(How.REST, (Side(replace(rate, stated=()), done),))
    else:
        years = [figure for figure in asked.stated if figure.kind is Kind.DATE and figure.unit.startswith("年")]
        if len(years) == 1 and years[0].value is not None:
            yield Plan(How.BEFORE, (_level(asked),), year=int(years[0].value) // 10000)


def _of_goal(before: str, asked: Asked) -> Plan:
    """The plan for what lies between a goal and what was reached; `before`: the words that ask for no figure yet."""
    topic = _question(before.strip("，, ") or asked.question, asked)
    return Plan(How.DIFFERENCE, (Side(topic, _GOAL, _REACHED), Side(topic, _REACHED, _GOAL)))


def _either(side: str, share: re.Match[str]) -> str:
    """What one way of asking for a share says of a side; "" where it says nothing."""
    return next((words for n in ("", 2, 3, 4, 5) if (words := share[f"{side}{n}"])), "")


def _row(asked: Asked) -> Plan | None:
    """The plan for the sum of a row; None where the question asks for none, or names others than it counts."""
    found = next((match for pattern in _ROW if (match := pattern.search(asked.question))), None)
    if found is None:
        return None
    things = tuple(re.split("[、和与及]", found["things"])) if "things" in found.groupdict() else ()
    many = NUMBERS[found["many"]]
    return Plan(How.TOTAL, (Side(asked),), row=many, things=things) if len(things) in (0, many) else None


def _level(asked: Asked) -> Side:
    """The question for what it was or is, of one for how much it changed or what it was a year before."""
    when = rf"[跟和与同]?(?:(?<![占同环])[比较])?(?:再往)?(?:{PAST})(?:相?比|底|末)?(?:的?时候)?[，,]?"
    read = read_question(re.sub(when, "", asked.question))
    asks = tuple(replace(a, wanted=Wanted.PERCENT) if a.wanted is Wanted.POINTS else a for a in read.asks)
    asks = tuple(replace(a, unit="" if a.unit == "倍" else a.unit) for a in asks)
    return Side(replace(read, asks=asks or asked.asks, stated=()))


def _question(words: str, asked: Asked) -> Asked:
    """The question for one side of what is asked for."""
    ask = asked.asks[-1]
    counts = ask.wanted in (Wanted.COUNT, Wanted.MONEY) and ask.unit != "倍"
    counted = asked.question[ask.start : ask.end] if counts else "多少"
    pause = "，" if ask.unit else ""  # 治理率有多少个 asks for no rate
    read = read_question(f"{words}{pause}有{counted}")
    return replace(read, stated=tuple(figure for figure in read.stated if figure.kind is Kind.DATE))


def _sides(a: str, b: str, asked: Asked) -> tuple[Side, Side]:
    """The questions for two things, each with what both have in common: the topic before, the noun after."""
    a, b = a.strip("，, 的"), b.strip("，, 的")
    *topic, last = _TOPIC.split(a)
    topic = "".join(topic) if len(last) > 1 else ""
    a = last if len(last) > 1 else a
    shares = "的" not in a and 0 <= b.find("的") <= _OWNERS
    first = a + b[b.find("的") :] if shares else a
    own = "" if _OWN_PLACE.fullmatch(a) else a  # of its own place a report says without naming it
    return Side(_question(topic + first, asked), own, b), Side(_question(topic + b, asked), b, own)


_TELLING = 2  # characters that a thing needs to be told by
_OWNERS = 7  # characters; what is shorter and stands side by side has the noun that follows in common


def _without(whole: str, part: str, asked: Asked) -> Iterator[Plan]:
    """The questions for a whole, of which the part's sentence need say nothing, and for the part."""
    whole = re.sub("剩下?$", "", whole)
    first, second = _sides(whole, part, asked) if whole else (Side(asked), Side(_question(part, asked), part))
    first, second = replace(first, thing=""), replace(second, other="")
    for figure in asked.stated:
        if figure.kind is Kind.COUNT and figure.text in whole:
            yield Plan(How.REST, (replace(first, stated=figure), second))
    yield Plan(How.REST, (first, second))


_BOTH = re.compile("城乡(?!居民收入比)")
_LATTER = re.compile("(?:^|[，,])(?:前头|前者|前面|头一个)(?:那个)?$")


def _referred(a: str, b: str) -> tuple[str, str]:
    """What 前者 and 后者 stand for: 一边是甲，一边是乙，前者比后者."""
    former = _LATTER.search(a)
    if former is None or not b.startswith("后"):
        return a, b
    things = [thing for thing in re.split("[，,和与]|一[边头个种]是", a[: former.start()]) if thing]
    return (things[-2], things[-1]) if len(things) > 1 else (a, b)


def _of_two(how: How, words: str, asked: Asked) -> Iterator[Plan]:
    """甲和乙, as they stand side by side before what asks for both."""
    words = re.sub("(?:两者|二者|它们|他们|这两[者个项]?|之间|中间|数量)[的，,]*$", "", words).strip("，, ")
    words = _BOTH.sub("城镇和农村", words)
    halves = [half for half in re.split("连同|[和与同跟、]", words) if half.strip("，, ")]
    if len(halves) == 2:
        yield Plan(how, _sides(halves[0], halves[1], asked))


def _two_years(a: str, b: str, asked: Asked) -> Iterator[Plan]:
    """2024年的目标比2023年实际: the same thing in two years."""
    one, other = _YEAR.search(a), _YEAR.search(b)
    if one is None or other is None or one.group() == other.group():
        return
    thing = _TARGET.sub("", a.replace(one.group(), "", 1)).strip("的，, ")
    yield Plan(
        How.DIFFERENCE,
        (Side(_question(one.group() + thing, asked)), Side(_question(other.group() + thing, asked))),
    )


def characters(words: str) -> set[str]:
    """The characters of some words that say anything."""
    return {char for char in re.findall("[一-鿿]", words) if char not in FUNCTION_CHARACTERS}
