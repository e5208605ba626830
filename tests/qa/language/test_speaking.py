import pytest

from qa.language.speaking import asks_remedy, speaks_as_asked, speaks_of_such, states_lack

FAULT = "部分老旧小区停车位不足等问题依然突出,亟待解决。"
PLAN = "明年,将新建公园6处、改造农贸市场12个。"
PRAISE = "有关做法被省政府通报表扬。"
PLAIN = "全年新建公园4处,改造农贸市场9个。"


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("市里承认有哪些短板？", FAULT, True),
        ("哪里做得不够好？", FAULT, True),
        ("市里承认有哪些短板？", PLAIN, False),
        ("接下来有什么打算？", PLAN, True),
        ("接下来有什么打算？", PLAIN, False),
        ("有什么做法受到表扬？", PRAISE, True),
        ("有什么做法受到表扬？", FAULT, False),
        ("新建了多少处公园？", PLAN, False),
    ],
)
def test_sentence_states_what_is_asked_for(question: str, sentence: str, expected: bool):
    assert speaks_as_asked(question, sentence) is expected


MEANING = "2．惠民书屋：指由政府建设、全天开放的公共阅读空间。"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("啥是惠民书屋？", True),
        ("惠民书屋是什么意思？", True),
        ("惠民书屋到底是个啥？", True),
        ("怎么理解“惠民书屋”？", True),
        ("惠民书屋有多少家？", False),
        ("什么是通借通还？", False),
    ],
)
def test_sentence_explains_the_word_that_is_asked_about(question: str, expected: bool):
    assert speaks_as_asked(question, MEANING) is expected


def test_remedy_is_no_statement_of_what_is_wrong():
    assert asks_remedy("停车难怎么来解决？")
    assert not asks_remedy("停车难吗？")
    assert states_lack("系统标准不一，数据互联不畅。")
    assert not states_lack("统一系统标准，建成一体平台。")


def test_something_of_a_kind_is_asked_for():
    assert speaks_of_such("有没有成功的案例？", "打造了一批典型案例。")
    assert not speaks_of_such("有没有成功的案例？", "打造了一批品牌。")
    assert not speaks_of_such("案例有多少？", "打造了一批典型案例。")
