import pytest

from qa.language.asking import read_question
from qa.questions.arithmetic import How, asks_change, asks_difference, read_sums


@pytest.mark.parametrize(
    ("question", "how", "sides"),
    [
        ("供电可靠率跟年初比提升了几个百分点？", How.CHANGE, ["供电可靠率提升了几个百分点？"]),
        ("窗口比原先少了几个？", How.CHANGE, ["窗口少了几个？"]),
        ("城区居民比乡村居民多多少人？", How.DIFFERENCE, ["城区居民，有多少人", "乡村居民，有多少人"]),
        ("甲馆和乙馆的藏书相差多少册？", How.DIFFERENCE, ["甲馆的藏书，有多少册", "乙馆的藏书，有多少册"]),
        (
            "2024年的接待目标比2023年实际多多少人次？",
            How.DIFFERENCE,
            ["2024年接待，有多少人次", "2023年接待，有多少人次"],
        ),
        ("明年的投资比2023年多几个亿？", How.DIFFERENCE, ["明年投资有几个亿", "2023年投资有几个亿"]),
        ("藏书比30册多多少册？", How.DIFFERENCE, ["藏书，有多少册", "藏书比30册多多少册？"]),
        ("甲馆36册比乙馆30册多多少册？", How.DIFFERENCE, ["甲馆36册比乙馆30册多多少册？"] * 2),
        ("图书，36册扣除30册还剩多少？", How.REST, ["图书，36册扣除30册还剩多少？"] * 2),
        ("工单里没办结的还有几件？", How.REST, ["工单里，有几件", "办结，有几件"]),
        ("甲馆和乙馆加起来多少册？", How.TOTAL, ["甲馆，有多少册", "乙馆，有多少册"]),
        ("电动车占公交车的几成？", How.SHARE, ["电动车有多少", "公交车有多少"]),
        ("平均每座馆接待多少人次？", How.MEAN, ["座馆接待多少人次？", "有多少座馆接待"]),
        ("平均下来一笔多少万元？", How.MEAN, ["笔多少万元？", "有多少笔"]),
        ("借书量比上年增长多少？", How.CHANGE, ["借书量增长多少？"]),
        ("办证率比上年提高几个百分点？", How.CHANGE, ["办证率提高几个百分点？"]),
        ("上年接待了多少人次？", How.BEFORE, ["接待了多少人次？"]),
    ],
)
def test_sum_is_read_as_the_questions_for_its_figures(question: str, how: How, sides: list[str]) -> None:
    plan = read_sums(read_question(question))[0]
    assert plan.how is how
    assert [side.asked.question for side in plan.sides] == sides


def test_level_of_an_earlier_year_may_be_computed_from_the_next() -> None:
    (plan,) = read_sums(read_question("2022年供热面积是多少？"))
    assert (plan.how, plan.year) == (How.BEFORE, 2022)
    assert plan.sides[0].asked.question == "供热面积是多少？"


@pytest.mark.parametrize(
    "question",
    ["图书馆有多少座？", "由谁负责？", "城市云脑", "去年比前年好吗？", "平均每天接待多少人次？", "里头外省的占几成？"],
)
def test_other_questions_want_nothing_computed(question: str) -> None:
    assert read_sums(read_question(question)) == []


def test_bare_gap_is_a_change_or_what_a_goal_lacks() -> None:
    change, goal = read_sums(read_question("图书馆，还差几座？"))
    assert change.how is How.CHANGE
    assert (goal.how, [side.asked.question for side in goal.sides]) == (How.DIFFERENCE, ["图书馆，还，有几座"] * 2)


def test_questions_that_no_level_answers() -> None:
    assert asks_change(read_question("满意率比上年高了多少？"))
    assert not asks_change(read_question("满意率是多少？"))
    assert asks_difference(read_question("图书馆比文化馆多多少座？"))
    assert not asks_difference(read_question("图书馆比去年多多少座？"))
    assert not asks_difference(read_question("隧道还差多少米？"))
