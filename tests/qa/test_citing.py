from pathlib import Path

import pytest

from index.store import PassageIndex
from qa.answer import Answer, Citation, Sentence, Status
from qa.citing import Draft, cite


@pytest.fixture
def index(bundled_index: Path) -> PassageIndex:
    return PassageIndex.open(bundled_index)


def test_passages_are_numbered_from_1_in_order_of_first_use(index: PassageIndex) -> None:
    cloud, report, closing = index.passage(7), index.passage(1), index.passage(46)
    sentences, citations = cite(
        [Draft("甲。", (cloud,)), Draft("乙。", (report, cloud)), Draft("丙。", (closing,))], index
    )
    assert sentences == (Sentence("甲。", (1,)), Sentence("乙。", (2, 1)), Sentence("丙。", (3,)))
    assert [(c.mark, c.passage_id) for c in citations] == [
        (1, "qingdao-2021:529-580"),
        (2, "qingdao-2021:167-208"),
        (3, "qingdao-2021:3082-3173"),
    ]


def test_citation_holds_the_exact_characters(index: PassageIndex) -> None:
    _, citations = cite([Draft("接入41个单位。", (index.passage(7),))], index)
    quote = "初步建成左右衔接、上下贯通的城市云脑,接入41个单位的121个业务系统、219个场景、930余项指标。"
    assert citations == (
        Citation(
            mark=1,
            document="qingdao-2021",
            title="青岛市2021年数字城市建设工作报告",
            section=("一、数字政府聚焦提质增效,“多点用力”优化营商环境", "(二)全面推进城市治理“一网统管”"),
            passage_id="qingdao-2021:529-580",
            start=529,
            end=580,
            quote=quote,
        ),
    )
    assert index.report("qingdao-2021").text[529:580] == quote


def test_every_passage_can_be_cited_exactly(index: PassageIndex) -> None:
    text = index.report("qingdao-2021").text
    _, citations = cite([Draft("", (index.passage(i),)) for i in range(len(index))], index)
    assert [c.mark for c in citations] == list(range(1, 48))
    assert all(text[c.start : c.end] == c.quote for c in citations)


def test_nothing_written_cites_nothing(index: PassageIndex) -> None:
    assert cite([], index) == ((), ())


def test_marked_text_carries_the_marks_and_text_does_not() -> None:
    answer = Answer("x", "q", "q", Status.ANSWERED, sentences=(Sentence("甲。", (1,)), Sentence("乙。", (2, 1))))
    assert answer.text == "甲。乙。"
    assert answer.marked_text == "甲。[1]乙。[2][1]"
