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
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from index.figures import NOUNS_LIKE_UNITS, Figure, Kind, read_figures


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
    "个工作日 个小时 个星期 件次 人次 架次 车次 班次 平方米 平方公里 立方米 公里 千米 万元 亿元 美元 个月 小时 分钟 "
    "工作日 个 家 项 类 条 件 名 位 人 次 台 路 处 户 座 所 种 份 套 款 场 批 届 期 "
    "门 间 张 本 部 辆 艘 架 栋 幢 片 块 只 头 亩 吨 米 里 元 块钱 年 月 天 日 岁 倍 "
    "度 级 大 层 步 趟 回 遍 样 支 列 口 宗 笔 起 例 对 双 组 队 篇 首 幅 句 字 段 "
    "斤 分(?![钟之析别布类公管行局支店校院会所层]) 方 批次 章 节 颗 粒 棵 株 册 枚 根 盏 眼 匹 尾 羽 道 档 公顷 公斤 "
    "千克 千瓦 千瓦时 兆瓦 "
    "标准箱 海里"
)
_UNIT_NAMES = {"个工作日": "工作日", "个小时": "小时", "个星期": "周"}  # as the figures of a report are called
_UNIT = "|".join(sorted(_UNITS.split(), key=len, reverse=True))
_NOUN = r"(?P<noun>[一-鿿A-Za-z0-9·“”]*)"
_SHARE = "比例|比重|占比|百分比|份额|比率"
_PATTERNS: tuple[tuple[Wanted, str], ...] = (
    (Wanted.POINTS, r"(?:多少|几)个?百分点|(?:多少|几)个点|(?<=[升降高低涨跌减加长了])(?:多少|几)点"),
    (Wanted.PERCENT, r"往?哪一?个?(?:方向|边|头)(?:走|变|变化|动|去)了?(?:多少|几[成何]?)"),
    (
        Wanted.PERCENT,
        rf"百分之(?:多少|几)|(?:多少|几)成|(?:多大|多少|什么|多高|怎样)的?(?:{_SHARE})|(?:{_SHARE})(?:是|有|为|达到?|占)?(?:多少|几|多大|多高)",
    ),
    (
        Wanted.PERCENT,
        r"(?:(?<=率)|(?<=增速)|(?<=[增涨降]幅)|(?<=占比)|(?<=满意度)|(?<=知晓度)|(?<=认可度))(?:各|分别)?(?:是|有|为|达|达到|高达|到了?|能到|做到)?(?:了)?(?:多少|几何|多高|怎么样|如何|呢)",
    ),
    (Wanted.PERCENT, r"(?:占|占了|占到|占到了|占去)(?!多少个|多少项|几个|几项)(?:多少|几)"),
    (
        Wanted.RANK,
        r"第几|(?<!安)排(?:在|到|名|行)?(?:了)?(?:第)?(?:几|多少|老几|哪)(?:名|位)?|位列(?:第)?(?:几|多少)|名次(?:是|如何)?|(?:前|(?<=全[国省市球])|(?<=世界)|(?<=[排列居])在?)(?:多少|几)(?:名|位)(?=[，。？?呢吗]|$)|排前几(?:名|位)?|前几(?=[，。？?呢吗]|$)|什么(?:名次|位次|位置|水平)",
    ),
    (
        Wanted.DATE,
        r"(?:[哪何]一?[年月天日号]|几[月号])(?![度龄线楼院厅馆]|份额|窗口)(?:几[号日])?|几点(?:[钟半]|几分)?|"
        r"什么时候|啥时候|何时|什么时间|什么日子|啥时",
    ),
    (
        Wanted.MONEY,
        r"几个亿|几(?:十|百|千)?[万亿](?=[？?，。]|$)|几(?:十|百|千|万)*(?:块|元)钱?|多少(?:亿|万|千|百)*(?:钱|元|资金|块钱?|美元|预算|投资|经费|费用|补助|补贴|津贴|奖励|奖金|税)|(?:金|款|费|资金|经费|补助|善款|(?<![自募])捐|募集)(?:一共|总共|去年|今年|全年|大概|到底)*(?:发放|发|捐|募集|筹集|筹|投|花|交|缴|付|给|拨|争取|到账|兑现|安排)?(?:了|出去?|过|到)*(?:有|是|为|达到?)?多少(?!个|家|项|次|人|名|条|笔|件|年|户|份|点|钱|元|亿|万|本|册)|(?:花|投|投入|花费|花掉|耗资|造价|借|借出|借出去|放出去|放贷|贷|贷出|赊|赊账|挣|赚|垫付|预支|放款|贷款|税收|债券|债务|产值|总值|利润|投资|融资|授信|补贴|收入|支出|金额|总额|余额|资金|价格|租金|费用)(?:了|有|是|为|达到?|出去?|合计|总共|一共|到底|究竟)*多少(?!个|家|项|次|人|名|条|笔|件|年)",
    ),
    (Wanted.PLACE, r"(?<=[在到于])(?:哪里|哪儿|哪(?=[，。？?呢]|$)|何处|(?:什么|啥)(?:地方|位置|地点))"),
    (
        Wanted.NAMES,
        rf"哪(?:些|(?P<n>几|两|俩|二|三|四|五|六|七|八|九|十)(?P<unit>{_UNIT})?){_NOUN}|(?:都|分别|各|主要|具体)(?:是|有|叫|指|包括|包含|涉及)?(?:什么|啥|谁)|(?:有|包括|包含|涉及|涵盖)(?:了)?(?:什么|啥)|列出|列举|列一下|说说都|数一数",
    ),
    (Wanted.COUNT, rf"(?:多少|几(?=[十百千万亿]*(?:{_UNIT})|[？?，。]|$))[十百千万亿]*(?P<unit>{_UNIT})?{_NOUN}"),
    (Wanted.COUNT, r"多(?P<unit>大|长|快|高|久|远|宽|深|重)(?![的数概多])"),
    (
        Wanted.NAME,
        r"(?:全称|全名|名称|名字)(?:又|该|要)?(?:怎么|如何)(?:写|叫|称呼)|"
        r"一?[个座种支条类](?:怎样|怎么样|什么样)的(?P<noun>[一-鿿]{1,6})|(?:怎样|怎么样|什么样)的?一[个座种支条类](?P<noun2>[一-鿿]{1,6})",
    ),
    (
        Wanted.MANNER,
        r"为(?:什么|何|啥)|咋|怎(?:么|样)(?!称呼|叫)|怎么样|如何|何以|原因|(?:靠|凭|用)(?:的是)?(?:什么|啥)(?![名牌码平系软])|(?:什么|啥|哪些)(?:原因|作用|意义|好处|效果|变化|办法|方法|措施|做法|思路|道理|意思|用处|影响)|图(?:的是)?(?:什么|啥)|为的是什么|干(?:什么|啥|吗)用?",
    ),
    (
        Wanted.NAME,
        rf"(?:叫|称|称为|称作|名为|名叫|全名是|全称是|名称是|名字是)(?:做)?(?:什么|啥|谁)(?:名字|名称|名)?|谁|哪(?:一)?(?P<unit>{_UNIT})?{_NOUN}|(?:什么|啥(?!的))样?的?(?P<noun2>[一-鿿]*)",
    ),
    (
        Wanted.YES_NO,
        r"吗|是不是|是否|有没有|有无|能不能|能否|可不可以|可否|会不会|要不要|对不对|对不|没错吧|对吧|是吧|行不行|好不好|算不算|(?P<verb>[一-鿿])不(?P=verb)|(?<=[一-鿿])(?:不|没有?)(?=[，,？?]|$)|[么嘛](?=[？?]|$)",
    ),
)
_ASK = [(wanted, re.compile(pattern)) for wanted, pattern in _PATTERNS]
_NOUN_END = re.compile(
    r"(?:[利使运采应启借引享]用|[获取接收得达]到|[参增]加|[经通]过|分别|各是|各有|必须|应当|应该|需要|各|是|(?<![国私公])有|在(?![编职校岗建线册读园营])|被|把|给|和|与|同|跟|可以|(?<![功产职性智效动技])能(?!力|源|效|量)|会(?!议|场|员|计)|已|已经|(?<![人天英干])才|都(?!市)|了|过(?!程)|的|到|得|呢|吗|啊|呀|吧|(?<![未原])来|去|拿|做|开(?=[展设通办放])|作(?![用业为者品物文])|(?<![常专公民商通实信])用(?![户电水地工])|(?<![党基])建(?![设筑议材])|接(?!种)|入(?![境口学])|并入|纳入|归|参|享|连|搬|装|进(?!度|出)|加|获|完|属|涉|搞|比(?![赛例重])|(?<!测)评(?!价|估|审|比)|获|牵头|负责|支撑|支持|提供|实现|举办|召开|主管|主办|承办|组织|推(?![广介])|发布|开发|印发|出台|专题|要(?!素|点)|没|还|又|最|以[上下内]|吃|领[到了]|结成|增长|签[了约订]|参加|享受|受益|通[了上过]|这|那|哪|什么|多少|几)"
)
_OWNED = re.compile("[一-鿿]{1,6}的(?P<noun>[一-鿿]{1,3})")
_HEARSAY = re.compile(r"(?:^|[，,。？?])(?:听说|据说|都说|针对|关于|对于|不管|无论)[^，,。？?]*")


def read_question(question: str) -> Asked:
    """Find what a question asks for, in the order of the question; where two readings overlap, the finer wins."""
    taken: list[Ask] = []
    for wanted, pattern in _ASK:
        for match in pattern.finditer(_as_meant(question)):
            if any(match.start() < ask.end and ask.start < match.end() for ask in taken):
                continue
            groups = match.groupdict()
            after = groups.get("noun") or groups.get("noun2") or ""
            unit = groups.get("unit") or ""
            if unit and f"{unit}{after}".startswith(NOUNS_LIKE_UNITS):  # 多少家长
                unit, after = "", unit + after
            owned = _OWNED.fullmatch(groups.get("noun2") or "")
            noun = owned["noun"] if owned else "" if unit == "人" else _head(after)  # 什么省级的牌子; 多少人参加
            end = match.end() if owned else match.end() - len(after) + len(noun)
            if wanted is Wanted.COUNT and not noun:
                noun = _noun_before(question[: match.start()])
                if not unit and not noun and _PERSONS.search(question[: match.start()]):
                    unit = "人"
                number = _NUMBER_OF.search(question[: match.start()])
                if not unit and number is not None:  # 条数有多少
                    unit, noun = number["unit"], ""
            if wanted is Wanted.PERCENT:
                noun = _rate_before(question[: match.start()])
            if wanted in (Wanted.NAME, Wanted.NAMES):
                noun = _kind_of(noun)
            if match.start() < end:
                start = match.start()
                if wanted is Wanted.MONEY:  # 投资多少 asks with 多少
                    start += max(match.group().rfind("多少"), 0)
                taken.append(Ask(wanted, _UNIT_NAMES.get(unit, unit), noun, start, end))
    asks = sorted(taken, key=lambda ask: ask.start)
    named = [ask.start for ask in asks if ask.wanted is Wanted.NAME]
    asks = [
        ask
        for ask in asks
        if ask.wanted is not Wanted.COUNT or not any(re.search("的[那这]", question[ask.end : name]) for name in named)
    ]
    direct = [ask for ask in asks if not any(m.start() <= ask.start < m.end() for m in _HEARSAY.finditer(question))]
    asks = direct or asks
    asks = [_as_names(ask, question) for ask in asks]
    asks = _without_mere_doubts(asks, question)
    figures = map(_as_year, read_figures(question))
    stated = tuple(f for f in figures if not any(f.start < a.end and a.start < f.end for a in asks))
    return Asked(question, tuple(asks), stated)


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
    return question.replace("几多", "多少").replace("几各", "几个")


def _as_year(figure: Figure) -> Figure:
    """Take a bare 2024, as it is typed in a hurry, for the year."""
    if re.fullmatch("20[0-4][0-9]", figure.text) and not figure.unit:
        return replace(figure, kind=Kind.DATE, value=Decimal(figure.text) * 10000, unit="年")
    return figure


_TOPIC_END = re.compile(
    r"(?:(?P<rate>率|比例|占比|比重|增[长速幅]|%|百分点)|(?P<rank>排名|名次)|(?P<number>数|数量|总数|人数|总量|额|金额))(?:呢)?[？?。]?$"
)


def implied(question: str) -> list[Ask]:
    """What a bare topic asks for: 市级需求满足率 wants the rate."""
    topic = _TOPIC_END.search(question)
    if topic is None:
        return []
    wanted = Wanted.PERCENT if topic["rate"] else Wanted.RANK if topic["rank"] else Wanted.COUNT
    noun = _rate_before(question[: topic.end()]) if wanted is Wanted.PERCENT else ""
    return [Ask(wanted, "", noun, len(question), len(question))]


_ADVERB = "一共|总共|合计|共计|共|到底|究竟|大约|大概|约|目前|现在|如今|眼下|已经|已|都|各|分别|累计|[，,]"
_PERSONS = re.compile(rf"的人(?:{_ADVERB}|[是有为达到])*$")
_NUMBER_OF = re.compile(
    rf"(?:^|[的，,])(?P<unit>[个家项条件册户台路处座所张场批间部辆亩])数(?:{_ADVERB}|[是有为达到])*$"
)
_NOUN_BEFORE = re.compile(
    rf"(?P<noun>[一-鿿A-Za-z]{{2,}}?)(?:(?:总数|数量|个数|人数|数|总量|量)(?:{_ADVERB}|有|是|为|达到?|超过|了)*|(?:{_ADVERB})*(?:有|是|为|达到?|超过了?)(?:{_ADVERB}|了)*)$"
)


_SAYS = re.compile(
    r"[，,](?:报告|材料|文件|里面)?(?:里|中|上)?(?:写|说|讲|给|提|列|报|公布)(?:到|出)?的(?:数字?|数据)?(?:是|有)?$"
)
"""What only says that the report gives it: …的机构，报告写的是多少个."""
_MERE_NUMBERS = {"个数", "数量", "总数", "数目", "人数", "次数", "数字", "日子", "一年", "一天", "规模"}


def _noun_before(words: str) -> str:
    """The noun that stands before 有多少: 办公系统的用户数是 → 用户; "" where none does (网上能办的有多少)."""
    found = _NOUN_BEFORE.search(_SAYS.sub("有", words))
    if found is None:
        return ""
    noun = re.split("的|得|了|里|上|中|和|与|把|被|在|用(?!户)|是|有", found["noun"])[-1][-6:]
    return "" if len(noun) < 2 or noun in _MERE_NUMBERS or re.fullmatch(_ADVERB, noun) else noun


_RATE = re.compile(
    r"(?!增长|上升|上涨|提升|下降|降低)(?:[一-鿿]{2}率|满意度|知晓度|认可度)(?=$|[是有为达到高能做了已现在目前]+$)"
)


def _rate_before(words: str) -> str:
    """The rate that is asked for: 可用率 in 系统可用率是多少; "" where a share is."""
    found = _RATE.search(words)
    return found.group() if found else ""


_KIND = re.compile(
    "医疗机构|金融机构|部门|单位|机构|平台|公司|企业|银行|医院|学校|高校|大学|城市|会议|大会|活动|桥|"
    "报纸|杂志|媒体|网站|街道|乡镇|景区|公园|水库|高速公路|高速|地铁|铁路|榜单|称号|荣誉|奖项|奖|牌子|热线|小程序|软件|行业|产业"
)


def _kind_of(noun: str) -> str:
    """Cut what an interrogative asks the name of to its kind: 部门统筹 → 部门."""
    kind = _KIND.match(noun)
    return kind.group() if kind and not _KIND.search(noun, kind.end()) else noun


_SEVERAL_BEFORE = re.compile(
    r"(?:[2-9二两三四五六七八九]|\d\d+|十.?)[个家所座位名项条类种支款部件处场套大](?P<noun>[一-鿿]{2,6}?)(?:的)?(?:都|分别|各|具体|的名称|名称|名字)*(?:是|有)?$"
)


_BODY_BEFORE = re.compile(
    r"(?P<noun>部门|机构|公司|企业|银行|医院|学校|平台|系统|城市)(?:的?(?:名称|名字|全称))?(?:又|都)?(?:是|叫|为)?$"
)


def _as_names(ask: Ask, question: str) -> Ask:
    """Take what a name is asked of from before: 平台叫什么; 这13家医疗机构叫什么 asks for several names."""
    if ask.wanted is not Wanted.NAME or ask.noun:
        return ask
    several = _SEVERAL_BEFORE.search(question[: ask.start])
    if several is not None:
        return replace(ask, wanted=Wanted.NAMES, noun=several["noun"])
    named = _BODY_BEFORE.search(question[: ask.start])
    return replace(ask, noun=named["noun"]) if named else ask


def _head(noun: str) -> str:
    """Cut what follows an interrogative to its noun: 业务系统接进了城市云脑 → 业务系统."""
    cut = _NOUN_END.search(noun)
    return noun[: cut.start()] if cut else noun
