"""May a figure be the amount that is asked for: of one or of all, the mean, the most, the rest, of the second phase?

A question for a figure is seldom answered by one of another scale or sort, however near the words: what one person gets
is no sum of hundreds of millions, what remains is not what was done, an age is in years. General Chinese usage.
"""

from index.figures import Kind, LedgerEntry, Role
from index.patterns import pattern
from qa.language.asking import Ask, Asked, Wanted, asking_clause
from qa.language.picking import clause_span, ledger
from qa.language.sorts import is_of_another_sort
from qa.language.subjects import grows
from qa.language.wording import official_words

_THING = "(?:次(?!性)|[斤吨度本张趟盒针件顿餐只头颗株方户名位块亩])"
_OF_ONE = pattern(
    rf"每(?:[个人平升月天日条]|{_THING}|立方米|千瓦时|公里|小时)|(?<![第十百千万这那])一(?:{_THING}|平方?米?|小时)|"
    "(?<![第十百千万这那])一个(?:月|人|平方?|小时)|"
    "(?<![减免补退放拨付收缴])(?:门票|票价|单价|租金|房租|月租|工资|月薪|物业费|学费|报名费|房价|均价|原价)(?:是|要|一|得|大概|平均)*(?:多少|几)|"
    "最[高多](?:能|可)|[能可要](?:以|要)?(?:贷|领|拿|报|补|赔|抵|奖|罚|赚|挣)|一月[领发补挣]|(?<![税营招回吸])收多少|标准是|"
    "(?:居民|业主|个人|我)要[交付花掏]|(?:公司|企业)要交"
)
"""Asks what one gets, pays or costs."""
_OF_ALL = pattern(
    "[总共]|全[年市县区省镇州国]|去年|今年|累计|财政|政府|公家|[市县区省]里|万|亿|加起来|加一块|大家|所有|整个"
)
_PER = pattern("[每均/]|标准|最|不超过|以内|封顶|上限|单[笔项价个件]|元一|元起")
_ASKS_SUM = pattern("总共|一共|总计|合计|总额")
_EACH = pattern("每[人户个名位亩月日天]")
_LARGE = 1_000_000  # yuan; what one person or one thing gets or costs is seldom more

_ASKS_MEAN = pattern("(?<![全本][国省市县区])(?<![省市县]里)平均(?!水平|每[天日月年])|人均|户均|亩均|均价")
_MEAN = pattern("均|每|/|单[件个]")
_ASKS_MOST = pattern(r"最[高大](?:能|可|一|的一|给|贷|领|补|奖)|最多的?(?:一|能|可|几天|几个)|一个?[一-鿿]{1,4}最多")
_MOST = pattern("最|上限|限额|不超过|以内|单[笔项]|封顶|至多|至少|顶格|首|第一|峰|冠|居|前[0-9一-十]|能力|压缩|缩短")

_BOUND = pattern("[0-9一二三四五六七八九十]+[一-鿿]{1,2}以[上下]的")
_NONE = pattern("未|没|无|零")
"""未发生死亡3人以上的事故 tells of no three."""

_PEOPLE = pattern(
    "(?:(?<!机器)(?<!法)人|(?<!会)员|者|孩子?|娃|儿童|学生|教师|老师|医生|护士|司机|专家|干部|群众|居民|市民|农民|职工|律师|农户|法官|"
    "警察|游客|业主|骑手|毕业生|嘉宾|选手|代表|家长)$"
)
_PERSONS = {*"人名位例个户对口群批岁支组代期", "人次", "批次", ""}
_RATE = pattern("占|率|比例|比重|几成|百分之|份额")
_CHANGE = pattern(
    "[增涨降减升多少缩跌掉滑快慢贵高低长短轻重]了|[增涨降减升缩跌掉滑高低快慢贵](?:多少|几)|[多少][一-鿿]?几成|[涨增降]幅|增速|增长|变化|"
    "同比|比[去上]年|[多少][一-鿿]了|提高|上升|下降|缩水|增加|减少|省[了下]"
)
"""Asks by how much something rose or fell."""
_NUMERAL = "[一二三四五六七八九十0-9]+"
_NUMBERED = pattern(
    rf"(?<!的)第(?P<nth>{_NUMERAL})(?P<of>[座个期批轮档针次代届条]|阶梯)|(?<![那这第0-9一二三四五六七八九十])(?P<number>{_NUMERAL})(?P<sort>期|号线|档)(?!间)"
)
_ASKS_REST = pattern(r"还有(?:多少|几)[^，,。？?]{0,12}没|没(?!有|了)[一-鿿]{1,6}的还有(?:多少|几)")
_REST = pattern("[尚仍剩还未缺差没待]|其余|余下|不足")
_ASKS_NOW = pattern(r"^(?:现在|目前|眼下)|[，,](?:现在|目前|眼下)")
_PLANNED = pattern("力争|计划|拟(?!定)|目标")
_DONE = pattern("目前|已|(?<![实呈体])现|完成")
_NO_MONEY = pattern("用户|注册|[人次条篇岗]数|人次|浏览|点击|播放|下载|粉丝|岗位|率$")
_PAID = pattern(
    r"(?:(?<!获)奖|(?<!处)罚|赔|抵|缴|花|挣|赚|报销|补)(?:多少|几个?钱)(?![个家项条件名人次台处张])|额度|起付线|封顶线|免赔额|加工费|押金|时薪"
)
_SORTS = tuple(
    (pattern(asked), {*units.split()})
    for asked, units in (
        ("面积(?:有|是|多|达)", "平方米 平方公里 平方 亩 公顷 倍"),
        ("库容|蓄水量|存多少水", "立方米 立方 方 吨 升"),
        ("年龄(?:是|有|多)|岁数(?:是|有|多)|多大(?:岁数|年纪|年龄)|几岁", "岁"),
        ("时速", "公里 千米"),
        ("里程|全长|总长", "米 公里 千米 海里"),
        ("产值|营收|销售额|成交额|交易额|税收|GDP|生产总值|增加值|投资额", "元 美元 倍"),
        ("录取线|分数线", "分"),
        ("海拔", "米"),
        ("(?<!卡)车位", "个 位 车位 泊位"),
    )
)
"""What is measured in units of its own, and those."""


_LENGTHS = frozenset("高长远宽深重快")
_EXTENTS = frozenset({*_LENGTHS, "大", "久"})
_COUNTED = frozenset(
    ["人", "名", "位", "个", "家", "户", "项", "件", "条", "处", "所", "座", "场", "次", "人次", "台", "辆", "起"]
)
"""What is so high or so far is never so many of these."""
_PART = pattern(
    "(?:里头?|里面|当中|之中|(?<![其集心])中)[，,]?(?P<part>[一-鿿A-Za-z“”]{2,10}?)(?P<of>的)?"
    "(?:各自?|又|一共|总共|大约|大概|还)?(?:有|占了?|是)?了?$"
)


def may_be(ask: Ask, asked: Asked, entry: LedgerEntry) -> bool:
    """Say whether a figure of a report may be the amount asked for; `entry` is the figure with its sentence."""
    own = asking_clause(asked.question, ask)
    before, clause = _before(entry), _clause(entry)
    unlike = (
        _is_of_other_measure(ask, own, entry)
        or _is_sum_for_one(own, entry, clause)
        or (_ASKS_SUM.search(own) and not _EACH.search(own) and _EACH.search(before))
        or (_ASKS_MEAN.search(own) and ask.wanted is not Wanted.DATE and not _MEAN.search(entry.sentence))
        or (_ASKS_MOST.search(own) and not _MOST.search(entry.sentence))
        or _is_of_another_number(own, entry)
        or (_BOUND.match(clause, len(before)) and _NONE.search(before))
        or _is_of_another_part(ask, asked, entry)
        or is_of_another_sort(own, f"{entry.subject}，{before}，{entry.figure.counted[:_NAMED]}")
        or (_ASKS_REST.search(own) and not _may_be_rest(entry))
        or (_ASKS_NOW.search(asked.question) and _PLANNED.search(before) and not _DONE.search(before))
        or (ask.wanted is Wanted.PERCENT and _is_mere_growth(asked.question, entry))
    )
    return not unlike


def _is_of_other_measure(ask: Ask, own: str, entry: LedgerEntry) -> bool:
    """Whether a figure counts what cannot be asked for: files where people are, people where an area is."""
    figure = entry.figure
    if ask.wanted not in (Wanted.COUNT, Wanted.MONEY):
        return False
    money, rate = figure.kind is Kind.MONEY, figure.kind in (Kind.PERCENT, Kind.POINTS)
    if ask.wanted is Wanted.MONEY and not money and _NO_MONEY.search(entry.subject):
        return True
    if not ask.unit and not money and not rate and figure.kind is not Kind.MULTIPLE and _PAID.search(own):
        return True
    if _PEOPLE.search(ask.noun) and ask.unit in ("", "个", "人", "名", "位"):
        return not _RATE.search(own) if rate else money or figure.unit not in _PERSONS
    if (ask.unit and ask.unit not in _EXTENTS) or ask.wanted is Wanted.MONEY:
        return False
    if ask.unit in _LENGTHS and figure.unit in _COUNTED:
        return True
    found = ((measured.search(own), units) for measured, units in _SORTS)
    units = next((units for measured, units in found if measured and _names_it(ask.noun, measured.group())), None)
    return units is not None and not rate and bool(figure.unit) and figure.unit not in units


def _names_it(noun: str, measured: str) -> bool:
    return noun in measured or measured in noun


def _is_of_another_part(ask: Ask, asked: Asked, entry: LedgerEntry) -> bool:
    """Whether one of the parts of a whole is asked for, 商户里健身房有多少家, and the figure is not told of it."""
    found = _PART.search(asked.question[: ask.start])
    if found is None or ask.wanted not in (Wanted.COUNT, Wanted.MONEY, Wanted.PERCENT):
        return False
    part = found["part"].strip("“”")
    if not found["of"] and not (ask.noun and part.endswith(ask.noun)):
        return False  # 卡包里放了几类: what is in it is asked, and not a part
    at = entry.figure.start - entry.sentence_start
    since = 0 if found["of"] else max((e.figure.end for e in ledger(entry.sentence) if e.figure.end <= at), default=0)
    told = f"{_BREAK.split(entry.sentence[since:at])[-1]}，{entry.subject}，{entry.figure.counted[:_NAMED]}"
    own = [c for c in part if c not in _WHOLES]
    return bool(own) and not any(c in told for c in own) and not any(word in told for word in official_words(part))


_BREAK = pattern("[；;。]")
_NAMED = 8  # characters of what is counted that may tell what it is of
_WHOLES = frozenset("企业单位个户人员数据系统项目事项学校机构的")
"""Characters of nouns for whatever a whole consists of, which tell no part of it from another."""


def _is_sum_for_one(own: str, entry: LedgerEntry, clause: str) -> bool:
    """Whether what one pays or gets is asked for and the figure is a sum of millions, told of no one."""
    figure = entry.figure
    large = figure.kind is Kind.MONEY and figure.value is not None and figure.value >= _LARGE
    return large and _OF_ONE.search(own) is not None and not _OF_ALL.search(own) and not _PER.search(clause)


def _may_be_rest(entry: LedgerEntry) -> bool:
    """Whether a figure may be what remains: it is told as that, or can be taken from another of its unit."""
    alike = [other for other in ledger(entry.sentence) if other.figure.unit == entry.figure.unit]
    return len(alike) > 1 or entry.figure.role is Role.TO or _REST.search(entry.sentence) is not None


def _is_of_another_number(own: str, entry: LedgerEntry) -> bool:
    """Whether the second phase is asked about and the sentence speaks up to the figure of the first alone."""
    for asked in _NUMBERED.finditer(own):
        sort = asked["of"] or asked["sort"]
        number, mark = (asked["nth"], "第") if asked["nth"] else (asked["number"], "")
        upto = entry.sentence[: entry.figure.end - entry.sentence_start + _BEHIND]
        told = [_digits(other) for other in pattern(f"{mark}({_NUMERAL}){sort}").findall(upto)]
        if told and _digits(number) not in told:
            return True
    return False


def _digits(number: str) -> str:
    """Numerals up to ten in digits: 二期 is 2期."""
    return number.translate(str.maketrans("一二三四五六七八九", "123456789")).replace("十", "10")


def _is_mere_growth(question: str, entry: LedgerEntry) -> bool:
    """Whether a share or rate is asked for, and the figure tells only by how much something grew."""
    if not _RATE.search(question) or _CHANGE.search(question):
        return False
    return grows(entry) and not _RATE.search(_before(entry))


_BEHIND = 8  # characters after a figure that may tell what it is of: 21座，2号线


def _before(entry: LedgerEntry) -> str:
    """The words of the clause before a figure."""
    at = entry.figure.start - entry.sentence_start
    return entry.sentence[clause_span(entry.sentence, at, at)[0] : at]


def _clause(entry: LedgerEntry) -> str:
    """The clause that a figure stands in."""
    start, end = entry.figure.start - entry.sentence_start, entry.figure.end - entry.sentence_start
    return entry.sentence[slice(*clause_span(entry.sentence, start, end))]
