from collections.abc import Sequence

import pytest

from index.passage import Passage
from qa.answers.fitting import Seen, candidates, fit_of
from qa.answers.reckoning import Operand, Reckoned, Sum, difference, formerly, is_change, is_level, reckon
from qa.language.asking import FIGURES, read_question
from qa.language.picking import ledger, passage_weights
from qa.language.wording import weigh
from qa.questions.arithmetic import Plan, Side, read_sums

LIBRARIES = "全市建成图书馆36座、文化馆12座，馆藏图书820余万册，全年接待读者超过450万人次，比上年增长12.5%。"
POWER = "供电可靠率由年初的98.2%提升至99.6%，新增充电桩1200个，累计建成充电桩5600个。"
BOOKS = "区级图书馆收藏古籍1.2万册，市图书馆收藏古籍8.6万册。"
LOANS = "发放助学贷款3.2亿元，惠及学生4.1万名。"
CASES = "受理投诉1250件，办结1180件。"
DAYS = "审批时限由15天压缩至6天。"
HEATING = "全县供热面积480万平方米，比上年增加36万平方米；供热合格率98.4%，比上年提高1.2个百分点。"
WINDOWS = "大厅原有的52个专窗整合为18个综合窗口。"
BUSES = "年末公交车820辆，其中电动车610辆，占74.4%。"
GRAIN = "早稻种植面积21万亩，绝收1200亩。"
INSURED = "甲保险、乙保险参保人数分别为30万人和20万人，分别增长10%和25%。"
INCOMES = "城镇居民收入3.6万元，农村居民收入2.1万元，收入比由1.8缩小到1.71。"
KINDS = "文学、历史和科技类图书分别占40.2%、25.3%和16.5%。"
MILK = "奶牛存栏3200头，上年为2900头，同比增长10.3%。"


def operands_of(side: Side, passages: Sequence[Passage]) -> list[Operand]:
    ask = next(ask for ask in reversed(side.asked.asks) if ask.wanted in FIGURES)
    found: list[Operand] = []
    for rank, passage in enumerate(passages, 1):
        if side.stated is not None:
            stated = [entry for entry in ledger(passage.text) if entry.figure.value == side.stated.value]
            found += (Operand(passage, entry, 6.0) for entry in stated)
            continue
        seen = Seen(passage.text, 1.0, rank, passage.text, {})
        words = passage_weights(weigh(side.asked.question), passage.text)
        entries = candidates(ask, side.asked, seen, words, lambda a, b: 0.0)
        found += (Operand(passage, entry, fit_of(features)) for entry, features in entries)
    return found


def passages_of(texts: Sequence[str]) -> list[Passage]:
    return [Passage(f"p{i}", "d", (), 0, len(text), text, i, i) for i, text in enumerate(texts)]


def reckoned(question: str, *texts: str) -> Reckoned | None:
    passages = passages_of(texts)
    for plan in read_sums(read_question(question)):
        found = reckon(plan, [operands_of(side, passages) for side in plan.sides])
        if found is not None:
            return found
    return None


def sum_of(question: str, *texts: str) -> Sum | None:
    found = reckoned(question, *texts)
    return found.sum if found else None


@pytest.mark.parametrize(
    ("question", "text", "shown", "result"),
    [
        ("供电可靠率提升了多少个百分点？", POWER, "99.6% − 98.2% = 1.4个百分点", "1.4个百分点"),
        ("供电可靠率高了多少？", POWER, "99.6% − 98.2% = 1.4个百分点", "1.4个百分点"),
        ("办理时间缩短了多少天？", DAYS, "15天 − 6天 = 9天", "9天"),
        ("审批一共砍了多少天？", DAYS, "15天 − 6天 = 9天", "9天"),
        ("大厅的窗口比原先少了几个？", WINDOWS, "52个 − 18个 = 34个", "34个"),
        ("奶牛多了多少头？", MILK, "3200头 − 2900头 = 300头", "300头"),
        ("图书馆比文化馆多多少座？", LIBRARIES, "36座 − 12座 = 24座", "24座"),
        ("文化馆比图书馆少几座？", LIBRARIES, "36座 − 12座 = 24座", "24座"),
        ("图书馆和文化馆相差几座？", LIBRARIES, "36座 − 12座 = 24座", "24座"),
        ("一边是图书馆，一边是文化馆，前者比后者多几座？", LIBRARIES, "36座 − 12座 = 24座", "24座"),
        ("区级和市图书馆的古籍相差多少册？", BOOKS, "8.6万册 − 1.2万册 = 7.4万册", "7.4万册"),
        ("受理的投诉比办结的多多少件？", CASES, "1250件 − 1180件 = 70件", "70件"),
        ("图书馆和文化馆加起来多少座？", LIBRARIES, "36座 + 12座 = 48座", "48座"),
        ("投诉减去办结的，没办的多少件？", CASES, "1250件 − 1180件 = 70件", "70件"),
        ("去掉新增的，充电桩还有多少个？", POWER, "5600个 − 1200个 = 4400个", "4400个"),
        ("把新增的刨掉，充电桩还有多少个？", POWER, "5600个 − 1200个 = 4400个", "4400个"),
        ("还有多少件没办结？", CASES, "1250件 − 1180件 = 70件", "70件"),
        ("公交车里不是电动的还有几辆？", BUSES, "820辆 − 610辆 = 210辆", "210辆"),
        ("电动的以外，公交车有几辆？", BUSES, "820辆 − 610辆 = 210辆", "210辆"),
        ("图书馆和文化馆一共多少座？", LIBRARIES, "36座 + 12座 = 48座", "48座"),
        ("电动车在公交车里占多大比例？", BUSES, "610辆 ÷ 820辆 ≈ 74.4%", "约74.4%"),
        ("图书馆是文化馆的几倍？", LIBRARIES, "36座 ÷ 12座 = 3倍", "3倍"),
        ("窗口现在是原来的几倍？", "窗口由20个增加到50个。", "50个 ÷ 20个 = 2.5倍", "2.5倍"),
        ("一共多开了几个窗口？", "窗口由20个增加到50个。", "50个 − 20个 = 30个", "30个"),
        ("商户由多少变多少，少了几家？", "市场商户由90家整合为60家。", "90家 − 60家 = 30家", "30家"),
        ("上年有多少家企业？", "规上企业净增21家，总数达到236家。", "236家 − 21家 = 215家", "215家"),
        ("乙保险上年有多少人参保？", INSURED, "20万人 ÷ (1 + 25%) ≈ 16万人", "约16万人"),
        (
            "甲产业比乙产业增速高几个百分点？",
            "甲产业增长5%，乙产业增长3.5%。",
            "5% − 3.5% = 1.5个百分点",
            "1.5个百分点",
        ),
        ("城乡居民的收入差多少钱？", INCOMES, "3.6万元 − 2.1万元 = 1.5万元", "1.5万元"),
        ("新增充电桩占累计建成充电桩的百分之几？", POWER, "1200个 ÷ 5600个 ≈ 21.4%", "约21.4%"),
        ("上一年接待了多少人次读者？", LIBRARIES, "超过450万人次 ÷ (1 + 12.5%) ≈ 400万人次", "约400万人次"),
        ("供热面积上年是多少？", HEATING, "480万平方米 − 36万平方米 = 444万平方米", "444万平方米"),
        ("供热合格率上年是多少？", HEATING, "98.4% − 1.2个百分点 = 97.2%", "97.2%"),
        ("平均每座图书馆接待多少人次？", LIBRARIES, "超过450万人次 ÷ 36座 ≈ 12.5万人次", "约12.5万人次"),
        ("平均每名学生贷了多少元？", LOANS, "3.2亿元 ÷ 4.1万名 ≈ 7805元", "约7805元"),
        ("上年受理了多少件投诉？", "受理投诉900件，比上年下降10%。", "900件 ÷ (1 − 10%) ≈ 1000件", "约1000件"),
        ("补助标准提高了多少元？", "补助标准由每月910元提高到985元。", "985元 − 910元 = 75元", "75元"),
        ("书屋离原来的任务还差几个？", "书屋原定建150个，实际建成131个。", "150个 − 131个 = 19个", "19个"),
        ("书屋最后多完成了几个？", "书屋原定建30个，实际完成37个。", "37个 − 30个 = 7个", "7个"),
        ("每万人的医生，我们县比全市少几名？", "每万人有医生9名，低于全市12名。", "12名 − 9名 = 3名", "3名"),
        ("前三类图书合计占百分之几？", KINDS, "40.2% + 25.3% + 16.5% = 82%", "82%"),
        ("分馆和驿站两样加起来多少个？", "建成分馆12个、书屋30家、驿站8个。", "12个 + 8个 = 20个", "20个"),
        ("分馆、书屋、驿站三样加起来多少个？", "建成分馆12个、书屋30家、驿站8个。", "12个 + 30家 + 8个 = 50个", "50个"),
        ("没办结的还剩百分之几？", "投诉办结率99.5%，比上年提高1个百分点。", "100% − 99.5% = 0.5%", "0.5%"),
        ("公交车里，电动车约占百分之几？", "公交车820辆，电动车610辆。", "610辆 ÷ 820辆 ≈ 74.4%", "约74.4%"),
        ("受理投诉的办结比例是多少？", CASES, "1180件 ÷ 1250件 = 94.4%", "94.4%"),
        (
            "上一年的读者满意度测评，我市排在第几位？",
            "在读者满意度测评中，我市列第21位，比上年上升9位。",
            "第21位 + 9位 = 第30位",
            "第30位",
        ),
        ("甲馆比乙馆多多少册？", "甲馆藏书近30万册，乙馆藏书20万册。", "近30万册 − 20万册 ≈ 10万册", "约10万册"),
    ],
)
def test_sum_that_is_asked_for_is_done(question: str, text: str, shown: str, result: str) -> None:
    found = sum_of(question, text)
    assert found is not None
    assert (found.shown, found.result) == (shown, result)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("三期工程一共投资多少？", "三期工程总投资25亿元，其中一期5亿元、二期8亿元。"),
        ("前三类图书合计占百分之几？", "文学、历史、艺术和科技类图书分别占40%、25%、16%和9%。"),
        ("云脑里业务系统占百分之几？", "云脑接入业务系统121个。"),
        ("新能源汽车的渗透比例是多少？", "新能源汽车保有量12万辆，渗透县区6个。"),
    ],
)
def test_figures_that_do_not_belong_together_make_no_sum(question: str, text: str) -> None:
    found = sum_of(question, text)
    assert found is None or ("+" not in found.shown and "÷" not in found.shown)


@pytest.mark.parametrize(
    ("question", "text", "result"),
    [
        ("还有几件复议没审结？", "复议收案174件，审结161件，其中68件以调解方式结案。", "13件"),
        ("还有几条水体没治理？", "黑臭水体57条，当年治理23条，累计治理41条。", "16条"),
    ],
)
def test_what_is_left_is_left_of_all_that_was_done(question: str, text: str, result: str) -> None:
    found = sum_of(question, text)
    assert found is not None
    assert found.result == result


def test_figures_may_stand_in_two_passages() -> None:
    found = reckoned("图书馆比博物馆多几座？", "全市有图书馆36座。", "全市有博物馆9座，新增2座。")
    assert found is not None
    assert found.sum.shown == "36座 − 9座 = 27座"
    assert [passage.passage_id for passage in found.passages] == ["p0", "p1"]
    assert [figure.text for figure in found.sum.operands] == ["36座", "9座"]


def test_figures_that_the_question_states_are_taken() -> None:
    found = sum_of("36座和12座相差多少？", LIBRARIES)
    assert found is not None
    assert found.shown == "36座 − 12座 = 24座"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("图书馆比博物馆多多少？", LIBRARIES),
        ("供电可靠率和可用率差多少？", LIBRARIES),
        ("去年有多少座图书馆？", "建成图书馆36座。"),
        ("还剩多少件？", "受理投诉1250件。"),
        ("平均每座图书馆多少人？", "建成图书馆36座。"),
        ("提高了多少个百分点？", CASES),
        ("提高了多少个百分点？", "满意率为95.5%，办结率为84.6%。"),
        ("办理时间缩短了多少天？", "审批时限压缩至6天。"),
        ("新增充电桩占多少？", "新增充电桩1200个。"),
        ("图书馆比文化馆多多少座？", ""),
        ("早稻没收上来的有多少亩？", GRAIN),
        ("出生人口比死亡人口多多少？", "户籍人口83.5万人，常住人口71.4万人。"),
        ("图书馆和文化馆加起来借出了多少册？", "图书馆有藏书3万册，文化馆有藏书1万册。"),
        ("智慧校园和智慧工厂示范点加起来有多少个？", "31个校园纳入支持范围，建成智慧校园、智慧工厂示范点70个。"),
        ("2020年高标准农田有多少亩？", "新建高标准农田25万亩、改造提升8万亩。"),
    ],
)
def test_nothing_is_computed_where_the_figures_do_not_fit(question: str, text: str) -> None:
    assert sum_of(question, text) is None


def test_whole_of_another_sentence_is_one_of_the_same_things() -> None:
    [plan] = read_sums(read_question("没检修的水闸还剩多少座？"))
    for whole, result in (("全县水闸增加到120座。", "111座"), ("全县泵站增加到120座。", None)):
        texts = (whole, "完成水闸检修9座。")
        passages = [Passage(f"p{i}", "d", (), 0, len(t), t, i, 0) for i, t in enumerate(texts)]
        found = reckon(plan, [operands_of(side, passages) for side in plan.sides])
        assert (found.sum.result if found else None) == result


@pytest.mark.parametrize(
    "question", ["图书馆有多少座？", "一年最多建几座？", "由谁负责？", "城市云脑", "去年比前年好吗？"]
)
def test_nothing_is_computed_that_was_not_asked_for(question: str) -> None:
    assert sum_of(question, LIBRARIES) is None


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("产值221.65亿元，增长7.1%。", "约206.96亿元"),
        ("产值148,000元，增长13%。", "约13.1万元"),
        ("产值3378元，增长37.2%。", "约2462元"),
    ],
)
def test_what_is_rounded_is_as_short_as_people_say_it(text: str, result: str) -> None:
    found = sum_of("上年产值是多少元？", text)
    assert found is not None
    assert found.result == result


def test_difference_is_as_fine_as_its_figures() -> None:
    large, small = (entry.figure for entry in ledger("存款652.3712亿元，贷款487.51亿元"))
    found = difference(large, small)
    assert found is not None
    assert found.result == "164.8612亿元"


def test_what_the_report_says_it_was_before_is_found() -> None:
    plan: Plan = read_sums(read_question("上年奶牛有多少头？"))[0]
    found = formerly(plan, operands_of(plan.sides[0], passages_of([MILK])))
    assert found is not None
    assert found.figure.text == "2900头"


def test_level_and_change_are_told_apart() -> None:
    entries = [entry for entry in ledger(HEATING) if entry.figure.value is not None]
    told = [(entry.figure.text, is_level(entry), is_change(entry)) for entry in entries]
    assert told == [
        ("480万平方米", False, False),
        ("36万平方米", False, True),
        ("98.4%", True, False),
        ("1.2个百分点", False, True),
    ]


def test_two_shares_give_no_share() -> None:
    assert sum_of("民办学校占几成？", "民办学校占学校总数的18.7%，公办学校就读的占94.8%。") is None
