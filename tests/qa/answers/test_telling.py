import pytest

from qa.answers.telling import tells
from qa.language.asking import read_question

GARDEN = "植物园二期建成开园，占地36公顷，全年接待游客48万人次。"
TOWNS = "全县仍有4个乡镇尚未设立阅览室。"
NAMED = "松岭镇、白石镇和栗溪乡尚未设立阅览室。"
GRADED = "在全省评比中，栗溪市图书馆总分排第4位。"
BEST = "栗溪市图书馆总分居全省首位。"


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("植物园全年接待了多少游客？", GARDEN, True),
        ("植物园门票多少钱？", GARDEN, False),
        ("植物园门票多少钱？", "植物园成人票每张20元。", True),
        ("逛植物园收费吗？", GARDEN, False),
        ("逛植物园收费吗？", "植物园免费开放。", True),
        ("植物园周末开门吗？", GARDEN, False),
        ("植物园周末开门吗？", "植物园每周一闭园，周六照常开放。", True),
        ("能不能带狗进植物园？", GARDEN, False),
        ("能不能带狗进植物园？", "游客可携犬入园。", True),
        ("植物园怎么预约？", GARDEN, False),
        ("植物园游客为什么变少了？", "植物园全年接待游客12万人次，下降3.5%。", False),
        ("植物园游客为什么变少了？", "受连续降雨影响，植物园接待游客12万人次。", True),
        ("植物园游客为什么只有15万？", "植物园全年接待游客12万人次，下降3.5%。", True),  # to be put right
        ("植物园游客为什么变少了？", "连续降雨，植物园游客量下降5%。", True),  # may be the reason
        ("植物园被评为什么？", "植物园获评“文明窗口”。", True),
        ("植物园园长是谁？", "植物园园长由张三担任。", True),
        ("植物园园长是谁？", GARDEN, False),
        ("植物园园长是谁？", "植物园园长林知夏获劳动奖章。", True),
        ("植物园怎么预约？", "游客通过小程序预约。", True),
        ("植物园由谁管？", GARDEN, False),
        ("植物园由谁管？", "植物园由园林中心管理。", True),
        ("植物园的电话是多少？", GARDEN, False),
        ("植物园的电话是多少？", "咨询热线0532。", True),
        ("各区县分别有多少个植物园？", "全市建成植物园12个。", False),
        ("各区县分别有多少个植物园？", "松岭区建成植物园8个，白石县建成4个。", True),
        ("植物园是谁设计的？", GARDEN, False),
        ("植物园是谁设计的？", "植物园由市设计院承担设计。", True),
        ("在植物园摘花会怎么样？", GARDEN, False),
        ("在植物园摘花会怎么样？", "攀折花木的处200元罚款。", True),
    ],
)
def test_sentence_tells_a_facet_by_the_words_for_it(question: str, sentence: str, expected: bool):
    assert tells(read_question(question), sentence) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("哪个馆藏书最多？", "全市建成图书馆12座，藏书80万册。", False),
        ("哪个馆藏书最多？", "12座图书馆中市馆藏书最多。", True),
        ("哪个馆排第一？", GRADED, False),
        ("哪个馆排第一？", BEST, True),
        ("图书馆藏书最多能借几本？", "每证可借书5本。", True),  # asks for no name
    ],
)
def test_what_is_the_most_is_told_by_a_sentence_that_says_so(question: str, sentence: str, expected: bool):
    assert tells(read_question(question), sentence) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("没设阅览室的是哪4个乡镇？", TOWNS, False),
        ("没设阅览室的是哪3个乡镇？", NAMED, True),
        ("没设阅览室的乡镇有多少个？", TOWNS, True),
        ("18家书店分别是哪些？", "18家书店推出借阅、购书和讲座服务。", False),
        ("三家书店分别是哪些？", "“换书日”在3家书店举办。", False),
        ("三家书店分别是哪些？", "甲山书店、白石书店和栗溪书店推出借阅服务。", True),
        ("5家书店分别是哪些？", "甲山、白石、栗溪、松岭、湖东5家书店延时开放。", True),
        ("18家书店在哪几个镇？", "18家书店开在松岭镇、白石镇和栗溪镇。", True),
        ("封场的3座填埋场叫什么？", "3座老旧填埋场完成封场。", False),
        ("封场的3座填埋场叫什么？", "松岭、白石和栗溪3座填埋场完成封场。", True),
        ("常驻的12个部门是哪些？", "12个部门常驻，受理1687件。", False),
        ("3名获奖学生都是哪所中学的？", "3名学生均来自松岭中学。", True),  # one is asked for
    ],
)
def test_which_of_them_is_told_by_names_and_not_by_their_number(question: str, sentence: str, expected: bool):
    assert tells(read_question(question), sentence) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("松岭隧道哪天动工的？", "松岭隧道左洞于11月19日贯通。", False),
        ("松岭隧道哪天动工的？", "松岭隧道3月1日开工。", True),
        ("北桥是哪年建成的？", "1月大雪，北桥封闭9小时。", False),
        ("北桥是哪年建成的？", "北桥2021年通车。", True),
        ("学生坐车打几折？", "973辆公交车换成新能源车。", False),
        ("《老船工》的导演是谁？", "《老船工》获文华奖提名。", False),
        ("5个文化公园在哪里？", "建成文化公园5个。", False),
        ("5个文化公园在哪里？", "在松岭镇、白石镇建成文化公园5个。", True),
    ],
)
def test_when_where_and_by_whom_are_told_by_words_of_their_own(question: str, sentence: str, expected: bool):
    assert tells(read_question(question), sentence) is expected


def test_only_the_clause_that_asks_counts():
    assert tells(read_question("晚上能不能去先不说，植物园占地多少公顷？"), GARDEN)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("谁能告诉我打通了多少个系统？", "打通业务系统121个。"),
        ("能不能说说有几家？", "共有书店12家。"),
        ("可以介绍一下图书馆吗？", "图书馆藏书12万册。"),
        ("智能书架装好了吗？", "建成智能书架35座。"),
        ("各单位一共有多少套系统？", "全县有信息系统312个。"),
        ("新馆明年能完成吗？", "预计明年6月开馆。"),
        ("办借书证方便了吗？", "办证更加快捷。"),
        ("积雪有几厘米厚？", "积雪12厘米。"),
        ("如何考核馆员？", "对馆员推行月度积分。"),
        ("怎么查处盗版的？", "组织联合执法34次。"),
        ("水库建在哪条河上？", "水库建在清水河上。"),
        ("春节期间接待读者多少人次？", "春节接待读者48万人次。"),
        ("图书馆周末开门吗？", "图书馆365天不打烊。"),
        ("图书馆几点开门？", "图书馆每天8:30开馆。"),
    ],
)
def test_what_only_looks_like_asking_for_a_facet_is_let_through(question: str, sentence: str):
    assert tells(read_question(question), sentence)
