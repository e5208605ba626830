"""What does a question ask for? Interrogatives → the kinds of answer that would fit.

    多少/几 + classifier [+ noun]    a count, an amount of money          多少个业务系统   放款多少
    百分之几, 几成, …率, 占比          a share or a rate
    几个百分点                        a change of a rate
    第几, 排多少                      a rank
    哪年, 何时, 几月几号               a date
    谁, 哪个部门, 什么平台, 叫什么      a name
    哪些, 哪几个, 分别是什么            several names
    在哪里, 设在哪儿, 什么地方          a place
    为什么, 怎么, 如何                 a reason or a way
    …吗, 是不是, 能不能                yes or no

A question may ask for several things; each is an `Ask` with its own place in the question. What makes questions of
them that stand alone is splitting.py.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from itertools import pairwise

from index.figures import NOUNS_LIKE_UNITS, Figure, Kind, read_figures
from index.patterns import pattern
from qa.language.kinds import kind_at_end, kind_of


class Wanted(Enum):
    """The kind of answer that an interrogative asks for."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    POINTS = "points"
    RANK = "rank"
    DATE = "date"
    NAME = "name"
    NAMES = "names"
    PLACE = "place"
    MANNER = "manner"
    YES_NO = "yes_no"


FIGURES = {Wanted.COUNT, Wanted.MONEY, Wanted.PERCENT, Wanted.POINTS, Wanted.RANK, Wanted.DATE}


@dataclass(frozen=True)
class Ask:
    """One interrogative: what it wants, the unit and the noun that go with it ("" where none), its place."""

    wanted: Wanted
    unit: str
    noun: str
    start: int
    end: int

    @property
    def named(self) -> bool:
        """Whether the noun stands behind its classifier (多少个业务系统), which leaves no doubt what is counted."""
        return bool(self.noun) and self.end - self.start > len(self.unit) + len(self.noun)


@dataclass(frozen=True)
class Asked:
    """A question as read: what it asks for, in order, and the figures that it states itself.

    `told` are figures that the talk has given already: a follow-up seldom asks for them again.
    """

    question: str
    asks: tuple[Ask, ...]
    stated: tuple[Figure, ...]
    told: tuple[Figure, ...] = ()

    @property
    def wanted(self) -> Wanted | None:
        """The kind of the first thing asked for; None for a bare topic."""
        return self.asks[0].wanted if self.asks else None


_UNITS = (
    "个工作日 个小时 个星期 件次 人次 家次 户次 台次 辆次 "
    "架次 车次 班次 平方米 平方公里 立方米 公里 千米 万元 亿元 美元 个月 小时 分钟 秒 "
    "工作日 个 家 项(?!目) 类 条 件 名 位 人 次 台 路 处 户 座 所 种 份 套 款 场 批 届 期 "
    "门 间 张 本 部 辆 艘 架 栋 幢 片 块 只 头 亩 吨 米 里 元 块钱 年 月 天 日 岁 倍 "
    "度 级 大 层 步 趟 回 遍 样 支 列 口 宗 笔 起 例 对 双 组 队 篇 首 幅 句 字 段 "
    "斤 分(?![钟之析别布类公管行局支店校院会所层]) 方 批次 章 节 颗 粒 棵 株 册 枚 根 盏 眼 匹 尾 羽 道 档 公顷 公斤 "
    "千克 千瓦 千瓦时 兆瓦 吉瓦时 吉瓦 微克 毫克 分贝 毫米 厘米 "
    "标准箱 标箱 平米 个平方 平方 个钟头 钟头 海里 桩 对 省 市(?!场) 县 国"
)
_UNIT_NAMES = {
    **{"个工作日": "工作日", "个小时": "小时", "个星期": "周", "个钟头": "小时", "钟头": "小时", "标箱": "标准箱"},
    **{"平米": "平方米", "个平方": "平方米", "平方": "平方米"},
}  # as the figures of a report are called
_UNIT = "|".join(sorted(_UNITS.split(), key=len, reverse=True))
_NOUN = r"(?P<noun>[一-鿿A-Za-z0-9·“”]*)"
_SHARE = "比例|比重|占比|百分比|份额|比率"
_WHERE = "哪里|哪儿|何处|(?:什么|啥|哪个)(?:地方|位置|地点)"
_WHAT = "什么|啥"
_HOW_LONG = "多(?:少时间|长时间|[大长]工?夫|[大长]功夫|大会儿)"
_PATTERNS: tuple[tuple[Wanted, str], ...] = (
    (Wanted.NAME, r"(?<=电话|热线|号码)(?:是|为)?(?:多少|几)(?![个条次人户通件])"),
    (Wanted.POINTS, r"(?:多少|几)个?百分点|(?:多少|几)个点|(?<=[升降高低涨跌减加长了])(?:多少|几)点"),
    (
        Wanted.PERCENT,
        rf"百分之(?:多少|几)|(?:多少|几)成(?!本)|(?:多大|多少|什么|多高|怎样)的?(?:{_SHARE})|几分之几",
    ),
    (
        Wanted.RANK,
        r"(?:排名|名次|位次)(?:的?目标)?(?:又|定)?(?:是|为|要|到)?(?:多少|几)(?:名|位)?|第几|(?<![安减])排(?!了?多少[吨万])(?:在|到|名|行)?(?:了)?(?:第|前|头)?(?:几|多少|老几|哪)(?:名|位)?|位列(?:第)?(?:几|多少)|"
        r"名次(?:是|如何)?|(?:前|(?<=全[国省市球])|(?<=世界)|(?<=[排列居])在?)(?:多少|几)(?:名|位)(?=[，。？?呢吗]|$)|"
        r"[前头]几(?=[了，。？?呢吗]|$)|什么(?:名次|位次|位置)",
    ),
    (
        Wanted.DATE,
        r"(?:[哪何]一?[年月天日号]|哪一?个月|几月|(?<![路街巷道弄楼])几号)(?![度龄线楼院厅馆]|份额|窗口)(?:几[号日])?|几点(?:[钟半]|几分)?|"
        r"什么时候|啥时候|何时|什么时间|什么日子|啥时",
    ),
    (
        Wanted.MONEY,
        r"几个亿|(?<!哪)几[十百千万]*(?:块|元)钱?|多少[亿万千百]*(?:钱|元|块钱?|美元)|多少(?=一[一-鿿])",
    ),
    (
        Wanted.MANNER,
        rf"(?:根子?|根源|原因|难处|难点|问题|毛病|症结|差距|区别|好处|卡|差)(?:[出就又都]|到底|究竟)*在(?:{_WHERE}|哪(?![几些两三四]))",
    ),
    (Wanted.PLACE, rf"(?<=[在到于上去往])(?:{_WHERE}|哪(?=[，。？?呢]|$))"),
    (
        Wanted.NAMES,
        rf"哪(?:些|[“\"]?(?P<n>几|两|俩|[二三四五六七八九十]|[0-9]+)(?P<unit>{_UNIT})?){_NOUN}|"
        rf"(?:都|分别|各|主要|具体)(?:是|有|叫|指|包括|包含|涉及)?(?:{_WHAT}|谁)|"
        rf"(?:有|包括|包含|涉及|涵盖)(?:了)?(?:{_WHAT})(?!用|好处|变化|改观|作用|意义|效果|影响)(?P<noun2>[一-鿿]*)|列出|列举|列一下|说说都|数一数",
    ),
    (Wanted.COUNT, _HOW_LONG),
    (
        Wanted.COUNT,
        rf"(?:多少|几(?=[十百千万亿]*(?:{_UNIT})|[十百千万亿]*(?:[？?，。]|$)))[十百千万亿]*(?P<unit>{_UNIT})?{_NOUN}",
    ),
    (Wanted.COUNT, r"(?<=占)(?:地|了)?多(?P<unit>大)的?(?P<noun>地方?|面积)"),
    (Wanted.COUNT, r"(?<![更很许最较])多(?P<unit>大|长|快|高|久|远|宽|深|重)(?![数概多])"),
    (
        Wanted.NAME,
        r"(?:全称|全名|名称|名字)(?:又|该|要)?(?:怎么|如何)(?:写|叫|称呼)|(?:怎么|如何)称呼|(?:全称|全名|名称|名字)[是叫](?=[？?。]|$)|"
        r"一?[个座种支条类](?:怎样|怎么样|什么样)的(?P<noun>[一-鿿]{1,6})|(?:怎样|怎么样|什么样)的?一[个座种支条类](?P<noun2>[一-鿿]{1,6})",
    ),
    (
        Wanted.MANNER,
        rf"为(?:什么|何|啥)|咋|怎(?:么|样)(?!叫)|如何|何以|原因|[靠凭用](?:的是|的)?(?:{_WHAT})(?![名牌码平系软])|"
        rf"(?:{_WHAT}|哪些|何)(?:原因|作用|意义|好处|效果|变化|办法|方法|措施|做法|思路|道理|意思|用|影响|改观)|"
        rf"图(?:的是|的|个)?(?:{_WHAT})|为的是(?:{_WHAT})|干(?:{_WHAT}|吗)用?",
    ),
    (
        Wanted.NAME,
        rf"(?:叫|称|称为|称作|名为|名叫|全名是|全称是|名称是|名字是)(?:做)?(?:{_WHAT}|谁)(?:名字|名称|名)?|谁|几等(?P<noun3>奖)|"
        rf"哪(?:里|儿|一)?(?P<unit>{_UNIT})?{_NOUN}|(?:什么|啥(?!的))样?的?(?P<noun2>[一-鿿]*)",
    ),
    (
        Wanted.YES_NO,
        r"吗|(?P<verb>[一-鿿])[不没](?P=verb)|是否|有无|能否|可否|对不|没错吧|对吧|是吧|"
        r"(?<=[一-鿿 ])(?:不|没有?)(?=[，,？?]|$)|[么嘛](?=[？?]|$)",
    ),
)
_ASK = [(wanted, pattern(source)) for wanted, source in _PATTERNS]
_NOUN_END = pattern(
    r"(?:[利使运采应启借引享]用|[获取接收得达]到|[参增]加|[经通]过|分别|各是|各有|必须|应当|应该|需要|各|是|(?<![国私公])有|在(?![编职校岗建线册读园营])|被|把|给|和|与|同|跟|可以|(?<![功产职性智效动技])能(?!力|源|效|量)|会(?!议|场|员|计)|已|已经|(?<![人天英干])才|都(?!市)|了|过(?!程)|的|到|得|呢|吗|啊|呀|吧|(?<![未原])来|去|拿|做|开(?=[展设通办放])|作(?![用业为者品物文])|(?<![常专公民商通实信])用(?![户电水地工])|(?<!改)变(?![化更电压频速])|(?<![党基])建(?![设筑议材])|接(?!种)|入(?![境口学])|并入|纳入|归|参|享|连|搬|装|进(?!度|出)|加|获|完|属|涉|搞|比(?![赛例重])|(?<!测)评(?!价|估|审|比)|获|牵头|负责|支撑|支持|提供|实现|举办|召开|主管|主办|承办|组织|推(?![广介])|发布|开发|印发|出台|专题|要(?!素|点)|没|还|又|最|以[上下内]|吃|领[到了]|结成|增长|签[了约订]|参加|享受|受益|通[了上过]|这|那|哪|什么|多少|几)"
)
_OWNED = pattern("[一-鿿]{1,6}的(?P<noun>[一-鿿]{1,3})")
_NOT_ASKED = pattern(
    r"(?:^|[，,。？?])(?:(?:听说|据说|都说|针对|关于|对于|不管|无论|不要|不是问|别)[^，,。？?]*|[^，,。？?]*我?不要(?=[。？?]?$))"
)
"""What is only told, or is said not to be meant."""


def read_question(question: str) -> Asked:
    """Find what a question asks for, in the order of the question; where two readings overlap, the finer wins."""
    meant = _as_meant(question)
    taken: list[Ask] = []
    for wanted, interrogative in _ASK:
        for match in interrogative.finditer(meant):
            ask = _read(wanted, match, meant)
            free = not any(match.start() < other.end and other.start < match.end() for other in taken)
            if free and ask.start < ask.end and not _EVERY.match(meant, match.start()):
                taken.append(ask)
    asks = sorted(taken, key=lambda ask: ask.start)
    asks = _as_listed([ask for ask in asks if not _only_points(ask, asks, meant)], meant)
    unasked = [match.span() for match in _NOT_ASKED.finditer(meant)]
    asks = [ask for ask in asks if not any(start <= ask.start < end for start, end in unasked)] or asks
    asks = [_as_names(ask, meant) for ask in asks]
    asks = _without_mere_doubts(asks, meant)
    figures = map(_as_year, read_figures(question))
    stated = tuple(f for f in figures if not any(f.start < a.end and a.start < f.end for a in asks))
    return Asked(question, tuple(asks), stated)


_MARKS = "，,。；;？?！!"


def asking_clause(question: str, ask: Ask) -> str:
    """The clause of a question that an ask stands in: what stands before it tells how it came to be asked."""
    start = max(question.rfind(mark, 0, ask.start) for mark in _MARKS) + 1
    ends = (place for mark in _MARKS if (place := question.find(mark, ask.end)) >= 0)
    return question[start : min(ends, default=None)]


_EVERY = pattern(rf"(?:谁|{_WHAT}|哪里|哪儿|怎么|多少|哪[个家][一-鿿]{{1,3}}?)[都也](?!是)")
"""Asks nothing: 上哪儿都行, 啥都没了."""


def _read(wanted: Wanted, match: re.Match[str], question: str) -> Ask:
    """What one interrogative asks for: its unit, and the noun behind it or, where there is none, before it."""
    groups = match.groupdict()
    before = question[: match.start()]
    after = groups.get("noun") or groups.get("noun2") or groups.get("noun3") or ""
    unit = groups.get("unit") or ""
    if wanted is Wanted.COUNT and re.fullmatch(_HOW_LONG, match.group()):  # 花了多长时间
        unit = "久"
    if unit and f"{unit}{after}".startswith(NOUNS_LIKE_UNITS):  # 多少家长
        unit, after = "", unit + after
    if unit in ("", "个") and re.match(
        "人(?![家口才员均工物数民行形社脸账防力士群事道格体身间文类生质情选]|大(?!学))", after
    ):  # 死了几个人
        unit, after = "人", after[1:]
    if unit in _AREAS:  # 来自几省
        unit, after = "", unit + after
    owned = _OWNED.fullmatch(groups.get("noun2") or "")
    names = wanted in (Wanted.NAME, Wanted.NAMES)
    kind = kind_of(after) if names else ""
    noun = owned["noun"] if owned else "" if unit == "人" else kind or _head(after)
    noun = (kind_at_end(noun) if names and unit == "家" else "") or noun  # 哪家测评机构
    end = match.end() if owned else match.end() - len(after) + len(noun)
    if noun.count("“") != noun.count("”"):
        noun = noun.strip("“”")  # 哪“三个统一”
    ask = Ask(wanted, _UNIT_NAMES.get(unit, unit), noun, match.start(), end)
    if wanted is Wanted.PERCENT:
        return replace(ask, noun=_rate_before(before))
    if wanted is Wanted.MONEY:
        return replace(ask, noun=_price_before(before))
    if wanted is Wanted.COUNT or (names and noun in _LEVELS):
        return _as_quantity(ask, before)
    return ask


_AREAS = {"省", "市", "县", "国"}
_LEVELS = {"水平", "程度", "规模"}
_ADVERB = (
    "一共|一般|通常|又|还|凑起来|加起来|加一块儿?|算下来|总共|合计|总计|共计|共|到底|究竟|大约|大概|大致|约|目前|现在|如今|眼下|已经|已|都|各|分别|"
    "累计|[，,]"
)
_FILL = (
    rf"(?:{_ADVERB}|去年|今年|全年|每年|平均|每[人亩月年天户]|一?个?[月年天户亩]|控制|能够?|该|需?要|可以?|又|才|做|保持|"
    r"[有是为达到高了过在 ])*+"
)
_RATES = rf"(?:率|增速|[增涨降跌]幅|幅度|满意度|知晓度|认可度|{_SHARE})"
_OF_RATE = pattern(rf"(?:{_RATES}{_FILL}|[占][了到去据掉]*)$")
_MONIES = (
    r"(?:(?<!合)金|(?<!贷)款|贷款|费用?|补[助贴]|津贴|(?<![自募])捐|募集|税收?|债[券务]|[产总]值|利润|[投融]资|授信|收入|支出|"
    r"[金余总口售交]额|(?<!评)价格?|工资|[月年]薪|造价|预算|钱|票子)"
)
_PAYS = (
    r"(?:花|(?<![产总市估价数均])值|投入?|耗资|借|放?贷|赊账?|挣|赚|垫付|预支|赔|掏|补|募集|筹)"
    r"(?:费|掉|出[去来]?|进去?|到|上)*"
)
_HANDED = (
    r"(?:发放?|捐|募集|筹集?|投|花|交|缴|付|给|拨|争取|到账|兑现|安排|[领拿收放讨存剩]|返还?)?(?:出去?|回来?|进来?)?"
)
_OF_MONEY = pattern(rf"(?:{_MONIES}{_FILL}{_HANDED}|{_PAYS}){_FILL}$")
_PRICE = pattern(rf"(?P<noun>[均房单造]价|价格|工资|[月年]薪){_FILL}$")
_IS_MONEY = pattern(
    r"(?:钱|资金|.?金|款|[^名份差限定配]额|(?<!消)费|税|薪|利润|投资|收入|支出|预算|[补津]贴|补助|经费)$"
)


def _as_listed(asks: list[Ask], question: str) -> list[Ask]:
    """Take 列举…的几类场所 for one ask for names: those of the places."""
    for first, second in pairwise(asks):
        near = not re.search("[，,。？?]", question[first.end : second.start]) and question.startswith(
            "几", second.start
        )
        if near and first.wanted is Wanted.NAMES and not first.noun and second.wanted is Wanted.COUNT and second.noun:
            return [replace(second, wanted=Wanted.NAMES) if a is second else a for a in asks if a is not first]
    return asks


def _as_quantity(ask: Ask, before: str) -> Ask:
    """Which kind of quantity 多少 asks for: a share or a rate, money, or so many of what its noun names."""
    vague = ask.unit in ("", "大", "高")
    if vague and (not ask.named or ask.noun in _LEVELS) and _OF_RATE.search(before):
        return replace(ask, wanted=Wanted.PERCENT, unit="", noun=_rate_before(before))
    if ask.noun in _LEVELS:
        return ask
    if ask.unit in ("", "个") and ask.noun == "钱":  # 能有几个钱
        return replace(ask, wanted=Wanted.MONEY, unit="", noun="")
    if not ask.unit and (_IS_MONEY.search(ask.noun) if ask.noun else _OF_MONEY.search(before)):
        return replace(ask, wanted=Wanted.MONEY, noun="" if ask.noun else _price_before(before))
    if ask.noun:
        return ask
    noun, unit = _noun_before(before), ask.unit
    noun = "" if unit and _MERE_TIMES.fullmatch(noun) else noun  # 之前是几个
    if not unit and not noun and _PERSONS.search(before):
        unit = "人"
    if unit == "人" and noun and not _OF_PEOPLE.search(noun):  # 展馆有多少人参观
        noun = ""
    number = _NUMBER_OF.search(before)
    if unit in ("", "大") and number is not None:  # 条数有多少
        unit, noun = number["unit"], ""
    return replace(ask, unit=unit, noun=noun)


def _price_before(words: str) -> str:
    """The price or wage that is asked for, which no other sum of money is; "" where none is."""
    price = _PRICE.search(words)
    return price["noun"] if price else ""


def _only_points(ask: Ask, asks: Sequence[Ask], question: str) -> bool:
    """Whether a count asks nothing itself, but is part of what a later interrogative asks about.

    接入了多少个单位的那个平台叫什么; 几个市一起办的活动，名称是什么.
    """
    later = [other for other in asks if other.start > ask.start and other.wanted in (Wanted.NAME, Wanted.MANNER)]
    if ask.wanted is not Wanted.COUNT or not later:
        return False
    if any(re.search("的[那这]", question[ask.end : other.start]) for other in later):
        return True
    clause = re.split("[，,。？?]", question[: ask.start])[-1]
    some = question.startswith("几", ask.start) and ask.noun and not re.search("[有是了共到过开]", clause)
    ends = re.match("[，,。？?]|$", question[ask.end :])
    return bool(some) and not ends and any(re.search("[，,。？?的]", question[ask.end : o.start]) for o in later)


def _without_mere_doubts(asks: list[Ask], question: str) -> list[Ask]:
    """Drop what asks yes or no beside what asks for more, but for a last clause that asks it of a thing of its own."""
    others = [ask for ask in asks if ask.wanted is not Wanted.YES_NO]
    if not others or asks[-1] in others:
        return others or asks
    clause = question[question.rfind("，", 0, asks[-1].start) + 1 : asks[-1].start]
    alone = others[-1].end <= asks[-1].start - len(clause) and len(clause) >= _WHOLE_CLAUSE
    return [*others, asks[-1]] if alone else others


_WHOLE_CLAUSE = 8  # characters of a clause that says itself what it asks about


def _as_meant(question: str) -> str:
    """Spell interrogatives as usual, character for character: 几各 is typed for 几个."""
    for said, usual in _DIALECT:
        question = said.sub(usual, question)
    return question


_DIALECT = [
    (pattern(said), usual)
    for said, usual in (
        ("几[多何]", "多少"),
        ("几各", "几个"),
        ("(?<=[数量额率])为何(?=[？?。 ]*$)", "多少"),
        ("(?<=[名称])为何(?=[？?。 ]*$)", "叫啥"),
        ("啷个", "怎么"),
        ("什莫", "什么"),
        ("(?<![什怎这那要多])么(?=[名样])", "啥"),
        ("(?<=干)么", "啥"),
        ("嘛(?=[用名样])", "啥"),
    )
]


def _as_year(figure: Figure) -> Figure:
    """Take a bare 2024, as it is typed in a hurry, for the year."""
    if re.fullmatch("20[0-4][0-9]", figure.text) and not figure.unit:
        return replace(figure, kind=Kind.DATE, value=Decimal(figure.text) * 10000, unit="年")
    return figure


_TOPIC_END = pattern(
    rf"(?:(?P<rate>{_RATES}|%|百分点)|(?P<rank>排名|名次)|(?P<money>[金总余][额]|{_MONIES})|"
    r"(?P<long>[总全]长|长度|里程)|(?P<large>面积)|(?P<number>[数量](?:[目量额]|字)?|规模)|"
    r"(?P<several>[二两三四五六七八九十几]+(?:个|种|类|样|项|件|条|家|大|方面)[一-鿿]{0,6})|(?P<name>名称?|名字|叫法|全称))"
    r"(?:分别|各|确切|准确|具体|，)*(?:是|有|为|呢)?[？?。 ]*$"
)
_TOPICS = {
    "rate": (Wanted.PERCENT, ""),
    "rank": (Wanted.RANK, ""),
    "money": (Wanted.MONEY, ""),
    "long": (Wanted.COUNT, "长"),
    "large": (Wanted.COUNT, "大"),
    "number": (Wanted.COUNT, ""),
    "several": (Wanted.NAMES, ""),
    "name": (Wanted.NAME, ""),
}


def implied(question: str) -> list[Ask]:
    """What a bare topic asks for: 市级需求满足率 wants the rate, 大桥总长 a length, 那场论坛，名称是 a name."""
    question = _NOT_ASKED.sub("", question).rstrip("。？? ")
    topic = _TOPIC_END.search(question)
    if topic is None:
        return []
    wanted, unit = _TOPICS[topic.lastgroup or "number"]
    noun = _rate_before(topic.group()) or _rate_before(question) if wanted is Wanted.PERCENT else ""
    return [Ask(wanted, unit, noun, len(question), len(question))]


_OF_PEOPLE = pattern("[人员者孩娃生师民户工兵客属军童妇老手才众警干友]$")
_PERSONS = pattern(rf"的人(?:{_ADVERB}|[是有为达到])*$")
_NUMBER_OF = pattern(
    rf"(?:^|[的，,])总?(?P<unit>[个家项条件册户台路处座所张场批间部辆亩])数(?:{_ADVERB}|[是有为达到])*$"
)
_NOUN_BEFORE = pattern(
    rf"(?P<noun>[一-鿿A-Za-z]{{2,}}?)(?:(?:总数|数量|个数|人数|数|总量|量)(?:{_ADVERB}|有|是|为|达到?|超过|了)*|(?:{_ADVERB})*(?:有|是|为|达到?|超过了?)(?:{_ADVERB}|了)*)$"
)


_SAYS = pattern(
    r"[，,](?:报告|材料|文件|里面)?(?:里|中|上)?(?:写|说|讲|给|提|列|报|公布)(?:到|出)?的(?:数字?|数据)?(?:是|有)?$"
)
"""What only says that the report gives it: …的机构，报告写的是多少个."""
_EXACT = pattern("[，,]?(?:确切|具体|准确)的?")
_MERE_NUMBERS = {"个数", "数量", "总数", "数目", "人数", "次数", "数字", "日子", "一年", "一天", "规模"}
_MERE_TIMES = pattern("之前|以前|原来|原先|当初|起初|目前|现在|如今|[去上今明]年|年[初底]")


def _noun_before(words: str) -> str:
    """The noun that stands before 有多少: 办公系统的用户数是 → 用户; "" where none does (网上能办的有多少)."""
    found = _NOUN_BEFORE.search(_EXACT.sub("", _SAYS.sub("有", words)))
    if found is None:
        return ""
    noun = re.split("的|得|了|呢|里|到|从|上|中|和|与|把|被|在|用(?!户)|是|有", found["noun"])[-1][-6:]
    noun = re.sub("规模$", "", noun)
    noun = noun[1:] if noun.startswith("年") and re.search(rf"[0-9]{re.escape(noun)}", words) else noun  # 2023年…
    return (
        ""
        if len(noun) < 2 or noun in _MERE_NUMBERS or re.fullmatch(rf"{_ADVERB}|[一二三四五六七八九十]成", noun)
        else noun
    )


_RATE = pattern(rf"(?!增长|上升|上涨|提升|下降|降低)(?:[一-鿿]{{2}}率|满意度|知晓度|认可度)(?={_FILL}$)")


def _rate_before(words: str) -> str:
    """The rate that is asked for: 可用率 in 系统可用率是多少; "" where a share is."""
    found = _RATE.search(words)
    return found.group() if found else ""


_SEVERAL_BEFORE = pattern(
    rf"(?:[2-9二两三四五六七八九]|\d\d+|十.?)(?:{_UNIT}|大)(?P<noun>[一-鿿]{{0,8}}?)(?:的)?(?:都|分别|各|具体|的?名称|的?名字)*(?:是|有)?$"
)
_EACH_BEFORE = pattern("(?:(?:分别|各自)[由归是被属]?|些)$")
_BODY_BEFORE = pattern(
    r"(?P<noun>部门|机构|公司|企业|银行|医院|学校|平台|系统|城市)(?:的?(?:名称|名字|全称))?(?:又|都|到底)?(?:是|叫|为)?$"
)


def _as_names(ask: Ask, question: str) -> Ask:
    """Take what a name is asked of from before: 平台叫什么; 这13家医疗机构叫什么 asks for several names."""
    if ask.wanted is not Wanted.NAME:
        return ask
    before = question[: ask.start]
    if _EACH_BEFORE.search(before):
        return replace(ask, wanted=Wanted.NAMES)
    if ask.noun:
        return ask
    several = _SEVERAL_BEFORE.search(before)
    if several is not None:
        return replace(ask, wanted=Wanted.NAMES, noun=several["noun"])
    named = _BODY_BEFORE.search(before)
    return replace(ask, noun=named["noun"]) if named else ask


def _head(noun: str) -> str:
    """Cut what follows an interrogative to its noun: 业务系统接进了城市云脑 → 业务系统."""
    cut = _NOUN_END.search(noun)
    return noun[: cut.start()] if cut else noun
