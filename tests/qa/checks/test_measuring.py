"""Figures that stand in a sentence, and what claims make of them."""

import pytest

from index.figures import Kind
from qa.checks.measuring import (
    Shared,
    compares_otherwise,
    done_too_soon,
    may_mean,
    measured_otherwise,
    otherwise_caused,
    tells_nothing_of,
)
from qa.language.picking import ledger
from qa.language.subjects import Source


def shared(claim: str, sentence: str, number: int = 0) -> Shared:
    """The last figure of a claim beside the one of a sentence's that is as much, else the one of a number."""
    stated = [e.figure for e in ledger(claim) if e.figure.kind is not Kind.DATE][-1]
    figures = [e.figure for e in ledger(sentence) if e.figure.kind is not Kind.DATE]
    own = next((figure for figure in figures if figure.value == stated.value), figures[number])
    return Shared(claim, stated.start, stated, own, Source(0, sentence, "", "", frozenset()))


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("北渡口全年运送旅客900人次", "北渡口日均运送旅客900人次"),
        ("每户补贴最高600元", "户均补贴600元"),
        ("每台补贴600元", "每台最高补贴600元"),
        ("全年处理污泥7万吨", "污泥年处理能力7万吨"),
        ("南坪市的满意率为91.5%", "满意率91.5%，比邻近的南坪市高2.1个百分点"),
        ("全省的满意率为91.5%", "满意率91.5%，比全省平均高2.1个百分点"),
        ("北河检察院起诉860人", "邻市南坪检察院起诉860人"),
        ("所有网点平均等候12分钟", "试点网点平均等候12分钟"),
        ("核桃一项产值6.2亿元", "核桃、板栗、花椒三类产值合计6.2亿元"),
        ("改建体育公园3个", "新建、改建体育公园3个"),
        ("争取中央资金7.4亿元", "争取中央和省级资金7.4亿元"),
        ("126个项目各完成投资138亿元", "126个项目完成投资138亿元"),
        ("第二和第三产业均增长7.1%", "第二产业增长7.1%"),
        ("办理时间缩短至14天", "办理时间比上年缩短14天"),
        ("报表精简了21张", "报表精简到21张"),
        ("大桥比计划晚了30天通车", "大桥比计划提前30天通车"),
        ("企业净增63家", "新增企业63家"),
        ("全年新登记车辆5200台", "登记车辆5200台"),
        ("教育支出占收入的18.4%", "教育支出占支出的18.4%"),
        ("降水比上年少11.4%", "降水比前三年均值少11.4%"),
        ("全年接待读者48万人次", "国庆假期接待读者48万人次"),
        ("书展期间营业收入15万元", "书展期间来客4万人次，全年营业收入15万元"),
        ("2020年有书屋22家", "书屋22家，较2020年的9家增加13家"),
    ],
)
def test_a_figure_of_another_measure_is_not_the_claims(claim: str, sentence: str) -> None:
    assert measured_otherwise(shared(claim, sentence))


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("国庆假期接待读者48万人次", "国庆假期接待读者48万人次"),
        ("2020年有书屋9家", "书屋22家，较2020年的9家增加13家"),
        ("北渡口一天送900人次", "北渡口日均运送旅客900人次"),
        ("补贴上限是每台600元", "每台最高补贴600元"),
        ("一年能处理7万吨污泥", "污泥年处理能力7万吨"),
        ("满意率91.5%，超过南坪", "满意率91.5%，比邻近的南坪市高2.1个百分点"),
        ("办理时间少了14天", "办理时间比上年缩短14天"),
        ("企业多了63家", "新增企业63家"),
        ("核桃、板栗和花椒产值6.2亿元", "核桃、板栗、花椒三类产值合计6.2亿元"),
    ],
)
def test_the_same_measure_in_other_words_is_the_claims(claim: str, sentence: str) -> None:
    assert not measured_otherwise(shared(claim, sentence))


@pytest.mark.parametrize(
    ("claim", "sentence", "number"),
    [
        ("还有120件没办", "已办结880件", 0),
        ("站点多了6个", "站点由14个增至20个", 1),
        ("上一年排第9", "列全省第4位，较上年前移5位", 0),
        ("南坪市的比例是54.8%", "比例为58.2%，较邻近的南坪市高3.4个百分点", 0),
    ],
)
def test_what_is_left_or_of_another_year_is_not_refuted(claim: str, sentence: str, number: int) -> None:
    assert tells_nothing_of(shared(claim, sentence, number))


def test_a_rest_that_the_report_gives_can_be_refuted() -> None:
    assert not tells_nothing_of(shared("还有120件没办", "尚有80件未办结"))


@pytest.mark.parametrize(
    ("said", "true", "holds"),
    [
        ("不足百人", "89人", True),
        ("不足50人", "89人", False),
        ("近480个", "473个", True),
        ("三十四万人", "34.1万人", True),
        ("34万人", "34.1万人", False),
        ("三十四万人", "35.2万人", False),
    ],
)
def test_a_figure_may_mean_what_is_near_it(said: str, true: str, holds: bool) -> None:
    assert may_mean(ledger(said)[0].figure, ledger(true)[0].figure) is holds


def test_clauses_without_figures_are_held_against_each_other() -> None:
    assert done_too_soon("新馆已投入使用", "新馆仍在招标")
    assert not done_too_soon("新馆已投入使用", "新馆建成投用")
    assert otherwise_caused("北桥因选址调整延期", "北桥因设备招标延期，南桥选址调整")
    assert not otherwise_caused("北桥因招标延期", "北桥因设备招标延期")
    assert compares_otherwise("甲线客流低于乙线", "甲线客流高于乙线")
    assert not compares_otherwise("甲线客流超过乙线", "甲线客流高于乙线")
