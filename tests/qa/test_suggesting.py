from pathlib import Path

import pytest

from index.store import PassageIndex
from qa.answer import Answer, Citation, Status
from qa.config import Settings
from qa.pipeline import Parts, ask, load_parts
from qa.suggesting import suggest


@pytest.fixture(scope="module")
def parts(bundled_index: Path) -> Parts:
    return load_parts(Settings(index=bundled_index))


def reply(question: str, passage_id: str, short: str | None, status: Status = Status.ANSWERED) -> Answer:
    citation = Citation(1, "qingdao-2021", "", (), passage_id, 0, 0, "")
    return Answer("x", question, question, status, short=short, citations=(citation,))


@pytest.fixture
def index(bundled_index: Path) -> PassageIndex:
    return PassageIndex.open(bundled_index)


CLOUD = 7  # 初步建成左右衔接、上下贯通的城市云脑,接入41个单位的121个业务系统、219个场景、930余项指标。


def test_question_is_made_from_a_figure_and_the_words_before_it(index: PassageIndex) -> None:
    tried: list[str] = []

    def answer(question: str) -> Answer:
        tried.append(question)
        return reply(question, index.passage(CLOUD).passage_id, "41个单位")

    assert suggest(index, [CLOUD], answer, 3) == ("城市云脑接入多少个单位？",)
    assert tried == ["城市云脑接入多少个单位？"]


@pytest.mark.parametrize(
    ("passage_id", "short", "status"),
    [
        ("qingdao-2021:0-9", "41个单位", Status.ANSWERED),
        ("qingdao-2021:529-580", "14个", Status.ANSWERED),
        ("qingdao-2021:529-580", None, Status.ANSWERED),
        ("qingdao-2021:529-580", "41个单位", Status.PARTIAL),
        ("qingdao-2021:529-580", "41个单位", Status.NOT_IN_REPORT),
    ],
)
def test_question_that_is_not_answered_from_its_own_figure_is_not_offered(
    index: PassageIndex, passage_id: str, short: str | None, status: Status
) -> None:
    assert suggest(index, [CLOUD], lambda question: reply(question, passage_id, short, status), 3) == ()


def test_nothing_is_offered_without_figures_or_without_need(index: PassageIndex) -> None:
    def never(question: str) -> Answer:
        raise AssertionError(question)

    assert suggest(index, [], never, 3) == ()
    assert suggest(index, [CLOUD], never, 0) == ()
    assert suggest(index, [0], never, 3) == ()


def test_every_question_offered_is_answered_from_its_passage_with_its_figure(parts: Parts) -> None:
    offered: list[str] = []
    for position in range(len(parts.index)):
        passage = parts.index.passage(position)
        for question in suggest(parts.index, [position, position], lambda other: ask(other, parts), 3):
            answer = ask(question, parts)
            assert answer.status is Status.ANSWERED
            assert passage.passage_id in {citation.passage_id for citation in answer.citations}
            assert answer.short
            assert answer.short.split("、")[0] in passage.text
            assert 8 <= len(question) <= 32
            offered.append(question)
    assert len(offered) == len(set(offered)) >= 8


def test_examples_come_from_all_over_the_report_and_are_answered(parts: Parts) -> None:
    examples = parts.examples
    answers = [ask(question, parts) for question in examples]
    assert len(examples) == 4
    assert [answer.status for answer in answers] == [Status.ANSWERED] * 4
    assert len({answer.citations[0].section for answer in answers}) >= 3
