"""Does a figure of a passage belong to what the question names: to its thing, to its place?

A report is full of figures, and some figure always comes near. One that counts other things than were asked for, in a
passage that nowhere speaks of those, is worse than no answer.
"""

import re
from collections.abc import Sequence

from index.figures import Direction, LedgerEntry, Role
from qa.language.asking import FIGURES, Ask, Asked, Wanted
from qa.language.picking import OFFICES, Likeness
from qa.language.wording import official_words
from qa.questions.scope import GENERIC_PLACES

NAMES_IT = 0.35  # from this likeness on, two nouns may name one thing
_COUNTED = 6  # characters of what is counted that name it
_HEADS = re.compile("(?:总?收入|工资|薪酬|[^平日月年人户]均价|价格?|[费率额价金])$")
_SHARED = re.compile("^(?:平均|人均|户均|日均|月均|总|全年|全市|年|月|日)")
_ENDS = "开修种养盖拆装办建设招投栽卖买发搬救查添"
_VERBS = (
    "建成|新建|建设|建立|设立|开通|开设|开办|安装|改造|修建|完成|新增|增加|购买|采购|组织|举办|召开|发放|投放|"
    "培训|培育|引进|招聘|招收|种植|养殖|销售|生产|处理|处罚|覆盖|配备|配置|投入|使用|启用|运行"
)
_ADVERBS = (
    "(?:19|20)\\d\\d年|其中|全年|全市|全省|全县|全区|一共|总共|共|目前|现在|今年|去年|上年|又|再|已经|已|最后|真正|到底|"
    "究竟|都|各|报告里?"
)
_DOING = set(_VERBS.split("|"))
_AMONG = re.compile("(?P<whole>[一-鿿]{3,})(?:里头?|里面|当中)[一-鿿]{2,4}?(?:一共|总共)?有?$")
_WITHIN = re.compile("里头?|里面|当?中|其中")  # 低保对象里儿童有多少: the children are asked for
_BEFORE = re.compile(
    rf"(?:^|[，,。])(?:{_ADVERBS})*+(?P<noun>[一-鿿A-Za-z0-9]{{2,5}}?)(?:{_ADVERBS})*(?:{_VERBS}|[{_ENDS}])(?:了|成|好|出|去|过|到)*$"
)
_MEASURED = re.compile(
    r"(?:^|[，,。的])(?P<noun>[一-鿿]{2,6}?(?:收入|工资|薪酬|房价|均价|价格?|费))"
    r"(?:一个?(?:平米|平方米|小时|月|年|天|斤|吨))?(?:一共|总共|今年|去年|全年|大概|[是有为达到])*$"
)
_COMPOUND = 4  # characters at the end of a compound that say what it is
_GENERAL = re.compile(
    "(?:情况|工作|方面|问题|事情?|东西|日子|一年|今年|去年|全年|一天|每年|人数|次数|数量|总数|规模|时间|项目|内容|"
    "下一年.*|.*[项个处年月天次级]|.*[加起说写给看用做干能会要得怎几多].*)$"
)


def counts_other(ask: Ask, asked: Asked, entry: LedgerEntry, around: str, like: Likeness) -> bool:
    """Whether a figure is one of another thing than an ask names, and its paragraph and headings say nothing of that.

    `around` are those. False where the ask names nothing that can be told.
    """
    if ask.wanted in (Wanted.DATE, Wanted.RANK):
        return False
    if ask.wanted is Wanted.PERCENT and (
        _is_mere_change(ask, asked, entry) or _is_other_rate(ask, asked, entry, around)
    ):
        return True
    among = _AMONG.search(asked.question[: ask.start])
    if among is not None and not is_spoken_of(among["whole"][-_COMPOUND:], around):
        return True
    noun = _named(ask, asked)
    if len(noun) < 2 or _GENERAL.fullmatch(noun):
        return False
    if noun in OFFICES and entry.figure.counted.startswith(tuple(OFFICES)):
        return False
    said = entry.figure.counted + "，" + entry.subject
    if is_spoken_of(noun, around):
        return False
    own = _WITHIN.split(asked.question[: ask.start])[-1] + asked.question[ask.start :]
    if any(word in said for word in official_words(own) if word not in _DOING):
        return False
    done = re.search(f"(?P<verb>[^{_ENDS}])了$", asked.question[: ask.start])
    if done is not None and done["verb"] in said:  # 生了多少孩子: 出生人口4620人
        return False
    nearest = max((like(noun, words[-_COUNTED:]) for words in (entry.subject,) if words), default=0.0)
    counted = entry.figure.counted[:_COUNTED]
    return max(nearest, like(noun, counted) if counted else 0.0) < NAMES_IT


_ONE_WORD = 3  # characters of a noun that says nothing by two of them: 大学生, 学生


def is_spoken_of(noun: str, around: str) -> bool:
    """Whether a text has anything of a noun, or an official word for it."""
    pairs = [noun[i : i + 2] for i in range(len(noun) - 1)]
    held = [pair in around for pair in pairs]
    return (all(held) if len(noun) == _ONE_WORD else any(held)) or any(w in around for w in official_words(noun))


def _named(ask: Ask, asked: Asked) -> str:
    """What an ask names: 停车场; 离婚 of 离婚率, which no other rate is; "" where it names nothing."""
    noun = ask.noun
    if not noun:
        before = asked.question[: ask.start]
        found = _MEASURED.search(before) if ask.wanted is Wanted.MONEY else _BEFORE.search(before)
        noun = found["noun"] if found else ""
    head = _HEADS.search(noun)
    bare = _SHARED.sub("", noun[: head.start()] if head else noun)
    return bare[-_COMPOUND:] if len(bare) > 1 else head.group() if head and len(head.group()) > 1 else ""


def _is_mere_change(ask: Ask, asked: Asked, entry: LedgerEntry) -> bool:
    """Whether a rate is asked for and the figure tells only by how much something rose or fell."""
    figure = entry.figure
    rate = ask.noun.endswith("率") and not re.search("[增涨降减升]|变化|同比", asked.question)
    return rate and figure.direction is not Direction.NONE and figure.role is Role.NONE and "率" not in entry.subject


def _is_other_rate(ask: Ask, asked: Asked, entry: LedgerEntry, around: str) -> bool:
    """Whether the very rate that is asked for stands elsewhere: 婴儿死亡率, where 孕产妇死亡率 is asked for."""
    named = re.search(f"[一-鿿]{{2}}{ask.noun}", asked.question) if ask.noun else None
    return (
        named is not None
        and named.group() in around
        and ask.noun in entry.subject
        and named.group() not in entry.subject
    )


_BODY = re.compile(
    r"[一-鿿]{2,8}(?:古镇|镇|街道|水库|大桥|公园|景区|小区|高速|机场|车站|医院|大学|中学|小学|研究院|集团|公司|产业园|博物馆|图书馆)"
)
_AREA = re.compile(r"(?:(?<![一-鿿])|(?<=年))(?!年)[一-鿿]{2,3}[区县市](?![场民长级域间直政委])")


def of_another_place(asked: Asked, spoken_of: str, found: Sequence[str], own: str) -> bool:
    """Whether a question for a figure names a place or a body that the reports know and that was not spoken of.

    `spoken_of` are the headings and sentences up to the figure, `found` the passages found, `own` how the report
    begins: the place that it is about it does not name again.
    """
    if asked.wanted not in FIGURES:
        return False
    areas = [n for n in _AREA.findall(asked.question) if not n.endswith(GENERIC_PLACES) and n not in own]
    for name in (*_BODY.findall(asked.question), *areas):
        tails = [name[i:] for i in range(len(name) - 2)]
        known = next((tail for tail in tails if any(tail in text for text in found)), "")
        if known not in spoken_of:
            return True
    return False
