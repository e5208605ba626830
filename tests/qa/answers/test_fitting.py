import pytest

from index.figures import ledger
from qa.answers.fitting import Seen, best_figure, candidates, fit_of, weights
from qa.language.asking import read_question
from qa.language.picking import passage_weights
from qa.language.wording import weigh

SENTENCE = "全市新建公园12座，累计建成86座，其中口袋公园35座，绿化率由38.5%提高到41.2%。"
READINGS = {"stated": 0.0, "quoted": 0.0, "premise": 0.0, "out_of_time": 0.0, "other_place": False}


def unlike(one: str, other: str) -> float:
    """Takes no two words for alike."""
    return 0.0


def weighed(question: str, text: str) -> dict[str, float]:
    return passage_weights(weigh(question), text)


def seen(text: str, **readings: float) -> Seen:
    return Seen(text, 1.0, 1, text, READINGS | readings)


def best(question: str, text: str = SENTENCE) -> str | None:
    asked = read_question(question)
    words = weighed(asked.question, text)
    span = best_figure(asked.asks[0], asked, seen(text), words, unlike)
    return text[span.start : span.end] if span is not None else None


def features(question: str, at: int, text: str = SENTENCE, **readings: float) -> dict[str, float]:
    asked = read_question(question)
    words = weighed(asked.question, text)
    entry = ledger(text)[at]
    found = candidates(asked.asks[0], asked, seen(text, **readings), words, unlike)
    return dict(next(these for one, these in found if one.figure == entry.figure))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("今年新建了多少座公园？", "12座"),
        ("公园累计建成多少座？", "86座"),
        ("口袋公园有多少座？", "35座"),
        ("现在的绿化率是多少？", "41.2%"),
        ("年初的绿化率是多少？", "38.5%"),
        ("绿化率排第几？", None),
        ("建了多少条绿道？", None),
    ],
)
def test_the_figure_of_what_is_asked_for_fits_best(question: str, answer: str | None) -> None:
    assert best(question) == answer


def test_a_figure_that_the_question_states_is_no_candidate() -> None:
    assert best("新建了12座公园，累计多少座？") == "86座"


def test_fit_is_the_weighted_sum_over_none() -> None:
    known = weights()
    assert fit_of({}) == -known["none"]
    assert fit_of({"retrieved": 0.5, "only": True, "not a feature": 9.0}) == pytest.approx(
        0.5 * known["retrieved"] + known["only"] - known["none"]
    )


def test_readings_of_unit_and_noun() -> None:
    of_parks, of_rate = features("口袋公园有多少座？", 2), features("绿化率是多少？", 4)
    assert (of_parks["unit_same"], of_parks["unit_other"], of_parks["noun"]) == (True, False, 1.0)
    assert (of_rate["rate_asked"], of_rate["kind_main"], of_rate["change_unasked"]) == (True, True, True)


def test_words_about_one_figure_speak_against_its_neighbours() -> None:
    own, neighbour = features("口袋公园有多少座？", 2), features("口袋公园有多少座？", 0)
    assert own["own"] > 0.4 > 0.2 > neighbour["own"]
    assert own["lost"] < 0.1 < 0.2 < neighbour["lost"]


def test_readings_of_the_passage_are_handed_on() -> None:
    assert features("口袋公园有多少座？", 2, out_of_time=0.3)["out_of_time"] == 0.3


# --- whole questions, over one passage --------------------------------------------------------------------------------

LIBRARIES = "全市建成图书馆36座、文化馆12座，馆藏图书820余万册，全年接待读者超过450万人次，比上年增长12.5%。"
POWER = "供电可靠率由年初的98.2%提升至99.6%，新增充电桩1200个，累计建成充电桩5600个。"
RANKS = "政务公开水平位列全省第三名，入选全国百强榜第18名。"
MONEY = "发放助学贷款3.2亿元，惠及学生4.1万名，减免学费650万元。"
OPENING = "2023年5月18日，首届海洋科技博览会在会展中心开幕，为期3天。"
BOOKS = "区级图书馆收藏古籍1.2万册，市图书馆收藏古籍8.6万册。"


def figure(question: str, text: str) -> str | None:
    """The figure of a passage that fits better than none, the passage being the best of a report."""
    asked = read_question(question)
    words = weighed(asked.question, text)
    span = best_figure(asked.asks[0], asked, seen(text), words, unlike)
    return text[span.start : span.end] if span is not None and span.fit > 0 else None


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
        ("接待读者涨了几个点？", LIBRARIES, "12.5%"),
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


def test_figure_of_another_thing_fits_worse() -> None:
    def fit(question: str) -> float:
        asked = read_question(question)
        span = best_figure(asked.asks[0], asked, seen(LIBRARIES), weighed(asked.question, LIBRARIES), unlike)
        assert span is not None
        return span.fit

    assert fit("接待了多少名医生？") < fit("接待了多少名读者？") - 1


def test_figure_that_the_question_states_does_not_answer_it() -> None:
    assert figure("有36座图书馆，还有多少座文化馆？", LIBRARIES) == "12座"
    assert figure("36座、12座，还有多少座？", LIBRARIES) is None


def test_what_is_counted_belongs_to_the_answer_where_it_was_asked_for() -> None:
    assert figure("接入多少个业务系统？", "平台接入121个业务系统。") == "121个业务系统"
    assert figure("平台接入多少个？", "平台接入121个业务系统。") == "121个"


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
