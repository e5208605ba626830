"""The grammar of quantities: hand-written cases, the bundled report figure by figure, and properties of any text."""

import random
import time
from decimal import Decimal
from pathlib import Path

import cn2an
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import figures as grammar
from index.figures import (
    Direction,
    Figure,
    Kind,
    Qualifier,
    Role,
    ledger,
    read_figures,
    same_figure,
    same_value,
    supports,
)

REPORT = Path(grammar.__file__).parent / "report" / "qingdao-2021.txt"

EXACT, MORE, LESS, ABOUT = Qualifier.EXACT, Qualifier.MORE, Qualifier.LESS, Qualifier.ABOUT
AT_MOST, AT_LEAST, VAGUE = Qualifier.AT_MOST, Qualifier.AT_LEAST, Qualifier.VAGUE
COUNT, MONEY, PERCENT, POINTS = Kind.COUNT, Kind.MONEY, Kind.PERCENT, Kind.POINTS
MULTIPLE, RATIO, RANK, DATE = Kind.MULTIPLE, Kind.RATIO, Kind.RANK, Kind.DATE

Reading = tuple[str, Kind, str | None, str, Qualifier]


def one(text: str) -> Figure:
    (figure,) = read_figures(text)
    return figure


def readings(text: str) -> list[Reading]:
    return [
        (figure.text, figure.kind, None if figure.value is None else str(figure.value), figure.unit, figure.qualifier)
        for figure in read_figures(text)
    ]


# --- single figures: text as it stands in a sentence, then what it means --------------------------------------------

SINGLE: list[tuple[str, Reading]] = [
    # digits, scales, separators, widths
    ("共有1018次。", ("1018次", COUNT, "1018", "次", EXACT)),
    ("达6.4亿条数据", ("6.4亿条", COUNT, "640000000", "条", EXACT)),
    ("超过8400万件,", ("超过8400万件", COUNT, "84000000", "件", MORE)),
    ("市区11,918项", ("11,918项", COUNT, "11918", "项", EXACT)),
    ("市区11，918项", ("11，918项", COUNT, "11918", "项", EXACT)),
    ("市区１１，９１８项", ("１１，９１８项", COUNT, "11918", "项", EXACT)),
    ("完成投资1,234.5亿元", ("1,234.5亿元", MONEY, "123450000000", "元", EXACT)),
    ("总量达到1.42万亿元", ("1.42万亿元", MONEY, "1420000000000", "元", EXACT)),
    ("放款206亿。", ("206亿", COUNT, "20600000000", "", EXACT)),
    ("服务8.8万机关用户", ("8.8万", COUNT, "88000", "", EXACT)),
    ("投入1亿2000万元", ("1亿2000万元", MONEY, "120000000", "元", EXACT)),
    ("惠及3万5千人", ("3万5千人", COUNT, "35000", "人", EXACT)),
    ("超过 1500 个终端", ("超过 1500 个", COUNT, "1500", "个", MORE)),
    ("GDP5.8万亿元", ("5.8万亿元", MONEY, "5800000000000", "元", EXACT)),
    ("覆盖500万家庭", ("500万", COUNT, "5000000", "", EXACT)),
    ("12部门联合印发", ("12", COUNT, "12", "", EXACT)),
    # Chinese numerals
    ("二十余万学生", ("二十余万", COUNT, "200000", "", MORE)),
    ("两千三百家", ("两千三百家", COUNT, "2300", "家", EXACT)),
    ("一百二十一个业务系统", ("一百二十一个", COUNT, "121", "个", EXACT)),
    ("一百零五个", ("一百零五个", COUNT, "105", "个", EXACT)),
    ("三千五百亿", ("三千五百亿", COUNT, "350000000000", "", EXACT)),
    ("两万三千人", ("两万三千人", COUNT, "23000", "人", EXACT)),
    ("三点五万人", ("三点五万人", COUNT, "35000", "人", EXACT)),
    ("建成三个中心", ("三个", COUNT, "3", "个", EXACT)),
    ("十余年", ("十余年", COUNT, "10", "年", MORE)),
    ("十几个", ("十几个", COUNT, "11", "个", VAGUE)),
    ("数十家企业", ("数十家", COUNT, "20", "家", VAGUE)),
    ("几十万人", ("几十万人", COUNT, "200000", "人", VAGUE)),
    ("数百亿元", ("数百亿元", MONEY, "20000000000", "元", VAGUE)),
    ("两三个", ("两三个", COUNT, "2", "个", EXACT)),
    ("两年半", ("两年半", COUNT, "2.5", "年", EXACT)),
    ("工期两年零四个月", ("两年零四个月", COUNT, "28", "个月", EXACT)),
    ("花了一年零两个月", ("一年零两个月", COUNT, "14", "个月", EXACT)),
    ("为期2年6个月", ("2年6个月", COUNT, "30", "个月", EXACT)),
    ("一年12个月", ("12个月", COUNT, "12", "个月", EXACT)),
    ("半小时", ("半小时", COUNT, "0.5", "小时", EXACT)),
    # qualifiers on either side and inside
    ("7900多项服务", ("7900多项", COUNT, "7900", "项", MORE)),
    ("380余万条", ("380余万条", COUNT, "3800000", "条", MORE)),
    ("1万余项", ("1万余项", COUNT, "10000", "项", MORE)),
    ("20余领域", ("20余", COUNT, "20", "", MORE)),
    ("突破10万元大关", ("突破10万元", MONEY, "100000", "元", MORE)),
    ("逾百万人次", ("逾百万人次", COUNT, "1000000", "人次", MORE)),
    ("上百家", ("上百家", COUNT, "100", "家", MORE)),
    ("百余名", ("百余名", COUNT, "100", "名", MORE)),
    ("1500个以上", ("1500个以上", COUNT, "1500", "个", MORE)),
    ("3年多", ("3年多", COUNT, "3", "年", MORE)),
    ("近900万,", ("近900万", COUNT, "9000000", "", LESS)),
    ("将近900万", ("将近900万", COUNT, "9000000", "", LESS)),
    ("不足5%", ("不足5%", PERCENT, "5", "%", LESS)),
    ("约30个", ("约30个", COUNT, "30", "个", ABOUT)),
    ("900万左右", ("900万左右", COUNT, "9000000", "", ABOUT)),
    ("20来个", ("20来个", COUNT, "20", "个", ABOUT)),
    ("不超过5天", ("不超过5天", COUNT, "5", "天", AT_MOST)),
    ("3个工作日内", ("3个工作日内", COUNT, "3", "工作日", AT_MOST)),
    ("最多跑一次", ("最多跑一次", COUNT, "1", "次", AT_MOST)),
    ("不少于50家", ("不少于50家", COUNT, "50", "家", AT_LEAST)),
    ("至少3名", ("至少3名", COUNT, "3", "名", AT_LEAST)),
    ("仅一家企业", ("一家", COUNT, "1", "家", EXACT)),
    # words that only end like a qualifier
    ("签约30个项目", ("30个", COUNT, "30", "个", EXACT)),
    ("节约5000元", ("5000元", MONEY, "5000", "元", EXACT)),
    ("附近3家医院", ("3家", COUNT, "3", "家", EXACT)),
    ("近三年来", ("三年", COUNT, "3", "年", EXACT)),
    # shares, points, multiples, ratios
    ("满足率达99.5%,", ("99.5%", PERCENT, "99.5", "%", EXACT)),
    ("达９９．５％", ("９９．５％", PERCENT, "99.5", "%", EXACT)),
    ("百分之九十五点五", ("百分之九十五点五", PERCENT, "95.5", "%", EXACT)),
    ("百分之百", ("百分之百", PERCENT, "100", "%", EXACT)),
    ("八成受访者", ("八成", PERCENT, "80", "%", EXACT)),
    ("九成五", ("九成五", PERCENT, "95", "%", EXACT)),
    ("三成多", ("三成多", PERCENT, "30", "%", MORE)),
    ("近两成", ("近两成", PERCENT, "20", "%", LESS)),
    ("一半以上", ("一半以上", PERCENT, "50", "%", MORE)),
    ("过半企业", ("过半", PERCENT, "50", "%", MORE)),
    ("四分之三", ("四分之三", PERCENT, "75", "%", EXACT)),
    ("三分之二", ("三分之二", PERCENT, "66.66666666666666666666666667", "%", EXACT)),
    ("低于3‰", ("低于3‰", PERCENT, "0.3", "%", LESS)),
    ("增速为-2.3%", ("-2.3%", PERCENT, "-2.3", "%", EXACT)),
    ("20%~30%", ("20%~30%", PERCENT, "20", "%", EXACT)),
    ("84.6%-95.5%", ("84.6%-95.5%", PERCENT, "84.6", "%", EXACT)),
    ("提高2.1个百分点", ("2.1个百分点", POINTS, "2.1", "百分点", EXACT)),
    ("增长1.5倍", ("1.5倍", MULTIPLE, "1.5", "倍", EXACT)),
    ("增长一倍多", ("一倍多", MULTIPLE, "1", "倍", MORE)),
    ("翻一番", ("翻一番", MULTIPLE, "1", "倍", EXACT)),
    ("实现翻番", ("翻番", MULTIPLE, "1", "倍", EXACT)),
    ("翻两番", ("翻两番", MULTIPLE, "3", "倍", EXACT)),
    ("比例3.3:35.9:60.8;", ("3.3:35.9:60.8", RATIO, "3.3", "", EXACT)),
    # ranges
    ("3至5个", ("3至5个", COUNT, "3", "个", EXACT)),
    ("3—5个", ("3—5个", COUNT, "3", "个", EXACT)),
    ("10万至20万元", ("10万至20万元", MONEY, "100000", "元", EXACT)),
    ("3至5万元", ("3至5万元", MONEY, "30000", "元", EXACT)),
    # ranks
    ("位列第6名。", ("第6名", RANK, "6", "名", EXACT)),
    ("城市第二名", ("第二名", RANK, "2", "名", EXACT)),
    ("进入前5名", ("前5名", RANK, "5", "名", AT_MOST)),
    ("跻身前十。", ("前十", RANK, "10", "名", AT_MOST)),
    ("指数十强,", ("十强", RANK, "10", "强", AT_MOST)),
    ("位居首位", ("首位", RANK, "1", "位", EXACT)),
    ("全省首个", ("首个", RANK, "1", "个", EXACT)),
    ("第一届峰会", ("第一届", RANK, "1", "届", EXACT)),
    ("第3批试点", ("第3批", RANK, "3", "批", EXACT)),
    ("全国第一。", ("第一", RANK, "1", "名", EXACT)),
    # dates
    ("2021年,", ("2021年", DATE, "20210000", "年", EXACT)),
    ("二〇二一年", ("二〇二一年", DATE, "20210000", "年", EXACT)),
    ("《2021年上半年报告》", ("2021年上半年", DATE, "20210100", "半年", EXACT)),
    ("2021年第三季度", ("2021年第三季度", DATE, "20210300", "季度", EXACT)),
    ("2021年3月5日", ("2021年3月5日", DATE, "20210305", "日", EXACT)),
    ("2021 年 3 月 5 日", ("2021 年 3 月 5 日", DATE, "20210305", "日", EXACT)),
    ("2021-03-05", ("2021-03-05", DATE, "20210305", "日", EXACT)),
    ("2021年底", ("2021年底", DATE, "20210000", "年底", EXACT)),
    ("3月起", ("3月", DATE, "300", "月", EXACT)),
    ("1—11月", ("1—11月", DATE, "100", "月", EXACT)),
    ("2018-2020年", ("2018-2020年", DATE, "20180000", "年", EXACT)),
    ("“十四五”时期", ("十四五", DATE, "14", "五年规划", EXACT)),
    ("上午9:30", ("9:30", DATE, "930", "时", EXACT)),
    ("9时30分", ("9时30分", DATE, "930", "时", EXACT)),
    ("今年以来", ("今年", DATE, None, "年", EXACT)),
    ("较上年末", ("上年末", DATE, None, "年", EXACT)),
]


@pytest.mark.parametrize(("sentence", "expected"), SINGLE, ids=[case[0] for case in SINGLE])
def test_single_figure(sentence: str, expected: Reading) -> None:
    assert readings(sentence) == [expected]


# --- other official prose: every figure of the line -----------------------------------------------------------------

PROSE: list[tuple[str, list[Reading]]] = [
    (
        "地区生产总值增长5.8%，总量达到1.42万亿元。",
        [("5.8%", PERCENT, "5.8", "%", EXACT), ("1.42万亿元", MONEY, "1420000000000", "元", EXACT)],
    ),
    (
        "城镇新增就业38.6万人；空气质量优良天数比例85.2%。",
        [("38.6万人", COUNT, "386000", "人", EXACT), ("85.2%", PERCENT, "85.2", "%", EXACT)],
    ),
    ("PM2.5平均浓度28微克/立方米。", [("28微克/立方米", COUNT, "28", "微克/立方米", EXACT)]),
    (
        "一般公共预算收入1,338亿元,增长6.7%。",
        [("1,338亿元", MONEY, "133800000000", "元", EXACT), ("6.7%", PERCENT, "6.7", "%", EXACT)],
    ),
    (
        "居民人均可支配收入5.3万元；粮食播种面积720万亩；新建改建农村公路1,500公里。",
        [
            ("5.3万元", MONEY, "53000", "元", EXACT),
            ("720万亩", COUNT, "7200000", "亩", EXACT),
            ("1,500公里", COUNT, "1500", "公里", EXACT),
        ],
    ),
    (
        "全市常住人口1025.67万人,城镇化率77.17%,较上年提高2.1个百分点。",
        [
            ("1025.67万人", COUNT, "10256700", "人", EXACT),
            ("77.17%", PERCENT, "77.17", "%", EXACT),
            ("上年", DATE, None, "年", EXACT),
            ("2.1个百分点", POINTS, "2.1", "百分点", EXACT),
        ],
    ),
    (
        "一、二、三产业比例3.3:35.9:60.8，连续11年保持增长。",
        [("3.3:35.9:60.8", RATIO, "3.3", "", EXACT), ("11年", COUNT, "11", "年", EXACT)],
    ),
    (
        "“十四五”时期，第3批试点获批，排名由第12位升至第8位。",
        [
            ("十四五", DATE, "14", "五年规划", EXACT),
            ("第3批", RANK, "3", "批", EXACT),
            ("第12位", RANK, "12", "位", EXACT),
            ("第8位", RANK, "8", "位", EXACT),
        ],
    ),
    (
        "累计减税降费超过300亿元，建成5G基站2.1万个。",
        [("超过300亿元", MONEY, "30000000000", "元", MORE), ("2.1万个", COUNT, "21000", "个", EXACT)],
    ),
    ("“12345”热线24小时受理。", [("24小时", COUNT, "24", "小时", EXACT)]),
    ("新建110千伏变电站6座。", [("110千伏", COUNT, "110", "千伏", EXACT), ("6座", COUNT, "6", "座", EXACT)]),
    (
        "全年接待游客1.1亿人次，实现旅游收入2,000亿元，分别恢复至2019年的98%和102%。",
        [
            ("1.1亿人次", COUNT, "110000000", "人次", EXACT),
            ("2,000亿元", MONEY, "200000000000", "元", EXACT),
            ("2019年", DATE, "20190000", "年", EXACT),
            ("98%", PERCENT, "98", "%", EXACT),
            ("102%", PERCENT, "102", "%", EXACT),
        ],
    ),
    (
        "民生支出占比保持在七成以上，改造老旧小区三百一十二个，惠及居民近十万户。",
        [
            ("七成以上", PERCENT, "70", "%", MORE),
            ("三百一十二个", COUNT, "312", "个", EXACT),
            ("近十万户", COUNT, "100000", "户", LESS),
        ],
    ),
    (
        "审批时限由20个工作日压缩至5个工作日以内，材料减少约40%。",
        [
            ("20个工作日", COUNT, "20", "工作日", EXACT),
            ("5个工作日以内", COUNT, "5", "工作日", AT_MOST),
            ("约40%", PERCENT, "40", "%", ABOUT),
        ],
    ),
    (
        "PCT国际专利申请量1,203件，高新技术企业突破6500家，规上工业增加值增长一成多。",
        [
            ("1,203件", COUNT, "1203", "件", EXACT),
            ("突破6500家", COUNT, "6500", "家", MORE),
            ("一成多", PERCENT, "10", "%", MORE),
        ],
    ),
    (
        "单位地区生产总值能耗下降3.2%，森林覆盖率达四分之一，新能源装机120万千瓦。",
        [
            ("3.2%", PERCENT, "3.2", "%", EXACT),
            ("四分之一", PERCENT, "25", "%", EXACT),
            ("120万千瓦", COUNT, "1200000", "千瓦", EXACT),
        ],
    ),
    ("97类6.4亿条数据", [("97类", COUNT, "97", "类", EXACT), ("6.4亿条", COUNT, "640000000", "条", EXACT)]),
    ("近60类2000万条数据", [("近60类", COUNT, "60", "类", LESS), ("2000万条", COUNT, "20000000", "条", EXACT)]),
    ("12个政务服务“一件事”", [("12个", COUNT, "12", "个", EXACT)]),
    ("甲县684家居首，乙县352家次之", [("684家", COUNT, "684", "家", EXACT), ("352家", COUNT, "352", "家", EXACT)]),
    ("接待游客36万人次之多", [("36万人次", COUNT, "360000", "人次", EXACT)]),
    ("检查3次之后", [("3次", COUNT, "3", "次", EXACT)]),
    ("省市县三级联动，市、区(市)两级", [("三级", COUNT, "3", "级", EXACT), ("两级", COUNT, "2", "级", EXACT)]),
]


@pytest.mark.parametrize(("sentence", "expected"), PROSE, ids=[case[0] for case in PROSE])
def test_every_figure_of_a_line(sentence: str, expected: list[Reading]) -> None:
    assert readings(sentence) == expected


NO_FIGURES = """
    “一网通办” “一件事” 一码通城 “一个场景” “零跑腿” “千企千面” “多点用力” 最后一公里 一体化 统一 一系列 进一步
    “一次登录、全网通行” 第一时间 万无一失 十分重要 三级医院 二级以上医疗机构 一站式 一项战略性、全局性、系统性工作
    千家万户 “全市一家医院” 从“三个一”到“五个一” 推动“多码”向“一码”转变 将安全摆在首位 党的二十大精神 十九届六中全会
    五四广场 三亚 五台山 两会 二十国集团 百姓 千方百计 成百家 三位一体 第三方 第一产业增加值 一、二、三产业 几个问题
    数家企业 近年来 “12345”热线 12345政务服务便民热线 12345热线 5G网络 4K超高清 4A级景区 A级 H7N9 COVID-19 PM2.5
    C919飞机 1+N体系 “1+1+N” 7×24小时服务 地铁5号线 国发〔2021〕5号 GB/T22239-2019 工业4.0 1.2.3版 答复如下[1]。
    （1）推进改革 985高校 0532-85911315 沪深300指数 双千兆 万元 亿元 两化融合 四川 一带一路 百年大计 五位一体 一二三
"""


@pytest.mark.parametrize("text", NO_FIGURES.split())
def test_names_and_idioms_are_no_figures(text: str) -> None:
    assert readings(text) == []


# --- around a figure -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("累计召开视频会议1018次", [("1018次", ("累计",), Direction.NONE)]),
        ("日均数据共享交换226万条", [("226万条", ("日均",), Direction.NONE)]),
        ("云主机使用量同比增长37.2%", [("37.2%", ("同比",), Direction.UP)]),
        ("同比下降了约2.3个百分点", [("约2.3个百分点", ("同比",), Direction.DOWN)]),
        ("增长 5.8%", [("5.8%", (), Direction.UP)]),
        ("改造提升8万亩", [("8万亩", (), Direction.NONE)]),
        ("实现10.9个百分点的提升", [("10.9个百分点", (), Direction.UP)]),
        ("新增38.6万人", [("38.6万人", ("新增",), Direction.NONE)]),
        ("24个事项总体完成率已达80%", [("24个", (), Direction.NONE), ("80%", ("总体",), Direction.NONE)]),
        (
            "累计向社会提供近60类2000万条",
            [("近60类", ("累计",), Direction.NONE), ("2000万条", ("累计",), Direction.NONE)],
        ),
        (
            "今年以来流转量超过8400万件",
            [("今年", (), Direction.NONE), ("超过8400万件", ("今年以来",), Direction.NONE)],
        ),
    ],
)
def test_aspect_and_direction(sentence: str, expected: list[tuple[str, tuple[str, ...], Direction]]) -> None:
    assert [(figure.text, figure.aspect, figure.direction) for figure in read_figures(sentence)] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("由84.6%提升至95.5%", [("84.6%", Role.FROM, Direction.UP), ("95.5%", Role.TO, Direction.UP)]),
        ("从41个增加到121个", [("41个", Role.FROM, Direction.UP), ("121个", Role.TO, Direction.UP)]),
        ("由第12位升至第8位", [("第12位", Role.FROM, Direction.UP), ("第8位", Role.TO, Direction.UP)]),
        ("由5天压缩至1天", [("5天", Role.FROM, Direction.DOWN), ("1天", Role.TO, Direction.DOWN)]),
        ("从3个到5个", [("3个", Role.FROM, Direction.NONE), ("5个", Role.TO, Direction.NONE)]),
        ("降低到3%", [("3%", Role.TO, Direction.DOWN)]),
        ("有41个,增加121个", [("41个", Role.NONE, Direction.NONE), ("121个", Role.NONE, Direction.UP)]),
        (
            "由2020年的41个增加到2021年的121个",
            [
                ("2020年", Role.NONE, Direction.NONE),
                ("41个", Role.FROM, Direction.UP),
                ("2021年", Role.NONE, Direction.NONE),
                ("121个", Role.TO, Direction.UP),
            ],
        ),
    ],
)
def test_changes_are_linked(sentence: str, expected: list[tuple[str, Role, Direction]]) -> None:
    assert [(figure.text, figure.role, figure.direction) for figure in read_figures(sentence)] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("接入41个单位的121个业务系统、219个场景。", ["单位", "业务系统", "场景"]),
        ("归集132类380余万条电子证照数据,", ["电子证照数据", "电子证照数据"]),
        ("8.8万机关用户和3.8万移动办公用户", ["机关用户", "移动办公用户"]),
        ("12个政务服务“一件事”。", ["政务服务“一件事”"]),
        ("10个区(市)、", ["区(市)"]),
        ("从41个增加到121个业务系统", ["业务系统", "业务系统"]),
        ("注册用户近900万,为市民", [""]),
    ],
)
def test_what_is_counted(sentence: str, expected: list[str]) -> None:
    assert [figure.counted for figure in read_figures(sentence)] == expected


@pytest.mark.parametrize(
    ("text", "value", "upper"),
    [
        ("十几个", 11, 19),
        ("几十万人", 200_000, 1_000_000),
        ("三四十家", 30, 40),
        ("20%~30%", 20, 30),
        ("3至5万元", 30_000, 50_000),
        ("9:00-17:00", 900, 1700),
        ("1—11月", 100, 1100),
        ("前三季度", 100, 300),
    ],
)
def test_ranges_have_two_ends(text: str, value: int, upper: int) -> None:
    figure = one(text)
    assert (figure.value, figure.upper) == (value, upper)


def test_relative_dates_are_flagged() -> None:
    figures = read_figures("2021年,较去年同期和年初均有增长,今年")
    assert [(figure.text, figure.relative) for figure in figures] == [
        ("2021年", False),
        ("去年同期", True),
        ("年初", True),
        ("今年", True),
    ]


# --- comparing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("6.4亿条", "64000万条", True),
        ("6.4亿条", "640,000,000条", True),
        ("95.5%", "百分之九十五点五", True),
        ("三成", "30%", True),
        ("一半", "二分之一", True),
        ("二十余万", "20余万", True),
        ("206亿", "206亿元", True),
        ("翻一番", "增长1倍", True),
        ("上年末", "去年底", True),
        ("121个", "112个", False),
        ("10.9%", "10.9个百分点", False),
        ("第6名", "6名", False),
        ("2021年", "2021年底", False),
    ],
)
def test_same_value(first: str, second: str, same: bool) -> None:
    assert same_value(one(first), one(second)) is same
    assert same_value(one(second), one(first)) is same


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("20余万名", "二十余万", True),
        ("超过1500个", "1500个以上", True),
        ("41家", "41个", True),
        ("121个", "121项", True),
        ("第2名", "第二位", True),
        ("1018次", "1018人次", False),
        ("3026件", "3026件次", False),
        ("42类", "42个", False),
        ("3.6万户", "3.6万人", False),
        ("206亿元", "206亿美元", False),
        ("近900万", "900万", False),
        ("增长37.2%", "下降37.2%", False),
    ],
)
def test_same_figure(first: str, second: str, same: bool) -> None:
    assert same_figure(one(first), one(second)) is same
    assert same_figure(one(second), one(first)) is same


SUPPORT = [
    ("近900万", "近900万", True),
    ("近900万", "将近900万", True),
    ("近900万", "约900万", True),
    ("近900万", "900万左右", True),
    ("近900万", "超过900万", False),
    ("近900万", "900万", False),
    ("近900万", "近800万", False),
    ("7900多项", "超过7900项", True),
    ("7900多项", "7900余项", True),
    ("7900多项", "约7900项", True),
    ("7900多项", "近8000项", True),
    ("7900多项", "约8000项", True),
    ("7900多项", "7900项", False),
    ("7900多项", "超过8000项", False),
    ("7900多项", "不少于7900项", True),
    ("超过1500个", "超过1000个", False),
    ("超过1500个", "超过1500家", True),
    ("3378台", "3378台", True),
    ("3378台", "近3400台", True),
    ("3378台", "3300多台", True),
    ("3378台", "约3400台", True),
    ("3378台", "约3000台", False),
    ("3378台", "3379台", False),
    ("11918项", "1万余项", True),
    ("80周岁", "80岁", True),
    ("812批次", "812批", True),
    ("2.3万家次", "2.3万家", False),
    ("24微克/立方米", "24微克", True),
    ("24微克/立方米", "24毫克", False),
    ("200元/亩", "200元", False),
    ("50公里", "50公里/小时", False),
    ("99.5%", "超过99%", True),
    ("80%", "超过80%", False),
    ("80%", "八成", True),
    ("80%", "80%左右", True),
    ("37.2%", "近四成", True),
    ("17.6%", "不到两成", True),
    ("18.6%", "近两成", True),
    ("12.1%", "不到两成", False),
    ("0.5%", "不到1%", True),
    ("0.4%", "不到1%", False),
    ("41个", "不到80个", False),
    ("超过1500个", "不到1600个", False),
    ("7900多项", "不到8000项", True),
    ("12.1%", "近两成", False),
    ("9%", "不到两成", False),
    ("20%", "不到两成", False),
    ("976家", "不足1000家", True),
    ("第3名", "前5名", True),
    ("第6名", "前5名", False),
    ("前5名", "前10名", True),
    ("前5名", "第5名", False),
    ("最多跑一次", "不超过1次", True),
    ("1次", "最多跑一次", True),
    ("最多跑一次", "最多跑两次", True),
    ("最多跑两次", "最多跑一次", False),
    ("206亿", "206亿元", True),
    ("674亿", "206亿元", False),
    ("95.5%", "提升至95.5%", True),
    ("增长37.2%", "下降37.2%", False),
    ("2021年3月5日", "2021年", True),
    ("2021年3月5日", "3月", True),
    ("2021年", "2021年3月", False),
    ("2021年上半年", "2021年", True),
    ("2021年上半年", "2021年下半年", False),
    ("2021年", "2022年", False),
    ("今年", "本年", True),
]


@pytest.mark.parametrize(("stated", "asserted", "supported"), SUPPORT)
def test_supports(stated: str, asserted: str, supported: bool) -> None:
    assert supports(one(stated), one(asserted)) is supported


def test_the_two_ends_of_a_change_do_not_support_each_other() -> None:
    before, after = read_figures("由84.6%提升至95.5%")
    assert supports(before, one("由84.6%")) is True
    assert supports(before, one("提升至84.6%")) is False
    assert supports(after, one("提升至95.5%")) is True


# --- the bundled report: every figure, read by hand, sentence by sentence --------------------------------------------

REPORT_FIGURES = """
    2021年 20210000 年 exact|前5名 5 名 at_most|百强 100 强 at_most|第6名 6 名 exact
    45个 45 个 exact|10个 10 个 exact|9家 9 家 exact|7900多项 7900 项 more|132类 132 类 exact|380余万条 3800000 条 more
    42类 42 类 exact|两级 2 级 exact|1万余项 10000 项 more|100% 100 % exact|1987项 1987 项 exact|两级 2 级 exact
    11918项 11918 项 exact
    41个 41 个 exact|121个 121 个 exact|219个 219 个 exact|930余项 930 项 more
    200余个 200 个 more|8.8万 88000 - exact|3.8万 38000 - exact|今年 - 年 exact|超过8400万件 84000000 件 more
    超过7.8亿件 780000000 件 more|三级 3 级 exact|470多台 470 台 more|超过1500个 1500 个 more|1018次 1018 次 exact
    4万余人次 40000 人次 more
    97类 97 类 exact|6.4亿条 640000000 条 exact|226万条 2260000 条 exact|99.5% 99.5 % exact|650万条 6500000 条 exact
    超123万次 1230000 次 more|4982次 4982 次 exact|5581件次 5581 件次 exact|3026件次 3026 件次 exact
    765个 765 个 exact|3378台 3378 台 exact|37.2% 37.2 % exact|7万路 70000 路 exact|53.8% 53.8 % exact|年初 - 年 exact
    84.6% 84.6 % exact|95.5% 95.5 % exact
    12个 12 个 exact|12个 12 个 exact|20余万 200000 - more|13家 13 家 exact|35家 35 家 exact|最多跑一次 1 次 at_most
    24个 24 个 exact|80% 80 % exact|6个 6 个 exact|100% 100 % exact
    两级 2 级 exact|第一届 1 届 exact|近20项 20 项 less
    31个 31 个 exact|超过70个 70 个 more|11187处 11187 处 exact|100% 100 % exact
    8大 8 大 exact|近900万 9000000 - less|超4000万次 40000000 次 more
    1712个 1712 个 exact|1.3亿条 130000000 条 exact|44家 44 家 exact|20余 20 - more|十强 10 强 at_most
    2021年上半年 20210100 半年 exact|第二名 2 名 exact
    近60类 60 类 less|2000万条 20000000 条 exact|18家 18 家 exact|3.6万家 36000 家 exact|674亿 67400000000 - exact
    206亿 20600000000 - exact
    2022年 20220000 年 exact
"""


def test_every_figure_of_the_report_and_no_other() -> None:
    text = REPORT.read_text(encoding="utf-8")
    expected = [row.strip() for line in REPORT_FIGURES.strip().splitlines() for row in line.split("|")]
    found = read_figures(text)
    assert [
        f"{figure.text} {'-' if figure.value is None else figure.value} {figure.unit or '-'} {figure.qualifier.value}"
        for figure in found
    ] == expected
    assert [text[figure.start : figure.end] for figure in found] == [figure.text for figure in found]


def test_the_ledger_knows_of_what_each_figure_is_said() -> None:
    text = REPORT.read_text(encoding="utf-8")
    subjects = {entry.figure.text: entry.subject for entry in ledger(text)}
    assert {
        key: subjects[key] for key in ("1987项", "11918项", "84.6%", "95.5%", "37.2%", "53.8%", "674亿", "206亿")
    } == {
        "1987项": "市本级",
        "11918项": "市区两级",
        "84.6%": "视频监控资源在线率",
        "95.5%": "视频监控资源在线率",
        "37.2%": "云主机使用量",
        "53.8%": "汇聚视频资源",
        "674亿": "涉及综合资金",
        "206亿": "放款",
    }
    assert subjects["超过7.8亿件"] == subjects["超过8400万件"] == "全市网上公文流转量"


def test_ledger_row() -> None:
    text = "前文。视频监控资源在线率由年初的84.6%提升至95.5%，效能增强。后文。"
    assert ledger(text)[2].as_row() == {
        "text": "95.5%",
        "subject": "视频监控资源在线率",
        "counted": "",
        "kind": "percent",
        "value": 95.5,
        "upper": None,
        "unit": "%",
        "qualifier": "exact",
        "aspect": "",
        "direction": "up",
        "role": "to",
        "start": 24,
        "end": 29,
        "sentence": "视频监控资源在线率由年初的84.6%提升至95.5%，效能增强。",
        "sentence_start": 3,
        "sentence_end": 35,
    }


# --- properties ------------------------------------------------------------------------------------------------------

_SCALES = {"": 1, "万": 10**4, "亿": 10**8, "百万": 10**6, "千万": 10**7, "万亿": 10**12}
_FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@given(st.integers(1, 10**12), st.sampled_from(["plain", "comma", "full", "hanzi", "liang"]))
def test_a_rendered_integer_reads_back(value: int, style: str) -> None:
    rendered = {
        "plain": str(value),
        "comma": f"{value:,}",
        "full": f"{value:,}".translate(_FULL_WIDTH),
        "hanzi": cn2an.an2cn(value),
        "liang": cn2an.an2cn(value).replace("二千", "两千").replace("二万", "两万"),
    }[style]
    figure = one(f"建成{rendered}座桥" if value > 1 else f"仅{rendered}座桥")
    assert (figure.text, figure.value, figure.unit) == (f"{rendered}座", value, "座")


@given(
    st.integers(1, 9999),
    st.integers(0, 99),
    st.sampled_from(sorted(_SCALES)),
    st.sampled_from(["", "元", "个", "人次"]),
)
def test_a_scaled_decimal_reads_back(whole: int, hundredths: int, scale: str, unit: str) -> None:
    number = Decimal(f"{whole}.{hundredths:02d}1")
    figure = one(f"达{number}{scale}{unit}。")
    assert (figure.text, figure.value, figure.unit) == (f"{number}{scale}{unit}", number * _SCALES[scale], unit)


@given(st.integers(1, 999), st.integers(0, 9), st.sampled_from(["%", "％", "百分之"]))
def test_a_percentage_reads_back(whole: int, tenths: int, sign: str) -> None:
    number = Decimal(f"{whole}.{tenths}")
    rendered = f"百分之{cn2an.an2cn(str(number))}" if sign == "百分之" else f"{number}{sign}"
    figure = one(f"占比{rendered}。")
    assert (figure.text, figure.value, figure.unit, figure.kind) == (rendered, number, "%", PERCENT)


@given(
    st.integers(2, 9999),
    st.sampled_from(["个", "项", "万条", "亿元", "%"]),
    st.sampled_from(
        [("超过{}", MORE), ("近{}", LESS), ("约{}", ABOUT), ("至少{}", AT_LEAST), ("{}以上", MORE), ("{}左右", ABOUT)]
    ),
)
def test_a_qualifier_belongs_to_the_figure(value: int, unit: str, frame: tuple[str, Qualifier]) -> None:
    rendered = frame[0].format(f"{value}{unit}")
    figure = one(f"总量{rendered}，")
    assert (figure.text, figure.qualifier) == (rendered, frame[1])
    assert supports(figure, figure)


_ALPHABET = (
    "0123456789０９一二三四五六七八九十百千万亿〇零两几数余多来半第前首翻番年月日时季度%％‰个项次元倍成级强"
    ".．,，:：-—~～/+×·至到由从超过近约以上内百分之点今去上本“”《》()（）[]〔 。\nG"
)


@given(st.text(alphabet=_ALPHABET, max_size=60) | st.text(max_size=60))
@settings(max_examples=600, deadline=None)
def test_any_text_is_read_in_order_without_overlap(text: str) -> None:
    end = 0
    for entry in ledger(text):
        figure = entry.figure
        assert end <= figure.start < figure.end <= len(text)
        assert text[figure.start : figure.end] == figure.text
        assert entry.sentence_start <= figure.start < entry.sentence_end
        assert text[entry.sentence_start : entry.sentence_end] == entry.sentence
        assert supports(figure, figure)
        assert same_figure(figure, figure)
        end = figure.end


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "一",
        "万",
        "1一",
        "1,111",
        "1-",
        "1+",
        "1.",
        "1:",
        "2021年",
        "由1个到2个",
        "“一个",
        "百分之",
        "第一",
        "A1",
        "(一个",
    ],
)
def test_reading_takes_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        start = time.process_time()
        read_figures(text)
        return time.process_time() - start

    seconds(2_000)
    short, long = (min(seconds(length) for _ in range(3)) for length in (5_000, 20_000))
    assert long < 12 * short + 0.05  # quadratic would be 16 times


def test_a_hundred_thousand_random_characters_are_read_in_seconds() -> None:
    choice = random.Random(7).choice
    text = "".join(choice(_ALPHABET) for _ in range(100_000))
    start = time.process_time()
    read_figures(text)
    assert time.process_time() - start < 8


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        (
            "城镇居民、农村居民收入分别达到4.5万元和2.3万元，增长5.4%和7.6%。",
            {"4.5万元": "城镇居民收入", "2.3万元": "农村居民收入", "5.4%": "城镇居民收入", "7.6%": "农村居民收入"},
        ),
        ("茶园36座、果园12座，分别下降2.6%和增长1.9%。", {"2.6%": "茶园", "1.9%": "果园"}),
        (
            "现有孤儿和留守儿童143名，补助标准分别提高到1650元和1320元。",
            {"1650元": "现有孤儿补助标准", "1320元": "留守儿童补助标准"},
        ),
        ("会议和文件减少21%和18%。", {"21%": "会议和文件"}),  # nothing says which is which
        ("甲、乙、丙分别为2家和3家。", {"2家": "甲、乙、丙分别"}),  # three things, two figures
        ("引进的本科、硕士毕业生，每月分别补贴600元和900元。", {"600元": "引进的本科每月", "900元": "硕士毕业生每月"}),
        (
            "抽检器械162批次、药品218批次，合格率分别为97.5%和98.2%。",
            {"97.5%": "抽检器械合格率", "98.2%": "药品合格率"},
        ),
    ],
)
def test_figures_after_fenbie_are_said_of_one_thing_each(text: str, subjects: dict[str, str]) -> None:
    found = {entry.figure.text: entry.subject for entry in ledger(text)}
    assert {figure: found[figure] for figure in subjects} == subjects


def test_figures_in_a_row_share_their_change() -> None:
    texts = [(f.text, f.direction) for f in read_figures("收入、支出同比分别增长5.4%和7.6%。")]
    assert texts == [("5.4%", Direction.UP), ("7.6%", Direction.UP)]
