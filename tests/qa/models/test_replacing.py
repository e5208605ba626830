from dataclasses import replace
from pathlib import Path

import pytest

from index.store import PassageIndex
from qa import prompts
from qa.answer import Answer, Status
from qa.citing import Draft
from qa.errors import ModelBusyError, ModelFailedError
from qa.language.asking import read_question
from qa.models.composing import Composed
from qa.models.replacing import conclude, fail, put_in_place

EXTRACTIVE = Answer("1", "问", "问", Status.ANSWERED, short="41个单位", answerer="extractive")


@pytest.fixture(scope="module")
def index(bundled_index: Path) -> PassageIndex:
    return PassageIndex.open(bundled_index)


@pytest.mark.parametrize(
    ("question", "extractive", "written", "short"),
    [
        ("接入多少个单位？", "41个单位", "接入41个单位。", "41个单位"),
        ("接入多少个单位？", "41个单位", "接入４１个单位。", "41个单位"),
        ("接入多少个单位？", "1个单位", "接入41个单位。", None),
        ("接入多少个单位？", ".1个单位", "接入4.1个单位。", None),
        ("放款多少？", "206", "放款206亿。", None),
        ("接入多少个单位？", "41个单位、219个场景", "接入41个单位、219个场景。", "41个单位、219个场景"),
        ("接入多少个单位？", "41个单位、219个场景", "接入41个单位。", None),
        ("接入多少个单位？", "41个单位", "接入城市云脑。", None),
        ("接入多少个单位？", None, "接入41个单位。", "41个"),
        ("接入多少个单位？", None, "2021年接入41个单位。", "41个"),
        ("接入多少个单位？", None, "接入41个单位、219个场景。", None),
        ("接入多少个单位？", None, "累计接入云主机3378台。", None),
        ("接入多少？", None, "接入41个单位。", None),
        ("接入哪些单位？", None, "接入41个单位。", None),
        ("接入多少个单位、多少个场景？", None, "接入41个单位。", None),
    ],
)
def test_short_answer(
    index: PassageIndex, question: str, extractive: str | None, written: str, short: str | None
) -> None:
    composed = Composed((Draft(written, (index.passage(7),)),))
    answer = put_in_place(replace(EXTRACTIVE, short=extractive), (), [read_question(question)], composed, index)
    assert (answer.text, answer.short) == (written, short)
    assert [citation.passage_id for citation in answer.citations] == ["qingdao-2021:529-580"]


def test_answer_that_lacks_something_goes_on_lacking_it(index: PassageIndex) -> None:
    partial = replace(EXTRACTIVE, status=Status.PARTIAL, reason="没有比例。")
    answer = put_in_place(partial, (), [], Composed((Draft("接入41个单位。", (index.passage(7),)),)), index)
    assert (answer.status, answer.reason) == (Status.PARTIAL, "没有比例。")


def test_a_refusal_stands_in_as_it_is() -> None:
    refusal = replace(EXTRACTIVE, status=Status.NOT_IN_REPORT, reason=prompts.NOT_IN_REPORT, short=None)
    assert fail(refusal, ModelFailedError("", "坏了。"), "m", fallback=True) == refusal


@pytest.mark.parametrize(
    ("failure", "status"),
    [(ModelFailedError("", "坏了。"), Status.ERROR), (ModelBusyError("", "坏了。"), Status.OVERLOADED)],
)
def test_failure_is_told_with_the_models_name(failure: ModelFailedError, status: Status) -> None:
    failed = fail(EXTRACTIVE, failure, "m", fallback=False)
    assert failed == replace(EXTRACTIVE, status=status, reason="坏了。", short=None, answerer="m")


def test_stop_and_end() -> None:
    nothing = replace(EXTRACTIVE, answerer="m", short=None)
    assert conclude(nothing, EXTRACTIVE, Composed(), fallback=False, stopped=True) == EXTRACTIVE
    ended = conclude(nothing, EXTRACTIVE, Composed(), fallback=False, stopped=False)
    assert ended == replace(nothing, status=Status.NOT_IN_REPORT, reason=prompts.NONE_HELD)
    for fallback in (False, True):
        absent = conclude(nothing, EXTRACTIVE, Composed(absent=True), fallback=fallback, stopped=False)
        assert absent == replace(nothing, status=Status.NOT_IN_REPORT, reason=prompts.NOT_IN_REPORT)
    stands = conclude(nothing, EXTRACTIVE, Composed(), fallback=True, stopped=False)
    assert stands == replace(EXTRACTIVE, reason=prompts.FALLBACK)
