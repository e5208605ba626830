import pytest

from index.figures import ledger
from qa.language.asking import read_question
from qa.language.picking import passage_weights, unit_allows


def test_term_that_stands_twice_in_a_passage_counts_half() -> None:
    assert passage_weights({"图书馆": 2.0, "读者": 1.0, "医院": 9.0}, "图书馆、图书馆和读者") == {
        "图书馆": 1.0,
        "读者": 1.0,
    }
    assert passage_weights({"app": 1.0}, "ＡＰＰ") == {"app": 1.0}


@pytest.mark.parametrize(
    ("question", "text", "allowed"),
    [
        ("讲了多少场？", "宣讲96场。", True),
        ("发了多少册？", "宣讲96场。", False),
        ("发了多少个？", "宣讲96场。", True),
        ("有多少名医生？", "培训医生210人。", True),
        ("有多少个孩子？", "出栏生猪78头。", False),
        ("花了多少钱？", "培训医生210人。", False),
        ("抽检了多少批？", "抽检食材820批次。", True),
        ("查了多少回？", "查处超限车辆163台次。", True),
        ("着了几次火？", "发生火灾28起。", True),
        ("受益的有几家？", "惠及困难户130户。", True),
        ("种了多少棵？", "植树1200株。", True),
        ("卖了多少平米？", "销售面积41万平方米。", True),
        ("每月来几个钟头？", "每月到村服务8小时。", True),
        ("发了几度电？", "发电92万千瓦时。", True),
        ("占百分之几？", "占全部的36.5%。", True),
        ("有多少家？", "占全部的36.5%。", False),
    ],
)
def test_unit_allows_what_the_classifier_may_mean(question: str, text: str, allowed: bool) -> None:
    assert unit_allows(read_question(question).asks[0], ledger(text)[0].figure) is allowed
