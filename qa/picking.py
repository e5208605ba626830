"""Which stretch of a passage is the answer itself? Figures by unit and subject, names by kind, else the best clause.

A wrong short answer is worse than none: where nothing fits, nothing is picked.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from index.figures import Direction, Figure, Kind, LedgerEntry, same_value
from index.figures import ledger as read_ledger
from index.lexical import normalise
from qa.asking import Ask, Asked, Wanted
from qa.scope import GENERIC_PLACES
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
    said_of += _same_noun(ask.noun, entry.subject)
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


def _same_noun(noun: str, subject: str) -> bool:
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


# --- names -----------------------------------------------------------------------------------------------------------

_QUOTED = re.compile(r"“([^“”]{2,40})”|《([^《》]{2,60})》")
_TYPES = {
    "部门": "局 委 厅 部 办公室 委员会 总署",
    "机构": "局 委 厅 部 办公室 办公厅 委员会 中心 院 银行 公司",
    "医疗机构": "医院 卫生院 中心",
    "金融机构": "银行 公司 信用社",
    "单位": "局 委 厅 部 办公室 委员会 中心 院 公司 大学 学校 医院",
    "平台": "平台 中台 云脑 系统",
    "公司": "公司 集团",
    "企业": "公司 集团 企业",
    "银行": "银行 农商行 信用社",
    "医院": "医院",
    "学校": "学校 大学 学院 中学 小学 幼儿园",
    "高校": "大学 学院",
    "大学": "大学 学院",
    "城市": "市",
    "地方": "市 区 县 镇 村 园 中心",
    "会议": "会议 大会 峰会 论坛 年会",
    "大会": "会议 大会 峰会 论坛 年会",
    "活动": "活动 行动 大会 峰会 论坛 节 赛",
    "文件": "》",
    "通知": "》",
    "办法": "》",
    "方案": "》",
    "条例": "》",
    "意见": "》",
    "政策": "》",
    "榜单": "榜 榜单",
    "桥": "桥",
    "网站": "网 网站",
    "报纸": "报 日报 晚报",
    "媒体": "报 网 台 社 客户端",
    "区": "区",
    "县": "县",
    "街道": "街道",
    "乡镇": "镇 乡",
    "码": "码",
}
BODIES = {
    "部门",
    "机构",
    "医疗机构",
    "金融机构",
    "公司",
    "企业",
    "银行",
    "医院",
    "学校",
    "城市",
    "高校",
    "大学",
    "网站",
    "报纸",
    "区",
    "县",
    "街道",
    "乡镇",
}
"""Nouns whose names can be told by their endings: a question for one is answered by such a name or not at all."""
_BEGINS = re.compile(
    "(?:的|了|在(?!线)|由|被|把|将|向|与|和|及|以及|从|给|让|使|已|并|其中|通过|利用|依托|基于|围绕|"
    "推动|推进|开展|举办|召开|建设|建成|建立|打造|创建|完成|实现|支持|提供|整合|接入|汇入|纳入|获评|荣获|印发|出台|成立|组建|启动|实施|发布|升级|改造|完善|入选|入榜|落实|聚焦|承办|参加|引进|引入|开通|上线|投用|搭建|构建|全面|积极|成功|持续|深入|大力|加快)"
)
_NAME_CHAR = r"[一-鿿A-Za-z0-9·\-+（）()]"


def pick_name(ask: Ask, asked: Asked, text: str, weights: Weights) -> Span | None:
    """Pick the name that an ask for a name wants: a quoted title or the words that end in a fitting noun."""
    noun = ask.noun or _noun_before(asked.question[: ask.start])
    if noun.endswith(_TITLES):
        return _pick_title(text, weights)
    listed = _pick_listed(noun, text, weights) if ask.wanted is Wanted.NAMES and noun else None
    if listed is not None:
        return listed
    if ask.wanted is Wanted.NAMES and ask.noun not in _TYPES:
        return _pick_enumeration(text, weights)
    best: Span | None = None
    question = normalise(asked.question)
    if ask.noun and ask.noun not in _TYPES:  # 怎样一座都市出力
        noun = next((noun[:size] for size in range(len(noun), 1, -1) if noun[:size] in text), noun)
    names = [n for n in _names(noun, text) if not _is_told(normalise(text[n[0] : n[1]]), question)]
    becomes = _BECOMES.search(asked.question[: ask.start]) is not None
    several = ask.wanted is Wanted.NAMES and sum(typed for *_, typed in names) > 1
    for start, end, typed in names:
        if ask.noun in _TYPES and (not typed or (ask.wanted is Wanted.NAMES and not several)):
            continue
        if several:
            start, end = _with_neighbours(start, end, names, text)
        fit = 2.0 * typed + _around(text, start, end, weights)
        if becomes and re.search("[向为成到]“?$", text[:start]):
            fit += 2.0
        if best is None or fit > best.fit:
            best = Span(start, end, fit)
    alone = sum(not typed for *_, typed in names) == 1
    if best is not None and best.fit >= (LEAST_ALONE if alone else LEAST_NAME):
        return best
    return _pick_following(ask, asked.question, text, weights) if ask.noun and ask.noun not in _TYPES else None


def _is_told(name: str, question: str) -> bool:
    """Whether a question says a name itself, if not in one piece, so that the name tells nothing new."""
    name = name.removeprefix("市")
    pairs = [name[i : i + 2] for i in range(len(name) - 1)]
    return name in question or (len(pairs) > _FEW and sum(pair in question for pair in pairs) > TOLD_SHARE * len(pairs))


_FEW = 5  # pairs of characters; a shorter name may share them by chance
TOLD_SHARE = 0.7  # share of a name's pairs of characters from which on the question has said it
LEAST_NAME = 1.0  # a name that fits less is no answer
LEAST_ALONE = 0.4  # the same for the only quoted name of a passage
_BECOMES = re.compile(r"(?:变成|变为|转向|转为|转变为|转变成|成为|改为|升级为|改成)(?:了)?$")


def _pick_following(ask: Ask, question: str, text: str, weights: Weights) -> Span | None:
    """Pick what follows in the passage upon the words that stand before the interrogative: 汇入了哪个功能."""
    before = question[: ask.start]
    for at in range(len(before) - 2, max(-1, len(before) - 12), -1):
        spans = [(m.end(), m.end()) for m in re.finditer(re.escape(before[at : at + 2]), text)]
        if not spans or not re.fullmatch(r"[一-鿿A-Za-z0-9]{2}", before[at : at + 2]):
            continue
        start = max(spans, key=lambda span: _around(text, span[0], span[1], weights))[0]
        match = re.compile(r"[”》了的]*(?P<name>[一-鿿A-Za-z0-9]{2,12})(?=[，,。；;、“]|$)").match(text, start)
        if match is not None and match["name"] not in question:
            return Span(match.start("name"), match.end("name"), LEAST_NAME)
    return None


_PLACE_ENDINGS = {"市", "区", "县", "镇", "村"}
_OFFICES = {"局", "委", "厅", "部"}
_HALF = 6  # characters before 和 in the name of an office
_WHOLE = {"部": "(?![署分门])", "局": "(?![面部势])", "中心": "(?!城)", "院": "(?!士|校)"}
"""What does not follow upon an ending that ends a name: 战略部署 is no 部."""
_NO_NAME = re.compile(r"[为以]|.*[不没]|.*(?:城市|全部|内部|外部|干部|[东西南北中总]部)$|[我本全各该].*市$")


def _names(noun: str, text: str) -> list[tuple[int, int, bool]]:
    """The candidate names of a text as (start, end, of the kind asked for)."""
    endings = _TYPES.get(noun, (noun and f"{noun} {noun[-2:]}") or "").split()
    found: list[tuple[int, int, bool]] = []
    for match in _QUOTED.finditer(text):
        typed = any(match.group().strip("“”").endswith(e) or text.startswith(e, match.end()) for e in endings)
        inside = match.group().startswith("“")
        found.append((match.start() + inside, match.end() - inside, typed))
    for ending in endings:
        if ending == "》":
            continue
        for match in re.finditer(rf"{_NAME_CHAR}*?{re.escape(ending)}{_WHOLE.get(ending, '')}", text):
            begin = match.start()
            for cut in _BEGINS.finditer(text, match.start(), match.end() - len(ending)):
                joined = cut.group() in "和与" and ending in _OFFICES and not text[: cut.start()].endswith(ending)
                if not (joined and cut.start() - begin <= _HALF):  # 县文化和旅游局 is one
                    begin = cut.end()
            begin += text[begin] in "为以" and match.end() - begin > len(ending) + 2  # 为现代化城市
            generic = ending in _PLACE_ENDINGS and text[begin : match.end()].endswith(GENERIC_PLACES)
            if match.end() - begin > len(ending) + 1 and not generic and not _NO_NAME.match(text[begin : match.end()]):
                found.append((begin, match.end(), True))
    return found


_ITEM = r"[^，,。；;：:、！？“”《》]"
_ENUMERATION = re.compile(
    rf"{_ITEM}{{2,14}}(?:、{_ITEM}{{2,16}})+|{_ITEM}{{2,14}}、{_ITEM}{{2,16}}(?:和|及|以及|与){_ITEM}{{2,16}}|“[^“”]{{2,30}}”(?:[、和]?“[^“”]{{2,30}}”)+|"
    rf"{_ITEM}{{2,10}}(?:和|与|及){_ITEM}{{2,10}}"
)


def _pick_enumeration(text: str, weights: Weights) -> Span | None:
    """Pick the things that stand side by side where the question points: 贷前审查、贷中放款和贷后跟踪."""
    return _best_row(_ENUMERATION.finditer(text), text, weights)


_HOLDS = re.compile("开放|涵盖|包括|涉及|覆盖")


def _best_row(rows: Iterable[re.Match[str]], text: str, weights: Weights) -> Span | None:
    """The row of things nearest to what the question says, cut where it begins inside a clause."""
    best: Span | None = None
    for match in rows:
        begin, end = match.span()
        if not text.startswith("“", begin):
            first = re.split("[、和与及]", match.group())[0]
            for cut in (*_BEGINS.finditer(first), *_HOLDS.finditer(first)):
                begin = match.start() + cut.end() if cut.end() < len(first) - 1 else begin
        if begin == match.start() and begin and text[begin - 1] not in "，,。；;：:“（(":
            continue  # it would begin inside a word
        etcetera = text.find("等", begin, end)
        after = _BEGINS.search(text, etcetera + 2, end) if etcetera >= 0 else None
        end = after.start() if after is not None else end
        fit = 1.0 + _around(text, begin, end, weights)
        if best is None or fit > best.fit:
            best = Span(begin, end, fit)
    return best


_TITLES = ("称号", "荣誉", "牌子", "奖", "奖项", "头衔", "名头", "招牌")
_TITLE = re.compile(
    r"(?:评为|授予|获评|荣获|获得|入选|跻身|命名为|认定为|列为|斩获)(?P<name>“[^“”]{2,30}”|[^，,。；;、“”]{2,24}?)(?:称号|荣誉)?(?=[，,。；;、和]|$)"
)


def _pick_title(text: str, weights: Weights) -> Span | None:
    """Pick the honour that was won: 入选省级旅游示范区."""
    found = [match.span("name") for match in _TITLE.finditer(text)]
    spans = [Span(start + (text[start] == "“"), end - (text[end - 1] == "”"), 0.0) for start, end in found]
    return max((replace(s, fit=1 + _around(text, s.start, s.end, weights)) for s in spans), key=_fit, default=None)


def _fit(span: Span) -> float:
    return span.fit


def _pick_listed(noun: str, text: str, weights: Weights) -> Span | None:
    """Pick the names that stand before their kind: 民政、医保、教育等9个部门, where departments are asked for."""
    number = "[0-9二两三四五六七八九十]+[个家所座位名项条类种支款部件处场套大][^，,。；;、]{0,4}"
    kind = f"(?:等[^，,。；;、]{{0,8}}|{number}){re.escape(noun)}"
    row = rf"{_ITEM}{{2,16}}(?:、{_ITEM}{{2,14}}?)+(?:(?:和|及|以及){_ITEM}{{2,14}}?)?(?={kind})"
    found = _best_row(re.finditer(row, text), text, weights)
    return found and replace(found, fit=found.fit + LISTED)


def names_row(noun: str, text: str) -> bool:
    """Whether a passage names some of a kind: 市场监管等领域 for 领域; some places where 场所 are asked for."""
    if _ASKS_SITES.fullmatch(noun):
        return any(_is_of_sites(match.group()) for match in _ENUMERATION.finditer(text))
    return len(noun) > 1 and re.search(f"等(?:[0-9]+[多余]?)?[^，,。；;、]{{0,2}}{re.escape(noun)}", text) is not None


_ASKS_SITES = re.compile("场所|场合|地方|去处|地点")
_SITE = re.compile("(?:中心|机构|商超|[区院馆站场店厅园校])(?=[、和与及实提设可全]|$)")


def _is_of_sites(row: str) -> bool:
    return len(_SITE.findall(row)) > 1


def is_kind(noun: str) -> bool:
    """Whether the names of a kind can be told by how they end: 平台, 医院."""
    return noun in _TYPES


LISTED = 2.0  # what a row of names gains whose kind follows it


_LOCATED = re.compile(
    r"(?:在(?![线校建职读册此])|位于|坐落[于在]|落户|选址)(?P<place>[^，,。；;、：:在]{2,16}?)"
    r"(?=设立|设置|举办|举行|召开|开展|启动|开工|建成|建设|建立|成立|开通|挂牌|揭牌|投用|试点|推广|率先|上线|落地|[，,。；;、]|$)"
)
_NO_PLACE = re.compile(r".*(?:[中上下时后前间]|以来|条件)$|.*(?:过程|基础|方面|期间|同时|前提)|全[国省市区县]")


def pick_place(text: str, weights: Weights) -> Span | None:
    """Pick where something is: 在湿地公园设立驿站."""
    found = [m for m in _LOCATED.finditer(text) if not _NO_PLACE.match(m["place"])]
    spans = [Span(*m.span("place"), 1 + _around(text, *m.span("place"), weights)) for m in found]
    return max(spans, key=_fit, default=None)


def _with_neighbours(start: int, end: int, names: list[tuple[int, int, bool]], text: str) -> tuple[int, int]:
    """Stretch a name over those that stand beside it: 甲公司、乙公司和丙公司."""
    for first, last, _ in sorted(names):
        if 0 <= first - end <= 3 and re.fullmatch("[”》]?[、和与及“《]*", text[end:first]):
            end = last
    return start, end


def _noun_before(words: str) -> str:
    """The noun that 叫什么 and 是什么 ask the name of: …的那场智慧城市峰会，完整名称 → 峰会."""
    words = re.sub(
        r"(?:完整|具体|正式)?(?:的)?(?:名称|名字|全名|全称|题目)?(?:又|都|分别)?(?:是|叫|为)?$",
        "",
        words.rstrip("，, "),
    )
    run = re.search(r"[一-鿿]+$", words.rstrip("，, ”》"))
    if run is None:
        return ""
    pointed = re.search(r"[那这该][座个家所条项种部本份场次]?(?P<noun>[一-鿿]{1,6})$", run.group())
    noun = pointed["noun"] if pointed else run.group()
    return noun if noun in _TYPES else noun[-2:]


def _around(text: str, start: int, end: int, weights: Weights) -> float:
    """How near the question's terms stand to [start, end), 0 to about 3."""
    total = sum(weights.values())
    folded = normalise(text)
    if not total or len(folded) != len(text):
        return 0.0
    near = 0.0
    for term, weight in weights.items():
        distances = [max(0, start - match.end(), match.start() - end) for match in re.finditer(re.escape(term), folded)]
        near += weight / (1 + min(distances) / 6) if distances else 0.0
    return 3 * near / total


# --- clauses ---------------------------------------------------------------------------------------------------------

_CLAUSE = re.compile(r"[^，,；;。！？!?：:]+")
LONGEST_SHORT = 30  # characters of a short answer


def pick_clause(text: str, weights: Weights, question: str = "", like: Likeness = unlike) -> Span | None:
    """Pick the clause, short enough for a short answer, that says most of what is asked in words and in meaning."""
    total = sum(weights.values())
    best: Span | None = None
    for match in _CLAUSE.finditer(text):
        if not _LEAST_CLAUSE < match.end() - match.start() <= LONGEST_SHORT:
            continue
        fit = (covered(match.group(), weights) / total if total else 0.0) + like(question, match.group())
        if best is None or fit > best.fit:
            best = Span(match.start(), match.end(), fit)
    if best is None or best.fit <= LEAST_SAID:
        return None
    change = _CHANGE_AFTER.match(text, best.end) if _ASKS_CHANGE.search(question) else None
    longer = change is not None and change.end() - best.start <= LONGEST_SHORT
    return replace(best, end=change.end()) if change is not None and longer else best


_ASKS_CHANGE = re.compile("[比跟和较](?:去年|上年|前年|往年|以前|过去|从前|之前|上一年|前一年)|同比")
_CHANGE_AFTER = re.compile("[，,](?:比上年|较上年|同比)[^，,；;。]+")


_LEAST_CLAUSE = 3  # characters
LEAST_SAID = 0.3  # a clause that says less of what is asked is no answer
