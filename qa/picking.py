"""Which figure of a passage is the answer itself? The one whose unit and subject fit what is asked for.

A wrong short answer is worse than none: where nothing fits, nothing is picked.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from index.figures import Direction, Figure, Kind, LedgerEntry, same_value
from index.figures import ledger as read_ledger
from index.lexical import normalise
from qa.asking import Ask, Asked, Wanted
from qa.wording import official_words

Weights = Mapping[str, float]
ledger = lru_cache(maxsize=4096)(read_ledger)  # passages come again and again; their figures are read once


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
_SELDOM = {"届", "年", "周年", "天", "日", "级", "大", "小时", "分钟", "个月", "批", "期"}
"""Units that a question for a plain number seldom means."""
_OF_MONEY = re.compile("资金|贷|款|投|额|收入|支出|产值|财政|补贴|补助|经费|费|金|造价|预算|税|融资|授信")
_PLACES = {"名", "位", "强"}
_SCOPES = (("全国", "国内", "中国"), ("全省", "省内", "省里"), ("全球", "世界", "国际"), ("全市", "市内"))
TOLD = 4.0  # what a figure loses that the talk has given already
NAMED = 1.0  # what a figure gains whose subject the question names in full: 软件终端
_NAMES_IT = 3  # characters of such a subject
AMONG = 2.0  # what 百强 loses against 第18名 where a rank is asked for
OTHER_NOUN = 10.0  # what a figure loses that measures something else than was asked for
MEASURE = re.compile(
    "(?:额|费|费用|金|价|价格|成本|预算|利润|工资|薪|产值|产量|面积|里程|损失|嘉宾|游客|旅客|率|满意度|知晓度|认可度)$"
)
OFFICES = {"部门", "机构", "单位"}
"""Nouns for whoever has an office, one said for the other."""
SAME_KIND = 0.8  # how far such nouns count as the same
ALIKE = 0.3  # from this likeness on, what is counted is taken for what was asked for: 医院, 医疗机构
_NAMED = 6  # characters of what is counted that name it
UNKNOWN_NOUN = 3.0  # what a figure loses in a passage that never names what was asked for
LEAST_FIT = 0.5  # a figure that fits less is no answer
_GENERIC_UNITS = {"", "个", "样", "种", "类", "项", "件"}
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


def passage_weights(question: Weights, text: str) -> dict[str, float]:
    """Weigh a question's terms inside one passage: a term that stands there once tells its parts apart best."""
    folded = normalise(text)
    return {t: w / folded.count(t) for t, w in question.items() if t in folded}


Likeness = Callable[[str, str], float]
"""How alike two words are in meaning, -1 to 1."""


def unlike(a: str, b: str) -> float:
    """Take words for alike only where they share characters, which is judged elsewhere."""
    return 0.0


def pick_figure(
    ask: Ask, asked: Asked, text: str, weights: Weights, like: Likeness = unlike
) -> tuple[Span, LedgerEntry] | None:
    """Pick the figure of a passage that answers an ask for one; `weights` are those of `passage_weights`.

    Figures that the question itself states are no answer to it. None when no figure is of a kind and unit that fits.
    """
    best: tuple[Span, LedgerEntry] | None = None
    entries = ledger(text)
    for i, entry in enumerate(entries):
        figure = entry.figure
        if figure.kind not in KINDS[ask.wanted] or any(same_value(figure, stated) for stated in asked.stated):
            continue
        if ask.wanted is Wanted.DATE and figure.relative:
            continue
        unit = _unit_fit(ask, figure)
        if unit is None or (ask.wanted is Wanted.MONEY and not figure.unit and not _OF_MONEY.search(entry.subject)):
            continue
        if (
            ask.wanted is Wanted.RANK
            and figure.unit not in _PLACES
            and not re.search(f"[几哪一]{figure.unit}", asked.question)
        ):
            continue
        if of_another_year(asked, entries, i, text):
            continue
        if ask.wanted is Wanted.RANK and other_scope(asked.question, text, figure):
            continue
        floor = next((e.figure.end for e in reversed(entries[:i]) if e.figure.unit != "级"), 0)  # 市区两级 is a subject
        ceiling = entries[i + 1].figure.start if i + 1 < len(entries) else len(text)
        fit = unit + aspect_fit(asked, entry) + _nearness(text, figure, entry.subject, floor, ceiling, weights)
        if ask.noun:
            fit += _noun_fit(ask, asked.question, entry, text[floor:ceiling], text, like)
        if len(entry.subject) >= _NAMES_IT and entry.subject in asked.question:
            fit += NAMED
        if _is_whole(asked.question[: ask.start], entry):
            fit -= WHOLE
        if ask.wanted is Wanted.RANK and figure.unit == "强":
            fit -= AMONG
        if any(same_value(figure, told) for told in asked.told):
            fit -= TOLD
        if best is None or fit > best[0].fit:
            counted = ask.noun if ask.noun and begins_with(ask.noun, figure.counted) else ""
            best = Span(figure.start, figure.end + len(counted), fit), entry
    return best if best is not None and best[0].fit >= LEAST_FIT else None


_ENDS_NOUN = re.compile(
    r"$|[^一-鿿A-Za-z]|[的和与及等在已将占可]|[利使运采应]用|参加|参与|开展|试点|接入|入驻|实现|完成|纳入|进行|获|建成|上线|"
    r"提供|达到|受益|通过|签约|注册|汇入|整合|归集|登记|牵头|负责|零"
)


def begins_with(noun: str, counted: str) -> bool:
    """Whether what is counted begins with a whole noun, which no word runs on from: 金融机构, not 金融机构利."""
    return counted.startswith(noun) and _ENDS_NOUN.match(counted, len(noun)) is not None


def _is_whole(before: str, entry: LedgerEntry) -> bool:
    """Whether a figure counts those among whom the question asks for some: 初一女生里有多少人…"""
    among = _AMONG.search(before)
    return (
        among is not None
        and _AMONG_END.sub("", entry.figure.counted)
        == among["whole"][-len(_AMONG_END.sub("", entry.figure.counted)) :]
        != ""
    )


_AMONG = re.compile("(?P<whole>[一-鿿A-Za-z0-9]{2,})(?:里头?|里面|当?中|其中|之中)(?:[，,]|有|一共|总共|已经)*$")
_AMONG_END = re.compile("[里中]$")
WHOLE = 3.0  # what the figure of the whole loses where a part of it is asked for


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
    return _unit_fit(ask, figure) is not None


def _unit_fit(ask: Ask, figure: Figure) -> float | None:
    """How well a figure's unit fits the classifier asked for; None when it cannot be the answer."""
    if ask.wanted in (Wanted.PERCENT, Wanted.POINTS, Wanted.RANK, Wanted.DATE):
        return 2.0
    if _PEOPLE.search(ask.noun) and (figure.unit in _ANIMALS or figure.kind is Kind.MONEY):
        return None
    if ask.wanted is Wanted.MONEY:
        return 2.0 if figure.kind is Kind.MONEY or (figure.unit == "" and not figure.counted) else None
    if figure.kind in (Kind.PERCENT, Kind.POINTS):
        return 0.5 if not ask.unit or ask.unit in EXTENTS else None
    if not ask.unit or ask.unit == "快":
        return -0.5 if figure.unit in _SELDOM else 1.0
    if figure.unit == ask.unit:
        return 3.0 if ask.unit != "个" else 1.0 if _PEOPLE.search(ask.noun) else 2.0
    if _PEOPLE.search(ask.noun) and ask.unit == "个" and figure.unit in {"人", "名", "位", "人次"}:
        return 3.0
    if ask.unit in {"人次", "件次"} and figure.unit == "次":
        return 0.0  # 1018次 meetings are not those who came
    if figure.unit == "":
        return 1.0 if ask.unit in {"人", "名", "位", "个", "户", "元"} else 0.0
    if any({ask.unit, figure.unit} <= group for group in KINDRED):
        return 1.5
    return (
        0.0 if ask.unit in _GENERIC_UNITS | EXTENTS or (ask.noun and overlap(ask.noun, figure.counted) > 0.5) else None
    )


def _noun_fit(ask: Ask, question: str, entry: LedgerEntry, around: str, whole: str, like: Likeness) -> float:
    """Reward a figure that counts what was asked for; without unit and without the noun it counts something else."""
    near = entry.figure.counted[: len(ask.noun) + _NAMED]
    counted, said_of = overlap(ask.noun, near), overlap(ask.noun, entry.subject)
    if ask.noun in OFFICES and near.startswith(tuple(OFFICES)):
        counted = max(counted, SAME_KIND)
    said_of += same_noun(ask.noun, entry.subject)
    if ask.noun in entry.subject:
        said_of += overlap(entry.subject.replace(ask.noun, ""), question)  # 住在城镇的常住人口: 其中城镇常住人口
    official = any(word in around for word in official_words(ask.noun))
    alike = max(
        (like(ask.noun, words[:_NAMED]) for words in (entry.figure.counted, entry.subject) if words), default=0.0
    )
    measure = MEASURE.search(ask.noun)
    said = entry.figure.counted + entry.subject
    other = measure is not None and len(measure.group()) > 1 and measure.group() not in said
    if (counted or said_of or official) and not (other and alike < ALIKE and not official):
        return 3 * counted + 1.5 * said_of + 2 * official
    if alike >= ALIKE:
        return 2 * alike
    if measure is not None:
        return -OTHER_NOUN
    if entry.figure.counted and ask.named:
        return -OTHER_NOUN
    known = len(ask.noun) < 2 or any(ask.noun[i : i + 2] in whole for i in range(len(ask.noun) - 1))
    return 0.0 if known else -UNKNOWN_NOUN


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
_NEW = "[新增添建开又再]|盖|修"


def aspect_fit(asked: Asked, entry: LedgerEntry) -> float:
    """Prefer the running total where the question asks for one, this year's figure where it asks for that."""
    question, aspect = asked.question, "，".join((*entry.figure.aspect, entry.subject))
    fit = 0.0
    for words, marks in (
        (_TOTAL, "累计|总"),
        ("今年|当年|这一年|本年|全年", "今年|全年|当年"),
        ("同比|上一年|上年|去年|跟.*比|涨|增幅|增速", "同比|比上年|较上年"),
        ("平均|每天|一天|日均|每日", "日均|平均|人均|月均"),
        ("新增|新建|净增|又", "新增|净增"),
        ("现有|现在|目前|总共|一共|全部", "总数|总量|累计"),
    ):
        wants, has = re.search(words, question) is not None, re.search(marks, aspect) is not None
        fit += 1.5 if wants and has else 0.0
    if re.search("[人户日月年]均", aspect) and not re.search("均|[每一]个?[人户家天日月年]", question):
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
    if entry.figure.role.value == "from" and not re.search("年初|原来|之前|起初|以前|当初|最初", question):
        fit -= 1.5
    if entry.figure.role.value == "to" and re.search("年初|原来|之前|起初|以前|当初|最初", question):
        fit -= 1.0
    return fit


def _nearness(text: str, figure: Figure, subject: str, floor: int, ceiling: int, weights: Weights) -> float:
    """How much of the question stands near a figure, 0 to about 5: just before it, just after it, in its clause."""
    total = sum(weights.values())
    if not total:
        return 0.0
    left = re.split("[，,；;。：:（）()、]", text[floor : figure.start])[-1]
    left = left if subject in left else subject + left  # 甲、乙分别为2个和3个
    right = re.split("[，,；;。：:（）()、]", text[figure.end : ceiling])[0]
    clause_start = max(text.rfind(mark, 0, figure.start) for mark in "，,；;。：:") + 1
    clause_end = min((p for mark in "，,；;。" if (p := text.find(mark, figure.end)) >= 0), default=len(text))
    shares = (
        (2.0, left),
        (2.0, right),
        (1.0, text[clause_start:clause_end]),
    )
    return sum(share * covered(part, weights) / total for share, part in shares)


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
