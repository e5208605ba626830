import pytest

from index.figures import ledger
from index.passage import Passage, Report
from qa.answers.following import Following, fit_of, weights
from qa.conversation import Restated, Turn
from qa.language.asking import read_question

SENTENCE = "全市新建公园12座，累计建成86座，其中口袋公园35座，绿化率由38.5%提高到41.2%。"
PASSAGE = Passage("p1", "parks", ("一、园林",), 0, len(SENTENCE), SENTENCE, 0, 0)
REPORT = Report("parks", "城关县2023年园林工作总结", SENTENCE, (), (), 2023)
LAST = Turn("全市新建公园多少座？", "12座", (SENTENCE,), ("p1",), True, "公园")


def alike(one: str, other: str) -> float:
    """Takes words for alike that share a character pair."""
    return float(any(one[i : i + 2] in other for i in range(len(one) - 1)))


def following(own: str = "口袋公园呢？", last: Turn = LAST) -> Following:
    found = Following.of(Restated(f"公园，{own}", own, last=last), lambda term: 1.0, alike)
    assert found is not None
    return found


def features(at: int, own: str = "口袋公园呢？", last: Turn = LAST, passage: Passage = PASSAGE) -> dict[str, float]:
    return dict(
        following(own, last).features(read_question(f"公园，{own}"), passage, REPORT, ledger(SENTENCE)[at], 1.5)
    )


def test_question_that_stands_alone_goes_on_from_nothing():
    assert Following.of(None, lambda term: 1.0, alike) is None
    assert Following.of(Restated("公园有多少座？"), lambda term: 1.0, alike) is None


def test_words_typed_now_stand_in_the_clause_of_the_figure_they_ask_for():
    new, all_of_them, pocket = (features(at) for at in range(3))
    assert pocket["own_clause"] > max(new["own_clause"], all_of_them["own_clause"])
    assert (pocket["alike_clause"], all_of_them["alike_clause"]) == (1.0, 0.0)
    assert pocket["fit"] == 1.5


def test_sentence_just_cited_counts_as_such_and_another_does_not():
    other = Passage("p2", "parks", ("一、园林",), 0, len(SENTENCE), SENTENCE, 1, 0)
    here, there = features(2), features(2, passage=other)
    assert (here["brief_here"], here["alike_here"]) == (True, 1.0)
    assert (there["brief_here"], there["alike_here"]) == (False, 0.0)
    assert features(2, "那么其中的口袋公园一共建成了有多少呢？")["brief_here"] is False


def test_plan_is_looked_for_elsewhere_than_in_what_was_just_told():
    plan = Passage("p3", "parks", ("二、2024年打算",), 0, len(SENTENCE), SENTENCE, 2, 1)
    here, there = features(0, "明年再建几座？"), features(0, "明年再建几座？", passage=plan)
    assert (here["ahead_here"], here["ahead_plan"]) == (True, False)
    assert (there["ahead_here"], there["ahead_plan"]) == (False, True)
    assert features(0)["ahead_here"] is False


def test_figure_before_the_one_told_last_and_the_unit_told_last_are_seen():
    later = Turn("累计建成多少座？", "86座", (SENTENCE,), ("p1",), True, "公园")
    assert [features(at, last=later)["precedes"] for at in range(3)] == [True, False, False]
    assert [features(at)["unit_before"] for at in range(5)] == [True, True, True, False, False]


@pytest.mark.parametrize(("name", "sign"), [("fit", 1), ("alike_about", 1), ("own_clause", 1), ("told", -1)])
def test_weights_that_were_learned_point_the_way_they_should(name: str, sign: int):
    assert weights()[name] * sign > 0


def test_fit_is_over_none_of_them():
    assert fit_of({}) == -weights()["none"]
    assert fit_of({"told": True, "unknown": 5.0}) == pytest.approx(weights()["told"] - weights()["none"])
