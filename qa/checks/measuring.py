"""Is a figure of a claim measured as the report measures it, and said of the same thing?

That a figure stands in a sentence does not make it the claim's: 日均供餐4300人次 is not 全年供餐4300人次, nor
最高补贴8000元 每辆都补贴8000元, nor 可容纳8000人 已有8000人, and 比甲市高3.4个百分点 tells nothing of 甲市 but that.
Each question here is about one figure of a claim and one of a sentence (`Shared`), or about two clauses without one.
What is measured otherwise leaves a claim open; nor does a figure refute one that is of another measure
(`tells_nothing_of`) or as near as people put it (`may_mean`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from index.figures import Direction, Figure, Kind, Qualifier, digits_of, same_value
from qa.language.covering import heavy, lacking
from qa.language.picking import quantities
from qa.language.subjects import Source


@dataclass(frozen=True)
class Shared:
    """A figure that a claim and a sentence share: `stated` in the claim, at `at`, and `own` in the sentence."""

    claim: str
    at: int
    stated: Figure
    own: Figure
    source: Source

    @property
    def text(self) -> str:
        """The sentence."""
        return self.source.text

    @property
    def stated_before(self) -> str:
        """The claim's clause before its figure."""
        return clause_to(self.claim, self.at)

    @property
    def before(self) -> str:
        """The sentence's clause before its figure."""
        return clause_to(self.text, self.own.start)

    @property
    def clause(self) -> str:
        """The sentence's clause with the figure."""
        end = _CUT.search(self.text, self.own.end)
        return self.before + self.text[self.own.start : end.start() if end else len(self.text)]

    @property
    def next(self) -> str:
        """The clause after that one."""
        at = self.own.end + len(_CUT.split(self.text[self.own.end :])[0])
        return _CUT.split(self.text[at + 1 :])[0]

    @property
    def label(self) -> str:
        """The words of the clause from the figure before to this one, and after it to the next."""
        figures = quantities(self.text)
        since = max([f.end for f in figures if f.end <= self.own.start], default=0)
        until = min([f.start for f in figures if f.start >= self.own.end], default=len(self.text))
        head = self.before[-max(0, self.own.start - since) :] if since < self.own.start else ""
        tail = _CUT.split(self.text[self.own.end : until])[0]
        return f"{head}\n{tail}"


_CUT = re.compile("[，,；;。：:！!？?\n]")


def clause_to(text: str, at: int) -> str:
    """The clause before a place of a text.

    >>> clause_to("新建12座，日均接待300人", 9)
    '日均接待'
    """
    return _CUT.split(text[:at])[-1]


# --- by the day, by the head, at most, at capacity -------------------------------------------------------------------


_PACES = tuple(
    (re.compile(one), re.compile(f"{one}|{other}"))
    for one, other in (
        ("日均|每天|每日|单日|天天|日活", "一天|一日"),
        ("每周|周均|每个?星期", "一周|一个星期"),
        ("月均|每月|每个月|月(?=[均增]|收入|薪|租)", "一个月"),
        ("年均|每年|逐年", "一年"),
        ("每小时|时速|每个小时", "一小时|一个小时"),
        ("[次场批期趟]均|每[次场批期趟]|单[次场]", "一[次场批期趟]"),
        (
            "(?<![平日月年次周场])均(?![衡价匀已为可])|每(?![天日周月年次场批期趟小逢])",
            "平均|一[人户亩个]|人头|家庭|标准|摊",
        ),
    )
)
"""What a figure may be by, and what of a claim says as much."""


def _paced_otherwise(it: Shared) -> bool:
    """日均 for 全年, 每户 for 全部."""
    paces = [other for one, other in _PACES if one.search(it.before)]
    if paces and not any(pace.search(it.claim) for pace in paces):
        return True
    counts = it.own.kind in (Kind.COUNT, Kind.MONEY)
    return counts and any(one.search(it.stated_before) and not other.search(it.clause) for one, other in _PACES[:-1])


_TOP = re.compile("最[高多大长快](?![人民法检])|峰值|顶格|至多|上限|封顶|不超过")
_LOW = re.compile("最[低少小短]|至少|起码|下限|不低于|不少于")
_CAN = re.compile("能力|产能|设计|可(?![支再追移持见以循靠])(?=[一-鿿])|能够|容量|届时|有望|额定")
_COULD = re.compile("能|可|容|够|设计|产能|将|届时|预计|计划|有望|目标")


def _bounded_otherwise(it: Shared) -> bool:
    """最高补贴8000元 for 补贴8000元, 最低3元 for 平均3元."""
    near, said = it.label, it.stated_before[-12:]
    if _TOP.search(near) and not re.search("最|峰|顶|至多|上限|不超过|以内|不到|内", it.claim):
        return True
    if _CAN.search(near) and not _COULD.search(it.claim):
        return True
    return any(mine.search(said) and not re.search("最|至|起|限|[不以]|内", it.clause) for mine in (_TOP, _LOW))


# --- of whom ---------------------------------------------------------------------------------------------------------


_BESIDE = re.compile(
    "(?:邻近|相邻|毗邻|周边|邻|同省|同市|同期|下游|上游|省会|兄弟|西侧|东侧)(?:近|接壤|的|同类|同期|[省市县区])*"
)
_COMPARED = re.compile(
    "(?:比(?![例重如]|上年|去年)|较(?!上年|去年|为|大|多|快|好)|[高低优多少快慢大小长短早晚]于|不及|超过|落后于|相比|是(?=全[省市县区国]))[^，,；;。、0-9]*"
)


def _of_neighbour(it: Shared) -> bool:
    """A figure of 邻市甲 in a claim that names no 甲; one of the report's own place in a claim about 甲."""
    start = max(it.text.rfind(mark, 0, it.own.start) for mark in "；;。") + 1
    upto = it.text[start : it.own.start]
    *_, beside = [None, *_BESIDE.finditer(it.before)]
    if beside is not None and not _COMPARED.search(it.before[: beside.start() + 1]):
        name = re.match("[一-鿿]{2}", it.before[beside.end() :])
        if name and name.group() not in it.claim and not _BESIDE.search(it.claim):
            return True
    told = "".join(re.findall("[一-鿿]", upto))
    bare = _COMPARED.sub("，", it.text)
    if _COMPARED.search(it.claim) or re.search("[和与同跟及]|比(?![例重率])", it.stated_before):
        return False
    for match in re.finditer("全[省市县区国]|[一-鿿]{2}(?=[省市县区州里])|^[一-鿿]{2}", it.stated_before[:8]):
        if match.group() in it.text and match.group() not in bare and match.group() not in told:
            return True
    return False


# --- all of it -------------------------------------------------------------------------------------------------------

_ALL = re.compile("所有|全部|全都|每一?[个家名位所](?!月|星期|工作日)|一律|全(?:是|由|靠|用)")
_ALL_TOO = re.compile(
    "所有|全部|全都|悉数|一律|(?<![平人日月年户])均(?!衡|价|水平|等)|都(?!市|江)|全域|全覆盖|全面|全(?![市省县区国年球])|"
    "100%|每|凡|各|皆|清零|零|普及|总体"
)


def _of_all(it: Shared) -> bool:
    """所有药品 for 中选药品."""
    return _ALL.search(it.claim) is not None and not _ALL_TOO.search(it.clause + it.next)


_ALONE = re.compile("一项就|[一-鿿]一项|独[得占享揽]|单是|光是|正好|恰好|直接(?!结算|融资|经济|拉动|投资)")


def _alone(it: Shared) -> bool:
    said = _ALONE.search(it.claim)
    return said is not None and said.group() not in it.text


_EACH = re.compile(
    "(?:各自?(?![类项级种地界方县市区镇乡街村国省行业式大专族]|单位|部门|有关)|分别|(?<![平人户日月年次])均(?!衡|价|等|水平)|"
    "(?<!首)都(?!市|江)|每[一-鿿]{1,4}?)[^，,；;。0-9]{0,8}$"
)
_EACH_TOO = re.compile("各|分别|均|都|每|皆|一律|/|全部")


def _to_each(it: Shared) -> bool:
    """126个项目各完成投资138亿元 of 126个项目完成投资138亿元."""
    if it.stated.kind is not it.own.kind or not same_value(it.stated, it.own):
        return False
    each = _EACH.search(it.stated_before)
    return each is not None and each.group()[:3] not in it.text and not _EACH_TOO.search(it.clause)


_ITEMS = re.compile("、|和(?!谐|平)|与(?!会)|以及|(?<![以涉])及(?!时)|(?<=”)(?=“)")
_OPEN_LIST = re.compile("等|在内|里面|包括|含|其中|[比例]如|合|一共|总共|共计|加起来")
_OF_THESE = re.compile("[^，,；;。]{0,10}[中里]")


def _of_the_list(it: Shared) -> bool:
    """茶叶 for 茶叶、天麻、刺梨三类: one of the things that a figure counts together, and not the others."""
    if _OPEN_LIST.search(it.claim) or _OF_THESE.match(it.claim, it.at) or it.own.qualifier is Qualifier.AT_MOST:
        return False
    since = max([f.end for f in quantities(it.text) if f.end <= it.own.start and f.unit != "级"], default=0)
    head = it.text[max(since, it.own.start - len(it.before)) : it.own.start].split("等")[0]
    items = [re.sub("[^一-鿿A-Za-z]", "", item) for item in _ITEMS.split(head)]
    items = [item for item in items if len(item) > 1]
    said, named = re.sub("[^一-鿿A-Za-z]", "", it.claim), list[bool]()
    for at, item in enumerate(items):
        others = "，".join((*items[:at], *items[at + 1 :], it.own.counted[:_NAMED]))
        own = [pair for pair in ("".join(pair) for pair in pairwise(item)) if pair not in others]
        ends = (own[:1] if at else []) + (own[-1:] if at < len(items) - 1 else [])  # what runs on tells nothing
        named.append(any(end in said for end in ends))
    return 0 < sum(named) < len(named)


_NAMED = 6  # characters of what is counted that name it


# --- by how much, or to how much -------------------------------------------------------------------------------------


_ROUGH = "(?:了|约|近|将近|超过?|逾|不到|不足|大约|整整)*$"
_BY = re.compile(
    f"(?:新增|净增|增加|增长|提高|提升|上升|上涨|减少|下降|降低|缩短|压减|压缩|精简|回落|延长|[多少高低快慢短长晚早]|提前|推迟){_ROUGH}"
)
_TO = re.compile(f"(?:[增减升降涨跌缩短低高长少大简减升加展宽后前]|变|压|剩)(?:到|至|为|下){_ROUGH}")
_UP = re.compile(f"(?:偏[多高大]|[比较于].{{0,12}}?[多高慢长]|晚|推迟|延后|滞后|延长){_ROUGH}")
_DOWN = re.compile(f"(?:偏[少低小]|[比较于].{{0,12}}?[少低快短]|早|提前|缩短){_ROUGH}")


_NEW = re.compile("(?<![创更翻最革重])新[一-鿿]?(?:增|建|添|设|开|办|授权|发放|供应|培训|招|购|购置|盖|修|登记|注册)")


def _changed_otherwise(it: Shared) -> bool:
    """缩短至14分钟 for 缩短14分钟, 晚了45天 for 提前45天, 净增 for 新增."""
    mine, theirs = it.stated_before, it.before
    if _TO.search(mine) and _BY.search(theirs) and not _TO.search(theirs):
        return True
    if _BY.search(mine) and _TO.search(theirs):
        return True
    if any(one.search(mine) and other.search(theirs) for one, other in ((_UP, _DOWN), (_DOWN, _UP))):
        return True
    if "净" in mine and "净" not in it.clause and it.own.kind is Kind.COUNT:
        return True
    counts = it.own.kind in (Kind.COUNT, Kind.MONEY)
    return counts and _NEW.search(mine) is not None and not re.search("[新增添首]|净|年内|当年", it.clause)


_TOTALS = re.compile("总[量额数](?!字)")
_SUMMED = re.compile("总|共|累计|合计|全|历年|达")


def _of_the_whole(it: Shared) -> bool:
    """案件总量78.4万件 for 发现问题78.4万件，占案件总量的63%; 占收入 for 占支出."""
    if it.own.kind is not Kind.PERCENT:
        said = _TOTALS.search(it.stated_before)
        return said is not None and said.group() in it.text and not _SUMMED.search(it.clause)
    mine = re.search("占(?:到|了|全[市省县国])?([^，占]{2,12}?)的?(?:约|近|超过?|比重|比例|一)*$", it.stated_before)
    if mine is None or re.search("[了到去]$", mine[1]):
        return False
    start = it.own.start - len(it.before)
    context = f"{clause_to(it.text, max(0, start - 1))}，{it.clause}"
    return bool(heavy(lacking(mine[1], context)))


_LAST_YEAR = re.compile("同比|上一?年|去年|前一年")
_BASE = re.compile("[比较](?:前?[二三四五两几]年|[0-9]{4}年|[年初常]|前)")


def _compared_otherwise(it: Shared) -> bool:
    """比上一年下降11% for 比前三年均值下降11%; 是上年的2倍 for 增长2倍."""
    if it.own.kind is Kind.MULTIPLE and it.own.direction is not Direction.NONE:
        return re.search("[是为]|相当", it.stated_before[-8:]) is not None
    return bool(_LAST_YEAR.search(it.claim) and _BASE.search(it.clause) and not _LAST_YEAR.search(it.clause))


_SPAN = re.compile("[一-鿿]{2}期间|假期|长假|国庆|春节|五一|中秋|采暖季|汛期|[上下]半年|[一二三四]季度|全年")


def _in_another_span(it: Shared) -> bool:
    """全年48万人次 for 国庆假期48万人次; 庙会期间收入3亿元 for 庙会期间来客9万人次，全年收入3亿元."""
    said, told = _SPAN.findall(it.claim[: it.at]), _SPAN.findall(it.text[: it.own.start])
    return bool(said and told) and told[-1] not in said


_OF_BASE = re.compile("[较比](?P<year>(?:19|20)[0-9]{2}年)末?的?")


def _of_the_base(it: Shared) -> bool:
    """2020年有22个 for 22个，较2020年的9个增加13个."""
    base = _OF_BASE.search(it.text)
    if base is None or base["year"] not in it.claim or re.search(f"[较比跟与同]{base['year']}", it.claim):
        return False
    return it.own.start != base.end()


_ASKS: tuple[Callable[[Shared], bool], ...] = (
    _paced_otherwise,
    _bounded_otherwise,
    _of_neighbour,
    _of_all,
    _alone,
    _to_each,
    _of_the_list,
    _changed_otherwise,
    _of_the_whole,
    _compared_otherwise,
    _in_another_span,
    _of_the_base,
)


def measured_otherwise(it: Shared) -> bool:
    """Whether a claim gives a figure of a report another measure, or to another thing."""
    low, high = sorted((it.stated.value or Decimal(0), it.own.value or Decimal(0)))
    told = it.stated.kind is it.own.kind and high <= _NEARLY * low  # and not worked out of it
    return told and any(asks(it) for asks in _ASKS)


_NEARLY = Decimal("1.2")


# --- without a figure ------------------------------------------------------------------------------------------------


_DONE = re.compile("已(?![知])|建成|投产|投用|投入使用|完工|通车|通水|补上|回到|认定为")
_NOT_YET = re.compile(
    "尚|仍(?!有)|未(?![来成])|在建|公示|招标|申报|备案|调试|筹备|推迟|延期|缺口|短板|将(?=优先|于|在|会)|力争|计划|拟"
)


def done_too_soon(clause: str, theirs: str) -> bool:
    """Whether a clause says that something is done that the report's clause calls unfinished.

    >>> done_too_soon("北桥已经通车", "北桥仍在招标")
    True
    """
    said = _DONE.search(clause)
    return said is not None and _NOT_YET.search(theirs) is not None and not _NOT_YET.search(clause)


_CAUSE = re.compile(
    "(?:因为|由于|(?<![原起病成死])因(?![此为素子人地时公]))(?P<why>[^，,；;。而被]{2,8})|受(?P<by>[^，,；;。]{2,14}?)影响"
)
_CAUSED = re.compile("(?:主要|因|由于|受)[^，,；;。]*|[^，,；;。]*(?:所致|带动|拉动|推动)")


def otherwise_caused(claim: str, text: str) -> bool:
    """Whether a claim gives a cause that a sentence, which tells of others, does not give as one.

    >>> otherwise_caused("北桥因选址调整延期", "北桥因设备招标延期，南桥选址调整")
    True
    """
    told = "，".join(_CAUSED.findall(text)) or text
    causes = [(said["why"] or said["by"])[:6] for said in _CAUSE.finditer(claim)]
    return any(len(piece) > 1 for cause in causes for piece in heavy(lacking(cause, told)))


_MORE = re.compile("超过|多于|高于|优于|快于|[高多快大]过|比[^，,]{1,14}?[高多快大长晚慢]")
_LESS = re.compile("低于|少于|慢于|不及|不如|落后|比[^，,]{1,14}?[低少慢小短早]")
_SAME = re.compile("一样|相同|相等|持平|相当|统一")


def compares_otherwise(clause: str, theirs: str) -> bool:
    """Whether a clause without figures puts one thing above, below or beside another as the report's does not.

    >>> compares_otherwise("乡村低保标准低于城市", "城乡低保标准统一提高")
    True
    """
    if re.search("上一?年|去年|前一年|同比", clause):
        return False  # which way it went `qa.checks.trending` asks
    mine = [bool(sense.search(clause)) for sense in (_MORE, _LESS, _SAME)]
    there = [bool(sense.search(theirs)) for sense in (_MORE, _LESS, _SAME)]
    return any(mine) and not any(a and b for a, b in zip(mine, there, strict=True))


# --- what a figure cannot refute -------------------------------------------------------------------------------------


_REST = re.compile(
    "还(?=有|剩|差|缺|没|未|是(?!否)|空|闲)|尚|仍|剩|余下|其余|另外?有|空着|闲着|没|未(?![来成])|不(?!到|足|超|少于|多于|低于|满|过|仅|断|动产|良|同)|缺|差(?!不多)"
)
_EARLIER = re.compile(
    "(?<![比较和跟])(?<![比较和跟]前)(?<![比较和跟]上)(?:上一?[年届季个]|前一年|去年|年初|早先|以前|原先|此前|上一个)(?!同期|相比|[增减多少涨降])"
)
_DIFFERENCE = re.compile(
    f"(?:净增|多出?|少|添|高出?|低|快|慢|短|长|晚|早|领先|落后|砍掉|并掉|[增减涨跌降升压缩]|增加|增长|减少|下降|提高|上升|缩短|略[低高]){_ROUGH}"
)


_SUMS = re.compile("[和与及、][^，,；;。]*(?:合计|合起来|加起来|加在一起|放在一起)[^，,；;。]{0,4}$")
_ROUND = (1, 2, 3, 4, 5, 10, 100, 1000)
_OF_THEM = re.compile("[^，,；;。]{0,8}?(?:里|中|当中)(?:[约就有只占大概了]|[一两二三四五六七八九十0-9])")


def tells_nothing_of(it: Shared) -> bool:
    """Whether a claim's figure is what is left, by how much, of an earlier year or of a neighbour, and the report's is
    not: the two cannot be held against each other.

    The report's 已办结3012件 tells nothing of 还有1300件没办, nor 增至27辆 of 多了8辆.
    """
    mine, theirs = it.stated_before, it.clause
    after = _CUT.split(it.claim[it.at + len(it.stated.text) :])[0]
    if _REST.search(f"{mine}\n{after}") and not _REST.search(theirs):
        return True
    level = it.own.direction is Direction.NONE or _TO.search(it.before) is not None
    if _DIFFERENCE.search(mine) and not _DIFFERENCE.search(it.before) and level:
        return True
    if _EARLIER.search(it.claim[: it.at]) and not _EARLIER.search(it.text):
        return True
    more = (it.stated.value or 0) > (it.own.value or 0)
    if more and _SUMS.search(it.claim[: it.at]) and not _SUMS.search(theirs):
        return True
    round_one = it.stated.kind is Kind.COUNT and it.stated.value in _ROUND
    if round_one and ("每" in mine[-2:] or _OF_THEM.match(after)):
        return True  # 四个里有三个 is a share
    return _of_neighbour(it)


def may_mean(stated: Figure, own: Figure) -> bool:
    """Whether a figure, taken at its word or as roughly as it is put, holds of the report's: 不足百人 of 89名."""
    value, true = stated.value, own.value
    if value is None or true is None or stated.upper is not None or stated.kind is not own.kind:
        return False
    if stated.qualifier is own.qualifier is not Qualifier.EXACT:
        return False  # 超过1500个 is not as near as 超过1000个 puts it
    rough = re.search("[一二两三四五六七八九十百千]", stated.text) is not None
    digits, exponent = digits_of(stated), int(value.normalize().as_tuple().exponent)
    step = Decimal(10) ** exponent if digits > 1 or exponent > 0 else Decimal(0)
    match stated.qualifier:
        case Qualifier.LESS:
            return value * 2 / 3 <= true < value
        case Qualifier.MORE:
            return value < true <= value * 3 / 2
        case Qualifier.ABOUT:
            return abs(true - value) <= value / 5
        case Qualifier.EXACT:
            return rough and digits > 1 and 0 < abs(true - value) <= step / 2
        case _:
            return False
