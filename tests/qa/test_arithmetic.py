import pytest

from qa.arithmetic import Sum, compute, default_weigher, halves, is_sum
from qa.asking import read_question

LIBRARIES = "全市建成图书馆36座、文化馆12座，馆藏图书820余万册，全年接待读者超过450万人次，比上年增长12.5%。"
POWER = "供电可靠率由年初的98.2%提升至99.6%，新增充电桩1200个，累计建成充电桩5600个。"
BOOKS = "区级图书馆收藏古籍1.2万册，市图书馆收藏古籍8.6万册。"
MONEY = "发放助学贷款3.2亿元，惠及学生4.1万名。"
CASES = "受理投诉1250件，办结1180件。"
DAYS = "审批时限由15天压缩至6天。"


def sum_of(question: str, passage: str) -> Sum | None:
    return compute(read_question(question), passage, default_weigher(lambda term: 1.0))


@pytest.mark.parametrize(
    ("question", "passage", "shown", "result", "operands"),
    [
        ("供电可靠率提升了多少个百分点？", POWER, "99.6% − 98.2% = 1.4个百分点", "1.4个百分点", ["98.2%", "99.6%"]),
        ("图书馆比文化馆多多少座？", LIBRARIES, "36座 − 12座 = 24座", "24座", ["36座", "12座"]),
        ("文化馆比图书馆少几座？", LIBRARIES, "36座 − 12座 = 24座", "24座", ["36座", "12座"]),
        ("图书馆和文化馆加起来多少座？", LIBRARIES, "36座 + 12座 = 48座", "48座", ["36座", "12座"]),
        ("投诉减去办结的，没办的多少件？", CASES, "1250件 − 1180件 = 70件", "70件", ["1250件", "1180件"]),
        ("供电可靠率高了多少？", POWER, "99.6% − 98.2% = 1.4个百分点", "1.4个百分点", ["98.2%", "99.6%"]),
        ("图书馆和文化馆相差几座？", LIBRARIES, "36座 − 12座 = 24座", "24座", ["36座", "12座"]),
        ("区级和市图书馆的古籍相差多少册？", BOOKS, "8.6万册 − 1.2万册 = 7.4万册", "7.4万册", ["8.6万册", "1.2万册"]),
        ("去掉新增的，充电桩还有多少个？", POWER, "5600个 − 1200个 = 4400个", "4400个", ["5600个", "1200个"]),
        (
            "新增充电桩占累计建成充电桩的百分之几？",
            POWER,
            "1200个 ÷ 5600个 ≈ 21.4%",
            "约21.4%",
            ["1200个", "5600个"],
        ),
        (
            "上一年接待了多少人次读者？",
            LIBRARIES,
            "超过450万人次 ÷ (1 + 12.5%) ≈ 400万人次",
            "约400万人次",
            ["超过450万人次", "12.5%"],
        ),
        (
            "平均每座图书馆接待多少人次？",
            LIBRARIES,
            "超过450万人次 ÷ 36座 ≈ 12.5万人次",
            "约12.5万人次",
            ["超过450万人次", "36座"],
        ),
        ("平均每名学生贷了多少元？", MONEY, "3.2亿元 ÷ 4.1万名 ≈ 7805元", "约7805元", ["3.2亿元", "4.1万名"]),
        ("还有多少件没办结？", CASES, "1250件 − 1180件 = 70件", "70件", ["1250件", "1180件"]),
        ("办理时间缩短了多少天？", DAYS, "15天 − 6天 = 9天", "9天", ["15天", "6天"]),
    ],
)
def test_sum_that_is_asked_for_is_done(
    question: str, passage: str, shown: str, result: str, operands: list[str]
) -> None:
    found = sum_of(question, passage)
    assert is_sum(read_question(question))
    assert found is not None
    assert (found.shown, found.result) == (shown, result)
    assert [figure.text for figure in found.operands] == operands


def test_rounded_operands_give_a_rounded_result() -> None:
    found = sum_of("甲馆比乙馆多多少册？", "甲馆藏书近30万册，乙馆藏书20万册。")
    assert found is not None
    assert (found.shown, found.result) == ("近30万册 − 20万册 ≈ 10万册", "约10万册")


def test_fall_gives_more_for_the_year_before() -> None:
    found = sum_of("上年受理了多少件投诉？", "受理投诉900件，比上年下降10%。")
    assert found is not None
    assert (found.shown, found.result) == ("900件 ÷ (1 − 10%) ≈ 1000件", "约1000件")


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("图书馆比博物馆多多少？", LIBRARIES),
        ("供电可靠率和可用率差多少？", LIBRARIES),
        ("去年有多少座图书馆？", "建成图书馆36座。"),
        ("还剩多少件？", "受理投诉1250件。"),
        ("平均每座图书馆多少人？", "建成图书馆36座。"),
        ("提高了多少个百分点？", CASES),
        ("提高了多少个百分点？", "满意率为95.5%，办结率为84.6%。"),
        ("办理时间缩短了多少天？", "审批时限压缩至6天。"),
        ("新增充电桩占多少？", "新增充电桩1200个。"),
        ("图书馆比文化馆多多少座？", ""),
    ],
)
def test_nothing_is_computed_where_the_figures_do_not_fit(question: str, passage: str) -> None:
    assert sum_of(question, passage) is None


@pytest.mark.parametrize("question", ["图书馆有多少座？", "由谁负责？", "城市云脑", "去年比前年好吗？"])
def test_nothing_is_computed_that_was_not_asked_for(question: str) -> None:
    assert not is_sum(read_question(question))
    assert sum_of(question, LIBRARIES) is None


def test_change_of_money_is_a_difference() -> None:
    found = sum_of("补助标准提高了多少元？", "补助标准由每月910元提高到985元。")
    assert found is not None
    assert found.shown == "985元 − 910元 = 75元"


@pytest.mark.parametrize(
    ("question", "asked", "things"),
    [
        ("2024年的接待目标比2023年实际多多少万人次？", ["2024年接待多少万人次", "2023年接待多少万人次"], ["", ""]),
        ("城区居民比乡村居民多多少人？", ["城区居民有多少人", "乡村居民有多少人"], ["城区", "乡村"]),
        ("接待游客比去年多多少？", [], []),
        ("接待游客多少人次？", [], []),
    ],
)
def test_comparison_has_two_sides(question: str, asked: list[str], things: list[str]) -> None:
    found = halves(read_question(question))
    assert [half.asked.question for half in found] == asked
    assert [half.thing for half in found] == things


def test_what_two_things_share_does_not_make_them_the_same() -> None:
    assert sum_of("出生人口比死亡人口多多少？", "户籍人口83.5万人，常住人口71.4万人。") is None
