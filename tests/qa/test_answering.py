from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import build
from index.store import PassageIndex
from qa.answering import ExtractiveAnswerer, Sought, Written, needs_pick
from qa.answers import choosing
from qa.language.asking import Ask, Wanted, read_question
from qa.questions.splitting import split_question
from qa.retrieval import Retriever
from tests.fakes import HashEmbedder

REPORT = """云溪县2023年文化工作报告
一、公共文化
全县建成图书馆36座、文化馆12座,接待读者450万人次。借阅率由年初的52.5%提升至61.2%。
推动三项工作:
(一)延时开放。图书馆开放至21时。
(二)流动服务。流动书车行驶8600公里。
(三)数字阅读。“云上书房”注册读者9.5万名。
二、惠民服务
县文化和旅游局牵头发放惠民券,中国银行、云溪农商行参加,发放惠民券3.2亿元,惠及居民4.1万名。部分系统整合推进不快。
“云上书房”获评全省第三名。县博物馆接待游客80万人次。
"""
Write = Callable[[str], Written]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    (tmp_path / "yunxi.txt").write_text(REPORT, encoding="utf-8")
    build([tmp_path / "yunxi.txt"], tmp_path / "index", HashEmbedder())
    index = PassageIndex.open(tmp_path / "index")
    retriever, answerer = Retriever(index, HashEmbedder()), ExtractiveAnswerer(index, HashEmbedder())

    def write(question: str) -> Written:
        parts = split_question(read_question(question))
        return answerer.write([Sought(one, retriever.retrieve(one.question, 20)) for one in parts])

    return write


def texts(written: Written) -> list[str]:
    return [draft.text for draft in written.drafts]


@pytest.mark.parametrize(
    ("question", "sentence", "short"),
    [
        ("全县建成图书馆多少座？", "全县建成图书馆36座、文化馆12座,接待读者450万人次。", "36座"),
        ("文化馆有几座？", "全县建成图书馆36座、文化馆12座,接待读者450万人次。", "12座"),
        ("年初借阅率是多少？", "借阅率由年初的52.5%提升至61.2%。", "52.5%"),
        ("流动书车行驶了多少公里？", "流动书车行驶8600公里。", "8600公里"),
        ("“云上书房”在全省排第几？", "“云上书房”获评全省第三名。", "第三名"),
    ],
)
def test_one_sentence_answers_and_its_figure_is_the_short_answer(
    write: Write, question: str, sentence: str, short: str
) -> None:
    written = write(question)
    assert texts(written) == [sentence]
    assert written.drafts[0].sources[0].text == sentence
    assert (written.short, written.missing) == (short, ())


def test_learned_weights_choose_among_passages_but_not_for_a_figure(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    how, count = "“云上书房”做得怎样？", "“云上书房”注册读者有多少名？"
    assert texts(write(how)) == ["“云上书房”注册读者9.5万名。"]
    monkeypatch.setattr(choosing, "weights", lambda: {"pieces": -1.0})  # the farthest answers
    assert texts(write(how)) == ["“云上书房”获评全省第三名。"]
    assert write(count).short == "9.5万名"


def test_names_of_the_kind_asked_for_are_the_short_answer(write: Write) -> None:
    assert write("惠民券由哪个部门牵头发放？").short == "县文化和旅游局"
    assert write("哪些银行参加发放惠民券？").short == "中国银行、云溪农商行"


def test_several_things_are_answered_in_the_order_of_the_question(write: Write) -> None:
    written = write("惠及居民多少名，图书馆建成多少座？")
    assert texts(written) == [
        "县文化和旅游局牵头发放惠民券,中国银行、云溪农商行参加,发放惠民券3.2亿元,惠及居民4.1万名。",
        "全县建成图书馆36座、文化馆12座,接待读者450万人次。",
    ]
    assert written.short == "4.1万名、36座"


def test_what_is_not_there_is_missing_and_the_rest_is_answered(write: Write) -> None:
    written = write("图书馆建成多少座，读者的满意率是多少？")
    assert texts(written) == ["全县建成图书馆36座、文化馆12座,接待读者450万人次。"]
    assert written.short == "36座"
    assert [asked.question for asked in written.missing] == ["读者的满意率是多少"]


def test_nothing_that_answers_gives_no_drafts(write: Write) -> None:
    written = write("读者的满意率是多少？")
    assert (written.drafts, written.short) == ((), None)
    assert [asked.question for asked in written.missing] == ["读者的满意率是多少？"]


def test_nothing_found_gives_no_drafts(write: Write, tmp_path: Path) -> None:
    answerer = ExtractiveAnswerer(PassageIndex.open(tmp_path / "index"), HashEmbedder())
    asked = read_question("图书馆有多少座？")
    assert answerer.write([Sought(asked, [])]) == Written((), None, (asked,))
    assert answerer.write([]) == Written()


def test_correction_comes_first_and_gives_the_short_answer(write: Write) -> None:
    written = write("全县建成图书馆63座，对吗？")
    assert texts(written) == [
        "与问题所说不同，报告写的是“全县建成图书馆36座”，不是“63座”。",
        "全县建成图书馆36座、文化馆12座,接待读者450万人次。",
    ]
    assert written.drafts[0].sources == written.drafts[1].sources
    assert written.short == "36座"


def test_true_statement_is_not_corrected(write: Write) -> None:
    assert texts(write("全县建成图书馆36座，对吗？")) == ["全县建成图书馆36座、文化馆12座,接待读者450万人次。"]


def test_sum_comes_last_with_its_source_and_is_the_short_answer(write: Write) -> None:
    written = write("借阅率提高了多少个百分点？")
    assert texts(written) == [
        "借阅率由年初的52.5%提升至61.2%。",
        "按报告数字计算：61.2% − 52.5% = 8.7个百分点。",
    ]
    assert written.drafts[0].sources == written.drafts[1].sources
    assert written.short == "8.7个百分点"


def test_comparison_with_what_is_not_there_is_not_answered(write: Write) -> None:
    assert write("图书馆比体育馆多多少座？").drafts == ()


def test_colon_brings_the_headings_that_it_announces(write: Write) -> None:
    written = write("推动哪三项工作？")
    assert texts(written)[:4] == ["推动三项工作:", "延时开放。", "流动服务。", "数字阅读。"]
    assert [draft.sources[0].text for draft in written.drafts[1:4]] == [
        "图书馆开放至21时。",
        "流动书车行驶8600公里。",
        "“云上书房”注册读者9.5万名。",
    ]


def test_every_mention_of_a_quoted_name_is_given(write: Write) -> None:
    written = write("“云上书房”都有哪些提到？")
    assert texts(written) == ["“云上书房”注册读者9.5万名。", "“云上书房”获评全省第三名。"]


@pytest.mark.parametrize(
    ("ask", "needed"),
    [
        (Ask(Wanted.COUNT, "个", "", 0, 0), True),
        (Ask(Wanted.COUNT, "快", "", 0, 0), False),
        (Ask(Wanted.DATE, "", "", 0, 0), True),
        (Ask(Wanted.NAME, "个", "部门", 0, 0), True),
        (Ask(Wanted.NAME, "", "规定", 0, 0), False),
        (Ask(Wanted.NAMES, "家", "银行", 0, 0), True),
        (Ask(Wanted.MANNER, "", "", 0, 0), False),
        (Ask(Wanted.YES_NO, "", "", 0, 0), False),
    ],
)
def test_figures_and_names_of_bodies_must_be_picked(ask: Ask, needed: bool) -> None:
    assert needs_pick(ask) is needed


PLANS = """湖东县文化工作总结和计划
一、2022年工作回顾
(一)书屋建设。建成惠民书屋53家。借书补助标准由每人910元提高到985元。
(二)人口服务。登记儿童读者4620人，增长6.5%；登记老年读者5710人，增长8.1%。湖心镇建成书画院。
二、存在的不足
一是书屋利用率不高；二是馆员年龄偏大；三是数据共享不及时。
三、2023年工作安排
2023年，重点抓好两件事。
(一)扩大书屋覆盖。新建惠民书屋15家。借书补助标准提高到每人1040元。
(二)培训馆员。培训馆员300人次。
名词解释
惠民书屋：指全天开放的公共阅读空间。
"""


@pytest.fixture
def ask(tmp_path: Path) -> Write:
    (tmp_path / "hudong.txt").write_text(PLANS, encoding="utf-8")
    build([tmp_path / "hudong.txt"], tmp_path / "index", HashEmbedder())
    index = PassageIndex.open(tmp_path / "index")
    retriever, answerer = Retriever(index, HashEmbedder()), ExtractiveAnswerer(index, HashEmbedder())

    def ask(question: str) -> Written:
        parts = split_question(read_question(question))
        return answerer.write([Sought(one, retriever.retrieve(one.question, 20)) for one in parts])

    return ask


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("惠民书屋建了多少家？", "53家"),
        ("惠民书屋打算新建多少家？", "15家"),
        ("2023年惠民书屋有多少家？", "15家"),
        ("惠民书屋2022年建成多少家，2023年新建多少家？", "53家、15家"),
    ],
)
def test_plans_answer_who_asks_of_plans(ask: Write, question: str, short: str) -> None:
    assert ask(question).short == short


def test_two_things_are_answered_by_two_figures(ask: Write) -> None:
    assert ask("两次登记读者分别有多少人？").short == "4620人、5710人"


@pytest.mark.parametrize(
    ("question", "sum_shown"),
    [
        ("2023年的借书补助标准比2022年高多少元？", "1040元 − 985元 = 55元"),
        ("儿童读者比老年读者少多少人？", "5710人 − 4620人 = 1090人"),
        ("登记的读者里，5710人和4620人差多少？", "5710人 − 4620人 = 1090人"),
    ],
)
def test_sum_may_rest_on_two_passages(ask: Write, question: str, sum_shown: str) -> None:
    written = ask(question)
    assert written.drafts[-1].text == f"按报告数字计算：{sum_shown}。"
    assert [source.text for source in written.drafts[-1].sources] != []
    assert len({source.passage_id for source in written.drafts[-1].sources}) == 2


def test_numbered_points_come_together(ask: Write) -> None:
    assert texts(ask("有哪些不足？")) == ["一是书屋利用率不高；", "二是馆员年龄偏大；", "三是数据共享不及时。"]


def test_headings_that_a_sentence_counts_are_named(ask: Write) -> None:
    assert texts(ask("2023年重点抓好哪两件事？"))[1:] == ["扩大书屋覆盖。", "培训馆员。"]


def test_word_is_explained_by_the_sentence_that_defines_it(ask: Write) -> None:
    assert texts(ask("啥是惠民书屋？")) == ["惠民书屋：指全天开放的公共阅读空间。"]


def test_figure_of_the_whole_county_is_not_that_of_a_town(ask: Write) -> None:
    assert ask("湖心镇登记了多少儿童读者？").short is None


READERS = """湖西县图书馆工作总结
一、服务
图书馆设惠民书屋20家，其中社区书屋12家。书屋推行志愿者轮值、社区出房、企业捐书，吸引读者常来。
还书周期由30天缩短到12天。之所以加快，主要是书屋与快递柜打通，读者就近归还。
报修电话反映最多的是灯光昏暗、座椅老旧和网络缓慢，均已整改。书屋、驿站和讲堂年底前全部开放，接到电话反映。
明年办好三件实事：扩建两层少儿馆；开通夜间读者公交专线；更换全部老旧座椅。
二、问题
分馆因缺少编制推迟开馆，分馆的牌子已经挂出。
"""


@pytest.fixture
def read(tmp_path: Path) -> Write:
    (tmp_path / "huxi.txt").write_text(READERS, encoding="utf-8")
    build([tmp_path / "huxi.txt"], tmp_path / "index", HashEmbedder())
    index = PassageIndex.open(tmp_path / "index")
    retriever, answerer = Retriever(index, HashEmbedder()), ExtractiveAnswerer(index, HashEmbedder())

    def read(question: str) -> Written:
        parts = split_question(read_question(question))
        return answerer.write([Sought(one, retriever.retrieve(one.question, 20)) for one in parts])

    return read


def test_reason_is_shown_with_what_it_is_the_reason_of(read: Write) -> None:
    assert texts(read("还书周期凭什么缩短到12天？")) == [
        "还书周期由30天缩短到12天。",
        "之所以加快，主要是书屋与快递柜打通，读者就近归还。",
    ]


def test_sentence_that_gives_a_reason_answers_why(read: Write) -> None:
    assert texts(read("分馆为什么推迟？")) == ["分馆因缺少编制推迟开馆，分馆的牌子已经挂出。"]


def test_mere_numbers_do_not_answer_how(read: Write) -> None:
    assert texts(read("惠民书屋怎么吸引读者？")) == ["书屋推行志愿者轮值、社区出房、企业捐书，吸引读者常来。"]


def test_things_that_a_sentence_announces_come_with_it(read: Write) -> None:
    assert texts(read("明年办好哪三件实事？")) == [
        "明年办好三件实事：扩建两层少儿馆；",
        "开通夜间读者公交专线；",
        "更换全部老旧座椅。",
    ]


def test_row_of_as_many_things_as_are_asked_for_answers(read: Write) -> None:
    assert texts(read("报修电话反映最多的是哪三样？")) == [
        "报修电话反映最多的是灯光昏暗、座椅老旧和网络缓慢，均已整改。"
    ]
