import pytest

from qa.asking import read_question
from qa.picking import passage_weights, pick_figure
from qa.wording import weigh

LIBRARIES = "全市建成图书馆36座、文化馆12座，馆藏图书820余万册，全年接待读者超过450万人次，比上年增长12.5%。"
POWER = "供电可靠率由年初的98.2%提升至99.6%，新增充电桩1200个，累计建成充电桩5600个。"
RANKS = "政务公开水平位列全省第三名，入选全国百强榜第18名。"
MONEY = "发放助学贷款3.2亿元，惠及学生4.1万名，减免学费650万元。"
OPENING = "2023年5月18日，首届海洋科技博览会在会展中心开幕，为期3天。"
BOOKS = "区级图书馆收藏古籍1.2万册，市图书馆收藏古籍8.6万册。"


def weights(question: str, text: str) -> dict[str, float]:
    return passage_weights(weigh(question), text)


def figure(question: str, text: str) -> str | None:
    asked = read_question(question)
    picked = pick_figure(asked.asks[0], asked, text, weights(question, text))
    return text[picked[0].start : picked[0].end] if picked else None


@pytest.mark.parametrize(
    ("question", "text", "picked"),
    [
        ("全市有多少座图书馆？", LIBRARIES, "36座"),
        ("文化馆有几座？", LIBRARIES, "12座"),
        ("书店有几家？", "18家书店利用系统卖书。", "18家书店"),
        ("有多少家书店？", "18家书店长代表来访。", "18家"),
        ("参展学校里有多少所得奖？", "全市36所参展学校中，12所得奖。", "12所"),
        ("馆藏有多少册图书？", LIBRARIES, "820余万册"),
        ("全年接待多少人次？", LIBRARIES, "超过450万人次"),
        ("接待读者比上年增长了多少？", LIBRARIES, "12.5%"),
        ("充电桩累计有多少个？", POWER, "5600个"),
        ("新增充电桩多少个？", POWER, "1200个"),
        ("供电可靠率是多少？", POWER, "99.6%"),
        ("年初供电可靠率是多少？", POWER, "98.2%"),
        ("政务公开在全省排第几？", RANKS, "第三名"),
        ("在全国排第几？", RANKS, "第18名"),
        ("贷款发放了多少钱？", MONEY, "3.2亿元"),
        ("减免学费多少元？", MONEY, "650万元"),
        ("有多少名学生受惠？", MONEY, "4.1万名"),
        ("什么时候开幕的？", OPENING, "2023年5月18日"),
        ("开了几天？", OPENING, "3天"),
        ("区级图书馆有多少册古籍？", BOOKS, "1.2万册"),
        ("市图书馆有多少册古籍？", BOOKS, "8.6万册"),
    ],
)
def test_figure_of_the_unit_and_subject_asked_for_is_picked(question: str, text: str, picked: str) -> None:
    assert figure(question, text) == picked


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("有多少名医生？", LIBRARIES),
        ("有多少台电脑？", LIBRARIES),
        ("读者满意率是多少？", LIBRARIES),
        ("全球排第几？", RANKS),
        ("什么时候开幕的？", LIBRARIES),
        ("花了多少钱？", POWER),
        ("提高了几个百分点？", MONEY),
        ("有多少座图书馆？", "图书馆越来越多。"),
        ("有多少座图书馆？", ""),
    ],
)
def test_figure_of_something_else_is_not_picked(question: str, text: str) -> None:
    assert figure(question, text) is None


def test_figure_that_the_question_states_does_not_answer_it() -> None:
    assert figure("有36座图书馆，还有多少座文化馆？", LIBRARIES) == "12座"
    assert figure("36座、12座，还有多少座？", LIBRARIES) is None


def test_what_is_counted_belongs_to_the_answer_where_it_was_asked_for() -> None:
    assert figure("接入多少个业务系统？", "平台接入121个业务系统。") == "121个业务系统"
    assert figure("平台接入多少个？", "平台接入121个业务系统。") == "121个"


def test_term_that_stands_twice_in_a_passage_counts_half() -> None:
    assert passage_weights({"图书馆": 2.0, "读者": 1.0, "医院": 9.0}, "图书馆、图书馆和读者") == {
        "图书馆": 1.0,
        "读者": 1.0,
    }
    assert passage_weights({"app": 1.0}, "ＡＰＰ") == {"app": 1.0}


PERFORMANCE = "办理借书证3215张、阅览证1462张，分别增长7.8%和4.3%；书店净增21家，总数达到236家。"
TRADE = "全年进出口总额57.2亿元，其中出口49.6亿元。"
FOLK = "年末常住人口71.4万人，其中城镇常住人口38.9万人；人均借书12册。"


@pytest.mark.parametrize(
    ("question", "text", "picked"),
    [
        ("借书证增长了多少？", PERFORMANCE, "7.8%"),
        ("阅览证增长了多少？", PERFORMANCE, "4.3%"),
        ("书店一共有几家？", PERFORMANCE, "236家"),
        ("书店新增了几家？", PERFORMANCE, "21家"),
        ("出口额是多少？", TRADE, "49.6亿元"),
        ("进出口总额是多少？", TRADE, "57.2亿元"),
        ("住在城镇的常住人口有多少？", FOLK, "38.9万人"),
        ("参会的有多少人次？", "召开会议1018次，参会4万余人次。", "4万余人次"),
        ("志愿者有几个？", "建成志愿服务站11个，招募志愿者560名。", "560名"),
        ("图书馆里能放多少书？", "馆舍2860平方米，藏书18万册，服务居民3万名。", "18万册"),
        ("救助了多少孩子？", "生猪出栏78.3万头。", None),
        ("暴雨造成的损失有多大？", "受暴雨影响，经济总量在全省居58个县之中。", None),
    ],
)
def test_figure_is_that_of_the_thing_asked_for(question: str, text: str, picked: str | None) -> None:
    assert figure(question, text) == picked
