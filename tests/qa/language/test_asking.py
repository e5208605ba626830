import pytest

from qa.language.asking import Ask, Wanted, read_question
from qa.questions.splitting import split_question


@pytest.mark.parametrize(
    ("question", "wanted", "unit", "noun"),
    [
        ("图书馆有多少个阅览室？", Wanted.COUNT, "个", "阅览室"),
        ("全市有几家医院能开电子发票？", Wanted.COUNT, "家", "医院"),
        ("去年一共接待了多少人次？", Wanted.COUNT, "人次", ""),
        ("接待了几万人次？", Wanted.COUNT, "人次", ""),
        ("有多少家书店利用系统？", Wanted.COUNT, "家", "书店"),
        ("阅览室 几各？", Wanted.COUNT, "个", ""),
        ("图书馆的册数有多少？", Wanted.COUNT, "册", ""),
        ("来借书的人有多少？", Wanted.COUNT, "人", ""),
        ("排前几？", Wanted.RANK, "", ""),
        ("综合排名目标是多少？", Wanted.RANK, "", ""),
        ("2024年云溪县进口额是多少？", Wanted.MONEY, "", ""),
        ("浓度一年降了几微克？", Wanted.COUNT, "微克", ""),
        ("改革的行业，之前是几个？", Wanted.COUNT, "个", ""),
        ("那项服务全称怎么写？", Wanted.NAME, "", ""),
        ("建成怎样的一座图书馆？", Wanted.NAME, "", "图书馆"),
        ("孩子戴眼镜的多不多？", Wanted.YES_NO, "", ""),
        ("手续省事点没有？", Wanted.YES_NO, "", ""),
        ("受理了多少件次申请？", Wanted.COUNT, "件次", "申请"),
        ("办公系统的用户数是多少？", Wanted.COUNT, "", "用户"),
        ("一共有多少用户？", Wanted.COUNT, "", "用户"),
        ("有多少业务系统接进了平台？", Wanted.COUNT, "", "业务系统"),
        ("网上能办的有多少？", Wanted.COUNT, "", ""),
        ("火灾死了几个人？", Wanted.COUNT, "人", ""),
        ("展馆有多少人参观？", Wanted.COUNT, "人", ""),
        ("馆员有多少人？", Wanted.COUNT, "人", "馆员"),
        ("有多少人民调解员？", Wanted.COUNT, "", "人民调解员"),
        ("有几个人民法庭？", Wanted.COUNT, "个", "人民法庭"),
        ("更换了多少变压器？", Wanted.COUNT, "", "变压器"),
        ("修书花了多长时间？", Wanted.COUNT, "久", ""),
        ("哪120家企业借过书？", Wanted.NAMES, "家", "企业"),
        ("没有书屋的是哪4个乡镇？", Wanted.NAMES, "个", "乡镇"),
        ("明年定的目标又是多少？", Wanted.COUNT, "", "目标"),
        ("手续要几天？", Wanted.COUNT, "天", ""),
        ("审批要几个工作日？", Wanted.COUNT, "工作日", ""),
        ("有多少家长参加了培训？", Wanted.COUNT, "", "家长"),
        ("有多少人参加了培训？", Wanted.COUNT, "人", ""),
        ("抽检不合格的有多少批次？", Wanted.COUNT, "批次", ""),
        ("全县收了几多茶叶？", Wanted.COUNT, "", "茶叶"),
        ("奖学金一共发了多少？", Wanted.MONEY, "", ""),
        ("藏书一共值多少？", Wanted.MONEY, "", ""),
        ("开书屋挣出来多少？", Wanted.MONEY, "", ""),
        ("每亩给多少补贴？", Wanted.MONEY, "", ""),
        ("比去年多几个亿？", Wanted.MONEY, "", ""),
        ("产值增速是多少？", Wanted.PERCENT, "", ""),
        ("书屋设在哪里？", Wanted.PLACE, "", ""),
        ("得了什么国家级的奖项？", Wanted.NAME, "", "奖项"),
        ("活动用的是什么名号？", Wanted.NAME, "", "名号"),
        ("办得有多快？", Wanted.COUNT, "快", ""),
        ("桥有多长？", Wanted.COUNT, "长", ""),
        ("总共投了多少钱？", Wanted.MONEY, "", ""),
        ("贷款余额有多少？", Wanted.MONEY, "", ""),
        ("放款到底是多少？", Wanted.MONEY, "", ""),
        ("办结率是多少？", Wanted.PERCENT, "", "办结率"),
        ("群众满意度达到多少？", Wanted.PERCENT, "", "满意度"),
        ("增长率是多少？", Wanted.PERCENT, "", ""),
        ("线上办理占了几成？", Wanted.PERCENT, "", ""),
        ("电子发票占比有多大？", Wanted.PERCENT, "", ""),
        ("达到百分之几？", Wanted.PERCENT, "", ""),
        ("在线率提高了几个百分点？", Wanted.POINTS, "", ""),
        ("在线率升了几个点？", Wanted.POINTS, "", ""),
        ("在线率高了几点？", Wanted.POINTS, "", ""),
        ("全国排第几？", Wanted.RANK, "", ""),
        ("名列第几名？", Wanted.RANK, "", ""),
        ("在全省多少位？", Wanted.RANK, "", ""),
        ("进入前几名？", Wanted.RANK, "", ""),
        ("惠及居民多少名？", Wanted.COUNT, "名", ""),
        ("哪年开始建设的？", Wanted.DATE, "", ""),
        ("几月几号上线的？", Wanted.DATE, "", ""),
        ("什么时候完成验收？", Wanted.DATE, "", ""),
        ("哪个月上线的？", Wanted.DATE, "", ""),
        ("年利率一般多少？", Wanted.PERCENT, "", "年利率"),
        ("请的是哪家测评机构？", Wanted.NAME, "家", "机构"),
        ("走的是什么路子？", Wanted.NAME, "", "路子"),
        ("几点开门？", Wanted.DATE, "", ""),
        ("几点钟开门？", Wanted.DATE, "", ""),
        ("这个平台叫什么名字？", Wanted.NAME, "", "平台"),
        ("由谁牵头？", Wanted.NAME, "", ""),
        ("哪个部门负责？", Wanted.NAME, "个", "部门"),
        ("哪个部门统筹这项工作？", Wanted.NAME, "个", "部门"),
        ("哪家银行赢了？", Wanted.NAME, "家", "银行"),
        ("做完了哪一项测评？", Wanted.NAME, "项", "测评"),
        ("什么平台支撑了这项服务？", Wanted.NAME, "", "平台"),
        ("有哪些功能？", Wanted.NAMES, "", "功能"),
        ("哪三家银行参加了试点？", Wanted.NAMES, "家", "银行"),
        ("分别是什么？", Wanted.NAMES, "", ""),
        ("这13家医疗机构叫什么？", Wanted.NAMES, "", "医疗机构"),
        ("为什么要建这个平台？", Wanted.MANNER, "", ""),
        ("怎么申请？", Wanted.MANNER, "", ""),
        ("读者从几省来？", Wanted.COUNT, "", "省"),
        ("来的读者有几万？", Wanted.COUNT, "", "读者"),
        ("参加的人凑起来有几万？", Wanted.COUNT, "人", ""),
        ("做了多少项目？", Wanted.COUNT, "", "项目"),
        ("修一本书平均花多少秒？", Wanted.COUNT, "秒", ""),
        ("修了多长的书架？", Wanted.COUNT, "长", ""),
        ("图书馆里外国作家的书占了几册？", Wanted.COUNT, "册", ""),
        ("馆员的津贴一个月该领多少？", Wanted.MONEY, "", ""),
        ("收了多少学费？", Wanted.MONEY, "", ""),
        ("带动了多少消费？", Wanted.COUNT, "", "消费"),
        ("旧书均价现在多少一本？", Wanted.MONEY, "", "均价"),
        ("馆员工资现在是多少？", Wanted.MONEY, "", "工资"),
        ("办结率控制在什么水平？", Wanted.PERCENT, "", "办结率"),
        ("较去年增幅几何？", Wanted.PERCENT, "", ""),
        ("藏书总数几何？", Wanted.COUNT, "", "藏书"),
        ("挤进头几了？", Wanted.RANK, "", ""),
        ("哪条高速公路全线开通了？", Wanted.NAME, "条", "高速公路"),
        ("在哪份报告里排第一？", Wanted.NAME, "份", "报告"),
        ("那个“币”怎么称呼？", Wanted.NAME, "", ""),
        ("用的那套系统叫么名？", Wanted.NAME, "", "系统"),
        ("请列举一证能进的几类书店。", Wanted.NAMES, "类", "书店"),
        ("县里的书展，正式名称是？", Wanted.NAME, "", ""),
        ("馆员一年能有几个钱？", Wanted.MONEY, "", ""),
        ("开放的目录，确切个数为何？", Wanted.COUNT, "", "目录"),
        ("总册数到底有多大？", Wanted.COUNT, "册", ""),
        ("讲究哪“三个统一”？", Wanted.NAMES, "个", "统一"),
        ("两个书屋分别由哪个单位牵头？", Wanted.NAMES, "个", "单位"),
        ("最抢手的三样东西是什么？", Wanted.NAMES, "", "东西"),
        ("修图书馆有什么用？", Wanted.MANNER, "", ""),
        ("开书屋图个啥？", Wanted.MANNER, "", ""),
        ("借书难，根子在哪？", Wanted.MANNER, "", ""),
        ("领书证得上哪儿去？", Wanted.PLACE, "", ""),
        ("有没有手机版？", Wanted.YES_NO, "", ""),
        ("可以用手机办吗？", Wanted.YES_NO, "", ""),
    ],
)
def test_interrogative_says_what_is_wanted(question: str, wanted: Wanted, unit: str, noun: str) -> None:
    (ask,) = read_question(question).asks
    assert (ask.wanted, ask.unit, ask.noun) == (wanted, unit, noun)


@pytest.mark.parametrize("words", ["从前上哪儿都得排队", "书啥都没了", "谁都能借"])
def test_everything_is_no_question(words: str) -> None:
    assert read_question(words).asks == ()


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("这些书卖了多少册，不是问印了多少册", ["多少册"]),
        ("几个镇一起办的那场书展，正式名称是什么？", ["名称是什么"]),
        ("从前上哪儿都得排队，如今是不是好了？", ["是不是"]),
        ("书屋开了几家，一年来了几万人？", ["几家", "几万人"]),
    ],
)
def test_what_is_only_pointed_at_or_not_meant_is_not_asked_for(question: str, asked: list[str]) -> None:
    assert [question[ask.start : ask.end] for ask in read_question(question).asks] == asked


@pytest.mark.parametrize(
    ("topic", "wanted", "unit"),
    [
        ("书架总长", Wanted.COUNT, "长"),
        ("图书馆面积？", Wanted.COUNT, "大"),
        ("杂志，发行量", Wanted.COUNT, ""),
        ("连书屋算上，数目是？", Wanted.COUNT, ""),
        ("购书金额", Wanted.MONEY, ""),
        ("图书外借率呢", Wanted.PERCENT, ""),
        ("全省排名", Wanted.RANK, ""),
        ("那场书展，名字是？", Wanted.NAME, ""),
        ("借得最多的三类图书分别是？", Wanted.NAMES, ""),
    ],
)
def test_bare_topic_implies_what_is_wanted(topic: str, wanted: Wanted, unit: str) -> None:
    (part,) = split_question(read_question(topic))
    assert [(ask.wanted, ask.unit) for ask in part.asks] == [(wanted, unit)]


@pytest.mark.parametrize("topic", ["城市云脑", "说说政务服务", "", "？"])
def test_bare_topic_asks_for_nothing_particular(topic: str) -> None:
    asked = read_question(topic)
    assert (asked.asks, asked.stated, asked.wanted) == ((), (), None)


def test_ask_has_its_place_in_the_question() -> None:
    asked = read_question("图书馆有多少个阅览室，由谁管理？")
    assert asked.asks == (Ask(Wanted.COUNT, "个", "阅览室", 4, 10), Ask(Wanted.NAME, "", "", 12, 13))
    assert asked.wanted is Wanted.COUNT
    assert [asked.question[ask.start : ask.end] for ask in asked.asks] == ["多少个阅览室", "谁"]


def test_yes_or_no_is_asked_only_where_nothing_else_is() -> None:
    assert [ask.wanted for ask in read_question("你知道图书馆有多少座吗？").asks] == [Wanted.COUNT]
    assert [ask.wanted for ask in read_question("图书馆是不是免费？").asks] == [Wanted.YES_NO]


def test_figures_of_the_question_are_stated_unless_they_are_asked_for() -> None:
    asked = read_question("2020年有80个，2021年有多少个？")
    assert [figure.text for figure in asked.stated] == ["2020年", "80个", "2021年"]
    assert read_question("全国排第几？").stated == ()


def test_hearsay_asks_nothing_but_states() -> None:
    asked = read_question("听说谁都能办40件，到底能办多少件？")
    assert [(ask.wanted, ask.unit) for ask in asked.asks] == [(Wanted.COUNT, "件")]
    assert [figure.text for figure in asked.stated] == ["40件"]
    assert [ask.wanted for ask in read_question("听说谁主办的来着").asks] == [Wanted.NAME]


def test_count_that_only_points_at_what_is_named_is_not_asked_for() -> None:
    assert [ask.wanted for ask in read_question("接入了多少个单位的那个平台叫什么？").asks] == [Wanted.NAME]
