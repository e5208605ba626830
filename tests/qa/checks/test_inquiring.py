import pytest

from index.figures import read_figures
from qa.checking import Checker, Ruling
from qa.checks.inquiring import question_for
from tests.qa.little import checker_of

REPORT = """湖滨市2022年工作报告
一、市场主体
截至2022年底，全市实有经营主体42.86万户，其中企业11.74万户、个体工商户30.51万户。
市区巡游出租汽车2180辆、网约车3650辆。
二、帮扶
1126名干部包联企业2038家，收集问题4715件，办结率96.8%。
组织执法资格考试，参考118人，通过112人。
市级大厅群众平均等候时间由17分钟缩短到8分钟。
早高峰平均车速由每小时21.4公里提高到25.1公里。
三、外贸
出口26.74亿元，增长5.1%。
进口4.54亿元，下降5.6%。
四、明年目标
全年接待游客4500万人次以上。
五、文旅
全年接待游客4186.3万人次，同比增长61.5%。
"""


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    return checker_of(REPORT, "湖滨市2022年工作报告", tmp_path_factory.mktemp("lakeside"))


@pytest.mark.parametrize(
    ("claim", "question"),
    [
        ("水果产量里，蜜柚占了一半以上。", "水果产量里，蜜柚占了几成？"),
        ("投资有三成多花在了市本级。", "投资里，花在了市本级占几成？"),
        ("软件终端是硬件终端的三倍多。", "软件终端是硬件终端的几倍？"),
        ("出口比进口多22.2亿元。", "出口比进口多多少元？"),
        ("平均每名干部联系的企业不足两家。", "平均每名干部联系的企业多少家？"),
        ("还有八百多个村没有治理完。", "还有多少个村没有治理完？"),
        ("接入41个单位。", None),
        ("排在全省第3位。", None),
    ],
)
def test_claim_is_asked_for_what_may_be_worked_out(claim: str, question: str | None):
    (figure,) = read_figures(claim)
    assert question_for(claim, figure) == question


@pytest.mark.parametrize(
    ("claim", "ruling"),
    [
        ("全市的经营主体，个体工商户占了七成左右。", Ruling.SUPPORTED),
        ("全市的经营主体，企业占了七成左右。", Ruling.NOT_ENOUGH_INFO),
        ("市区的网约车比巡游出租车多出将近一千五百辆。", Ruling.SUPPORTED),
        ("市区的网约车比巡游出租车少将近一千五百辆。", Ruling.NOT_ENOUGH_INFO),
        ("巡游出租车比网约车多出将近一千五百辆。", Ruling.NOT_ENOUGH_INFO),
        ("市区的网约车比巡游出租车多出将近两千辆。", Ruling.NOT_ENOUGH_INFO),
        ("平均每名干部包联的企业不足两家。", Ruling.SUPPORTED),
        ("平均每名干部包联的企业超过两家。", Ruling.NOT_ENOUGH_INFO),
        ("2022年出口比进口多22.2亿元。", Ruling.SUPPORTED),
        ("2022年进口比出口多22.2亿元。", Ruling.NOT_ENOUGH_INFO),
        ("早高峰平均车速快了3.7公里。", Ruling.SUPPORTED),
        ("早高峰平均车速慢了3.7公里。", Ruling.REFUTED),
        ("市级大厅群众等候时间少了9分钟。", Ruling.SUPPORTED),
        ("市级大厅群众等候时间多了9分钟。", Ruling.REFUTED),
        ("参加执法资格考试的人中，没通过的有6人。", Ruling.SUPPORTED),
        ("2022年出口比进口多22.2亿元，创历史新高。", Ruling.NOT_ENOUGH_INFO),
    ],
)
def test_what_follows_from_two_figures_is_told_from_what_does_not(checker: Checker, claim: str, ruling: Ruling):
    assert checker.check_claim(claim).verdict is ruling


def test_claim_that_follows_cites_the_sentences_of_both_figures(checker: Checker):
    verdict = checker.check_claim("2022年出口比进口多22.2亿元。")
    assert [c.quote for c in verdict.citations] == ["出口26.74亿元，增长5.1%。", "进口4.54亿元，下降5.6%。"]
    assert [(f.text, f.verdict) for f in verdict.figures] == [("22.2亿元", Ruling.SUPPORTED)]
