import pytest

from qa.answers.premises import Correction, bears_on, find_correction
from qa.language.asking import read_question

LIBRARIES = "全市建成图书馆36座、文化馆12座，馆藏图书820余万册，全年接待读者超过450万人次，比上年增长12.5%。"
POWER = "供电可靠率由年初的98.2%提升至99.6%，新增充电桩1200个。"
RANKS = "政务公开水平位列全省第三名，入选全国百强榜第18名。"
FAIR = "首届海洋科技博览会在会展中心开幕，18家银行参展，放款206亿。"


def correction(question: str, passage: str) -> tuple[str, str] | None:
    """What was stated, and the passage's own wording in its place."""
    found = find_correction(read_question(question), passage)
    return (found.stated, passage[found.start : found.end]) if found else None


@pytest.mark.parametrize(
    ("question", "passage", "stated", "held"),
    [
        ("图书馆有40座，对吗？", LIBRARIES, "40座", "36座"),
        ("文化馆36座，是吗？", LIBRARIES, "36座", "12座"),
        ("接待读者超过500万人次了吧？", LIBRARIES, "超过500万人次", "超过450万人次"),
        ("供电可靠率掉到98.2%了吗？", POWER, "98.2%", "99.6%"),
        ("供电可靠率到了98.2%？", POWER, "98.2%", "99.6%"),
        ("新增充电桩2100个怎么分布？", POWER, "2100个", "1200个"),
        ("政务公开全省第一名，是吗？", RANKS, "第一名", "第三名"),
        ("第二届海洋科技博览会是哪天开幕的？", FAIR, "第二届", "首届"),
    ],
)
def test_figure_that_the_passage_contradicts_is_corrected(question: str, passage: str, stated: str, held: str) -> None:
    assert correction(question, passage) == (stated, held)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("图书馆有36座，对吗？", LIBRARIES),
        ("图书馆有三十六座，对吗？", LIBRARIES),
        ("政务公开全省第一名是哪个市？", RANKS),  # points at what is asked for
        ("另外4座图书馆在哪里？", LIBRARIES),
        ("3项没整改的问题是什么？", "督察反馈的42项问题，完成39项。"),  # what the two leave
        ("12345接到多少件？", "热线接听来电820件。"),
        ("文化馆12座，图书馆36座，都免费吗？", LIBRARIES),
        ("接待读者450万人次，对吗？", LIBRARIES),
        ("藏书820余万册吧？", LIBRARIES),
        ("比上年增长12.5%吗？", LIBRARIES),
        ("2023年图书馆有多少座？", LIBRARIES),
        ("12家文化馆在哪？", LIBRARIES),
        ("医院有40座吗？", LIBRARIES),
        ("图书馆有多少座？", LIBRARIES),
        ("供电可靠率提升到99.6%了吗？", POWER),
        ("供电可靠率由年初的98.2%提升到多少？", POWER),
        ("政务公开全省第三名，是吗？", RANKS),
        ("首届海洋科技博览会是哪天开幕的？", FAIR),
        ("第一届海洋科技博览会是哪天开幕的？", FAIR),
        ("那18家银行放款到底是多少？", FAIR),
        ("整合推进不快吧？", "部分系统整合推进不快。"),
        ("整合推进得很快吧？", "部分系统整合推进较快。"),
        ("装修得很快吧？", "部分系统整合推进不快。"),
        ("图书馆有40座，对吗？", ""),
    ],
)
def test_statement_that_is_true_or_of_something_else_is_left_alone(question: str, passage: str) -> None:
    assert correction(question, passage) is None


def test_correction_quotes_the_passage_and_what_was_stated() -> None:
    assert find_correction(read_question("图书馆有40座，对吗？"), LIBRARIES) == Correction(
        "40座", "与问题所说不同，报告写的是“全市建成图书馆36座”，不是“40座”。", 7, 10
    )


def test_manner_that_the_passage_denies_is_corrected() -> None:
    assert find_correction(read_question("整合推进得很快吧？"), "部分系统整合推进不快。") == Correction(
        "得很快", "与问题所说不同，报告写的是“部分系统整合推进不快”，不是“得很快”。", 0, 10
    )


def test_passage_bears_on_what_it_gives_a_figure_for() -> None:
    assert bears_on(read_question("图书馆有40座，对吗？"), LIBRARIES)
    assert not bears_on(read_question("医院有40座，对吗？"), LIBRARIES)
    assert not bears_on(read_question("2023年的图书馆？"), LIBRARIES)


@pytest.mark.parametrize(
    ("question", "passage", "said"),
    [
        ("新馆是7月30日启用的吧？", "新馆于6月30日启用，投资1.6亿元。", "6月30日"),
        ("借书证上升了7.8%，为什么？", "借书证3215张，下降7.8%，其中儿童证下降4.4%。", "下降7.8%"),
    ],
)
def test_days_and_directions_are_corrected(question: str, passage: str, said: str) -> None:
    found = find_correction(read_question(question), passage)
    assert found is not None
    assert passage[found.start : found.end] == said


def test_a_mere_year_asserts_nothing() -> None:
    assert find_correction(read_question("2023年启用的新馆有多大？"), "新馆于2022年启用，面积8600平方米。") is None


def test_another_day_of_something_else_is_no_correction() -> None:
    assert find_correction(read_question("书展7月30日闭幕了吧？"), "新馆于6月30日启用。") is None


def test_correction_names_the_direction_that_the_question_gave() -> None:
    found = find_correction(read_question("借书证上升了7.8%，为什么？"), "借书证3215张，下降7.8%。")
    assert found is not None
    assert found.text == "与问题所说不同，报告写的是“下降7.8%”，不是“上升了7.8%”。"
