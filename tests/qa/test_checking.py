import json
from pathlib import Path

import pytest

from index.embedding import load_embedder
from index.store import PassageIndex
from qa.checking import Checker, Ruling
from qa.checks.claims import find_claims
from qa.language.covering import cover
from qa.retrieval import Retriever

DATA = Path(__file__).parent.parent / "data"
S, R, N = Ruling.SUPPORTED, Ruling.REFUTED, Ruling.NOT_ENOUGH_INFO


@pytest.fixture(scope="module")
def checker(bundled_index: Path) -> Checker:
    index = PassageIndex.open(bundled_index)
    return Checker(index, Retriever(index, load_embedder(None)))


@pytest.fixture(scope="module")
def report(bundled_index: Path) -> str:
    index = PassageIndex.open(bundled_index)
    return index.report(index.document_names[0]).text


# --- claim → verdict -------------------------------------------------------------------------------------------------


def test_wrong_figure_comes_back_corrected_with_the_exact_sentence(checker: Checker, report: str):
    verdict = checker.check_claim("城市云脑接入了41个业务系统。")
    assert verdict.verdict is R
    assert verdict.difference == "数值不符：41个 → 121个业务系统"
    assert verdict.correction == "城市云脑接入了121个业务系统。"
    (citation,) = verdict.citations
    assert citation.quote.startswith("初步建成左右衔接、上下贯通的城市云脑,接入41个单位的121个业务系统")
    assert report[citation.start : citation.end] == citation.quote
    assert [(f.text, f.verdict, f.right) for f in verdict.figures] == [("41个", R, "121个")]


def test_figures_of_neighbours_in_each_others_place_are_both_put_right(checker: Checker):
    verdict = checker.check_claim("城市云脑接入了219个业务系统和121个场景。")
    assert verdict.correction == "城市云脑接入了121个业务系统和219个场景。"


@pytest.mark.parametrize(
    ("claim", "ruling"),
    [
        ("一码通城注册用户约900万。", S),
        ("一码通城注册用户近900万。", S),
        ("一码通城注册用户超过900万。", R),
        ("一码通城注册用户900万。", R),
        ("“爱山东·青e办”整合7900多项服务。", S),
        ("“爱山东·青e办”整合近8000项服务。", S),
        ("“爱山东·青e办”整合超过8000项服务。", R),
        ("新归集64000万条数据。", S),
        ("新归集6.4万条数据。", R),
        ("累计召开视频会议一千多次。", S),
        ("累计召开视频会议超过1000次。", S),
        ("累计召开视频会议不足1000次。", R),
        ("吸引四十多家企业入驻公共数据服务平台。", S),
        ("云主机使用量同比增长三成多。", S),
        ("云主机使用量翻了一番。", R),
        ("软件终端超过1000个。", R),
    ],
)
def test_rounding_is_judged_as_people_do(checker: Checker, claim: str, ruling: Ruling):
    assert checker.check_claim(claim).verdict is ruling


@pytest.mark.parametrize(
    ("claim", "difference"),
    [
        ("视频监控资源在线率从年初的95.5%跌到84.6%。", "数值不符：95.5% → 84.6%；数值不符：84.6% → 95.5%"),
        ("云主机使用量同比下降37.2%。", "方向不符：37.2% → 37.2%"),
        ("一码通城注册用户超过900万。", "程度词不符：超过900万 → 近900万"),
        ("累计受理信用修复申请5581人次。", "单位不符：5581人次 → 5581件次"),
        ("移动办公用户比机关用户还多。", "大小关系不符：移动办公用户3.8万，机关用户8.8万"),
    ],
)
def test_difference_is_told_in_words(checker: Checker, claim: str, difference: str):
    verdict = checker.check_claim(claim)
    assert (verdict.verdict, verdict.difference) == (R, difference)


@pytest.mark.parametrize(
    "claim",
    [
        "城市云脑没有接入121个业务系统。",
        "24个事项已经全部完成。",
        "网上政务服务能力首次进入全国前5名。",
        "数字政府建设经验是由省政府办公厅专题推广的。",
        "大数据交易中心要从“服务商”转成“平台商”。",
        "国家和省级系统整合推进得很快。",
        "企业失信信息修复工作仍要跑腿。",
    ],
)
def test_words_that_say_the_contrary_refute(checker: Checker, claim: str):
    verdict = checker.check_claim(claim)
    assert verdict.verdict is R
    assert verdict.correction
    assert verdict.citations


@pytest.mark.parametrize(
    "claim",
    [
        "城市云脑由一家上市公司承建。",  # the predicate is nowhere
        "接入“就医付费一件事”的13家医疗机构都是三级医院。",  # the figure is right, the claim is another
        "济南城市云脑接入121个业务系统。",  # another city
        "2019年，云主机使用量同比增长37.2%。",  # another year
        "“爱山东·青e办”每天有50万人使用。",
        "政务云的服务器全部采用国产芯片。",
    ],
)
def test_what_the_report_does_not_say_is_neither_supported_nor_refuted(checker: Checker, claim: str):
    verdict = checker.check_claim(claim)
    assert (verdict.verdict, verdict.correction, verdict.citations) == (N, None, ())


@pytest.mark.parametrize(
    ("claim", "difference"),
    [
        ("“全市一家医院”接入13家医疗机构线上支付体系。", "主体不符：全市一家医院 → 就医付费一件事"),
        ("硬件终端超过1500个，软件终端470多台。", "数值不符：超过1500个 → 470多台；数值不符：470多台 → 超过1500个"),
        ("义务教育招生计划实现“一网通办”。", "并非计划：原文为“义务教育招生实现“一网通办””"),
        ("国家和省级系统整合推进过快。", "与原文相反：“国家和省级系统整合推进过快”，原文为“不快、跨层级数据共”"),
        (
            "“数字实验室”支持的唯一一家公司是海尔财务公司。",
            "说法夸大：“唯一一家公司是海尔财务公司”，原文为“支持海尔卡奥斯公司、海尔财务公司”",
        ),
        ("跨层级数据共享周期长的问题已经解决。", "与原文相反：“已经解决”，原文为“仍然存在”"),
        ("系统整合推进进度不快的问题已经解决。", "与原文相反：“已经解决”，原文为“仍然存在”"),
    ],
)
def test_words_that_stand_near_each_other_but_are_said_of_another_thing_refute(
    checker: Checker, claim: str, difference: str
):
    verdict = checker.check_claim(claim)
    assert (verdict.verdict, verdict.difference) == (R, difference)


@pytest.mark.parametrize(
    "claim",
    [
        "接入城市云脑的场景比业务系统多。",
        "视频监控资源在线率比年初高出10.9个百分点。",
        "接入城市云脑的场景比业务系统多98个。",
        "网上政务服务能力不是头一回进全国前五。",
        "得到省里支持建设的社区，青岛的数量在全省排第一。",
        "银行可以直接用政务数据做信贷。",
    ],
)
def test_what_follows_from_the_report_is_supported(checker: Checker, claim: str):
    verdict = checker.check_claim(claim)
    assert verdict.verdict is S
    assert verdict.citations


@pytest.mark.parametrize(
    ("claim", "ruling"),
    [
        ("城市云脑里摆着219个场景。", S),  # words that handle and place name nothing
        ("城市云脑里摆着219个业务系统。", R),  # the neighbour's figure
        ("44家医院入驻公共数据服务平台。", N),  # other things are counted
        ("公共数据服务平台单独开放1.3亿条数据。", N),
        ("政务云安装了3378台空调。", N),
        ("信用修复申请里，一半以上已经修复。", S),  # 3026 of 5581
    ],
)
def test_paraphrase_is_weighed_but_a_telling_word_is_not_forgiven(checker: Checker, claim: str, ruling: Ruling):
    assert checker.check_claim(claim).verdict is ruling


@pytest.mark.parametrize(
    ("claim", "ruling", "difference"),
    [
        ("云主机使用量同比有所增长。", S, None),
        (
            "视频监控资源在线率比年初有所下滑。",
            R,
            "与原文相反：“下滑”，原文为“视频监控资源在线率由年初的84.6%提升至95.5%”",
        ),
        ("市级需求共享满足率比上年有所提高。", N, None),
    ],
)
def test_rise_and_fall_without_a_figure_are_told_by_the_reports_figures(
    checker: Checker, claim: str, ruling: Ruling, difference: str | None
):
    verdict = checker.check_claim(claim)
    assert (verdict.verdict, verdict.difference) == (ruling, difference)


def test_one_wrong_sentence_refutes_the_whole(checker: Checker):
    verdict = checker.check_claim("城市云脑接入121个业务系统。城市云脑接入219项指标。")
    assert verdict.verdict is R
    assert verdict.correction == "城市云脑接入121个业务系统。城市云脑接入930余项指标。"


@pytest.mark.parametrize("text", ["", "  \n", "？？！", "abc", "\ud800", "9" * 5000, "“《（"])
def test_any_text_may_be_checked(checker: Checker, text: str):
    assert checker.check_claim(text).verdict in (Ruling.NOTHING_TO_CHECK, N)
    assert all(v.verdict in (Ruling.NOTHING_TO_CHECK, N) for v in checker.check(text))


# --- text → claims ---------------------------------------------------------------------------------------------------


def test_a_clause_is_cut_between_the_figures_that_it_lists():
    text = "云脑建设提速。\n城市云脑接入41个单位、219个场景和930余项指标，运行平稳有序。"
    claims = find_claims(text)
    assert [c.text for c in claims] == [
        "云脑建设提速。",
        "城市云脑接入41个单位",
        "219个场景",
        "930余项指标",
        "运行平稳有序。",
    ]
    assert all(text[c.start : c.end] == c.text for c in claims)
    assert claims[2].context == "城市云脑接入41个单位、"


@pytest.mark.parametrize(
    "text", ["一、总体情况", "各位来宾，大家好！", "我们相信，明天一定会更加美好。", "谢谢大家！", "数字青岛建设纪实"]
)
def test_headings_greetings_and_opinions_hold_nothing_to_check(text: str):
    assert [claim.checkable for claim in find_claims(text)] == [False]


def test_a_change_and_a_compound_stay_whole():
    text = "在线率由84.6%提升至95.5%，归集97类6.4亿条数据。"
    assert [c.text for c in find_claims(text)] == ["在线率由84.6%提升至95.5%", "归集97类6.4亿条数据。"]


def test_press_release_gets_the_25_verdicts_written_down_for_it(checker: Checker):
    text = (DATA / "press_release.txt").read_text(encoding="utf-8")
    lines = (DATA / "press_release.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = [(c["start"], c["end"], c["claim"], c["verdict"]) for c in map(json.loads, lines)]
    verdicts = checker.check(text)
    got = [(v.start, v.end, v.claim, v.verdict.value) for v in verdicts if v.verdict is not Ruling.NOTHING_TO_CHECK]
    assert len(wanted) == 25
    assert got == wanted
    assert verdicts == checker.check(text)


# --- words -----------------------------------------------------------------------------------------------------------


def test_words_that_mean_the_same_are_covered():
    assert cover("共享数据时间偏长", "跨层级数据共享周期较长").missing == ()
    assert cover("连接城市云脑", "接入城市云脑").share == 1.0


def test_what_is_missing_is_named():
    assert cover("政务云采用国产芯片", "政务云的支撑保障能力").missing == ("国产芯片",)


def test_half_of_a_longer_latin_word_is_not_covered():
    assert cover("AAAA级景区", "国家AAAAA级景区").missing == ("aaaa",)
    assert cover("5A级景区", "国家AAAAA级景区").missing == ()


@pytest.mark.parametrize(
    "claim",
    [
        "接入城市云脑的业务系统比场景多98个。",
        "综合资金比放款少468亿。",
        "机关用户比移动办公用户少5万。",
        "全国智慧安防小区、村庄建成率达100%。",
        "城市云脑接入单位不到80个。",
        "审核授信企业不到7万家。",
        "视频会议系统部署的软件终端不到1600个。",
        "24个事项中没有完成的有四分之一。",
    ],
)
def test_what_is_worked_out_the_wrong_way_round_is_never_supported(checker: Checker, claim: str):
    assert checker.check_claim(claim).verdict is not S
