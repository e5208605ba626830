import asyncio
import doctest
import json
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import ui
from index.errors import IndexMissingError
from index.passage import Paragraph, Report, Section
from index.reading import read_report
from qa import prompts
from qa.answer import Answer, Citation, Sentence, Status
from qa.config import Settings
from qa.errors import UnknownReportError
from qa.web.anchoring import Found, Spot, anchor, anchor_of
from qa.web.feedback import Feedback
from qa.web.serving import Service

HOSTILE = """<img src=x onerror="alert(1)"><script>alert('2')</script>&amp;${alert(3)}{{value}}"""
BUNDLED = Path(__file__).parent.parent / "index" / "report" / "qingdao-2021.txt"
QUESTION = "城市云脑接入了多少个单位？"

TEXT = "开头。\n一、平台\n接入41个单位。平台<稳定>。\n结尾。"
REPORT = Report(
    document="甲:2021",
    title="甲市报告",
    text=TEXT,
    sections=(Section(("一、平台",), 2, 4, 24),),
    paragraphs=(Paragraph(0, 3, ()), Paragraph(9, 24, ("一、平台",)), Paragraph(25, 28, ())),
)
CITATION = Citation(1, "甲:2021", "甲市报告", ("一、平台",), "甲:2021:9-17", 9, 17, "接入41个单位。")
AT = "%E7%94%B2%3A2021/9-17/" + anchor_of(CITATION).quoted
ANSWER = Answer(
    id="1",
    question="多少个单位？",
    standalone_question="多少个单位？",
    status=Status.ANSWERED,
    short="41个",
    sentences=(Sentence("接入41个单位。", (1,)),),
    citations=(CITATION,),
    index="gen-1",
    answerer="extractive",
)
WRITTEN = replace(ANSWER, sentences=(Sentence("一共接入41个单位。", (1,)),), answerer="model")
REFUSAL = Answer(
    id="2",
    question="天气？",
    standalone_question="天气？",
    status=Status.NOT_IN_REPORT,
    reason="报告没有提到。",
    suggestions=("多少个单位？",),
)


class OneReport:
    """An index that holds one report."""

    def report(self, document: str) -> Report:
        return {REPORT.document: REPORT}[document]


class Seen(HTMLParser):
    """What a browser would make of some HTML: its tags, its attributes, its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[str | None]:
        return [value for attribute, value in self.attributes if attribute == name]


# ---------------------------------------------------------------- the talk as HTML


def test_answer_shows_the_figure_first_then_each_sentence_with_its_marks_then_the_sources():
    assert ui.answer_html(ANSWER, 3, done=True) == (
        '<p class="from" lang="zh-CN">《甲市报告》</p><p class="short" lang="zh-CN">41个</p>'
        '<p class="sentence" lang="zh-CN" data-said="接入41个单位。">接入41个单位。'
        f'<button type="button" class="mark" id="mark-3-1" data-at="{AT}" title="《甲市报告》 › 一、平台">'
        '<span data-word="source" class="unseen">来源</span>1</button></p>'
        '<h3 data-word="sources" class="unseen">出处</h3>'
        f'<ol class="sources" lang="zh-CN"><li><button type="button" class="source" data-at="{AT}">'
        '<span class="number">1</span><span>《甲市报告》 › 一、平台</span></button>'
        '<q class="quote">接入41个单位。</q></li></ol>'
        f'<p data-word="label" class="label">{prompts.LABEL}</p>'
    )


OTHER = replace(CITATION, mark=2, document="乙:2022", title="乙县<报告>", quote="全县接入9个单位。")
BOTH = replace(
    ANSWER,
    short="41个（2021年）、9个（2022年）",
    sentences=(Sentence("接入41个单位。", (1,)), Sentence("全县接入9个单位。", (2,))),
    citations=(CITATION, OTHER),
)


def test_each_figure_and_each_sentence_says_of_which_report_it_is_where_there_are_several():
    html = ui.answer_html(BOTH, 3, done=True)
    of = [f'<span class="from">《{title}》</span>' for title in ("甲市报告", "乙县&lt;报告&gt;")]
    assert html.startswith(
        f'<p class="short" lang="zh-CN">{of[0]}41个（2021年）</p><p class="short" lang="zh-CN">{of[1]}9个（2022年）</p>'
    )
    for sentence, title, label in (("接入41个", "甲市报告", of[0]), ("全县接入9个", "乙县&lt;报告&gt;", of[1])):
        assert f'data-said="《{title}》{sentence}单位。">{label}{sentence}单位。<button' in html


@pytest.mark.parametrize("short", ["50个", "41个、10个", "41个、9个、50个", "9个、41个"])
def test_short_answer_whose_parts_stand_in_no_sentence_each_stays_whole(short: str):
    titles = [ui.origin(sentence, {1: CITATION, 2: OTHER}) for sentence in BOTH.sentences]
    assert ui.shorts(replace(BOTH, short=short), titles) == [(short, "")]
    assert ui.shorts(replace(BOTH, short=None), titles) == []


def test_contact_stands_under_refusals_and_under_the_question_box_as_text():
    assert ui.contact_html(None) == ""
    lead = '<span data-word="contact">需要帮助，请联系：</span>'
    told = f'<p class="contact">{lead}<span lang="zh-CN">&lt;12345&gt;热线</span></p>'
    assert ui.contact_html("<12345>热线") == told
    assert ui.asking_html("<12345>热线").endswith(told)
    drawn = {
        status: told in ui.chat_html((ui.Turn("问", replace(REFUSAL, status=status), done=True),), "<12345>热线")
        for status in Status
    }
    assert {status for status, shown in drawn.items() if shown} == set(ui.UNHELPED)
    assert set(ui.UNHELPED) == {Status.NOT_IN_REPORT, Status.OUT_OF_SCOPE, Status.OVERLOADED, Status.ERROR}


def test_refusal_shows_the_reason_and_questions_to_tap():
    assert ui.answer_html(REFUSAL, 0, done=True) == (
        '<p class="reason" lang="zh-CN" data-phrase="报告没有提到。">报告没有提到。</p>'
        '<h3 data-word="instead" class="instead">报告能回答的问题</h3><ul class="questions" lang="zh-CN">'
        '<li><button type="button" data-question="多少个单位？">多少个单位？</button></li></ul>'
    )


def test_extractive_answer_is_called_provisional_only_while_a_model_writes():
    drawn = [ui.answer_html(a, 0, done) for a, done in ((ANSWER, False), (ANSWER, True), (WRITTEN, False))]
    assert [ui.WORDS["provisional"] in html for html in drawn] == [True, False, False]


def test_question_as_understood_is_shown_where_it_is_another():
    answer = replace(ANSWER, question="那单位呢？", standalone_question="平台有多少个单位？")
    assert "按这个问题回答：平台有多少个单位？" in Seen(ui.answer_html(answer, 0, done=True)).text
    assert "按这个问题回答" not in ui.answer_html(ANSWER, 0, done=True)


def test_only_the_last_answer_can_be_asked_again_or_edited_and_only_once_it_is_done():
    done, growing = ui.Turn("问", ANSWER, done=True), ui.Turn("问", ANSWER)
    drawn = [ui.turn_html(done, 0, last=False), ui.turn_html(done, 0, last=True), ui.turn_html(growing, 0, last=True)]
    assert [[word in html for word in ("复制", "重新回答", "修改问题")] for html in drawn] == [
        [True, False, False],
        [True, True, True],
        [False, False, False],
    ]


def test_question_without_answer_is_waiting_or_was_stopped():
    assert Seen(ui.turn_html(ui.Turn("问"), 0, last=True)).text == "您问：问正在查阅报告"
    stopped = ui.Turn("问", done=True, stopped=True)
    assert Seen(ui.turn_html(stopped, 0, last=True)).text == "您问：问已停止。重新回答修改问题"


def test_talk_is_busy_until_its_last_answer_is_done():
    done, growing = ui.Turn("问", ANSWER, done=True), ui.Turn("问", ANSWER)
    assert [" data-busy" in ui.chat_html(turns) for turns in ((), (done,), (done, growing))] == [False, False, True]


def test_copied_answer_carries_its_proof_and_its_label():
    seen = Seen(ui.tools_html(ui.Turn("多少个单位？", ANSWER, done=True), 0, last=True))
    assert seen.all("data-copy") == [
        f"多少个单位？\n接入41个单位。[1]\n\n[1] 《甲市报告》 › 一、平台：接入41个单位。\n\n{prompts.LABEL}"
    ]


def test_shared_link_asks_the_question_as_it_was_understood():
    answer = replace(ANSWER, standalone_question="平台有多少个单位？")
    seen = Seen(ui.tools_html(ui.Turn("那单位呢？", answer, done=True), 0, last=True))
    assert seen.all("data-link") == [
        "?%E5%B9%B3%E5%8F%B0%E6%9C%89%E5%A4%9A%E5%B0%91%E4%B8%AA%E5%8D%95%E4%BD%8D%EF%BC%9F"
    ]


def test_hostile_words_stay_words_everywhere_in_the_talk():
    citation = Citation(1, HOSTILE, HOSTILE, (HOSTILE,), HOSTILE, 0, 9, HOSTILE)
    answer = Answer(
        id=HOSTILE,
        question=HOSTILE,
        standalone_question=HOSTILE,
        status=Status.PARTIAL,
        reason=HOSTILE,
        short=HOSTILE,
        sentences=(Sentence(HOSTILE, (1,)),),
        citations=(citation,),
        suggestions=(HOSTILE,),
    )
    seen = Seen(ui.chat_html((ui.Turn(HOSTILE, answer, done=True, vote=False),)))
    assert seen.tags == {*("div", "p", "ul", "ol", "li", "button", "article", "h2", "h3", "span", "q", "form", "input")}
    assert {name for name, _ in seen.attributes if not name.startswith(("data-", "aria-"))} == {
        *("class", "type", "role", "id", "title", "lang", "name", "maxlength", "placeholder")
    }
    # question, as understood, report, short, sentence, reason, title and heading of the source, its quote, suggestion
    assert seen.text.count(HOSTILE) == 10
    assert seen.all("data-question") == [HOSTILE]
    assert seen.all("data-asked") == [HOSTILE]


# ---------------------------------------------------------------- the report as HTML


def test_report_shows_headings_paragraphs_and_what_is_cited():
    assert ui.report_html(REPORT, [Spot(9, 17, Found.SAME)]) == (
        f'<div class="head" data-link="{anchor(REPORT, 9, 17).written}"><h2 lang="zh-CN">甲市报告</h2>'
        '<p class="path">一、平台</p></div>'
        '<nav class="outline" aria-label="目录" data-word-label="outline"><ul><li class="level-0">'
        '<button type="button" data-goto="4" lang="zh-CN">一、平台</button>'
        '<button type="button" class="suggest" data-suggest="%E7%94%B2%3A2021/4-24" aria-expanded="false" '
        'aria-controls="questions-0"><span data-word="suggest">可以问</span></button>'
        '<ul class="questions" id="questions-0" lang="zh-CN" hidden></ul></li></ul></nav>'
        '<div class="text" tabindex="0" role="region" aria-label="报告原文" data-word-label="report" lang="zh-CN" '
        'data-document="甲:2021"><p>开头。</p><h3 data-start="4" tabindex="-1">一、平台</h3>'
        '<p><mark class="cited current" tabindex="-1">接入41个单位。</mark>平台&lt;稳定&gt;。</p><p>结尾。</p></div>'
    )


def test_report_as_a_whole_has_no_path_and_no_link():
    html = ui.report_html(REPORT)
    assert '<div class="head" data-link=""><h2 lang="zh-CN">甲市报告</h2></div>' in html
    assert "<mark" not in html


def test_hostile_report_stays_words():
    length = len(HOSTILE)
    report = Report(
        document=HOSTILE,
        title=HOSTILE,
        text=HOSTILE * 2,
        sections=(Section((HOSTILE,), 2, 0, length),),
        paragraphs=(Paragraph(length, 2 * length, (HOSTILE,)),),
    )
    seen = Seen(ui.report_html(report, [Spot(length + 5, length + 20, Found.KEPT)]))
    assert seen.tags == {"div", "h2", "button", "h3", "p", "mark", "nav", "ul", "li", "span"}
    assert seen.text == f"{HOSTILE}{ui.WORDS['beginning']}{ui.WORDS['kept']}{HOSTILE}可以问{HOSTILE}{HOSTILE}"
    assert seen.all("data-document") == [HOSTILE]


def test_first_citation_is_the_current_one_wherever_it_stands():
    assert ui.highlighted(REPORT, 0, 24, [(17, 24), (9, 17)]) == (
        '开头。\n一、平台\n<mark class="cited" tabindex="-1">接入41个单位。</mark>'
        '<mark class="cited current" tabindex="-1">平台&lt;稳定&gt;。</mark>'
    )


def test_citations_that_overlap_or_reach_out_of_the_paragraph_lose_no_character():
    html = ui.highlighted(REPORT, 9, 24, [(9, 17), (12, 20), (13, 15), (22, 99), (0, 3)])
    assert Seen(html).text == TEXT[9:24]
    assert re.findall(r">([^<]+)</mark>", html) == ["接入41个单位。", "平台&lt;", "&gt;。"]


def test_whole_bundled_report_is_on_the_page():
    report = read_report(BUNDLED)
    html = ui.report_html(report, [Spot(529, 580, Found.SAME), Spot(0, 10, Found.SAME)])
    shown = Seen(html[html.index('<div class="text"') :]).text
    blocks = [(s.start, s.path[-1]) for s in report.sections]
    blocks += [(p.start, report.text[p.start : p.end]) for p in report.paragraphs]
    assert shown == "".join(text for _, text in sorted(blocks))
    assert len(shown) > 3100


def test_spot_that_is_gone_is_said_to_be_and_its_paragraph_is_shown():
    html = ui.report_html(REPORT, [Spot(18, 18, Found.GONE)])
    assert f'<p data-word="gone" class="changed" role="status">{ui.WORDS["gone"]}</p>' in html
    assert "<p data-here tabindex=-1>接入41个单位。" in html
    assert "<mark" not in html
    assert 'data-link=""' in html


def test_linked_report_is_that_of_the_first_link_and_shows_what_others_name_in_it():
    links = [anchor_of(CITATION).written, "乙/0-3", "%E7%94%B2%3A2021/17-24"]
    spots = [Spot(9, 17, Found.SAME), Spot(17, 24, Found.SAME)]
    assert ui.linked_report_html(OneReport(), links) == ui.report_html(REPORT, spots)


@pytest.mark.parametrize(("link", "error"), [("乙/9-17", KeyError), ("甲:2021/x", ValueError), ("", ValueError)])
def test_link_that_names_nothing_is_an_error(link: str, error: type[Exception]):
    with pytest.raises(error):
        ui.linked_report_html(OneReport(), [link])


# ---------------------------------------------------------------- the talk


def replies(*answers: Answer | Exception) -> ui.Growing:
    async def growing(question: str, earlier: Sequence[str], documents: Sequence[str]) -> AsyncIterator[Answer]:
        asked.append((question, tuple(earlier), tuple(documents)))
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
            yield answer

    asked: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    growing.asked = asked  # type: ignore[attr-defined]
    return growing


def steps(question: str, before: ui.Turns, growing: ui.Growing, kept: tuple[ui.Kept, ...] = ()) -> list[ui.Turns]:
    async def collect() -> list[ui.Turns]:
        return [turns async for turns in ui.converse(ui.Turn(question, kept=kept), before, growing)]

    return asyncio.run(collect())


def test_every_answer_takes_the_place_of_the_one_before():
    before = (ui.Turn("先前", REFUSAL, done=True),)
    drawn = steps("多少个单位？", before, replies(ANSWER, WRITTEN))
    assert [turns[0] for turns in drawn] == [before[0]] * 4
    assert [turns[1] for turns in drawn] == [
        ui.Turn("多少个单位？"),
        ui.Turn("多少个单位？", ANSWER),
        ui.Turn("多少个单位？", WRITTEN),
        ui.Turn("多少个单位？", WRITTEN, done=True),
    ]


def test_earlier_questions_that_were_answered_go_with_the_next():
    growing = replies(ANSWER)
    before = (
        ui.Turn("甲？", ANSWER, done=True),
        ui.Turn("停了？", done=True, stopped=True),
        ui.Turn("乙？", REFUSAL, done=True),
    )
    steps("丙？", before, growing)
    assert growing.asked == [("丙？", ("甲？", "乙？"), ())]  # type: ignore[attr-defined]


def test_question_is_kept_to_the_reports_chosen_and_its_answer_says_so_wherever_it_goes():
    kept = (ui.Kept("甲:2021", "甲市报告"), ui.Kept("乙", "<乙>"))
    growing = replies(REFUSAL)
    turn = steps("丙？", (), growing, kept)[-1][-1]
    assert growing.asked == [("丙？", (), ("甲:2021", "乙"))]  # type: ignore[attr-defined]
    assert turn.kept == kept
    seen = Seen(ui.turn_html(turn, 0, last=True))
    assert "只问：《甲市报告》、《<乙>》" in seen.text
    assert seen.all("data-copy")[0].splitlines()[0] == "丙？（只问《甲市报告》《<乙>》）"  # type: ignore[union-attr]
    assert seen.all("data-link") == ["?%E5%A4%A9%E6%B0%94%EF%BC%9F&in=%E7%94%B2%3A2021&in=%E4%B9%99"]
    assert "只问" not in ui.turn_html(replace(turn, kept=()), 0, last=True)


def test_report_that_was_withdrawn_since_is_named(caplog: pytest.LogCaptureFixture):
    error = UnknownReportError(prompts.NO_DOCUMENT.format(document="乙"))
    answer = steps("丙？", (), replies(error), (ui.Kept("乙", "乙"),))[-1][-1].answer
    assert answer is not None
    assert (answer.status, answer.reason) == (Status.INVALID_INPUT, "没有名为“乙”的报告。")
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        (["甲", "乙", "甲"], ("甲", "乙")),
        (["甲", 1, None, ["乙"]], ("甲",)),
        ("甲", ()),
        (None, ()),
        ({"甲": 1}, ()),
        ([str(n) for n in range(200)], tuple(map(str, range(ui.MOST_KEPT)))),
    ],
)
def test_names_of_reports_are_read_from_whatever_a_browser_sends(sent: object, names: tuple[str, ...]):
    assert ui.names_in(sent) == names


def test_only_the_latest_turns_stay_on_the_page():
    before = tuple(ui.Turn(str(n), REFUSAL, done=True) for n in range(100))
    drawn = steps("新", before, replies(REFUSAL))
    assert {len(turns) for turns in drawn} == {ui.KEPT}
    assert [turn.question for turn in drawn[-1]][-2:] == ["99", "新"]


def test_half_a_surrogate_pair_does_not_break_the_page():
    assert steps("坏\ud800字", (), replies(REFUSAL))[0] == (ui.Turn("坏?字"),)


def test_question_is_cut_where_no_question_reaches():
    assert steps("长" * 99_999, (), replies(REFUSAL))[0] == (ui.Turn("长" * ui.LONGEST),)


def test_unexpected_error_is_logged_whole_without_the_question_and_told_plainly(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR):
        last = steps("秘密的问题", (), replies(RuntimeError("disk on fire")))[-1][-1]
    assert last.done
    assert last.answer is not None
    assert (last.answer.status, last.answer.reason) == (Status.ERROR, prompts.SORRY)
    assert "disk on fire" in caplog.text
    assert "秘密" not in caplog.text


# ---------------------------------------------------------------- votes


def votes(path: Path) -> list[tuple[object, ...]]:
    return sqlite3.connect(path).execute('SELECT answer, "index", up, reason FROM feedback').fetchall()


def test_vote_is_kept_changed_and_explained_in_one_row(tmp_path: Path):
    feedback = Feedback(tmp_path / "votes")
    turns: ui.Turns = (ui.Turn("问", ANSWER, done=True),)
    turns = ui.vote(turns, 0, True, None, feedback)
    assert (turns[0].vote, turns[0].reasoned) == (True, False)
    assert votes(tmp_path / "votes") == [("1", "gen-1", 1, "")]
    turns = ui.vote(turns, 0, False, None, feedback)
    turns = ui.vote(turns, 0, False, "电话13800000000打不通", feedback)
    assert (turns[0].vote, turns[0].reasoned) == (False, True)
    assert votes(tmp_path / "votes") == [("1", "gen-1", 0, "电话＊打不通")]


@pytest.mark.parametrize("number", [-1, 2, "0", None, 1])
def test_vote_on_what_is_no_answer_is_passed_over(number: object, tmp_path: Path):
    turns = (ui.Turn("问", ANSWER, done=True), ui.Turn("停", done=True, stopped=True))
    assert ui.vote(turns, number, True, None, Feedback(tmp_path / "votes")) == turns
    assert votes(tmp_path / "votes") == []


def test_reason_is_asked_for_once_after_a_vote_against():
    turn = ui.Turn("问", ANSWER, done=True)
    drawn = [turn, replace(turn, vote=True), replace(turn, vote=False), replace(turn, vote=False, reasoned=True)]
    assert [('class="why"' in html, "谢谢" in html) for html in (ui.vote_html(turn, 0) for turn in drawn)] == [
        (False, False),
        (False, True),
        (True, False),
        (False, True),
    ]


# ---------------------------------------------------------------- the page's own words


def test_every_word_is_there_in_every_language():
    words = json.loads((ui.PAGE / "words.json").read_text(encoding="utf-8"))
    languages = words.pop("languages")
    assert languages == ["zh-CN", "zh-TW", "en"]
    assert {key for key, said in words.items() if len(said) != 3 or not all(said)} == set()


def test_every_word_that_is_used_is_there_and_every_word_there_is_used():
    files = [Path(ui.__file__), *ui.PAGE.glob("*.js")]
    source = "\n".join(file.read_text(encoding="utf-8") for file in files)
    known = set(ui.WORDS)
    used = {key for key in known if re.search(rf"""["']{key}["']|_word="{key}\"""", source)}
    used |= {"supported", "refuted", "not_enough_info"} | {f"{name}_tag" for name in known}
    used |= {found.value for found in Found}
    assert known - used == {"nothing_to_check"} - used
    asked = set(re.findall(r"""(?:said\(|labelled\(|word\(|data-word": )["'](\w+)["']""", source))
    assert asked - known == set()


def shown_phrases() -> dict[str, str]:
    """The phrases of qa/prompts.py that the page puts into other languages, by name."""
    names = json.loads((ui.PAGE / "phrases.json").read_text(encoding="utf-8"))
    return {name: said for name in names if isinstance(said := getattr(prompts, name), str)}


def test_every_phrase_of_the_page_has_the_same_slots_in_every_language():
    rows = ui.phrases()
    assert len(rows) == len(shown_phrases()) + len(prompts.WANTED)
    for row in rows:
        assert len(row) == 3
        assert len({tuple(sorted(re.findall(r"{\w+}", said))) for said in row}) == 1, row
        assert not set("，。；：（）") & set(row[2]), row
    assert [prompts.WANTED["money"], "金額", "amount of money"] in rows
    assert next(row[:2] for row in rows if row[0].startswith("“{name}”有")) == [
        "“{name}”有{size}MB，超过了{limit}MB的上限，请分成几份。",
        "“{name}”有{size}MB，超過了{limit}MB的上限，請分成幾份。",
    ]


def test_every_reason_and_refusal_that_the_page_may_show_is_among_its_phrases():
    """A phrase used where answers, verdicts and refusals are made; what staff and programs alone read is not shown."""
    sources = "\n".join(
        file.read_text(encoding="utf-8")
        for file in (*Path(ui.__file__).parent.glob("qa/**/*.py"), Path(ui.__file__))
        if file.stem not in STAFF_AND_PROGRAMS
    )
    used = set(re.findall(r"prompts\.([A-Z_]+)", sources)) | {"DRAFT_OLD_WORD", "DRAFT_UNKNOWN"}
    unseen = {"EDITION", "WANTED", "UNGROUNDED", "LABEL", "INSTEAD", "KEPT_TO", "TOOL_MISREAD", "TOOL_UNKNOWN"}
    unseen |= {"ABSENT", "ANSWERING", "PASSAGES", "REWRITING", "TALK"}  # what a language model is told
    unseen |= {"UNCITED", "UNFINISHED", "MARKUP", "UNLIKE", "NO_USER_MESSAGE"}  # withheld sentences, other programs
    unseen |= {"RULINGS", "TALLY", "CORRECTED", "SOURCE", "LEGEND", "CHECKED_LABEL", "CHECKED_COLUMNS"}  # files
    assert {name for name in used - unseen if not name.startswith("AUDIT_")} - set(shown_phrases()) == set()


STAFF_AND_PROGRAMS = ("__main__", "audit", "desk", "publishing", "replaying", "staffing")


def test_reason_is_marked_for_the_browser_to_translate_and_the_report_s_words_are_not():
    reason = ui.answer_html(REFUSAL, 0, done=True)
    assert '<p class="reason" lang="zh-CN" data-phrase="报告没有提到。">' in reason
    corrected = prompts.CORRECTION.format(said="41个", stated="<51>个")
    assert ui.sentence_html("接入41个单位。") == "接入41个单位。"
    assert ui.sentence_html(corrected) == '<span data-phrase="{0}">{0}</span>'.format(
        "与问题所说不同，报告写的是“41个”，不是“&lt;51&gt;个”。"
    )


def test_labels_are_those_of_copies_and_exports():
    assert ui.WORDS["label"] == prompts.LABEL
    assert ui.WORDS["check_label"] == prompts.CHECKED_LABEL
    assert [ui.WORDS[name] for name in ("supported", "refuted", "not_enough_info", "nothing_to_check")] == list(
        prompts.RULINGS.values()
    )


# ---------------------------------------------------------------- the server


@pytest.fixture(scope="module")
def client(bundled_index: Path, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    votes = tmp_path_factory.mktemp("votes") / "votes"
    return TestClient(ui.build_app(Service(Settings(index=bundled_index, feedback=votes)))[0])


def test_page_is_chinese_before_any_script_runs(client: TestClient):
    html = client.get("/").text
    assert 'lang="zh-CN"' in html
    assert 'lang="en"' not in html
    assert html.index('href="/page/page.css"') < html.index("window.gradio_config")
    words = re.search(r'<script type="application/json" id="words">(.*?)</script>', html, re.DOTALL)
    assert words is not None
    assert json.loads(words[1])["send"] == ["提问", "提問", "Ask"]


def test_files_of_two_versions_are_never_mixed(client: TestClient):
    reply = client.get("/page/page.js")
    assert reply.headers["cache-control"] == "no-cache"
    assert reply.headers["content-type"].partition(";")[0] in ("text/javascript", "application/javascript")
    again = client.get("/page/page.js", headers={"If-None-Match": reply.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")


def test_start_names_the_reports_and_questions_they_answer(client: TestClient):
    start = client.get("/page/start").json()
    title = "青岛市2021年数字城市建设工作报告"
    assert start["reports"] == [{"document": "qingdao-2021", "title": title, "year": 2021}]
    assert (len(start["examples"]), start["feedback"]) == (4, True)


def test_report_is_drawn_with_what_links_name(client: TestClient):
    reply = client.get("/page/report", params={"at": "qingdao-2021/529-580"})
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert '<mark class="cited current" tabindex="-1">初步建成左右衔接、上下贯通的城市云脑,接入41个单位' in reply.text
    assert client.get("/page/report").text == client.get("/page/report", params={"document": "qingdao-2021"}).text


@pytest.mark.parametrize("query", ["at=x/1-2", "at=..%2F..%2Fetc", "document=x", "at=qingdao-2021/9-9"])
def test_report_that_is_not_there_is_404(client: TestClient, query: str):
    reply = client.get(f"/page/report?{query}")
    assert (reply.status_code, reply.json()["error"]["type"]) == (404, "not_found")


def test_section_offers_questions_that_it_answers(client: TestClient):
    chapter = read_report(BUNDLED).sections[0]
    questions = client.get("/page/questions", params={"at": f"qingdao-2021/{chapter.start}-{chapter.end}"}).json()
    assert len(questions["questions"]) == ui.FROM_A_SECTION
    for question in questions["questions"]:
        reply = client.post("/v1/ask", json={"question": question}).json()
        assert reply["status"] == "answered"
        assert chapter.start <= reply["citations"][0]["start"] < chapter.end


def test_what_is_no_section_offers_nothing(client: TestClient):
    assert client.get("/page/questions", params={"at": "qingdao-2021/529-580"}).status_code == 404


def test_file_is_checked_as_its_text_is(client: TestClient):
    text = "城市云脑接入51个单位。累计召开视频会议1018次。"
    reply = client.post("/v1/check/file", params={"name": "稿.txt"}, content=text.encode())
    assert reply.json() == {"text": text, **client.post("/v1/check", json={"text": text}).json()}
    assert [verdict["verdict"] for verdict in reply.json()["verdicts"]] == ["refuted", "supported"]


def test_checked_file_is_given_back_as_word_file_and_as_table(client: TestClient):
    text = "城市云脑接入51个单位。"
    word = client.post("/v1/check/docx", params={"name": "稿.txt"}, content=text.encode())
    assert (word.status_code, word.content[:2]) == (200, b"PK")
    table = client.post("/v1/check/csv", params={"name": "稿.txt"}, content=text.encode())
    assert table.content.decode("utf-8-sig").splitlines()[1].startswith("1,与报告不符,城市云脑接入51个单位。,1,12,")


def test_file_of_another_kind_is_refused_in_chinese(client: TestClient):
    for kind in ("file", "docx", "csv"):
        reply = client.post(f"/v1/check/{kind}", params={"name": "稿.exe"}, content=b"MZ")
        assert reply.status_code == 422
        assert reply.json()["error"]["message"] == prompts.DRAFT_KIND.format(name="稿.exe")


def test_file_that_is_too_large_is_refused(client: TestClient):
    reply = client.post("/v1/check/file", params={"name": "稿.txt"}, content=b"x" * (10 * 1024 * 1024 + 1))
    assert reply.status_code == 413


@pytest.mark.parametrize(
    "path", ["/gradio_api/upload", "/gradio_api/file=/etc/passwd", "/openapi.json", "/docs", "/monitoring/summary"]
)
def test_routes_of_gradio_that_the_page_does_not_need_are_closed(client: TestClient, path: str):
    assert client.get(path).status_code == 404


def test_missing_index_is_one_line_and_exit_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.argv", ["ui.py", "--index", str(tmp_path / "none")])
    with pytest.raises(SystemExit) as exit_info:
        ui.main()
    assert exit_info.value.code == 2
    assert capsys.readouterr() == ("", f"{_missing(tmp_path / 'none')}\n")


def _missing(folder: Path) -> IndexMissingError:
    from index.store import current_generation

    with pytest.raises(IndexMissingError) as error:
        current_generation(folder)
    return error.value


def test_port_that_is_taken_is_named():
    with ui.listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ui.typer.BadParameter, match=f"cannot listen on 127.0.0.1:{port}"):
            ui.listen("127.0.0.1", port)


def test_examples_in_the_docstrings_are_true():
    assert doctest.testmod(ui).failed == 0
