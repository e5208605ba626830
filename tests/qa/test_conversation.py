from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answer import Answer, Citation, Status
from qa.config import Settings
from qa.conversation import LONGEST, LONGEST_QUOTE, MOST_QUOTES, MOST_TURNS, Conversation, Restated, restate
from qa.pipeline import Parts, ask, load_parts

LIBRARY = "全市建成社区图书馆36个，藏书120万册，借阅量85万册次，同比增长12.5%。"
READERS = "图书馆通借通还系统服务8.2万注册读者和1.9万流动读者，读者满意率达98.6%。"
PARKS = "新建公园23个，公园绿地率达41%。"
HOTLINE = "全年受理市民热线诉求5200件，办结4680件。"
HOME = "实现“家门口办”事项340项、“掌上办”事项560项。"
RANK = "图书借阅量居全省第3名、全国第25名。"
FESTIVAL = "举办首届湖滨音乐节。"
SCHOOL = "湖滨学校二期于9月开学。"
SHOPS = "图书网络销售额57.3亿元，教辅网络销售额21.8亿元。"
REPORT = (LIBRARY, READERS, PARKS, HOTLINE, HOME, RANK, FESTIVAL, SCHOOL, SHOPS)


def find(words: str) -> Sequence[str]:
    """The three sentences of the little report that share most pairs of characters with the words."""
    pairs = {words[i : i + 2] for i in range(len(words) - 1)}
    return sorted(REPORT, key=lambda text: -sum(pair in text for pair in pairs))[:3]


def answer(
    question: str, short: str | None, *quotes: str, status: Status = Status.ANSWERED, title: str = "湖滨市"
) -> Answer:
    citations = tuple(
        Citation(mark, "lakeside", title, (), f"p{REPORT.index(quote) if quote in REPORT else mark}", 0, 1, quote)
        for mark, quote in enumerate(quotes, 1)
    )
    return Answer("", question, question, status, short=short, citations=citations)


def talk(*answers: Answer) -> Conversation:
    conversation = Conversation()
    for one in answers:
        conversation = conversation.after(one)
    return conversation


LIBRARIES = answer("社区图书馆建了多少个？", "36个", LIBRARY)
BOOKS = answer("2021年社区图书馆的藏书有多少册？", "120万册", LIBRARY)
REGISTERED = answer("图书馆通借通还系统的注册读者有多少？", "8.2万注册读者", READERS)
CALLS = answer("市民热线受理了多少件诉求？", "5200件诉求", HOTLINE)
SETTLED = answer("市民热线受理的诉求，其中办结了多少？", "4680件", HOTLINE)
AT_HOME = answer("全市有多少个“家门口办”事项？", "340项", HOME)
ON_PHONE = answer("全市有多少个“掌上办”事项？", "560项", HOME)
CARDS = answer("借书证登记了多少张？", "3215张", "发放借书证登记3215张、阅览证登记1462张。")
OPENED = answer("湖滨学校二期什么时候开学的？", "9月", SCHOOL)
SALES = answer("图书网络销售额有多大？", "57.3亿元", SHOPS.partition("，")[0])
FASTEST = answer("办得最快的“家门口办”事项是哪个？", "老年优待证", "“家门口办”事项中，老年优待证办得最快。")
BORROWED = answer("上一年社区图书馆的借阅量有多少？", "85万册次", LIBRARY, title="湖滨市2021年统计公报")
BRANCHES = answer("借阅量最大的是哪个分馆？", "湖东分馆", "湖东分馆借阅量最大。")
LARGEST = answer("借阅量最大的是哪个？", "湖东街道第二分馆借阅量最大", "湖东街道第二分馆借阅量最大。")
BOTH = answer("图书馆的注册读者和流动读者各有多少？", "8.2万、1.9万", READERS)
LAST_YEARS = answer("去年社区图书馆的借阅量有多少？", "85万册次", LIBRARY)
RISE = answer("市民热线受理的诉求比上年多了多少？", "300件", HOTLINE)
LENDING = answer("湖滨市的图书借阅量在全省排第几？", "第3名", RANK)


@pytest.mark.parametrize(
    ("earlier", "typed", "written"),
    [
        # another side of the thing
        ((LIBRARIES,), "藏书呢？", "社区图书馆的藏书有多少？"),
        ((LIBRARIES,), "那它的借阅量呢？", "社区图书馆的借阅量有多少？"),
        ((REGISTERED,), "它的满意率呢？", "图书馆通借通还系统的满意率是多少？"),
        ((LIBRARIES,), "同比呢？", "社区图书馆，同比是多少？"),
        ((BOOKS,), "年初才多少？", "社区图书馆的藏书，年初才多少？"),
        ((REGISTERED,), "流动的呢？", "图书馆通借通还系统的流动读者有多少？"),
        ((CALLS,), "办结的呢？", "市民热线，办结的有多少件？"),
        ((LIBRARIES,), "还有别的吗？", "社区图书馆，除了36个还有哪些？"),
        # the same of another thing
        ((AT_HOME,), "“掌上办”呢？", "全市有多少个“掌上办”事项？"),
        ((LIBRARIES,), "新建公园呢？", "新建公园建了多少个？"),
        ((BOOKS,), "那2024年呢？", "2024年社区图书馆的藏书有多少册？"),
        ((BOOKS,), "2024年的目标呢？", "2024年社区图书馆的藏书有多少册？"),
        ((CARDS,), "阅览的呢？", "阅览证登记了多少张？"),
        ((LENDING,), "全国呢？", "湖滨市的图书借阅量在全国排第几？"),
        ((LENDING,), "放到全国呢？", "图书借阅量，放到全国排第几？"),
        ((OPENED,), "三期呢，哪天开学？", "湖滨学校三期，哪天开学？"),
        ((LIBRARIES,), "流动图书馆呢？", "流动图书馆建了多少个？"),
        ((SALES,), "教辅的呢？", "教辅网络销售额有多大？"),
        ((BOOKS,), "后来呢？", "后来社区图书馆的藏书有多少册？"),
        ((BOOKS,), "再往前一年呢？", "上年社区图书馆的藏书有多少册？"),
        ((BORROWED,), "再往前一年呢？", "2019年社区图书馆的借阅量有多少？"),
        ((LIBRARIES,), "说错了，我要问的是新建公园", "新建公园建了多少个？"),
        # pronouns
        ((FASTEST,), "它要几天？", "老年优待证要几天？"),
        ((LARGEST,), "它有多少册书？", "湖东街道第二分馆有多少册书？"),
        ((CALLS,), "其中办结了多少？", "市民热线受理的诉求，其中办结了多少？"),
        ((REGISTERED,), "他们借了多少册书？", "图书馆通借通还系统的8.2万注册读者借了多少册书？"),
        ((AT_HOME, ON_PHONE), "它们加在一块儿有多少？", "“家门口办”和“掌上办”加在一块儿有多少？"),
        ((LIBRARIES,), "这些图书馆要花多少钱？", "社区图书馆要花多少钱？"),
        ((LIBRARIES,), "这个图书的来路是什么？", "图书的来路是什么？"),
        ((LIBRARIES,), "里面有多少册书？", "社区图书馆里面有多少册书？"),
        ((LIBRARIES,), "这个数比去年多吗？", "社区图书馆，这个数（36个）比去年多吗？"),
        ((LENDING,), "这个名次是哪年的？", "图书借阅量第3名是哪年的？"),
        ((BRANCHES,), "它有多少册书？", "湖东分馆有多少册书？"),
        ((BOTH,), "前者是后者的几倍？", "图书馆的注册读者是流动读者的几倍？"),
        # a goal is asked for in the unit of what was asked before
        ((LIBRARIES,), "今年要到多少？", "社区图书馆，今年要到多少个？"),
        # examples, ways
        ((SALES,), "比如呢？", "图书网络销售额有哪些？"),
        ((LENDING,), "靠什么？", "湖滨市的图书借阅量，靠什么？"),
        ((LIBRARIES,), "能举几个例子吗？", "社区图书馆有哪些？"),
        ((CALLS,), "举几个听听", "市民热线的诉求有哪些？"),
        ((LIBRARIES,), "比如呢？", "社区图书馆有哪些？"),
        ((CALLS,), "怎么做到的？", "市民热线受理的诉求，怎么做到的？"),
        # two figures, comparisons, doubts
        ((LIBRARIES,), "我怎么记得是63个？", "社区图书馆建了多少个，我怎么记得是63个？"),
        ((LIBRARIES,), "可我记得是63个呀", "社区图书馆建了多少个，可我记得是63个？"),
        ((LENDING,), "我怎么记得是第8名？", "湖滨市的图书借阅量在全省排第几，我怎么记得是第8名？"),
        ((LIBRARIES,), "你弄错了吧，我看到的是四十多个。", "社区图书馆建了多少个，我看到的是四十多个？"),
        ((CALLS, SETTLED), "这两个数差了多少？", "市民热线，5200件和4680件差了多少？"),
        ((CALLS, SETTLED), "两边差多少件？", "市民热线，5200件和4680件差多少件？"),
        ((CALLS, SETTLED), "公园和广场两边差多少个？", "市民热线，公园和广场两边差多少个？"),
        ((CALLS, SETTLED), "这两类合起来是多少？", "市民热线，5200件和4680件合起来是多少？"),
        ((CALLS, SETTLED), "按这两个数算占几成？", "市民热线，5200件和4680件占几成？"),
        ((CALLS, SETTLED), "后头这个比前头少多少？", "市民热线，4680件比5200件少多少？"),
        ((CALLS,), "比上年是多了还是少了，多了多少？", "市民热线受理的诉求，比上年是多了还是少了，多了多少？"),
        ((REGISTERED,), "流动的人少多少？", "图书馆通借通还系统，流动的人比注册读者少多少？"),
        ((CALLS,), "掌上办的比这少多少？", "市民热线，掌上办的比5200件少多少？"),
        ((CALLS,), "今年的目标比它高多少？", "市民热线受理的诉求，今年的目标比5200件高多少？"),
        ((CALLS,), "比“家门口办”多多少件？", "市民热线受理的诉求比“家门口办”多多少件？"),
        ((CALLS, SETTLED), "剩下没办的呢？", "市民热线，5200件扣除4680件还剩多少？"),
        ((SETTLED, CALLS), "其余的加起来有多少？", "市民热线，其余的加起来有多少？"),
        ((SETTLED, CALLS), "那还得再多办多少件？", "市民热线，5200件比4680件多办多少件？"),
        ((CALLS,), "照这么算，比上年多了多少？", "市民热线受理的诉求，比上年多了多少？"),
        ((LIBRARIES,), "明年再建多少？", "社区图书馆，明年再建多少个？"),
        ((LAST_YEARS,), "前年呢？", "前一年社区图书馆的借阅量有多少？"),
        ((CALLS, RISE), "上一年是多少？", "市民热线受理的诉求，上一年是多少？"),
        ((LENDING,), "图书的总量呢？", "图书借阅量的图书的总量是多少？"),
        ((LIBRARIES,), "不对吧，不是63个吗？", "社区图书馆建了多少个，不是63个吗？"),
        ((LIBRARIES,), "真的吗？", "社区图书馆建了36个，对吗？"),
        # nothing but what is new
        ((LIBRARIES,), "谁负责？", "社区图书馆，谁负责？"),
        ((CALLS,), "平均下来每天多少件？", "市民热线，平均下来每天多少件？"),
    ],
)
def test_follow_up_is_written_out(earlier: tuple[Answer, ...], typed: str, written: str):
    restated = restate(typed, talk(*earlier), find)
    assert restated.question == written
    assert restated.follows


@pytest.mark.parametrize(
    "typed",
    [
        "公园绿地率达到多少？",
        "全市建成社区图书馆多少个？",
        "湖滨音乐节那边请了哪些乐队？",
        "那湖滨音乐节是什么时候举办的，有多少人到场？",
    ],
)
def test_question_that_stands_alone_stays_as_it_is(typed: str):
    assert restate(typed, talk(CALLS), find).question == typed
    assert not restate(typed, talk(CALLS), find).follows


def test_first_question_of_a_talk_stays_as_it_is():
    assert restate("那业务系统呢？", Conversation(), find) == Restated("那业务系统呢？")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("换个问题，湖滨音乐节办了几届？", "湖滨音乐节办了几届？"),
        ("换个话题,公园呢？", "公园呢？"),
        ("另外问一下，热线受理了多少？", "热线受理了多少？"),
        ("好。换个事：公园呢？", "公园呢？"),
        ("行了，不问书了。热线受理了多少？", "热线受理了多少？"),
    ],
)
def test_announced_change_of_subject_is_taken_at_its_word(typed: str, written: str):
    assert restate(typed, talk(LIBRARIES), find) == Restated(written)


def test_follow_up_brings_what_the_talk_was_about():
    restated = restate("它的借阅量呢？", talk(CALLS, LIBRARIES), find)
    assert restated.own == "它的借阅量呢？"
    assert restated.stays == ("p0",)
    assert [figure.text for figure in restated.told] == ["5200件", "36个"]


@pytest.mark.parametrize(
    ("typed", "adds"),
    [("今年的打算呢？", ""), ("2024年呢？", ""), ("累计呢？", "累计呢？"), ("它的借阅量呢？", "它的借阅量呢？")],
)
def test_words_that_name_nothing_are_not_looked_for(typed: str, adds: str):
    restated = restate(typed, talk(LIBRARIES), find)
    assert restated.follows
    assert restated.adds == adds


def test_passages_of_both_figures_that_are_compared_come_near():
    two = restate("后头这个比前头少多少？", talk(LIBRARIES, CALLS), find)
    assert two.question == "市民热线，5200件比36个少多少？"
    assert two.stays == ("p0", "p3")
    assert restate("办结率是多少？", talk(LIBRARIES, CALLS), find).stays == ("p3",)


def test_talk_stays_with_its_passages_unless_another_thing_or_a_plan_is_asked_for():
    for typed, passages in (
        ("藏书呢？", ("p0",)),
        ("社区图书馆里住得近的人一共借走了多少册？", ("p0",)),
        ("新建公园呢？", ()),
        ("全市建成公园多少个？", ()),
        ("明年还建多少个？", ()),
    ):
        assert restate(typed, talk(LIBRARIES), find).stays == passages


def test_side_of_a_thing_leaves_the_talk_with_that_thing():
    conversation = talk(LIBRARIES, answer("借阅量达到多少？", "85万册次", LIBRARY.replace("全市", "社区图书馆")))
    assert conversation.turns[-1].subject == "社区图书馆"
    assert restate("它花了多少钱？", conversation, find).question == "社区图书馆花了多少钱？"


def test_talk_moves_on_to_what_a_follow_up_asked_about():
    conversation = talk(LIBRARIES, answer("社区图书馆，市民热线受理了多少件诉求？", "5200件", HOTLINE))
    assert conversation.turns[-1].subject == "市民热线"
    assert restate("办结率多少？", conversation, find).question == "市民热线，办结率多少？"


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("去年老百姓借走了多少册图书？", "图书"),
        ("城区新建了多少个公园？", "公园"),
        ("去年加装了多少台书柜？", "书柜"),
    ],
)
def test_whom_it_befell_and_what_was_done_are_no_subject(question: str, subject: str):
    sentence = "全年借出图书85万册，新建公园23个，加装书柜12台。"
    assert talk(answer(question, "23个", sentence)).turns[-1].subject == subject


def test_doubted_figure_may_be_given_again():
    restated = restate("不对吧，不是63个吗？", talk(CALLS, LIBRARIES), find)
    assert [figure.text for figure in restated.told] == ["5200件"]


def test_subject_lasts_over_follow_ups_and_a_refusal():
    refused = answer("社区图书馆，一年要花多少钱？", None, status=Status.NOT_IN_REPORT)
    conversation = talk(LIBRARIES, answer("社区图书馆的藏书有多少？", "120万册", LIBRARY), refused)
    assert [turn.subject for turn in conversation.turns] == ["社区图书馆"] * 3
    assert conversation.turns[-1].passages == ("p0",)
    assert restate("借阅量呢？", conversation, find).question == "社区图书馆的借阅量有多少？"


def test_what_was_no_question_leaves_the_talk_as_it_is():
    conversation = talk(LIBRARIES)
    for status in (Status.INVALID_INPUT, Status.OUT_OF_SCOPE, Status.OVERLOADED, Status.ERROR):
        assert conversation.after(replace(CALLS, status=status)) is conversation


def test_old_turns_are_forgotten():
    conversation = talk(*(answer(f"湖滨公园{n}号有多少棵树？", f"{n}棵") for n in range(MOST_TURNS + 3)))
    assert [turn.short for turn in conversation.turns] == [f"{n}棵" for n in range(3, MOST_TURNS + 3)]


def test_long_answers_are_kept_in_part():
    turn = talk(answer("社区图书馆建了多少个？", None, *(str(n) * 1000 for n in range(9)))).turns[0]
    assert turn.quotes == tuple(str(n) * LONGEST_QUOTE for n in range(MOST_QUOTES))
    assert len(turn.passages) == MOST_QUOTES


def test_question_that_would_grow_too_long_is_asked_as_typed():
    long = answer(f"{'湖滨市' * 60}社区图书馆建了多少个？", "36个", LIBRARY)
    typed = "不对吧，不是63个吗？"
    assert len(long.standalone_question) > LONGEST
    assert restate(typed, talk(long), find).question == typed


@pytest.mark.parametrize(
    "typed", ["呢？", "它", "这两个数", "不对", "那", "换个问题", "？", "其中", "这些", "还有呢？"]
)
def test_fragments_never_fail(typed: str):
    for conversation in (talk(LIBRARIES), talk(LIBRARIES, CALLS), talk(answer("？", None))):
        assert restate(typed, conversation, find).question


@pytest.fixture(scope="module")
def parts(bundled_index: Path) -> Parts:
    return load_parts(Settings(index=bundled_index))


def converse(parts: Parts, *questions: str) -> list[Answer]:
    conversation = Conversation()
    answers: list[Answer] = []
    for question in questions:
        answers.append(ask(question, parts, conversation))
        conversation = conversation.after(answers[-1])
    return answers


def test_talk_about_one_thing(parts: Parts):
    answers = converse(parts, "高清视频会议系统部署了多少台硬件终端？", "开过多少次会？", "参会人数呢？")
    assert [a.standalone_question for a in answers[1:]] == [
        "高清视频会议系统，开过多少次会？",
        "高清视频会议系统的参会人数有多少？",
    ]
    for one, figure in zip(answers, ("470多台", "1018次", "4万余人次"), strict=True):
        assert figure in (one.short or "")


def test_two_figures_of_the_talk_are_subtracted(parts: Parts):
    *_, last = converse(
        parts, "企业信用修复受理了多少件次申请？", "其中修复企业失信信息多少件次？", "这两个数相差多少？"
    )
    assert last.short == "2555件次"
    assert last.citations[0].quote.startswith("完善信用修复办理机制")


def test_change_of_subject_is_answered_elsewhere(parts: Parts):
    first, second = converse(parts, "城市云脑接入了多少个单位？", "换个话题，智慧安防小区、村庄建了多少处？")
    assert (first.short or "").startswith("41个")
    assert second.standalone_question == "智慧安防小区、村庄建了多少处？"
    assert (second.short or "").startswith("11187处")
