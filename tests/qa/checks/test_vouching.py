"""Claims with the words and figures of a report that it does not vouch for: none may be called supported."""

import pytest

from qa.checking import Checker, Ruling
from tests.qa.little import checker_of

REPORT = """枫川市2023年工作报告
一、回顾
网上可办事项占全部事项的九成（其中市本级870项、市区两级5230项）。全市博物馆全年接待观众88.6万人次，市博物馆接待观众31.2万人次。
星湖景区创成国家级景区，全市国家级景区增至6家。新建社区食堂14家，累计建成37家。
未亮证检查的，企业有权拒绝检查。未经论证的方案不得提交会议审议。
鹿鸣书院于11月开放，藏书4.2万册。市本级公交车530辆已全部换成电动车。
市人民医院晋升三级乙等医院，与市中医医院共建两个医联体。登记民宿640家，已取得许可证的512家。
书香枫川行动由市文化局牵头，联合市教育局组织实施。枫川入选全国书香百强榜，在全省阅读考评中居第2名。
年检率企业为94.8%、个体户为89.7%。全年贷款14.9亿元，其中商标质押1.8亿元、专利质押13.1亿元。
对82件规范性文件进行清理，保留63件、修改4件、废止15件。科创园吸引52家企业入驻，枫叶制药取得疫苗批件，是全省第4家获批企业。
积极探索数据开放，累计向社会提供数据36万条。
青年卡售价90元，60至64周岁老人半价。破案率升至45.8%。
二、2024年打算
破案率提高到50%以上。3月底前完成5个系统的对接，其余系统力争年底前全部打通。
"""


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    return checker_of(REPORT, "枫川", tmp_path_factory.mktemp("vouching"))


@pytest.mark.parametrize(
    "claim",
    [
        "入驻科创园的52家企业以外地企业居多。",
        "入驻科创园的52家企业大多来自省会。",
        "入驻科创园的52家企业里有外资企业。",
        "取得疫苗批件，枫叶制药是全省头一家。",
        "市本级能在网上办理的事项有5230项。",
        "市博物馆一家全年就接待观众88.6万人次。",
        "全市国家级景区新增了6家。",
        "2023年新建社区食堂37家。",
        "社区食堂累计建成14家。",
        "未亮证检查的，企业也不得拒绝检查。",
        "未经论证的方案可以提交会议审议。",
        "鹿鸣书院于5月开放。",
        "全市公交车已全部换成电动车。",
        "市中医医院晋升三级乙等医院。",
        "登记民宿都取得了许可证。",
        "42至64周岁老人半价。",
        "枫川2023年破案率超过了五成。",
        "5个系统要到年底才完成对接。",
        "5个系统的对接已经完成。",
        "书香枫川行动由市教育局牵头。",
        "枫川在全国书香百强榜上居第2名。",
        "商标质押的金额超过了专利质押。",
        "个体户的年检率高于企业。",
    ],
)
def test_what_the_very_clause_does_not_vouch_for_is_not_supported(checker: Checker, claim: str):
    assert checker.check_claim(claim).verdict is not Ruling.SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "市本级网上可办事项有870项。",
        "全市博物馆全年接待观众88.6万人次。",
        "全市国家级景区增至6家。",
        "2023年新建社区食堂14家。",
        "社区食堂累计建成37家。",
        "未亮证检查的，企业有权拒绝检查。",
        "鹿鸣书院在11月开放。",
        "60至64周岁老人半价。",
        "书香枫川行动由市文化局牵头。",
        "在全省阅读考评中枫川居第2名。",
        "枫川入选全国书香百强榜。",
        "专利质押的金额超过了商标质押。",
        "社会已累计获得数据36万条。",
        "废止的规范性文件比修改的多。",
        "枫叶制药取得疫苗批件，是全省第4家获批企业。",
    ],
)
def test_what_the_clause_vouches_for_stays_supported(checker: Checker, claim: str):
    assert checker.check_claim(claim).verdict is Ruling.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("商标质押的金额超过了专利质押。", "商标质押1.8亿元，专利质押13.1亿元"),
        ("个体户的年检率高于企业。", "个体户89.7%，年检率企业94.8%"),
        ("修改的规范性文件比废止的多。", "修改4件，废止15件"),
    ],
)
def test_which_of_two_is_more_is_decided_by_the_figure_of_each(checker: Checker, claim: str, told: str):
    verdict = checker.check_claim(claim)
    assert verdict.verdict is Ruling.REFUTED
    assert verdict.difference is not None
    assert told in verdict.difference
