import pytest

from index.figures import ledger
from qa.answers.amounts import may_be
from qa.language.asking import read_question


def may(question: str, sentence: str, figure: str) -> bool:
    asked = read_question(question)
    return may_be(asked.asks[0], asked, next(e for e in ledger(sentence) if e.figure.text == figure))


@pytest.mark.parametrize(
    ("question", "sentence", "figure", "expected"),
    [
        ("一个老人每月能领多少钱？", "全年发放高龄津贴3740万元。", "3740万元", False),
        ("全县一共发了多少钱？", "全年发放高龄津贴3740万元。", "3740万元", True),
        ("一个老人每月能领多少钱？", "高龄津贴每人每月130元。", "130元", True),
        ("全县总共发了多少钱？", "高龄津贴每人每月130元。", "130元", False),
        ("一亩梨能卖多少钱？", "梨园产值12亿元。", "12亿元", False),
        ("房租补贴去年一共花了多少钱？", "发放租赁补贴3870万元。", "3870万元", True),
    ],
)
def test_sum_is_not_what_one_gets(question: str, sentence: str, figure: str, expected: bool):
    assert may(question, sentence, figure) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "figure", "expected"),
    [
        ("护理员有多少人？", "建成养老院34家。", "34家", False),
        ("护理员有多少人？", "培训护理员320名。", "320名", True),
        ("失能老人有多少？", "设置床位850张。", "850张", False),
        ("失能老人占多少？", "失能老人占12%。", "12%", True),
        ("水库的库容有多少？", "水库保障32万人用水。", "32万人", False),
        ("水库的库容有多少？", "水库总库容1.2亿立方米。", "1.2亿立方米", True),
        ("举报能奖多少？", "受理举报9340件。", "9340件", False),
        ("举报能奖多少？", "举报一次奖200元。", "200元", True),
    ],
)
def test_figure_of_another_sort_is_none(question: str, sentence: str, figure: str, expected: bool):
    assert may(question, sentence, figure) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "figure", "expected"),
    [
        ("人均消费多少？", "零售总额386亿元。", "386亿元", False),
        ("人均消费多少？", "人均消费2.7万元。", "2.7万元", True),
        ("最大的一笔合同多少钱？", "合同成交额8.5亿元。", "8.5亿元", False),
        ("最大的一笔合同多少钱？", "单笔最高3亿元。", "3亿元", True),
        ("还有多少座桥没改？", "改造危桥37座。", "37座", False),
        ("还有多少座桥没改？", "尚有5座危桥未改造。", "5座", True),
        ("现在持证率是多少？", "力争持证率达到95%。", "95%", False),
        ("现在持证率是多少？", "持证率达到91%。", "91%", True),
        ("网上零售占多少？", "零售总额386亿元，增长7.9%。", "7.9%", False),
        ("网上零售占多少？", "网上零售占比31.2%。", "31.2%", True),
        ("零售涨了百分之几？", "零售总额386亿元，增长7.9%。", "7.9%", True),
    ],
)
def test_mean_most_rest_present_and_share_are_told_as_such(question: str, sentence: str, figure: str, expected: bool):
    assert may(question, sentence, figure) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "figure", "expected"),
    [
        ("二期设站多少座？", "一期设站21座。", "21座", False),
        ("一期设站多少座？", "一期设站21座。", "21座", True),
        ("3号线设站多少座？", "2号线设站21座。", "21座", False),
        ("第二批拨了多少钱？", "第一批拨付300万元，第二批拨付500万元。", "500万元", True),
    ],
)
def test_figure_of_another_phase_is_none(question: str, sentence: str, figure: str, expected: bool):
    assert may(question, sentence, figure) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "figure"),
    [
        ("税收多少？", "税收86亿元。", "86亿元"),
        ("一次性投入多少钱？", "一次性投入300万元。", "300万元"),
        ("建一座桥花了多少钱？", "建成大桥一座，投资3.2亿元。", "3.2亿元"),
        ("税收优惠惠及了多少企业？", "惠及企业3200家。", "3200家"),
        ("产值过亿元的企业有多少？", "产值过亿元企业32家。", "32家"),
        ("有多少机器人？", "配备机器人320台。", "320台"),
        ("获奖多少？", "获奖32项。", "32项"),
        ("现在完成多少？", "完成年度计划的92%。", "92%"),
        ("第2批拨了多少钱？", "第二批拨付500万元。", "500万元"),
        ("平均每天接待多少人？", "日接待3200人。", "3200人"),
        ("投诉减少的比例是多少？", "投诉下降12%。", "12%"),
        ("还有多少件没办结？", "受理1250件，办结1180件。", "1250件"),
    ],
)
def test_what_only_looks_alike_is_let_through(question: str, sentence: str, figure: str):
    assert may(question, sentence, figure)


@pytest.mark.parametrize(
    ("question", "sentence", "figure", "expected"),
    [
        ("加入的商户里健身房有多少家？", "已有436家商户加入。", "436家", False),
        ("加入的商户里健身房有多少家？", "已有436家商户加入，其中健身房52家。", "52家", True),
        ("逃犯里外省的有几名？", "抓获逃犯97人。", "97人", False),
        ("卡包里放了多少类证照？", "证照42类汇入卡包。", "42类", True),  # what is in it is no part of it
        ("大坝有多高？", "大坝完工，惠及32万人。", "32万人", False),
        ("大坝有多高？", "大坝高52米。", "52米", True),
        ("护路员平均多大年纪？", "护路员平均年增收9600元。", "9600元", False),
    ],
)
def test_figure_of_a_whole_is_not_that_of_a_part(question: str, sentence: str, figure: str, expected: bool):
    assert may(question, sentence, figure) is expected
