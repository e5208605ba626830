"""One figure of a claim beside one sentence: borne out, wrong, or nothing that the sentence speaks against."""

import pytest

from index.figures import Kind
from qa.checks.differing import find_figure
from qa.language.picking import ledger
from qa.language.subjects import Outcome
from tests.qa.little import source_of


def outcomes(claim: str, sentence: str, *, years: frozenset[int] = frozenset(), before: str = "") -> list[str]:
    stated = [e for e in ledger(claim) if e.figure.kind is not Kind.DATE]
    return [find_figure(entry, claim, years, [source_of(sentence, before=before)]).outcome.value for entry in stated]


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("北桥一度封过9个小时", "北桥一度封闭9小时"),
        ("单程票价最多收5元", "单程票价不超过5元"),
        ("最高亩产突破1吨", "最高亩产达1032.6公斤"),
        ("工期两年零四个月", "工期28个月"),
        ("客流过8000万", "客流8120万"),
        ("每周至少会有人来探访两次", "每周探访不少于2次"),
    ],
)
def test_the_same_amount_in_other_words_is_borne_out(claim: str, sentence: str) -> None:
    assert outcomes(claim, sentence) == [Outcome.AGREES.value]


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("书屋再增加12家，达到40家", "书屋扩大到40家"),  # the same figure is told too
        ("由第5位升至第3位", "满意度居全省第3位，比上年上升2位"),
        ("约四分之一的所人手不足", "86个所中有21个所人手不足，50岁以上人员占46%"),
        ("3家获奖企业共得300万元", "3家企业获奖，每家获奖企业奖励100万元"),
        ("辣椒每亩产值接近8000元", "辣椒36.4万亩，产值28.3亿元"),
        ("高标准农田年度任务22万亩", "高标准农田新建23.8万亩"),
        ("领取补贴的7215人中两项都享受的约占六分之一", "补贴惠及7215人，其中两项都享受1201人"),  # the whole
        ("点击量超过百万次", "点击量超过120万次"),
        ("打掉犯罪集团和涉恶团伙一共7个", "打掉犯罪集团2个、涉恶团伙5个"),
        ("90多岁老人的津贴", "60至79周岁老人每餐补贴3元"),
        ("停留时间延长到1.63天", "停留1.86天，停留时间比上年延长0.23天"),
    ],
)
def test_what_another_figure_says_nothing_against_is_not_refuted(claim: str, sentence: str) -> None:
    assert Outcome.DIFFERS.value not in outcomes(claim, sentence)


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("接入121个单位的41个业务系统", "接入41个单位的121个业务系统"),  # exchanged, though both are told
        ("一年新建高标准农田48.6万亩", "新建高标准农田3.2万亩，累计建成48.6万亩"),
        ("高标准农田任务是22万亩", "高标准农田年度任务是20万亩"),
        ("户均补助3300元", "户均补助3200元"),
    ],
)
def test_wrong_figure_is_refuted(claim: str, sentence: str) -> None:
    assert Outcome.DIFFERS.value in outcomes(claim, sentence)


def test_figure_of_one_year_says_nothing_of_another_that_the_claim_names() -> None:
    claim = "2023年优良率不到九成，2024年升至91.2%"
    assert outcomes(claim, "优良率达到91.2%", years=frozenset({2023, 2024})) == ["absent", "agrees"]


def test_share_of_what_stands_before_a_sentence_is_no_error() -> None:
    sentence = "音乐节27场，票房3.82亿元，占票房68%"
    assert outcomes("音乐节占票房近六成", sentence) == ["differs"]
    assert outcomes("音乐节占票房近六成", sentence, before="全年票房6.45亿元，其中") == ["absent"]
