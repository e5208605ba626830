"""Claims in other words than the report: the true are no contraries of it, and the false are not borne out."""

import pytest

from qa.checking import Checker, Ruling
from qa.checks.contradicting import is_exchanged
from tests.qa.little import checker_of, source_of

REPORT = """云溪市2022年工作报告
一、回顾
中央督察交办的87件信访件，已办结84件，剩余3件按序时进度推进。
市疾病预防控制局于9月挂牌，核定行政编制22名。
网上政务服务能力再次进入全国前5名，数字城市建设获评中国数字城市百强榜第6名。
全年接报各类警情48326起，同比下降6.7%，日均132起。
新生儿“出生一件事”联办2915件，办理时限由5个工作日压缩为1个工作日。
坚持项目为王，126个重点项目完成投资138.6亿元，占年度计划的105.2%。
村级集体经济收入50万元以上的村占55.6%，年收入20万元以下的薄弱村全部清零。
生活垃圾日处理能力达到900吨，全市告别垃圾填埋。
开展“问需于民”活动，梳理形成近20项热点问题。
义务教育招生实现“一网通办”，20余万学生家长“零跑腿”。
全市12315平台接收投诉和举报23.48万件。
零售药店2138家，其中连锁门店1367家。
涉企收费检查218家单位，其中中介机构87家、商业银行61家、协会43家。
农村居民人均收入增长7.2%，增速快于城镇居民1.9个百分点。
投诉平均办理时长由15.3天缩短到11.8天。
生均公用经费标准小学由850元提高到900元，初中由1050元提高到1150元。
新建城市书房53个，气瓶充装单位中38家建成追溯系统。
全年处理生活污水设施317座，其中49座运行不正常。
毕业生在本市就业的占68.5%。
游泳馆单次票价由45元下调至25元。
农村户厕返工率由7.4%降至1.9%。
城乡居民收入比由上年的1.93缩小到1.89。
预算收入28.7亿元，其中税收19.8亿元。
全年发生森林火灾7起，未发生重特大森林火灾和人员伤亡。
轴承测试中心由市计量测试研究所承建，总投资6800万元。
部分惠企政策免申即享、资金快速兑现。
公交企业经营困难，全年亏损1.36亿元。
推动数据交易中心由“平台商”向“平台+服务商”转变。
自然保护地整合方案上报待批。
电梯维修费用由保险公司先行垫付、再与物业结算。
石桥县连夜掘开老堰；雁坪县用消防水车送水1.4万车次。
设立3个冷链集中监管仓，按政策于12月停止运行。
2021年度企业年报率为94.8%，个体户年报率为89.7%。
24小时售药机投放在云岫区和安丰区。
自6月起，市博物馆每周五延时开放至21时。
7月至9月，全市降水较常年偏少五成以上。
在全省乡村振兴考核中列第4位，比上年前移2位。
企业开办实现一网填报，首套印章免费刻制。
268个村都聘有法律顾问。
县局组织“秋风”专项行动，专打盗抢骗。
逾期认领的审批信息占5.6%。
"""


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    return checker_of(REPORT, "云溪市2022年工作报告", tmp_path_factory.mktemp("contradicting"))


@pytest.mark.parametrize(
    "true",
    [
        "2022年云溪发生森林火灾7起。",
        "轴承测试中心由云溪市计量测试研究所承建，总投资6800万元。",
        "有一部分惠企政策，企业不用申请就能享受。",
        "3个冷链集中监管仓已于2022年12月停用。",
        "企业开办实现一网填报，首套印章不用企业掏钱。",
        "没有一个村缺法律顾问。",
        "云溪县公安局组织“秋风”行动，专打盗抢骗。",
        "从2022年6月起，每周五可以在市博物馆逛到晚上9点。",
        "2022年7月至9月，全市降水较常年偏少五成以上。",
    ],
)
def test_what_is_true_is_not_taken_for_the_contrary(checker: Checker, true: str):
    assert checker.check_claim(true).verdict is not Ruling.REFUTED


@pytest.mark.parametrize(
    ("false", "verdict"),
    [
        ("公交企业扭亏为盈，全年盈利1.36亿元。", Ruling.REFUTED),
        ("数据交易中心由“平台+服务商”退回到单一的“平台商”。", Ruling.REFUTED),
        ("自然保护地整合方案已经获批。", Ruling.REFUTED),
        ("2021年度个体户的年报率超过企业。", Ruling.REFUTED),
        ("电梯维修费用先由物业垫付。", Ruling.REFUTED),
        ("按时认领的审批信息占5.6%。", Ruling.REFUTED),
        ("用消防水车送水1.4万车次的是石桥县。", Ruling.NOT_ENOUGH_INFO),
        ("云岫区的24小时售药机数量多于安丰区。", Ruling.NOT_ENOUGH_INFO),
    ],
)
def test_what_is_turned_round_or_anothers_is_not_borne_out(checker: Checker, false: str, verdict: Ruling):
    assert checker.check_claim(false).verdict is verdict


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("中央督察交办的信访件还剩3件没有办结。", "中央督察交办的信访件还剩5件没有办结。"),
        ("市疾病预防控制局是2022年9月挂牌的。", "市疾病预防控制局是2021年9月挂牌的。"),
        ("在中国数字城市百强榜单上，云溪排到了第六位。", "网上政务服务能力排全国第六位。"),
        ("平均每天接报一百三十多起警情。", "平均每天接报一百五十多起警情。"),
        ("新生儿联办的办理时限如今是1个工作日，过去要5个。", "新生儿联办的办理时限如今是1个工作日，过去要7个。"),
        ("126个重点项目的投资超过了年度计划。", "126个重点项目的投资没有完成年度计划。"),
        ("年收入不到20万元的薄弱村已经清零。", "年收入不到50万元的薄弱村已经清零。"),
        ("全市的垃圾已经不再填埋。", "全市的垃圾仍在填埋。"),
        ("“问需于民”梳理出的热点问题没有超过20项。", "“问需于民”梳理出的热点问题超过20项。"),
        ("义务教育招生让二十多万学生的家长免了跑腿。", "义务教育招生让二十多万学生的家长跑腿。"),
        ("12315平台接收投诉和举报23.48万件。", "12315平台接收投诉和举报24.38万件。"),
    ],
)
def test_other_words_are_told_from_the_contrary(checker: Checker, true: str, false: str):
    assert checker.check_claim(true).verdict is Ruling.SUPPORTED
    assert checker.check_claim(false).verdict is not Ruling.SUPPORTED


@pytest.mark.parametrize(
    "false",
    [
        "零售药店中非连锁门店有1367家。",
        "连锁以外的零售药店有1367家。",
        "218家被检查单位中商业银行占四成。",
        "城镇居民收入增速快于农村居民1.9个百分点。",
        "咨询平均办理时长缩短了3.5天。",
        "初中生均公用经费标准提高了50元。",
        "上一年新建城市书房53个。",
        "每家气瓶充装单位都建成了追溯系统。",
        "还有268座生活污水设施运行不正常。",
        "毕业生在外地就业的占68.5%。",
        "游泳馆单次票价下调了25元。",
        "城镇户厕返工率降低5.5个百分点。",
    ],
)
def test_figure_of_the_part_the_other_or_another_year_bears_nothing_out(checker: Checker, false: str):
    assert checker.check_claim(false).verdict is not Ruling.SUPPORTED


@pytest.mark.parametrize(
    "true",
    [
        "零售药店里连锁门店有1367家。",
        "218家被检查单位中中介机构占四成左右。",
        "农村居民收入增速比城镇居民快1.9个百分点。",
        "投诉平均办理时长缩短了3.5天。",
        "小学生均公用经费标准提高了50元。",
        "新建城市书房53个。",
        "毕业生在本市就业的占68.5%。",
        "游泳馆单次票价下调了20元。",
        "农村户厕返工率降低5.5个百分点。",
    ],
)
def test_figure_of_the_very_thing_bears_a_claim_out(checker: Checker, true: str):
    assert checker.check_claim(true).verdict is Ruling.SUPPORTED


def test_place_that_a_draft_names_is_no_other_thing():
    told = [source_of("开展拉网式排查，发现问题厕所8326户", title="云溪市2022年工作报告")]
    assert not is_exchanged("云溪排查出问题厕所8326户", told, lambda words: True)
    assert is_exchanged("学校排查出问题厕所8326户", told, lambda words: True)


def test_year_before_may_be_named_with_what_it_was_then(checker: Checker):
    true = checker.check_claim("在全省乡村振兴考核中列第4位，上年是第6位。")
    assert true.verdict is Ruling.SUPPORTED
    assert checker.check_claim("城乡居民收入比由上年的1.93缩小到1.89。").verdict is Ruling.SUPPORTED


def test_what_one_figure_leaves_of_another_is_not_refuted_by_either(checker: Checker):
    assert checker.check_claim("非税收入为8.9亿元。").verdict is not Ruling.REFUTED
    assert checker.check_claim("预算收入为27.8亿元。").verdict is Ruling.REFUTED
