import pytest

from eval.formats import as_report
from eval.gold import Evidence, GoldDialogue, GoldQuestion, GoldSet
from eval.learning import Choice, attempted, choices, held_out, learn, passages, written
from eval.run import index_of
from qa.config import Settings
from qa.pipeline import load_parts

TEXT = "全市新建公园12座，累计建成86座。\n图书馆接待读者30万人次，外借图书41万册。\n"


def choice(group: str, *candidates: tuple[float, float, bool], answerable: bool = True) -> Choice:
    """Candidates by what two features say and whether they are right."""
    return Choice(
        group, answerable, tuple({"a": a, "b": b} for a, b, _ in candidates), tuple(r for *_, r in candidates)
    )


def a_decides(group: str) -> list[Choice]:
    right = [choice(group, (1.0, 0.0, True), (0.0, float(i % 2), False), (0.1, 1.0, False)) for i in range(20)]
    none = [choice(group, (0.0, 1.0, False), (0.1, 0.0, False), answerable=False) for _ in range(10)]
    return right + none


def test_the_feature_that_decides_gets_the_weight() -> None:
    weights = learn(a_decides("one"))
    assert weights["a"] > 5 * abs(weights["b"])
    assert 0.1 * weights["a"] < weights["none"] < weights["a"]


def test_held_out_tries_each_group_with_what_the_others_teach() -> None:
    trials = held_out(a_decides("one") + a_decides("two"))
    assert [(t.group, t.answerable, t.right, t.refused, t.unanswerable, t.rightly_refused) for t in trials] == [
        ("one", 20, 20, 0, 10, 10),
        ("two", 20, 20, 0, 10, 10),
    ]


def test_an_unanswerable_choice_that_is_answered_counts_against() -> None:
    trial = attempted([choice("one", (1.0, 0.0, False), answerable=False)], {"a": 1.0, "b": 0.0, "none": 0.5})
    assert (trial.unanswerable, trial.rightly_refused) == (1, 0)


def test_candidates_come_along_the_programs_own_path() -> None:
    report = as_report("parks", "", TEXT)
    evidence = (Evidence("全市新建公园12座，累计建成86座。"),)
    first = GoldQuestion("q1", "公园累计建成多少座？", "number", True, ("86座",), (("86",),), evidence)
    turn = GoldQuestion(
        "t1", "公园新建了多少座？", "turn", True, ("12座",), (("12",),), evidence, standalone="公园新建了多少座？"
    )
    gold = GoldSet("parks", "", (first,), (GoldDialogue("d1", (turn,)),))
    with index_of([report], Settings()) as settings:
        found = list(choices(gold, load_parts(settings)))
    assert [(c.group, c.right) for c in found] == [
        ("parks", (False, True)),
        ("parks", (True, False)),
    ]


def test_passages_are_chosen_from_where_no_figure_is_asked_for() -> None:
    text = "图书馆夜间开放，方便上班族。\n图书馆周末延长开放，方便上班族借书。\n公园栽树。\n学校招生。\n"
    report = as_report("parks", "", text)
    evidence = (Evidence("图书馆周末延长开放，方便上班族借书。"),)
    library = GoldQuestion("q1", "图书馆怎样方便上班族？", "how", True, ("延长开放",), (("延长",),), evidence)
    figure = GoldQuestion("q2", "图书馆有多少座？", "number", True, ("1座",), (("1",),), evidence)
    with index_of([report], Settings()) as settings:
        found = list(passages(GoldSet("parks", "", (library, figure)), load_parts(settings)))
    assert [sorted(c.right) for c in found] == [[0.0, 1.0]]
    right = found[0].features[found[0].right.index(1.0)]
    assert right["pieces"] == max(features["pieces"] for features in found[0].features)


def test_weights_are_written_by_name() -> None:
    assert written({"b": 1.0, "a": -0.123456, "none": 2.0}) == "a\t-0.1235\nb\t1\nnone\t2\n"


def test_equal_choices_teach_nothing() -> None:
    weights = learn([choice("one", (0.5, 0.5, True), (0.5, 0.5, False))])
    assert weights["a"] == pytest.approx(0.0, abs=1e-6)
