"""What question and figure have in common: the readings that the choice of a figure rests on (`qa.answers.fitting`)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from index.figures import Direction, Figure, Kind, LedgerEntry
from index.figures import ledger as read_ledger
from index.lexical import normalise
from qa.language.asking import Ask, Asked, Wanted

Weights = Mapping[str, float]
ledger = lru_cache(maxsize=4096)(read_ledger)  # passages come again and again; their figures are read once


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Figure, ...]:
    """The figures of a text that are no dates, in order."""
    return tuple(entry.figure for entry in ledger(text) if entry.figure.kind is not Kind.DATE)


def clauses(text: str) -> list[str]:
    """The clauses of a text, cut at commas and stops."""
    return [clause for clause in re.split("[，,；;。]", text) if clause]


SERVICE_NUMBER = re.compile("1[12][0-9]|12[0-9]{3}|9[56][0-9]{3,4}")
"""A telephone number that all know, 12345, which counts nothing."""


@dataclass(frozen=True)
class Span:
    """A stretch [start, end) of a passage's text that answers an ask; `fit`: higher is better, below 0 is no answer."""

    start: int
    end: int
    fit: float


KINDS = {
    Wanted.COUNT: {Kind.COUNT, Kind.MONEY, Kind.MULTIPLE, Kind.PERCENT, Kind.POINTS},
    Wanted.MONEY: {Kind.MONEY, Kind.COUNT},
    Wanted.PERCENT: {Kind.PERCENT},
    Wanted.POINTS: {Kind.POINTS},
    Wanted.RANK: {Kind.RANK},
    Wanted.DATE: {Kind.DATE},
}
EXTENTS = {"大", "高", "快"}
"""有多快, 有多大: a figure may answer, and so may words."""
_SCOPES = (("全国", "国内", "中国"), ("全省", "省内", "省里"), ("全球", "世界", "国际"), ("全市", "市内"))
MEASURE = re.compile(
    "(?:额|费|费用|金|价|价格|成本|预算|利润|工资|薪|产值|产量|面积|里程|损失|嘉宾|游客|旅客|率|满意度|知晓度|认可度)$"
)
OFFICES = {"部门", "机构", "单位"}
"""Nouns for whoever has an office, one said for the other."""
GENERIC_UNITS = {"", "个", "样", "种", "类", "项", "件", *EXTENTS}
"""Classifiers that a question may use for a thing of any other."""
_SAME_THING = 0.5  # from this overlap on, a figure counts the thing asked for whatever its unit
KINDRED = (
    {"家", "个", "所", "座", "处"},
    {"次", "场", "回", "趟", "遍", "人次", "件次"},
    {"件", "件次", "项", "条", "宗", "起", "份"},
    {"类", "种", "样", "项"},
    {"人", "名", "位", "人次", "户"},
    {"台", "部", "套", "个", "辆"},
    {"钱", "元", "块钱", "万元", "亿元", ""},
    {"长", "远", "米", "公里", "千米", "里"},
    {"大", "平方米", "平方公里", "亩", "公顷"},
    {"久", "长", "年", "个月", "天", "日", "小时", "分钟", "工作日"},
    {"重", "吨", "公斤"},
)
_ASKED_FOR = (
    {"次", "场", "回", "趟", "遍", "起", "台次", "辆次", "家次", "批次", "户次", "车次", "架次", "册次"},
    {"棵", "株"},
    {"艘", "条", "只"},
    {"支", "个"},
    {"路", "条"},
    {"方", "立方米"},
    {"度", "千瓦时", "℃"},
    {"人", "名", "位", "例"},
    {"箱", "标准箱"},
    {"斤", "公斤", "吨"},
    {"岁", "年"},
    {"口", "人"},
    {"道", "个", "项"},
    {"分钟", "秒"},
    {"批", "批次"},
    {"张", "份"},
    {"微克", "微克/立方米"},
    {"毫克", "毫克/升", "毫克/立方米"},
    {"吉瓦", "吉瓦时"},
    {"台", "辆", "台次", "辆次"},
    {"家", "户", "家次", "户次"},
)
"""Units that a question may ask for by one another, and no statement may say: 查了多少家 asks for 家次."""


def kindred(asked: str, unit: str) -> bool:
    """Whether a figure of a unit may answer a question for another."""
    return any({asked, unit} <= row for row in (*KINDRED, *_ASKED_FOR))


def made_of_two(value: Decimal | None, values: Iterable[Decimal | None]) -> bool:
    """Whether a value is what two others make together, or what the one leaves of the other.

    >>> made_of_two(Decimal(3), [Decimal(42), Decimal(39)])
    True
    """
    known = (one for one in values if one)
    return any(value in (one + other, abs(one - other)) for one, other in combinations(known, 2))


def units_alike(a: Figure, b: Figure) -> bool:
    """Whether two figures of a report have one unit, or units that are said for one another."""
    return a.unit == b.unit or any({a.unit, b.unit} <= row for row in KINDRED)


def passage_weights(question: Weights, text: str) -> dict[str, float]:
    """Weigh a question's terms inside one passage: a term that stands there once tells its parts apart best."""
    folded = normalise(text)
    return {t: w / folded.count(t) for t, w in question.items() if t in folded}


Likeness = Callable[[str, str], float]
"""How alike two words are in meaning, -1 to 1."""


_ENDS_NOUN = re.compile(
    r"$|[^一-鿿A-Za-z]|[的和与及等在已将占可]|[利使运采应]用|参加|参与|开展|试点|接入|入驻|实现|完成|纳入|进行|获|建成|上线|"
    r"提供|达到|受益|通过|签约|注册|汇入|整合|归集|登记|牵头|负责|零"
)


def begins_with(noun: str, counted: str) -> bool:
    """Whether what is counted begins with a whole noun, which no word runs on from: 金融机构, not 金融机构利."""
    return counted.startswith(noun) and _ENDS_NOUN.match(counted, len(noun)) is not None


def of_another_year(asked: Asked, entries: list[LedgerEntry], i: int, text: str) -> bool:
    """Whether the date just before a figure in its clause, 2013年的187.5亿元, is of a year not asked about."""
    if i == 0 or entries[i - 1].figure.kind is not Kind.DATE or entries[i - 1].figure.value is None:
        return False
    date, figure = entries[i - 1].figure, entries[i].figure
    asked_for = {int(f.value) // 10000 for f in asked.stated if f.kind is Kind.DATE and f.value is not None}
    year = int(date.value or 0) // 10000
    return bool(asked_for) and year > 0 and year not in asked_for and text[date.end : figure.start] in ("", "的")


def other_scope(question: str, text: str, figure: Figure) -> bool:
    """Whether a rank is held among others than those asked about: in the nation, not in the province."""
    clause = (
        re.split("[，,；;。]", text[: figure.start])[-1] + figure.text + re.split("[，,；;。]", text[figure.end :])[0]
    )
    wanted = {i for i, names in enumerate(_SCOPES) if any(name in question for name in names)}
    here = {i for i, names in enumerate(_SCOPES) if any(name in clause for name in names)}
    return bool(wanted) and bool(here) and not wanted & here


_ANIMALS = {"头", "只", "匹", "羽", "尾"}
_PEOPLE = re.compile(
    "(?:人|员|者|孩|娃|孩子|娃娃|儿童|老人|学生|教师|老师|医生|护士|司机|专家|干部|群众|居民|市民|农民|职工)$"
)


def unit_allows(ask: Ask, figure: Figure) -> bool:
    """Whether a figure's unit may answer the classifier asked for: 场 is no answer to 多少册."""
    if ask.wanted not in (Wanted.COUNT, Wanted.MONEY):
        return True
    if _PEOPLE.search(ask.noun) and (figure.unit in _ANIMALS or figure.kind is Kind.MONEY):
        return False
    if ask.wanted is Wanted.MONEY:
        return figure.kind is Kind.MONEY or (figure.unit == "" and not figure.counted)
    if not ask.unit or ask.unit in GENERIC_UNITS or figure.unit in ("", ask.unit):
        return figure.kind not in (Kind.PERCENT, Kind.POINTS) or not ask.unit or ask.unit in EXTENTS
    if figure.kind in (Kind.PERCENT, Kind.POINTS):
        return False
    return kindred(ask.unit, figure.unit) or overlap(ask.noun, figure.counted) > _SAME_THING


_OF_NUMBER = re.compile("(?:总额|总数|总量|总值|数量|人数|[额量数])$")


def same_noun(noun: str, subject: str) -> bool:
    """Whether a figure is said of the very noun asked for: 出口 for 出口额, where 进出口总额 only holds it."""
    bare = _OF_NUMBER.sub("", noun)
    return len(bare) > 1 and bare == _OF_NUMBER.sub("", subject)


_GROWTH = re.compile(
    "(?:增长|增加|上涨|上升|下降|降低|减少|涨|升|降|高(?=了))(?:了|率|幅度|幅)?(?:是|有|达)?(?:多少|几)(?![个家项条件名人次台处])|"
    "增速|[增涨降]幅|增长率"
)


_TOTAL = "累计|历年|历来|至今|总共|一共|前后|加起来|加在一起|拢共|总数|总量"
_ADDED = "新增|净增|净$"
_AT_FIRST = re.compile("[年开]初|开年|一开始|原来|之前|起[初先]|以前|当初|最初")
_NEW = "[新增添建开又再]|盖|修"


def aspect_fit(asked: Asked, entry: LedgerEntry) -> float:
    """Prefer the running total where the question asks for one, this year's figure where it asks for that."""
    question, aspect = asked.question, "，".join((*entry.figure.aspect, entry.subject))
    fit = 0.0
    for words, marks in (
        (_TOTAL, "累计|总"),
        ("今年|当年|这一年|本年|全年", "今年|全年|当年"),
        ("平均|每天|一天|日均|每日", "日均|平均|人均|月均"),
        ("新增|新建|净增|又", "新增|净增"),
        ("现有|现在|目前|总共|一共|全部", "总数|总量|累计"),
    ):
        wants, has = re.search(words, question) is not None, re.search(marks, aspect) is not None
        fit += 1.5 if wants and has else 0.0
    changes = entry.figure.direction is not Direction.NONE or re.search("同比|比上年|较上年", aspect) is not None
    fit += 1.5 if changes and re.search("同比|上一年|上年|去年|跟.*比|涨|增幅|增速", question) else 0.0
    if re.search("[人户日月年]均|每[千万百]", aspect) and not re.search(
        "均|每[千万百]|[每一]个?[人户家天日月年]", question
    ):
        fit -= 1.5
    if re.search("农村|乡村|城镇", aspect) and not re.search("[农村乡城]", question):
        fit -= 1.0
    if re.search(_ADDED, aspect) and not re.search(_NEW, question):
        fit -= 1.5
    if re.search(_TOTAL, question) and re.search("今年以来|当年", aspect):
        fit -= 1.5
    if (
        entry.figure.kind is Kind.PERCENT
        and re.search("同比|比上年", aspect)
        and not re.search("同比|增|涨|多|比|升|降|跌|幅", question)
    ):
        fit -= 1.0
    if entry.figure.direction is not Direction.NONE and _GROWTH.search(question):
        fit += 2.0
    at_first = _AT_FIRST.search(question) is not None
    if entry.figure.role.value == "from" and not at_first:
        fit -= 1.5
    if entry.figure.role.value == "to" and at_first:
        fit -= 1.0
    return fit


def clause_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the clause begins and ends that text[start:end] stands in."""
    begin = max(text.rfind(mark, 0, start) for mark in "，,；;。：:") + 1
    return begin, min((place for mark in "，,；;。" if (place := text.find(mark, end)) >= 0), default=len(text))


def covered(part: str, weights: Weights) -> float:
    """The weight of the terms that a part of a passage holds."""
    folded = normalise(part)
    return sum(weight for term, weight in weights.items() if term in folded)


def overlap(noun: str, words: str) -> float:
    """Share of a noun's characters (its last ones count most) that other words hold, 0 to 1."""
    if not noun or not words:
        return 0.0
    if noun in words or words in noun:
        return 1.0
    pairs = [noun[i : i + 2] for i in range(len(noun) - 1)] or [noun]
    return sum(pair in words for pair in pairs) / len(pairs)
