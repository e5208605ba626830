"""The grammar of quantities in Chinese official prose. Knows nothing of passages, questions or models.

    figure    = [qualifier] core [qualifier]       超过1500个   近900万   1500个以上   最多跑一次
    core      = quantity | range | ratio | part | doubling | rank | date
    quantity  = number [unit]                      7900多项   6.4亿条   674亿   99.5%   2.3个百分点   近三成   1.5倍
    number    = (digits | numeral) [soft] [scale] [soft]      380余万   1万余   1,234.5亿   二十余万   十几   数十
    range     = number [unit] (至 | 到 | - | ~) number [unit]       3至5个   20%~30%   两三个
    ratio     = digits : digits [: digits …]       3.3:35.9:60.8
    part      = 百分之number | number分之number | 一半     百分之九十五点五   三分之二   过半
    doubling  = 翻番 | 翻number番                  翻两番
    rank      = 第number[unit] | 前number[名] | number强 | 首unit       第6名   前十   百强   首批
    date      = 2021年[3月[5日]] | 上半年 | 一季度 | “十四五” | 9:30 | 今年 | 年初 …

Around the figure, and not part of its text: the `aspect` words before it in its clause (累计, 同比), the `direction`
of a change (增长, 下降), its `role` in 由A提升至B, and what is `counted` after it (121个业务系统 counts 业务系统).

What is not a figure, by rule:

* A lone 一 before a classifier is an article (一项工作, “一个场景”) unless it is stressed: 最多跑一次, 仅一家, 一年内.
* A lone numeral in a short quotation is part of a name: “全市一家医院”, “三个一”. Digits there count: “12个中心”.
* A numeral in Chinese characters needs a unit, or a 万, 亿, 余 or 多, after it: 三亚, 五四广场, 二十国集团 have none.
* 百, 千, 万, 亿 without a digit need a qualifier: 近百家 and 百余家 are figures, 百姓 and 千企千面 are not.
* 级 in Chinese numerals counts levels after a list of them (市、区两级), and is a grade elsewhere (三级医院, 二级以上).
* Digits that touch a Latin letter (5G, PM2.5, H7N9), hotlines (12345热线), sums and products in names (1+N, 7×24小时),
  numbered documents and lines (5号线), versions, list numbering and citation marks ([1]) are names.
* 几个 and 数家 state no value; 几十 and 数百 do.
* 近三年 is "the last three years", not "almost three": 近 before years, months, weeks and days qualifies nothing.
* 摆在首位 ranks nothing; set phrases that no rule catches (三位一体, 第三方, 十分) are listed in `_SET_PHRASES`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from enum import Enum
from functools import partial

from index.patterns import pattern


class Kind(Enum):
    """What sort of quantity a figure states. No two kinds are ever the same, but COUNT without unit and MONEY."""

    COUNT = "count"  # things, measures, spans of time: 121个, 720万亩, 11年, a bare 206亿
    MONEY = "money"  # 元, 美元 …
    PERCENT = "percent"  # a share or rate in hundredths: 95.5%, 三成 is 30, 三分之二 is 66.67 to 28 digits
    POINTS = "points"  # percentage points
    MULTIPLE = "multiple"  # 倍; 翻一番 is an increase of 1倍
    RATIO = "ratio"  # 3.3:35.9:60.8, value is the first term
    RANK = "rank"  # 第6名; 前5名 and 百强 are ranks of at most 5 and 100
    DATE = "date"  # a day, month, year or part of a year, a five-year plan, a time of day


class Qualifier(Enum):
    """How the stated number stands to the true one."""

    EXACT = "exact"
    MORE = "more"  # 超过, 余, 多, 以上
    LESS = "less"  # 近, 不足, 低于
    ABOUT = "about"  # 约, 左右
    AT_MOST = "at_most"  # 最多, 以内
    AT_LEAST = "at_least"  # 至少, 不少于
    VAGUE = "vague"  # 十几, 数百: anything from value to upper


class Direction(Enum):
    """Which way a change goes."""

    NONE = "none"
    UP = "up"
    DOWN = "down"


class Role(Enum):
    """The place of a figure in 由A提升至B. The TO of a FROM is the next figure in order that is not a date."""

    NONE = "none"
    FROM = "from"
    TO = "to"


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity, as written and as meant.

    `document[start:end] == text` always. Scales are multiplied out: 6.4亿条 has value 640000000 and unit 条.
    A DATE has value yyyymmdd with zeros for what is not named; `unit` is its finest part: 年, 半年, 季度, 月, 日,
    年初, 年底 (in 半年 and 季度 the month digits number the half or quarter), 时 (value hhmm), 五年规划 (14 is 十四五).
    Relative dates (今年, 年初) have no value, nor has a century.
    """

    text: str
    start: int
    end: int
    kind: Kind
    value: Decimal | None
    upper: Decimal | None = None  # the far end of a range, else None
    unit: str = ""  # "" where none is written: 206亿, 8.8万机关用户
    qualifier: Qualifier = Qualifier.EXACT
    relative: bool = False  # a date that needs another to be known
    aspect: tuple[str, ...] = ()
    direction: Direction = Direction.NONE
    role: Role = Role.NONE
    counted: str = ""


_ascii = partial(pattern, flags=re.ASCII)


# --- tables: numerals ------------------------------------------------------------------------------------------------


def _words(row: str) -> list[str]:
    return row.split()


_DIGIT = {char: value for value, chars in enumerate(_words("〇零○ 一 二两 三 四 五 六 七 八 九")) for char in chars}
_PLACE = {"十": 10, "百": 100, "千": 1000}
_SECTION = {"万": 10**4, "亿": 10**8}
# Powers of ten, after digits.
_SCALE = {
    **{"百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8},
    **{"百亿": 10, "千亿": 11, "万亿": 12, "百万亿": 14, "千万亿": 15},
}
_NUMERALS = "〇零○一二两三四五六七八九十百千万亿"
_LONGEST_NUMBER = 24  # a longer run is a code, not a quantity

# Full width to half width, one character for one, so that offsets stay true. The comma stays: it is mostly a pause.
_WIDTHS = str.maketrans("０１２３４５６７８９％﹪．：（）／＋－–—―−～〜　\u00a0", "0123456789%%.:()/+-----~~  ")

_EXACT = Context(prec=60)  # multiplies every number we accept without rounding
_ROUNDED = Context(prec=28)  # thirds and sevenths

# --- tables: qualifiers ----------------------------------------------------------------------------------------------

_PREFIXES = {
    Qualifier.MORE: "超过了 超过 超出 超 突破了 突破 逾 高于 多于 大于 不止",
    Qualifier.LESS: "接近 将近 近 不足 不到 低于 少于 小于 未满",
    Qualifier.ABOUT: "大约有 大约 约为 约有 约占 约 大概 差不多有 差不多",
    Qualifier.AT_MOST: "最多 至多 不超过 没有超过 没超过 未超过 不高于 不多于 不大于",
    Qualifier.AT_LEAST: "至少 最少 不少于 不低于 不小于",
}
_SUFFIXES = {
    Qualifier.MORE: "以上 出头",
    Qualifier.ABOUT: "左右 上下",
    Qualifier.AT_MOST: "以内 之内 以下",
}
_SOFT = {"余": Qualifier.MORE, "多": Qualifier.MORE, "来": Qualifier.ABOUT, "几": Qualifier.VAGUE}
# 节约, 签约, 附近, 赶超: here the character is the end of a word and qualifies nothing; 整合约45个 is about 45.
_WORD_END = re.compile("(?:[节预签公履条契特违邀制]|(?<![整融综联])合)约|[附最邻临靠亲]近|[赶反]超|[技新]突")
_STRESS = ("仅", "只", "仅有", "只有", "仅需", "只需", "只要", "只用", "只跑", "仅跑", "只进")

# By last character, longest first: 不超过 before 超过.
_BEFORE: dict[str, list[tuple[str, Qualifier]]] = {}
for _qualifier, _row in _PREFIXES.items():
    for _word in _row.split():
        _BEFORE.setdefault(_word[-1], []).append((_word, _qualifier))
for _pairs in _BEFORE.values():
    _pairs.sort(key=lambda pair: -len(pair[0]))
_AFTER = [(word, qualifier) for qualifier, row in _SUFFIXES.items() for word in row.split()]

# --- tables: units ---------------------------------------------------------------------------------------------------

_MONEY = set(_words("元 美元 欧元 港元 日元 韩元 卢布 英镑"))
_SPANS = set(_words("年 个月 周 天 日 工作日 交易日 小时 分钟 秒 毫秒 周年"))
_CLASSIFIERS = _words("""
    个 家 所 项 类 条 件 名 位 人 户 台 套 部 辆 架 艘 只 头 匹 棵 株 张 份 篇 本 册 幅 枚 颗 粒 支 把 根 块 片 座 栋
    幢 间 处 场 次 批 期 轮 届 种 款 门 组 对 双 班 节 集 首 笔 单 宗 起 例 桩 趟 回 层 级 章 股 席 岁 口 路 点 分 页
    字 列 盏 人次 件次 户次 车次 班次 架次 场次 批次 项次 台次 家次 辆次 例次 大类 小类 大 星级 台套 台(套) 学时 课时
    标段 环节 瓶 封 箱 盒 袋 桶 包
""")
_MEASURES = _words("""
    公里 米 平方厘米 平方毫米 立方厘米 厘米 毫米 微米 纳米 海里 亩 公顷 平方米 平方公里 立方米 升 毫升 吨 公斤 克
    毫克 微克 斤 标准箱 吨标准煤 吨公里 千瓦 千瓦时 兆瓦 兆瓦时 吉瓦 瓦 度 千伏 千伏安 伏 兆帕 千帕 千焦 千卡 ℃ 度
    分贝 兆 兆赫 赫兹 基点 折 km kg cm mm m g t mL km² m² m³ kW MW GW kWh MWh kV MB GB TB PB EB Mbps Gbps TEU dB Hz
    MHz GHz
""")
_RATES = {"%": Kind.PERCENT, "‰": Kind.PERCENT, "成": Kind.PERCENT, "百分点": Kind.POINTS, "倍": Kind.MULTIPLE}
_OTHER_NAMES = dict(
    pair.split(":")
    for pair in _words("""
    个百分点:百分点 个小时:小时 个工作日:工作日 个交易日:交易日 个星期:周 星期:周 周岁:岁 秒钟:秒 块钱:元 元人民币:元
    港币:港元 千米:公里 平方千米:平方公里 千克:公斤 立方:立方米 平方:平方米 台(套):台套 标箱:标准箱 千瓦小时:千瓦时
    摄氏度:℃ 吨标煤:吨标准煤 km:公里 kg:公斤
""")
)  # as written, and as we call it
_UNITS = {*_MONEY, *_SPANS, *_CLASSIFIERS, *_MEASURES, *_RATES, *_OTHER_NAMES}
_LONGEST_UNIT = max(map(len, _UNITS))
# After a lone Chinese numeral these are more often part of a word: 三路, 两点, 四方, 三层, 三首.
_UNITS_FOR_DIGITS = set(
    _words("""
    路 点 分 度 层 口 头 升 克 单 本 把 片 块 首 股 班 节 对 双 门 回 字 列 起 例 章 米 折 只 斤 兆 席 集 伏 瓦 平方
    立方 日 星级 包 封
""")
)
NOUNS_LIKE_UNITS = tuple(
    _words("""
    部门 部委 部分 部级 部队 人口 人民 人才 人员 人群 人工 人大 人士 人均 家庭 家长 家电 户籍 户外 条件 条例 台湾
    处理 处置 处室 次要 路口 路灯 路段 路网 点位 位于 座谈 座位 班级 级别 类别 类型 批准 批复 批发 场景 场所 场馆
    场地 期间 届时 篇章 层级 层次 套餐 本科 本级 本市 份额 口岸 天津 天然 年度 年级 年轻 年代 元宵 度假 组织 对接
    对象 把握 门诊 门店 支持 支部 支撑 头部 列车 列入 节点 节目 款项 笔记 单位 例如 首次 字节 分行 分公司 分局 分支
    分别 分散 分之 日常 日均 周边 成为 成立 成功 成果 成员 成本 成效 成绩 成长 成交 成都 成就 成熟 成品 成年 大型
    大学 大数据 大众 大力 大幅 大家 大小 大规模 折合 席位 股东 股份 片区 起步 起来 回应 米兰 克服 集体 集团 集中 章程
    字符 升级 升至 升高
""")
)
"""Nouns that only begin like a unit: 12部门, 500万家庭, 1200门店."""
# Units in one row may stand for one another: 41家单位 is 41个单位. 人次, 件次 and most measures stand alone.
_NEAR_UNITS = [
    set(row.split())
    for row in (
        "个 家 所 户 间",
        "个 名 位 人",
        "个 项 件 条 份",
        "个 台 套 部 台套",
        "个 处 座 栋",
        "个 大",
        "次 场 趟 回",
        "类 种 大类",
        "天 日",
        "名 位 强",
        "批 批次",
    )
]
_RANK_UNITS = set(_words("名 位 届 批 个 次 家 条 章 节 款 期 轮 强 座 项 大 类 例 台 站 集 篇 讲 回 场 页 年 天"))
_FIRST_OF = _words("位 名 个 家 批 届 次 座 条 例 台 单 部 项 套 期 艘 列 支 笔 张 款 类 场")
_FIRST = tuple("首" + unit for unit in _FIRST_OF)

# --- tables: words around a figure -----------------------------------------------------------------------------------

_UP = "增长 增加 提升 提高 上升 扩大 扩展 拓展 跃升 攀升 上涨 升高"
_DOWN = "下降 降低 减少 缩小 压缩 缩短 压减 回落 下滑 精简 下跌 缩减 收窄 削减"
_DIRECTIONS = {
    **dict.fromkeys([*_words(_UP), *"增升涨"], Direction.UP),
    **dict.fromkeys([*_words(_DOWN), *"降减"], Direction.DOWN),
}
_CHANGE = "|".join(word for word in _DIRECTIONS if len(word) > 1)

_SENTENCE_END = "。！？!?\n"
_CLAUSE_END = _SENTENCE_END + "，,；;：:()（）"
_REACH = 40  # characters of context looked at on either side of a figure

# --- tables: names that hold a numeral -------------------------------------------------------------------------------

_SET_PHRASES = tuple(
    _words("""
    三位一体 四位一体 五位一体 一件事 一次性 一次登录 一次能源 二次元 二次创业 三次产业 三个代表 两个维护 两个确立
    两个结合 四个意识 四个自信 四个全面 两个一百年 三个务必 两个毫不动摇 十分 百分制 一成不变 百家争鸣 三件套 一把手
    三把火 两条腿 三人行 五台山 七台河 五家渠 三台县 九台区 三元区 三元桥 四个一批 一家人 一条龙 一条心 一张网 一张图
    三级跳 第一时间 第一线 第一责任 第一书记 第一产业 第二产业 第三产业 第三方 第一动力 第一资源 第一要务 第二课堂
    第一议题 第一现场 第一手 第一生产力 第一要素 第一步 第一关 第二曲线 第三世界 首位度 首次公开 首屈一指 百上千
""")
)
_SET_PHRASE_STARTS = {phrase[0] for phrase in _SET_PHRASES}
_BOUND_BEFORE_NUMBER = "总次户人天年分指系参函倍票点基少多个级度"  # 指数十强, 总数百万: this 数 is no numeral
_BOUND_ONE = "统唯万不逐同单专合之划归如某另"  # 统一, 唯一, 万一: the 一 after these begins no number
_CODES = [
    _ascii(pattern)
    for pattern in (
        r"\d+(?:\+[\dA-Za-z]+)+",  # 1+N, 1+3+5
        r"\d+(?:\.\d+)?[×xX*]\d+(?:小时|天)?",  # 7×24小时
        r"\d+·\d+",  # 9·18
        r"\d+(?:\.\d+){2,}",  # 1.2.3, 10.0.0.1
        r"\d+(?:-\d+){2,}",  # 0532-8588-1234
        r"0\d[\d-]*",  # 0532-85881234, 05
        r"\d+号",  # 5号线, 5号楼
        r"\d{4}[〕\]】]第?\d*号?",  # 〔2021〕5号
        r"(?<=[\[【(])\d{1,2}[\]】)]",  # [1], (1)
    )
]
_CODE_NOUN = _ascii(
    r"[^，。、；,;“”\d]{0,6}(?:热线|专线|电话|专席|客服)|[”’》]|指数|工程|计划|高校|院校|平台|版|型|时代|系列|网站|报警|急救|晚会"
)
_LINE_NUMBER = _ascii(r"\d{1,2}[.、)] ?(?=[^\d ])")
_LETTER_BEFORE = _ascii(r"[A-Za-z][-_./]?$")
_LETTERS = _ascii(r"[A-Za-z]+[²³]?")

# --- shapes ----------------------------------------------------------------------------------------------------------

_ANCHOR = _ascii(rf"[\d{_NUMERALS}几数第前首榜半过翻今去明上下本当年“]")
_DECIMALS = "(?:点[〇零○一二三四五六七八九]+)?"
_NUMBER = _ascii(
    rf"""(?x)(?:(?P<digits>\d{{1,3}}(?:[,，]\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)
          |(?P<vague>[几数][十百千万亿]+)
          |(?P<numeral>[{_NUMERALS}]+{_DECIMALS}))
        (?:[ ]?(?P<soft>[余多来几])?[ ]?(?P<scale>[百千]?万?亿|[百千]?万|百(?!分)|千(?![瓦伏米卡焦帕赫克])))?
        (?P<tail>[余多来几])?"""
)
_MINUS = _ascii("(?<![0-9A-Za-z%])-$")  # -2.3%, but not 20%-30%
_JOIN = _ascii(r" ?(?:--?|~|至|到) ?(?=[\d一二两三四五六七八九十])")
_PARTS = _ascii(
    rf"(?P<whole>[{_NUMERALS}]+|\d+)分之(?P<part>[{_NUMERALS}]+{_DECIMALS}|\d+(?:\.\d+)?)"
    r"|(?P<above>\d{1,2})/(?P<below>\d{1,3})(?![\d/])"
)
_RATIO = _ascii(r"\d{1,9}(?:\.\d{1,9})?(?::\d{1,9}(?:\.\d{1,9})?){1,4}")
_DOUBLING = _ascii(r"翻了?(?P<times>[一两二三四1-9])?番")
_HALF = _ascii(r"一半|过半数?|半数|百分百")
_HALF_SPAN = _ascii(r"半(?P<unit>个?小时|年|天|个月)")

_MONTH = "(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = "(?P<day>3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_PART_OF_YEAR = (
    f"{_MONTH} ?月份?(?: ?{_DAY} ?[日号])?|(?P<half>[上下])半年"
    "|第?(?P<quarter>[一二三四1-4])季度|前(?P<quarters>[二两三23])季度"
)
_YEAR = "(?P<year>(?:1[89]|20|21)[0-9]{2}|[一二][〇零○一二三四五六七八九]{3})"
_DATES = [
    _ascii(pattern)
    for pattern in (
        rf"{_YEAR} ?年?(?:至|到|-|~) ?(?P<last_year>(?:1[89]|20|21)\d\d) ?年",
        r"(?P<year>(?:19|20)\d\d)-(?P<last_year>(?:19|20)\d\d)(?![\d-])",
        rf"{_YEAR} ?年度?(?: ?(?:{_PART_OF_YEAR})|(?P<edge>[初底末]))?",
        r"(?P<year>(?:19|20)\d\d)[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<day>3[01]|[12]\d|0?[1-9])(?!\d)",
        r"(?P<month>1[0-2]|[1-9])月?(?:至|到|-) ?(?P<last_month>1[0-2]|[1-9])月份?",
        r"前(?P<months>1[0-2]|[2-9]|十[一二]?|[二两三四五六七八九])个月",
        _PART_OF_YEAR,
        r"(?P<day>3[01]|[12]\d|[1-9]) ?日(?![内均后前])(?!以内|之内)",
    )
]
_DATE_MARKS = set("年月日季-/.")  # no date without one of these
_RELATIVE = _ascii(
    "(?:今年|去年|前年|明年|上年|本年|当年)(?:度|同期|年?[初底末]|[上下]半年|[一二三四]季度)?|年[初底末]|[上本]月"
)
_PLAN = _ascii(
    "“(?P<quoted>[一二三四五六七八九十]{1,2})五”|(?P<plain>十[一二三四五六七]?)五(?=时期|期间|规划|以来|末|初|开局)"
)
_CENTURY = _ascii(r"\d{1,2}世纪(?:\d0年代)?")
_CLOCK = _ascii(
    r"(?P<hour>[01]?\d|2[0-4])(?::(?P<minute>[0-5]\d)(?:-(?P<to_hour>[01]?\d|2[0-4]):(?P<to_minute>[0-5]\d))?(?![\d:.])"
    r"|[时点](?P<past>[0-5]?\d)分|[时点](?=[,，。、至到前后]|以[前后]))"
)

_LEVELS = _ascii(r"(?:(?:国家|中央|街道|社区|[部省市州县区旗乡镇村]|\([^()]{1,4}\))[、和]?){2,}$|上下$")
_PULL = _ascii("(?P<bound>最多|至多|至少|最少)只?[跑需要花用走办交等]$")
_ASPECT = _ascii(
    "今年以来|累计|[日月年人户]均|[同环]比|总体|新增|平均|每[年月天日]|合计|共计|总计|较上年|比上年|较去年|比去年|按可比价"
)
_CLAUSE = _ascii(rf"(?:\([^()]{{1,4}}\)|[^{_CLAUSE_END}])*$")
_FROM = _ascii("(?<![理自缘])[由从](?![事此业])[^由从，。；,;]{0,14}$")
_TO = _ascii(f"[，,]?(?:[^，。；、,;]{{0,6}}?(?P<verb>{_CHANGE}|[增升涨降减]))?(?:到了?|至|为)$")
_BESIDE = _ascii(f" *(?:以及|[、和与及]) *(?:{_CHANGE})?")
_APART = _ascii(f"分别[^{_CLAUSE_END}]{{0,12}}$")
_MOVED = _ascii(
    f"(?:(?<!改造)(?<!整治)(?P<verb>{_CHANGE})(?P<to>到了?|至|为)?(?:了|达)?|(?<=[同环]比)(?P<short>[增降涨])|(?P<moved>[增升涨降减])(?P<end>至|到))$"
)
_MOVED_AFTER = _ascii(f"的(?P<verb>{_CHANGE})")


# --- numbers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Number:
    """A number without its unit: 380余万 is 3800000, MORE. `numeral` holds Chinese characters, "" for digits."""

    end: int
    low: Decimal
    high: Decimal | None
    soft: Qualifier | None
    numeral: str
    power: int  # of ten, from the 万, 亿, 百 or 千 after the digits
    plain: bool  # digits only: no comma, no decimals


def _times(value: Decimal, power: int) -> Decimal:
    """value × 10**power, exactly, without trailing zeros or exponent."""
    product = _EXACT.multiply(value, Decimal(10) ** power)
    whole = product.to_integral_value(context=_EXACT)
    return whole if whole == product else product.normalize(_EXACT)


def _integer(numeral: str) -> int | None:
    """The value of 一百二十一, 三千五 (3500), 两亿零三万; None where the characters do not make a number."""
    total = section = 0
    digit: int | None = None
    after_zero = False
    unit = 1  # the last place named: 三千五 means 三千五百
    places = 10**4
    for char in numeral:
        if char in _DIGIT:
            if digit:
                return None
            digit, after_zero = _DIGIT[char], after_zero or _DIGIT[char] == 0
        elif char in _PLACE:
            unit = _PLACE[char]
            if unit >= places or (digit == 0 and section == 0 and total == 0):
                return None
            section, digit, places, after_zero = section + (digit or 1) * unit, None, unit, False
        else:
            unit, section = _SECTION[char], section + (digit or 0)
            if char == "亿":
                total = (total + section or 1) * unit
            else:
                total += (section or 1) * unit
            section, digit, places, after_zero = 0, None, 10**4, False
    return total + section + (digit or 0) * (1 if after_zero or unit == 1 else unit // 10)


def _numeral(numeral: str) -> tuple[Decimal, Decimal | None] | None:
    """Value of a Chinese numeral, and the far end where two digits stand for a range: 三四十 is 30 to 40."""
    whole, point, decimals = numeral.partition("点")
    value = _integer(whole)
    if value is not None:
        return Decimal(f"{value}{'.' if point else ''}{''.join(str(_DIGIT[char]) for char in decimals)}"), None
    for index in range(len(whole) - 1):
        first, second = _DIGIT.get(whole[index], 0), _DIGIT.get(whole[index + 1], 0)
        if first and (second == first + 1 or (first, second) == (3, 5)):
            low, high = _integer(whole[: index + 1] + whole[index + 2 :]), _integer(whole[:index] + whole[index + 1 :])
            if low and high and not point:
                return Decimal(low), Decimal(high)
    return None


def _number(text: str, at: int) -> _Number | None:
    """Read digits or a numeral with its scale; None where nothing countable begins at `at`."""
    match = _NUMBER.match(text, at)
    if match is None or len(match[0]) > _LONGEST_NUMBER:
        return None
    digits, numeral, end, scale = match["digits"] or "", match["numeral"] or "", match.end(), match["scale"] or ""
    soft, high = match["soft"] or match["tail"] or "", None
    if match["vague"]:
        unit = _integer("一" + match["vague"][1:])
        if unit is None:
            return None
        low, high, soft = Decimal(2 * unit), Decimal(10 * unit), "几"
    elif digits:
        if "，" in digits and not scale and not _unit(text, match.end("digits"))[0]:
            digits = digits[: digits.index("，")]
            end, soft = at + len(digits), ""
        low = Decimal(digits.replace(",", "").replace("，", ""))
    else:
        above = max(numeral.rfind("万"), numeral.rfind("亿")) + 1 if scale else 0  # 三亿六千多万: 万 counts 六千 alone
        base = _integer(numeral[:above]) if above < len(numeral) else 0
        values = _numeral(numeral[above:] if base else numeral)
        if values is None:
            return None
        more = _times(Decimal(base), -_SCALE[scale]) if base else Decimal(0)
        low, high = values[0] + more, None if values[1] is None else values[1] + more
    if match["tail"] in ("来", "几") and not _unit(text, end)[0]:
        end, soft = end - 1, match["soft"] or ""
    if soft == "几" and not match["vague"]:
        low, high = low + 1, low + 9
    power = _SCALE[scale] if scale else 0
    low, high = _times(low, power), None if high is None else _times(high, power)
    if digits and power and not soft:  # 1亿2000万, 3万5千
        rest = _NUMBER.match(text, end)
        if rest and rest["digits"] and rest["digits"].isdigit() and len(rest[0]) <= _LONGEST_NUMBER:
            more = _number(text, end)
            if more and more.low < 10**power and (more.power or _unit(text, more.end)[0]):
                low, end, soft = _EXACT.add(low, more.low), more.end, rest["soft"] or rest["tail"] or ""
    return _Number(end, low, high, _SOFT.get(soft), numeral, power, digits.isdigit())


# --- units and qualifiers --------------------------------------------------------------------------------------------


_NEXT = pattern("次之(?=[，,。；;、]|$)")


def _unit(text: str, at: int) -> tuple[str, int]:
    """The longest unit at `at`, one space allowed before it, as written, and where it ends; ("", at) where none is."""
    start = at + 1 if text.startswith(" ", at) else at
    letters = _LETTERS.match(text, start)
    if letters:
        return (letters[0], letters.end()) if letters[0] in _UNITS else ("", at)
    for length in range(_LONGEST_UNIT, 0, -1):
        unit = text[start : start + length]
        if length > 1 and _NEXT.match(text, start + length - 1):  # 甲县35家次之
            continue
        if unit in _UNITS and not (len(unit) == 1 and text.startswith(NOUNS_LIKE_UNITS, start)):
            end = start + len(unit)  # a slice at the end of the text is shorter than `length`
            if text.startswith("/", end):  # 微克/立方米, 元/吨
                below, below_end = _unit(text, end + 1)
                if below:
                    return f"{unit}/{below}", below_end
            return unit, end
    return "", at


def _qualifier_before(text: str, start: int, floor: int) -> tuple[Qualifier | None, int]:
    """The qualifier that ends at `start` and where it begins, not before `floor`."""
    head = text[max(floor, start - 8) : start]
    spaced = head.rstrip(" ")
    for word, qualifier in _BEFORE.get(spaced[-1:], ()):
        if spaced.endswith(word):
            begin = start - len(head) + len(spaced) - len(word)
            if not _WORD_END.match(text, max(begin - 1, 0), begin + 1):
                return qualifier, begin
    pull = _PULL.search(head)
    if pull:
        qualifier = Qualifier.AT_LEAST if "少" in pull["bound"] else Qualifier.AT_MOST
        return qualifier, start - len(head) + pull.start()
    return None, start


def _qualifier_after(text: str, end: int, unit: str) -> tuple[Qualifier | None, int]:
    """The qualifier that begins at `end` and where it stops: 以上, 左右; after spans of time also 内."""
    for word, qualifier in _AFTER:
        if text.startswith(word, end) and not text.startswith(("上下贯", "上下联", "上下级"), end):
            return qualifier, end + len(word)
    if unit in _SPANS and text.startswith("内", end):
        return Qualifier.AT_MOST, end + 1
    loose = unit in _SPANS or unit in _RATES or unit == "元"
    if (
        loose
        and text.startswith(("多", "余"), end)
        and not text.startswith(("多元", "多种", "多次", "多样", "多个"), end)
    ):
        return Qualifier.MORE, end + 1
    return None, end


# --- readers: each reads one kind of figure at `at`, or returns None -------------------------------------------------


def _date(text: str, at: int, floor: int) -> Figure | None:
    """A date, absolute or relative."""

    def figure(
        end: int, value: Decimal | None, unit: str, upper: Decimal | None = None, relative: bool = False
    ) -> Figure:
        return Figure(text[at:end], at, end, Kind.DATE, value, upper, unit, relative=relative)

    if text[at] in "今去前明上本当年":
        relative = _RELATIVE.match(text, at)
        if relative and (at == 0 or text[at - 1] not in "以目之此提早往"):
            return figure(relative.end(), None, "月" if relative[0].endswith("月") else "年", relative=True)
    plan = _PLAN.match(text, at)
    if plan:
        number = _integer(plan["quoted"] or plan["plain"])
        if number and number < 20:
            start = at + 1 if plan["quoted"] else at
            end = plan.end() - 1 if plan["quoted"] else plan.end()
            return Figure(text[start:end], start, end, Kind.DATE, Decimal(number), unit="五年规划")
    century = _CENTURY.match(text, at)
    if century:
        return figure(century.end(), None, "世纪")
    clock = _CLOCK.match(text, at)
    if clock and not (at and text[at - 1] in "比为例") and text[at - 1 : at] not in (":", "/"):
        value = Decimal(int(clock["hour"]) * 100 + int(clock["minute"] or clock["past"] or 0))
        upper = Decimal(int(clock["to_hour"]) * 100 + int(clock["to_minute"])) if clock["to_hour"] else None
        return figure(clock.end(), value, "时", upper)
    if _DATE_MARKS.isdisjoint(text[at : at + 12]):
        return None
    for written in _DATES:
        match = written.match(text, at)
        if match:
            return _calendar(match, figure)
    return None


def _calendar(
    match: re.Match[str], figure: Callable[[int, Decimal | None, str, Decimal | None], Figure]
) -> Figure | None:
    """Turn the named parts of a date into value and unit; None for a bare 4-digit number, which is no year."""
    found = {name: part for name, part in match.groupdict().items() if part}

    def part(name: str) -> int:
        written = found.get(name, "")
        if written.isdigit():
            return int(written)
        if name == "year":
            return int("".join(str(_DIGIT[char]) for char in written) or 0)
        return _integer(written) or 0

    if set(found) == {"year"} and "年" not in match[0]:
        return None
    year, month, day, unit, last = part("year"), part("month"), part("day"), "年", None
    if "last_year" in found:
        last = Decimal(part("last_year") * 10000)
    elif "half" in found:
        month, unit = "上下".index(found["half"]) + 1, "半年"
    elif "quarter" in found:
        month, unit = part("quarter"), "季度"
    elif "quarters" in found:
        month, unit, last = 1, "季度", Decimal(year * 10000 + part("quarters") * 100)
    elif "months" in found:
        month, unit, last = 1, "月", Decimal(part("months") * 100)
    elif "last_month" in found:
        unit, last = "月", Decimal(part("last_month") * 100)
    elif "edge" in found:
        unit = "年初" if found["edge"] == "初" else "年底"
    elif day:
        unit = "日"
    elif month:
        unit = "月"
    return figure(match.end(), Decimal(year * 10000 + month * 100 + day), unit, last)


def _rank(text: str, at: int, floor: int) -> Figure | None:
    """第6名, 前十, 百强, 首批, 榜首."""
    if text.startswith("榜首", at) or text.startswith(_FIRST, at):
        settled = text[max(0, at - 2) : at]
        if settled[:1] in ("摆", "放", "置") and settled[1:] in ("在", "于"):
            return None
        end = at + 2
        unit = "名" if text[at] == "榜" else text[at + 1]
        return Figure(text[at:end], at, end, Kind.RANK, Decimal(1), unit=unit)
    if text[at] in "第前":
        number = _number(text, at + 1)
        if number is None or number.soft or number.high:
            return None
        unit, end = "名", number.end
        if text[end : end + 1] in _RANK_UNITS and not text.startswith(NOUNS_LIKE_UNITS, end):
            unit, end = text[end], end + 1
        elif text[end : end + 1].isalnum() and text[end] not in "的行列、":
            return None
        if text[at] == "前" and (
            unit not in ("名", "位", "强") or text[at - 1 : at] in tuple("提目之此当以年日月天餐会")
        ):
            return None
        qualifier = Qualifier.AT_MOST if text[at] == "前" else Qualifier.EXACT
        return Figure(text[at:end], at, end, Kind.RANK, number.low, unit=unit, qualifier=qualifier)
    number = _number(text, at)
    if (
        number
        and text.startswith("强", number.end)
        and text[number.end + 1 : number.end + 2] not in tuple("化调劲度制降烈大")
    ):
        end = number.end + 1
        return Figure(text[at:end], at, end, Kind.RANK, number.low, unit="强", qualifier=Qualifier.AT_MOST)
    return None


def _part(text: str, at: int, floor: int) -> Figure | None:
    """百分之九十五点五, 三分之二, 1/3, 一半, 过半, 百分百, all in hundredths."""
    half = _HALF.match(text, at)
    fraction = _PARTS.match(text, at)
    if half:
        value, end = Decimal(100 if half[0] == "百分百" else 50), half.end()
        inner = Qualifier.MORE if half[0].startswith("过") else None
    elif fraction:
        above, below = fraction["part"] or fraction["above"], fraction["whole"] or fraction["below"]
        top, bottom = _plain_value(above), _plain_value(below)
        if not top or not bottom or (fraction["above"] and top >= bottom):
            return None
        value, end, inner = _ROUNDED.divide(_times(top, 2), bottom), fraction.end(), None
        value = _times(value, 0)
        if text[end : end + 1] == "多":
            end, inner = end + 1, Qualifier.MORE
    else:
        return None
    return _qualified(text, at, end, floor, Kind.PERCENT, value, None, "%", inner)


def _plain_value(written: str) -> Decimal | None:
    """The exact value of a short numeral or digits standing alone."""
    if len(written) > _LONGEST_NUMBER:
        return None
    if written[0].isdigit():
        return Decimal(written)
    values = _numeral(written)
    return values[0] if values and values[1] is None else None


def _doubling(text: str, at: int, floor: int) -> Figure | None:
    """翻一番 doubles, which is one 倍 more; 翻两番 is three 倍 more."""
    match = _DOUBLING.match(text, at)
    if match is None:
        return None
    times = _plain_value(match["times"]) if match["times"] else Decimal(1)
    value = Decimal(2 ** int(times or 1) - 1)
    figure = _qualified(text, at, match.end(), floor, Kind.MULTIPLE, value, None, "倍", None)
    return replace(figure, direction=Direction.UP)


def _ratio(text: str, at: int, floor: int) -> Figure | None:
    """3.3:35.9:60.8."""
    match = _RATIO.match(text, at)
    if match is None:
        return None
    return Figure(match[0], at, match.end(), Kind.RATIO, Decimal(match[0].partition(":")[0]))


def _quantity(text: str, at: int, floor: int) -> Figure | None:
    """A number with its unit, or a range of two."""
    if half := _HALF_SPAN.match(text, at):
        if text[at - 1 : at] in tuple("上下前后大小一个"):
            return None
        unit = _OTHER_NAMES.get(half["unit"], half["unit"])
        return _qualified(text, at, half.end(), floor, Kind.COUNT, Decimal("0.5"), None, unit, None)
    number = _number(text, at)
    if number is None:
        return None
    written, end = _unit(text, number.end)
    before, _ = _qualifier_before(text, at, floor)
    low, high = number.low, number.high
    far = None if high else _far_end(text, at, number, written, end)
    if far:
        low, high, written, end = far
    years_and_months = _years_and_months(text, number, written, end)
    if years_and_months is not None:
        (low, end), written = years_and_months, "个月"
    elif not _is_quantity(text, at, number, written, end, before, far is not None):
        return None
    start = at
    unit = _OTHER_NAMES.get(written, written)
    power = {"成": 1, "‰": -1}.get(unit, 0)
    kind = Kind.MONEY if unit.partition("/")[0] in _MONEY else _RATES.get(unit, Kind.COUNT)
    low, high = _times(low, power), None if high is None else _times(high, power)
    if kind in (Kind.PERCENT, Kind.POINTS) or unit == "℃":
        unit = "%" if kind is Kind.PERCENT else unit
        if at > floor and _MINUS.search(text[max(0, at - 2) : at]):
            start, low = at - 1, _EXACT.minus(low)
    if unit in _SPANS | {"倍"} and high is None and text.startswith("半", end):  # 两年半
        low, end = _EXACT.add(low, Decimal("0.5")), end + 1
    if written == "成" and high is None and _DIGIT.get(text[end : end + 1]):  # 九成五
        low, end = _EXACT.add(low, Decimal(_DIGIT[text[end]])), end + 1
    return _qualified(text, start, end, floor, kind, low, high, unit, number.soft)


def _years_and_months(text: str, number: _Number, unit: str, end: int) -> tuple[Decimal, int] | None:
    """The months of 两年零四个月 and where it ends; None where no months follow the years."""
    joined = text.startswith(("零", "又"), end)
    if unit != "年" or number.high or number.soft or (number.numeral == "一" and not joined):
        return None
    more = _number(text, end + joined)
    if more is None or more.high or more.soft or more.low >= _MONTHS_OF_YEAR or not text.startswith("个月", more.end):
        return None
    return _EXACT.add(_EXACT.multiply(number.low, _MONTHS_OF_YEAR), more.low), more.end + len("个月")


_MONTHS_OF_YEAR = Decimal(12)  # months


def _far_end(text: str, at: int, number: _Number, unit: str, end: int) -> tuple[Decimal, Decimal, str, int] | None:
    """Both values, unit and end of the range that `number` opens; None where it opens none."""
    join = _JOIN.match(text, end)
    if join is None or number.soft:
        return None
    if unit and join[0].strip() in ("到", "至") and _FROM.search(text[max(0, at - 16) : at]):
        return None  # 从41个到121个 is a change
    far = _number(text, join.end())
    if far is None or far.soft or far.high:
        return None
    far_unit, far_end = _unit(text, far.end)
    if (unit and unit != far_unit) or not (far_unit or far.power):
        return None
    low = number.low
    if far.power and not number.power and not unit and _times(low, far.power) < far.low:
        low = _times(low, far.power)  # 3至5万 begins at 30000
    return (low, far.low, far_unit, far_end) if low < far.low else None


def _is_quantity(
    text: str, at: int, number: _Number, unit: str, end: int, before: Qualifier | None, is_range: bool
) -> bool:
    """Apply the rules at the top of this file: is the number at `at` a quantity, or part of a word or name?"""
    previous, numeral = text[at - 1 : at], number.numeral
    if not numeral and text[at] in "几数":
        return True
    if not numeral:
        return _digits_count(text, at, number, unit, before, is_range)
    if unit == "级" and not _LEVELS.search(text[max(0, at - 14) : at]):
        return False
    if numeral[0] in "百千万亿":
        pushed = previous in tuple("上过") and text[at - 2 : at - 1] != "以"
        return bool(before or number.soft or pushed)
    if number.low == 0 or (numeral[0] == "一" and previous in tuple(_BOUND_ONE)):
        return False
    if is_range:
        return True
    if len(numeral) > 1:
        congress = (unit == "大" and number.low > 16) or (unit == "届" and number.low >= 10)  # 二十大, 十九届
        return not congress and bool(unit or number.soft or number.power or "万" in numeral or "亿" in numeral)
    if number.soft or number.power:
        return numeral == "十"
    if not unit or unit in _UNITS_FOR_DIGITS:
        return False
    if before:
        return True
    if numeral == "一":
        stressed = text[max(0, at - 2) : at].endswith(_STRESS) or _qualifier_after(text, end, unit)[0]
        return bool(stressed) or unit in ("倍", "成")
    return not _in_short_quotation(text, at, end)


def _digits_count(text: str, at: int, number: _Number, unit: str, before: Qualifier | None, is_range: bool) -> bool:
    """Whether digits state a quantity rather than a code, a version or the number of a line."""
    previous, following = text[at - 1 : at], text[number.end : number.end + 1]
    if letter := _LETTER_BEFORE.search(text[max(0, at - 2) : at]):  # GDP5.8万亿元, but H7N9 and COVID-19
        return letter[0].isalpha() and bool(number.power or unit in _MONEY or unit in _RATES)
    if not unit and following.isascii() and following.isalpha():
        return False
    if unit or number.power or number.soft or before or is_range:
        return True
    if _CODE_NOUN.match(text, number.end):
        return False
    if not number.plain:
        return not text.startswith(".0", number.end - 2)
    if number.end - at >= 9 or previous in tuple("-/_.") or following in tuple("-/_〕") or previous + following == "()":
        return False
    if previous == " " and text[max(0, at - 2) : at - 1].isascii():
        return False
    return not ((at == 0 or previous in tuple("\n。；： :")) and _LINE_NUMBER.match(text, at))


def _in_short_quotation(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] stands in a quotation of at most 16 characters without a pause."""
    before, after = text[max(0, start - 15) : start], text[end : end + 15]
    for left, right in ("“”", "‘’", "「」", "『』"):
        opening, closing = before.rfind(left), after.find(right)
        if opening >= 0 and closing >= 0:
            inside = before[opening + 1 :] + after[:closing]
            if len(inside) <= 15 and not any(char in inside for char in "，。、；：！？,;:\n" + left + right):
                return True
    return False


def _qualified(
    text: str,
    at: int,
    end: int,
    floor: int,
    kind: Kind,
    value: Decimal,
    upper: Decimal | None,
    unit: str,
    inner: Qualifier | None,
) -> Figure:
    """The figure of the core text[at:end] with the qualifiers on its sides; `inner` stands inside: 380余万."""
    before, start = _qualifier_before(text, at, floor)
    if (
        before is Qualifier.LESS
        and unit in ("年", "个月", "周", "天", "日", "交易日")
        and text[start:at].strip() == "近"
    ):
        before, start = None, at
    if before is None and at > floor and text[at - 1] in "上过" and text[at] in "百千万亿":
        before, start = Qualifier.MORE, at - 1
    after = None
    if before is None:
        after, end = _qualifier_after(text, end, unit)
    qualifier = before or inner or after or Qualifier.EXACT
    return Figure(text[start:end], start, end, kind, value, upper, unit, qualifier)


_READERS = (_date, _rank, _part, _doubling, _ratio, _quantity)


# --- reading ---------------------------------------------------------------------------------------------------------


def read_figures(text: str) -> list[Figure]:
    """Every figure of the text, in order, none overlapping another; any text may be given.

    >>> [(figure.text, str(figure.value), figure.unit) for figure in read_figures("归集132类380余万条电子证照数据")]
    [('132类', '132', '类'), ('380余万条', '3800000', '条')]
    """
    plain = text.translate(_WIDTHS)
    figures = list(_cores(plain))
    if plain != text:
        figures = [replace(figure, text=text[figure.start : figure.end]) for figure in figures]
    return _in_context(text, plain, figures)


def _cores(plain: str) -> Iterator[Figure]:
    """The figures without their surroundings. Each character is passed over once, whatever the text."""
    at = floor = 0
    while anchor := _ANCHOR.search(plain, at):
        start = anchor.start()
        passed = _name_end(plain, start)
        if passed is not None:
            at = passed
            continue
        figure = next((figure for read in _READERS if (figure := read(plain, start, floor))), None)
        if figure is None:
            number = _NUMBER.match(plain, start + (plain[start] == "第"))
            at = number.end() if number else start + 1
        else:
            yield figure
            at = floor = figure.end


def _name_end(plain: str, at: int) -> int | None:
    """Where the set phrase or code that begins at `at` stops; None where none begins."""
    if plain[at] == "数" and at and plain[at - 1] in _BOUND_BEFORE_NUMBER:
        return at + 1
    if (
        plain[at] in _SET_PHRASE_STARTS
        and plain.startswith(_SET_PHRASES, at)
        and not plain.startswith(("十分钟", "十分之"), at)
    ):
        return at + max(len(phrase) for phrase in _SET_PHRASES if plain.startswith(phrase, at))
    if plain[at].isdigit():
        for pattern in _CODES:
            if (match := pattern.match(plain, at)) and _date(plain, at, 0) is None:
                return match.end()
    return None


def _in_context(text: str, plain: str, figures: list[Figure]) -> list[Figure]:
    """Add aspect, direction, role and what is counted."""
    found: list[Figure] = []
    floor = 0  # end of the last figure that is not a date
    for figure in figures:
        clause = _clause_before(plain, figure.start, floor).rstrip(" ")
        if figure.kind is Kind.DATE:
            found.append(figure)
            continue
        last = next((index for index in range(len(found) - 1, -1, -1) if found[index].kind is not Kind.DATE), None)
        aspect = _aspects(clause)
        direction, role = _movement(plain, figure, clause)
        if last is not None:
            previous = found[last]
            if previous.end == figure.start and previous.unit != "级":
                aspect = aspect or previous.aspect  # 近60类2000万条 share their words
            if _beside(previous, figure, text):  # 增长2.3%和4.5%
                aspect = aspect or previous.aspect
                direction = previous.direction if direction is Direction.NONE else direction
            verb = _change_between(plain, previous, figure, found[last + 1 :])
            if verb is not None:
                direction, role = verb, Role.TO
                found[last] = replace(previous, direction=verb, role=Role.FROM)
        if aspect or direction is not Direction.NONE or role is not Role.NONE:
            figure = replace(figure, aspect=aspect, direction=direction, role=role)
        found.append(figure)
        floor = figure.end
    counted, limit, after = "", len(plain), None  # of the figure after; where the next one starts, if not a date
    for index in range(len(found) - 1, -1, -1):
        figure = found[index]
        if figure.kind is not Kind.DATE:
            shared = after is not None and (after.start == figure.end or figure.role is Role.FROM)
            counted = counted if shared else _counted(text, plain, figure.end, limit)
            if counted:
                found[index] = replace(figure, counted=counted)
            after = figure
        limit = figure.start
    return found


def _beside(first: Figure, second: Figure, text: str) -> bool:
    """Whether two figures are a row: 2.3%和4.5%."""
    alike = (first.kind, first.unit) == (second.kind, second.unit)
    return alike and _BESIDE.fullmatch(text[first.end : second.start]) is not None


def _clause_before(plain: str, end: int, floor: int) -> str:
    """The words of the clause before `end`, not further back than `floor`; brackets as short as in 区(市) are words."""
    words = plain[max(floor, end - 2 * _REACH, 0) : end]
    clause = _CLAUSE.search(words)
    return clause[0] if clause else ""


def _aspects(clause: str) -> tuple[str, ...]:
    found: list[str] = []
    at = 0
    while match := _ASPECT.search(clause, at):
        if match[0] not in found:
            found.append(match[0])
        at = match.end()
    return tuple(found)


def _movement(plain: str, figure: Figure, clause: str) -> tuple[Direction, Role]:
    """Direction and role of a figure by itself: 同比增长37.2%, 提升至95.5%, 10.9个百分点的提升."""
    if figure.kind is Kind.RANK and "至" not in clause[-2:] and "到" not in clause[-2:]:
        return Direction.NONE, Role.NONE
    moved = _MOVED.search(clause)
    if moved:
        verb = moved["verb"] or moved["short"] or moved["moved"]
        return _DIRECTIONS[verb], Role.TO if moved["to"] or moved["end"] else Role.NONE
    after = _MOVED_AFTER.match(plain, figure.end)
    return (_DIRECTIONS[after["verb"]] if after else figure.direction), Role.NONE


def _change_between(plain: str, first: Figure, second: Figure, dates: list[Figure]) -> Direction | None:
    """The direction of 由A…至B where `first` is A and `second` is B, NONE where no verb says it; else None."""
    if first.kind is not second.kind or second.start - first.end > _REACH or not _same_unit(first, second):
        return None
    between, at = "", first.end
    for date in dates:
        between, at = between + plain[at : date.start], date.end
    to = _TO.fullmatch((between + plain[at : second.start]).rstrip("的"))
    if to is None or not _FROM.search(_clause_before(plain, first.start, 0)):
        return None
    return _DIRECTIONS[to["verb"]] if to["verb"] else Direction.NONE


def _counted(text: str, plain: str, start: int, end: int) -> str:
    """The words after a figure, up to a pause or `end`: what is counted, first of all."""
    depth, at = 0, start
    end = min(end, start + _REACH)
    while at < end:
        char = plain[at]
        if char in "(":
            closing = plain.find(")", at, min(end, at + 8))
            if closing < 0:
                break
            at = closing
        elif char in "“‘《「":
            depth += 1
        elif char in "”’》」":
            depth -= 1
            if depth < 0:
                break
        elif char in _CLAUSE_END or char == "、":
            break
        at += 1
    return text[start:at].strip().removeprefix("的").rstrip("“‘《「的和及与等 ")


# --- comparing -------------------------------------------------------------------------------------------------------


def same_value(first: Figure, second: Figure) -> bool:
    """Whether two figures of a kind name the same number: 6.4亿 and 64000万, 95.5% and 百分之九十五点五, 三成 and 30%.

    Units, qualifiers, directions and roles are not compared. Ratios and relative dates are compared as written.
    """
    if first.value is None or second.value is None or Kind.RATIO in (first.kind, second.kind):
        return first.kind is second.kind and _as_written(first) == _as_written(second)
    kinds = {first.kind, second.kind}
    if len(kinds) > 1 and kinds != {Kind.COUNT, Kind.MONEY}:
        return False
    if first.kind is Kind.DATE and first.unit != second.unit:
        return False
    return first.value == second.value and first.upper == second.upper


def same_figure(first: Figure, second: Figure) -> bool:
    """Whether two figures say the same: value, unit, qualifier, and no contrary direction or role.

    Units are the same when equal, when one is not written (206亿, 206亿元), or when both stand in one row of
    `_NEAR_UNITS` (41个, 41家); 次, 人次 and 件次 are three units. A direction or role only one names is not contrary.
    """
    return (
        same_value(first, second)
        and _same_unit(first, second)
        and first.qualifier is second.qualifier
        and not _contrary(first, second)
    )


def digits_of(figure: Figure) -> int:
    """How many digits tell a figure's number apart: 2 of 1.2亿, 1 of 300; 1 where it has none."""
    return len((figure.value or Decimal(0)).normalize().as_tuple().digits)


def supports(stated: Figure, asserted: Figure) -> bool:
    """Whether a reader who trusts `stated` must accept `asserted`: the one table of what qualifiers mean.

    Kinds, units, directions and roles must agree as in `same_figure`. Then each side stands for the numbers it allows,
    n being its number and s the place value of the last digit of n that is not 0 (7900: 100; 900万: 100万):

        EXACT     n                        ABOUT     n - d … n + d, where d is the lesser of s/2 and n/10
        MORE      n … n + s                LESS      n - d … n
        AT_LEAST  n and up                 AT_MOST   up to n
        VAGUE and ranges                   value … upper

    and `asserted` is supported when it allows all that `stated` allows. So 7900多项 supports 超过7900项, 近8000项 and
    约8000项; 3378台 supports 近3400台 and 3300多台; 第3名 supports 前5名. Five rules are added, as people speak:

    * 约n follows from n, 近n, n多 and 超过n: 近900万 supports 约900万.
    * Two rounded figures with the same qualifier must name the same number: 超过1500个 does not support 超过1000个.
    * A figure without qualifier is meant exactly: neither 近900万 nor 900万左右 supports 900万. A caller who is content
      with the right number and a lost qualifier asks `same_value`.
    * A share in 成 or as a fraction is spoken in round numbers: 91% supports 九成, 67.5% 六成七, 33.8% 约三分之一.
    * 不到n is said of whatever is less, down to three quarters of it (of 1%, 一成 or 一千 to half):
      17.6% supports 不到两成, and not 近两成.

    A date supports its coarser forms: 2021年3月5日 supports 2021年 and 3月, not the other way round.
    """
    if Kind.DATE in (stated.kind, asserted.kind):
        return _date_supports(stated, asserted)
    if same_figure(stated, asserted):
        return True
    kinds = {stated.kind, asserted.kind}
    if (len(kinds) > 1 and kinds != {Kind.COUNT, Kind.MONEY}) or Kind.RATIO in kinds:
        return False
    if not _same_unit(stated, asserted) or _contrary(stated, asserted):
        return False
    rounded = (Qualifier.MORE, Qualifier.LESS, Qualifier.ABOUT)
    if asserted.qualifier is stated.qualifier and asserted.qualifier in rounded:
        return False
    if asserted.qualifier is Qualifier.ABOUT and stated.qualifier in (Qualifier.EXACT, *rounded):
        same = same_value(stated, asserted)
    else:
        same = False
    low, high = _allowed(stated)
    least, most = _below(asserted, stated) or _spoken(asserted) or _allowed(asserted)
    above = least is None or (low is not None and low >= least)
    below = most is None or (high is not None and high <= most)
    strict = low == high and asserted.upper is None  # 80% is not 超过80%, nor 近80%
    if strict and low == asserted.value and asserted.qualifier in (Qualifier.MORE, Qualifier.LESS):
        return False
    return same or (above and below)


UNDER = re.compile("不到|不足|不满|不及|没到|未到|未满|少于|低于")


def _below(figure: Figure, stated: Figure) -> tuple[Decimal, Decimal] | None:
    """From three quarters of it up to a number that is not reached, as 不到两成 is said of 17.6%; from half of a one.

    Nothing is below a number that is only said to be exceeded (超过1500个), but 7900多项 are below 8000.
    """
    if figure.qualifier is not Qualifier.LESS or figure.value is None or not UNDER.match(figure.text):
        return None
    open_above = stated.qualifier is Qualifier.MORE and not re.search("[多余]", stated.text)
    if open_above or stated.qualifier is Qualifier.AT_LEAST or stated.role is Role.FROM:
        return None
    one = figure.value.as_tuple().digits[0] == 1 and not any(figure.value.as_tuple().digits[1:])
    return figure.value / 2 if one else figure.value * 3 / 4, figure.value


def _spoken(figure: Figure) -> tuple[Decimal, Decimal] | None:
    """Least and greatest number that a share in 成 or as a fraction stands for as it is said; None of other figures."""
    value = figure.value
    if figure.kind is not Kind.PERCENT or value is None or figure.upper is not None:
        return None
    if figure.text.endswith("成") or re.search("成[一二三四五六七八九]$", figure.text):
        step = Decimal(10 if value % 10 == 0 else 1)
        return (value - step * 3 / 10, value + step / 2) if figure.qualifier is Qualifier.EXACT else None
    if "分之" not in figure.text or figure.text.lstrip("约近超过不到足将").startswith("百"):
        return None
    match figure.qualifier:
        case Qualifier.ABOUT:
            return value * 14 / 15, value * 16 / 15
        case Qualifier.EXACT:
            return value * 49 / 50, value * 51 / 50
        case Qualifier.MORE:
            return value, value * 8 / 7
        case Qualifier.LESS:
            return value * 6 / 7, value
        case _:
            return None


def _allowed(figure: Figure) -> tuple[Decimal | None, Decimal | None]:
    """Least and greatest number the figure allows, None without bound."""
    value = figure.value or Decimal(0)
    upper = value if figure.upper is None else figure.upper
    _, digits, exponent = value.normalize(_EXACT).as_tuple()
    step = Decimal((0, (1,), int(exponent))) if digits != (0,) else Decimal(1)
    near = min(step / 2, abs(value) / 10)
    match figure.qualifier:
        case Qualifier.MORE:
            return value, upper + step
        case Qualifier.LESS:
            return value - near, upper
        case Qualifier.ABOUT:
            return value - near, upper + near
        case Qualifier.AT_MOST:
            return None, upper
        case Qualifier.AT_LEAST:
            return value, None
        case Qualifier.EXACT | Qualifier.VAGUE:
            return value, upper


def _same_unit(first: Figure, second: Figure) -> bool:
    if first.unit == second.unit or "" in (first.unit, second.unit):
        return True
    (one, _, of), (other, _, its) = first.unit.partition("/"), second.unit.partition("/")
    if one == other and {of, its} in ({"", "立方米"}, {"", "升"}):  # 24微克 for 24微克/立方米
        return True
    return any(first.unit in row and second.unit in row for row in _NEAR_UNITS)


def _contrary(first: Figure, second: Figure) -> bool:
    directions, roles = {first.direction, second.direction}, {first.role, second.role}
    return directions == {Direction.UP, Direction.DOWN} or roles == {Role.FROM, Role.TO}


def _as_written(figure: Figure) -> str:
    """The text in half width, with one word for each relative date: 上年末 is 去年底."""
    written = figure.text.translate(_WIDTHS).replace(" ", "")
    for word, other in (("上年", "去年"), ("本年", "今年"), ("末", "底")):
        written = written.replace(word, other)
    return written


def _date_supports(stated: Figure, asserted: Figure) -> bool:
    if stated.kind is not asserted.kind:
        return False
    if stated.value is None or asserted.value is None or stated.upper or asserted.upper:
        return same_value(stated, asserted)
    if asserted.unit not in ("年", "月", "日") and asserted.unit != stated.unit:
        return False
    if stated.unit in ("时", "五年规划") or asserted.unit in ("时", "五年规划"):
        return same_value(stated, asserted)
    if asserted.unit == "月" and stated.unit in ("半年", "季度"):
        return False
    dates = (int(stated.value), int(asserted.value))
    parts = [(date // 10000, date // 100 % 100, date % 100) for date in dates]
    return all(part == whole for whole, part in zip(*parts, strict=True) if part)


# --- the ledger ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One figure of a document with what it is said of: 市本级 for 1987项, 视频监控资源在线率 for 95.5%."""

    figure: Figure
    subject: str  # the words before the figure in its clause; those of the clause before where there are none
    sentence: str
    sentence_start: int
    sentence_end: int

    def as_row(self) -> dict[str, str | int | float | None]:
        """One flat row, the same columns in the same order for every figure."""
        figure = self.figure
        return {
            "text": figure.text,
            "subject": self.subject,
            "counted": figure.counted,
            "kind": figure.kind.value,
            "value": _plain_number(figure.value),
            "upper": _plain_number(figure.upper),
            "unit": figure.unit,
            "qualifier": figure.qualifier.value,
            "aspect": " ".join(figure.aspect),
            "direction": figure.direction.value,
            "role": figure.role.value,
            "start": figure.start,
            "end": figure.end,
            "sentence": self.sentence,
            "sentence_start": self.sentence_start,
            "sentence_end": self.sentence_end,
        }


def ledger(text: str) -> list[LedgerEntry]:
    """Every figure of the text in order, each with its subject and its sentence."""
    entries: list[LedgerEntry] = []
    start = end = floor = 0
    plain = text.translate(_WIDTHS)
    lead, previous = "", None  # the subject last named before any figure of its clause; the last figure not a date
    for figure in read_figures(text):
        if figure.start >= end:
            start, end = _sentence(text, end, figure.start)
            floor, lead, previous = start, "", None
        floor = figure.start - len(_clause_before(plain, figure.start, floor))
        if previous is not None and previous.end > floor:  # after a figure, a 、 is a pause too
            floor = max(floor, text.find("、", previous.end, figure.start) + 1)
        subject = _subject(text[floor : figure.start], figure)
        changed = previous is not None and figure.role is Role.TO and previous.role is Role.FROM
        if changed or not subject:
            subject = lead
        elif previous is None or previous.end <= floor:
            lead = subject
        if figure.kind is not Kind.DATE:
            previous = figure
        entries.append(LedgerEntry(figure, subject, text[start:end], start, end))
    return _apart(entries, text)


def _apart(entries: list[LedgerEntry], text: str) -> list[LedgerEntry]:
    """Give figures after 分别 the things that they are said of one by one: 甲、乙分别增长2%和3%.

    The things are those before 分别, or those of the figures before it: 甲5家，乙8家，分别增长2%和3%. Figures side by
    side that follow upon such a row are said of the same things again.
    """
    told = list(entries)
    apart: list[LedgerEntry] = []
    for first, last in _rows(entries, text):
        row = entries[first:last]
        before = entries[first - 1] if first else None
        floor = max(row[0].sentence_start, before.figure.end if before is not None else 0)
        if _APART.search(text[floor : row[0].figure.start]):
            clause = _clause_before(text, text.rindex("分别", 0, row[0].figure.start), floor)
            things = _things(clause, len(row))
            if not things:  # 合格率分别为97.5%和98.2% of the things that stand before, or of their figures
                earlier = re.split("[，,]", text[floor : row[0].figure.start])[-2::-1]
                named = next((found for one in earlier if (found := _things(one, len(row)))), [])
                named = named or _subjects_before(told, first, len(row))
                if not named and before is not None:
                    named = _things(told[first - 1].subject, len(row))
                things = [thing + clause for thing in named]
        else:  # 分别为2个和3个，增长4%和5%
            things = _subjects_before(told, first, len(row)) if before in apart else []
        for at, thing in zip(range(first, last), things, strict=False):
            told[at] = replace(told[at], subject=thing)
            apart.append(entries[at])
    return told


def _rows(entries: list[LedgerEntry], text: str) -> Iterator[tuple[int, int]]:
    """The figures of one kind and unit that stand side by side, 2.3%和4.5%, as (first, last + 1)."""
    first = 0
    for at in range(1, len(entries) + 1):
        if at < len(entries) and _beside(entries[at - 1].figure, entries[at].figure, text):
            continue
        if at - first > 1:
            yield first, at
        first = at


def _things(clause: str, most: int) -> list[str]:
    """The things that a clause names side by side, what they share put to each: 城镇、农村居民收入 stays as it is,
    城镇居民、农村居民收入 is 城镇居民收入 and 农村居民收入; [] where they are not as many as asked for."""
    things = [thing.strip() for thing in re.split("以及|[、和与及]", clause)]
    if len(things) != most or not all(things):
        return []
    shared = next((things[0][i:] for i in range(len(things[0]) - 1) if things[0][i:] in things[-1]), "")
    tail = things[-1].partition(shared)[2] if shared else ""
    return [*(thing + tail for thing in things[:-1]), things[-1]]


def _subjects_before(entries: list[LedgerEntry], end: int, most: int) -> list[str]:
    """What the last figures before one are said of, where each is said of another thing; else []."""
    start = entries[end].sentence_start
    near = [e for e in entries[:end] if e.sentence_start == start and e.figure.kind is not Kind.DATE]
    subjects = [e.subject for e in near[-most:]]
    return subjects if len(set(subjects)) == most and all(subjects) else []


def _plain_number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _sentence(text: str, floor: int, at: int) -> tuple[int, int]:
    """The sentence that holds the character at `at`, closing quotation marks included, from `floor` on."""
    start = max(floor, *(text.rfind(char, floor, at) + 1 for char in _SENTENCE_END))
    while start < at and text[start] in " \n　”’」』）)":
        start += 1
    ends = [position for char in _SENTENCE_END if (position := text.find(char, at)) >= 0]
    if not ends:
        return start, len(text)
    end = min(ends)
    if text[end] == "\n":
        return start, end
    while end + 1 < len(text) and text[end + 1] in "。！？!?”’」』":
        end += 1
    return start, end + 1


# What stands at the edges of a subject without belonging to it.
_EDGE_BEFORE = _ascii("^(?:其中|全年|目前|已|共|累计|新增|日均|今年以来|同时|并|且|以来|的| )+")
_EDGE_AFTER = _ascii(
    f"(?:[同环]比|较上年|比上年|较去年|比去年|累计|新增|{_CHANGE}|[增降]"
    "|已?达到?|已经?|突破|了|为|是|至|到|共|有|均|约|的|等|由|从|“|《| )+$"
)


def _subject(words: str, figure: Figure) -> str:
    if figure.role is Role.FROM:
        words = words[: max(words.rfind("由"), words.rfind("从"), 0)]
    if edge := _EDGE_BEFORE.match(words):
        words = words[edge.end() :]
    edge = _EDGE_AFTER.search(words)
    return words[: edge.start()] if edge else words
