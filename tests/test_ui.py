import doctest
import logging
from html.parser import HTMLParser
from pathlib import Path

import pytest

import ui
from index.errors import IndexMissingError
from index.passage import Paragraph, Report, Section
from index.reading import read_report
from qa.answer import Answer, Citation, Sentence, Status

HOSTILE = """<img src=x onerror="alert(1)"><script>alert('2')</script>&amp;${alert(3)}{{value}}"""
BUNDLED = Path(__file__).parent.parent / "index" / "report" / "qingdao-2021.txt"

TEXT = "开头。\n一、平台\n接入41个单位。平台<稳定>。\n结尾。"
REPORT = Report(
    document="甲:2021",
    title="甲市报告",
    text=TEXT,
    sections=(Section(("一、平台",), 2, 4, 24),),
    paragraphs=(Paragraph(0, 3, ()), Paragraph(9, 24, ("一、平台",)), Paragraph(25, 28, ())),
)
CITATION = Citation(1, "甲:2021", "甲市报告", ("一、平台",), "甲:2021:9-17", 9, 17, "接入41个单位。")
ANSWER = Answer(
    id="1",
    question="多少个单位？",
    standalone_question="多少个单位？",
    status=Status.ANSWERED,
    short="41个",
    sentences=(Sentence("接入41个单位。", (1,)),),
    citations=(CITATION,),
)
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

    document_names = (REPORT.document,)

    def title(self, document: str) -> str:
        return self.report(document).title

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


def test_answer_shows_the_short_answer_first_and_each_sentence_with_its_marks():
    assert ui.answer_html(ANSWER, 3) == (
        '<p class="short">41个</p><p class="sentence">接入41个单位。'
        '<button type="button" class="mark" id="mark-3-1" data-cite="甲:2021:9-17" title="《甲市报告》一、平台" '
        'aria-label="来源1：接入41个单位。">[1]</button></p>'
    )


def test_refusal_shows_the_reason_and_questions_to_tap():
    assert ui.answer_html(REFUSAL, 0) == (
        '<p class="reason">报告没有提到。</p><p class="instead">报告能回答的问题</p><ul class="questions">'
        '<li><button type="button" data-question="多少个单位？">多少个单位？</button></li></ul>'
    )


def test_only_the_last_answer_can_be_asked_again_and_only_once_it_is_done():
    done, growing = ui.Turn("问", ANSWER, done=True), ui.Turn("问", ANSWER)
    drawn = [ui.turn_html(done, 0, last=False), ui.turn_html(done, 0, last=True), ui.turn_html(growing, 0, last=True)]
    assert [("复制" in html, "重新回答" in html) for html in drawn] == [(True, False), (True, True), (False, False)]


def test_question_without_answer_is_waiting_or_was_stopped():
    assert Seen(ui.turn_html(ui.Turn("问"), 0, last=True)).text == "您问：问正在查阅报告"
    assert Seen(ui.turn_html(ui.Turn("问", done=True), 0, last=True)).text == "您问：问已停止。重新回答"


def test_chat_without_examples_has_no_greeting():
    assert ui.chat_html((), ()) == '<div class="turns" role="log" aria-label="对话"></div>'
    assert Seen(ui.chat_html((), ("甲？", "乙？"))).text == "您可以这样问甲？乙？"


def test_hostile_words_stay_words_everywhere_in_the_chat():
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
    seen = Seen(ui.chat_html((ui.Turn(HOSTILE, answer, done=True),), (HOSTILE,)))
    assert seen.tags == {"div", "p", "ul", "li", "button", "article", "h2", "span"}
    assert {name for name, _ in seen.attributes} == {
        *("class", "type", "role", "id", "title", "aria-label"),
        *("data-question", "data-cite", "data-copy"),
    }
    assert seen.text.count(HOSTILE) == 7  # example, question, as understood, short, sentence, reason, suggestion
    assert [value for name, value in seen.attributes if name == "data-question"] == [HOSTILE, HOSTILE]


def test_hostile_report_stays_words():
    length = len(HOSTILE)
    report = Report(
        document=HOSTILE,
        title=HOSTILE,
        text=HOSTILE * 2,
        sections=(Section((HOSTILE,), 2, 0, length),),
        paragraphs=(Paragraph(length, 2 * length, (HOSTILE,)),),
    )
    seen = Seen(ui.report_html(report, [(length + 5, length + 20)]))
    assert seen.tags == {"div", "h2", "button", "h3", "p", "mark"}
    assert seen.text == f"{HOSTILE}返回回答{HOSTILE}{HOSTILE}"


def test_report_shows_headings_paragraphs_and_what_is_cited():
    assert ui.report_html(REPORT, [(9, 17)]) == (
        '<div class="report-head"><h2>甲市报告</h2><button type="button" class="back" hidden>返回回答</button></div>'
        '<div class="text" tabindex="0" role="region" aria-label="报告原文"><p>开头。</p><h3>一、平台</h3>'
        '<p><mark class="cited current" tabindex="-1" data-cite="甲:2021:9-17">接入41个单位。</mark>'
        "平台&lt;稳定&gt;。</p><p>结尾。</p></div>"
    )


def test_first_citation_is_the_current_one_wherever_it_stands():
    html = ui.highlighted(REPORT, 0, 24, [(17, 24), (9, 17)])
    assert html == (
        "开头。\n一、平台\n"
        '<mark class="cited" tabindex="-1" data-cite="甲:2021:9-17">接入41个单位。</mark>'
        '<mark class="cited current" tabindex="-1" data-cite="甲:2021:17-24">平台&lt;稳定&gt;。</mark>'
    )


def test_citations_that_overlap_or_reach_out_of_the_paragraph_lose_no_character():
    html = ui.highlighted(REPORT, 9, 24, [(9, 17), (12, 20), (13, 15), (22, 99), (0, 3)])
    assert Seen(html).text == TEXT[9:24]
    assert [value for name, value in Seen(html).attributes if name == "data-cite"] == [
        *("甲:2021:9-17", "甲:2021:17-20", "甲:2021:22-24")
    ]


def test_whole_bundled_report_is_on_the_page():
    report = read_report(BUNDLED)
    seen = Seen(ui.report_html(report, [(529, 580), (0, 10)]))
    shown = seen.text.partition("返回回答")[2]
    blocks = [(s.start, s.path[-1]) for s in report.sections]
    blocks += [(p.start, report.text[p.start : p.end]) for p in report.paragraphs]
    assert shown == "".join(text for _, text in sorted(blocks))
    assert len(shown) > 3100
    assert seen.tags == {"div", "h2", "button", "h3", "h4", "p", "mark"}


def test_cited_report_is_that_of_the_first_citation():
    assert ui.cited_report_html(OneReport(), [CITATION]) == ui.report_html(REPORT, [(9, 17)])


def test_mark_names_its_characters_even_where_the_document_has_a_colon():
    assert ui.cite(CITATION) == "甲:2021:9-17"
    assert ui.marked_report_html(OneReport(), ui.cite(CITATION)) == ui.report_html(REPORT, [(9, 17)])


@pytest.mark.parametrize(("cited", "error"), [("乙:9-17", KeyError), ("甲:2021:x", ValueError), ("", ValueError)])
def test_mark_that_names_nothing_is_an_error(cited: str, error: type[Exception]):
    with pytest.raises(error):
        ui.marked_report_html(OneReport(), cited)


def test_header_names_the_report():
    assert "问《甲市报告》，" in ui.header_html(OneReport())


def test_copied_answer_carries_its_proof():
    assert ui.copied_text(ANSWER) == "多少个单位？\n接入41个单位。[1]\n[1] 《甲市报告》一、平台：接入41个单位。"
    assert ui.copied_text(REFUSAL) == "天气？\n报告没有提到。"


def test_conversation_grows_sentence_by_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ui, "PAUSE", 0)
    monkeypatch.setattr(ui, "ask", lambda question, parts, talk: ANSWER)
    before = (ui.Turn("先前", REFUSAL, done=True),)
    steps = list(ui.converse("多少个单位？", before, parts=None))
    assert [turns[0] for turns in steps] == [before[0]] * 4
    assert [turns[1].done for turns in steps] == [False, False, False, True]
    assert [turns[1].answer and turns[1].answer.text for turns in steps] == [None, "", *["接入41个单位。"] * 2]
    assert steps[-1][1].answer == ANSWER


def test_refusal_is_shown_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ui, "ask", lambda question, parts, talk: REFUSAL)
    assert [turns[-1] for turns in ui.converse("天气？", (), parts=None)] == [
        ui.Turn("天气？"),
        ui.Turn("天气？", REFUSAL, done=True),
    ]


def test_half_a_surrogate_pair_does_not_break_the_page(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ui, "ask", lambda question, parts, talk: REFUSAL)
    assert next(ui.converse("坏\ud800字", (), parts=None)) == (ui.Turn("坏?字"),)


def test_unexpected_error_is_logged_whole_and_told_plainly(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(question: str, parts: object, talk: object) -> Answer:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(ui, "ask", broken)
    with caplog.at_level(logging.ERROR):
        answer = ui.answer_or_apology("秘密的问题", parts=None, talk=ui.Conversation())
    assert (answer.status, answer.reason) == (Status.ERROR, ui.SORRY)
    assert "disk on fire" in caplog.text
    assert "秘密" not in caplog.text


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
    assert doctest.testmod(ui) == (0, 4)
