"""What a claim says besides what its sentence tells."""

import pytest

from qa.checks.adding import adds
from tests.qa.little import source_of

CALLS = "热线接听来电9.8万个，群众满意率96.7%。"
FINES = "立案处罚237件，罚款2418万元，案件数同比下降14.1%。"
WARDENS = "聘请护湖员120名，多为退捕渔民。"
LOANS = "联合农商银行为52家中小企业放款4.7亿元。"
MILL = "钢铁公司超低排放改造主体工程基本完工，286家单位安装监控设备并联网。"


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("热线接听来电9.8万个，比上年增加。", CALLS),
        ("热线来电比上年有所增加。", CALLS),
        ("罚款2418万元，比上年减少。", FINES),
        ("放款的52家中小企业多为水泥企业。", LOANS),
        ("护湖员120名，大多是在校学生。", WARDENS),
        ("钢铁公司超低排放改造已完成。", MILL),
        ("286家单位正在安装监控设备。", "286家单位安装监控设备。"),
        ("市公安局立案处罚237件。", FINES),
        ("放款的52家中小企业是通过公开招标选定的。", LOANS),
    ],
)
def test_what_no_sentence_tells_is_seen(claim: str, sentence: str):
    assert adds(claim, [source_of(sentence, "市生态环境局2024年工作总结")])


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("热线接听来电9.8万个。", CALLS),
        ("立案处罚237件，案件数比上年减少。", FINES),
        ("护湖员大多是退捕渔民。", WARDENS),
        ("钢铁公司超低排放改造主体工程基本完工。", MILL),
        ("市生态环境局立案处罚237件。", FINES),
        ("286家单位已安装监控设备。", "286家单位安装监控设备。"),
    ],
)
def test_what_a_sentence_tells_is_no_addition(claim: str, sentence: str):
    assert not adds(claim, [source_of(sentence, "市生态环境局2024年工作总结")])
